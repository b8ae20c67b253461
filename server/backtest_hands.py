"""The process that does a back-test's work: takes a part, tries it, writes what it found, takes the
next one.

It is a process of its own, since a part keeps a core busy: the worker that started it goes on
answering. It holds nothing that matters: whoever ends it loses the part that it was at, and
somebody else takes that part again.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from multiprocessing.connection import Connection
from uuid import UUID

import rules
from cases.actors import EVERYTHING, SYSTEM
from cases.calendar import Calendars
from cases.errors import Unavailable
from cases.parents import on_parents_death
from domain.policy.again import Trial
from domain.policy.backtest import Backtest, ChangedDecision, Findings, concerned
from domain.policy.totals import added
from store.network import hours
from store.session import Database, Tx
from store.tables import backtest_parts, backtest_peaks, backtests, definitions, past
from store.tables.backtest_parts import Part

PAUSE = 0.3  # seconds between two looks when others hold what is left
IDLE = 5.0  # seconds without any work after which the process ends; one that is there need not be started


class Hands:
    """Does parts. Only those of one back-test if one is named."""

    def __init__(self, database: Database, only: UUID | None = None) -> None:
        self._database = database
        self._only = only
        self._bench: _Bench | None = None

    async def part(self) -> int | None:
        """Do one part and give the number of its decisions; None if there is none to take.

        What cannot be tried at all ends its back-test with the reason. Raises ``Unavailable``.
        """
        async with self._database.transaction(SYSTEM, EVERYTHING) as tx:
            await backtest_parts.plan(tx, concerned, only=self._only)
        at: UUID | None = None
        try:
            async with self._database.transaction(SYSTEM, EVERYTHING) as tx:
                part = await backtest_parts.take(tx, self._only)
                if part is None:
                    return None
                at = part.backtest.id
                await self._try(tx, part)
                return part.size
        except Unavailable:
            raise
        except Exception as failure:
            if at is None:
                raise
            # Texts of exceptions may quote stored values; the type says enough to look for it.
            await self._give_up(at, "unreadable" if isinstance(failure, rules.RulesError) else "failed", failure)
            return 0

    async def _try(self, tx: Tx, part: Part) -> None:
        if self._bench is None or self._bench.of != part.backtest.id:
            self._bench = await _bench(tx, part.backtest)
        bench, asked = self._bench, part.backtest
        run = Backtest(asked.key, bench.draft, bench.version, Findings(bench.calendars, asked.asked_at))
        leads = past.by_lead(tx, concerned(asked.key), asked.since, asked.until, part.first_lead, part.last_lead)
        async for lead in leads:
            run.lead(lead)
        lines = ({name: getattr(line, name) for name in ChangedDecision.__slots__} for line in run.found.lines)
        if await backtest_parts.write(tx, part, lines, run.found.totals.tree()):
            whole = added(await backtests.found_by_parts(tx, asked.id))
            if "dealers" in whole:
                whole["peaks"] = await backtest_peaks.peaks(tx, asked)
            await backtest_parts.keep_totals(tx, asked.id, whole)

    async def _give_up(self, backtest_id: UUID, code: str, failure: Exception) -> None:
        async with self._database.transaction(SYSTEM, EVERYTHING) as tx:
            await backtests.fail(tx, backtest_id, code, type(failure).__name__)


class _Bench:
    """What the parts of one back-test have in common, read once."""

    def __init__(self, of: UUID, draft: Trial, files: dict[tuple[str, int], bytes], calendars: Calendars) -> None:
        self.of = of
        self.draft = draft
        self.calendars = calendars
        self._files = files
        self._read: dict[tuple[str, int], Trial | None] = {}

    def version(self, key: str, number: int) -> Trial | None:
        """A published version, to be asked; None if it is not there or cannot be read any more."""
        known = (key, number)
        if known not in self._read:
            self._read[known] = _trial(self._files.get(known, b""), key)
        return self._read[known]


async def _bench(tx: Tx, asked: backtests.Backtest) -> _Bench:
    draft = next(one for one in rules.read_table(await backtests.xml(tx, asked.id)) if one.key == asked.key)
    wanted = concerned(asked.key)
    files = {(one.key, one.version): one.xml for one in await definitions.tables(tx) if one.key in wanted}
    return _Bench(asked.id, Trial(draft), files, await hours.calendars(tx))


def _trial(xml: bytes, key: str) -> Trial | None:
    try:
        return next((Trial(one) for one in rules.read_table(xml) if one.key == key), None)
    except rules.RulesError:
        return None


def main(url: str, only: UUID | None, niceness: int, speak: Connection) -> None:
    """The process: does parts until there have been none for a while; says the size of each."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; who started this one ends it
    on_parents_death(signal.SIGKILL)
    os.nice(niceness)
    asyncio.run(_work(url, only, speak))


async def _work(url: str, only: UUID | None, speak: Connection) -> None:
    database = Database(url, pool_size=1, statement_seconds=600)
    hands = Hands(database, only)
    idle_since = time.monotonic()
    try:
        while time.monotonic() - idle_since < IDLE:
            try:
                size = await hands.part()
            except Unavailable:
                size = None
            if size is None:
                await asyncio.sleep(PAUSE)
                continue
            idle_since = time.monotonic()
            speak.send(size)
    finally:
        await database.close()
