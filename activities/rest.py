"""What the process waits for, written to the store: tasks, place, incidents; screens read nothing
else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from cases.actors import EVERYTHING, PROCESS
from cases.contracts import Settlement, TaskToOpen, Withdrawal
from cases.errors import Unavailable
from cases.states import Role
from domain.kinds import told_of_ends
from domain.tables import Tables, fresh
from domain.tasks.who import whose
from domain.work import Result, Work
from store.engine import cases, incidents, opening, settling, tasks
from store.engine.ledger import Ledger
from store.session import Database, Tx

Lines = list[dict[str, Any]]


async def settle(db: Database, tables: Tables, settlement: Settlement) -> bool:
    """Opens and withdraws tasks, writes where the life is and how it came there; a later rest that
    is there stands."""
    async with db.transaction(PROCESS, EVERYTHING) as tx:
        await come_to_rest(tx, tables, settlement)
    return True


async def come_to_rest(tx: Tx, tables: Tables, settlement: Settlement, behind: Ledger | None = None) -> None:
    """The same in a transaction that is open; ``behind`` is what the steps before it leave, not
    written yet.

    Whose a task is says the table ``who``, as the worker's last step has found it: a rest asks the
    store for no more.
    """
    withdrawn = frozenset(UUID(task) for task in settlement.withdraw)
    left = [task for task in settlement.open if UUID(task.task_id) in withdrawn]
    kept = [task for task in settlement.open if UUID(task.task_id) not in withdrawn]
    wanted, dropped = await _placed(tx, tables, settlement, kept), [_task(task) for task in left]
    case_id = UUID(settlement.case_id)
    await settling.write(
        tx,
        case_id,
        settlement.at,
        opened=wanted,
        dropped=dropped,
        withdrawn=withdrawn,
        rest=settlement.rest,
        ended=settlement.ended,
        behind=behind,
    )
    if settlement.ended:
        rest, told = settlement.rest, told_of_ends()
        await opening.tell_about_end(tx, case_id, rest.life, rest.outcome, told, settlement.at)


async def withdraw(db: Database, withdrawal: Withdrawal) -> bool:
    """Whether a deadline may take effect: it ends all these tasks, unless a person was faster."""
    async with db.transaction(PROCESS, EVERYTHING) as tx:
        case = await cases.lock(tx, withdrawal.case_id)
        return await granted(tx, case.id, case.message_seq, withdrawal)


async def granted(tx: Tx, case_id: UUID, message_seq: int, claim: Withdrawal) -> bool:
    """The same about a case that is locked, and has been told messages up to this one."""
    if message_seq > claim.applied:
        return False
    return await tasks.withdraw_together(tx, case_id, [UUID(task) for task in claim.tasks], claim.at)


async def send_message(work: Work) -> Result:
    """A diagram sends a message: it goes to whoever has the role it names, and into the history."""
    message = str(work.data.get("message") or "")
    role = work.data.get("role")
    if role:
        work.tell("message", role=Role(role), message=message)
    work.note("message_sent", message=message)
    return {}


async def throw_signal(work: Work) -> Result:
    """A diagram throws a signal: what listened in this lead has been served; its history says that
    it was thrown."""
    work.note("signal_thrown", signal=str(work.data.get("signal") or ""))
    return {}


async def record_incident(work: Work) -> Result:
    """A step could not be done: the lead waits there, visibly, until somebody retries it."""
    element, kind = str(work.data["element"]), str(work.data["kind"])
    message = str(work.data.get("message") or "")
    await incidents.record(work.tx, work.case.id, str(work.data["failed"]), element, kind, message, work.at)
    work.tell("incident", role=Role.HQ, element=element, kind=kind)
    work.note("incident", element=element, kind=kind)
    return {}


async def _placed(tx: Tx, tables: Tables, settlement: Settlement, wanted: Sequence[TaskToOpen]) -> Lines:
    """The tasks to open, each with whose it is."""
    try:
        return [_task(task) | _whose(tables, settlement, task.role) for task in wanted]
    except Unavailable:  # this worker has done no step yet, or none since the table was deployed
        await fresh(tx, tables)
        return [_task(task) | _whose(tables, settlement, task.role) for task in wanted]


def _whose(tables: Tables, settlement: Settlement, role: str) -> dict[str, str]:
    found = whose(tables, settlement.at, role, settlement.kind)
    return {"scope": found.scope.value, "spread": found.spread.value}


def _task(task: TaskToOpen) -> dict[str, Any]:
    named = {"id": task.task_id, "kind": task.kind, "element": task.element, "role": task.role}
    return named | {"due": task.due, "why": task.why, "about": task.about}
