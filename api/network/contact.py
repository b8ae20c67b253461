"""Where a person is told things: read and set by head office, or by the person."""

from __future__ import annotations

from typing import Annotated

import structlog
from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import BaseModel

from api.context import Call, PersonCall, ReadCall
from api.documented import READ_ONE, WRITE, example, problems
from api.idempotency import Answer, once
from cases.errors import Forbidden, NotFound
from cases.messages import Language
from domain.forms import Code, Form, MailAddress
from domain.reach import HEAD_OFFICE, the_person
from store.network import contact_points, people
from store.network.people import Person
from store.session import Tx

router = APIRouter(tags=["network"])
log = structlog.get_logger(__name__)


class Addresses(Form):
    """An address for each channel beside the log; what is not given is not there any more."""

    mail: MailAddress | None = None


class ContactPointsBody(Form):
    """How a person is reached. It replaces all that was there before."""

    language: Language
    addresses: Addresses


class ContactPointsView(BaseModel):
    """How a person is reached."""

    staff: str
    language: Language
    addresses: dict[str, str]


class SavedView(BaseModel):
    """Which channels reach the person by now; kept with the ``Idempotency-Key``, so without
    addresses."""

    staff: str
    language: Language
    channels: list[str]


@router.get(
    "/staff/{code}/contact-points",
    responses=problems(*READ_ONE)
    | example({"staff": "BJ01-M1", "language": "zh", "addresses": {"mail": "manager@example.com"}}),
    summary="How a person is reached",
)
async def show_contact_points(code: Annotated[Code, Path()], call: ReadCall) -> ContactPointsView:
    """Language and addresses of a person. For head office and the person."""
    _allowed(call, code)

    async def work(tx: Tx) -> ContactPointsView:
        person = await _person(tx, code)
        found = await contact_points.of_person(tx, person.id)
        return ContactPointsView(staff=person.code, language=found.language, addresses=found.addresses)

    return await call.read(work)


@router.put(
    "/staff/{code}/contact-points",
    response_model=SavedView,
    responses=problems(*WRITE) | example({"staff": "BJ01-M1", "language": "zh", "channels": ["mail"]}),
    summary="Set how a person is reached",
)
async def set_contact_points(code: Annotated[Code, Path()], body: ContactPointsBody, call: PersonCall) -> Response:
    """Replaces language and addresses of a person. For head office and the person."""
    _allowed(call, code)
    addresses: dict[str, str] = body.addresses.model_dump(exclude_none=True)
    saved = SavedView(staff=code, language=body.language, channels=sorted(addresses))

    async def work(tx: Tx) -> Answer:
        person = await _person(tx, code)
        await contact_points.replace(tx, person.id, body.language, addresses)
        return Answer(200, saved)

    answer = await once(call, work)
    log.info("contact points are set", staff=code, channels=saved.channels, by=str(call.actor))
    return answer


def _allowed(call: Call, code: str) -> None:
    person = the_person(call)
    if person.code != code and person.role not in HEAD_OFFICE:
        raise Forbidden("another_person")


async def _person(tx: Tx, code: str) -> Person:
    found = await people.person(tx, code)
    if found is None:
        raise NotFound("staff_not_found")
    return found
