"""Timeline, definitions, tables, decisions, incidents and the clock: what is kept is what is
found."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.actors import EVERYTHING, PROCESS, SYSTEM
from cases.clock import WALL, ClockSpec
from cases.contracts import ProcessRef
from cases.errors import Conflict, NotFound
from store.engine import clock, incidents, timeline
from store.session import Database
from store.tables import decisions, definitions
from tests.store import kept
from tests.store.births import AT, a_lead


async def test_a_timeline_keeps_the_order_of_writing(database: Database) -> None:
    async with database.transaction(PROCESS, EVERYTHING) as tx:
        lead = await a_lead(tx)
        for number in range(20):
            await timeline.record(tx, lead, AT, "graded", "grade", number=number, due=AT, lead=lead)
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        entries = (await timeline.of_lead(tx, lead)).items
        assert [entry.data["number"] for entry in entries] == list(range(20))
        assert entries[0].actor == "process"
        assert entries[0].data["due"] == AT.isoformat()
        behind = await timeline.of_lead(tx, lead, after=entries[17].number)
        assert [entry.data["number"] for entry in behind.items] == [18, 19]


async def test_the_same_file_is_the_same_version(database: Database) -> None:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        first = await definitions.deploy_process(tx, "lead", "销售线索", b"<a/>", ["sale"], AT, "system")
        again = await definitions.deploy_process(tx, "lead", "销售线索", b"<a/>", ["sale"], AT, "system")
        second = await definitions.deploy_process(tx, "lead", "销售线索", b"<b/>", ["sale"], AT, "system")
        assert (first, second.version) == (again, 2)
        assert await definitions.latest(tx, "lead") == second
        assert await definitions.by_sha(tx, first.sha256) == first
        assert [line.version for line in await definitions.process_lines(tx)] == [2, 1]
        with pytest.raises(NotFound):
            await definitions.latest(tx, "nothing")


async def test_a_closure_pins_the_newest_version_of_everything_called(database: Database) -> None:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        await definitions.deploy_process(tx, "chase", "一件事", b"<c/>", [], AT, "system")
        sale = await definitions.deploy_process(tx, "sale", "在店", b"<s/>", ["chase", "sale"], AT, "system")
        lead = await definitions.deploy_process(tx, "lead", "线索", b"<l/>", ["sale"], AT, "system")
        chase = await definitions.deploy_process(tx, "chase", "一件事", b"<c2/>", [], AT, "system")
        assert await definitions.closure(tx, lead.ref) == (chase.ref, sale.ref)
        broken = await definitions.deploy_process(tx, "broken", "缺", b"<x/>", ["missing"], AT, "system")
        for ref in (broken.ref, ProcessRef("none", 1, "")):
            with pytest.raises(NotFound):
                await definitions.closure(tx, ref)


async def test_a_table_decides_from_the_instant_it_takes_effect(database: Database) -> None:
    later = AT + timedelta(days=10)
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        first = await definitions.publish_table(tx, "grade", "级别", b"<1/>", AT, "system")
        second = await definitions.publish_table(tx, "grade", "级别", b"<2/>", AT, "system", effective_from=later)
        assert await definitions.publish_table(tx, "grade", "级别", b"<2/>", AT, "system") == second
        assert await definitions.effective_table(tx, "grade", later - timedelta(seconds=1)) == first
        assert await definitions.effective_table(tx, "grade", later) == second
        assert await definitions.effective_tables(tx, AT) == {"grade": first}
        assert len(await definitions.tables(tx)) == 2
        with pytest.raises(NotFound):
            await definitions.effective_table(tx, "grade", AT - timedelta(days=1))


async def test_a_decision_keeps_why(database: Database) -> None:
    async with database.transaction(PROCESS, EVERYTHING) as tx:
        lead = await a_lead(tx)
        made = await kept.decision(
            tx, lead, AT, "grade", 3, {"horizon_days": 7}, ["r1"], {"grade": "H"}, element="grade"
        )
        await kept.decision(tx, lead, AT, "dispatch", 1, {}, ["r1", "r2"], [3, 4], candidates=[{"dealer": "BJ01"}])
        grade, dispatch = (await decisions.of_lead(tx, lead)).items
    assert grade.id == made
    assert (grade.version, grade.matched, grade.result) == (3, ("r1",), {"grade": "H"})
    assert (dispatch.result, dispatch.candidates) == ({"list": [3, 4]}, ({"dealer": "BJ01"},))


async def test_an_incident_is_recorded_once_resolved_once_and_may_come_back(database: Database) -> None:
    async with database.transaction(PROCESS, EVERYTHING) as tx:
        lead = await a_lead(tx)
        assert await incidents.record(tx, lead, "k", "grade", "activity_failed", "table_not_found", AT)
        assert not await incidents.record(tx, lead, "k", "grade", "activity_failed", "table_not_found", AT)
        (incident,) = await kept.open_incidents(tx)
        assert (await incidents.resolve(tx, incident.id, AT, "staff:1")).resolved_by == "staff:1"
        assert await kept.open_incidents(tx) == ()
        with pytest.raises(Conflict):
            await incidents.resolve(tx, incident.id, AT, "staff:2")
        with pytest.raises(NotFound):
            await incidents.resolve(tx, lead, AT, "staff:2")
        assert await incidents.record(tx, lead, "k", "grade", "activity_failed", "again", AT)
        assert [one.message for one in await kept.open_incidents(tx)] == ["again"]


async def test_the_clock_is_the_wall_until_set(database: Database) -> None:
    fast = ClockSpec(wall=AT, app=AT + timedelta(days=1), speed=8640.0)
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        assert await clock.load(tx) == WALL
        await clock.save(tx, WALL)
        await clock.save(tx, fast)
        assert await clock.load(tx) == fast
