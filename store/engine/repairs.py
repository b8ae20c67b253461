"""What people do to running leads by hand: each is one line of the history and one message to the
lead's process.

Whoever calls has locked the lead and checked that it makes sense; the process decides again when
the message arrives, since the lead may have moved on by then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from cases.contracts import ProcessRef
from cases.states import MessageKind
from cases.step_key import StepKey
from store.engine import incidents, timeline
from store.engine.batches import Batch
from store.engine.case_words import WORDS
from store.engine.incidents import Incident
from store.engine.outbox import tell
from store.session import Tx

Change = tuple[Any, Any]
"""A variable before (None: it was not there) and after."""


async def retry(
    tx: Tx, incident: Incident, at: datetime, reason: str, variables: Mapping[str, Change] | None = None
) -> int:
    """The step of an incident is tried again, after its variables were corrected if any are given.

    Returns the message's number. Raises ``Conflict`` when the incident is resolved already.
    """
    await incidents.resolve(tx, incident.id, at, str(tx.actor))
    said = _said(reason) | _changes(variables or {})
    await timeline.record(tx, incident.case_id, at, "incident_retried", incident.element, incident=incident.id, **said)
    data: dict[str, Any] = {"key": incident.key}
    if variables:
        data["variables"] = {name: after for name, (_, after) in variables.items()}
    return await tell(tx, incident.case_id, MessageKind.INCIDENT_RETRIED, at, data)


async def correct(
    tx: Tx, case_id: UUID, life: int, execution: str, at: datetime, reason: str, variables: Mapping[str, Change]
) -> int:
    """Variables of the process that an execution belongs to are set. Returns the message's
    number."""
    said = _said(reason) | _changes(variables)
    await timeline.record(tx, case_id, at, "variables_corrected", None, execution=execution, **said)
    after = {name: value for name, (_, value) in variables.items()}
    data = {"life": life, "execution": execution, "variables": after}
    return await tell(tx, case_id, MessageKind.VARIABLES_CORRECTED, at, data)


async def move(
    tx: Tx, case_id: UUID, life: int, execution: str, element: str, target: str, at: datetime, reason: str
) -> int:
    """A token is put from one element to another; an incident that it stood at is over.

    Returns the message's number.
    """
    await incidents.resolve_at(tx, str(StepKey(str(case_id), life, execution)), at, str(tx.actor))
    said = _said(reason)
    await timeline.record(tx, case_id, at, "token_moved", element, former=element, target=target, **said)
    data = {"life": life, "execution": execution, "element": target}
    return await tell(tx, case_id, MessageKind.TOKEN_MOVED, at, data)


async def migrate(
    tx: Tx,
    case_id: UUID,
    life: int,
    at: datetime,
    *,
    batch: Batch,
    process: ProcessRef,
    called: Sequence[ProcessRef],
    former: ProcessRef,
) -> int:
    """A life, whose own process is ``former``, is to go on in the versions of a batch.

    Its process answers by the activity ``record_migration``. Returns the message's number.
    """
    orders = batch.orders
    said = {"process": orders["process"], "former": orders["from_version"], "version": orders["to_version"]}
    await timeline.record(tx, case_id, at, "migration_stated", None, batch=batch.id, **said, **_said(batch.reason))
    data = {
        "batch": str(batch.id),
        "life": life,
        "from": asdict(former),
        "process": asdict(process),
        "called": [asdict(ref) for ref in called],
        "plan": orders["plan"],
    }
    return await tell(tx, case_id, MessageKind.MIGRATED, at, data)


def _said(reason: str) -> dict[str, Any]:
    """The person's own words, which are kept apart (``store.engine.case_words``)."""
    return {WORDS: reason} if reason else {}


def _changes(variables: Mapping[str, Change]) -> dict[str, Any]:
    if not variables:
        return {}
    changes = {name: {"before": before, "after": after} for name, (before, after) in variables.items()}
    return {"names": ", ".join(variables), "changes": changes}
