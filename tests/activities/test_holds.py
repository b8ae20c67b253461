"""A task that waits for an agreed day: its deadline and its ladder stand still, and go on by what
was left."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from cases.actors import EVERYTHING, SYSTEM
from domain.kinds import team_of
from store.engine import holds, tasks
from store.models import SlaClock, Task, TimelineEntry
from tests.activities.scene import START, Scene

H = timedelta(hours=1)
DAY = 24 * H
CENTRE = team_of("intent_check")


async def on_hold(scene: Scene, lead: UUID, until: datetime, at: datetime = START + H) -> bool:
    clock = await its_clock(scene, lead)
    async with scene.db.transaction(SYSTEM, EVERYTHING) as tx:
        return await holds.begin(tx, lead, clock.id, until, "customer", at)


async def resumed(scene: Scene, lead: UUID, task_id: UUID, at: datetime) -> None:
    async with scene.db.transaction(SYSTEM, EVERYTHING) as tx:
        await holds.end_of_task(tx, task_id, at, CENTRE)


async def its_clock(scene: Scene, lead: UUID) -> SlaClock:
    return next(one for one in await scene.rows(SlaClock, lead) if one.kind == "intent_check")


async def call(scene: Scene, lead: UUID, **said: Any) -> dict[str, Any]:
    return await scene.chased(lead, kind="intent_check", role="call_centre", **{"hours": 48} | said)


async def climb(scene: Scene, lead: UUID, at: datetime) -> dict[str, Any]:
    return await scene.run("climb", lead, at, kind="intent_check", role="call_centre", about="")


async def test_while_it_is_held_a_rung_climbs_nothing_and_the_lamp_is_grey(scene: Scene) -> None:
    lead = await scene.lead()
    planned = await call(scene, lead)
    until = START + 30 * DAY

    assert await on_hold(scene, lead, until)
    assert (await scene.row(lead)).lamp == "grey"
    climbed = await climb(scene, lead, datetime.fromisoformat(planned["rung_at"]))

    assert climbed == {"action": "none", "rung_at": until.isoformat()}
    assert (await its_clock(scene, lead)).rung == 0 and (await scene.row(lead)).lamp == "grey"


async def test_it_goes_on_by_itself_at_the_agreed_instant_even_if_that_is_noticed_later(scene: Scene) -> None:
    lead = await scene.lead()
    planned = await call(scene, lead)
    await on_hold(scene, lead, START + 5 * DAY + H)

    climbed = await climb(scene, lead, START + 5 * DAY + 3 * H)

    clock = await its_clock(scene, lead)
    (task,) = await scene.rows(Task, lead)
    assert clock.due_at == task.due_at == START + 48 * H + 5 * DAY
    assert (clock.paused_at, clock.paused_until, clock.paused_minutes) == (None, None, 5 * 24 * 60)
    assert clock.next_rung_at == datetime.fromisoformat(planned["rung_at"]) + 5 * DAY
    assert climbed == {"action": "none", "rung_at": clock.next_rung_at.isoformat()}
    row = await scene.row(lead)
    assert (row.lamp, row.next_due_at) == ("green", task.due_at)
    assert [one.code for one in await scene.rows(TimelineEntry, lead) if one.code == "hold_over"] == ["hold_over"]


async def test_after_an_outage_rungs_that_were_over_by_then_are_climbed_at_once(scene: Scene) -> None:
    lead = await scene.lead()
    await call(scene, lead)
    await on_hold(scene, lead, START + DAY)

    climbed = await climb(scene, lead, START + 20 * DAY)

    assert climbed["action"] != "none" and (await its_clock(scene, lead)).rung > 0
    assert (await its_clock(scene, lead)).due_at == START + 48 * H + 23 * H


async def test_it_goes_on_earlier_when_somebody_says_so(scene: Scene) -> None:
    lead = await scene.lead()
    planned = await call(scene, lead)
    await on_hold(scene, lead, START + 20 * DAY)

    await resumed(scene, lead, planned["task_id"], START + 3 * H)

    assert (await its_clock(scene, lead)).due_at == START + 50 * H
    assert (await scene.row(lead)).lamp == "green"
    assert await on_hold(scene, lead, START + DAY, START + 4 * H) is not False  # and may be held again


@pytest.mark.parametrize(("hours", "late"), [(0.5, True), (48, False)])
async def test_a_held_task_is_late_only_if_it_was_before(scene: Scene, hours: float, late: bool) -> None:
    lead = await scene.lead()
    planned = await call(scene, lead, hours=hours)
    await on_hold(scene, lead, START + 20 * DAY)

    async with scene.db.transaction(SYSTEM, EVERYTHING) as tx:
        done = await tasks.complete(tx, planned["task_id"], outcome="unchanged", at=START + 10 * DAY, team=CENTRE)

    assert (done.won, done.late) == (True, late)
    assert ((await its_clock(scene, lead)).breached_at is not None) == late


async def test_a_deadline_in_working_hours_stands_still_as_people_work(scene: Scene) -> None:
    lead = await scene.lead()
    planned = await scene.chased(lead, kind="hq_decision", role="hq", hours=8, calendar="working")
    clock = next(one for one in await scene.rows(SlaClock, lead) if one.kind == "hq_decision")
    assert (clock.counting, planned["due"]) == ("working", (START + 8 * H).isoformat())  # 10:00 until 18:00

    async with scene.db.transaction(SYSTEM, EVERYTHING) as tx:
        await holds.begin(tx, lead, clock.id, START + 10 * DAY, "others", START + 2 * H)
        await holds.end_of_task(tx, planned["task_id"], START + 2 * DAY, CENTRE)  # Wednesday 10:00

    (task,) = await scene.rows(Task, lead)
    # 6 hours of Monday, 9 of Tuesday, 1 of Wednesday stood still; 6 were left
    assert task.due_at == START + 2 * DAY + 6 * H


async def test_what_stands_still_cannot_be_held_again(scene: Scene) -> None:
    lead = await scene.lead()
    await call(scene, lead)
    assert [await on_hold(scene, lead, START + DAY), await on_hold(scene, lead, START + 2 * DAY)] == [True, False]


async def test_a_loop_that_plans_it_again_leaves_it_on_hold(scene: Scene) -> None:
    lead = await scene.lead()
    await call(scene, lead)
    await on_hold(scene, lead, START + DAY)

    planned = await scene.run("plan_task", lead, START + 2 * H, kind="intent_check", role="call_centre")

    assert planned["rung_at"] == (START + DAY).isoformat() and (await scene.row(lead)).lamp == "grey"
