"""Temporal's own server keeps the indexes that somebody asks by, and works without the others."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

from temporalio.client import Client

from server.children import Child
from server.servers import Temporal
from server.visibility import KEPT, drop_unused_indexes
from tests.server.trees import PATIENCE, free_ports

QUERIES = (
    "",
    "ExecutionStatus = 'Running'",
    "WorkflowType = 'CaseWorkflow'",
    "WorkflowId STARTS_WITH 'lead-'",
    "TaskQueue = 'baton' AND StartTime > '2020-01-01T00:00:00Z'",
)


def indexes(temporal: Temporal) -> set[str]:
    database = sqlite3.connect(temporal.data / "temporal.db")
    names = {
        str(name)
        for (name,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'executions_visibility'"
        )
    }
    database.close()
    return {name for name in names if not name.startswith("sqlite_")}


async def searched(temporal: Temporal) -> list[list[str]]:
    client = await Client.connect(f"127.0.0.1:{temporal.port}")
    return [[one.id async for one in client.list_workflows(query)] for query in QUERIES]


async def test_a_server_starts_searches_and_starts_again_with_few_indexes(home: Path) -> None:
    # given a first start, with a workflow that waits for a worker
    free = free_ports()
    temporal = Temporal(home, free["TEMPORAL_PORT"], free["TEMPORAL_UI_PORT"])
    temporal.prepare()
    child = await Child.start(temporal.plan())
    try:
        await temporal.ready()
        assert indexes(temporal) == KEPT
        client = await Client.connect(f"127.0.0.1:{temporal.port}")
        await client.start_workflow("CaseWorkflow", id="lead-1", task_queue="baton")
    finally:
        await child.stop()

    # when it is started again
    child = await Child.start(temporal.plan())
    try:
        await temporal.ready()

        # then it has made none anew, and finds the workflow by whatever is asked
        assert indexes(temporal) == KEPT
        async with asyncio.timeout(PATIENCE):
            while (await searched(temporal))[0] != ["lead-1"]:
                pass  # the record of a start comes a moment after it
        assert await searched(temporal) == [["lead-1"]] * len(QUERIES)
    finally:
        await child.stop()


def test_a_file_that_is_none_costs_no_start(tmp_path: Path) -> None:
    nothing, broken = tmp_path / "nothing.db", tmp_path / "broken.db"
    broken.write_text("state")
    for file in (nothing, broken):
        drop_unused_indexes(file)
    assert not nothing.exists()
    assert broken.read_text() == "state"
