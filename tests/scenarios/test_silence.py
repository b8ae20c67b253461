"""A customer says not to be called, or when: no path asks anybody for a call that was refused
(F3)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.scenarios.story import DAY, HOUR, Story
from tests.scenarios.world import World

NEVER = "请勿致电，微信联系"


async def kinds(lead: Story) -> list[str]:
    return [task["kind"] for task in await lead.tasks()]


@pytest.mark.parametrize("note", [NEVER, "别给我打电话", "STOP"])
async def test_an_incomplete_lead_goes_on_without_the_call(world: World, note: str) -> None:
    lead = await world.new_lead(model=None, note=note)

    assert "outbound_call" not in await kinds(lead)
    assert {"call_refused", "call_spared", "graded"} <= set(await lead.happened())


async def test_a_complete_lead_is_written_to_and_nobody_is_pushed_to_call(world: World) -> None:
    lead = await world.new_lead("A", note=NEVER)

    task = await lead.task()
    assert (task["kind"], task["due_at"]) == ("first_follow_up", DAY)
    (shown,) = (await lead.page())["tasks"]
    assert (shown["contact"]["call"], shown["contact"]["said"]) == ("no", NEVER)
    assert (await lead.show())["contact"] == shown["contact"]
    assert "written_contact" in await lead.happened()

    await lead.until(25 * HOUR)
    told = {code for code, _, _ in await lead.told()}
    assert told == {"lead_assigned_quiet", "reminder_quiet", "overdue_quiet"}


async def test_a_repeat_that_refuses_ends_the_call_that_was_asked_for(world: World) -> None:
    lead = await world.new_lead(model=None, phone="13711110071")
    assert (await lead.task())["kind"] == "outbound_call"

    await world.submit(phone="13711110071", model=None, note=NEVER)
    await lead.rest()

    assert [one["kind"] for one in await lead.tasks() if one["status"] == "open"] != ["outbound_call"]
    assert (await lead.show())["contact"]["call"] == "no"
    assert {"call_refused", "call_spared"} <= set(await lead.happened())


async def test_a_refusal_is_withdrawn_and_calls_are_asked_for_again(world: World) -> None:
    lead = await world.new_lead("A", phone="13711110072", note=NEVER)

    await world.submit(phone="13711110072", note="之前说不要打，现在可以打电话了")
    await lead.rest()

    shown = await lead.show()
    assert (shown["contact"], shown["customer"]["do_not_call"]) == (None, False)
    assert "call_allowed" in await lead.happened()


async def test_a_lead_in_nurture_is_not_called_about_its_intent(world: World) -> None:
    lead = await world.new_lead("N", note=NEVER)
    assert await lead.status() == "nurture"

    await lead.until(70 * DAY)

    assert "intent_check" not in await kinds(lead)
    sent = [line["data"]["channel"] for line in await lead.timeline() if line["code"] == "material_sent"]
    assert sent and not {"sms", "call"} & set(sent)


async def test_who_comes_back_and_refuses_is_not_called(world: World) -> None:
    lead = await world.new_lead("A", phone="13711110073")
    await lead.customer("PATCH", {"do_not_call": True, "reason": "到店时说明"})
    await lead.say("lose", {"reason": "price"}, by=await lead.owner())
    await lead.say("confirm", {"approve": True}, by=await lead.manager())

    await world.submit(phone="13711110073")
    await lead.rest()

    assert "outbound_call" not in await kinds(lead)


async def test_hours_move_the_deadline_of_a_call_into_them(world: World) -> None:
    world.clock.set(datetime(2026, 11, 23, 2, tzinfo=UTC))  # Monday 10:00
    lead = await world.new_lead(model=None, note="白天不要打电话，晚上联系")

    task = await lead.task()
    assert (task["kind"], task["due_at"]) == ("outbound_call", 9 * HOUR)  # 19:00
    assert (await lead.show())["contact"]["call"] == "evenings"
    assert "call_hours_asked" in await lead.happened()
