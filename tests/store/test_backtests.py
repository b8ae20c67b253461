"""Back-tests in the store: parts that nobody loses, progress, an end with a reason."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from cases.actors import EVERYTHING, SYSTEM
from cases.errors import Conflict
from domain.policy.backtest import concerned
from store.listing import Window
from store.session import Database
from store.tables import backtest_lines, backtest_parts, backtests
from tests.store.births import AT
from tests.store.decided import SHORTER_A, asked, done, graded, outcome

A = {"grade": "A", "reason": "within_15_days"}
B = {"grade": "B", "reason": "within_30_days"}


async def test_a_back_test_finds_whose_grade_would_be_another(database: Database) -> None:
    leads = await graded(database, 9, 12, 14)
    backtest = await asked(database)

    assert await done(database) == 1

    state, whole, lines = await outcome(database, backtest)
    assert (state, whole["leads"], whole["matrix"]) == ("done", 3, {"grade": {"A": {"A": 1, "B": 2}}})
    assert lines == [(lead, "grade", A, B) for lead in leads[1:]]


async def test_only_the_period_counts_and_an_empty_one_is_done_at_once(database: Database) -> None:
    leads = await graded(database, 12, 12, 12)
    hour = timedelta(hours=1)
    some = await asked(database, since=AT + hour, until=AT + 2 * hour)
    none = await asked(database, since=AT + 9 * hour, until=AT + 10 * hour)

    await done(database)
    await done(database)

    assert [line[0] for line in (await outcome(database, some))[2]] == [leads[1]]
    assert await outcome(database, none) == ("done", {}, [])


async def test_many_parts_find_what_one_would(database: Database) -> None:
    leads = await graded(database, *range(6, 16))
    backtest = await asked(database)
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        await backtest_parts.plan(tx, concerned, size=3)

    assert await done(database) == 4

    state, whole, lines = await outcome(database, backtest)
    assert (state, whole["leads"], whole["decisions"]) == ("done", 10, 10)
    assert whole["matrix"] == {"grade": {"A": {"A": 5, "B": 5}}}
    assert [line[0] for line in lines] == leads[5:]


async def test_a_part_is_one_processs_at_a_time_and_left_to_the_next_when_it_dies(database: Database) -> None:
    await graded(database, *range(6, 16))
    backtest = await asked(database)
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        await backtest_parts.plan(tx, concerned, size=5)

    with pytest.raises(RuntimeError):
        async with database.transaction(SYSTEM, EVERYTHING) as dying:
            first = await backtest_parts.take(dying)
            assert first is not None
            async with database.transaction(SYSTEM, EVERYTHING) as other:
                second = await backtest_parts.take(other)
                assert second is not None and second.number != first.number
                async with database.transaction(SYSTEM, EVERYTHING) as third:
                    assert await backtest_parts.take(third) is None
            line = {
                "decision_id": backtest.id,
                "kind": "grade",
                "case_id": first.first_lead,
                "at": AT,
                "old": {},
                "new": {},
            }
            await backtest_parts.write(dying, first, [line], {"leads": 99})
            raise RuntimeError("dies before it commits")

    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        assert (await backtests.progress(tx, await backtests.one(tx, backtest.id))) == backtests.Progress(0, 10)
    assert await done(database) == 2
    state, whole, lines = await outcome(database, backtest)
    assert (state, whole["leads"], len(lines)) == ("done", 10, 5)


async def test_parts_that_write_at_once_do_not_wait_for_each_other(database: Database) -> None:
    await graded(database, *range(6, 16))
    backtest = await asked(database)
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        await backtest_parts.plan(tx, concerned, size=5)

    async with database.transaction(SYSTEM, EVERYTHING) as slow:
        other = await backtest_parts.take(slow)
        assert other is not None
        some = text(
            "INSERT INTO backtest_lines (backtest_id, decision_id, kind, case_id, at)"
            " SELECT :id, id, 'grade', case_id, at FROM decisions WHERE case_id = :lead"
        )
        await slow.session.execute(some, {"id": backtest.id, "lead": other.first_lead})
        async with asyncio.timeout(10):
            assert await done(database) == 1

    assert await done(database) == 1
    assert (await outcome(database, backtest))[0] == "done"


async def test_progress_counts_the_decisions_of_parts_that_are_done(database: Database) -> None:
    await graded(database, 9, 12, 14)
    backtest = await asked(database)

    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        assert await backtests.progress(tx, backtest) == backtests.Progress(0, None)
        assert await backtests.running(tx) == (backtest.id,)
    await done(database)

    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        ended = await backtests.one(tx, backtest.id)
        assert await backtests.progress(tx, ended) == backtests.Progress(3, 3)
        assert ended.began_at and ended.ended_at and await backtests.running(tx) == ()


async def test_a_cancelled_one_goes_no_further_and_keeps_what_it_found(database: Database) -> None:
    leads = await graded(database, 12, 13, 14)
    backtest = await asked(database)
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        await backtest_parts.plan(tx, concerned, size=1)

    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        part = await backtest_parts.take(tx)
        assert part is not None
        async with database.transaction(SYSTEM, EVERYTHING) as other:
            await backtests.cancel(other, backtest.id)
        line = {"decision_id": leads[0], "kind": "grade", "case_id": leads[0], "at": AT, "old": A, "new": B}
        assert not await backtest_parts.write(tx, part, [line], {"leads": 1})

    assert await done(database) == 0
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        assert (await backtests.one(tx, backtest.id)).state == "cancelled"
        assert await backtests.totals(tx, backtest.id) == ({}, ({"leads": 1},))
        with pytest.raises(Conflict):
            await backtests.cancel(tx, backtest.id)


async def test_what_cannot_be_read_fails_with_a_reason_and_holds_up_no_other(database: Database) -> None:
    await graded(database, 12)
    broken = await asked(database, "grade", SHORTER_A, ('hitPolicy="FIRST"', 'hitPolicy="LAST"'))
    sound = await asked(database)

    await done(database)

    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        failed = await backtests.one(tx, broken.id)
    assert (failed.state, failed.problem) == ("failed", {"code": "unreadable", "detail": "TableRefused"})
    assert (await outcome(database, sound))[0] == "done"


async def test_lines_are_read_on_from_where_a_page_ended(database: Database) -> None:
    await graded(database, *([12] * 5))
    backtest = await asked(database)
    await done(database)

    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        first = await backtest_lines.lines(tx, backtest.id, Window(3, total=True))
        rest = await backtest_lines.lines(tx, backtest.id, Window(3, first.last))
        of_one = await backtest_lines.lines(tx, backtest.id, Window(3), lead=first.items[1].case_id)
        assert (await backtest_lines.lines(tx, backtest.id, Window(3), kind="dealer")).items == ()

    assert len({line.decision_id for line in (*first.items, *rest.items)}) == 5 == first.total
    assert of_one.items == (first.items[1],) and rest.last is None
