"""Scheduled work from deployment to outage: no period twice, none lost, visible and mended like any
case (M7)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest

from activities.registry import perform
from cases.contracts import Step
from cases.zone import CHINA
from domain.rounds import registry
from domain.rounds.registry import Part, Turn
from domain.rounds.words import Round
from domain.tables import Tables
from tests.scenarios.rounds import deployed, done, happened, kept, publish, refuse, set_up, sql
from tests.scenarios.story import DAY, HOUR, HQ
from tests.scenarios.world import MORNING, Story, World

NIGHTLY = {"every": '"day"', "at_hour": "2", "calendar": '"elapsed"', "on": "null"}
FIRST_NIGHT = datetime(2026, 11, 24, 2, tzinfo=CHINA) - MORNING
"""From Monday at ten to Tuesday at two."""


async def begun(world: World, **rows: dict[str, str]) -> list[Story]:
    """Rounds that have come to rest, in the order of their rows."""
    cases = await set_up(world.db, world.clock.now(), rows)
    stories = [Story(world, cases[key], world.clock.now(), "round") for key in rows]
    for story in stories:
        await story.rest()
    return stories


async def shown(world: World, key: str) -> dict[str, Any]:
    """A round as the API shows it."""
    answer = await world.state("GET", f"/rounds/{key}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def asked(world: World, key: str, period: str, by: str = HQ) -> tuple[int, dict[str, Any]]:
    answer = await world.state("POST", f"/rounds/{key}/runs", {"period": period}, by=by)
    return answer.status_code, answer.json()


# -- the nightly cleaning ------------------------------------------------------------------------


async def test_what_was_refused_is_emptied_by_night_part_by_part(world: World) -> None:
    # given refused submissions of long ago and of last month
    await refuse(world.db, 1203, MORNING - 90 * DAY)
    await refuse(world.db, 7, MORNING - 30 * DAY)
    (round_,) = await begun(world, refused_submissions=NIGHTLY)
    assert await kept(world.db) == 1210
    assert (await shown(world, "refused_submissions"))["round"]["next_at"] == "2026-11-23T18:00:00Z"

    # when the night comes
    await round_.until(FIRST_NIGHT + HOUR)

    # then those whose days are over are empty, in parts of one transaction each, and the next night
    # is planned
    assert await kept(world.db) == 7
    assert await done(world.db, "refused_submissions") == {"2026-11-24": 1203}
    (steps,) = await sql(world.db, "SELECT count(*) AS n FROM executed_steps WHERE element = 'run'")
    assert steps["n"] == 3
    page = await shown(world, "refused_submissions")
    assert page["round"] | {"case_id": "", "opened_at": ""} == {
        "key": "refused_submissions", "name": "清空到期的退回提交", "case_id": "", "status": "running", "lamp": "green",
        "opened_at": "", "next_at": "2026-11-24T18:00:00Z", "process": "round", "version": 1, "last": page["runs"][0],
    }  # fmt: skip
    assert (page["runs"][0]["period"], page["runs"][0]["done"], page["runs"][0]["planned"]) == (
        "2026-11-24",
        1203,
        True,
    )
    lines = (await world.state("GET", "/rounds/refused_submissions/timeline")).json()["items"]
    assert [line["code"] for line in lines] == ["case_opened", "round_planned", "round_done", "round_planned"]
    assert lines[2]["text"] == "2026-11-24 期已做完，处理 1203 条"


# -- outages -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("catch_up", "expected"),
    [('"all"', ["2026-11-24", "2026-11-25", "2026-11-26"]), ('"last"', ["2026-11-26"])],
)
async def test_after_three_days_without_temporal_each_period_or_the_newest_is_done_once(
    world: World, catch_up: str, expected: list[str]
) -> None:
    # given a round that was set up on Monday while Temporal was away
    cases = await set_up(world.db, MORNING, {"stale_incidents": NIGHTLY | {"catch_up": catch_up}})
    round_ = Story(world, cases["stale_incidents"], MORNING, "round")

    # when it is back on Thursday
    world.clock.set(MORNING + 3 * DAY)
    await round_.rest()
    await round_.until(3 * DAY + HOUR)

    # then no period is done twice, and the table says which are done at all
    assert list(await done(world.db, "stale_incidents")) == expected
    codes = await happened(world.db, round_.id)
    assert codes.count("round_done") == len(expected)
    assert codes.count("round_passed_over") == (0 if catch_up == '"all"' else 1)
    assert (await shown(world, "stale_incidents"))["round"]["next_at"] == "2026-11-26T18:00:00Z"

    # and the next night is one like any other
    await round_.until(4 * DAY)
    assert list(await done(world.db, "stale_incidents")) == [*expected, "2026-11-27"]


async def test_a_step_that_comes_twice_does_nothing_the_second_time(world: World) -> None:
    (round_,) = await begun(world, refused_submissions=NIGHTLY)
    await round_.until(FIRST_NIGHT + HOUR)

    before = await sql(world.db, "SELECT * FROM round_runs")
    refused = await sql(world.db, "SELECT id, raw FROM submissions")

    # when another step is to do the period that is done
    again = Step(round_.id, f"{round_.id}:1:again", "run", world.clock.now(), {"period": "2026-11-24"}, "round")
    gave = await perform(world.db, Tables(), "run_round", again)

    # then there is nothing to do
    assert gave == {"more": False, "after": None, "done": 0}
    assert await sql(world.db, "SELECT * FROM round_runs") == before
    assert await sql(world.db, "SELECT id, raw FROM submissions") == refused


# -- working days --------------------------------------------------------------------------------


async def test_a_holiday_moves_what_is_done_on_working_days(world: World) -> None:
    # given a round of working days, the Wednesday of which is a holiday
    days = {date(2026, 11, 25): False}
    for day, working in days.items():
        await sql(
            world.db,
            "INSERT INTO calendar_days (day, working, name, confirmed) VALUES (:day, :working, '放假', true)",
            day=day,
            working=working,
        )
    row = {"every": '"day"', "at_hour": "9", "calendar": '"working"', "on": "null", "catch_up": '"last"'}
    (round_,) = await begun(world, stale_incidents=row)

    # when the week passes
    await round_.until(7 * DAY - HOUR / 2)

    # then it was done on Tuesday, Thursday, Friday and Monday: each day's own, the newest of those
    # that came together
    assert list(await done(world.db, "stale_incidents")) == ["2026-11-24", "2026-11-26", "2026-11-27", "2026-11-30"]
    ended = await sql(world.db, "SELECT ended_at FROM round_runs ORDER BY begins_at")
    at_nine = [datetime(2026, 11, day, 9, tzinfo=CHINA) for day in (24, 26, 27, 30)]
    assert [row["ended_at"] for row in ended] == at_nine


# -- mistakes ------------------------------------------------------------------------------------


async def test_a_round_that_fails_waits_at_an_incident_and_goes_on_when_it_is_retried(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a mistake in what a round does
    async def mistaken(turn: Turn) -> Part:
        raise LookupError("an unforeseen row")

    functions = dict(registry.ROUNDS)
    monkeypatch.setattr("activities.rounds.ROUNDS", functions)
    await refuse(world.db, 3, MORNING - 90 * DAY)
    (round_,) = await begun(world, refused_submissions=NIGHTLY)
    right = functions[Round.REFUSED_SUBMISSIONS]
    functions[Round.REFUSED_SUBMISSIONS] = mistaken

    # when its time comes
    await round_.until(FIRST_NIGHT + HOUR)

    # then it waits there, visibly, and nothing is done
    page = await shown(world, "refused_submissions")
    assert (page["round"]["lamp"], await kept(world.db), await done(world.db, "refused_submissions")) == ("red", 3, {})
    (incident,) = (await world.state("GET", "/incidents")).json()["items"]
    assert incident["element"] == "run"

    # and when the mistake is mended and the incident retried
    functions[Round.REFUSED_SUBMISSIONS] = right
    answer = await world.state("POST", f"/incidents/{incident['id']}/retry", {"reason": "已修复"}, by=HQ)
    assert answer.status_code == 200, answer.text
    await round_.rest()

    # then the same period is done, once
    page = await shown(world, "refused_submissions")
    assert (page["round"]["lamp"], await kept(world.db)) == ("green", 0)
    assert await done(world.db, "refused_submissions") == {"2026-11-24": 3}


# -- what head office asks for -------------------------------------------------------------------


async def test_a_period_that_was_left_out_is_done_when_head_office_asks_for_it_once(world: World) -> None:
    await refuse(world.db, 501, MORNING - 100 * DAY)
    (round_,) = await begun(world, refused_submissions=NIGHTLY)

    # when head office asks for two periods of before the round was set up
    first = await asked(world, "refused_submissions", "2026-11-20")
    second = await asked(world, "refused_submissions", "2026-11-21")
    assert (first[0], second[0]) == (202, 202)
    assert first[1] | {"asked_at": ""} == {
        "period": "2026-11-20", "planned": False, "asked_at": "", "asked_by": {"code": HQ, "name": "王伟"},
        "started_at": None, "ended_at": None, "done": 0,
    }  # fmt: skip
    assert (await asked(world, "refused_submissions", "2026-11-20"))[1]["code"] == "period_running"
    await round_.rest()

    # then each is done once, and what the table has planned stays planned
    assert await done(world.db, "refused_submissions") == {"2026-11-20": 501, "2026-11-21": 0}
    assert (await shown(world, "refused_submissions"))["round"]["next_at"] == "2026-11-23T18:00:00Z"
    status, problem = await asked(world, "refused_submissions", "2026-11-21")
    assert (status, problem["code"]) == (409, "period_done")
    await round_.until(FIRST_NIGHT + HOUR)
    assert list(await done(world.db, "refused_submissions")) == ["2026-11-20", "2026-11-21", "2026-11-24"]
    assert (await happened(world.db, round_.id)).count("round_planned") == 2


@pytest.mark.parametrize(
    ("key", "period", "by", "status", "code"),
    [
        ("refused_submissions", "2026-11-24", HQ, 409, "period_not_due"),
        ("refused_submissions", "2026-11", HQ, 422, "invalid_input"),
        ("refused_submissions", "yesterday", HQ, 422, "invalid_input"),
        ("refused_submissions", "2026-11-20", "BJ01-M1", 403, "role_not_allowed"),
        ("nothing", "2026-11-20", HQ, 404, "round_not_found"),
    ],
)
async def test_what_cannot_be_asked_for_is_refused_with_a_reason(
    world: World, key: str, period: str, by: str, status: int, code: str
) -> None:
    await begun(world, refused_submissions=NIGHTLY)

    answered, problem = await asked(world, key, period, by)

    assert (answered, problem["code"]) == (status, code)
    assert await sql(world.db, "SELECT 1 FROM round_runs") == []


# -- rows that come and go -----------------------------------------------------------------------


async def test_a_row_that_goes_ends_its_round_and_one_that_comes_opens_it_once(world: World) -> None:
    (first, other) = await begun(world, refused_submissions=NIGHTLY, stale_incidents=NIGHTLY)

    # when a row has gone at the next planning
    await publish(world.db, world.clock.now(), {"stale_incidents": NIGHTLY})
    await first.until(FIRST_NIGHT + HOUR)
    await other.until(FIRST_NIGHT + HOUR)

    # then the period that was planned is done, and the round is over
    assert not await first.lives() and await other.lives()
    page = await shown(world, "refused_submissions")
    assert (page["round"]["status"], page["round"]["next_at"]) == ("over", None)
    assert (await happened(world.db, first.id))[-1] == "round_over"
    assert (await asked(world, "refused_submissions", "2026-11-20"))[1]["code"] == "round_over"

    # and when it comes back, another one is opened: by whichever round plans next, or by a start;
    # never two
    await publish(world.db, world.clock.now(), {"stale_incidents": NIGHTLY, "refused_submissions": NIGHTLY})
    await other.until(FIRST_NIGHT + DAY + HOUR)
    assert await deployed(world.db, world.clock.now()) == ()
    again = await sql(
        world.db, "SELECT id FROM cases WHERE facts ->> 'round' = 'refused_submissions' AND ended_at IS NULL"
    )
    assert len(again) == 1 and str(again[0]["id"]) != first.id
    assert (await shown(world, "refused_submissions"))["round"]["status"] == "running"


async def test_a_changed_row_counts_from_the_next_planning(world: World) -> None:
    (round_,) = await begun(world, stale_incidents=NIGHTLY)
    await publish(world.db, world.clock.now(), {"stale_incidents": {**NIGHTLY, "every": '"week"', "on": "5"}})

    await round_.until(6 * DAY)

    assert list(await done(world.db, "stale_incidents")) == ["2026-11-24"]  # the week of the last night is done
    assert (await shown(world, "stale_incidents"))["round"]["next_at"] == "2026-12-03T18:00:00Z"


async def test_a_day_that_no_week_has_is_an_incident_that_says_so(world: World) -> None:
    await begun(world, stale_incidents=NIGHTLY | {"every": '"week"', "on": "9"})

    (incident,) = (await world.state("GET", "/incidents")).json()["items"]

    assert incident["message"] == "plan_round: its input “on” has to be a weekday, 1 to 7"


# -- what the others do --------------------------------------------------------------------------


async def test_head_office_hears_of_old_incidents_and_of_years_that_nobody_has_confirmed(world: World) -> None:
    # given an incident of yesterday, and a next year without a confirmed day
    lead = await world.new_lead()
    await sql(
        world.db,
        "INSERT INTO incidents (id, case_id, key, element, kind, message, at)"
        " VALUES (gen_random_uuid(), :lead, 'k', 'e', 'activity_failed', '', :at)",
        lead=_uuid(lead),
        at=MORNING - HOUR,
    )
    await sql(world.db, "DELETE FROM calendar_days WHERE extract(year FROM day) = 2027")
    rows = {
        "stale_incidents": NIGHTLY | {"older_than_hours": "12"},
        "unconfirmed_years": NIGHTLY | {"ahead_days": "60"},
    }
    stale, years = await begun(world, **rows)

    await stale.until(FIRST_NIGHT + HOUR)
    await years.until(FIRST_NIGHT + HOUR)

    assert [(code, whom) for code, whom, _ in await stale.told()] == [("incidents_wait", "hq")]
    assert [(code, whom) for code, whom, _ in await years.told()] == [("calendar_unconfirmed", "hq")]
    told = await sql(
        world.db, "SELECT data FROM notifications WHERE case_id IN (:a, :b)", a=_uuid(stale), b=_uuid(years)
    )
    assert {tuple(sorted(row["data"].items())) for row in told} == {(("count", 1), ("hours", 12)), (("year", 2027),)}


def _uuid(story: Story) -> UUID:
    return UUID(story.id)
