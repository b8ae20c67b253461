"""Where a person is told things: read and set by head office, or by the person."""

from __future__ import annotations

from typing import Annotated

import structlog
from fastapi import APIRouter, Path
from fastapi.responses import Response

from api.context import PersonCall, ReadCall
from api.documented import READ_ONE, WRITE, example, problems
from api.idempotency import Answer, once
from domain.forms import Code
from domain.network.reads import people
from domain.network.reads.people import ContactPointsView
from domain.network.statements import contact
from domain.network.statements.contact import ContactPointsBody, SavedView
from store.session import Tx

router = APIRouter(tags=["network"])
log = structlog.get_logger(__name__)


@router.get(
    "/staff/{code}/contact-points",
    responses=problems(*READ_ONE)
    | example({"staff": "BJ01-M1", "language": "zh", "addresses": {"mail": "manager@example.com"}}),
    summary="How a person is reached",
)
async def show_contact_points(code: Annotated[Code, Path()], call: ReadCall) -> ContactPointsView:
    """Language and addresses of a person. For head office and the person."""
    return await call.read(lambda tx: people.contact_points(tx, call, code))


@router.put(
    "/staff/{code}/contact-points",
    response_model=SavedView,
    responses=problems(*WRITE) | example({"staff": "BJ01-M1", "language": "zh", "channels": ["mail"]}),
    summary="Set how a person is reached",
)
async def set_contact_points(code: Annotated[Code, Path()], body: ContactPointsBody, call: PersonCall) -> Response:
    """Replaces language and addresses of a person. For head office and the person."""

    async def work(tx: Tx) -> Answer:
        return Answer(200, await contact.set_contact_points(tx, call, code, body))

    answer = await once(call, work)
    channels = sorted(body.addresses.model_dump(exclude_none=True))
    log.info("contact points are set", staff=code, channels=channels, by=str(call.actor))
    return answer
