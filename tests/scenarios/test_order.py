"""However messages arrive, and however short a run is, a lead ends in the same state (DESIGN, idea
1)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from store.session import Database
from tests.scenarios.disorder import Disorder
from tests.scenarios.story import AGENT, DAY, HOUR, Story
from tests.scenarios.world import World, living_world

PHONE = "13711110007"


async def a_whole_life(world: World) -> Story:
    """Two lives in which people often say several things before the process hears of the first."""
    lead = await world.new_lead("A", phone=PHONE)
    owner, colleague = await lead.owner(), await lead.colleague()
    await lead.until(HOUR)
    await states(lead, "customer", {"city": "上海"})
    await world.submit(phone=PHONE, channel="maker.app.owner")
    await states(lead, "follow-ups", {"content": "介绍"}, owner)
    await states(lead, "customer", {"labels": ["四驱"]})
    await lead.rest()

    await lead.until(2 * HOUR)
    await states(lead, "reassign", {"to_staff": colleague, "reason": "x"}, "HQ-01")
    await states(lead, "customer", {"trade_in": True})
    await states(lead, "reassign", {"to_staff": owner, "reason": "x"}, "HQ-01")
    await states(lead, "reassign", {"to_staff": colleague, "reason": "x"}, "HQ-01")
    await lead.rest()

    await lead.until(30 * HOUR)  # reminded, the manager told
    await states(lead, "invite", {"content": "周末到店"}, colleague)
    await states(lead, "reassign", {"to_staff": owner, "reason": "x"}, "HQ-01")
    await lead.rest()

    await lead.until(2 * DAY)
    await states(lead, "lose", {"reason": "price"}, owner)
    await states(lead, "customer", {"test_drive": True})
    await lead.rest()
    await states(lead, "confirm", {"approve": True}, "HQ-01")
    await lead.rest()

    await lead.until(32 * DAY)
    await states(lead, "recall-result", {"outcome": "not_interested"}, AGENT)
    await lead.rest()
    assert not await lead.lives()

    world.clock.move(60 * DAY)
    await states(lead, "reactivate", {"reason": "x"}, AGENT)
    await states(lead, "customer", {"purchase_time": "一周内"})
    await world.submit(phone=PHONE, channel="maker.app.owner")
    await lead.rest()
    await states(lead, "call-result", {"outcome": "qualified"}, AGENT)
    await states(lead, "reassign", {"to_dealer": "BJ02", "reason": "x"}, "HQ-01")
    await lead.rest()
    await states(lead, "win", {"number": "HT-9", "price": 300_000}, await lead.owner())
    await lead.rest()
    return lead


async def states(lead: Story, what: str, body: dict[str, Any], by: str = "HQ-01") -> None:
    """States something and lets it lie in the outbox."""
    method = "PATCH" if what == "customer" else "POST"
    answer = await lead.world.state(method, f"/leads/{lead.id}/{what}", body, by=by)
    assert answer.status_code == 200, answer.text


async def picture(lead: Story) -> dict[str, Any]:
    """All that has become of a lead, without what differs from world to world: ids, and
    PostgreSQL's own clock."""
    page = await lead.page()
    ids = {"id", "lead_id", "task_id", "decision_id", "submission"}
    shown = {key: value for key, value in page["lead"].items() if key not in {*ids, "customer", "updated_at"}}
    lines = [
        (line["at"], line["code"], line["element"], {k: v for k, v in line["data"].items() if k not in ids})
        for line in await lead.timeline()
    ]
    tasks = sorted(str({key: value for key, value in task.items() if key != "id"}) for task in await lead.tasks())
    decisions = await lead.rows(
        "SELECT key, at, element, inputs, matched, result FROM decisions WHERE case_id = :lead"
        " ORDER BY at, key, element, inputs::text"
    )
    clocks = [await lead.clocks(kind) for kind in ("first_follow_up", "next_follow_up", "grade_validity", "recall")]
    incidents = await lead.rows("SELECT element, kind FROM incidents WHERE case_id = :lead")
    told = await lead.told()
    return {
        "lead": shown, "place": page["state"]["place"], "history": lines, "tasks": tasks, "told": told,
        "decisions": decisions, "clocks": clocks, "incidents": incidents,
    }  # fmt: skip


@pytest.fixture(scope="module")
async def plain(shared_network: Database, temporal: WorkflowEnvironment) -> AsyncIterator[dict[str, Any]]:
    """The story, each message delivered once and in order."""
    async with living_world(shared_network, temporal) as world:
        yield await picture(await a_whole_life(world))


async def test_the_story_itself(plain: dict[str, Any]) -> None:
    shown = plain["lead"]
    assert (shown["status"], shown["dealer"]["code"], plain["incidents"]) == ("won", "BJ02", [])
    assert not any("'open'" in task for task in plain["tasks"])
    codes = [code for _, code, _, _ in plain["history"]]
    assert {"reminded", "manager_told", "recalled", "archived", "reactivated", "choice_kept"} <= set(codes)


@pytest.mark.parametrize("seed", [1, 2])
async def test_each_message_three_times_and_out_of_order(world: World, plain: dict[str, Any], seed: int) -> None:
    world.carrier = disorder = Disorder(seed)

    lead = await a_whole_life(world)

    (row,) = await lead.rows("SELECT message_seq FROM cases WHERE id = :lead")
    assert disorder.sent > 3 * row["message_seq"]
    assert await picture(lead) == plain


async def test_each_run_as_short_as_can_be(
    deployed: Database, temporal: WorkflowEnvironment, plain: dict[str, Any]
) -> None:
    async with living_world(deployed, temporal, wakes=1) as world:
        world.carrier = Disorder(3)

        lead = await a_whole_life(world)

        assert await picture(lead) == plain
        assert len(await world.histories(lead)) > 20
