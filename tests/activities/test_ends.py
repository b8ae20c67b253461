"""Ends, returns, nurture (A13–A16), and what the registry promises."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.catalogue import ACTIVITIES
from activities.registry import activities_with
from cases.actors import EVERYTHING, SYSTEM
from cases.contracts import Step
from cases.errors import Unavailable
from cases.ids import new_id
from cases.messages import NOTIFICATIONS, TIMELINE, say
from store.models import Contract, DecisionRecord, Incident, Material, Notification, SlaClock, Task, TimelineEntry
from store.tables import definitions
from tests.activities.scene import START, Scene

DAY = timedelta(days=1)


def name_of(activity: Any) -> str:
    return activity.__temporal_activity_definition.name


async def codes(scene: Scene, lead_id: UUID) -> list[str]:
    return [one.code for one in await scene.rows(TimelineEntry, lead_id, "number")]


async def test_a_sale_gets_its_tier_and_incentive_and_tells_finance_and_after_sales(scene: Scene) -> None:
    lead_id = await scene.working()
    await scene.chased(lead_id)
    owner = (await scene.row(lead_id)).owner_id
    async with scene.db.transaction(SYSTEM, EVERYTHING) as tx:
        tx.session.add(
            Contract(
                id=new_id(), lead_id=lead_id, number="HT-1", model="forester", price=269_800, payment="deposit",
                deposit=20_000, signed_at=START, by_id=owner,
            )
        )  # fmt: skip

    closed = await scene.run("close", lead_id, START + DAY, outcome="won")

    assert closed == {"price_tier": "middle", "incentive": 500}
    (contract,) = await scene.rows(Contract, lead_id)
    assert (contract.price_tier, contract.incentive) == ("middle", 500)
    lead = await scene.row(lead_id)
    assert (lead.status, lead.stage, lead.ended_at) == ("won", "won", START + DAY)
    assert {"finance", "after_sales"} <= {one.to_role for one in await scene.rows(Notification, lead_id)}
    assert all(clock.stopped_at for clock in await scene.rows(SlaClock, lead_id))


async def test_a_loss_waits_for_the_manager_and_may_come_back(scene: Scene) -> None:
    lead_id = await scene.working()
    await scene.sql('UPDATE leads SET closing = \'{"outcome": "lost", "reason": "price"}\'')

    await scene.run("ask_confirmation", lead_id, outcome="lost")
    assert (await scene.row(lead_id)).status == "confirming"
    await scene.run("reopen", lead_id)
    again = await scene.row(lead_id)

    assert (again.status, again.closing) == ("working", {})
    managers = [one.code for one in await scene.rows(Notification, lead_id) if one.code == "confirmation_wanted"]
    assert len(managers) == 1


@pytest.mark.parametrize(("reason", "days"), [("price", 30), ("gave_up", 60)])
async def test_lost_customers_are_called_back_when_the_table_says(scene: Scene, reason: str, days: int) -> None:
    lead_id = await scene.working()
    await scene.sql(
        "UPDATE leads SET closing = jsonb_build_object('outcome', 'lost', 'reason', CAST(:r AS text))", r=reason
    )
    await scene.run("close", lead_id, outcome="lost")

    planned = await scene.run("plan_recall", lead_id)

    assert planned["recall_at"] == (START + days * DAY).isoformat()
    assert (await scene.row(lead_id)).closing == {"outcome": "lost", "reason": reason}


async def test_who_must_not_be_called_is_not_called_back(scene: Scene) -> None:
    lead_id = await scene.working()
    await scene.run("close", lead_id, outcome="lost")
    await scene.sql("UPDATE customers SET do_not_call = true")

    assert await scene.run("plan_recall", lead_id) == {"recall_at": None}


async def test_a_customer_comes_back_more_than_once_with_all_history(scene: Scene) -> None:
    lead_id = await scene.working()
    for life in (2, 3):
        await scene.run("archive", lead_id, START + life * DAY)
        await scene.run("reactivate", lead_id, START + life * 2 * DAY)

        lead = await scene.row(lead_id)
        assert (lead.life, lead.status, lead.badges, lead.stage) == (life, "qualifying", ["reactivated"], None)
        assert (lead.dealer_id, lead.owner_id, lead.ended_at) == (None, None, None)
    assert (await codes(scene, lead_id)).count("archived") == 2


async def test_a_life_that_a_statement_has_opened_is_not_counted_twice(scene: Scene) -> None:
    lead_id = await scene.lead(status="qualifying", life=2, badges=["reactivated"])

    await scene.run("reactivate", lead_id)

    lead = await scene.row(lead_id)
    assert (lead.life, lead.badges) == (2, ["reactivated"])


@pytest.mark.parametrize(("stated_on", "grade"), [(1, "A"), (3, "H")])
async def test_only_a_grade_stated_since_the_end_counts_in_the_next_life(
    scene: Scene, stated_on: int, grade: str
) -> None:
    lead_id = await scene.working(horizon_days=14)
    await scene.run("archive", lead_id, START + 2 * DAY)
    stated_at = START + stated_on * DAY
    await scene.sql("UPDATE cases SET level = 'H'")
    await scene.sql("UPDATE leads SET grade_reason = 'stated', graded_at = :at", at=stated_at)

    await scene.run("reactivate", lead_id, START + 3 * DAY)

    assert (await scene.run("grade", lead_id, START + 3 * DAY))["grade"] == grade


@pytest.mark.parametrize(("horizon", "every"), [(80, 14), (200, 30)])
async def test_materials_go_out_the_same_day_then_fortnightly_or_monthly(
    scene: Scene, horizon: int, every: int
) -> None:
    lead_id = await scene.lead(horizon_days=horizon)
    await scene.run("grade", lead_id)
    await scene.sql("UPDATE cases SET level = 'C'")

    planned = await scene.run("plan_nurture", lead_id, side="hq")
    first = await scene.run("send_material", lead_id)
    second = await scene.run("send_material", lead_id, START + every * DAY)

    assert planned["material_at"] == START.isoformat()
    assert planned["check_at"] == (START + 60 * DAY).isoformat()
    assert planned["keep_until"] == (START + 90 * DAY).isoformat()
    assert first["material_at"] == (START + every * DAY).isoformat()
    assert second["material_at"] == (START + 2 * every * DAY).isoformat()
    sent = await scene.rows(Material, lead_id)
    assert [(one.number, one.code) for one in sent] == [(1, "model_comparison"), (2, "buying_guide")]
    assert {one.decision_id for one in sent} <= {one.id for one in await scene.rows(DecisionRecord, lead_id)}
    noted = await scene.run("note_intent", lead_id, START + 60 * DAY, outcome="unchanged")
    assert noted["check_at"] == (START + 120 * DAY).isoformat()


async def test_what_a_person_stated_about_the_grade_holds(scene: Scene) -> None:
    lead_id = await scene.lead(horizon_days=80)
    assert await scene.run("grade", lead_id) == {"grade": "C", "lane": "nurture"}

    await scene.sql("UPDATE cases SET level = 'A'")
    await scene.sql("UPDATE leads SET grade_reason = 'stated'")

    assert await scene.run("grade", lead_id, START + DAY) == {"grade": "A", "lane": "dispatch"}


async def test_nothing_personal_stays_after_erasure(scene: Scene) -> None:
    lead_id = await scene.working(name="慕容复", raw={"name": "慕容复"})
    await scene.chased(lead_id)

    await scene.run("erase", lead_id)

    ((name, phone, erased),) = await scene.sql("SELECT name, phone, erased_at FROM customers")
    assert (name, phone, erased) == (None, None, START)
    assert (await scene.sql("SELECT raw FROM whole_leads"))[0][0] == {}
    assert (await scene.row(lead_id)).status == "erased"
    assert [task.status for task in await scene.rows(Task, lead_id)] == ["withdrawn"]


async def test_an_incident_is_recorded_once_and_hq_is_told(scene: Scene) -> None:
    lead_id = await scene.lead()

    for _ in range(2):
        await scene.run(
            "record_incident",
            lead_id,
            key="k:incident:1",
            failed="k",
            element="grade",
            kind="activity_failed",
            message="grade: Ambiguous",
        )

    (incident,) = await scene.rows(Incident, lead_id)
    assert (incident.key, incident.element, incident.kind) == ("k", "grade", "activity_failed")
    assert incident.resolved_at is None
    assert [one.code for one in await scene.rows(Notification, lead_id)] == ["incident"]


async def test_any_published_table_can_be_asked_and_a_new_version_decides_from_then_on(scene: Scene) -> None:
    lead_id = await scene.lead()
    first = await scene.run("decide", lead_id, decision="price-tier", price=150_000)
    ((xml,),) = await scene.sql("SELECT xml FROM decision_tables WHERE key = 'price-tier'")
    changed = bytes(xml).replace(b">300<", b">333<")
    async with scene.db.transaction(SYSTEM, EVERYTHING) as tx:
        await definitions.publish_table(tx, "price-tier", "price-tier", changed, START + DAY, "test")

    before = await scene.run("decide", lead_id, START, decision="price-tier", price=150_000)
    after = await scene.run("decide", lead_id, START + DAY, decision="price-tier", price=150_000)

    assert (first["incentive"], before["incentive"], after["incentive"]) == (300, 300, 333)
    assert [one.version for one in await scene.rows(DecisionRecord, lead_id)] == [1, 1, 2]


async def test_a_table_that_is_not_deployed_yet_is_waited_for(scene: Scene) -> None:
    lead_id = await scene.lead()

    with pytest.raises(Unavailable):
        await scene.run("decide", lead_id, decision="moon-phase")


async def test_failures_reach_temporal_without_anybodys_data(scene: Scene) -> None:
    lead_id = await scene.lead(name="慕容复")
    await scene.sql("UPDATE cases SET level = 'Q'")
    await scene.sql("UPDATE leads SET horizon_days = 3, grade_reason = 'stated'")
    run = next(
        one for one in activities_with(scene.db, scene.tables) if one.__temporal_activity_definition.name == "grade"
    )

    for attempt, final in ((1, False), (3, True)):
        env = ActivityEnvironment()
        env.info = env.default_info()
        object.__setattr__(env.info, "attempt", attempt)
        with pytest.raises(ApplicationError) as raised:
            await env.run(run, Step(str(lead_id), "k", "grade", START))

        assert (raised.value.type, raised.value.non_retryable) == ("InputRefused", final)
        assert raised.value.__cause__ is None
    assert await codes(scene, lead_id) == [], "a failed step leaves nothing"


async def test_every_activity_has_a_name_for_temporal() -> None:
    names = {name_of(one) for one in activities_with(None)}  # type: ignore[arg-type]

    assert names == {*ACTIVITIES, "advance", "settle", "withdraw"}


async def test_every_word_is_there_in_both_languages() -> None:
    assert say(TIMELINE, "graded", "zh", {"grade": "A", "reason": "stated"}) == "定级 A（stated）"
    assert say(NOTIFICATIONS, "lead_assigned", "en", {"grade": "H"}).startswith("A new H lead")
    assert say(TIMELINE, "assigned", "en") == "Assigned to —"
    assert say(TIMELINE, "no such code", "en") == "no such code"


async def test_every_code_that_is_written_has_words() -> None:
    root = Path(__file__).parents[2]
    sources = [path.read_text() for room in ("activities", "domain") for path in (root / room).rglob("*.py")]
    lines = {code for text in sources for code in re.findall(r'(?:work|ledger)\.note\(\s*"(\w+)"', text)}
    lines |= {code for text in sources for code in re.findall(r'timeline\.record\([^")]*"(\w+)"', text)}
    told = {code for text in sources for code in re.findall(r'\.tell(?:_owner|_manager)?\(\s*"(\w+)"', text)}

    assert lines - TIMELINE.keys() == set()
    assert told - NOTIFICATIONS.keys() == set()
    assert len(lines) > 40
