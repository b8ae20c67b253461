"""A lead's life can be followed in the store alone: the whole way, and nothing is left standing
when it is over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.scenarios.story import DAY, HOUR, Story
from tests.scenarios.world import World
from workflows.bpmn import read
from workflows.processes import shipped

HQ = {"Baton-Actor": "HQ-01"}


async def seen(world: World, path: str, **params: Any) -> Any:
    """What the desk sees."""
    answer = await world.http.get(f"/api/v1{path}", params=params, headers=HQ)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def sold(world: World) -> Story:
    """A lead that was told to be late by the ladder, and won on the third day."""
    lead = await world.new_lead("A")
    await lead.until(25 * HOUR)
    await lead.say("win", {"number": "HT-1", "price": 269_800}, by=await lead.owner())
    assert not await lead.lives()
    return lead


async def test_after_a_life_its_visits_are_the_way_it_took(world: World) -> None:
    lead = await sold(world)

    path = (await seen(world, f"/instances/{lead.id}/path"))["items"]

    flows = {
        flow.id: (process.id, flow.source, flow.target)
        for xml in shipped().values()
        for process in read(xml).processes.values()
        for element in process.elements.values()
        for flow in element.outgoing
    }
    been = {(one["process"], one["element"]) for one in path}
    for visit in path:
        if visit["via"]:  # it came along a flow of its own process, from where somebody had been
            process, source, target = flows[visit["via"]]
            assert (process, target) == (visit["process"], visit["element"])
            assert (process, source) in been
        assert visit["left_at"] is not None and visit["how"] in ("left", "cancelled")
    assert next(one["element"] for one in path if one["process"] == "lead") == "new_lead"
    assert {"dispatch", "assign", "work"} <= {one["element"] for one in path}
    instants = [datetime.fromisoformat(one["entered_at"]) for one in path]
    assert instants == sorted(instants)

    shown = await seen(world, f"/instances/{lead.id}")
    assert (shown["state"], shown["tokens"], shown["timers"], shown["incidents"]) == ("ended", [], [], [])
    assert shown["outcome"] == path[-1]["element"]


async def test_a_late_first_contact_is_in_the_heat_of_its_element(world: World) -> None:
    await sold(world)
    born = world.clock.now() - 25 * HOUR

    heat = await seen(
        world, "/processes/chase/1/heat", **{"from": (born - DAY).isoformat(), "to": (born + 9 * DAY).isoformat()}
    )

    work = next(one for one in heat["elements"] if one["element"] == "work")
    assert (work["visits"], work["running"], work["breaches"]) == (1, 0, 1)
    assert work["p50_seconds"] > 24 * 3600


async def test_a_lead_that_rests_is_found_where_it_stands(world: World) -> None:
    lead = await world.new_lead("A")

    found = await seen(world, "/instances", process="chase", version=1, element="work")
    (token,) = [one for one in (await seen(world, f"/instances/{lead.id}"))["tokens"] if one["element"] == "work"]

    assert [one["lead_id"] for one in found["items"]] == [lead.id]
    assert token["waits_for"] == "task"
    assert datetime.fromisoformat(token["due"]) - lead.born == 24 * HOUR
