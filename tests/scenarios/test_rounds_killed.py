"""Workers that die in the middle of a round's part, or do rounds side by side: each row and each
period once (M7)."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from cases.ids import workflow_id
from store.session import Database
from tests.databases import clone
from tests.scenarios.rounds import done, happened, kept, refuse, set_up, sql
from tests.scenarios.stack import Stack, eventually, stack
from tests.scenarios.story import DAY, HQ
from tests.scenarios.victims import Process
from tests.scenarios.world import MORNING
from tests.servers import TIME_SKIPPING, SharedPostgres, TemporalServer, free_port

NIGHTLY = {"every": '"day"', "at_hour": "2", "calendar": '"elapsed"', "on": "null"}
POINTS = ("part_written_not_committed", "part_committed")


@pytest.fixture(scope="module")
def temporal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TemporalServer]:
    namespaces = [argument for one in (*POINTS, "two") for argument in ("-n", one.replace("_", "-"))]
    server = TemporalServer(tmp_path_factory.mktemp("temporal"), *TIME_SKIPPING, *namespaces)
    server.start()
    yield server
    server.stop()


async def ask(here: Stack, period: str) -> None:
    body, by = {"period": period}, {"Baton-Actor": HQ}
    answer = await here.http.post("/api/v1/rounds/refused_submissions/runs", json=body, headers=by)
    assert answer.status_code == 202, answer.text


async def planned(db: Database) -> bool:
    return bool(await sql(db, "SELECT 1 FROM cases WHERE kind = 'round' AND next_due_at IS NOT NULL"))


@pytest.mark.parametrize("point", POINTS)
async def test_a_worker_killed_in_the_middle_of_a_part_leaves_no_trace(
    point: str, pg: SharedPostgres, shipped_template: str, temporal: TemporalServer, tmp_path: Path
) -> None:
    async with (
        clone(pg, shipped_template) as url,
        stack(url, temporal, tmp_path, namespace=point.replace("_", "-"), point=point) as here,
    ):
        # given more than two parts of what a round is to empty
        await refuse(here.db, 1203, MORNING - 100 * DAY)
        cases = await set_up(here.db, MORNING, {"refused_submissions": NIGHTLY})
        await eventually("it is planned", lambda: planned(here.db))

        # when a worker dies at the first part
        await ask(here, "2026-11-20")
        await eventually("it is done", lambda: _done(here))

        # then another has gone on: every row was dealt with once, and the period is done once
        assert here.workers.ends == [-signal.SIGKILL]
        assert (await kept(here.db), await done(here.db, "refused_submissions")) == (0, {"2026-11-20": 1203})
        assert (await happened(here.db, cases["refused_submissions"])).count("round_done") == 1
        assert await sql(here.db, "SELECT 1 FROM incidents") == []


async def test_two_workers_do_each_period_once(
    pg: SharedPostgres, shipped_template: str, temporal: TemporalServer, tmp_path: Path
) -> None:
    async with (
        clone(pg, shipped_template) as url,
        stack(url, temporal, tmp_path, namespace="two") as here,
    ):
        other = Process(
            "worker", None, here.workers.env | {"BATON_METRICS_PORT": str(free_port())}, tmp_path / "other.log"
        )
        try:
            # given two workers, a round, and periods that are asked for at once
            await refuse(here.db, 2100, MORNING - 100 * DAY)
            cases = await set_up(here.db, MORNING, {"refused_submissions": NIGHTLY})
            await eventually("it is planned", lambda: planned(here.db))
            days = [f"2026-11-{day:02}" for day in range(10, 20)]
            for day in days:
                await ask(here, day)
            await eventually("all are done", lambda: _done(here, len(days)))

            # then none was done twice, whoever did it
            found = await done(here.db, "refused_submissions")
            assert (set(found), sum(found.values()), await kept(here.db)) == (set(days), 2100, 0)
            assert (await happened(here.db, cases["refused_submissions"])).count("round_done") == len(days)
            handle = here.temporal.get_workflow_handle(workflow_id(UUID(cases["refused_submissions"]), "round"))
            assert len([one async for one in here.temporal.list_workflows(f'WorkflowId = "{handle.id}"')]) == 1
            assert other.runs and here.workers.ends == []
        finally:
            await other.stop()


async def _done(here: Stack, count: int = 1) -> bool:
    return len(await done(here.db, "refused_submissions")) == count
