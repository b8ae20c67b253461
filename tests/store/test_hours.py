"""Working hours as they are kept: whose hold, since when, and the calendars that clocks refer to
(A10)."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from cases.actors import EVERYTHING, SYSTEM
from cases.calendar import WORKING_WEEK, Hours, Week
from cases.parties import Party, Team
from cases.weekly import read_week
from store.network import hours
from store.network.network_seed import dealer_id
from store.session import Database

AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
BJ01 = Party(Team.DEALER, dealer_id=dealer_id("BJ01"))
MONDAY, NEXT_MONDAY, SUNDAY = date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 8)
DAILY: Hours = ((time(8, 30), time(18)),)
SHIFTS = ((time(10), time(12)), (time(13), time.max))


async def look(database: Database, party: Party, at: datetime = AT) -> hours.Kept:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        return await hours.calendar(tx, party, at)


async def keep(database: Database, party: Party, week: Week) -> None:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        await hours.keep(tx, party, week)


async def sql(database: Database, statement: str, **values: Any) -> None:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        await tx.session.execute(text(statement), values)


@pytest.mark.parametrize(
    ("party", "monday", "sunday"),
    [
        (BJ01, DAILY, DAILY),
        (Party(Team.REGION, region="NORTH"), WORKING_WEEK[0], ()),
        (Party(Team.CALL_CENTRE), ((time(9), time(21)),), ((time(9), time(21)),)),
        (Party(Team.HEAD_OFFICE), WORKING_WEEK[0], ()),
    ],
)
async def test_the_demo_network_has_hours(network: Database, party: Party, monday: Hours, sunday: Hours) -> None:
    calendar = (await look(network, party)).calendar

    assert (calendar.hours(MONDAY), calendar.hours(SUNDAY)) == (monday, sunday)
    assert calendar.hours(date(2026, 10, 2)) == (), "legal holidays are off"


async def test_a_network_without_hours_works_the_usual_week(database: Database) -> None:
    kept = await look(database, BJ01)

    assert (kept.calendar.hours(MONDAY), kept.calendar.hours(SUNDAY), kept.days) == (WORKING_WEEK[0], (), 0)


async def test_a_dealers_own_hours_hold_from_their_day_on(network: Database) -> None:
    week = ((), *[SHIFTS] * 6)  # closed on Mondays
    await keep(network, BJ01, Week(week, True, NEXT_MONDAY))

    calendar = (await look(network, BJ01)).calendar
    assert [calendar.hours(day) for day in (MONDAY, SUNDAY, NEXT_MONDAY)] == [DAILY, DAILY, ()]
    assert calendar.hours(date(2026, 3, 10)) == SHIFTS
    assert calendar.hours(date(2026, 10, 2)) == SHIFTS, "it is open on holidays by then"
    other = (await look(network, Party(Team.DEALER, dealer_id=dealer_id("BJ02")))).calendar
    assert other.hours(NEXT_MONDAY) == DAILY
    await sql(network, "DELETE FROM working_hours WHERE dealer_id = :dealer", dealer=dealer_id("BJ01"))
    assert (await look(network, BJ01)).calendar.hours(NEXT_MONDAY) == DAILY


async def test_what_is_said_again_for_a_day_replaces_what_was_said(network: Database) -> None:
    centre = Party(Team.CALL_CENTRE)
    await keep(network, centre, Week((SHIFTS,) * 7, since=MONDAY))
    await keep(network, centre, Week((DAILY,) * 7, since=MONDAY))

    assert (await look(network, centre)).calendar.weeks[-1] == Week((DAILY,) * 7, since=MONDAY)


async def test_a_closure_is_closed_for_its_dealer_alone_until_it_is_over(network: Database) -> None:
    closed = "INSERT INTO closures VALUES (:id, :dealer, '2026-03-03 12:00+08', '2026-03-05 00:00+08', 'stock-taking')"
    await sql(network, closed, id=UUID(int=1), dealer=dealer_id("BJ01"))

    here = (await look(network, BJ01)).calendar
    there = (await look(network, Party(Team.DEALER, dealer_id=dealer_id("BJ02")))).calendar
    later = (await look(network, BJ01, datetime(2026, 4, 1, tzinfo=UTC))).calendar

    days = [date(2026, 3, day) for day in (3, 4, 5)]
    assert [here.hours(day) for day in days] == [((time(8, 30), time(12)),), (), DAILY]
    assert [there.hours(day) for day in days] == [DAILY] * 3
    assert later.closed == ()


async def test_a_calendar_is_found_again_by_its_numbers_whatever_was_changed_since(network: Database) -> None:
    then = await look(network, BJ01)
    same = await look(network, Party(Team.DEALER, dealer_id=dealer_id("SH01")))
    await keep(network, BJ01, Week((SHIFTS,) * 7, since=MONDAY))
    await sql(network, "INSERT INTO calendar_days VALUES (:day, false, '', true)", day=MONDAY)
    now = await look(network, BJ01)

    async with network.transaction(SYSTEM, EVERYTHING) as tx:
        known = await hours.calendars(tx)
    assert known.of(then.days, then.hours) == then.calendar
    assert known.of(now.days, now.hours) == now.calendar
    assert (then.days, then.hours) == (same.days, same.hours), "the same hours are kept once"
    assert now.calendar.hours(MONDAY) == () != then.calendar.hours(MONDAY)
    assert known.of(then.days, 1000) is None


async def test_many_that_are_the_first_to_ask_keep_a_calendar_once(network: Database) -> None:
    found = await asyncio.gather(*(look(network, BJ01) for _ in range(8)))

    assert {one.hours for one in found} == {1}


def test_what_is_kept_can_be_read() -> None:
    assert read_week([[["10:00", "12:00"], ["13:00", "24:00"]]] * 7) == (SHIFTS,) * 7
