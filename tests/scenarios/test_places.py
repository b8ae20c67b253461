"""Where a lead goes: to a dealer nearby, or to a person who asks or decides, never anywhere
(A6)."""

from __future__ import annotations

import pytest

from tests.scenarios.world import World


async def test_a_lead_from_dali_goes_to_the_nearest_dealer_within_the_limit(world: World) -> None:
    lead = await world.new_lead("A", city="云南大理")

    assert (await lead.status(), (await lead.dealer())[:2]) == ("working", "KM")


@pytest.mark.parametrize(("city", "why"), [("三沙", "no_dealer_near"), ("西藏阿里", "no_dealer_near")])
async def test_where_no_dealer_is_near_head_office_decides(world: World, city: str, why: str) -> None:
    lead = await world.new_lead("A", city=city)

    (asked,) = [line for line in await lead.timeline() if line["code"] == "hq_asked"]
    assert ((await lead.task())["kind"], asked["data"]["why"]) == ("hq_decision", why)
    assert (await lead.show())["dealer"] is None
    await lead.reassign(to_dealer="KM01")
    assert (await lead.status(), await lead.dealer()) == ("working", "KM01")


async def test_a_district_of_several_cities_is_asked_and_then_found(world: World) -> None:
    lead = await world.new_lead("A", city="朝阳区")
    assert (await lead.task())["kind"] == "outbound_call"

    await lead.called("qualified", city="长春朝阳区")

    assert await lead.status() == "working"
    assert (await lead.dealer())[:2] in ("HE", "SY")  # 230 and 280 km: one band of the table of points


async def test_a_call_that_ends_without_a_place_leaves_it_to_head_office(world: World) -> None:
    lead = await world.new_lead("A", city=None)
    assert (await lead.task())["kind"] == "outbound_call"

    await lead.called("qualified")

    (asked,) = [line for line in await lead.timeline() if line["code"] == "hq_asked"]
    assert ((await lead.task())["kind"], asked["data"]["why"]) == ("hq_decision", "place_unknown")
    assert (await lead.show())["dealer"] is None
