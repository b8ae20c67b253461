"""Activities in the form that Temporal calls: each of ``activities.catalogue`` runs its steps
through here.

Nothing else here depends on that form. Each runs once a step, in one transaction, in the
process's name; what fails is said without anybody's data.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import structlog
from prometheus_client import Counter
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities import ahead, rest, shadow
from activities.catalogue import ACTIVITIES
from activities.executing import SECONDS, execute
from cases.actors import EVERYTHING, PROCESS
from cases.contracts import BPMN_ERROR, INPUT_REFUSED, TOO_MUCH, Advanced, Settlement, Step, WakeUp, Withdrawal
from cases.errors import BatonError, Unavailable
from cases.states import CaseKind
from domain.rounds.registry import AS_SHIPPED, House
from domain.tables import Tables
from domain.work import BpmnError, InputRefused, NotOffered, Result
from rules.feel import FeelTooMuch
from store.engine import cases, ledger
from store.engine.cases import CaseRow, Opened
from store.leads import leads
from store.leads.leads import LeadRow
from store.session import Database, Tx

log = structlog.get_logger("activities")

FAILURES = Counter("baton_activity_failures", "Failed attempts of activities", ["activity", "kind"])

PATIENCE = 3
"""Attempts after which an error that is no outage counts as a mistake that no retry mends: it
becomes an incident."""


def activities_with(db: Database, tables: Tables | None = None, house: House = AS_SHIPPED) -> list[Callable[..., Any]]:
    """All activities, for a Temporal worker. Activities of one worker share what they know of the
    tables."""
    known = tables or Tables()
    named = [_of_step(name, db, known, house) for name in ACTIVITIES]
    return [*named, *_of_rest(db, known), _of_wake_up(db, known, house)]


async def perform(db: Database, tables: Tables, name: str, step: Step, *, house: House = AS_SHIPPED) -> Result:
    """Executes a step once: the second time, the first one's result is given and nothing changes.

    Raises what ``executing.execute`` raises; ``NotFound`` without the case, ``Unavailable`` while
    the database is away.
    """
    async with db.transaction(PROCESS, EVERYTHING) as tx:
        opened = await _open(tx, step)
        if opened.before is not None:
            return opened.before
        await tables.refresh(tx, opened.tables)
        done = await execute(tx, name, step, opened.case, tables, house, {})
        await ledger.write(tx, opened.case.id, done.ledger)
    shadow.count(done.asked)
    return done.result


async def _open(tx: Tx, step: Step) -> Opened[LeadRow | CaseRow]:
    """The step's case, locked: a lead with what only leads have."""
    if step.kind == CaseKind.LEAD:
        return await leads.open_step(tx, step.case_id, step.key)
    return await cases.open_step(tx, step.case_id, step.kind, step.key)


def _of_step(name: str, db: Database, tables: Tables, house: House) -> Callable[..., Any]:
    @activity.defn(name=name)
    async def run(step: Step) -> dict[str, Any]:
        return await _watched(name, step, step.element, lambda: perform(db, tables, name, step, house=house))

    return run


def _of_rest(db: Database, tables: Tables) -> list[Callable[..., Any]]:
    @activity.defn(name="settle")
    async def settle(settlement: Settlement) -> bool:
        return await _watched("settle", settlement, "", lambda: rest.settle(db, tables, settlement))

    @activity.defn(name="withdraw")
    async def withdraw(withdrawal: Withdrawal) -> bool:
        return await _watched("withdraw", withdrawal, "", lambda: rest.withdraw(db, withdrawal))

    return [settle, withdraw]


def _of_wake_up(db: Database, tables: Tables, house: House) -> Callable[..., Any]:
    @activity.defn(name="advance")
    async def advance(wake: WakeUp) -> Advanced:
        told: Advanced = await _watched("advance", wake, "", lambda: ahead.advance(db, tables, wake, house=house))
        return replace(told, leaves_timers=True)

    return advance


async def _watched(
    name: str, told: Step | Settlement | Withdrawal | WakeUp, element: str, run: Callable[[], Awaitable[Any]]
) -> Any:
    """Measures, logs, and turns every failure into one that Temporal may keep: a type and a code,
    nobody's data."""
    begun = time.perf_counter()
    try:
        result = await run()
    except Exception as failure:
        said = _said(failure, activity.info().attempt)
        FAILURES.labels(name, said.type).inc()
        where = {"activity": name, told.kind: told.case_id, "element": element}
        log.warning("activity failed", **where, kind=said.type, code=said.message, at=_place(failure))
        raise said from None
    took = time.perf_counter() - begun
    SECONDS.labels(name).observe(took)
    log.debug("activity", activity=name, **{told.kind: told.case_id}, element=element, ms=round(took * 1000, 1))
    return result


def _said(failure: Exception, attempt: int) -> ApplicationError:
    if isinstance(failure, BpmnError):
        return ApplicationError(failure.code, failure.code, type=BPMN_ERROR, non_retryable=True)
    if isinstance(failure, InputRefused | NotOffered):
        return ApplicationError(failure.words, failure.words, type=INPUT_REFUSED, non_retryable=True)
    if isinstance(failure, Unavailable):
        return ApplicationError(failure.code, type="Unavailable")
    if isinstance(failure, BatonError):
        return ApplicationError(failure.code, type=type(failure).__name__, non_retryable=True)
    if isinstance(failure, FeelTooMuch):  # the same steps would be counted again
        return ApplicationError(failure.bound.name, type=TOO_MUCH, non_retryable=True)
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
