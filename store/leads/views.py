"""Read models: what screens and channels see of leads. Reads only; the database is enough (idea
1)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, make_dataclass
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import DateTime, Row, literal_column, select

from cases.actors import staff_id
from cases.contact import ContactMark, marked
from cases.contracts import PlaceMark
from cases.lead_facts import PLAIN, Reads
from cases.stated import Gender
from cases.states import Badge, CaseKind, Grade, Lamp, LeadStatus, Stage, word, word_if_any
from store.models import CarModel, Channel, Customer, Dealer, Lead, OutboxMessage, Staff, base
from store.session import Tx

NEVER = literal_column(base.NEVER, DateTime(timezone=True))
"""Stands for "no such instant" in the order of a list: last, or first in a list that falls."""


@dataclass(frozen=True, slots=True)
class Named:
    """Something of the network by its code and name."""

    code: str
    name: str


View = TypeVar("View")


def with_plain(view: type[View]) -> type[View]:
    """The view with the column of each plain fact that is declared (``cases.lead_facts``)."""
    kinds = {Reads.FLAG: bool, Reads.NUMBER: int | None}
    fields = [(fact.column, kinds.get(fact.reads, str | None)) for fact in PLAIN]
    kept = {"__doc__": view.__doc__, "__module__": view.__module__}
    return make_dataclass(view.__name__, fields, bases=(view,), namespace=kept, frozen=True, slots=True)


@dataclass(frozen=True, slots=True)
class CustomerView:
    """The person behind a lead; all None after erasure."""

    id: UUID
    name: str | None
    phone: str | None
    wechat: str | None
    city: str | None
    do_not_call: bool = False
    labels: list[str] = field(default_factory=list)
    call_hours: list[str] = field(default_factory=list)
    email: str | None = None
    gender: Gender | None = None
    company: str | None = None
    further: list[str] = field(default_factory=list)  # what else they gave: phone:…, wechat:…, email:…, name:…


@dataclass(frozen=True, slots=True)
class LeadLine:
    """One lead in a list."""

    id: UUID
    status: LeadStatus
    stage: Stage | None
    grade: Grade | None
    badges: list[Badge]
    lamp: Lamp
    customer: CustomerView
    contact: ContactMark | None
    model: str | None
    channel: Named
    dealer: Named | None
    owner: Named | None
    created_at: datetime
    stated_at: datetime
    assigned_at: datetime | None
    next_due_at: datetime | None
    updated_at: datetime


@with_plain
@dataclass(frozen=True, slots=True)
class LeadFacts:
    """What the lead says, as cleaned."""

    model: str | None
    budget_min: int | None
    budget_max: int | None
    horizon_days: int | None
    province: str | None
    city: str | None
    district: str | None
    place_code: str | None
    region: str | None
    campaign: str | None
    external_id: str | None
    utm: dict[str, str]
    consents: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class LeadState:
    """What the process and people have made of it."""

    grade_reason: str | None
    graded_at: datetime | None
    progress_at: datetime | None
    closing: dict[str, Any]
    ended_at: datetime | None
    attached_to: UUID | None
    unread: list[dict[str, str]]  # [{field, code}]: said, but not to be read
    suspects: list[UUID]  # leads of somebody else that may be the same person's, found at the door
    life: int
    process_key: str
    process_version: int
    place: list[PlaceMark]
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class LeadSheet:
    """One lead with its facts and state."""

    line: LeadLine
    facts: LeadFacts
    state: LeadState


_LINE = (
    Lead.id,
    Lead.status,
    Lead.stage,
    Lead.grade.label("grade"),
    Lead.badges,
    Lead.lamp,
    Lead.model,
    Lead.created_at.label("created_at"),
    Lead.stated_at,
    Lead.assigned_at,
    Lead.next_due_at,
    Lead.updated_at,
    Customer.id.label("customer_id"),
    Customer.name.label("customer_name"),
    Customer.phone,
    Customer.wechat,
    Customer.city.label("customer_city"),
    Customer.do_not_call,
    Customer.labels,
    Customer.call_hours,
    Customer.call_said_at,
    Customer.call_said,
    Customer.email,
    Customer.gender,
    Customer.company,
    Customer.further,
    Channel.code.label("channel_code"),
    Channel.name.label("channel_name"),
    Dealer.code.label("dealer_code"),
    Dealer.name.label("dealer_name"),
    Staff.code.label("owner_code"),
    Staff.name.label("owner_name"),
)


def lead_lines(*more: Any) -> Any:
    """Selects what ``lead_line`` is made of, and more."""
    return (
        select(*_LINE, *more)
        .select_from(Lead)
        .where(Lead.kind == CaseKind.LEAD)  # first in the indexes of cases
        .join(Customer, Customer.id == Lead.customer_id)
        .join(Channel, Channel.code == Lead.channel)
        .outerjoin(Dealer, Dealer.id == Lead.dealer_id)
        .outerjoin(Staff, Staff.id == Lead.owner_id)
    )


def lead_line(row: Row[Any]) -> LeadLine:
    """A row of ``lead_lines``."""
    return LeadLine(
        id=row.id,
        status=word(LeadStatus, row.status),
        stage=word_if_any(Stage, row.stage),
        grade=word_if_any(Grade, row.grade),
        badges=[word(Badge, badge) for badge in row.badges],
        lamp=word(Lamp, row.lamp),
        customer=CustomerView(
            row.customer_id,
            row.customer_name,
            row.phone,
            row.wechat,
            row.customer_city,
            row.do_not_call,
            list(row.labels),
            list(row.call_hours),
            row.email,
            word_if_any(Gender, row.gender),
            row.company,
            list(row.further),
        ),
        contact=marked(row.do_not_call, row.call_hours, row.call_said_at, row.call_said),
        model=row.model,
        channel=Named(row.channel_code, row.channel_name),
        dealer=named(row.dealer_code, row.dealer_name),
        owner=named(row.owner_code, row.owner_name),
        created_at=row.created_at,
        stated_at=row.stated_at,
        assigned_at=row.assigned_at,
        next_due_at=row.next_due_at,
        updated_at=row.updated_at,
    )


def named(code: str | None, name: str | None) -> Named | None:
    """A pair of an outer join, None where nothing was joined."""
    return None if code is None else Named(code, name or code)


async def lead(tx: Tx, lead_id: UUID) -> LeadSheet | None:
    """One lead, None if there is none."""
    facts = [getattr(Lead, name) for name in LeadFacts.__dataclass_fields__ if name != "model"]
    state = [getattr(Lead, name) for name in LeadState.__dataclass_fields__]
    row = (await tx.session.execute(lead_lines(*facts, *state).where(Lead.id == lead_id))).one_or_none()
    if row is None:
        return None
    values = row._mapping
    return LeadSheet(
        lead_line(row),
        LeadFacts(**{name: values[name] for name in LeadFacts.__dataclass_fields__}),
        LeadState(
            **{name: values[name] for name in LeadState.__dataclass_fields__ if name not in ("place", "suspects")},
            place=[PlaceMark(**mark) for mark in row.place],
            suspects=[UUID(one) for one in row.suspects],
        ),
    )


async def names_of(tx: Tx, ids: Sequence[UUID]) -> dict[str, Named]:
    """People and dealers by their ids, for histories that keep ids only."""
    if not ids:
        return {}
    people = select(Staff.id, Staff.code, Staff.name).where(Staff.id.in_(ids))
    dealers = select(Dealer.id, Dealer.code, Dealer.name).where(Dealer.id.in_(ids))
    return {str(row.id): Named(row.code, row.name) for row in await tx.session.execute(people.union_all(dealers))}


async def people_of(tx: Tx, actors: Iterable[str | None]) -> dict[str, Named]:
    """The people among stored actors, by their ids."""
    return await names_of(tx, [UUID(one) for one in {staff_id(actor) for actor in actors} if one])


async def ids_of(tx: Tx, codes: Collection[str]) -> dict[str, str]:
    """The ids of the dealers and people with these codes."""
    if not codes:
        return {}
    people = select(Staff.code, Staff.id).where(Staff.code.in_(codes))
    dealers = select(Dealer.code, Dealer.id).where(Dealer.code.in_(codes))
    return {row.code: str(row.id) for row in await tx.session.execute(people.union_all(dealers))}


async def named_in(tx: Tx, values: Iterable[object]) -> dict[str, Named]:
    """The people and dealers whose ids are anywhere in some JSON values, as histories and notices
    keep them."""
    return await names_of(tx, sorted({found for text in _texts(values) if (found := _id(text)) is not None}))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts(cast("Mapping[Any, object]", value).values())
    elif isinstance(value, Iterable):
        for one in cast("Iterable[object]", value):
            yield from _texts(one)


def _id(text: str) -> UUID | None:
    """The id that a text is, or that of an actor."""
    identity = text.removeprefix("staff:")
    try:
        return UUID(identity) if len(identity) == 36 else None
    except ValueError:
        return None


async def model_names(tx: Tx) -> dict[str, str]:
    """Every car model's name by its code."""
    return {row.code: row.name for row in await tx.session.execute(select(CarModel.code, CarModel.name))}


async def moving(tx: Tx, lead_id: UUID) -> bool:
    """Whether facts are still on their way to the lead's process, so that its tasks may change in a
    moment."""
    outbox = OutboxMessage.__table__
    query = select(outbox.c.id).where(outbox.c.case_id == lead_id, outbox.c.delivered_at.is_(None)).limit(1)
    return (await tx.session.execute(query)).first() is not None
