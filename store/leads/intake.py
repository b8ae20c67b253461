"""What intake does to the tables: customers found by contact, repeats attached, verdicts kept (A3,
A4).

Everybody's leads are searched, whatever the sender may see (A4: also across dealers); the caller
learns no more than the verdict. New leads are written by ``store.leads.births``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, insert, literal, select, text, true, update

from cases.contracts import ProcessRef
from cases.ids import new_id
from cases.states import ENDED, RETURNABLE, Badge, Status, Verdict
from store.models import Case, Lead, ProcessDefinition, Submission
from store.session import Tx
from store.tables import table_versions

_cases = Case.__table__
_leads = Lead.__table__
_INSERT_SUBMISSION = insert(Submission.__table__)

_SERIALISE = text(
    """
    SELECT pg_advisory_xact_lock(key) FROM (
        SELECT DISTINCT hashtextextended(contact, 0) AS key FROM unnest(CAST(:contacts AS text[])) AS contact ORDER BY 1
    ) AS ordered
    """
)

# An attached lead stands for the one at the end of its chain.
_KNOWN = text(
    """
    WITH RECURSIVE known AS (
        SELECT c.id, c.phone, c.wechat, c.further, c.created_at, l.id AS own, l.attached_to
        FROM customers c LEFT JOIN whole_leads l ON l.customer_id = c.id
        WHERE c.phone = ANY(CAST(:phones AS text[])) OR lower(c.wechat) = ANY(CAST(:wechats AS text[]))
           OR c.further && CAST(:contacts AS text[])
    ), chain AS (
        SELECT own, own AS lead_id, attached_to FROM known WHERE own IS NOT NULL
        UNION SELECT chain.own, l.id, l.attached_to FROM chain JOIN leads l ON l.id = chain.attached_to
    )
    SELECT known.id, known.phone, known.wechat, known.further, known.own, chain.lead_id
    FROM known LEFT JOIN chain ON chain.own = known.own AND chain.attached_to IS NULL
    ORDER BY known.created_at, known.id
    """
)

_TAKEN = text(
    """
    SELECT s.lead_id, s.fingerprint, s.stated_at, s.received_at, l.status, s.channel, s.external_id
    FROM submissions s JOIN cases l ON l.id = s.lead_id
    WHERE s.fingerprint = ANY(CAST(:prints AS text[]))
    UNION ALL
    SELECT s.lead_id, s.fingerprint, s.stated_at, s.received_at, l.status, s.channel, s.external_id
    FROM submissions s JOIN cases l ON l.id = s.lead_id
    WHERE s.lead_id = ANY(CAST(:leads AS uuid[])) AND s.stated_at = ANY(CAST(:instants AS timestamptz[]))
    UNION ALL
    SELECT s.lead_id, s.fingerprint, s.stated_at, s.received_at, l.status, s.channel, s.external_id
    FROM submissions s JOIN cases l ON l.id = s.lead_id
    WHERE (s.external_id, s.channel) IN (SELECT * FROM unnest(CAST(:ids AS text[]), CAST(:channels AS text[])))
    """
)

_LOCK_LEADS = text(
    """
    SELECT c.id, c.status, c.life, c.opened_at AS created_at, c.ended_at FROM cases c JOIN leads l ON l.id = c.id
    WHERE c.id = ANY(CAST(:ids AS uuid[])) ORDER BY c.id FOR NO KEY UPDATE
    """
)

_processes = ProcessDefinition.__table__.c
_newest = (
    select(_processes.key, _processes.version, _processes.sha256)
    .where(_processes.key == bindparam("key"))
    .order_by(_processes.version.desc())
    .limit(1)
    .subquery("newest")
)
_DEPLOYED = select(table_versions.changes().label("tables"), _newest).select_from(
    select(literal(1)).subquery("one").outerjoin(_newest, true())
)


@dataclass(frozen=True, slots=True)
class Deployed:
    """What the door goes by: the newest version of the process, and the tables' change number."""

    process: ProcessRef | None
    tables: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A known customer and the lead that one more submission of theirs belongs to, if any of theirs
    can take it."""

    customer_id: UUID
    lead_id: UUID | None = None
    status: Status | None = None
    life: int = 1
    ended: UUID | None = None
    """The newest lead if all have ended, also one that was won."""
    ended_at: datetime | None = None
    leads: frozenset[UUID] = frozenset()
    """All of theirs, with those that they were attached to."""

    @property
    def open(self) -> bool:
        return self.status is not None and self.status not in ENDED

    @property
    def returnable(self) -> bool:
        """Lost, invalid or archived: interest again brings it back as 激 (A16)."""
        return self.status in RETURNABLE


External = tuple[str, str]
"""A channel's own id of a submission, and the channel."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A submission that is there already. ``open``: the lead that it belongs to has not ended."""

    lead_id: UUID
    fingerprint: str | None
    stated_at: datetime | None
    received_at: datetime
    open: bool
    external: External | None = None


def contact_keys(phone: str | None, wechat: str | None) -> tuple[str, ...]:
    """One key a contact, the phone first: ``phone:<E.164>``, ``wechat:<id in lower case>``."""
    keys = (phone and f"phone:{phone}", wechat and f"wechat:{wechat.lower()}")
    return tuple(key for key in keys if key)


async def deployed(tx: Tx, key: str) -> Deployed:
    """The newest version of a process and the tables' change number, in one small query."""
    row = (await tx.session.execute(_DEPLOYED, {"key": key})).one()
    return Deployed(None if row.key is None else ProcessRef(row.key, row.version, row.sha256), row.tables)


async def serialise(tx: Tx, contacts: Iterable[str]) -> None:
    """Makes every other submission with one of these contacts wait until this transaction ends.

    Take these locks before any lead's row; they are taken in one order, so that two batches cannot
    deadlock.
    """
    await tx.session.execute(_SERIALISE, {"contacts": list(contacts)})


async def standings(tx: Tx, contacts: Sequence[str]) -> dict[str, Standing]:
    """For each known contact its customer's standing; the leads concerned are locked until the
    transaction ends.

    An open lead comes first, else the newest lost, invalid or archived one; a customer whose newest
    end is a sale has none: the next interest is a new lead.
    """
    phones = [contact.removeprefix("phone:") for contact in contacts if contact.startswith("phone:")]
    wechats = [contact.removeprefix("wechat:") for contact in contacts if contact.startswith("wechat:")]
    found = (await tx.session.execute(_KNOWN, {"phones": phones, "wechats": wechats, "contacts": list(contacts)})).all()
    # All of theirs: with the customer each of them changes (``updated_at``).
    lead_ids = {one for row in found for one in (row.own, row.lead_id) if one is not None}
    locked: dict[UUID, Any] = {}
    if lead_ids:
        rows = await tx.session.execute(_LOCK_LEADS, {"ids": sorted(lead_ids)})
        locked = {row.id: row for row in rows}
    leads: dict[UUID, list[Any]] = {}
    every: dict[UUID, set[UUID]] = {}
    keys: dict[str, UUID] = {}
    for row in found:
        own = leads.setdefault(row.id, [])
        every.setdefault(row.id, set()).update({row.own, row.lead_id} - {None})
        if row.lead_id in locked:
            own.append(locked[row.lead_id])
        for key in contact_keys(row.phone, row.wechat):
            keys.setdefault(key, row.id)
    for row in found:
        for key in set(row.further) & set(contacts):
            keys.setdefault(key, row.id)
    standing = {
        customer_id: replace(_standing(customer_id, own), leads=frozenset(every[customer_id]))
        for customer_id, own in leads.items()
    }
    return {key: standing[customer_id] for key, customer_id in keys.items()}


def _standing(customer_id: UUID, leads: list[Any]) -> Standing:
    newest_first = sorted(leads, key=lambda lead: (lead.created_at, lead.id), reverse=True)
    opened = [lead for lead in newest_first if lead.status not in ENDED]
    if opened:
        return Standing(customer_id, opened[0].id, Status(opened[0].status), opened[0].life)
    ended = next((lead for lead in newest_first if lead.status != Status.ERASED), None)
    if ended is None:
        return Standing(customer_id)
    last = Standing(customer_id, ended=ended.id, ended_at=ended.ended_at)
    if newest_first[0].status in RETURNABLE:
        return replace(last, lead_id=ended.id, status=Status(ended.status), life=ended.life)
    return last


async def taken(
    tx: Tx, prints: Sequence[str], leads: Iterable[UUID], instants: Sequence[datetime], externals: Sequence[External]
) -> tuple[Taken, ...]:
    """The submissions that have one of the fingerprints or of the channels' own ids, or that belong
    to one of the leads and were left at one of the instants; refused ones have no lead and do not
    count. Call it under the locks of their contacts and ids."""
    found = await tx.session.execute(
        _TAKEN,
        {
            "prints": list(prints),
            "leads": list(leads),
            "instants": list(instants),
            "ids": [external_id for external_id, _ in externals],
            "channels": [channel for _, channel in externals],
        },
    )
    return tuple(
        Taken(
            row.lead_id,
            row.fingerprint,
            row.stated_at,
            row.received_at,
            row.status not in ENDED,
            (row.external_id, row.channel) if row.external_id else None,
        )
        for row in found
    )


async def mark_repeated(tx: Tx, lead_id: UUID) -> None:
    """Badges the lead 重: a duplicate of it came in (A4)."""
    columns = _leads.c
    await tx.session.execute(
        update(_leads)
        .where(columns.id == lead_id, ~columns.badges.contains([Badge.DUPLICATE.value]))
        .values(badges=func.array_append(columns.badges, Badge.DUPLICATE.value))
    )


async def suspect(tx: Tx, lead_id: UUID, other: UUID) -> None:
    """Keeps on the lead that the other one, of another customer, may be the same person's: a person
    has to look."""
    columns = _leads.c
    await tx.session.execute(
        update(_leads)
        .where(columns.id == lead_id, ~columns.suspects.contains([str(other)]))
        .values(suspects=columns.suspects.op("||")(literal([str(other)], columns.suspects.type)))
    )


async def bring_back(tx: Tx, lead_id: UUID) -> int:
    """Opens an ended lead again for one more life (激, A16) and returns the count of its lives.

    The status moves here and now: a second submission in the same minute must find the lead open.
    """
    columns = _leads.c
    badges = func.array_append(func.array_remove(columns.badges, Badge.REACTIVATED.value), Badge.REACTIVATED.value)
    life = await tx.session.scalar(
        update(_cases)
        .where(_cases.c.id == lead_id)
        .values(status=Status.QUALIFYING, life=_cases.c.life + 1, ended_at=None, settled_at=None)
        .returning(_cases.c.life)
    )
    await tx.session.execute(update(_leads).where(columns.id == lead_id).values(closing={}, badges=badges))
    return int(life or 0)


async def keep_submission(
    tx: Tx,
    *,
    lead_id: UUID | None,
    channel: str | None,
    at: datetime,
    verdict: Verdict,
    reasons: Sequence[Mapping[str, Any]],
    raw: Mapping[str, Any],
    submission_id: UUID | None = None,
    stated_at: datetime | None = None,
    fingerprint: str | None = None,
    campaign: str | None = None,
    external_id: str | None = None,
    trace: str | None = None,
) -> None:
    """Every inbound record is kept with its verdict: net leads are counted from here (E1).
    ``trace``: where an erasure finds a contact in one that belongs to no lead
    (``domain.cleaning.trace``)."""
    await tx.session.execute(
        _INSERT_SUBMISSION,
        {
            "id": submission_id or new_id(),
            "lead_id": lead_id,
            "channel": channel,
            "received_at": at,
            "verdict": verdict.value,
            "reasons": [dict(reason) for reason in reasons],
            "stated_at": stated_at,
            "fingerprint": fingerprint,
            "campaign": campaign,
            "external_id": external_id,
            "raw": dict(raw),
            "trace": trace,
        },
    )
