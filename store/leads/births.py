"""New leads with all that belongs to their first instant, written in one round trip however many
they are.

A lead is born with its customer, its submission, the decision that let it in, the first line of its
history and the message that starts its process: row by row through the repositories that would be
six round trips each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, DateTime, Integer, Text, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from cases.contracts import ProcessRef
from cases.ids import new_id
from cases.lead_facts import PLAIN, Fact, Reads
from cases.states import CaseKind, Lamp, MessageKind, Status, Verdict
from store.models import Lead
from store.session import Tx

_PLAIN = {fact.column: Lead.__table__.c[fact.column].type for fact in PLAIN}


@dataclass(frozen=True, slots=True)
class Facts:
    """A submission as the readers understood it; ``raw`` is what the channel sent."""

    channel: str
    stated_at: datetime
    name: str | None
    phone: str | None
    wechat: str | None
    province: str | None
    city: str | None
    district: str | None
    place_code: str | None
    region: str | None
    model: str | None
    budget_min: int | None
    budget_max: int | None
    horizon_days: int | None
    raw: Mapping[str, Any]
    plain: Mapping[str, Any] = field(default_factory=dict[str, Any])  # by column; None: nothing was said of it
    grade: str | None = None  # as a person stated it
    do_not_call: bool = False  # this and what follows: store.leads.customers.hear_call_wish
    may_call: bool = False  # takes back what was refused before
    call_hours: tuple[str, ...] = ()
    call_said: str | None = None  # the words of the three
    said_at: datetime | None = None  # stated_at, if the channel gave it
    fingerprint: str | None = None
    dealer_id: UUID | None = None  # named by the submission, and so is the consultant there
    consultant_id: UUID | None = None
    unread: Sequence[Mapping[str, str]] = ()
    email: str | None = None
    gender: str | None = None
    company: str | None = None
    campaign: str | None = None
    external_id: str | None = None  # the channel's own id of the submission
    utm: Mapping[str, str] = field(default_factory=dict[str, str])
    consents: Sequence[Mapping[str, Any]] = ()

    def said(self, column: str) -> Any:
        """What was said for a column of the lead."""
        return self.plain.get(column) if column in _PLAIN else getattr(self, column)


@dataclass(frozen=True, slots=True)
class Birth:
    """A lead to be: of a customer known already, or (``new_customer``) of one that is born with
    it."""

    facts: Facts
    process: ProcessRef
    customer_id: UUID
    new_customer: bool
    table: str
    version: int
    inputs: Mapping[str, Any]
    matched: Sequence[str]
    result: Mapping[str, Any]
    suspects: Sequence[UUID] = ()
    proves: bool = True  # nobody else is reached by its number
    lead_id: UUID = field(default_factory=new_id)


_COLUMNS: dict[str, Any] = {
    "lead_id": Uuid(),
    "customer_id": Uuid(),
    "submission_id": Uuid(),
    "decision_id": Uuid(),
    "line_id": Uuid(),
    "author_id": Uuid(),
    "new_customer": Boolean(),
    "at": DateTime(timezone=True),
    "stated_at": DateTime(timezone=True),
    "graded_at": DateTime(timezone=True),
    "budget_min": Integer(),
    "budget_max": Integer(),
    "horizon_days": Integer(),
    "process_version": Integer(),
    "version": Integer(),
    "said_at": DateTime(timezone=True),
    "raw": JSONB(),
    "unread": JSONB(),
    "suspects": JSONB(),
    "utm": JSONB(),
    "consents": JSONB(),
    "inputs": JSONB(),
    "matched": JSONB(),
    "result": JSONB(),
    "line": JSONB(),
} | dict.fromkeys(
    (
        "channel",
        "name",
        "phone",
        "wechat",
        "province",
        "city",
        "district",
        "place_code",
        "region",
        "model",
        "grade",
        "grade_reason",
        "process_key",
        "process_sha256",
        "table",
        "actor",
        "fingerprint",
        "email",
        "gender",
        "company",
        "campaign",
        "external_id",
    ),
    Text(),
)

_BEAR = text(
    f"""
    WITH newcomer AS (
        INSERT INTO customers (id, name, phone, wechat, city, email, gender, company, do_not_call, created_at)
        SELECT :customer_id, :name, :phone, :wechat, :city, :email, :gender, :company, false, :at WHERE :new_customer
    ), opened AS (
        INSERT INTO cases (id, kind, customer_id, region, status, level, lamp, opened_at, life,
                           process_key, process_version, process_sha256, place, message_seq)
        VALUES (:lead_id, '{CaseKind.LEAD}', :customer_id, :region, '{Status.NEW}', :grade, '{Lamp.GREEN}', :at, 1,
                :process_key, :process_version, :process_sha256, '[]', 1)
    ), born AS (
        INSERT INTO leads (id, channel, stated_at, model, budget_min, budget_max,
                           horizon_days, province, city, district, place_code,
                           {"".join(f"{column}, " for column in _PLAIN)}raw, grade_reason,
                           graded_at, badges, closing, unread, suspects, campaign,
                           external_id, utm, consents, author_id)
        VALUES (:lead_id, :channel, :stated_at, :model, :budget_min, :budget_max,
                :horizon_days, :province, :city, :district, :place_code,
                {"".join(f":{column}, " for column in _PLAIN)}:raw, :grade_reason,
                :graded_at, '{{}}', '{{}}', :unread, :suspects, :campaign,
                :external_id, :utm, :consents, :author_id)
    ), submitted AS (
        INSERT INTO submissions (id, lead_id, channel, received_at, verdict, reasons, stated_at, fingerprint, raw,
                                 campaign, external_id)
        VALUES (:submission_id, :lead_id, :channel, :at, '{Verdict.CREATED}', :unread, :said_at, :fingerprint, :raw,
                :campaign, :external_id)
    ), content AS (
        SELECT decision_content(NULL, :table, :version, :inputs, :matched, :result) AS id
    ), said AS (
        INSERT INTO decision_contents (id, key, version, inputs, matched, result)
        SELECT id, :table, :version, :inputs, :matched, :result FROM content ON CONFLICT (id) DO NOTHING
    ), decided AS (
        INSERT INTO decided (id, case_id, content, at, key)
        SELECT :decision_id, :lead_id, id, :at, :table FROM content
    ), noted AS (
        INSERT INTO timeline (id, case_id, at, actor, code, element, data)
        VALUES (:line_id, :lead_id, :at, :actor, 'lead_created', NULL, :line)
    ), told AS (
        INSERT INTO outbox (case_id, seq, kind, at, data, attempts)
        VALUES (:lead_id, 1, '{MessageKind.LEAD_CREATED}', :at, '{{}}', 0)
    )
    SELECT pg_notify('baton_outbox', '')
    """
).bindparams(*(bindparam(name, type_=kind) for name, kind in (_COLUMNS | _PLAIN).items()))


async def bear(tx: Tx, births: Sequence[Birth], at: datetime) -> None:
    """Writes the leads; each one's process is told that it exists (message 1)."""
    if births:
        await tx.session.execute(_BEAR, [_row(tx, birth, at) for birth in births])


def _row(tx: Tx, birth: Birth, at: datetime) -> dict[str, Any]:
    facts = birth.facts
    stated = facts.grade is not None
    return {
        "lead_id": birth.lead_id,
        "customer_id": birth.customer_id,
        "new_customer": birth.new_customer,
        "submission_id": new_id(),
        "decision_id": new_id(),
        "line_id": new_id(),
        "at": at,
        "actor": str(tx.actor),
        "author_id": UUID(tx.actor.id) if tx.actor.kind == "staff" else None,
        "channel": facts.channel,
        "stated_at": facts.stated_at,
        "name": facts.name,
        "phone": facts.phone,
        "wechat": facts.wechat,
        "province": facts.province,
        "city": facts.city,
        "district": facts.district,
        "place_code": facts.place_code,
        "region": facts.region,
        "model": facts.model,
        "budget_min": facts.budget_min,
        "budget_max": facts.budget_max,
        "horizon_days": facts.horizon_days,
        **{fact.column: _stored(fact, facts.plain.get(fact.column)) for fact in PLAIN},
        "said_at": facts.said_at,
        "fingerprint": facts.fingerprint,
        "raw": dict(facts.raw),
        "unread": [dict(one) for one in facts.unread],
        "suspects": [str(one) for one in birth.suspects],
        "email": facts.email,
        "gender": facts.gender,
        "company": facts.company,
        "campaign": facts.campaign,
        "external_id": facts.external_id,
        "utm": dict(facts.utm),
        "consents": [dict(one) for one in facts.consents],
        "grade": facts.grade,
        "grade_reason": "stated" if stated else None,
        "graded_at": at if stated else None,
        "process_key": birth.process.key,
        "process_version": birth.process.version,
        "process_sha256": birth.process.sha256,
        "table": birth.table,
        "version": birth.version,
        "inputs": dict(birth.inputs),
        "matched": list(birth.matched),
        "result": dict(birth.result),
        "line": {"channel": facts.channel},
    }


def _stored(fact: Fact, said: Any) -> Any:
    return bool(said) if fact.reads is Reads.FLAG else said
