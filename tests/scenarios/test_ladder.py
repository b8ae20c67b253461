"""Every deadline fires at its exact instant, and the ladder does at each step what the table says
(A7, A9, A10)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.scenarios.story import DAY, HOUR, Story
from tests.scenarios.world import World

FIRST = [("H", 46.5, 94.5, 118.5), ("A", 48, 96, 144), ("B", 48, 96, 144)]
"""Hours after the assignment: hand-over, the manager told that the next owner leaves it lying, too,
and back to HQ."""
REMIND, AGAIN = 7 * HOUR, 55 * HOUR
"""17:00, the last hour of the dealer's day: what is due the next morning or at night is said before
people go home."""


@pytest.mark.parametrize(("grade", "hand_over"), [row[:2] for row in FIRST[:2]])
async def test_first_follow_up_is_due_in_24_hours(world: World, grade: str, hand_over: float) -> None:
    lead = await world.new_lead(grade)
    owner, manager = await lead.owner(), await lead.manager()

    await lead.until(hand_over * HOUR)

    new_owner, handed_over = await lead.owner(), hand_over * HOUR
    assert await lead.climbed() == [("reminded", REMIND), ("manager_told", DAY), ("handed_over", handed_over)]
    assert await lead.told() == [
        ("lead_assigned", owner, 0 * HOUR),
        ("reminder", owner, REMIND),
        ("overdue", manager, DAY),
        ("handed_over", manager, handed_over),
        ("handed_over_from_you", owner, handed_over),
        ("handed_over_to_you", new_owner, handed_over),
    ]
    assert new_owner != owner
    ended, running = await lead.clocks("first_follow_up")
    assert (ended["staff"], ended["due_at"], ended["breached_at"], ended["stopped_at"]) == (
        owner,
        DAY,
        DAY,
        handed_over,
    )
    assert (running["staff"], running["started_at"], running["due_at"]) == (new_owner, handed_over, handed_over + DAY)
    former, now = await lead.tasks()
    assert (former["owner"], former["status"], former["closed_at"]) == (owner, "handed_over", handed_over)
    assert (now["owner"], now["status"], now["due_at"]) == (new_owner, "open", handed_over + DAY)


@pytest.mark.parametrize(("grade", "hand_over", "third", "back"), FIRST[::2])
async def test_a_lead_nobody_touches_goes_back_to_hq_and_to_another_dealer(
    world: World, grade: str, hand_over: float, third: float, back: float
) -> None:
    lead = await world.new_lead(grade)
    dealer, manager = await lead.dealer(), await lead.manager()

    await lead.until(back * HOUR)

    assert await lead.climbed() == [
        ("reminded", REMIND),
        ("manager_told", DAY),
        ("handed_over", hand_over * HOUR),
        ("reminded", AGAIN),
        ("manager_told", hand_over * HOUR + DAY),
        ("manager_told", third * HOUR),  # a third consultant is not asked
        ("back_to_hq", back * HOUR),
    ]
    taken = back * HOUR
    assert ("handed_over_before", manager, third * HOUR) in await lead.told()
    assert {("taken_back", manager, taken), ("back_at_hq", "hq", taken)} <= set(await lead.told())
    if grade == "H":
        assert ("sent_again", "hq", taken) in await lead.told()
    else:
        await lead.decided("dispatch")
    assert await lead.dealer() != dealer
    assert (await lead.clocks("first_follow_up"))[-1]["due_at"] == taken + DAY
    assert (await lead.show())["lamp"] == "green"


@pytest.mark.parametrize(
    ("grade", "due", "manager", "hand_over"), [("H", 72, 21.5, 45.5), ("A", 168, 24, 72), ("B", 336, 24, 72)]
)
async def test_the_next_follow_up_is_due_by_the_cadence(
    world: World, grade: str, due: int, manager: float, hand_over: float
) -> None:
    lead = await world.new_lead(grade)
    owner = await lead.owner()
    await lead.until(HOUR)
    await lead.follow_up()

    await lead.until((1 + due + hand_over) * HOUR)

    at = (1 + due) * HOUR
    assert await lead.climbed() == [
        ("reminded", at),
        ("manager_told", at + manager * HOUR),
        ("handed_over", at + hand_over * HOUR),
    ]
    (clock,) = await lead.clocks("next_follow_up")
    assert (clock["staff"], clock["started_at"], clock["due_at"], clock["breached_at"]) == (owner, HOUR, at, at)
    now = await lead.task()
    assert (now["kind"], now["due_at"]) == ("first_follow_up", at + hand_over * HOUR + DAY)
    assert now["owner"] != owner


async def climbed(lead: Story) -> list[tuple[str, timedelta]]:
    """What came of rungs but for reminders."""
    return [rung for rung in await lead.climbed() if rung[0] != "reminded"]


@pytest.mark.parametrize(
    ("grade", "days", "every", "hand_over", "back"),
    [("H", 7, 70, 24, 72), ("A", 15, 160, 48, 120), ("B", 30, 330, 48, 120), ("C", 90, 330, 48, 120)],
)
async def test_a_grade_that_runs_out_without_progress_escalates(
    world: World, grade: str, days: int, every: int, hand_over: int, back: int
) -> None:
    """Its owner calls in time again and again, but the customer does not come any nearer."""
    lead = await world.new_lead(grade)
    if grade == "C":
        await lead.reassign(to_staff="BJ01-C1")  # the rules would nurture it
    dealer, owner = await lead.dealer(), await lead.owner()
    due = HOUR + days * DAY  # the first contact is progress
    for hours in range(1, days * 24, every):
        await lead.until(hours * HOUR)
        await lead.follow_up()

    await lead.until(due)
    assert (await climbed(lead), (await lead.show())["lamp"]) == ([("manager_told", due)], "amber")
    (validity,) = [clock for clock in (await lead.page())["clocks"] if clock["kind"] == "grade_validity"]
    assert (validity["rung"], validity["grade"]) == (1, grade)

    await lead.until(due + (hand_over + 10) * HOUR)
    assert await lead.owner() != owner
    await lead.follow_up()
    await lead.until(due + back * HOUR)

    assert await climbed(lead) == [
        ("manager_told", due),
        ("handed_over", due + hand_over * HOUR),
        ("back_to_hq", due + back * HOUR),
    ]
    if grade in ("B", "C"):
        await lead.decided("dispatch")  # a person looks first
    assert await lead.dealer() != dealer
    first, ran_out, afresh = await lead.clocks("grade_validity")
    assert (first["due_at"], first["breached_at"]) == (days * DAY, None)
    assert (ran_out["due_at"], ran_out["breached_at"], ran_out["stopped_at"]) == (due, due, due + back * HOUR)
    assert afresh["due_at"] == due + back * HOUR + days * DAY


async def test_progress_starts_the_grade_s_validity_anew(world: World) -> None:
    lead = await world.new_lead("H")
    await lead.until(HOUR)
    await lead.follow_up()
    await lead.until(3 * DAY)
    await lead.say("invite", {"content": "周末到店"}, by=await lead.owner())
    await lead.until(5 * DAY)
    await lead.follow_up(grade="A")

    due = [(clock["grade"], clock["due_at"], clock["breached_at"]) for clock in await lead.clocks("grade_validity")]

    assert due == [
        ("H", 7 * DAY, None),
        ("H", 7 * DAY + HOUR, None),
        ("H", 10 * DAY, None),
        ("A", 18 * DAY, None),  # longer, but from the invitation
    ]
    assert await lead.climbed() == []


async def test_a_lead_regraded_down_and_up_every_day_still_escalates(world: World) -> None:
    lead = await world.new_lead("H")
    owner, due = await lead.owner(), HOUR + 7 * DAY  # the first contact is progress
    for day in range(8):
        await lead.until(day * DAY + HOUR)
        await lead.follow_up(grade="A" if day % 2 else "H")

    assert await lead.climbed() == [("manager_told", due)]  # and it is an A now, which is valid for longer
    await lead.until(8 * DAY + HOUR)
    await lead.follow_up(grade="H")
    await lead.until(8 * DAY + HOUR)  # the rung that is due at once is climbed before time goes on
    await lead.until(8 * DAY + 2 * HOUR)

    # the ladder of the H goes on where it was: its manager is not told twice
    assert await lead.climbed() == [("manager_told", due), ("handed_over", 8 * DAY + HOUR)]
    assert await lead.owner() != owner
    clocks = await lead.clocks("grade_validity")
    assert {clock["due_at"] for clock in clocks if clock["grade"] == "H"} == {7 * DAY, due}
    assert {clock["due_at"] for clock in clocks if clock["grade"] == "A"} == {HOUR + 15 * DAY}


async def test_who_cools_a_lead_and_takes_it_back_has_no_new_clock(world: World) -> None:
    lead = await world.new_lead("H")
    owner = await lead.owner()
    for hours in (1, 71, 141):
        await lead.until(hours * HOUR)
        await lead.follow_up()
    await lead.until(7 * DAY)
    await lead.say("cool", {"content": "先放一放"}, by=owner)
    await lead.until(7 * DAY + 2 * HOUR)

    await lead.say("regrade", {"grade": "H", "reason": "又有意向"}, by=owner)

    assert (await lead.owner(), await lead.status()) == (owner, "working")
    assert (await lead.clocks("grade_validity"))[-1]["due_at"] == HOUR + 7 * DAY
    await lead.until(HOUR + 8 * DAY)
    assert ("handed_over", 8 * DAY + HOUR) in await lead.climbed()


async def test_the_lamp_is_that_of_the_most_urgent_clock(world: World) -> None:
    lead = await world.new_lead("A")

    async def lamp(at: Story, hours: int) -> str:
        await at.until(hours * HOUR)
        return str((await at.show())["lamp"])

    assert [await lamp(lead, hours) for hours in (6, 7, 24)] == ["green", "amber", "red"]
    await lead.follow_up()
    assert (await lead.show())["lamp"] == "green"
