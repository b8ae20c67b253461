"""The customer's own data change or vanish while the lead is on its way; regrading by the
consultant (A8, A9, F3)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text

from cases.actors import EVERYTHING, SYSTEM
from tests.scenarios.story import AGENT, DAY, HOUR, Story
from tests.scenarios.world import World


async def called(world: World) -> Story:
    return await world.new_lead(model=None, name="司马相如", phone="13611119999")


async def not_reached(world: World) -> Story:
    lead = await called(world)
    await lead.called("unreachable")
    return lead


async def pooled(world: World) -> Story:
    async with world.db.transaction(SYSTEM, EVERYTHING) as tx:
        await tx.session.execute(text("UPDATE dealers SET active = false"))
    return await world.new_lead("A", name="司马相如", phone="13611119999")


async def worked_on(world: World) -> Story:
    lead = await world.new_lead("A", name="司马相如", phone="13611119999")
    await lead.follow_up(content="司马先生要四驱", answer="好")
    return lead


async def escalated(world: World) -> Story:
    lead = await world.new_lead("A", name="司马相如", phone="13611119999")
    await lead.until(25 * HOUR)
    return lead


async def nurtured(world: World) -> Story:
    lead = await world.new_lead("C", name="司马相如", phone="13611119999")
    await lead.until(61 * DAY)
    return lead


async def confirming(world: World) -> Story:
    lead = await worked_on(world)
    await lead.say("lose", {"reason": "price", "content": "司马先生嫌贵"}, by=await lead.owner())
    return lead


async def waiting_for_recall(world: World) -> Story:
    lead = await confirming(world)
    await lead.say("confirm", {"approve": True, "comment": "司马先生确实不买"}, by=await lead.manager())
    return lead


async def archived(world: World) -> Story:
    lead = await nurtured(world)
    await lead.say("intent", {"outcome": "not_interested"}, by=AGENT)
    return lead


Given = Callable[[World], Awaitable[Story]]
ANY_MOMENT = [called, not_reached, pooled, worked_on, escalated, nurtured, confirming, waiting_for_recall, archived]


@pytest.mark.parametrize("given", ANY_MOMENT)
async def test_erasure_at_any_moment(world: World, given: Given) -> None:
    lead = await given(world)

    await lead.customer("DELETE")

    shown = await lead.show()
    assert (shown["customer"]["name"], shown["customer"]["phone"]) == (None, None)
    assert not await lead.lives()
    page = await lead.page()
    assert (page["tasks"], page["clocks"], shown["lamp"], shown["next_due_at"]) == ([], [], "green", None)
    assert shown["status"] == ("archived" if given is archived else "erased")
    assert "司马" not in str(page) + str(await lead.timeline())
    for what in ("follow-ups", "reactivate"):
        body = {"reason": "x"} if what == "reactivate" else {}
        assert (await lead.refused(what, body, by="HQ-01"))[0] in {"not_now", "customer_erased", "role_not_allowed"}
    again = await world.submit(phone="13611119999", name="司马相如")
    assert (again["verdict"], again["lead_id"] != lead.id) == ("created", True)  # nobody remembers them


@pytest.mark.parametrize("given", ANY_MOMENT[::2])
async def test_a_correction_at_any_moment_changes_nothing_else(world: World, given: Given) -> None:
    lead = await given(world)
    before = await lead.show()

    await lead.customer("PATCH", {"city": "上海", "labels": ["四驱"]})

    after = await lead.show()
    assert (after["customer"]["city"], after["customer"]["labels"]) == ("上海", ["四驱"])
    same = ("status", "stage", "grade", "dealer", "owner", "next_due_at", "lamp", "badges")
    assert {key: after[key] for key in same} == {key: before[key] for key in same}


async def test_who_works_on_the_lead_hears_of_the_correction(world: World) -> None:
    lead = await worked_on(world)
    await lead.until(HOUR)

    await lead.customer("PATCH", {"phone": "13611119998"})

    assert await lead.told("customer_updated") == [("customer_updated", await lead.owner(), HOUR)]


async def test_a_correction_before_grading_counts(world: World) -> None:
    lead = await called(world)
    await lead.customer("PATCH", {"model": "森林人", "purchase_time": "三天内"})

    await lead.called("qualified")

    shown = await lead.show()
    assert (shown["grade"], shown["model"]) == ("H", "forester")


async def test_a_grade_raised_to_h_resets_validity_and_cadence(world: World) -> None:
    lead = await world.new_lead("B")
    await lead.until(HOUR)
    await lead.follow_up()
    await lead.until(10 * DAY)

    await lead.follow_up(grade="H")

    former, _, validity = await lead.clocks("grade_validity")
    assert (former["grade"], validity["grade"], validity["due_at"]) == ("B", "H", 17 * DAY)
    assert (await lead.task())["due_at"] == 13 * DAY


async def test_a_grade_lowered_is_valid_for_longer_but_from_the_same_start(world: World) -> None:
    lead = await world.new_lead("H")
    await lead.until(HOUR)
    await lead.follow_up()
    await lead.until(2 * DAY)

    await lead.follow_up(grade="B")

    running = (await lead.clocks("grade_validity"))[-1]
    assert (running["grade"], running["due_at"]) == ("B", HOUR + 30 * DAY)
    assert await lead.status() == "working"
