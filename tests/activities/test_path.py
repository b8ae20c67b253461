"""The path of a good lead: clean → find duplicates → grade → dispatch → assign → plan → settle
(A4–A7)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.actors import EVERYTHING, SYSTEM
from cases.contracts import PlaceMark
from store.models import Absence, Assignment, DecisionRecord, Notification, SlaClock, Task, TimelineEntry
from tests.activities.scene import START, Scene


async def test_a_complete_lead_reaches_its_first_task_within_24_hours(scene: Scene) -> None:
    lead_id = await scene.lead()

    assert (await scene.run("clean", lead_id))["needs_call"] is False
    assert await scene.run("find_duplicates", lead_id) == {"suspects": 0, "needs_call": False}
    assert await scene.run("grade", lead_id) == {"grade": "A", "lane": "dispatch"}
    dealer = await scene.run("dispatch", lead_id, lane="dispatch")
    consultant = await scene.run("assign", lead_id, lane="dispatch")
    planned = await scene.chased(lead_id)

    lead = await scene.row(lead_id)
    assert (str(lead.dealer_id), str(lead.owner_id)) == (dealer["dealer"], consultant["consultant"])
    assert (lead.status, lead.stage, lead.grade, lead.lamp) == ("working", "first_follow_up_due", "A", "green")
    assert lead.assigned_at == START
    assert planned["kind"] == "first_follow_up"
    assert planned["due"] == (START + timedelta(hours=24)).isoformat()
    assert planned["rung_at"] == (START + timedelta(hours=7)).isoformat(), "at 17:00, not at 06:00"
    (task,) = await scene.rows(Task, lead_id)
    assert (task.owner_id, task.dealer_id, task.status) == (lead.owner_id, lead.dealer_id, "open")
    assert task.due_at == lead.next_due_at == START + timedelta(hours=24)


async def test_two_clocks_run_beside_a_first_follow_up(scene: Scene) -> None:
    lead_id = await scene.working()

    await scene.chased(lead_id)

    clocks = {clock.kind: clock for clock in await scene.rows(SlaClock, lead_id)}
    assert clocks["first_follow_up"].due_at == START + timedelta(hours=24)
    assert clocks["grade_validity"].due_at == START + timedelta(days=15)
    assert clocks["grade_validity"].next_rung_at == START + timedelta(days=15)


async def test_every_choice_says_why_and_why_not(scene: Scene) -> None:
    lead_id = await scene.lead()
    await scene.sql("UPDATE dealers SET active = false WHERE code = 'BJ01'")
    await scene.near_beijing("QD01")
    await scene.run("grade", lead_id)

    await scene.run("dispatch", lead_id, lane="dispatch")
    await scene.run("assign", lead_id, lane="dispatch")

    records = {record.key: record for record in await scene.rows(DecisionRecord, lead_id)}
    assert set(records) == {"grade", "grade-scale", "routing-limits", "dispatch", "assignment"}
    assert records["grade"].matched == ["grade-a-15"]
    candidates = {one["code"]: one for one in records["dispatch"].candidates if "code" in one}
    assert candidates["BJ01"]["reason"] == "inactive"
    assert candidates["BJ02"]["points"] > candidates["QD01"]["points"], "who is nearer counts"
    dispatched, assigned = await scene.rows(Assignment, lead_id)
    assert (dispatched.kind, assigned.kind) == ("dispatch", "assign")
    assert (dispatched.decision_id, assigned.decision_id) == (records["dispatch"].id, records["assignment"].id)
    assert assigned.by == "process"


async def test_a_repeated_step_gives_the_first_result_and_doubles_nothing(scene: Scene) -> None:
    lead_id = await scene.lead()
    await scene.run("grade", lead_id)

    for name, data in (
        ("clean", {}),
        ("dispatch", {"lane": "dispatch"}),
        ("assign", {"lane": "dispatch"}),
        ("plan_task", {"kind": "follow_up"}),
        ("climb", {"kind": "first_follow_up"}),
    ):
        at = START + timedelta(hours=24) if name == "climb" else START
        first = await scene.run(name, lead_id, at, key=f"{lead_id}:1:{name}", **data)
        before = [len(await scene.rows(m, lead_id)) for m in (TimelineEntry, DecisionRecord, Notification, Assignment)]

        again = await scene.run(name, lead_id, at + timedelta(hours=1), key=f"{lead_id}:1:{name}", **data)

        assert again == first
        after = [len(await scene.rows(m, lead_id)) for m in (TimelineEntry, DecisionRecord, Notification, Assignment)]
        assert after == before


async def test_a_lead_without_model_and_wish_is_called_first(scene: Scene) -> None:
    lead_id = await scene.lead(model=None, budget_min=None, budget_max=None, horizon_days=None)

    assert (await scene.run("clean", lead_id))["needs_call"] is True

    planned = await scene.chased(lead_id, kind="outbound_call", role="call_centre")
    assert planned["due"] == (START + timedelta(hours=2)).isoformat()
    (task,) = await scene.rows(Task, lead_id)
    assert (task.role, task.dealer_id) == ("call_centre", None)
    lead = await scene.row(lead_id)
    assert (lead.grade, lead.grade_reason, lead.owner_id) == ("C", "presumed", None)


async def test_calls_go_round_among_the_agents_who_are_present(scene: Scene) -> None:
    agents = await scene.sql("SELECT id FROM staff WHERE role = 'call_centre' AND active ORDER BY code")
    away, present = agents[0][0], {agent for (agent,) in agents[1:]}
    async with scene.db.transaction(SYSTEM, EVERYTHING) as tx:
        tx.session.add(Absence(staff_id=away, starts_at=START - timedelta(days=1), ends_at=START + timedelta(days=1)))

    calls = [await scene.lead(model=None) for _ in range(2 * len(present))]
    for lead_id in calls:
        await scene.chased(lead_id, kind="outbound_call", role="call_centre")

    owners = [task.owner_id for lead_id in calls for task in await scene.rows(Task, lead_id)]
    assert {owner: owners.count(owner) for owner in present} == dict.fromkeys(present, 2)


async def test_a_call_due_after_hours_is_due_in_working_time(scene: Scene) -> None:
    friday_evening = START + timedelta(days=4, hours=10)  # 20:00 in China
    lead_id = await scene.lead(at=friday_evening)

    planned = await scene.run("plan_task", lead_id, friday_evening, kind="outbound_call")

    assert planned["due"] == (START + timedelta(days=5)).isoformat(), "one hour on Friday, one on Saturday from 9:00"


async def test_a_number_one_slip_away_with_the_same_name_is_suspected(scene: Scene) -> None:
    first = await scene.lead(phone="+8613812345670", name="欧阳雪晴")
    second = await scene.lead(phone="+8613812345679", name="欧阳雪晴")

    found = await scene.run("find_duplicates", second)

    assert found == {"suspects": 1, "needs_call": True}
    entry = (await scene.rows(TimelineEntry, second, "number"))[-1]
    decision = next(one for one in await scene.rows(DecisionRecord, second) if one.key == "cleaning")
    assert entry.data == {"suspects": 1, "leads": [str(first)], "decision_id": str(decision.id)}


@pytest.mark.parametrize("number", ["+8675586551234", "+864008201234"])
async def test_a_number_that_others_share_is_a_suspicion_for_the_call(scene: Scene, number: str) -> None:
    first = await scene.lead(phone=number, name="欧阳雪晴")
    second = await scene.lead(phone=number, name="李明")

    assert await scene.run("find_duplicates", second) == {"suspects": 1, "needs_call": True}
    assert (await scene.rows(TimelineEntry, second, "number"))[-1].data["leads"] == [str(first)]


async def test_another_extension_is_another_person(scene: Scene) -> None:
    await scene.lead(phone="+8675586551234;ext=801", name="欧阳雪晴")
    second = await scene.lead(phone="+8675586551234;ext=802", name="欧阳雪晴")

    assert (await scene.run("find_duplicates", second))["suspects"] == 0


async def test_whom_the_door_suspects_the_call_has_to_settle(scene: Scene) -> None:
    other = await scene.lead(name="李明")
    lead_id = await scene.lead(name="欧阳雪晴", suspects=[str(other)])

    assert await scene.run("find_duplicates", lead_id) == {"suspects": 1, "needs_call": True}


@pytest.mark.parametrize(("side", "calls"), [("maker.vertical.autohome", True), ("dealer.showroom.walk_in", False)])
async def test_what_could_not_be_read_is_asked_by_the_call_unless_the_dealer_does(
    scene: Scene, side: str, calls: bool
) -> None:
    lead_id = await scene.lead(channel=side, unread=[{"field": "grade", "code": "unreadable"}])

    cleaned = await scene.run("clean", lead_id)

    assert cleaned == {"needs_call": calls, "reason": "unread" if calls else "dealer_completes"}


async def test_a_purchase_time_that_has_passed_is_asked_also_for_a_dealer(scene: Scene) -> None:
    overdue = [{"field": "purchase_time", "code": "overdue"}]
    lead_id = await scene.lead(channel="dealer.showroom.walk_in", horizon_days=None, unread=overdue)

    assert await scene.run("clean", lead_id) == {"needs_call": True, "reason": "unread"}


async def test_an_attached_lead_badges_the_end_of_its_chain(scene: Scene) -> None:
    last = await scene.working()
    middle = await scene.lead(attached_to=last)
    first = await scene.lead(attached_to=middle)

    await scene.run("attach_duplicate", first)

    assert (await scene.row(last)).badges == ["duplicate"]
    assert (await scene.row(middle)).badges == []


async def test_a_duplicate_found_by_the_call_is_attached_and_badges_the_first(scene: Scene) -> None:
    first = await scene.working()
    second = await scene.lead(attached_to=first)
    await scene.chased(second, kind="outbound_call", role="call_centre")

    await scene.run("attach_duplicate", second)

    assert (await scene.row(second)).status == "attached"
    assert (await scene.row(first)).badges == ["duplicate"]
    assert [task.status for task in await scene.rows(Task, second)] == ["withdrawn"]
    told = await scene.sql("SELECT kind FROM outbox WHERE case_id = :lead", lead=first)
    assert [row[0] for row in told] == ["interest_repeated"]


async def test_the_place_is_written_for_screens_and_an_older_picture_never_overwrites_it(scene: Scene) -> None:
    lead_id = await scene.lead()
    mark = PlaceMark("lead", "try_again_at", "24 小时后", "timer", (START + timedelta(hours=24)).isoformat())
    await scene.settle(lead_id, START, place=(mark,))

    await scene.settle(lead_id, START - timedelta(hours=1), place=())

    ((place, due),) = await scene.sql("SELECT place, next_due_at FROM cases WHERE id = :id", id=lead_id)
    assert place[0]["element"] == "try_again_at"
    assert due == START + timedelta(hours=24)


async def test_the_end_withdraws_what_is_open_and_stops_all_clocks(scene: Scene) -> None:
    lead_id = await scene.working()
    await scene.chased(lead_id)

    await scene.settle(lead_id, START + timedelta(hours=1), ended=True)

    assert [task.status for task in await scene.rows(Task, lead_id)] == ["withdrawn"]
    assert all(clock.stopped_at for clock in await scene.rows(SlaClock, lead_id))
    assert (await scene.row(lead_id)).next_due_at is None


async def test_a_thrown_signal_is_a_line_in_the_history(scene: Scene) -> None:
    lead_id = await scene.lead()

    await scene.run("throw_signal", lead_id, signal="campaign_over")

    (line,) = await scene.rows(TimelineEntry, lead_id)
    assert (line.code, line.data) == ("signal_thrown", {"signal": "campaign_over"})
