"""Who cannot have a lead and why not, in which order; what is kept, so that a choice can be made
again (A6, A11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import rules
from cases.actors import EVERYTHING, SYSTEM
from cases.ids import new_id
from domain.leads.nearness import TOO_FAR
from domain.leads.ruling_out import CONSULTANT_RULED_OUT, DEALER_RULED_OUT, Asked, Limits
from domain.policy.again import Case, Trial
from store.models import DecisionRecord, SlaClock, TimelineEntry
from store.network import rosters
from store.network.network_seed import dealer_id, staff_id
from store.network.routing import ConsultantCandidate, DealerCandidate
from store.tables import definitions
from tests.activities.scene import START, Scene

SHIPPED = {path.stem: path.read_bytes() for path in rules.shipped()}
HOUR = timedelta(hours=1)
MONDAY = START.isoweekday()

LIMITS = Limits(timedelta(hours=72), None, None, ignore_quota=False)
ASKED = Asked("NORTH", "北京", "wrx", "A", False, START, LIMITS)
DEALER = DealerCandidate(new_id(), "BJ01", "NORTH", "北京", [], 10, 60, True, 0, None, True, False, None, 0)
PERSON = ConsultantCandidate(new_id(), "BJ01-C1", [], 60, 10, True, None, [], 0, 0, False, True, None, 0)


def test_a_dealers_first_reason_is_the_one_that_is_given() -> None:
    faults: list[tuple[str, dict[str, Any]]] = [
        ("at_capacity", {"today": 10}),
        ("cool_down", {"taken_at": START - HOUR}),
        ("closed", {"closed": True}),
        ("certificate", {"certified": False}),
        ("model_not_sold", {"models": ["xv"]}),
        ("inactive", {"active": False}),
    ]
    dealer = DEALER
    assert first_reason(DEALER_RULED_OUT, dealer) is None
    for reason, fault in faults:  # each stands beside all those before it
        dealer = replace(dealer, **fault)
        assert first_reason(DEALER_RULED_OUT, dealer) == reason


def test_a_consultants_first_reason_is_the_one_that_is_given() -> None:
    asked = replace(ASKED, exclude=frozenset({PERSON.id}))
    faults: list[tuple[str, dict[str, Any]]] = [
        ("no_room", {"open": 10}),
        ("cool_down", {"taken_at": START - HOUR}),
        ("former_owner", {"id": PERSON.id}),
        ("certificate", {"certified": False}),
        ("rest_day", {"rest_days": [MONDAY]}),
        ("absent", {"absent": True}),
        ("inactive", {"active": False}),
    ]
    person = replace(PERSON, id=new_id())
    assert first_reason(CONSULTANT_RULED_OUT, person, asked) is None
    for reason, fault in faults:
        person = replace(person, **fault)
        assert first_reason(CONSULTANT_RULED_OUT, person, asked) == reason


def first_reason(table: Any, candidate: Any, asked: Asked = ASKED) -> str | None:
    return next((code for code, applies in table if applies(candidate, asked)), None)


@pytest.mark.parametrize(
    ("limits", "at", "reason"),
    [
        (LIMITS, START + timedelta(hours=71), "cool_down"),
        (LIMITS, START + timedelta(hours=72), "at_capacity"),
        (replace(LIMITS, ignore_quota=True), START + timedelta(hours=72), None),
        (replace(LIMITS, cool_down=timedelta()), START, "at_capacity"),
    ],
)
def test_a_cool_down_ends_and_the_urgent_lane_knows_no_quota(limits: Limits, at: datetime, reason: str | None) -> None:
    dealer = replace(DEALER, taken_at=START, today=10)

    assert first_reason(DEALER_RULED_OUT, dealer, replace(ASKED, limits=limits, at=at)) == reason


def test_a_rest_day_is_chinas() -> None:
    person = replace(PERSON, rest_days=[2])
    tuesday = replace(ASKED, at=datetime(2026, 3, 2, 16, 0, tzinfo=UTC))

    assert first_reason(CONSULTANT_RULED_OUT, person, tuesday) == "rest_day"
    assert first_reason(CONSULTANT_RULED_OUT, person, replace(tuesday, at=tuesday.at - HOUR)) is None


async def test_every_reason_against_a_dealer_is_found_and_the_others_stand_in_one_line(scene: Scene) -> None:
    await limited(scene, b'dispatch-usual">', b"<outputEntry><text>null", b"<outputEntry><text>1")
    await scene.near_beijing("QD01", "QD02", "SY01", "HEB01", "SH01", "GZ01")
    await scene.sql("UPDATE car_models SET certificate = 'sti' WHERE code = 'wrx'")
    await scene.sql("UPDATE dealers SET certificates = '{sti}' WHERE code <> 'BJ03'")
    await scene.sql("UPDATE dealers SET active = false WHERE code = 'BJ01'")
    await scene.sql("UPDATE dealers SET daily_capacity = 0 WHERE code = 'HEB01'")
    await scene.sql(
        "INSERT INTO closures VALUES (:id, :dealer, :at, :ends, 'stock-taking')",
        id=new_id(), dealer=dealer_id("QD01"), at=START, ends=START + HOUR,
    )  # fmt: skip
    lead = await scene.lead(model="wrx")
    await given(scene, lead, "return", START - HOUR, previous_dealer_id=dealer_id("SY01"))
    for _ in range(2):
        await given(scene, await scene.lead(), "dispatch", START, dealer_id=dealer_id("SH01"))

    chosen = await scene.run("dispatch", lead, lane="dispatch")

    made = await decision(scene, lead, "dispatch")
    assert chosen["dealer"] == str(dealer_id("GZ01"))
    assert {line["code"]: line.get("reason") for line in made.candidates if line.get("reason") != TOO_FAR} == {
        "BJ01": "inactive",
        "BJ02": "model_not_sold",
        "BJ03": "certificate",
        "QD01": "closed",
        "QD02": "model_not_sold",
        "SY01": "cool_down",
        "HEB01": "at_capacity",
        "SH01": "fairness",
        "GZ01": None,
    }
    beyond = [line for line in made.candidates if line.get("reason") == TOO_FAR]
    assert beyond[0].keys() == {"reason", "roster"}
    assert [line["code"] for line in beyond[1:]] == ["SY02", "NJ01", "NJ02", "XA01", "XA02"]
    assert [line["distance_km"] for line in beyond[1:]] == sorted(line["distance_km"] for line in beyond[1:])
    async with scene.db.transaction(SYSTEM, EVERYTHING) as tx:
        network = await rosters.roster(tx, beyond[0]["roster"])
    assert len(network.dealers) == 33


async def test_every_reason_against_a_consultant_is_found(scene: Scene) -> None:
    moved = ["SH01-C1", "SH01-C2", "SH01-C3", "GZ01-C1", "GZ01-C2"]
    await scene.only_dealer("BJ01")
    await scene.sql("UPDATE dealers SET certificates = '{sti}' WHERE code = 'BJ01'")
    await scene.sql("UPDATE staff SET dealer_id = :to WHERE code = ANY(:moved)", to=dealer_id("BJ01"), moved=moved)
    await scene.sql("UPDATE car_models SET certificate = 'sti' WHERE code = 'wrx'")
    await scene.sql("UPDATE staff SET certificates = '{sti}' WHERE code <> 'BJ01-C3'")
    await scene.sql("UPDATE staff SET active = false WHERE code = 'BJ01-C1'")
    await scene.sql("UPDATE staff SET rest_days = :days WHERE code = 'BJ01-C2'", days=[MONDAY])
    await scene.sql("UPDATE staff SET max_open = 0 WHERE code = 'SH01-C1'")
    await scene.sql(
        "INSERT INTO absences VALUES (:id, :who, :at, :ends, 'leave')",
        id=new_id(), who=staff_id("SH01-C2"), at=START, ends=START + HOUR,
    )  # fmt: skip
    lead = await scene.lead(model="wrx")
    await scene.run("grade", lead)
    await scene.run("dispatch", lead, lane="dispatch")
    await given(scene, lead, "hand_over", START - HOUR, previous_staff_id=staff_id("SH01-C3"))
    for _ in range(6):
        await given(scene, await scene.lead(), "assign", START, staff_id=staff_id("GZ01-C1"))

    await scene.run("assign", lead, lane="dispatch")

    made = await decision(scene, lead, "assignment")
    reasons = {line["code"]: line.get("reason") for line in made.candidates}
    assert reasons == {
        "BJ01-C1": "inactive",
        "BJ01-C2": "rest_day",
        "BJ01-C3": "certificate",
        "SH01-C1": "no_room",
        "SH01-C2": "absent",
        "SH01-C3": "cool_down",
        "GZ01-C1": "fairness",
        "GZ01-C2": None,
    }
    limits = await decision(scene, lead, "routing-limits")
    assert (limits.inputs["step"], limits.matched, limits.result["fair_margin"]) == (
        "assignment",
        ["limits-assignment-high"],
        5,
    )


async def test_the_demo_networks_electric_car_goes_to_who_is_certified_for_it(scene: Scene) -> None:
    lead = await scene.working(model="solterra")

    made = await decision(scene, lead, "dispatch")
    dealers = {one["code"]: one.get("reason") for one in made.candidates if one.get("reason") != TOO_FAR}
    people = {one["code"]: one.get("reason") for one in (await decision(scene, lead, "assignment")).candidates}
    refused = "certificate"
    assert dealers == {"BJ01": None, "BJ02": refused, "BJ03": refused}
    assert people == {"BJ01-C1": None, "BJ01-C2": None, "BJ01-C3": refused}


async def test_a_choice_is_made_again_from_what_was_kept_whatever_has_changed_since(scene: Scene) -> None:
    await scene.near_beijing("QD01")
    lead = await scene.working()
    await scene.sql("UPDATE dealers SET active = false, daily_capacity = 0, performance = 0")
    for key in ("dispatch", "assignment"):
        made = await decision(scene, lead, key)
        (table,) = rules.read_table(SHIPPED[key])

        again = Trial(table).again(Case(key, made.inputs, made.result, tuple(made.candidates)))

        assert (again.result, again.changes, again.problem) == (made.result, (), None)
    made = await decision(scene, lead, "dispatch")
    (other,) = rules.read_table(changed(SHIPPED["dispatch"], b'dispatch-distance-here">', b"<text>100", b"<text>-40"))
    away = Trial(other).again(Case("dispatch", made.inputs, made.result, tuple(made.candidates)))
    assert away.changes == ("chosen",)
    assert str((away.result or {})["code"]).startswith("QD")


async def test_a_clock_keeps_how_its_instant_came_about(scene: Scene) -> None:
    lead = await scene.working()
    await scene.chased(lead)
    call = await scene.lead(model=None)
    await scene.chased(call, kind="outbound_call", role="call_centre")

    clocks = {clock.kind: clock for clock in [*await scene.rows(SlaClock, lead), *await scene.rows(SlaClock, call)]}
    ((newest,),) = await scene.sql("SELECT max(number) FROM snapshots WHERE kind = 'calendar'")
    for kind, holder, key in (
        ("first_follow_up", lead, "cadence"),
        ("grade_validity", lead, "grade-scale"),
        ("outbound_call", call, "cadence"),
    ):
        made = await decision(scene, holder, key)
        assert (clocks[kind].decision_id, clocks[kind].calendar, clocks[kind].promised_at) == (made.id, newest, None)
    await scene.run("plan_task", call, START + HOUR, kind="outbound_call")  # the clock runs already
    planned = [one for one in await scene.rows(TimelineEntry, call, "number") if one.code == "task_planned"]
    assert [one.data["decision_id"] for one in planned] == [str(clocks["outbound_call"].decision_id)] * 2


async def test_a_network_without_a_calendar_works_the_usual_week(scene: Scene) -> None:
    await scene.sql("DELETE FROM snapshots")
    lead = await scene.lead(model=None)

    planned = await scene.chased(lead, kind="outbound_call", role="call_centre")

    (clock,) = await scene.rows(SlaClock, lead)
    assert (planned["due"], clock.calendar) == ((START + 2 * HOUR).isoformat(), 0)


@pytest.mark.parametrize(("promised", "due"), [(48, 48), (24 * 30, 24 * 7)])
async def test_a_promise_is_kept_whether_or_not_it_bound(scene: Scene, promised: int, due: int) -> None:
    lead = await scene.working()
    at = START + HOUR
    await scene.sql(
        "INSERT INTO follow_ups (id, lead_id, by_id, at, channel, outcome, late, next_at)"
        " VALUES (:id, :lead, :by, :at, 'phone', 'continue', false, :next_at)",
        id=new_id(), lead=lead, by=staff_id("BJ01-C1"), at=at, next_at=at + promised * HOUR,
    )  # fmt: skip

    await scene.run("plan_task", lead, at, kind="follow_up")

    (clock,) = [one for one in await scene.rows(SlaClock, lead) if one.kind == "next_follow_up"]
    assert (clock.promised_at, clock.due_at) == (at + promised * HOUR, at + due * HOUR)


async def decision(scene: Scene, lead: Any, key: str) -> DecisionRecord:
    return [one for one in await scene.rows(DecisionRecord, lead) if one.key == key][-1]


async def given(scene: Scene, lead: Any, kind: str, at: datetime, **who: Any) -> None:
    """An assignment as history has it."""
    names = ", ".join(who)
    await scene.sql(
        f"INSERT INTO assignments (id, lead_id, at, kind, by, reason, {names})"
        f" VALUES (:id, :lead, :at, :kind, 'test', '', {', '.join(f':{name}' for name in who)})",
        id=new_id(), lead=lead, at=at, kind=kind, **who,
    )  # fmt: skip


async def limited(scene: Scene, row: bytes, old: bytes, new: bytes) -> None:
    """Another version of the limits, in force from the beginning."""
    xml = changed(SHIPPED["routing-limits"], row, old, new)
    async with scene.db.transaction(SYSTEM, EVERYTHING) as tx:
        await definitions.publish_table(tx, "routing-limits", "limits", xml, START - timedelta(days=1), "test")


def changed(xml: bytes, row: bytes, old: bytes, new: bytes) -> bytes:
    """A table with one text behind a row's id replaced."""
    place = xml.index(old, xml.index(row))
    return xml[:place] + new + xml[place + len(old) :]
