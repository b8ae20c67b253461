"""One running case is repaired: variables are corrected, a token is moved, an incident is
retried."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from cases.errors import Conflict
from cases.step_key import StepKey
from domain.leads.reads import seen
from domain.repairs.forms import CorrectBody, MoveBody, RetryBody
from domain.repairs.laws.life import life_of
from domain.repairs.laws.who import mends
from domain.speaker import Speaker
from domain.versions import Versions
from store.engine import cases, inbox, repairs
from store.engine.incidents import MISSING_DEFINITION, Incident
from store.leads import leads
from store.session import Tx


class Repaired(NamedTuple):
    """What the process of a case is told, and when; ``message`` is its number among the case's
    messages."""

    life: int
    execution: str
    message: int
    at: datetime


class Mended(NamedTuple):
    """Whose process has been told, and when."""

    case_id: UUID
    at: datetime


async def correct(
    tx: Tx, speaker: Speaker, lead_id: UUID, body: CorrectBody, expected: Versions | None = None
) -> Repaired:
    """The process sees the variables from its next expression on; the timeline keeps what they
    were.

    Raises ``Forbidden``, ``NotFound``, ``Changed``, and ``Conflict`` for what does not run any
    more.
    """
    mends(speaker)
    await leads.lock(tx, lead_id)
    life = await life_of(tx, speaker, lead_id)
    await seen.as_expected(tx, speaker, lead_id, expected)
    at = speaker.now()
    changes = await life.corrected(tx, body.execution, body.variables, at)
    number = await repairs.correct(tx, lead_id, life.row.life, body.execution, at, body.reason, changes)
    return Repaired(life.row.life, body.execution, number, at)


async def move(
    tx: Tx, speaker: Speaker, lead_id: UUID, execution: str, body: MoveBody, expected: Versions | None = None
) -> Repaired:
    """What the token is doing is cancelled; it begins anew at another element of the same scope.

    Raises as ``correct`` does, and ``Invalid`` for an element that is not in its scope.
    """
    mends(speaker)
    await leads.lock(tx, lead_id)
    life = await life_of(tx, speaker, lead_id)
    await seen.as_expected(tx, speaker, lead_id, expected)
    at = speaker.now()
    former = life.moved(execution, body.element, at)
    number = await repairs.move(tx, lead_id, life.row.life, execution, former, body.element, at, body.reason)
    return Repaired(life.row.life, execution, number, at)


async def retry_incident(
    tx: Tx, speaker: Speaker, incident_id: UUID, body: RetryBody | None, expected: Versions | None = None
) -> Mended:
    """The step that could not be done is tried again, with corrected variables if any are given.

    Raises ``Forbidden``, ``NotFound``, ``Changed``, and ``Conflict`` when there is nothing to mend
    (any more).
    """
    mends(speaker)
    found = await _mendable(tx, incident_id)
    await seen.as_expected(tx, speaker, found.case_id, expected)
    at = speaker.now()
    changes = None
    if body is not None and body.variables:
        failed = StepKey.parse(found.key)
        life = await life_of(tx, speaker, found.case_id, failed.life)
        changes = await life.corrected(tx, failed.execution, body.variables, at)
    await repairs.retry(tx, found, at, body.reason if body else "", changes)
    return Mended(found.case_id, at)


async def move_incident(
    tx: Tx, speaker: Speaker, incident_id: UUID, body: MoveBody, expected: Versions | None = None
) -> Mended:
    """The token that is stuck goes on at another element of the same scope; the incident is over.

    Raises as ``retry_incident`` does, and ``Invalid`` for an element that is not in its scope.
    """
    mends(speaker)
    found = await _mendable(tx, incident_id)
    await seen.as_expected(tx, speaker, found.case_id, expected)
    at = speaker.now()
    failed = StepKey.parse(found.key)
    life = await life_of(tx, speaker, found.case_id, failed.life)
    former = life.moved(failed.execution, body.element, at)
    await repairs.move(tx, found.case_id, failed.life, failed.execution, former, body.element, at, body.reason)
    return Mended(found.case_id, at)


async def _mendable(tx: Tx, incident_id: UUID) -> Incident:
    """The incident, its case locked."""
    # The case's lock comes before any other row of its, as in every statement.
    await cases.lock(tx, (await inbox.incident(tx, incident_id)).case_id)
    found = await inbox.incident(tx, incident_id)
    if found.resolved_at is not None:
        raise Conflict("incident_resolved")
    if found.kind == MISSING_DEFINITION:
        raise Conflict("definition_missing")
    return found
