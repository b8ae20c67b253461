"""What intake does to the tables: customers found by contact, leads born, repeats attached, verdicts kept (A3, A4).

Everybody's leads are searched, whatever the sender may see (A4: also across dealers); the caller learns no more
than the verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import aliased

from leads.contracts import ProcessRef
from leads.ids import new_id
from leads.states import ENDED, RETURNABLE, Badge, Status, Verdict
from store.models import Customer, Lead, Submission
from store.session import Tx

_customers = Customer.__table__
_leads = Lead.__table__
_submissions = Submission.__table__

_SERIALISE = text(
    """
    SELECT pg_advisory_xact_lock(key) FROM (
        SELECT DISTINCT hashtextextended(contact, 0) AS key FROM unnest(CAST(:contacts AS text[])) AS contact ORDER BY 1
    ) AS ordered
    """
)


@dataclass(frozen=True, slots=True)
class Facts:
    """A submission as the readers understood it; ``raw`` is what the channel sent."""

    channel: str
    stated_at: datetime
    name: str | None
    phone: str | None
    wechat: str | None
    city: str | None
    region: str | None
    model: str | None
    budget_min: int | None
    budget_max: int | None
    horizon_days: int | None
    trade_in: bool
    test_drive_wish: bool
    raw: Mapping[str, Any]
    grade: str | None = None  # as a person stated it
    do_not_call: bool = False

    @property
    def contacts(self) -> tuple[str, ...]:
        """The keys under which this customer is known, the phone first."""
        return contact_keys(self.phone, self.wechat)


@dataclass(frozen=True, slots=True)
class Standing:
    """A known customer and the lead that one more submission of theirs belongs to, if any of theirs can take it."""

    customer_id: UUID
    lead_id: UUID | None = None
    status: Status | None = None
    life: int = 1

    @property
    def open(self) -> bool:
        return self.status is not None and self.status not in ENDED

    @property
    def returnable(self) -> bool:
        """Lost, invalid or archived: interest again brings it back as 激 (A16)."""
        return self.status in RETURNABLE


def contact_keys(phone: str | None, wechat: str | None) -> tuple[str, ...]:
    """One key a contact: ``phone:<E.164>``, ``wechat:<id in lower case>``."""
    keys = (phone and f"phone:{phone}", wechat and f"wechat:{wechat.lower()}")
    return tuple(key for key in keys if key)


async def serialise(tx: Tx, contacts: Iterable[str]) -> None:
    """Makes every other submission with one of these contacts wait until this transaction ends.

    Take these locks before any lead's row; they are taken in one order, so that two batches cannot deadlock.
    """
    await tx.session.execute(_SERIALISE, {"contacts": list(contacts)})


async def standings(tx: Tx, contacts: Sequence[str]) -> dict[str, Standing]:
    """For each known contact its customer's standing; the leads concerned are locked until the transaction ends.

    An open lead comes first, else the newest lost, invalid or archived one; a customer whose newest end is a sale
    has none: the next interest is a new lead.
    """
    phones = [contact.removeprefix("phone:") for contact in contacts if contact.startswith("phone:")]
    wechats = [contact.removeprefix("wechat:") for contact in contacts if contact.startswith("wechat:")]
    # An attached lead stands for the one that it was attached to.
    own = aliased(Lead)
    target = select(func.coalesce(own.attached_to, own.id)).where(own.customer_id == Customer.id).scalar_subquery()
    found = (
        await tx.session.execute(
            select(Customer.id, Customer.phone, Customer.wechat, Lead.id.label("lead_id"))
            .outerjoin(Lead, Lead.id.in_(target))
            .where(Customer.phone.in_(phones) | func.lower(Customer.wechat).in_(wechats))
            .order_by(Customer.created_at, Customer.id)
        )
    ).all()
    lead_ids = sorted({row.lead_id for row in found if row.lead_id is not None})
    locked = {row.id: row for row in await _lock_leads(tx, lead_ids)}
    by_customer: dict[UUID, list[Any]] = {}
    keys: dict[str, UUID] = {}
    for row in found:
        leads = by_customer.setdefault(row.id, [])
        if row.lead_id is not None:
            leads.append(locked[row.lead_id])
        for key in contact_keys(row.phone, row.wechat):
            keys.setdefault(key, row.id)
    standing = {customer_id: _standing(customer_id, leads) for customer_id, leads in by_customer.items()}
    return {key: standing[customer_id] for key, customer_id in keys.items()}


async def _lock_leads(tx: Tx, lead_ids: list[UUID]) -> Sequence[Any]:
    if not lead_ids:
        return ()
    columns = _leads.c
    return (
        await tx.session.execute(
            select(columns.id, columns.status, columns.life, columns.created_at)
            .where(columns.id.in_(lead_ids))
            .order_by(columns.id)
            .with_for_update(key_share=True)
        )
    ).all()


def _standing(customer_id: UUID, leads: list[Any]) -> Standing:
    newest_first = sorted(leads, key=lambda lead: (lead.created_at, lead.id), reverse=True)
    opened = [lead for lead in newest_first if lead.status not in ENDED]
    for lead in opened or newest_first[:1]:
        if opened or lead.status in RETURNABLE:
            return Standing(customer_id, lead.id, Status(lead.status), lead.life)
    return Standing(customer_id)


async def create_lead(tx: Tx, facts: Facts, process: ProcessRef, at: datetime, *, customer_id: UUID | None) -> Standing:
    """A new lead, of a customer known already or of a new one."""
    if customer_id is None:
        customer_id = new_id()
        await tx.session.execute(
            insert(_customers).values(
                id=customer_id,
                name=facts.name,
                phone=facts.phone,
                wechat=facts.wechat,
                city=facts.city,
                do_not_call=facts.do_not_call,
                created_at=at,
            )
        )
    else:
        await complete_customer(tx, customer_id, facts)
    lead_id = new_id()
    await tx.session.execute(
        insert(_leads).values(
            id=lead_id,
            customer_id=customer_id,
            channel=facts.channel,
            created_at=at,
            stated_at=facts.stated_at,
            model=facts.model,
            budget_min=facts.budget_min,
            budget_max=facts.budget_max,
            horizon_days=facts.horizon_days,
            city=facts.city,
            region=facts.region,
            trade_in=facts.trade_in,
            test_drive_wish=facts.test_drive_wish,
            grade=facts.grade,
            grade_reason="stated" if facts.grade else None,
            graded_at=at if facts.grade else None,
            raw=dict(facts.raw),
            closing={},
            place=[],
            process_key=process.key,
            process_version=process.version,
            process_sha256=process.sha256,
        )
    )
    return Standing(customer_id, lead_id, Status.NEW)


async def complete_customer(tx: Tx, customer_id: UUID, facts: Facts) -> None:
    """Fills what was not known of a customer; what is known stays (edits go through the customer's own address)."""
    columns = _customers.c
    await tx.session.execute(
        update(_customers)
        .where(columns.id == customer_id)
        .values(
            name=func.coalesce(columns.name, facts.name),
            phone=func.coalesce(columns.phone, facts.phone),
            wechat=func.coalesce(columns.wechat, facts.wechat),
            city=func.coalesce(columns.city, facts.city),
        )
    )


async def mark_repeated(tx: Tx, lead_id: UUID) -> None:
    """Badges the lead 重: a duplicate of it came in (A4)."""
    columns = _leads.c
    await tx.session.execute(
        update(_leads)
        .where(columns.id == lead_id, ~columns.badges.contains([Badge.DUPLICATE.value]))
        .values(badges=func.array_append(columns.badges, Badge.DUPLICATE.value))
    )


async def bring_back(tx: Tx, lead_id: UUID) -> int:
    """Opens an ended lead again for one more life (激, A16) and returns the count of its lives.

    The status moves here and now: a second submission in the same minute must find the lead open.
    """
    columns = _leads.c
    life = await tx.session.scalar(
        update(_leads)
        .where(columns.id == lead_id)
        .values(
            status=Status.QUALIFYING,
            life=columns.life + 1,
            ended_at=None,
            closing={},
            badges=func.array_append(
                func.array_remove(columns.badges, Badge.REACTIVATED.value), Badge.REACTIVATED.value
            ),
        )
        .returning(columns.life)
    )
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
) -> UUID:
    """Every inbound record is kept with its verdict: net leads are counted from here (E1)."""
    submission_id = new_id()
    await tx.session.execute(
        insert(_submissions).values(
            id=submission_id,
            lead_id=lead_id,
            channel=channel,
            received_at=at,
            verdict=verdict,
            reasons=[dict(reason) for reason in reasons],
            raw=dict(raw),
        )
    )
    return submission_id
