"""A diagram deployed through the API: leads that begin from then on run on it, the others go on as
they began."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from server import versions
from store.session import Database
from tests.scenarios.story import DAY, HOUR, Story
from tests.scenarios.test_outcomes import contract
from tests.scenarios.world import World, living_world
from workflows import processes

SOONER = processes.shipped()["lead"].replace(b"PT24H", b"PT4H")
"""The call centre tries an unreachable customer again after four hours, not after a day."""


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


async def deploy(world: World, xml: bytes) -> int:
    """Head office deploys; gives the version."""
    headers = {"Content-Type": "application/xml", "Baton-Actor": "HQ-01"}
    answer = await world.http.post("/api/v1/processes", content=xml, headers=headers)
    assert answer.status_code == 201, answer.text
    (process,) = answer.json()["processes"]
    return int(process["version"])


async def version(lead: Story) -> int:
    return int((await lead.page())["state"]["process_version"])


async def test_the_next_lead_runs_on_the_new_version_and_the_others_on_theirs(world: World) -> None:
    # given a lead that nobody could reach
    before = await world.new_lead(model=None)
    await before.called("unreachable")

    # when head office deploys another pause, and one more lead cannot be reached
    assert await deploy(world, SOONER) == 2
    after = await world.new_lead(model=None)
    await after.called("unreachable")

    # then each is called again when its own version says so
    assert (await version(before), await version(after)) == (1, 2)
    await after.until(4 * HOUR)
    assert (await after.task())["opened_at"] == 4 * HOUR
    await before.until(DAY)
    assert (await before.task())["opened_at"] == DAY


async def test_a_called_process_counts_for_leads_that_begin_later(world: World) -> None:
    before = await world.new_lead(model=None)
    chase = processes.shipped()["chase"].replace("有人办理".encode(), "请办理".encode())

    await deploy(world, chase)
    after = await world.new_lead(model=None)

    names = [{mark["name"] for mark in (await lead.page())["state"]["place"]} for lead in (before, after)]
    assert ["请办理" in found for found in names] == [False, True]
    assert (await version(before), await version(after)) == (1, 1)


async def test_a_customer_who_comes_back_lives_on_the_newest_version(world: World) -> None:
    lead = await world.new_lead(model=None, phone="13800138017")
    await lead.called("invalid", reason="not_a_buyer")
    assert (await lead.status(), await version(lead)) == ("invalid", 1)

    await deploy(world, SOONER)
    await world.submit(phone="13800138017", model="傲虎")
    await lead.rest()

    assert (await lead.status(), await version(lead)) == ("qualifying", 2)


async def test_a_win_that_is_questioned_is_decided_on_on_the_newest_version(world: World) -> None:
    lead = await world.new_lead("A")
    owner, manager = await lead.owner(), await lead.manager()
    await lead.say("win", contract("HT-1"), by=owner)
    assert (await lead.status(), await version(lead)) == ("won", 1)

    await deploy(world, SOONER)
    await lead.say("cancel-order", {"reason": "price", "content": "客户嫌贵，退订"}, by=owner)
    await lead.say("confirm", {"approve": True}, by=manager)

    assert (await lead.status(), await version(lead)) == ("working", 2)
