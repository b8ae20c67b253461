"""Whether an ended lead's process can hear that the lead lives again (A13, A16).

A further life begins on the newest version of its process. Where that has no start event for the
message, or where the life that still runs does not wait for it, the statement would be accepted and
nothing would ever come of it.
"""

from __future__ import annotations

from cases.contracts import ProcessRef
from cases.errors import Conflict, NotFound
from cases.states import MessageKind
from domain.leads.process import PROCESS
from domain.speaker import Speaker
from store.engine import instances
from store.leads.leads import LeadRow
from store.session import Tx
from store.tables import definitions
from workflows import bpmn
from workflows.bpmn import Process


async def can_hear(tx: Tx, speaker: Speaker, lead: LeadRow, message: MessageKind) -> None:
    """Raises ``Conflict`` with what to do where nobody would hear the message."""
    runs, newest = await _versions(tx, lead)
    ref = runs or newest
    if ref is None:
        return
    process = await _process(tx, speaker, ref)
    if process is not None and message in (process.messages if runs else _begins(process)):
        return
    code = "life_cannot_hear" if runs else "process_cannot_begin"
    raise Conflict(code, process=ref.key, version=ref.version, message=message.value)


def _begins(process: Process) -> frozenset[str]:
    return frozenset(
        trigger.ref
        for start in process.starts("message")
        for trigger in start.triggers
        if trigger.kind == "message" and trigger.ref
    )


async def _versions(tx: Tx, lead: LeadRow) -> tuple[ProcessRef | None, ProcessRef | None]:
    """The version that the lead's life waits on, if it still does, and the newest, on which the
    next life begins."""
    newest = {key: ref for key, (ref, _) in (await definitions.newest_refs(tx)).items()}
    try:
        life = await instances.one(tx, lead.id)
    except NotFound:
        return None, newest.get(PROCESS)
    # One that has not come to rest since the lead ended is about to end, and hands on what it is
    # told.
    rests = life.ended_at is None and (lead.ended_at is None or life.settled_at >= lead.ended_at)
    return (life.process if rests else None), newest.get(life.process.key)


async def _process(tx: Tx, speaker: Speaker, ref: ProcessRef) -> Process | None:
    try:
        return await speaker.memory.programs.process(tx, ref)
    except bpmn.ModelRefused:
        return None
