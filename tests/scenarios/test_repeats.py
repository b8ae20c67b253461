"""A second form makes a lead more urgent: graded anew by the table, with the deadlines of its new
grade (A4, A9)."""

from __future__ import annotations

import pytest

from tests.scenarios.story import DAY, HOUR
from tests.scenarios.world import World


async def test_a_nurtured_lead_that_is_an_h_now_goes_to_a_dealer(world: World) -> None:
    lead = await world.new_lead("C", phone="13711110081")
    await lead.until(3 * DAY)

    await world.submit(phone="13711110081", purchase_time="3天内", note="想试驾")
    await lead.rest()

    shown = await lead.show()
    assert (shown["grade"], shown["status"]) == ("H", "working")
    task = await lead.task()
    assert (task["kind"], task["due_at"] - task["opened_at"]) == ("first_follow_up", DAY)
    (validity,) = await lead.clocks("grade_validity")
    assert validity["due_at"] - validity["started_at"] == 7 * DAY


async def test_a_dealers_lead_that_is_an_h_now_is_followed_up_sooner(world: World) -> None:
    lead = await world.new_lead("B", phone="13711110082")
    await lead.follow_up()
    assert (await lead.task())["due_at"] == 14 * DAY
    await lead.until(2 * DAY)
    owner = await lead.owner()

    await world.submit(phone="13711110082", purchase_time="3天内", budget="25-30万")
    await lead.rest()

    assert (await lead.show())["grade"] == "H"
    task = await lead.task()
    assert (task["kind"], task["owner"], round((task["due_at"] - 5 * DAY) / HOUR)) == ("next_follow_up", owner, 0)
    assert sorted(one["status"] for one in await lead.tasks()) == ["done", "open", "withdrawn"]
    assert [code for code, whom, _ in await lead.told("interest_raised") if whom == owner] == ["interest_raised"]
    validity = (await lead.clocks("grade_validity"))[-1]
    assert (validity["grade"], validity["due_at"] - validity["started_at"]) == ("H", 7 * DAY)
    codes = await lead.happened()
    assert codes.index("said_anew") < codes.index("graded", codes.index("said_anew")) < codes.index("follow_up_sooner")


async def test_a_first_follow_up_keeps_its_day(world: World) -> None:
    lead = await world.new_lead("B", phone="13711110083")
    before = await lead.task()

    await world.submit(phone="13711110083", purchase_time="3天内")
    await lead.rest()

    assert (await lead.show())["grade"] == "H"
    assert await lead.task() == before


@pytest.mark.parametrize("says", [{"note": "颜色还有白的吗"}, {"purchase_time": "两个月内"}, {"city": "上海"}])
async def test_what_makes_it_no_more_urgent_changes_no_deadline(world: World, says: dict[str, str]) -> None:
    lead = await world.new_lead("B", phone="13711110084")
    await lead.follow_up()
    before = await lead.task()
    await lead.until(DAY)

    await world.submit(**{"phone": "13711110084", "purchase_time": None, **says})
    await lead.rest()

    assert (await lead.show())["grade"] == "B"
    assert await lead.task() == before
    assert "interest_announced" in await lead.happened()


async def test_what_the_consultant_found_holds_until_the_customer_says_more(world: World) -> None:
    lead = await world.new_lead("H", phone="13711110085")
    await lead.follow_up(grade="B")
    await lead.until(DAY)

    await world.submit(phone="13711110085", note="再问一下", purchase_time=None)
    await lead.rest()
    assert (await lead.show())["grade"] == "B"

    await lead.until(2 * DAY)
    await world.submit(phone="13711110085", note="急", purchase_time="3天内")
    await lead.rest()
    assert (await lead.show())["grade"] == "H"
