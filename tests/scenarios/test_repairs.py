"""Running leads are repaired: five go on in another version but for one, stuck ones are mended,
singly and in bulk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from server import versions
from store.session import Database
from tests.scenarios.story import DAY, HOUR, HQ, Story
from tests.scenarios.world import World, living_world
from tests.workflows.bpmn.diagrams import bpmn
from workflows import processes

RENAMED = (
    processes.shipped()["lead"]
    .replace(b"PT24H", b"PT4H")
    .replace(b"try_again_at", b"call_again_at")
    .replace(b"at_dealer", b"with_dealer")
)
"""The call centre tries again after four hours, and two elements have new ids."""

DOUBTFUL = bpmn(
    "start -> x:xor -[n > 1]-> plan:service(plan_task) -> b:user -> end\n"
    "back:start(message reactivated) -> x\nundo:start(message win_questioned) -> x\n"
    "plan.in kind = =kind\nplan.out kind = =kind\nplan.out n = =n\nb.kind outbound_call\nb.role call_centre",
    name="lead",
)
"""A lead without n is stuck at the gateway, and one without a kind at the step behind it."""


@pytest.fixture
async def world(deployed: Database, temporal: WorkflowEnvironment) -> AsyncIterator[World]:
    """One where a lead that meets a version too early asks again in a second."""
    async with living_world(deployed, temporal, task_timeout=timedelta(seconds=1)) as world:
        yield world


@pytest.fixture(autouse=True)
async def loading(world: World) -> AsyncIterator[None]:
    """The worker's own way to versions that were deployed since it started."""
    looking = asyncio.create_task(versions.Versions(world.db, world.clock).run())
    yield
    looking.cancel()


async def deploy(world: World, xml: bytes) -> None:
    headers = {"Content-Type": "application/xml", "Baton-Actor": HQ}
    answer = await world.http.post("/api/v1/processes", content=xml, headers=headers)
    assert answer.status_code == 201, answer.text


async def order(world: World, path: str, body: dict[str, Any], status: int = 202) -> dict[str, Any]:
    """Somebody of head office orders it, with a reason."""
    answer = await world.state("POST", path, {"reason": "流程修正"} | body, by=HQ)
    assert answer.status_code == status, answer.text
    return answer.json()


async def read(world: World, path: str) -> dict[str, Any]:
    answer = await world.state("GET", path)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def version(lead: Story) -> int:
    (row,) = await lead.rows("SELECT process_version FROM instances WHERE case_id = :lead ORDER BY life DESC LIMIT 1")
    return int(row["process_version"])


async def test_running_leads_go_on_in_another_version_but_for_the_one_that_does_not_fit(world: World) -> None:
    # given four leads that the call centre could not reach, and one with a dealer
    selling = await world.new_lead("H")
    waiting = [await world.new_lead(model=None) for _ in range(4)]
    for lead in waiting:
        await lead.called("unreachable")
    await deploy(world, RENAMED)

    # when head office tries and then orders the migration, with a plan for the first four
    migration = {
        "process": "lead",
        "from_version": 1,
        "to_version": 2,
        "plan": {"lead": {"try_again_at": "call_again_at"}},
    }
    answer = await world.state("POST", "/migrations/previews", migration, by=HQ)
    preview = answer.json()
    batch = (await order(world, "/migrations", migration))["id"]
    for lead in (*waiting, selling):
        await lead.rest()

    # then the report is what the preview had said
    assert (preview["tried"], preview["fits"]) == (5, 4)
    assert [(one["element"], one["examples"]) for one in preview["reasons"]] == [("at_dealer", [selling.id])]
    report = await read(world, f"/migrations/{batch}")
    assert report["totals"] == {"done": 4, "refused": 1}
    assert [item["lead_id"] for item in report["items"] if item["outcome"] == "refused"] == [selling.id]
    assert [await version(lead) for lead in (*waiting, selling)] == [2, 2, 2, 2, 1]
    assert (await waiting[0].happened())[-2:] == ["migration_stated", "migrated"]

    # and a pause that had begun lasts as long as it was meant to, the next one as the new version
    # says
    lead = waiting[0]
    await lead.until(DAY - timedelta(minutes=1))
    assert [task["status"] for task in await lead.tasks()] == ["done"]
    await lead.until(DAY)
    await lead.called("unreachable")
    await lead.until(DAY + 4 * HOUR)
    assert [task["opened_at"] for task in await lead.tasks()] == [timedelta(0), DAY, DAY + 4 * HOUR]

    # and the one that did not fit goes on as it began
    await selling.follow_up()
    assert (await version(selling), await selling.status()) == (1, "working")


async def test_a_step_that_failed_is_tried_again_with_corrected_variables(world: World) -> None:
    await deploy(world, DOUBTFUL)
    lead = await world.new_lead()
    (incident,) = (await read(world, "/incidents"))["items"]
    assert (incident["kind"], incident["element"]) == ("condition_failed", "x")

    await order(world, f"/incidents/{incident['id']}/retry", {"variables": {"n": 2}}, 200)
    await lead.rest()
    (again,) = (await read(world, "/incidents"))["items"]
    assert (again["kind"], again["element"]) == ("activity_failed", "plan")

    await order(world, f"/incidents/{again['id']}/retry", {"variables": {"kind": "outbound_call"}}, 200)
    await lead.rest()
    assert (await read(world, "/incidents"))["items"] == []
    assert (await lead.task())["kind"] == "outbound_call"
    retried = [line for line in await lead.timeline() if line["code"] == "incident_retried"]
    assert [line["data"]["changes"] for line in retried] == [
        {"n": {"before": None, "after": 2}},
        {"kind": {"before": None, "after": "outbound_call"}},
    ]


async def test_a_bulk_retry_says_which_leads_went_on_and_which_did_not(world: World) -> None:
    # given three stuck leads, two of which have been given what they lacked
    await deploy(world, DOUBTFUL)
    leads = [await world.new_lead() for _ in range(3)]
    for lead in leads[:2]:
        await order(world, f"/instances/{lead.id}/variables", {"variables": {"n": 2, "kind": "outbound_call"}}, 200)
        await lead.rest()

    # when all are tried again at once
    sought = {"filter": {"kind": "condition_failed", "process": "lead", "element": "x"}}
    batch = (await order(world, "/incidents/retries", sought))["id"]
    waiting = await read(world, f"/incidents/retries/{batch}")
    for lead in leads:
        await lead.rest()

    # then the report tells the truth, before and after
    assert waiting["totals"] == {"waiting": 3}
    report = await read(world, f"/incidents/retries/{batch}")
    assert report["totals"] == {"resolved": 2, "failed_again": 1}
    (failed,) = [item for item in report["items"] if item["outcome"] == "failed_again"]
    assert (failed["lead_id"], failed["element"]) == (leads[2].id, "x")
    assert "default flow" in failed["message"]


async def test_a_stuck_token_goes_on_elsewhere(world: World) -> None:
    await deploy(world, DOUBTFUL)
    lead = await world.new_lead()
    (incident,) = (await read(world, "/incidents"))["items"]

    await order(world, f"/incidents/{incident['id']}/move", {"element": "b"}, 200)
    await lead.rest()

    assert (await lead.task())["kind"] == "outbound_call"
    assert (await read(world, "/incidents"))["items"] == []
