"""What the desk sees of lives, by plain functions over a transaction and a speaker."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.actors import EVERYTHING, SYSTEM
from cases.errors import Forbidden, Invalid, NotFound
from domain.instances import reads
from store.engine.instances import InstanceFilters
from store.listing import Window
from store.session import Database
from tests.domain.lives import life_in, speaker
from tests.timetravel import MORNING

DAY = timedelta(days=1)


async def test_a_life_is_found_with_all_that_it_holds_and_the_way_it_took(deployed: Database) -> None:
    life = await life_in(deployed)
    incident = await life.fail("a")
    async with deployed.transaction(SYSTEM, EVERYTHING) as tx:
        desk = await speaker(tx, "CC-01")

        found = await reads.find(tx, desk, InstanceFilters(case_id=life.lead), Window(9))
        one = await reads.life(tx, desk, life.lead, None)
        way = await reads.path(tx, desk, life.lead, None, Window(9))
        heat = await reads.heat(tx, desk, "p", 1)

        assert [line.lead_id for line in found.items] == [life.lead]
        assert (one.row.life, [token.element for token in one.tokens]) == (1, ["a"])
        assert [(line.id, line.resolved_by) for line in one.incidents] == [(incident, None)]
        assert [remembered.variables for remembered in one.variables] == [{"n": 1}]
        assert [visit.element for visit in way.items] == ["start", "a"]
        assert (heat.end - heat.start, {line.element: line.running for line in heat.elements}["a"]) == (30 * DAY, 1)
        with pytest.raises(NotFound):
            await reads.life(tx, desk, life.lead, 7)
        with pytest.raises(Invalid, match="invalid_input"):
            await reads.heat(tx, desk, "p", 1, MORNING, MORNING)


@pytest.mark.parametrize("who", [None, "BJ01-C1", "BJ01-M1"])
async def test_the_desk_alone_sees_them(deployed: Database, who: str | None) -> None:
    life = await life_in(deployed)
    async with deployed.transaction(SYSTEM, EVERYTHING) as tx:
        somebody = await speaker(tx, who)
        for asked in (
            reads.find(tx, somebody, InstanceFilters(), Window(9)),
            reads.life(tx, somebody, life.lead, None),
            reads.path(tx, somebody, life.lead, None, Window(9)),
            reads.heat(tx, somebody, "p", 1),
        ):
            with pytest.raises(Forbidden):
                await asked
