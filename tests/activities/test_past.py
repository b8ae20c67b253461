"""Real decisions of the activities, tried again after the network has changed: what counts is how
it was then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from cases.actors import EVERYTHING, SYSTEM
from cases.calendar import Calendars
from domain.policy.deadlines import due_again
from store.network.network_seed import dealer_id
from store.tables import past
from store.tables.backtests import Backtest
from store.tables.past import Past
from tests.activities.scene import START, Scene
from tests.store.decided import asked, done, outcome

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TABLES = ("grade", "grade-scale", "dispatch", "assignment", "cadence", "routing-limits")
SAME = ("<definitions", "<definitions")
SHORTER_A = ("<text>[0..15]</text>", "<text>[0..9]</text>")


async def lived(scene: Scene) -> list[Any]:
    """A few leads that were graded, dispatched, assigned and chased over some days."""
    leads = []
    for number, (horizon, model) in enumerate(((10, "forester"), (3, "outback"), (20, "forester"), (10, "forester"))):
        at = START + number * HOUR
        lead = await scene.lead(at=at, horizon_days=horizon, model=model)
        await scene.run("plan_task", lead, at, kind="outbound_call")
        graded = await scene.run("grade", lead, at)
        await scene.run("dispatch", lead, at, lane=graded["lane"])
        await scene.run("assign", lead, at, lane=graded["lane"])
        await scene.chased(lead, at)
        leads.append(lead)
    return leads


async def shaken(scene: Scene) -> None:
    """Everything that routing and deadlines look at is another by now."""
    await scene.sql("UPDATE dealers SET daily_capacity = 1, performance = 100 - performance, models = '{brz}'")
    await scene.sql("UPDATE staff SET ability = 100 - ability, max_open = 1, skills = '{}', last_assigned_at = now()")
    await scene.sql("UPDATE staff SET active = false WHERE code LIKE '%-C1'")
    await scene.sql("UPDATE dealers SET region = 'SOUTH' WHERE code = 'BJ01'")
    await scene.sql("DELETE FROM calendar_days")
    await scene.sql("UPDATE leads SET horizon_days = 300")
    await scene.sql("UPDATE cases SET level = 'N', region = NULL")


async def trial(scene: Scene, key: str, *changes: tuple[str, str]) -> Backtest:
    """A back-test of a shipped table over the days of these leads."""
    return await asked(scene.db, key, *changes, since=START - DAY, until=START + 20 * DAY)


async def test_the_unchanged_tables_change_nothing_whatever_has_become_of_the_network(scene: Scene) -> None:
    leads = await lived(scene)
    await shaken(scene)

    trials = {key: await trial(scene, key, SAME) for key in TABLES}
    await done(scene.db)

    for key, one in trials.items():
        state, whole, lines = await outcome(scene.db, one)
        assert (key, state, lines, whole.get("problems")) == (key, "done", [], None)
        assert (whole["leads"], whole["leads_changed"]) == (len(leads), 0)
        assert whole["decisions"] >= len(leads)
        for load in (*whole.get("dealers", {}).values(), *whole.get("consultants", {}).values()):
            assert load["was"] == load["would"]
        for counted in whole.get("deadlines", {}).values():
            assert counted["was"] == counted["would"]


async def test_another_dealer_is_found_among_those_who_could_have_had_the_lead_then(scene: Scene) -> None:
    await scene.sql("UPDATE dealers SET active = code IN ('BJ01', 'QD01'), performance = 60, daily_capacity = 2")
    await scene.near_beijing("QD01")
    leads = await lived(scene)
    await shaken(scene)

    one = await trial(scene, "dispatch", ("<text>100</text>", "<text>-100</text>"))
    await done(scene.db)

    # The city's dealer got the first two and was at its capacity of two then; the other one got the
    # rest.
    state, whole, lines = await outcome(scene.db, one)
    moved = [(line[0], line[1], line[2]["code"], line[3]["code"]) for line in lines]
    assert (state, moved) == ("done", [(lead, "dealer", "BJ01", "QD01") for lead in leads[:2]])
    assert whole["unknown"] == {"other_dealer": 2}
    beijing, qingdao = str(dealer_id("BJ01")), str(dealer_id("QD01"))
    assert whole["dealers"] == {beijing: {"was": 2}, qingdao: {"was": 2, "would": 4}}
    assert whole["peaks"][qingdao] == {"was": 2, "would": 4, "capacity": 2, "days_over": {"was": 0, "would": 1}}


async def test_another_grade_goes_on_to_what_followed_from_it(scene: Scene) -> None:
    leads = await lived(scene)
    await shaken(scene)

    one = await trial(scene, "grade", SHORTER_A)
    await done(scene.db)

    state, whole, lines = await outcome(scene.db, one)
    graded = [line for line in lines if line[1] == "grade"]
    assert state == "done"
    assert [(line[0], line[2]["grade"], line[3]["grade"]) for line in graded] == [
        (leads[0], "A", "B"),
        (leads[3], "A", "B"),
    ]
    assert whole["followed"] >= 6  # lane, dealer, consultant, deadlines
    validity = [line for line in lines if line[1] == "deadline" and line[2]["clock"] == "grade_validity"]
    assert [(line[0], line[2]["due"], line[3]["due"]) for line in validity] == [
        (lead, (at + 15 * DAY).isoformat(), (at + 30 * DAY).isoformat())
        for lead, at in ((leads[0], START), (leads[3], START + 3 * HOUR))
    ]


async def test_working_hours_go_by_the_calendar_of_then_though_the_clock_ran_by_the_wall(scene: Scene) -> None:
    # Monday 10:00; the day after is off, as the calendar says today and not any more when it is
    # tried.
    tuesday = (START + DAY).date()
    await scene.sql("INSERT INTO calendar_days (day, working, name, confirmed) VALUES (:d, false, '', true)", d=tuesday)
    lead = await scene.working()
    await scene.chased(lead)
    await scene.sql("DELETE FROM calendar_days")

    by_wall = '<text>24</text></outputEntry>\n        <outputEntry><text>"elapsed"</text>'
    one = await trial(scene, "cadence", (by_wall, by_wall.replace("elapsed", "working").replace("24", "16")))
    await done(scene.db)

    _, whole, lines = await outcome(scene.db, one)
    ((found, _, old, new),) = lines
    assert (found, old["due"]) == (lead, (START + DAY).isoformat())
    assert new["due"] == (START + 2 * DAY + 6.5 * HOUR).isoformat()  # 8 h on Monday, 8 h on Wednesday until 16:30
    assert (old["kept"], new["kept"], whole.get("problems")) == ("missed", "missed", None)


@pytest.mark.parametrize(
    ("got", "before", "start"),
    [
        (DAY, False, timedelta()),  # it had not run out
        (20 * DAY, False, 20 * DAY),  # it had: they have the whole time
        (20 * DAY, True, timedelta()),  # they had had it: nothing begins anew
    ],
)
async def test_a_grades_validity_is_the_same_when_it_is_worked_out_again(
    scene: Scene, got: timedelta, before: bool, start: timedelta
) -> None:
    lead = await scene.lead(at=START, horizon_days=10)
    graded = await scene.run("grade", lead, START)
    for step in ("dispatch", "assign"):
        await scene.run(step, lead, START + got, lane=graded["lane"])
    if before:
        await scene.sql(
            "INSERT INTO assignments (id, lead_id, at, kind, previous_staff_id, by, reason)"
            " SELECT gen_random_uuid(), lead_id, :at, 'reassign', staff_id, 'process', '' FROM assignments"
            " WHERE lead_id = :lead AND staff_id IS NOT NULL",
            lead=lead, at=START + DAY,
        )  # fmt: skip

    await scene.chased(lead, START + got + HOUR)

    (made,) = [one for one in await decided(scene, lead) if one.key == "grade-scale" and one.clock is not None]
    assert made.clock is not None and made.clock.due_at == START + start + 15 * DAY
    again = due_again(made.clock, made.at, made.got_at, {"validity_days": 15}, Calendars({}, {}))
    assert again == made.clock.due_at
    sooner = due_again(made.clock, made.at, made.got_at, {"validity_days": 0.5}, Calendars({}, {}))
    assert sooner == (START + (start if before else got) + DAY / 2)


async def test_a_lower_grade_counts_from_where_the_clock_of_the_higher_one_did(scene: Scene) -> None:
    lead = await scene.working(horizon_days=10)
    await scene.chased(lead)
    await scene.sql("UPDATE leads SET assigned_at = :at WHERE id = :id", at=START + 8 * DAY, id=lead)
    await scene.sql("UPDATE assignments SET at = :at WHERE lead_id = :id", at=START + 8 * DAY, id=lead)
    await scene.sql("UPDATE cases SET level = 'B' WHERE id = :id", id=lead)

    await scene.chased(lead, START + 9 * DAY)

    _, lower = [one for one in await decided(scene, lead) if one.key == "grade-scale" and one.clock is not None]
    assert lower.clock is not None and lower.clock.due_at == START + 30 * DAY
    shorter = due_again(lower.clock, lower.at, lower.got_at, {"validity_days": 7}, Calendars({}, {}))
    assert shorter == START + 7 * DAY


async def decided(scene: Scene, lead: UUID) -> list[Past]:
    keys = ("cadence", "grade-scale")
    async with scene.db.transaction(SYSTEM, EVERYTHING) as tx:
        (found,) = [one async for one in past.by_lead(tx, keys, START - DAY, START + 60 * DAY, lead, lead)]
    return found
