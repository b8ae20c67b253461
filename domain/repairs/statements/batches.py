"""Many cases at once: incidents are retried, leads go on in another version. Each is told in its
turn, and decides for itself."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from cases.errors import FieldProblem, Invalid
from domain.repairs.forms import BulkRetryBody, Filter, StartBody
from domain.repairs.laws.wanted import as_wanted
from domain.repairs.laws.who import mends, migrates
from domain.speaker import Speaker
from store.engine import batches, incidents
from store.engine.batches import BatchKind
from store.engine.incidents import Incident, Sought
from store.session import Tx


class Started(NamedTuple):
    """A batch has begun; ``total`` leads or incidents are in it."""

    id: UUID
    total: int
    at: datetime


async def migrate(tx: Tx, speaker: Speaker, body: StartBody) -> Started:
    """Every lead that runs on the version now is told. Raises ``Forbidden``, ``NotFound``, and
    ``Invalid`` for elements that do not exist."""
    migrates(speaker)
    wanted = await as_wanted(tx, speaker, body)
    at = speaker.now()
    batch = await batches.create(tx, BatchKind.MIGRATION, at, body.reason, wanted.to_json(), body.batch_size)
    total = await batches.plan_lives(tx, batch, body.process, body.from_version)
    return Started(batch, total, at)


async def retry(tx: Tx, speaker: Speaker, body: BulkRetryBody) -> Started:
    """The incidents that are open now are retried. Raises ``Forbidden``, and ``Invalid`` for ids
    that no retriable incident has."""
    mends(speaker)
    if (body.filter is None) == (body.ids is None):
        raise Invalid("invalid_input", problems=(FieldProblem("filter", "one_of", {"expected": "filter, ids"}),))
    found = await _found(tx, body)
    at = speaker.now()
    orders = {"variables": body.variables} if body.variables else {}
    batch = await batches.create(tx, BatchKind.RETRY, at, body.reason, orders, body.batch_size)
    await batches.plan_incidents(tx, batch, [(one.id, one.case_id, one.key) for one in found])
    return Started(batch, len(found), at)


async def _found(tx: Tx, body: BulkRetryBody) -> tuple[Incident, ...]:
    """The incidents that are meant. Raises ``Invalid`` for ids that no retriable incident has."""
    if body.ids is None:
        return await incidents.sought(tx, Sought(**(body.filter or Filter()).model_dump()))
    found = await incidents.by_id(tx, body.ids)
    known = {one.id for one in found if one.kind != incidents.MISSING_DEFINITION}
    strange = [number for number, one in enumerate(body.ids) if one not in known]
    if strange:
        raise Invalid(
            "invalid_input", problems=tuple(FieldProblem(f"ids/{number}", "unknown_incident") for number in strange)
        )
    return found
