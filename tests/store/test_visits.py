"""Visits are kept once, however often they are told; a period's figures count everything in it
once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from alembic import command
from sqlalchemy import text

from cases.actors import EVERYTHING, SYSTEM
from cases.contracts import VisitLine
from store import migrate
from store.engine import incidents, visits
from store.engine.visits import Heat, VisitRow
from store.listing import Window
from store.session import Database
from tests.store import kept
from tests.store.births import AT, some_leads
from tests.store.rests import rest

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def entered(execution: str, element: str, at: datetime = AT, *, due: datetime | None = None) -> VisitLine:
    return VisitLine(execution, "chase", 1, element, at, via=f"to_{element}", due=due and due.isoformat())


def stay(execution: str, element: str, hours: float, *, how: str = "left", at: datetime = AT) -> VisitLine:
    return VisitLine(execution, "chase", 1, element, at, at + hours * HOUR, how)


def left(execution: str, element: str, at: datetime, *, how: str = "left", version: int = 1) -> VisitLine:
    return VisitLine(execution, "chase", version, element, left_at=at, how=how)


async def path(database: Database, lead: UUID, life: int = 1) -> list[VisitRow]:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        return list((await visits.path(tx, lead, life, Window(500))).items)


async def heat(database: Database, start: datetime, end: datetime, now: datetime = AT + 9 * DAY) -> dict[str, Heat]:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        return {one.element: one for one in await visits.heat(tx, "chase", 1, start, end, now)}


async def test_a_visit_that_two_rests_tell_of_is_one(database: Database) -> None:
    (lead,) = await some_leads(database, 1)
    await rest(database, lead, visits=(stay("9", "plan", 0), entered("10", "work", due=AT + DAY)))
    await rest(database, lead, AT + HOUR, applied=2, visits=(left("10", "work", AT + HOUR), entered("12", "end")))

    plan, work, end = await path(database, lead)
    assert (plan.element, plan.left_at) == ("plan", AT)
    assert (work.entered_at, work.left_at, work.how, work.via) == (AT, AT + HOUR, "left", "to_work")
    assert work.due_at == AT + DAY
    assert (end.element, end.left_at) == ("end", None)


async def test_told_twice_or_late_it_stays_as_it_was(database: Database) -> None:
    (lead,) = await some_leads(database, 1)
    first = (entered("10", "work"),)
    second = (left("10", "work", AT + HOUR, how="cancelled"),)
    await rest(database, lead, visits=first)
    await rest(database, lead, AT + HOUR, applied=2, visits=second)
    kept = await path(database, lead)

    await rest(database, lead, AT + HOUR, applied=2, visits=second)
    await rest(database, lead, AT, visits=first)
    await rest(database, lead, AT + HOUR, visits=first)

    assert await path(database, lead) == kept
    assert kept[0].how == "cancelled"


async def test_a_visit_goes_on_in_the_version_that_its_life_was_taken_to(database: Database) -> None:
    (lead,) = await some_leads(database, 1)
    await rest(database, lead, visits=(entered("10", "work"),))
    await rest(database, lead, AT + HOUR, applied=2, visits=(VisitLine("10", "chase", 2, "work_anew"),))

    (visit,) = await path(database, lead)
    assert (visit.element, visit.version, visit.entered_at, visit.left_at) == ("work_anew", 2, AT, None)


async def count(database: Database, table: str) -> int:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        return int(await tx.session.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


WAY = (stay("2", "start", 0), stay("3", "plan", 0), entered("4", "work"), stay("5", "gate", 0))


async def test_a_way_that_many_go_is_kept_once(database: Database) -> None:
    one, other = await some_leads(database, 2)
    await rest(database, one, visits=WAY)
    further = tuple(replace(visit, execution=str(int(visit.execution) + 7)) for visit in WAY)
    await rest(database, other, visits=further)

    assert await path(database, one) == [replace(row, execution=str(int(row.execution) - 7))
                                         for row in await path(database, other)]  # fmt: skip
    assert [visit.element for visit in await path(database, one)] == ["start", "plan", "work", "gate"]
    assert (await count(database, "ways"), await count(database, "passages"), await count(database, "stays")) == (
        1,
        2,
        2,
    )


@pytest.mark.parametrize("known", range(len(WAY) + 1))
async def test_what_was_told_in_part_is_told_whole(database: Database, known: int) -> None:
    (lead,) = await some_leads(database, 1)
    await rest(database, lead, visits=WAY[:known])
    ended = tuple(replace(visit, left_at=AT, how="left") for visit in WAY)

    for visits_told in (WAY, ended, WAY[:known]):
        await rest(database, lead, applied=2, visits=visits_told)

    found = await path(database, lead)
    assert [visit.element for visit in found] == ["start", "plan", "work", "gate"]
    assert {(visit.entered_at, visit.left_at, visit.how) for visit in found} == {(AT, AT, "left")}


async def test_an_incident_goes_with_a_token_that_passed_at_once(database: Database) -> None:
    (lead,) = await some_leads(database, 1)
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        await incidents.record(tx, lead, f"{lead}:1:3", "plan", "activity_failed", "code", AT)

    await rest(database, lead, visits=WAY)

    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        assert await kept.open_incidents(tx) == ()


async def test_what_passed_at_once_counts_in_the_period_of_its_instant(database: Database) -> None:
    (lead,) = await some_leads(database, 1)
    await rest(database, lead, visits=WAY)

    within, before = await heat(database, AT, AT + DAY), await heat(database, AT - DAY, AT)

    assert within["plan"] == Heat("plan", 1, 0, 1, 0, 0.0, 0.0, 0)
    assert within["work"] == Heat("work", 1, 1, 0, 0, None, None, 0)
    assert before == {}


async def test_a_migration_back_and_forth_keeps_every_visit(database: Database) -> None:
    (lead,) = await some_leads(database, 1)
    await rest(database, lead, visits=(*WAY, stay("6", "over", 1), stay("7", "gone", 0, how="cancelled")))
    before = await path(database, lead)
    async with database.engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
        await connection.run_sync(lambda inside: command.downgrade(migrate._config(inside), "0042"))
    rows = await count(database, "visits")
    await migrate.upgrade(database.url)

    assert rows == len(before) == 6
    assert await path(database, lead) == before
    assert await count(database, "passages") == 1


async def test_a_visit_that_began_before_visits_were_noted_is_not_made_up(database: Database) -> None:
    (lead,) = await some_leads(database, 1)
    await rest(database, lead, visits=(left("10", "work", AT),))

    assert await path(database, lead) == []


async def test_lives_do_not_share_their_visits(database: Database) -> None:
    (lead,) = await some_leads(database, 1)
    await rest(database, lead, ended=True, visits=(stay("2", "start", 0),))
    await rest(database, lead, AT + HOUR, life=4, applied=4, visits=(entered("2", "back", AT + HOUR),))

    assert [one.element for one in await path(database, lead)] == ["start"]
    assert [one.element for one in await path(database, lead, 4)] == ["back"]


async def test_an_incident_goes_with_the_token_that_had_it(database: Database) -> None:
    (lead,) = await some_leads(database, 1)
    await rest(database, lead, visits=(entered("10", "work"), entered("11", "other")))
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        for execution in ("10", "11"):
            await incidents.record(tx, lead, f"{lead}:1:{execution}", "work", "activity_failed", "code", AT)

    await rest(database, lead, AT + HOUR, applied=2, visits=(left("10", "work", AT + HOUR, how="cancelled"),))

    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        (still,) = await kept.open_incidents(tx)
    assert still.key == f"{lead}:1:11"


async def test_a_period_counts_what_began_stands_and_ended_in_it(database: Database) -> None:
    (lead,) = await some_leads(database, 1)
    told = [stay(str(number), "work", hours) for number, hours in enumerate((1, 2, 3, 4, 10), start=10)]
    told += [stay("20", "work", 1, how="cancelled"), entered("21", "work"), entered("22", "wait", AT + 2 * DAY)]
    await rest(database, lead, visits=tuple(told))

    first, second = await heat(database, AT, AT + DAY), await heat(database, AT + DAY, AT + 3 * DAY)

    assert first == {"work": Heat("work", 7, 1, 5, 1, 3 * 3600.0, 7.6 * 3600.0, 0)}
    assert second["work"] == Heat("work", 0, 1, 0, 0, None, None, 0)
    assert (second["wait"].visits, second["wait"].running) == (1, 1)
    assert await heat(database, AT - DAY, AT) == {}


async def test_what_outlasts_a_period_stood_there_at_its_end(database: Database) -> None:
    (lead,) = await some_leads(database, 1)
    await rest(database, lead, visits=(stay("10", "work", 5 * 24),))

    within, after = await heat(database, AT + DAY, AT + 2 * DAY), await heat(database, AT + 4 * DAY, AT + 9 * DAY)

    assert (within["work"].visits, within["work"].running, within["work"].finished) == (0, 1, 0)
    assert (after["work"].running, after["work"].finished, after["work"].p50_seconds) == (0, 1, 5 * 86400.0)


async def test_a_deadline_is_missed_once_in_the_period_that_it_falls_in(database: Database) -> None:
    (lead,) = await some_leads(database, 1)
    due = AT + DAY + HOUR
    told = [entered(str(number), "work", due=due) for number in (10, 11, 12)]
    await rest(database, lead, visits=tuple(told))
    on_time, late = left("10", "work", due), left("11", "work", due + 2 * DAY)
    await rest(database, lead, AT + 4 * DAY, applied=2, visits=(on_time, late))

    days = [await heat(database, AT + day * DAY, AT + (day + 1) * DAY) for day in range(4)]
    assert [day["work"].breaches for day in days[:1]] == [0]
    assert [day["work"].breaches for day in days[1:]] == [2, 0, 0]
    too_early = await heat(database, AT, AT + 9 * DAY, now=AT + DAY)
    assert too_early["work"].breaches == 1  # the one that still stands there is not late yet
