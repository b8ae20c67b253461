"""Nobody acts: what happens to a lead then, step by step, until a person of head office has it
(A10, A14, A15)."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from tests.scenarios.story import AGENT, DAY, HOUR, HQ, Story
from tests.scenarios.world import World

STEPS = ("dispatched", "handed_over", "back_to_hq", "hq_weighed", "hq_asked", "hq_decided", "archived", "pool_entered")


async def asked(lead: Story) -> tuple[str, str, str]:
    """Head office's open task: its kind, why, and the lead's status."""
    task = await lead.task()
    return task["kind"], task["why"], await lead.status()


async def climbed_at_hq(lead: Story) -> list[tuple[str, timedelta]]:
    """What the ladder of head office's task did, counted from its due instant."""
    task = await lead.task()
    return [(what, at - task["due_at"]) for what, at in await lead.climbed() if at >= task["due_at"]]


async def test_nobody_acts_for_two_months(world: World) -> None:
    """Handed over, back, dispatched once more with head office being told, back again: from there a
    person has it."""
    lead = await world.new_lead("A")

    await lead.until(60 * DAY)

    back = 6 * DAY  # 48 h until the hand-over, 96 h until the next owner loses it
    assert await lead.when(*STEPS) == [
        ("dispatched", 0 * HOUR),
        ("handed_over", 2 * DAY),
        ("back_to_hq", back),
        ("hq_weighed", back),
        ("dispatched", back),
        ("handed_over", back + 2 * DAY),
        ("back_to_hq", 2 * back),
        ("hq_weighed", 2 * back),
        ("hq_asked", 2 * back),
    ]
    assert await lead.told("sent_again", "hq_decision_wanted") == [
        ("sent_again", "hq", back),
        ("hq_decision_wanted", "hq", 2 * back),
    ]
    assert await asked(lead) == ("hq_decision", "returned_twice", "qualifying")
    task = await lead.task()
    assert (task["owner"][:3], task["due_at"]) == ("HQ-", 14 * DAY + 3 * HOUR)  # back on a Saturday: Monday, 13:00
    steps = await climbed_at_hq(lead)
    every = [at for what, at in steps if what == "manager_told"]
    assert steps[:5] == [("reminded", 0 * HOUR), *(("manager_told", number * DAY) for number in (1, 4, 7, 10))]
    # Every 72 hours; what falls on days that nobody works waits for the next opening, New Year's
    # too.
    assert all(3 * DAY <= after - before <= 6 * DAY for before, after in pairwise(every))
    assert 60 * DAY - (task["due_at"] + every[-1]) < 6 * DAY, "it never falls silent"
    told = [(code, whom) for code, whom, at in await lead.told() if at > task["due_at"]]
    assert told.count(("overdue", "hq")) == told.count(("overdue", "regional_manager")) == len(every)
    (shown,) = (await lead.page())["tasks"]
    assert (shown["kind"], shown["why"], shown["overdue"]) == ("hq_decision", "returned_twice", True)

    await lead.decided("dispatch", comment="换一家店")

    assert (await lead.task())["kind"] == "first_follow_up"
    assert [at for _, at in await lead.when("dispatched")] == [0 * HOUR, back, 60 * DAY]


async def test_what_nobody_looks_at_in_nurture_either_is_not_archived_unseen(world: World) -> None:
    lead = await world.new_lead("B")
    await lead.until(6 * DAY)
    assert await asked(lead) == ("hq_decision", "returned", "qualifying")
    await lead.decided("nurture")
    begun = (await lead.when("nurture_planned"))[-1][1]

    await lead.until(begun + 29 * DAY)
    assert await lead.status() == "nurture"
    await lead.until(begun + 31 * DAY)

    assert await lead.status() == "archived"  # grade B, and a person of head office has seen it
    assert (await lead.when("hq_weighed", "archived"))[-2:] == [
        ("hq_weighed", begun + 30 * DAY),
        ("archived", begun + 30 * DAY),
    ]


async def test_an_intent_check_that_nobody_makes_ends_with_head_office(world: World) -> None:
    lead = await world.new_lead("N")
    await lead.until(60 * DAY + HOUR)
    due = (await lead.task())["due_at"]

    await lead.until(due + 4 * DAY)

    assert (await lead.climbed())[-2:] == [("reminded", due), ("manager_told", due + 2 * DAY)]
    assert await lead.when("left_undone", "hq_asked") == [("left_undone", due + 4 * DAY), ("hq_asked", due + 4 * DAY)]
    assert await asked(lead) == ("hq_decision", "intent_missed", "qualifying")
    assert (await lead.refused("intent", {"outcome": "raised"}, by=AGENT))[0] == "no_open_task"
    await lead.decided("call_again")
    assert (await lead.task())["kind"] == "outbound_call"


async def test_a_call_that_nobody_makes_ends_with_head_office(world: World) -> None:
    lead = await world.new_lead(model=None)
    due = (await lead.task())["due_at"]

    await lead.until(due + DAY)

    assert await asked(lead) == ("hq_decision", "call_missed", "qualifying")
    assert "dispatched" not in await lead.happened()
    await lead.decided("lost", reason="gave_up")
    assert await lead.status() == "lost"
    closing = (await lead.page())["state"]["closing"]
    assert (closing["outcome"], closing["reason"], closing["by"]) == ("lost", "gave_up", closing["confirmed_by"])


async def test_a_confirmation_that_no_manager_gives_goes_back_to_its_consultant_or_ends(world: World) -> None:
    lead = await world.new_lead("A")
    owner = await lead.owner()
    await lead.say("lose", {"reason": "price"}, by=owner)

    await lead.until(5 * DAY)

    assert await asked(lead) == ("hq_decision", "confirmation_missed", "qualifying")
    assert (await lead.refused("confirm", {"approve": True}, by=await lead.manager()))[0] == "no_open_task"
    await lead.reassign(to_staff=owner)  # who has it still: head office sends it back
    task = await lead.task()
    assert (task["kind"], task["owner"], await lead.status()) == ("first_follow_up", owner, "working")
    answered = next(one for one in await lead.tasks() if one["kind"] == "hq_decision")
    assert (answered["status"], answered["outcome"], answered["owner"]) == ("done", "assigned", HQ)


async def test_head_office_gives_it_to_somebody_and_nobody_else_decides_any_more(world: World) -> None:
    lead = await world.new_lead("B")
    await lead.until(6 * DAY)
    assert (await lead.page())["possible"] == ["hq-decision", "reassign"]
    assert (await lead.refused("hq-decision", {"decision": "dispatch"}, by=AGENT))[0] == "role_not_allowed"
    code, _ = await lead.refused("hq-decision", {"decision": "lost"}, by=HQ)
    assert code == "invalid_input"

    await lead.post("reassign", {"to_staff": "BJ02-C1", "reason": "离客户近"}, by=HQ)
    code, _ = await lead.refused("hq-decision", {"decision": "nurture"}, by=HQ)  # before the process has heard
    await lead.rest()

    assert code == "no_open_task"
    task = await lead.task()
    assert (task["kind"], task["owner"], task["due_at"]) == ("first_follow_up", "BJ02-C1", 7 * DAY)
    assert (await lead.when("reassigned", "choice_kept"))[0] == ("reassigned", 6 * DAY)
