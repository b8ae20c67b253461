"""What people's statements write: follow-ups, contracts, customer facts, claims counted, erasure
(A8, A13, A17, F3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from cases.ids import new_id
from cases.kind import Emptied
from cases.states import TaskStatus
from store.engine import case_words, vehicles
from store.leads import erasure
from store.models import (
    Assignment,
    Case,
    Contract,
    Customer,
    FollowUp,
    Lead,
    Task,
)
from store.session import Tx

_cases = Case.__table__
_leads = Lead.__table__
_customers = Customer.__table__
_assignments = Assignment.__table__
_follow_ups = FollowUp.__table__
_tasks = Task.__table__


@dataclass(frozen=True, slots=True)
class FormerTask:
    """A task that somebody had and lost: why (``status``), to whom, when."""

    id: UUID
    kind: str
    status: str
    closed_at: datetime | None
    closed_because: dict[str, Any]


async def write_follow_up(
    tx: Tx,
    lead_id: UUID,
    *,
    task_id: UUID | None,
    by_id: UUID,
    at: datetime,
    channel: str,
    outcome: str,
    content: str = "",
    answer: str = "",
    stage: str | None = None,
    grade: str | None = None,
    next_at: datetime | None = None,
    late: bool = False,
    counts: str = "yes",
) -> UUID:
    """Writes one contact with the customer into the history (跟进记录, A8)."""
    follow_up_id = new_id()
    await tx.session.execute(
        insert(_follow_ups).values(
            id=follow_up_id,
            lead_id=lead_id,
            task_id=task_id,
            by_id=by_id,
            at=at,
            channel=channel,
            outcome=outcome,
            stage=stage,
            grade=grade,
            next_at=next_at,
            late=late,
            counts=counts,
        )
    )
    await case_words.write(tx, lead_id, at, {"content": content, "answer": answer}, follow_up_id)
    return follow_up_id


async def write_contract(
    tx: Tx,
    lead_id: UUID,
    *,
    number: str,
    model: str,
    price: int,
    payment: str,
    deposit: int,
    purchase_on: datetime | None,
    signed_at: datetime,
    by_id: UUID,
) -> bool:
    """Records a contract (A13), money in yuan; False when one that stands has its number
    already."""
    written = await tx.session.execute(
        upsert(Contract.__table__)
        .values(
            id=new_id(),
            lead_id=lead_id,
            number=number,
            model=model,
            price=price,
            payment=payment,
            deposit=deposit,
            purchase_on=purchase_on,
            signed_at=signed_at,
            by_id=by_id,
        )
        .on_conflict_do_nothing(index_elements=["number"], index_where=Contract.__table__.c.cancelled_at.is_(None))
        .returning(Contract.__table__.c.id)
    )
    return written.first() is not None


async def former_task(tx: Tx, lead_id: UUID, staff_id: UUID) -> FormerTask | None:
    """The last task of this lead that was taken from this person, by the ladder or by a
    supervisor."""
    columns = _tasks.c
    row = (
        await tx.session.execute(
            select(columns.id, columns.kind, columns.status, columns.closed_at, columns.closed_because)
            .where(
                columns.case_id == lead_id,
                columns.owner_id == staff_id,
                columns.status.in_([TaskStatus.HANDED_OVER, TaskStatus.REASSIGNED]),
            )
            .order_by(columns.closed_at.desc())
            .limit(1)
        )
    ).one_or_none()
    return None if row is None else FormerTask(*row)


async def change_customer(tx: Tx, customer_id: UUID, changes: Mapping[str, Any]) -> None:
    """Sets columns of the customer; nothing to set is fine."""
    if changes:
        await tx.session.execute(update(_customers).where(_customers.c.id == customer_id).values(**changes))


async def contact_taken(tx: Tx, customer_id: UUID, phone: str | None, wechat: str | None) -> bool:
    """Whether another customer has this phone number or WeChat id."""
    columns = _customers.c
    same = [columns.phone == phone] if phone else []
    same += [func.lower(columns.wechat) == wechat.lower()] if wechat else []
    same += [columns.further.overlap([f"phone:{phone}"])] if phone else []
    same += [columns.further.overlap([f"wechat:{wechat.lower()}"])] if wechat else []
    if not same:
        return False
    query = select(columns.id).where(columns.id != customer_id, or_(*same)).limit(1)
    return (await tx.session.execute(query)).first() is not None


async def claims_since(tx: Tx, staff_id: UUID, since: datetime) -> int:
    """How many leads this person has claimed from pools since an instant (A17)."""
    columns = _assignments.c
    query = select(func.count()).where(columns.staff_id == staff_id, columns.kind == "claim", columns.at > since)
    return int(await tx.session.scalar(query) or 0)


async def was_claimed(tx: Tx, lead_id: UUID) -> bool:
    """Whether the lead's last change of hands was a claim."""
    columns = _assignments.c
    query = select(columns.kind).where(columns.lead_id == lead_id).order_by(columns.at.desc(), columns.id.desc())
    return await tx.session.scalar(query.limit(1)) == "claim"


async def lost_this_lead_at(tx: Tx, lead_id: UUID, staff_id: UUID) -> datetime | None:
    """When this person last had the lead taken away (for the pool's cool-down); None for never."""
    columns = _assignments.c
    return await tx.session.scalar(
        select(func.max(columns.at)).where(columns.lead_id == lead_id, columns.previous_staff_id == staff_id)
    )


async def leads_of_customer(tx: Tx, customer_id: UUID) -> tuple[UUID, ...]:
    """All leads of a customer, locked in the order of their ids until the transaction ends."""
    return await leads_of_customers(tx, [customer_id])


async def leads_of_customers(tx: Tx, customers: Sequence[UUID]) -> tuple[UUID, ...]:
    """All leads of these customers, locked in the order of their ids until the transaction ends."""
    columns = _leads.c
    query = (
        select(columns.id)
        .select_from(_cases.join(_leads, columns.id == _cases.c.id))
        .where(_cases.c.customer_id.in_(customers))
        .order_by(columns.id)
        .with_for_update(key_share=True)
    )
    return tuple((await tx.session.execute(query)).scalars())


async def hold_leads(tx: Tx, customer_id: UUID | None) -> None:
    """Locks all leads of a customer who is about to be changed: with the customer each of them
    changes (``updated_at``), and in another order two people would wait for each other. Nobody's
    are none."""
    if customer_id is not None:
        await leads_of_customer(tx, customer_id)


async def customer_of(tx: Tx, lead_id: UUID) -> UUID | None:
    """The customer of a lead; None when there is no such lead."""
    return await tx.session.scalar(select(_cases.c.customer_id).where(_cases.c.id == lead_id))


async def is_erased(tx: Tx, customer_id: UUID) -> bool:
    """Whether the customer asked to be forgotten."""
    return await tx.session.scalar(select(_customers.c.erased_at).where(_customers.c.id == customer_id)) is not None


_NOBODY: dict[str, Any] = dict.fromkeys(("name", "phone", "wechat", "city", "email", "gender", "company", "call_said"))
_NOBODY |= {"labels": [], "further": []}


async def forget_customer(tx: Tx, customer_id: UUID, at: datetime, erased: Iterable[Emptied]) -> None:
    """Blanks all that is personal about a customer: their own row, what was written about their
    cases, and what kinds of case declare (``Kind.erased``). Numbers stay countable."""
    await tx.session.execute(update(_customers).where(_customers.c.id == customer_id).values(**_NOBODY, erased_at=at))
    await erasure.empty(tx, customer_id, erased)
    await case_words.forget(tx, customer_id)
    await vehicles.forget(tx, customer_id)
