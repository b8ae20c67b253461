"""A worker that dies where a test says: the real one, wrapped from outside, since production code
has no hooks.

It kills itself (SIGKILL) the first time that it comes by its point; with no point, or one that it
never reaches, it is a worker like any other. Workers are forked from a server that has imported
everything: a fresh interpreter would cost two seconds of computing each.
"""

from __future__ import annotations

import asyncio
import functools
import os
import signal
from collections.abc import Callable
from datetime import timedelta
from logging import DEBUG, INFO, getLogger
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from sqlalchemy import text
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RetryConfig
from temporalio.worker import Worker

import worker
from activities import ahead, executing, registry, rest
from cases.parents import on_parents_death
from domain.work import Result, Work
from server import logging, relay, serving
from server.settings import load
from store.engine import delivery, ledger, notifications, wake_ups
from store.engine.ledger import Ledger
from workflows import host, stretch
from workflows.bpmn import ActivityDone, TaskDone

When = Callable[..., bool]


def die() -> None:
    """What a power cut does."""
    os.kill(os.getpid(), signal.SIGKILL)


def be_asked_to_stop() -> None:
    """What a deployment does."""
    os.kill(os.getpid(), signal.SIGTERM)


def before(owner: Any, name: str, when: When, happens: Callable[[], None] = die) -> None:
    """Makes something happen when ``owner.name`` is called with arguments of which ``when`` is
    true."""

    def come_by(arguments: tuple[Any, ...]) -> None:
        if when(*arguments):
            happens()

    _wrap(owner, name, come_by, lambda result, arguments: None)


def after(owner: Any, name: str, when: When, happens: Callable[[], None] = die) -> None:
    """The same once the call has come back; ``when`` gets the result before the arguments."""

    def come_back(result: Any, arguments: tuple[Any, ...]) -> None:
        if when(result, *arguments):
            happens()

    _wrap(owner, name, lambda arguments: None, come_back)


def _wrap(
    owner: Any,
    name: str,
    ahead: Callable[[tuple[Any, ...]], None],
    behind: Callable[[Any, tuple[Any, ...]], None],
) -> None:
    original = getattr(owner, name)

    @functools.wraps(original)
    async def later(*arguments: Any, **more: Any) -> Any:
        ahead(arguments)
        result = await original(*arguments, **more)
        behind(result, arguments)
        return result

    @functools.wraps(original)
    def now(*arguments: Any, **more: Any) -> Any:
        ahead(arguments)
        result = original(*arguments, **more)
        behind(result, arguments)
        return result

    setattr(owner, name, later if asyncio.iscoroutinefunction(original) else now)


def always(*_: Any) -> bool:
    return True


SOON = timedelta(seconds=3)
"""When another worker gets a dead one's task."""


def hurry() -> None:
    """Has a dead worker's tasks come to another one ``SOON``, and calls to a dead Temporal fail in
    a second.

    The first takes five seconds by itself, the second ten. A build id that is given is not worked
    out from all code, which takes half a second.
    """
    relay.TAKEN_OVER = SOON  # type: ignore[misc]
    worker.Worker = functools.partial(Worker, build_id="tests")  # type: ignore[misc]
    impatient = RetryConfig(max_elapsed_time_millis=1000)
    Client.connect = functools.partial(Client.connect, retry_config=impatient)  # type: ignore[method-assign,assignment]


def _stop_while_assigning() -> None:
    before(ahead, "execute", lambda tx, name, *_: name == "assign", be_asked_to_stop)


def _die_while_stopping() -> None:
    _stop_while_assigning()
    before(Worker, "shutdown", always)


RELAY: dict[str, Callable[[], None]] = {
    "claimed_not_delivered": lambda: after(delivery, "claim", lambda batch, *_: bool(batch)),
    "first_of_several_started": lambda: after(Client, "start_workflow", always),
    "started_not_marked": lambda: before(delivery, "delivered", always),
    "signalled_not_marked": lambda: after(WorkflowHandle, "signal", always),
}
"""From the store to Temporal."""

STEPS: dict[str, Callable[[], None]] = {
    "deciding": lambda: before(Ledger, "decided", lambda self, key, *_: key == "grade"),
    "dispatch_executed": lambda: after(ahead, "execute", lambda done, tx, name, *_: name == "dispatch"),
    "between_two_steps": lambda: after(
        stretch, "step", lambda result, program, state, event, at: isinstance(event, ActivityDone)
    ),
    "assign_written_not_committed": lambda: _written("assign"),
    "settled_not_committed": lambda: after(rest, "come_to_rest", always),
    "noted_not_committed": lambda: after(wake_ups, "sweep", always),
    "committed": lambda: after(ahead, "advance", always),
    "gone_over": lambda: after(host.ProcessHost, "_go_over", always),
}
"""Inside a wake-up's transaction; it is over, and Temporal does not know it yet."""

TIME: dict[str, Callable[[], None]] = {
    "handed_over": lambda: after(ahead, "execute", lambda done, *_: done.result.get("action") == "hand_over"),
    "deadline_committed": lambda: after(ahead, "advance", lambda done, db, tables, wake: wake.cause.what == "timer"),
    "told_not_marked": lambda: before(notifications, "delivered", lambda tx, ids, at: bool(ids)),
    "asked_to_stop": _stop_while_assigning,
    "stopping": _die_while_stopping,
}
"""Deadlines, notifications, deployments."""


async def _quote_the_customer(work: Work) -> Result:
    """What a careless line of code does: an exception that says all there is to say about
    somebody."""
    row = await work.tx.session.execute(
        text("SELECT c.name, c.phone, c.wechat, l.raw FROM whole_leads l JOIN customers c ON c.id = l.customer_id")
    )
    raise ValueError(f"cannot assign {row.all()}")


SLIPS: dict[str, Callable[[], None]] = {
    "careless": lambda: setattr(executing, "ACTIVITIES", {**executing.ACTIVITIES, "assign": _quote_the_customer}),
}
"""No death, but a mistake; it stays until the worker is killed."""

ROUNDS: dict[str, Callable[[], None]] = {
    "part_written_not_committed": lambda: _written("run_asked"),
    "part_committed": lambda: after(registry, "perform", lambda result, db, tables, name, *_: name == "run_round"),
}
"""Scheduled work."""

TICKETS: dict[str, Callable[[], None]] = {
    "classify_written_not_committed": lambda: _written("classify"),
    "ticket_settled": lambda: after(
        rest, "come_to_rest", lambda none, tx, tables, at_rest, *_: at_rest.kind == "ticket"
    ),
    "ticket_committed": lambda: after(ahead, "advance", lambda done, db, tables, wake: wake.kind == "ticket"),
    "task_done": lambda: before(stretch, "step", lambda program, state, event, *_: isinstance(event, TaskDone)),
    "close_written_not_committed": lambda: _written("close"),
    "close_committed": lambda: after(
        ahead, "advance", lambda done, db, tables, wake: wake.kind == "ticket" and wake.applied > 1
    ),
}
"""The same about a ticket: classified, at rest, a task of it completed, closed."""


def _written(element: str) -> None:
    """What a step at an element leaves has been written: by itself, or together with a rest."""
    after(ledger, "write", lambda none, tx, case_id, book: _of(element, book))
    after(rest, "come_to_rest", lambda none, tx, tables, at_rest, *book: any(_of(element, one) for one in book))


def _of(element: str, book: Ledger) -> bool:
    """Whether a step at an element leaves this."""
    return any(one["element"] == element for one in book.executed)


POINTS = RELAY | STEPS | TIME | SLIPS | ROUNDS | TICKETS

LOUD = "TEST_LOUD"
"""A variable that has every library say all it has to say (SQLAlchemy up to INFO: below, it prints
rows)."""

LIBRARIES = dict.fromkeys(("temporalio", "temporalio.worker", "uvicorn", "asyncio", "asyncpg", "httpx"), DEBUG)
LIBRARIES |= dict.fromkeys(("sqlalchemy", "sqlalchemy.engine", "sqlalchemy.pool"), INFO)


def employ(part: str, point: str | None, env: dict[str, str], output: str) -> None:
    """What a new process does: runs the ``worker`` or the ``api`` with these variables, its words
    in a file."""
    on_parents_death(signal.SIGKILL)
    with Path(output).open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.environ.clear()
    os.environ.update(env)
    settings = load()
    logging.configure(part, settings.log_level, settings.log_format)
    if env.get(LOUD):
        for library, level in LIBRARIES.items():
            getLogger(library).setLevel(level)
    hurry()
    if point is not None:
        POINTS[point]()
    asyncio.run(worker.run(settings) if part == "worker" else serving.serve(settings), debug=bool(env.get(LOUD)))


_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload([__name__])


class Process:
    """A running part of Baton."""

    def __init__(self, part: str, point: str | None, env: dict[str, str], output: Path) -> None:
        self._process = _CONTEXT.Process(target=employ, args=(part, point, env, str(output)), daemon=True)
        self._process.start()

    async def end(self) -> int:
        """Waits for its end; gives the exit code, negative for a signal."""
        loop, gone = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._process.sentinel, gone.set)
        try:
            await gone.wait()
        finally:
            loop.remove_reader(self._process.sentinel)
        self._process.join()
        assert self._process.exitcode is not None
        return self._process.exitcode

    @property
    def runs(self) -> bool:
        return self._process.is_alive()

    def kill(self) -> None:
        self._process.kill()

    async def stop(self, patience: float = 25.0) -> int:
        """Asks it to end, and sees to it that it does."""
        self._process.terminate()
        try:
            return await asyncio.wait_for(self.end(), patience)
        except TimeoutError:
            self._process.kill()
            return await self.end()
