"""Deadlines of tasks that one case has side by side: each has its own, and nothing of another's
moves it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from activities.rest import settle
from cases.actors import EVERYTHING, SYSTEM
from cases.contracts import Settlement, TaskToOpen
from cases.ids import new_id
from domain.kinds import team_of
from domain.work import InputRefused
from store.engine import tasks
from store.models import SlaClock, Task
from tests.activities.scene import START, Scene, resting

H = timedelta(hours=1)
FRIDAY = START + timedelta(days=4, hours=6)
"""16:00 in China."""


async def clocks(scene: Scene, lead: UUID) -> dict[tuple[str, str], SlaClock]:
    """The clocks that run, by kind and what they are about."""
    return {(one.kind, one.about): one for one in await scene.rows(SlaClock, lead) if one.stopped_at is None}


async def task(scene: Scene, lead: UUID, task_id: UUID) -> Task:
    return next(one for one in await scene.rows(Task, lead) if one.id == task_id)


async def done(scene: Scene, task_id: UUID, at: datetime) -> None:
    async with scene.db.transaction(SYSTEM, EVERYTHING) as tx:
        assert (await tasks.complete(tx, task_id, outcome="unchanged", at=at, team=team_of("intent_check"))).won


async def errands(scene: Scene, lead: UUID, **hours: float) -> dict[str, dict[str, Any]]:
    """Several calls of a kind, side by side, each with a time of its own."""
    return {
        name: await scene.chased(lead, kind="intent_check", role="call_centre", about=name, hours=given)
        for name, given in hours.items()
    }


async def test_two_errands_of_a_case_have_their_own_deadlines(scene: Scene) -> None:
    lead = await scene.working()

    first, second = (await errands(scene, lead, first=10, second=20)).values()

    assert [one["due"] for one in (first, second)] == [(START + 10 * H).isoformat(), (START + 20 * H).isoformat()]
    await done(scene, first["task_id"], START + 11 * H)
    running = await clocks(scene, lead)
    assert set(running) == {("intent_check", "second")}
    assert running["intent_check", "second"].due_at == START + 20 * H
    ended = next(one for one in await scene.rows(SlaClock, lead) if one.about == "first")
    assert (ended.stopped_at, ended.breached_at) == (START + 11 * H, START + 10 * H)
    assert (await task(scene, lead, second["task_id"])).clock_id == running["intent_check", "second"].id


async def test_the_ladder_climbs_the_clock_of_its_own_errand(scene: Scene) -> None:
    lead = await scene.working()
    first, second = (await errands(scene, lead, first=10, second=200)).values()
    at = datetime.fromisoformat(first["rung_at"])

    said = {"kind": "intent_check", "role": "call_centre"}
    climbed = await scene.run("climb", lead, at, about="first", **said)

    running = await clocks(scene, lead)
    assert (climbed["action"], running["intent_check", "first"].rung) == ("remind", 1)
    assert running["intent_check", "second"].next_rung_at == datetime.fromisoformat(second["rung_at"])
    await done(scene, first["task_id"], at)
    assert (await scene.run("climb", lead, at + H, about="first", **said))["action"] == "superseded"


async def test_head_office_is_asked_instead_of_one_errand_only(scene: Scene) -> None:
    lead = await scene.working()
    first, second = (await errands(scene, lead, first=10, second=1000)).values()

    rung_at = first["rung_at"]
    while rung_at is not None:
        at = datetime.fromisoformat(rung_at)
        given = {"kind": "intent_check", "about": "first", "asks_hq": True}
        rung_at = (climbed := await scene.run("climb", lead, at, **given))["rung_at"]

    assert climbed["action"] == "ask_hq"
    states = [(await task(scene, lead, one["task_id"])).status for one in (first, second)]
    assert states == ["withdrawn", "open"] and ("intent_check", "second") in await clocks(scene, lead)


async def test_a_loop_that_plans_the_same_again_does_not_restart_its_clock(scene: Scene) -> None:
    lead = await scene.working()
    (first,) = (await errands(scene, lead, visit=10)).values()

    planned = await scene.run("plan_task", lead, START + H, kind="intent_check", about="visit", hours=10)
    again = TaskToOpen(str(new_id()), "work", planned["kind"], "call_centre", planned["due"], about=planned["about"])
    left = (str(first["task_id"]),)
    await settle(scene.db, scene.tables, Settlement(str(lead), START + H, resting(), open=(again,), withdraw=left))

    running = await clocks(scene, lead)
    assert planned["due"] == first["due"] and running["intent_check", "visit"].started_at == START
    assert (await task(scene, lead, UUID(again.task_id))).clock_id == running["intent_check", "visit"].id


async def test_what_the_process_leaves_before_it_rests_leaves_no_clock(scene: Scene) -> None:
    lead = await scene.working()
    await errands(scene, lead, other=20)
    planned = await scene.run("plan_task", lead, START, kind="intent_check", about="visit", hours=10)
    never = TaskToOpen(str(new_id()), "work", planned["kind"], "call_centre", planned["due"], about=planned["about"])

    rest = Settlement(str(lead), START, resting(), open=(never,), withdraw=(never.task_id,))
    await settle(scene.db, scene.tables, rest)

    assert set(await clocks(scene, lead)) == {("intent_check", "other")}
    assert never.task_id not in {str(one.id) for one in await scene.rows(Task, lead)}


async def test_a_withdrawn_errand_takes_its_own_clock_with_it(scene: Scene) -> None:
    lead = await scene.working()
    first, _ = (await errands(scene, lead, first=10, second=20)).values()

    await settle(scene.db, scene.tables, Settlement(str(lead), START + H, resting(), withdraw=(str(first["task_id"]),)))

    assert set(await clocks(scene, lead)) == {("intent_check", "second")}


@pytest.mark.parametrize(
    ("said", "due"),
    [
        ({"hours": 5}, FRIDAY + 5 * H),
        ({"hours": 5, "calendar": "elapsed"}, FRIDAY + 5 * H),
        ({"hours": 5, "calendar": "working", "role": "hq", "kind": "hq_decision"}, FRIDAY + timedelta(days=2) + 20 * H),
        ({"due": "2026-03-09T10:00:00+08:00"}, datetime.fromisoformat("2026-03-09T02:00:00+00:00")),
        ({"due": "2026-03-09T10:00:00+08:00", "hours": 1}, datetime.fromisoformat("2026-03-09T02:00:00+00:00")),
        ({"hours": 0}, FRIDAY),
    ],
)
async def test_a_diagram_may_say_when_its_task_is_due(scene: Scene, said: dict[str, Any], due: datetime) -> None:
    lead = await scene.working()

    planned = await scene.run("plan_task", lead, FRIDAY, **{"kind": "intent_check", "about": "x"} | said)

    assert datetime.fromisoformat(planned["due"]) == due
    clock = (await clocks(scene, lead))[planned["kind"], "x"]
    assert (clock.started_at, clock.due_at, clock.decision_id) == (FRIDAY, due, None)


async def test_hours_below_zero_are_refused(scene: Scene) -> None:
    lead = await scene.working()
    with pytest.raises(InputRefused):
        await scene.run("plan_task", lead, kind="intent_check", hours=-1)


async def test_follow_ups_have_one_clock_whatever_a_diagram_says(scene: Scene) -> None:
    lead = await scene.working()

    first = await scene.run("plan_task", lead, kind="follow_up", about="one")
    second = await scene.run("plan_task", lead, START + H, kind="follow_up", about="other")

    assert (first["about"], first["due"]) == (second["about"], second["due"]) == ("", first["due"])
    assert set(await clocks(scene, lead)) == {("first_follow_up", ""), ("grade_validity", "")}
