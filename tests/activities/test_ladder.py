"""The escalation ladder (A10): what each rung does, at its exact instant, and who wins a race
against it."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from cases.actors import EVERYTHING, SYSTEM
from cases.ids import new_id
from cases.states import MessageKind, Outcome
from domain.kinds import team_of
from store.engine import outbox, tasks
from store.engine.tasks import Completion
from store.leads import leads
from store.models import Assignment, FollowUp, Notification, SlaClock, Task, TimelineEntry
from store.session import Database
from tests.activities.scene import START, Scene

H = timedelta(hours=1)


async def complete(db: Database, lead_id: UUID, task_id: UUID, at: datetime, outcome: str = "continue") -> Completion:
    """What the API does when a consultant follows up."""
    async with db.transaction(SYSTEM, EVERYTHING) as tx:
        lead = await leads.lock(tx, lead_id)
        done = await tasks.complete(tx, task_id, outcome=Outcome(outcome), at=at, team=team_of("first_follow_up"))
        if done.won and lead.owner_id:
            tx.session.add(
                FollowUp(
                    id=new_id(), lead_id=lead_id, task_id=task_id, by_id=lead.owner_id, at=at,
                    channel="phone", outcome=outcome, late=done.late,
                )
            )  # fmt: skip
        return done


async def climb_all(
    scene: Scene, lead_id: UUID, rung_at: str | None, kind: str, asks_hq: bool | None = None
) -> list[tuple[timedelta, str]]:
    """Fires the ladder's timer at each instant that the ladder asks for, until somebody else has
    the lead."""
    steps: list[tuple[timedelta, str]] = []
    while rung_at is not None:
        at = datetime.fromisoformat(rung_at)
        climbed = await scene.run("climb", lead_id, at, kind=kind, asks_hq=asks_hq)
        steps.append((at - START, climbed["action"]))
        rung_at = climbed["rung_at"]
    return steps


async def told(scene: Scene, lead_id: UUID) -> list[str]:
    return [one.code for one in await scene.rows(Notification, lead_id)]


async def test_first_follow_up_reminds_tells_the_manager_and_hands_over(scene: Scene) -> None:
    lead_id = await scene.working()
    former = (await scene.row(lead_id)).owner_id
    planned = await scene.chased(lead_id)

    steps = await climb_all(scene, lead_id, planned["rung_at"], "first_follow_up")

    assert steps == [(7 * H, "remind"), (24 * H, "tell_manager"), (48 * H, "hand_over")]
    lead = await scene.row(lead_id)
    assert lead.owner_id not in (None, former)
    assert lead.assigned_at == START + 48 * H
    (task,) = await scene.rows(Task, lead_id)
    assert (task.status, task.closed_because["to"]) == ("handed_over", str(lead.owner_id))
    clock = next(one for one in await scene.rows(SlaClock, lead_id) if one.kind == "first_follow_up")
    assert (clock.rung, clock.breached_at, clock.stopped_at) == (3, START + 24 * H, START + 48 * H)
    notices = [(one.code, one.to_staff_id) for one in await scene.rows(Notification, lead_id)]
    assert ("reminder", former) in notices
    assert ("handed_over_to_you", lead.owner_id) in notices
    assert ("handed_over_from_you", former) in notices


async def test_a_lead_handed_over_and_missed_again_goes_back_to_hq_and_to_another_dealer(scene: Scene) -> None:
    lead_id = await scene.working()
    first_dealer = (await scene.row(lead_id)).dealer_id
    planned = await scene.chased(lead_id)
    await climb_all(scene, lead_id, planned["rung_at"], "first_follow_up")

    again = await scene.chased(lead_id, START + 48 * H)
    steps = await climb_all(scene, lead_id, again["rung_at"], "first_follow_up")

    taken_over = 48 * H
    assert steps == [
        (taken_over + 7 * H, "remind"),
        (taken_over + 24 * H, "tell_manager"),
        (taken_over + 48 * H, "tell_manager"),
        (taken_over + 96 * H, "back_to_hq"),
    ]
    lead = await scene.row(lead_id)
    assert (lead.dealer_id, lead.owner_id, lead.lamp) == (None, None, "green")
    assert all(clock.stopped_at for clock in await scene.rows(SlaClock, lead_id))
    dealer = await scene.run("dispatch", lead_id, START + 144 * H, lane="dispatch")
    assert dealer["dealer"] not in (None, str(first_dealer))


async def test_an_urgent_lead_has_the_shorter_ladder(scene: Scene) -> None:
    lead_id = await scene.working(horizon_days=3)
    planned = await scene.chased(lead_id)

    steps = await climb_all(scene, lead_id, planned["rung_at"], "first_follow_up")

    assert steps == [(7 * H, "remind"), (24 * H, "tell_manager"), (46.5 * H, "hand_over")]


async def test_without_a_successor_the_manager_is_told_and_the_lead_goes_back_to_hq(scene: Scene) -> None:
    dealer = await scene.only_dealer("BJ01", consultants=1)
    lead_id = await scene.working()
    planned = await scene.chased(lead_id)

    steps = await climb_all(scene, lead_id, planned["rung_at"], "first_follow_up")

    assert steps[2:] == [(48 * H, "tell_manager"), (96 * H, "back_to_hq")]
    assert "no_successor" in await told(scene, lead_id)
    (returned,) = [one for one in await scene.rows(Assignment, lead_id) if one.kind == "return"]
    assert (returned.previous_dealer_id, returned.dealer_id) == (dealer, None)


@pytest.mark.parametrize(("horizon", "days", "grade"), [(5, 7, "H"), (12, 15, "A"), (25, 30, "B")])
async def test_a_grade_without_progress_runs_out_to_the_second(
    scene: Scene, horizon: int, days: int, grade: str
) -> None:
    lead_id = await scene.working(horizon_days=horizon)
    planned = await scene.chased(lead_id)
    at = START + H
    await complete(scene.db, lead_id, planned["task_id"], at)
    # the consultant calls again and again, which is no progress
    while (planned := await scene.chased(lead_id, at))["rung_at"] != (START + timedelta(days=days)).isoformat():
        assert planned["kind"] == "next_follow_up"
        at = datetime.fromisoformat(planned["due"])
        await complete(scene.db, lead_id, planned["task_id"], at)

    before = await scene.run("climb", lead_id, START + timedelta(days=days, microseconds=-1), kind="next_follow_up")
    climbed = await scene.run("climb", lead_id, START + timedelta(days=days), kind="next_follow_up")

    assert (before["action"], climbed["action"]) == ("none", "tell_manager")
    clock = next(one for one in await scene.rows(SlaClock, lead_id) if one.kind == "grade_validity")
    assert (clock.grade, clock.started_at, clock.breached_at) == (grade, START, START + timedelta(days=days))


async def test_progress_restarts_the_grades_validity_and_nothing_else_does(scene: Scene) -> None:
    lead_id = await scene.working()
    planned = await scene.chased(lead_id)
    await complete(scene.db, lead_id, planned["task_id"], START + H)
    await scene.chased(lead_id, START + H)
    await scene.run("plan_task", lead_id, START + 2 * H, kind="follow_up")
    unmoved = [one for one in await scene.rows(SlaClock, lead_id) if one.kind == "grade_validity"]

    visited = START + timedelta(days=3)
    await scene.sql("UPDATE cases SET stage = 'visited' WHERE id = :id", id=lead_id)
    await scene.sql("UPDATE leads SET progress_at = :at WHERE id = :id", at=visited, id=lead_id)
    await scene.run("plan_task", lead_id, visited, kind="follow_up")

    moved = [one for one in await scene.rows(SlaClock, lead_id) if one.kind == "grade_validity"]
    assert [one.due_at for one in unmoved] == [START + timedelta(days=15)]
    assert [one.due_at for one in moved if one.stopped_at is None] == [visited + timedelta(days=15)]


async def test_a_grades_ladder_goes_on_with_the_next_owner(scene: Scene) -> None:
    lead_id = await scene.working(horizon_days=25)
    await scene.chased(lead_id)
    await scene.sql("UPDATE sla_clocks SET next_rung_at = NULL WHERE kind = 'first_follow_up'")

    steps = await climb_all(scene, lead_id, (START + timedelta(days=30)).isoformat(), "first_follow_up")
    assert steps == [(timedelta(days=30), "tell_manager"), (timedelta(days=32), "hand_over")]

    planned = await scene.chased(lead_id, START + timedelta(days=32))
    assert planned["kind"] == "first_follow_up"
    clock = next(one for one in await scene.rows(SlaClock, lead_id) if one.kind == "grade_validity")
    after_the_holiday = START + timedelta(days=36) - 1.5 * H  # at 08:30: 清明节 lasts until the day before
    assert (clock.stopped_at, clock.rung, clock.next_rung_at) == (None, 2, after_the_holiday)
    assert clock.staff_id == (await scene.row(lead_id)).owner_id


@pytest.mark.parametrize(
    ("kind", "role", "expected"),
    [
        ("outbound_call", "call_centre", [(2 * H, "remind"), (6 * H, "tell_manager"), (26 * H, "ask_hq")]),
        ("intent_check", "call_centre", [(24 * H, "remind"), (72 * H, "tell_manager"), (120 * H, "ask_hq")]),
        ("confirm_closing", "dealer_manager", [(48 * H, "remind"), (72 * H, "tell_manager"), (120 * H, "ask_hq")]),
    ],
)
@pytest.mark.parametrize("asks_hq", [True, None])
async def test_every_kind_of_task_has_its_ladder_and_ends_with_head_office(
    scene: Scene, kind: str, role: str, expected: list[tuple[timedelta, str]], asks_hq: bool | None
) -> None:
    lead_id = await scene.working()
    planned = await scene.chased(lead_id, kind=kind, role=role)

    steps = await climb_all(scene, lead_id, planned["rung_at"], kind, asks_hq)

    last, action = expected[-1]
    assert steps == [*expected[:-1], (last, action if asks_hq else "tell_manager")]
    assert (await scene.row(lead_id)).lamp == "red"
    (task,) = await scene.rows(Task, lead_id)
    (clock,) = [one for one in await scene.rows(SlaClock, lead_id) if one.kind == kind]
    lines = [one.code for one in await scene.rows(TimelineEntry, lead_id)]
    if asks_hq:
        assert (task.status, clock.stopped_at, "left_undone" in lines) == ("withdrawn", START + last, True)
    else:  # a diagram that does not go on from there, as those had it that run already: nobody loses the task
        assert (task.status, clock.stopped_at, "left_undone" in lines) == ("open", None, False)


async def test_a_call_back_that_nobody_makes_is_told_every_week(scene: Scene) -> None:
    lead_id = await scene.working()
    planned = await scene.chased(lead_id, kind="recall", role="call_centre")
    rung_at, steps = planned["rung_at"], list[timedelta]()
    for _ in range(4):
        steps.append(datetime.fromisoformat(rung_at) - START)
        rung_at = (await scene.run("climb", lead_id, datetime.fromisoformat(rung_at), kind="recall"))["rung_at"]

    assert steps == [48 * H, 96 * H, 264 * H, 432 * H]
    assert (await told(scene, lead_id)).count("overdue") == 3


async def test_a_task_that_head_office_leaves_lying_is_told_again_and_again(scene: Scene) -> None:
    lead_id = await scene.working()
    planned = await scene.chased(lead_id, kind="hq_decision", role="hq", why="returned")
    due = 4 * H  # working hours of a Monday: H and A leads wait half a day
    assert planned["due"] == (START + due).isoformat()

    rung_at, steps = planned["rung_at"], list[tuple[timedelta, str]]()
    for _ in range(5):
        climbed = await scene.run("climb", lead_id, datetime.fromisoformat(rung_at), kind="hq_decision")
        steps.append((datetime.fromisoformat(rung_at) - START - due, climbed["action"]))
        rung_at = climbed["rung_at"]

    again = [(hours * H, "tell_manager") for hours in (24, 96, 168, 240)]
    assert steps == [(0 * H, "remind"), *again]
    told = [(one.code, one.to_role) for one in await scene.rows(Notification, lead_id) if one.to_role]
    assert told.count(("overdue", "hq")) == told.count(("overdue", "regional_manager")) == 4
    assert told.count(("reminder", "hq")) == told.count(("hq_decision_wanted", "hq")) == 1
    (task,) = await scene.rows(Task, lead_id)
    assert (task.status, task.why, task.role) == ("open", "returned", "hq") and task.owner_id is not None


@pytest.mark.parametrize(
    ("kind", "role", "reminder", "manager_told"),
    [
        ("outbound_call", "call_centre", "passed", "head_office"),
        ("hq_decision", "hq", "passed", "head_office_and_region"),
        ("first_follow_up", "consultant", None, "overdue"),
    ],
)
async def test_what_is_told_says_whether_it_is_due_yet_and_who_was_told(
    scene: Scene, kind: str, role: str, reminder: str | None, manager_told: str
) -> None:
    lead_id = await scene.working()
    rung_at = (await scene.chased(lead_id, kind=kind, role=role))["rung_at"]
    for _ in range(2):
        rung_at = (await scene.run("climb", lead_id, datetime.fromisoformat(rung_at), kind=kind))["rung_at"]

    notices = {one.code: one.data.get("case") for one in await scene.rows(Notification, lead_id)}
    lines = {one.code: one.data.get("case") for one in await scene.rows(TimelineEntry, lead_id)}
    assert (notices["reminder"], notices["overdue"]) == (reminder, kind)
    assert lines["manager_told"] == manager_told


async def test_rungs_missed_in_an_outage_are_climbed_in_their_order(scene: Scene) -> None:
    lead_id = await scene.working()
    await scene.chased(lead_id)

    climbed = await scene.run("climb", lead_id, START + 30 * H, kind="first_follow_up")

    assert climbed == {"action": "tell_manager", "rung_at": (START + 48 * H).isoformat()}
    lines = [one.code for one in await scene.rows(TimelineEntry, lead_id, "number")]
    assert lines[-2:] == ["reminded", "manager_told"]


async def test_a_minute_before_the_deadline_cancels_it_a_minute_after_is_late(scene: Scene) -> None:
    minute = timedelta(minutes=1)
    early, late = await scene.working(), await scene.working()
    planned_early, planned_late = await scene.chased(early), await scene.chased(late)

    in_time = await complete(scene.db, early, planned_early["task_id"], START + 24 * H - minute)
    after = await complete(scene.db, late, planned_late["task_id"], START + 24 * H + minute)

    assert (in_time.won, in_time.late) == (True, False)
    assert (after.won, after.late) == (True, True)
    assert await scene.run("climb", early, START + 24 * H, kind="first_follow_up") == {
        "action": "superseded",
        "rung_at": None,
    }
    clocks = {
        one.case_id: one for lead in (early, late) for one in await scene.rows(SlaClock, lead) if "first" in one.kind
    }
    assert clocks[early].breached_at is None
    assert clocks[late].breached_at == START + 24 * H


async def test_the_former_owners_late_completion_is_refused_with_the_reason(scene: Scene) -> None:
    lead_id = await scene.working()
    planned = await scene.chased(lead_id)
    await scene.run("climb", lead_id, START + 48 * H, kind="first_follow_up")

    refused = await complete(scene.db, lead_id, planned["task_id"], START + 48 * H)

    assert (refused.won, refused.reason) == (False, "task_handed_over")
    assert refused.task is not None
    assert refused.task.closed_because["to"] == str((await scene.row(lead_id)).owner_id)
    assert (await complete(scene.db, lead_id, new_id(), START)).reason == "task_not_found"


async def test_climb_and_completion_in_the_same_second_have_one_winner(scene: Scene) -> None:
    at = START + 48 * H
    race: list[tuple[UUID, UUID]] = []
    for _ in range(12):
        lead_id = await scene.working()
        race.append((lead_id, (await scene.chased(lead_id))["task_id"]))

    async def one(lead_id: UUID, task_id: UUID) -> tuple[Completion, dict[str, Any]]:
        done, climbed = await asyncio.gather(
            complete(scene.db, lead_id, task_id, at), scene.run("climb", lead_id, at, kind="first_follow_up")
        )
        return done, climbed

    for (lead_id, task_id), (done, climbed) in zip(race, await asyncio.gather(*(one(*r) for r in race)), strict=True):
        assert climbed["action"] == ("superseded" if done.won else "hand_over")
        (task,) = [one for one in await scene.rows(Task, lead_id) if one.id == task_id]
        assert task.status == ("done" if done.won else "handed_over")


async def test_a_deadline_takes_all_tasks_or_none(scene: Scene) -> None:
    won, lost = await scene.working(), await scene.working()
    free, taken = await scene.chased(won), await scene.chased(lost)
    await complete(scene.db, lost, taken["task_id"], START + H)

    assert await scene.withdraw(won, free["task_id"], START + H) is True
    assert await scene.withdraw(won, free["task_id"], START + H) is True, "said twice is said once"
    assert await scene.withdraw(lost, taken["task_id"], START + H) is False


async def test_a_deadline_yields_to_a_statement_that_the_process_has_not_seen(scene: Scene) -> None:
    lead_id = await scene.working()
    task = await scene.chased(lead_id)
    async with scene.db.transaction(SYSTEM, EVERYTHING) as tx:
        seq = await outbox.tell(tx, lead_id, MessageKind.REGRADED, START, {"grade": "A"})

    assert await scene.withdraw(lead_id, task["task_id"], START + H, applied=seq - 1) is False
    assert await scene.withdraw(lead_id, task["task_id"], START + H, applied=seq) is True
