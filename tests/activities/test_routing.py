"""Routing (A6, A11): fair, within limits, explained; a person's choice stands."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from cases.actors import EVERYTHING, SYSTEM
from cases.ids import new_id
from store.leads import leads
from store.leads.assignments import AssignmentKind, transfer
from store.models import Absence, Assignment, DecisionRecord, Notification, SlaClock, Task
from store.network.network_seed import dealer_id, staff_id
from tests.activities.scene import START, Scene


async def reasons(scene: Scene, lead_id: object, key: str) -> dict[str, str | None]:
    record = [one for one in await scene.rows(DecisionRecord, lead_id) if one.key == key][-1]  # type: ignore[arg-type]
    return {one["code"]: one.get("reason") for one in record.candidates if "code" in one}


async def test_two_hundred_leads_are_shared_evenly_among_equals(scene: Scene) -> None:
    await scene.only_dealer("BJ01")
    await scene.sql("UPDATE dealers SET daily_capacity = 1000")
    await scene.sql("UPDATE staff SET ability = 60, skills = '{}', max_open = 1000")
    at = START

    for _ in range(40):
        batch = [await scene.lead(at=at) for _ in range(5)]
        await asyncio.gather(*(scene.run("dispatch", lead_id, at, lane="dispatch") for lead_id in batch))
        await asyncio.gather(*(scene.run("assign", lead_id, at, lane="dispatch") for lead_id in batch))
        at += timedelta(minutes=1)

    shares = Counter(row[0] for row in await scene.sql("SELECT owner_id FROM whole_leads"))
    assert sum(shares.values()) == 200
    assert max(shares.values()) - min(shares.values()) <= 1


async def test_skill_and_ability_count(scene: Scene) -> None:
    await scene.only_dealer("BJ01")
    await scene.sql("UPDATE staff SET ability = 60, skills = '{}'")
    await scene.sql("UPDATE staff SET skills = '{forester}' WHERE code = 'BJ01-C2'")

    lead_id = await scene.working()

    assert (await scene.row(lead_id)).owner_id == staff_id("BJ01-C2")


async def test_a_dealers_day_is_never_overfilled_even_in_parallel(scene: Scene) -> None:
    await scene.only_dealer("BJ01")
    await scene.sql("UPDATE dealers SET daily_capacity = 7")
    batch = [await scene.lead() for _ in range(20)]

    given = await asyncio.gather(*(scene.run("dispatch", lead_id, lane="dispatch") for lead_id in batch))

    assert sum(one["dealer"] is not None for one in given) == 7
    refused = next(lead for lead, one in zip(batch, given, strict=True) if one["dealer"] is None)
    assert (await reasons(scene, refused, "dispatch"))["BJ01"] == "at_capacity"
    tomorrow = START + timedelta(days=1)
    assert (await scene.run("dispatch", refused, tomorrow, lane="dispatch"))["dealer"] is not None


async def test_the_urgent_lane_knows_no_daily_limit(scene: Scene) -> None:
    await scene.only_dealer("BJ01")
    await scene.sql("UPDATE dealers SET daily_capacity = 0")
    lead_id = await scene.lead(horizon_days=3)

    assert (await scene.run("grade", lead_id))["lane"] == "urgent"

    assert (await scene.run("dispatch", lead_id, lane="urgent"))["dealer"] == str(dealer_id("BJ01"))


async def test_the_model_must_be_sold_there(scene: Scene) -> None:
    lead_id = await scene.lead(model="brz")

    await scene.run("dispatch", lead_id, lane="dispatch")

    assert (await reasons(scene, lead_id, "dispatch"))["BJ02"] == "model_not_sold"


@pytest.mark.parametrize("city", [None, "朝阳区", "火星", "吉林省"])
async def test_a_lead_whose_place_nobody_knows_goes_to_nobody(scene: Scene, city: str | None) -> None:
    lead_id = await scene.lead(city=city, region=None)

    assert (await scene.run("dispatch", lead_id, lane="dispatch"))["dealer"] is None

    assert await reasons(scene, lead_id, "dispatch") == {}


@pytest.mark.parametrize(
    ("city", "lane", "dealers"),
    [
        ("苏州", "dispatch", {"SH", "HZ", "NJ"}),
        ("大理", "dispatch", {"KM"}),
        ("天津", "dispatch", {"BJ"}),
        ("青岛", "dispatch", {"QD"}),
        ("福州", "dispatch", {"XM"}),
        ("丽江", "dispatch", set[str]()),  # 309 km from 昆明
        ("丽江", "urgent", {"KM"}),
        *((nowhere, "urgent", set[str]()) for nowhere in ("三沙", "阿里", "三亚", "拉萨", "喀什")),
    ],
)
async def test_who_is_near_enough_is_asked_whatever_the_region(
    scene: Scene, city: str, lane: str, dealers: set[str]
) -> None:
    lead_id = await scene.lead(city=city, region="WEST")

    chosen = (await scene.run("dispatch", lead_id, lane=lane))["dealer"]

    record = [one for one in await scene.rows(DecisionRecord, lead_id) if one.key == "dispatch"][-1]
    scored = {
        line["code"].rstrip("0123456789"): line["inputs"]["distance_km"]
        for line in record.candidates
        if "points" in line
    }
    far = [line for line in record.candidates if line.get("reason") == "too_far" and "id" in line]
    assert scored.keys() == dealers
    assert (chosen is not None) == bool(dealers)
    if chosen is not None:
        assert record.result["code"].rstrip("0123456789") == min(scored, key=lambda code: scored[code])
    assert min(line["distance_km"] for line in far) > max(scored.values(), default=300)
    assert {line["reason"] for line in record.candidates if "roster" in line} == {"too_far"}


async def test_a_near_dealer_of_another_region_beats_a_far_one_of_ones_own(scene: Scene) -> None:
    """40 km over the border, weak and busy, before 290 km within it, free and best."""
    await scene.sql("UPDATE dealers SET active = code IN ('BJ01', 'SH01'), performance = 40, daily_capacity = 100")
    await scene.sql("UPDATE dealers SET latitude = 40.2, longitude = 116.7, region = 'EAST' WHERE code = 'SH01'")
    await scene.sql("UPDATE dealers SET latitude = 37.35, longitude = 116.4, performance = 100 WHERE code = 'BJ01'")
    lead_id = await scene.lead()

    assert (await scene.run("dispatch", lead_id, lane="dispatch"))["dealer"] == str(dealer_id("SH01"))


async def test_a_town_that_only_the_network_knows_is_near_to_its_own_dealers(scene: Scene) -> None:
    await scene.sql("UPDATE dealers SET city = '雪山镇' WHERE code = 'KM01'")
    lead_id = await scene.lead(city="雪山镇", region="WEST")

    assert (await scene.run("dispatch", lead_id, lane="dispatch"))["dealer"] == str(dealer_id("KM01"))
    assert (await reasons(scene, lead_id, "dispatch"))["KM02"] == "no_place"


async def test_who_is_away_full_or_gone_is_passed_over_with_the_reason(scene: Scene) -> None:
    await scene.only_dealer("BJ01")
    async with scene.db.transaction(SYSTEM, EVERYTHING) as tx:
        tx.session.add(
            Absence(id=new_id(), staff_id=staff_id("BJ01-C1"), starts_at=START, ends_at=START + timedelta(days=1))
        )
    await scene.sql("UPDATE staff SET max_open = 0 WHERE code = 'BJ01-C2'")
    await scene.sql("UPDATE staff SET active = false WHERE code = 'BJ01-C3'")
    lead_id = await scene.lead()
    await scene.run("dispatch", lead_id, lane="dispatch")

    assert (await scene.run("assign", lead_id, lane="dispatch"))["consultant"] is None

    said = await reasons(scene, lead_id, "assignment")
    assert {code[-2:]: said[code] for code in ("BJ01-C1", "BJ01-C2", "BJ01-C3")} == {
        "C1": "absent",
        "C2": "no_room",
        "C3": "inactive",
    }
    back = await scene.run("assign", lead_id, START + timedelta(days=1), lane="dispatch")
    assert back["consultant"] == str(staff_id("BJ01-C1")), "an absence ends at its end"


async def reassign(scene: Scene, lead_id: object, code: str, at: object = START) -> None:
    """What the API does when a supervisor decides."""
    async with scene.db.transaction(SYSTEM, EVERYTHING) as tx:
        lead = await leads.lock(tx, lead_id)  # type: ignore[arg-type]
        await transfer(
            tx,
            lead,
            to_dealer=dealer_id(code[:4]),
            to_staff=staff_id(code) if "-" in code else None,
            kind=AssignmentKind.REASSIGN,
            by="staff:1",
            at=at,  # type: ignore[arg-type]
            reason="knows the customer",
        )


async def test_a_supervisors_choice_before_dispatch_stands_and_its_clock_starts_when_work_does(scene: Scene) -> None:
    lead_id = await scene.lead()
    await reassign(scene, lead_id, "SH01-C2")
    await scene.run("keep_choice", lead_id)
    later = START + timedelta(days=2)
    await scene.run("grade", lead_id, later)

    dealer = await scene.run("dispatch", lead_id, later, lane="dispatch")
    consultant = await scene.run("assign", lead_id, later, lane="dispatch")
    planned = await scene.chased(lead_id, later)

    assert dealer["dealer"] == str(dealer_id("SH01"))
    assert consultant["consultant"] == str(staff_id("SH01-C2"))
    assert planned["due"] == (later + timedelta(hours=24)).isoformat()


async def test_a_choice_of_a_dealer_alone_leaves_the_consultant_to_the_rules(scene: Scene) -> None:
    lead_id = await scene.lead()
    await reassign(scene, lead_id, "SH01")

    await scene.run("dispatch", lead_id, lane="dispatch")
    given = await scene.run("assign", lead_id, lane="dispatch")

    assert given["consultant"] in {str(staff_id(f"SH01-C{number}")) for number in range(1, 5)}


async def test_a_choice_that_has_left_does_not_stand(scene: Scene) -> None:
    lead_id = await scene.lead()
    await reassign(scene, lead_id, "SH01-C2")
    await scene.sql("UPDATE staff SET active = false WHERE code = 'SH01-C2'")
    await scene.run("dispatch", lead_id, lane="dispatch")

    given = await scene.run("assign", lead_id, lane="dispatch")

    assert given["consultant"] not in (None, str(staff_id("SH01-C2")))


async def test_a_reassignment_moves_tasks_and_clocks(scene: Scene) -> None:
    lead_id = await scene.working()
    await scene.chased(lead_id)
    at = START + timedelta(hours=5)

    await reassign(scene, lead_id, "BJ02-C1", at)  # nobody asked the table here: the hours begin anew
    await scene.run("take_over", lead_id, at)
    assert (await scene.run("assign", lead_id, at))["consultant"] == str(staff_id("BJ02-C1"))
    planned = await scene.chased(lead_id, at)

    former, new = sorted(await scene.rows(Task, lead_id), key=lambda task: task.opened_at)
    assert (former.status, former.closed_because["code"]) == ("reassigned", "reassign")
    assert (new.status, new.owner_id) == ("open", staff_id("BJ02-C1"))
    assert planned["due"] == (at + timedelta(hours=24)).isoformat()
    validity = [one for one in await scene.rows(SlaClock, lead_id) if one.kind == "grade_validity"]
    assert [(one.stopped_at, one.staff_id, one.started_at) for one in validity] == [(None, staff_id("BJ02-C1"), START)]
    assert [one.kind for one in await scene.rows(Assignment, lead_id)] == ["dispatch", "assign", "reassign"]
    assert "reassigned_to_you" in [one.code for one in await scene.rows(Notification, lead_id)]


async def test_a_reassignment_while_a_manager_confirms_leaves_the_managers_task_alone(scene: Scene) -> None:
    lead_id = await scene.working()
    await scene.chased(lead_id, kind="confirm_closing", role="dealer_manager")

    await reassign(scene, lead_id, "BJ02-C1", START + timedelta(hours=1))

    assert [task.status for task in await scene.rows(Task, lead_id)] == ["open"]


async def test_nobody_to_give_it_to_means_the_pool_until_somebody_claims_it(scene: Scene) -> None:
    await scene.sql("UPDATE dealers SET active = false")
    claimed, left = await scene.lead(), await scene.lead()
    for lead_id in (claimed, left):
        await scene.run("grade", lead_id)
        assert (await scene.run("dispatch", lead_id, lane="dispatch"))["dealer"] is None
        pooled = await scene.run("enter_pool", lead_id)
        assert pooled["pool_until"] == (START + timedelta(hours=48)).isoformat()
        assert (await scene.row(lead_id)).status == "pool"

    at = START + timedelta(hours=47)
    async with scene.db.transaction(SYSTEM, EVERYTHING) as tx:
        await transfer(
            tx, await leads.lock(tx, claimed), to_dealer=dealer_id("BJ01"), to_staff=staff_id("BJ01-C1"),
            kind=AssignmentKind.CLAIM, by="staff:1", at=at, status="working",
        )  # fmt: skip

    assert await scene.run("expire_pool", claimed, START + timedelta(hours=48)) == {"taken": True}
    await scene.run("leave_pool", claimed, at)
    assert (await scene.row(claimed)).badges == ["claimed"]
    assert (await scene.chased(claimed, at))["due"] == (at + timedelta(hours=24)).isoformat()
    assert await scene.run("expire_pool", left, START + timedelta(hours=48)) == {"taken": False}
    assert (await scene.row(left)).status == "qualifying"
