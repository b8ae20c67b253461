"""Who is there and who is not: absences, and people who leave, whose leads go to others at once
(A6, A11)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from fastapi.responses import Response

from api.context import PersonCall, ReadCall
from api.documented import READ_ONE, WRITE, example, listed, problems
from api.idempotency import Answer, once
from api.paging import AskedMany, Page, cut
from domain.forms import Code
from domain.network.reads import people
from domain.network.reads.people import AbsenceView
from domain.network.statements import presence
from domain.network.statements.presence import AbsenceBody, EnteredView, PresenceBody, PresenceView
from store.session import Tx

router = APIRouter(tags=["network"])

_LEAD = "0192f0c1-2b3c-7d4e-8f50-123456789abc"
_ABSENCE = "0192f0c1-2b3c-7d4e-8f50-00000000a001"
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

    found = await call.read(lambda tx: people.absences(tx, call, code))
    return cut("absences", found, asked, lambda one: (one.starts_at.isoformat(), str(one.id)))


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
        return Answer(201, await presence.enter_absence(tx, call.speaker, code, body))

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
        return Answer(200, await presence.remove_absence(tx, call.speaker, code, absence_id))

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
        return Answer(200, await presence.set_presence(tx, call.speaker, code, body))

    answer = await once(call, work)
    call.services.memory.network.forget()
    return answer
