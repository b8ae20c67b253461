"""Who is there and who is not: absences, and people who leave, whose leads go to others at once
(A6, A11)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from activities.redistribution import Redistributed, redistribute
from api.context import Call, PersonCall, ReadCall
from api.documented import READ_ONE, WRITE, example, listed, problems
from api.idempotency import Answer, once
from api.paging import AskedMany, Page, cut
from cases.errors import Forbidden, NotFound
from cases.states import Leaving, Role
from domain.forms import Code, Form, Moment, Reason, refuse
from domain.reach import SUPERVISORS, the_person, with_role
from store.leads import edits, views
from store.network import absences, people
from store.network.absences import Away
from store.network.people import Person
from store.session import Tx

router = APIRouter(tags=["network"])

_LEAD = "0192f0c1-2b3c-7d4e-8f50-123456789abc"
_ABSENCE = "0192f0c1-2b3c-7d4e-8f50-00000000a001"


class AbsenceBody(Form):
    """From when until when somebody is away, and why."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"starts_at": "2026-11-23T09:00:00+08:00", "ends_at": "2026-11-28T09:00:00+08:00", "reason": "年假"}
            ]
        }
    )

    starts_at: Moment
    ends_at: Moment = Field(description="When they are there again")
    reason: Reason = "leave"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise refuse("ends_before_it_starts", at="ends_at")
        return self


class PresenceBody(Form):
    """Whether a person works here."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"active": False}]})

    active: bool


class AbsenceView(BaseModel):
    """An absence of a person."""

    id: UUID
    staff: str
    starts_at: datetime
    ends_at: datetime
    reason: str


class PassedOnView(BaseModel):
    """A lead that went to somebody else; ``to`` is null where a dealer's rules, or anybody of a
    role, take it."""

    lead_id: UUID
    to: str | None


class EnteredView(AbsenceView):
    """An absence, the leads that went to others because of it, and how many wait until the person
    is back."""

    moved: list[PassedOnView]
    kept: int


class PresenceView(BaseModel):
    """Whether a person works here, and which of their leads went to others."""

    staff: str
    active: bool
    moved: list[PassedOnView]
    kept: int


_AWAY = {
    "id": _ABSENCE,
    "staff": "BJ01-C1",
    "starts_at": "2026-11-23T01:00:00Z",
    "ends_at": "2026-11-28T01:00:00Z",
    "reason": "年假",
}
_MOVED = {"moved": [{"lead_id": _LEAD, "to": "BJ01-C2"}], "kept": 0}
Staff = Annotated[Code, Path(description="Staff code")]


@router.get(
    "/network/staff/{code}/absences",
    responses=problems(*READ_ONE) | example(listed(_AWAY)),
    summary="When a person is away",
)
async def list_absences_of_person(code: Staff, call: ReadCall, asked: AskedMany) -> Page[AbsenceView]:
    """All absences of a person, by their beginning; for supervisors within their reach."""

    async def read(tx: Tx) -> list[AbsenceView]:
        person = await _within_reach(tx, call, code)
        return [_view(person, away) for away in await absences.of_person(tx, person.id)]

    return cut("absences", await call.read(read), asked, lambda one: (one.starts_at.isoformat(), str(one.id)))


@router.post(
    "/network/staff/{code}/absences",
    status_code=201,
    response_model=EnteredView,
    responses=problems(*WRITE) | example({**_AWAY, **_MOVED}, 201),
    summary="请假",
)
async def enter_absence(code: Staff, call: PersonCall, body: AbsenceBody) -> Response:
    """Enters an absence. What falls due in it goes to others at once, as the table `redistribution`
    says; the manager is told how many."""

    async def work(tx: Tx) -> Answer:
        person = await _within_reach(tx, call, code)
        away = await absences.enter(tx, person.id, body.starts_at, body.ends_at, body.reason)
        at = call.now()
        done = Redistributed((), 0)
        if away.ends_at > at:
            done = await redistribute(tx, await call.tables(tx), person, Leaving.ABSENT, at, away)
        moved = await _moved(tx, done)
        return Answer(201, EnteredView(**_view(person, away).model_dump(), moved=moved, kept=done.kept))

    return await once(call, work)


@router.delete(
    "/network/staff/{code}/absences/{absence_id}",
    response_model=AbsenceView,
    responses=problems(*WRITE) | example(_AWAY),
    summary="销假",
)
async def remove_absence(code: Staff, absence_id: UUID, call: PersonCall) -> Response:
    """Takes an absence back: the person can be given leads again. Those that went to others stay
    with them."""

    async def work(tx: Tx) -> Answer:
        person = await _within_reach(tx, call, code)
        away = await absences.remove(tx, person.id, absence_id)
        if away is None:
            raise NotFound("absence_not_found")
        return Answer(200, _view(person, away))

    return await once(call, work)


@router.patch(
    "/network/staff/{code}",
    response_model=PresenceView,
    responses=problems(*WRITE) | example({"staff": "BJ01-C1", "active": False, **_MOVED}),
    summary="离职、复职",
)
async def change_staff(code: Staff, call: PersonCall, body: PresenceBody) -> Response:
    """Says whether a person works here. All open leads and tasks of one who leaves go to others at
    once, and the manager is told how many."""

    async def work(tx: Tx) -> Answer:
        person = await _within_reach(tx, call, code)
        await edits.dated(tx, call.now())
        changed = await people.set_active(tx, person.id, body.active)
        done = Redistributed((), 0)
        if changed and not body.active:
            done = await redistribute(tx, await call.tables(tx), person, Leaving.LEFT, call.now())
        moved = await _moved(tx, done)
        return Answer(200, PresenceView(staff=person.code, active=body.active, moved=moved, kept=done.kept))

    answer = await once(call, work)
    call.services.memory.network.forget()
    return answer


async def _within_reach(tx: Tx, call: Call, code: str) -> Person:
    """The person whom a supervisor speaks of. Raises ``NotFound``, ``Forbidden``."""
    supervisor = with_role(the_person(call), SUPERVISORS)
    person = await people.anybody(tx, code)
    if person is None:
        raise NotFound("staff_not_found")
    own_dealer = supervisor.role != Role.DEALER_MANAGER or supervisor.dealer_id == person.dealer_id
    own_region = supervisor.role != Role.REGIONAL_MANAGER or (
        person.dealer_id is not None and supervisor.region == await people.region_of_dealer(tx, person.dealer_id)
    )
    if not (own_dealer and own_region):
        raise Forbidden("other_dealer")
    return person


def _view(person: Person, away: Away) -> AbsenceView:
    return AbsenceView(
        id=away.id, staff=person.code, starts_at=away.starts_at, ends_at=away.ends_at, reason=away.reason
    )


async def _moved(tx: Tx, done: Redistributed) -> list[PassedOnView]:
    names = await views.names_of(tx, [one.to_staff for one in done.moved if one.to_staff])
    return [
        PassedOnView(lead_id=one.lead_id, to=names[str(one.to_staff)].code if one.to_staff else None)
        for one in done.moved
    ]
