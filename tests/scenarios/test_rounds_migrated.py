"""A round that runs goes on in a newer version of its process: what is planned stays planned, and a
period in work is neither lost nor done twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.rounds import registry
from domain.rounds.registry import Part, Turn
from domain.rounds.words import Round
from server import versions
from store.session import Database
from tests.scenarios.rounds import done, happened, kept, refuse, sql
from tests.scenarios.story import DAY, HOUR
from tests.scenarios.test_repairs import deploy, order, read, version
from tests.scenarios.test_rounds import FIRST_NIGHT, NIGHTLY, asked, begun, shown
from tests.scenarios.world import MORNING, Story, World, living_world
from workflows import processes

RENAMED = (
    processes.shipped()["round"]
    .replace(b'"due"', b'"its_time"')
    .replace(b'"run"', b'"do_part"')
    .replace(b'"run_asked"', b'"do_asked_part"')
    .replace(b'name="do_asked_part"', b'name="run_asked"')  # the message keeps its name
)
"""The timer and the steps that do a part have new ids."""

PLAN = {"round": {"due": "its_time", "run": "do_part", "run_asked": "do_asked_part"}}


@pytest.fixture
async def world(deployed: Database, temporal: WorkflowEnvironment) -> AsyncIterator[World]:
    """One where a round that meets a version too early asks again in a second."""
    async with living_world(deployed, temporal, task_timeout=timedelta(seconds=1)) as world:
        looking = asyncio.create_task(versions.Versions(world.db, world.clock).run())
        yield world
        looking.cancel()


@pytest.fixture
def stumbling(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """The nightly cleaning does its first part and fails at every later one, until it is mended."""
    functions = dict(registry.ROUNDS)
    monkeypatch.setattr("activities.rounds.ROUNDS", functions)
    right = functions[Round.REFUSED_SUBMISSIONS]

    async def stumble(turn: Turn) -> Part:
        if turn.after is not None:
            raise LookupError("an unforeseen row")
        return await right(turn)

    functions[Round.REFUSED_SUBMISSIONS] = stumble
    yield lambda: functions.update({Round.REFUSED_SUBMISSIONS: right})


async def migrated(world: World, round_: Story, xml: bytes = RENAMED, **plan: Any) -> None:
    """Head office migrates every round to a version that is deployed now."""
    await deploy(world, xml)
    ordered = await order(world, "/migrations", {"process": "round", "from_version": 1, "to_version": 2, **plan})
    await round_.rest()
    report = await read(world, f"/migrations/{ordered['id']}")
    assert report["totals"] == {"done": 1}, report
    assert await version(round_) == 2


async def test_a_planned_period_is_done_at_its_instant_by_the_new_version(world: World) -> None:
    await refuse(world.db, 3, MORNING - 90 * DAY)
    (round_,) = await begun(world, refused_submissions=NIGHTLY)

    await migrated(world, round_, plan=PLAN)

    # what the table had planned stays planned, and is done once
    assert (await shown(world, "refused_submissions"))["round"]["next_at"] == "2026-11-23T18:00:00Z"
    assert await done(world.db, "refused_submissions") == {}
    await round_.until(FIRST_NIGHT + HOUR)
    await round_.until(FIRST_NIGHT + DAY + HOUR)
    assert await done(world.db, "refused_submissions") == {"2026-11-24": 3, "2026-11-25": 0}
    assert (await happened(world.db, round_.id)).count("round_planned") == 3


async def test_a_period_in_work_goes_on_where_it_was(world: World, stumbling: Callable[[], None]) -> None:
    # given a period of three parts, one of which is done when the second fails
    await refuse(world.db, 1203, MORNING - 90 * DAY)
    (round_,) = await begun(world, refused_submissions=NIGHTLY)
    await round_.until(FIRST_NIGHT + HOUR)
    assert (await kept(world.db), await done(world.db, "refused_submissions")) == (703, {})

    # when the round is migrated in the middle of it, and what failed is tried again
    await migrated(world, round_, plan=PLAN)
    assert await kept(world.db) == 703
    stumbling()
    (incident,) = (await read(world, "/incidents"))["items"]
    await order(world, f"/incidents/{incident['id']}/retry", {}, 200)
    await round_.rest()

    # then the rest of the period is done and counted once, and the next night is planned
    assert (await kept(world.db), await done(world.db, "refused_submissions")) == (0, {"2026-11-24": 1203})
    (steps,) = await sql(world.db, "SELECT count(*) AS n FROM executed_steps WHERE element = 'do_part'")
    assert steps["n"] == 2
    assert (await shown(world, "refused_submissions"))["round"]["next_at"] == "2026-11-24T18:00:00Z"
    await round_.until(FIRST_NIGHT + DAY + HOUR)
    assert list(await done(world.db, "refused_submissions")) == ["2026-11-24", "2026-11-25"]


async def test_a_period_that_head_office_asked_for_goes_on_too(world: World, stumbling: Callable[[], None]) -> None:
    # given one that was asked for, whose second part fails beside the plan
    await refuse(world.db, 700, MORNING - 100 * DAY)
    (round_,) = await begun(world, refused_submissions=NIGHTLY)
    assert (await asked(world, "refused_submissions", "2026-11-20"))[0] == 202
    await round_.rest()
    assert await kept(world.db) == 200

    await migrated(world, round_, plan=PLAN)
    stumbling()
    (incident,) = (await read(world, "/incidents"))["items"]
    await order(world, f"/incidents/{incident['id']}/retry", {}, 200)
    await round_.rest()
    await round_.until(FIRST_NIGHT + HOUR)

    assert await done(world.db, "refused_submissions") == {"2026-11-20": 700, "2026-11-24": 0}
    assert (await asked(world, "refused_submissions", "2026-11-20"))[1]["code"] == "period_done"


async def test_a_migration_in_the_moment_of_its_work_does_the_period_once(world: World) -> None:
    # given rows for several parts, and a period whose time comes while the migration is ordered
    await refuse(world.db, 2_600, MORNING - 90 * DAY)
    (round_,) = await begun(world, refused_submissions=NIGHTLY)
    await deploy(world, RENAMED)
    migration = {"process": "round", "from_version": 1, "to_version": 2, "plan": PLAN}

    ordered, _ = await asyncio.gather(order(world, "/migrations", migration), round_.until(FIRST_NIGHT + HOUR))
    await round_.rest()

    assert (await read(world, f"/migrations/{ordered['id']}"))["totals"] == {"done": 1}
    assert (await kept(world.db), await done(world.db, "refused_submissions")) == (0, {"2026-11-24": 2_600})
    assert await version(round_) == 2
    assert (await happened(world.db, round_.id)).count("round_done") == 1
