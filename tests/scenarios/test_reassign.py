"""A supervisor reassigns at any moment: tasks and clocks move, the former owner is told why they
may not (A11)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.scenarios.story import DAY, HOUR, Story
from tests.scenarios.world import World


async def test_before_dispatch_the_choice_is_kept(world: World) -> None:
    lead = await world.new_lead(model=None)
    assert (await lead.task())["kind"] == "outbound_call"
    await lead.until(HOUR)

    await lead.reassign(to_staff="BJ02-C1")

    assert (await lead.task())["kind"] == "outbound_call"  # the call is the call centre's, whoever gets the lead
    await lead.until(90 * HOUR / 60)
    await lead.called("qualified", model="傲虎")
    assert (await lead.status(), await lead.owner()) == ("working", "BJ02-C1")
    assert "choice_kept" in await lead.happened() and "dispatched" not in await lead.happened()
    task = await lead.task()
    assert (task["kind"], task["owner"], task["due_at"]) == ("first_follow_up", "BJ02-C1", 1.5 * HOUR + DAY)


async def test_before_dispatch_even_a_cool_lead_goes_to_the_chosen(world: World) -> None:
    lead = await world.new_lead(model=None, purchase_time="半年内")
    await lead.reassign(to_dealer="BJ02")

    await lead.called("qualified", model="傲虎")

    assert (await lead.status(), await lead.dealer(), (await lead.show())["grade"]) == ("working", "BJ02", "N")


async def test_out_of_nurture(world: World) -> None:
    lead = await world.new_lead("C")
    await lead.until(20 * DAY)

    await lead.reassign(to_staff="SH01-C1")

    assert (await lead.status(), await lead.owner()) == ("working", "SH01-C1")
    assert (await lead.task())["due_at"] == 21 * DAY
    await lead.until(20 * DAY + HOUR)
    await lead.follow_up()
    await lead.until(29 * DAY)
    assert max(at for _, at in await lead.when("material_sent")) == 14 * DAY


@pytest.mark.parametrize(
    ("hours", "starts", "rung", "reminded"),
    [(1, 0, 0, 7), (8, 0, 0, 22), (25, 25, 0, 31)],
    ids=["at once", "after the reminder", "after the manager was told"],
)
async def test_during_the_ladder_tasks_and_clocks_move(
    world: World, hours: int, starts: int, rung: int, reminded: int
) -> None:
    """The 24 hours go on with the new owner, who is reminded at the next opening if it was time;
    what was missed is not theirs."""
    lead = await world.new_lead("A")
    former, successor = await lead.owner(), await lead.colleague()
    await lead.until(hours * HOUR)
    climbed = await lead.climbed()

    await lead.reassign(by=await lead.manager(), to_staff=successor)
    await lead.wait(timedelta(minutes=1))  # a rung that is due is climbed at once

    old, new = await lead.tasks()
    assert (old["owner"], old["status"], old["closed_at"]) == (former, "reassigned", hours * HOUR)
    assert (new["owner"], new["status"], new["due_at"]) == (successor, "open", starts * HOUR + DAY)
    stopped, running = await lead.clocks("first_follow_up")
    assert (stopped["staff"], stopped["stopped_at"]) == (former, hours * HOUR)
    assert stopped["breached_at"] == (DAY if hours > 24 else None)
    assert (running["staff"], running["started_at"], running["rung"]) == (successor, starts * HOUR, rung)
    (validity,) = await lead.clocks("grade_validity")
    assert (validity["staff"], validity["due_at"]) == (successor, 15 * DAY)
    assert (await lead.show())["lamp"] == ("amber" if rung else "green")
    assert ("reassigned_to_you", successor, hours * HOUR) in await lead.told()
    await refused_to(lead, former, "task_reassigned", successor)
    await lead.until((starts + 23) * HOUR)
    *before, (rung_of_theirs, at) = await lead.climbed()  # the new clock's own ladder
    assert (before, rung_of_theirs, at // HOUR) == (climbed, "reminded", reminded)
    await lead.follow_up()


async def test_after_a_hand_over_the_hours_of_the_hand_over_go_on(world: World) -> None:
    lead = await world.new_lead("H")
    first = await lead.owner()
    await lead.until(47 * HOUR)
    second = await lead.owner()
    await refused_to(lead, first, "task_handed_over", second)

    await lead.reassign(to_staff=first)

    assert await lead.owner() == first
    assert (await lead.task())["due_at"] == 70.5 * HOUR
    await refused_to(lead, second, "task_reassigned", first)
    said = await lead.follow_up()
    assert said["late"] is False


async def test_after_it_went_back_to_hq_the_old_dealer_is_refused_and_can_get_it_again(world: World) -> None:
    lead = await world.new_lead("H")
    await lead.until(47 * HOUR)
    second, dealer = await lead.owner(), await lead.dealer()
    await lead.until(119 * HOUR)
    assert await lead.dealer() != dealer
    code, told = await lead.refused("follow-ups", by=second)
    assert (code, told["to"]) == ("task_handed_over", "HQ")

    await lead.reassign(to_dealer=dealer)

    assert (await lead.dealer(), await lead.status()) == (dealer, "working")
    assert (await lead.task())["due_at"] == 119 * HOUR + DAY


async def test_to_another_dealer_which_assigns_itself(world: World) -> None:
    lead = await world.new_lead("A")
    await lead.until(2 * HOUR)

    await lead.reassign(to_dealer="BJ02")

    assert await lead.dealer() == "BJ02"
    assert (await lead.owner()).startswith("BJ02-C")
    assert ("reassigned_to_dealer", "BJ02-M1", 2 * HOUR) in await lead.told()
    assert (await lead.task())["due_at"] == 26 * HOUR


async def test_while_a_manager_decides_the_successor_goes_on_after_a_refusal(world: World) -> None:
    lead = await world.new_lead("A")
    successor = await lead.colleague()
    await lead.say("lose", {"reason": "price"}, by=await lead.owner())
    assert await lead.status() == "confirming"
    await lead.until(HOUR)

    await lead.reassign(to_staff=successor)
    assert (await lead.task())["kind"] == "confirm_closing"
    await lead.until(2 * HOUR)
    await lead.say("confirm", {"approve": False}, by=await lead.manager())

    assert (await lead.status(), await lead.owner()) == ("working", successor)
    task = await lead.task()
    assert (task["kind"], task["owner"]) == ("first_follow_up", successor)


async def test_twice_before_the_process_hears_of_it(world: World) -> None:
    lead = await world.new_lead("A")
    owner, colleague = await lead.owner(), await lead.colleague()
    await lead.until(HOUR)

    assert (await lead.post("reassign", {"to_staff": colleague, "reason": "x"}, by="HQ-01")).status_code == 200
    await lead.reassign(to_staff=owner)

    assert await lead.owner() == owner
    task = await lead.task()
    assert (task["owner"], task["due_at"]) == (owner, DAY)
    await lead.follow_up()


async def test_who_has_spoken_with_the_customer_leaves_the_new_owner_a_day_of_their_own(world: World) -> None:
    lead = await world.new_lead("A")
    await lead.until(2 * HOUR)
    await lead.follow_up()
    await lead.until(3 * DAY)

    await lead.reassign(to_staff=await lead.colleague())

    task = await lead.task()
    assert (task["kind"], task["due_at"]) == ("first_follow_up", 4 * DAY)


async def refused_to(lead: Story, former: str, code: str, successor: str) -> None:
    """A former owner completes their task too late: refused, with whom it went to and when; nothing
    changes."""
    before = await lead.happened()
    refusal, told = await lead.refused("follow-ups", by=former)
    assert (refusal, told["to"]) == (code, successor)
    assert told["when"]
    assert await lead.happened() == before
