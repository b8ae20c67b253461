"""``baton backtest``: a table's file on the past decisions of this Baton's database, without an API
or a worker."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TextIO
from uuid import UUID

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from cases.actors import EVERYTHING, SYSTEM
from cases.clock import SystemClock
from cases.errors import Conflict, Unavailable
from cli.commands.backtest_report import report
from cli.commands.files import content, say
from domain.backtests import export
from domain.backtests import reads as views
from domain.backtests.reads import BacktestView
from domain.cleaning.instant import read_instant
from rules import Decision, TableRefused, read_table
from rules.feel import FeelError
from server.backtests import Backtests
from server.problems import StartProblem
from server.settings import load
from store.engine import clock as clock_row
from store.session import Database, Tx
from store.tables import backtests, past

LOOK = 0.2  # seconds between two looks at how far it is


Period = tuple[datetime, datetime | None]
"""Since when, and up to when; None is now."""


def run(file: Path, since: str, until: str | None = None, *, key: str | None = None, out: Path | None = None) -> int:
    """Tries the file's table on the period and prints what would have changed; 1 if it could not be
    done.

    Raises StartProblem: the file, the period or the database is not as it has to be.
    """
    xml = content(file)
    decision = _table(file, xml, key)
    period = _instant("since", since), None if until is None else _instant("until", until)
    url = load().database()
    return asyncio.run(_run(url, xml, decision, period, out))


async def _run(url: str, xml: bytes, decision: Decision, period: Period, out: Path | None) -> int:
    database = Database(url, pool_size=2)
    try:
        backtest_id = await _ask(database, xml, decision, period)
        await _work(database, backtest_id)
        async with database.transaction(SYSTEM, EVERYTHING) as tx:
            found = await views.whole(tx, await backtests.one(tx, backtest_id), "en")
        say(report(found))
        if out is not None:
            say([f"{out}: {await _write(database, found, out)} changes"])
        return 0 if found.backtest.state == "done" else 1
    except Unavailable as failure:
        raise StartProblem("the database does not answer", "start it first (make run)") from failure
    finally:
        await database.close()


async def _ask(database: Database, xml: bytes, decision: Decision, period: Period) -> UUID:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        at = SystemClock(await clock_row.load(tx)).now()
        since, until = period[0], period[1] or at
        await _check(tx, decision, since, until, at)
        sha256 = hashlib.sha256(xml).hexdigest()
        return (await backtests.create(tx, decision.key, xml, sha256, since, until, at)).id


async def _check(tx: Tx, decision: Decision, since: datetime, until: datetime, at: datetime) -> None:
    if until <= since:
        raise StartProblem("the period ends before it begins", "give an --until after --since")
    if until > at:
        raise StartProblem("the period lies in the future", "give an --until that has been")
    stored = await past.stored_inputs(tx, decision.key, since, until)
    if stored is None:
        raise StartProblem(f"{decision.key} decided nothing in this period", "choose a longer one")
    if missing := [name for name in decision.inputs if name not in stored]:
        cure = "use the inputs that the table has, or choose a later period"
        raise StartProblem(f"past decisions did not keep {', '.join(missing)}", cure)


async def _work(database: Database, backtest_id: UUID) -> None:
    """Does the parts in processes of this command's own, beside workers that may be there, and
    shows how far it is."""
    hands = Backtests(database, only=backtest_id, poll=LOOK, niceness=0)
    working = asyncio.create_task(hands.run())
    try:
        await _watch(database, backtest_id)
    except asyncio.CancelledError:  # Ctrl-C
        with contextlib.suppress(Conflict):
            async with database.transaction(SYSTEM, EVERYTHING) as tx:
                await backtests.cancel(tx, backtest_id)
        raise
    finally:
        hands.stop()
        with contextlib.suppress(asyncio.CancelledError):
            await working


async def _watch(database: Database, backtest_id: UUID) -> None:
    bar = Progress(
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} decisions"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not Console(stderr=True).is_terminal,
    )
    with bar:
        shown = bar.add_task("", total=1)
        while True:
            async with database.transaction(SYSTEM, EVERYTHING) as tx:
                found = await backtests.one(tx, backtest_id)
                far = await backtests.progress(tx, found)
            bar.update(shown, completed=far.done, total=far.total or 1)
            if found.ended_at is not None:
                return
            await asyncio.sleep(LOOK)


async def _write(database: Database, found: BacktestView, out: Path) -> int:
    """Writes the lines as CSV; gives their number."""
    with _opened(out) as written:
        async for part in export.table(database, SYSTEM, EVERYTHING, found.backtest.id, "en"):
            written.write(part)
    return sum(found.totals.changed.values())


@contextlib.contextmanager
def _opened(out: Path) -> Iterator[TextIO]:
    try:
        with out.open("w", encoding="utf-8", newline="") as file:
            yield file
    except OSError as failure:
        raise StartProblem(f"{out} cannot be written ({failure.strerror})") from failure


def _table(file: Path, xml: bytes, key: str | None) -> Decision:
    try:
        known = {one.key: one for one in read_table(xml)}
    except TableRefused as refused:
        raise StartProblem(f"{file} cannot be read", f"{refused.problems[0]}") from refused
    except FeelError as refused:  # an output that cannot be computed
        raise StartProblem(f"{file} cannot be read", f"{refused}") from refused
    if key is None and len(known) == 1:
        return next(iter(known.values()))
    if key is None or key not in known:
        cure = "say which with --table" if key is None else "name one of these with --table"
        raise StartProblem(f"{file} holds {', '.join(known)}", cure)
    return known[key]


def _instant(name: str, text: str) -> datetime:
    found = read_instant(text)
    if found is None:
        raise StartProblem(f"--{name} {text} is no date", "write it like 2026-10-01 or 2026-10-01T08:00:00+08:00")
    return found
