"""Every activity under the name that the diagrams use: a new one is a function and a row here.

This is the only module that knows how Temporal wants activities. Each runs once a step, in one transaction, in the
process's name; what fails is said without anybody's data.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from prometheus_client import Counter, Histogram
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities import (
    cleaning,
    closing,
    customer,
    escalation,
    grading,
    nurture,
    owners,
    planning,
    repair,
    rest,
    routing,
    shadow,
)
from activities.tables import Tables
from activities.work import BpmnError, Result, Work
from leads.actors import EVERYTHING, PROCESS
from leads.contracts import BPMN_ERROR, Settlement, Step, Withdrawal
from leads.errors import BatonError, Unavailable
from store import leads, ledger
from store.ledger import Ledger
from store.session import Database

log = structlog.get_logger("activities")

SECONDS = Histogram(
    "baton_activity_seconds",
    "Time that an activity took, its transaction included",
    ["activity"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
FAILURES = Counter("baton_activity_failures", "Failed attempts of activities", ["activity", "kind"])

Activity = Callable[[Work], Awaitable[Result]]

ACTIVITIES: dict[str, Activity] = {
    "clean": cleaning.clean,
    "find_duplicates": cleaning.find_duplicates,
    "attach_duplicate": cleaning.attach_duplicate,
    "grade": grading.grade,
    "decide": grading.decide,
    "dispatch": routing.dispatch,
    "assign": routing.assign,
    "enter_pool": owners.enter_pool,
    "leave_pool": owners.leave_pool,
    "expire_pool": owners.expire_pool,
    "keep_choice": owners.keep_choice,
    "take_over": owners.take_over,
    "plan_task": planning.plan_task,
    "climb": escalation.climb,
    "close": closing.close,
    "ask_confirmation": closing.ask_confirmation,
    "reopen": closing.reopen,
    "plan_recall": closing.plan_recall,
    "archive": closing.archive,
    "reactivate": closing.reactivate,
    "plan_nurture": nurture.plan_nurture,
    "send_material": nurture.send_material,
    "note_intent": nurture.note_intent,
    "refresh_customer": customer.refresh_customer,
    "announce_interest": customer.announce_interest,
    "erase": customer.erase,
    "send_message": rest.send_message,
    "throw_signal": rest.throw_signal,
    "record_incident": rest.record_incident,
    "record_migration": repair.record_migration,
}
"""Activities of diagrams, and those that the host sends on a diagram's behalf."""

PATIENCE = 3
"""Attempts after which an error that is no outage counts as a mistake that no retry mends: it becomes an incident."""


def activities_with(db: Database, tables: Tables | None = None) -> list[Callable[..., Any]]:
    """All activities, for a Temporal worker. Activities of one worker share what they know of the tables."""
    known = tables or Tables()
    named = [_of_step(name, db, known) for name in ACTIVITIES]
    return [*named, *_of_rest(db)]


async def perform(db: Database, tables: Tables, name: str, step: Step) -> Result:
    """Executes a step once: the second time, the first one's result is given and nothing changes.

    Raises what the activity raises; ``NotFound`` without the lead, ``Unavailable`` while the database is away.
    """
    async with db.transaction(PROCESS, EVERYTHING) as tx:
        opened = await leads.open_step(tx, step.lead_id, step.key)
        if opened.executed is not None:
            return opened.executed
        await tables.refresh(tx, opened.tables)
        work = Work(tx, step, opened.lead, tables, Ledger(step.at, step.element, str(tx.actor)))
        result = ledger.plain(await ACTIVITIES[name](work))
        asked = shadow.ask(tables, work.ledger)
        await ledger.write(tx, step, result, work.ledger)
    shadow.count(asked)
    return result


def _of_step(name: str, db: Database, tables: Tables) -> Callable[..., Any]:
    @activity.defn(name=name)
    async def run(step: Step) -> dict[str, Any]:
        return await _watched(name, step.lead_id, step.element, lambda: perform(db, tables, name, step))

    return run


def _of_rest(db: Database) -> list[Callable[..., Any]]:
    @activity.defn(name="settle")
    async def settle(settlement: Settlement) -> bool:
        return await _watched("settle", settlement.lead_id, "", lambda: rest.settle(db, settlement))

    @activity.defn(name="withdraw")
    async def withdraw(withdrawal: Withdrawal) -> bool:
        return await _watched("withdraw", withdrawal.lead_id, "", lambda: rest.withdraw(db, withdrawal))

    return [settle, withdraw]


async def _watched(name: str, lead_id: str, element: str, run: Callable[[], Awaitable[Any]]) -> Any:
    """Measures, logs, and turns every failure into one that Temporal may keep: a type and a code, nobody's data."""
    begun = time.perf_counter()
    try:
        result = await run()
    except Exception as failure:
        said = _said(failure, activity.info().attempt)
        FAILURES.labels(name, said.type).inc()
        where = {"activity": name, "lead": lead_id, "element": element}
        log.warning("activity failed", **where, kind=said.type, code=said.message, at=_place(failure))
        raise said from None
    took = time.perf_counter() - begun
    SECONDS.labels(name).observe(took)
    log.debug("activity", activity=name, lead=lead_id, element=element, ms=round(took * 1000, 1))
    return result


def _said(failure: Exception, attempt: int) -> ApplicationError:
    if isinstance(failure, BpmnError):
        return ApplicationError(failure.code, failure.code, type=BPMN_ERROR, non_retryable=True)
    if isinstance(failure, Unavailable):
        return ApplicationError(failure.code, type="Unavailable")
    if isinstance(failure, BatonError):
        return ApplicationError(failure.code, type=type(failure).__name__, non_retryable=True)
    # The text of a foreign exception may repeat values; its type and place say enough.
    name = type(failure).__name__
    return ApplicationError(name, type=name, non_retryable=attempt >= PATIENCE)


def _place(failure: Exception) -> str:
    """Where in Baton's own code it happened: file and line of the innermost frames."""
    frames: list[str] = []
    traceback = failure.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if "site-packages" not in code.co_filename:
            frames.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{traceback.tb_lineno}")
        traceback = traceback.tb_next
    return " > ".join(frames[-4:])
