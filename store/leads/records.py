"""What was written down about one lead: contacts with the customer, contracts, corrections.
People's own words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, Select, Text, cast, func, or_, select

from cases.stated import CancelReason, ContactWay, Counts, IncentiveKind, Payment, UndoStatement, WrongWinReason
from cases.states import Grade, Stage, TaskOutcome, word, word_if_any
from store.engine.case_words import written
from store.leads import sales
from store.leads.views import Named, named
from store.listing import Order, Rows, Window, part
from store.models import Contract, CustomerEdit, FollowUp, IncentiveEntry, Staff
from store.session import Tx


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """One contact with the customer; ``content`` and ``answer`` are empty after erasure. Personal
    data."""

    id: UUID
    at: datetime
    by: Named | None
    channel: ContactWay
    content: str
    answer: str
    outcome: TaskOutcome
    stage: Stage | None
    grade: Grade | None
    next_at: datetime | None
    late: bool
    counts: Counts
    task_id: UUID | None


@dataclass(frozen=True, slots=True)
class IncentiveLine:
    """What the consultant gets for a sale (``accrued``), or the counter entry of one that was
    undone (``reversed``). Yuan."""

    kind: IncentiveKind
    amount: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ContractLine:
    """One contract; money in yuan. ``price_tier`` and ``incentive`` follow from the price, by
    table.

    ``purchase_on`` is the later day agreed last, ``firmed_at`` when the customer said that it
    holds. One that was undone stays: ``cancelled_as`` is ``cancel_order`` if the customer withdrew,
    ``wrong_win`` if it was no sale. ``incentive_entries`` are what was entered for it, oldest
    first; their sum is what remains.
    """

    id: UUID
    number: str
    signed_at: datetime
    by: Named | None
    model: str
    price: int
    payment: Payment
    deposit: int
    purchase_on: datetime | None
    firmed_at: datetime | None
    price_tier: str | None
    incentive: int | None
    cancelled_at: datetime | None
    cancelled_as: UndoStatement | None
    cancel_reason: CancelReason | WrongWinReason | None
    incentive_entries: tuple[IncentiveLine, ...] = ()


@dataclass(frozen=True, slots=True)
class EditLine:
    """One field that was corrected. ``of``: the customer's own, or this lead's; ``by`` is None for
    a channel or the process. After erasure only that is left. Personal data."""

    number: int
    at: datetime
    by: Named | None
    of: Literal["customer", "lead"]
    field: str
    before: Any
    after: Any


_follow_ups, _contracts, _incentive_entries, _edits, _staff = (
    FollowUp.__table__,
    Contract.__table__,
    IncentiveEntry.__table__,
    CustomerEdit.__table__,
    Staff.__table__,
)

_FOLLOW_UP = [name for name in FollowUpLine.__dataclass_fields__ if name != "by"]
_EDIT = ["number", "at", "field", "before", "after"]

FOLLOW_UPS = Order("follow_ups", (_follow_ups.c.at, _follow_ups.c.id))
CONTRACTS = Order("contracts", (_contracts.c.signed_at, _contracts.c.id))
EDITS = Order("edits", (_edits.c.number,))


async def follow_ups(tx: Tx, lead_id: UUID, window: Window) -> Rows[FollowUpLine]:
    """Contacts with the customer, oldest first."""
    return await part(tx, _follow_ups_of(lead_id), FOLLOW_UPS, window, _follow_up)


async def follow_ups_at(tx: Tx, lead_id: UUID, instants: Collection[datetime]) -> tuple[FollowUpLine, ...]:
    """The contacts of these instants, in the order of writing."""
    query = _follow_ups_of(lead_id).where(_follow_ups.c.at.in_(instants)).order_by(_follow_ups.c.id)
    return tuple(_follow_up(row) for row in await tx.session.execute(query))


def _follow_ups_of(lead_id: UUID) -> Select[Any]:
    columns = (
        written(_follow_ups.c.id, name) if name in ("content", "answer") else _follow_ups.c[name] for name in _FOLLOW_UP
    )
    return (
        select(*columns, _staff.c.code.label("by_code"), _staff.c.name.label("by_name"))
        .outerjoin(_staff, _staff.c.id == _follow_ups.c.by_id)
        .where(_follow_ups.c.lead_id == lead_id)
    )


def _follow_up(row: Row[Any]) -> FollowUpLine:
    words = {
        "channel": word(ContactWay, row.channel),
        "outcome": word(TaskOutcome, row.outcome),
        "stage": word_if_any(Stage, row.stage),
        "grade": word_if_any(Grade, row.grade),
        "counts": word(Counts, row.counts),
    }
    return FollowUpLine(**_with_maker(row, _FOLLOW_UP) | words)


async def contracts(tx: Tx, lead_id: UUID, window: Window) -> Rows[ContractLine]:
    """Contracts, oldest first."""
    names = [name for name in ContractLine.__dataclass_fields__ if name not in ("by", "incentive_entries")]
    query = (
        select(*(_contracts.c[name] for name in names), _staff.c.code.label("by_code"), _staff.c.name.label("by_name"))
        .outerjoin(_staff, _staff.c.id == _contracts.c.by_id)
        .where(_contracts.c.lead_id == lead_id)
    )
    found = await part(
        tx, query, CONTRACTS, window, lambda row: ContractLine(**_with_maker(row, names) | sales.in_words(row))
    )
    entered = await _incentives(tx, [one.id for one in found.items])
    return replace(found, items=tuple(replace(one, incentive_entries=tuple(entered[one.id])) for one in found.items))


async def _incentives(tx: Tx, contract_ids: Collection[UUID]) -> Mapping[UUID, list[IncentiveLine]]:
    entered: defaultdict[UUID, list[IncentiveLine]] = defaultdict(list)
    c = _incentive_entries.c
    query = select(c.contract_id, c.kind, c.amount, c.at).where(c.contract_id.in_(contract_ids)).order_by(c.at, c.id)
    for row in await tx.session.execute(query):
        entered[row.contract_id].append(IncentiveLine(word(IncentiveKind, row.kind), row.amount, row.at))
    return entered


async def edits(tx: Tx, customer_id: UUID, lead_id: UUID, window: Window) -> Rows[EditLine]:
    """Corrections of the customer's data and of this lead's facts, oldest first."""
    return await part(tx, _edits_of(customer_id, lead_id), EDITS, window, _edit)


async def edits_at(
    tx: Tx, customer_id: UUID, lead_id: UUID, instants: Collection[datetime]
) -> tuple[tuple[str, EditLine], ...]:
    """The corrections of these instants, in the order of writing, each behind the actor that made
    it."""
    query = _edits_of(customer_id, lead_id).where(_edits.c.at.in_(instants)).order_by(_edits.c.number)
    return tuple((row.by, _edit(row)) for row in await tx.session.execute(query))


def _edits_of(customer_id: UUID, lead_id: UUID) -> Select[Any]:
    c = _edits.c
    maker = cast(_staff.c.id, Text) == func.replace(c.by, "staff:", "")
    return (
        select(
            *(c[name] for name in _EDIT),
            c.lead_id,
            c.by,
            _staff.c.code.label("by_code"),
            _staff.c.name.label("by_name"),
        )
        .outerjoin(_staff, maker)
        .where(c.customer_id == customer_id, or_(c.lead_id.is_(None), c.lead_id == lead_id))
    )


def _edit(row: Row[Any]) -> EditLine:
    return EditLine(**_with_maker(row, _EDIT), of="customer" if row.lead_id is None else "lead")


def _with_maker(row: Any, names: list[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names} | {"by": named(row.by_code, row.by_name)}
