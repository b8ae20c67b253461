"""The proof at the end of `make chaos` finds what is lost, doubled or out of step: here it is
planted."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import psutil
import pytest
from temporalio.testing import WorkflowEnvironment

from bench.chaos import checks, kills, report, run
from bench.chaos.clients import Heard, Told
from bench.chaos.lives import SeenRun, differences
from bench.chaos.whole import Recovery
from bench.stack import PARTS
from server import home as data_directory
from server.settings import CHECKOUT
from store.session import Database
from tests.scenarios.world import World, living_world

CREATED, SAID = "chaos-1-1", "chaos-1-2"


def again(table: str, **changed: str) -> str:
    """Plants a row once more, with another id; ``changed`` are columns and expressions."""
    fresh = ", ".join(f"'{column}', {value}" for column, value in ({"id": "gen_random_uuid()"} | changed).items())
    return f"""INSERT INTO {table} SELECT (jsonb_populate_record(r, jsonb_build_object({fresh}))).*
               FROM {table} AS r WHERE id = (SELECT id FROM {table} ORDER BY id LIMIT 1)"""


NOT_DELIVERED = "UPDATE outbox SET delivered_at = NULL WHERE seq = 2"
PLANTED = {
    "a lead has messages that were never delivered": NOT_DELIVERED,
    "a lead's messages are numbered with a gap": "DELETE FROM outbox WHERE seq = 2",
    "a lead has no life": "DELETE FROM instances",
    "a lead was told what its life never applied": "UPDATE instances SET applied = applied - 1",
    "a lead lives twice": "INSERT INTO instances SELECT (jsonb_populate_record(i, '{\"life\": 9}')).* FROM instances i",
    "an open task without a token that waits there": "UPDATE instances SET stand = NULL, place = '[]'",
    "a token that waits for a task that is not open": "UPDATE tasks SET status = 'done' WHERE status = 'open'",
    "a life has ended and still waits somewhere": "UPDATE instances SET ended_at = now()",
    "an open task without its running deadline": "UPDATE sla_clocks SET stopped_at = now()",
    "a running deadline without its open task": "UPDATE tasks SET status = 'withdrawn' WHERE status = 'open'",
    "a line of a history twice": again("timeline", number="(SELECT max(number) + 1 FROM timeline)"),
    "somebody is told twice": again("notifications"),
    "a notification that was not delivered": "UPDATE notifications SET spread_at = NULL",
    "a decision twice": again("decided"),
    "material sent twice": "INSERT INTO materials (id, lead_id, code, channel, sent_at, number)"
    " SELECT gen_random_uuid(), id, 'x', 'sms', now(), 1 FROM whole_leads, generate_series(1, 2)",
    "given away twice": again("assignments"),
    "a step whose element nobody visited": "DELETE FROM passages",
    "an open incident": "INSERT INTO incidents (id, case_id, key, element, kind, message, at)"
    " SELECT gen_random_uuid(), id, 'k', 'grade', 'activity_failed', 'm', now() FROM whole_leads",
}


@pytest.fixture
async def looking(deployed: Database, temporal: WorkflowEnvironment) -> AsyncIterator[tuple[asyncpg.Connection, Heard]]:
    """A lead that was followed up once and told of it, what its clients heard, and a look into its
    store."""
    async with living_world(deployed, temporal) as world:
        heard = await _told(world)
        connection = await asyncpg.connect(deployed.dsn)
        try:
            yield connection, heard
        finally:
            await connection.close()


async def _told(world: World) -> Heard:
    lead = await world.new_lead("A", note=CREATED)
    await lead.say("follow-ups", {"content": SAID}, by=await lead.owner())
    async with world.db.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        await driver.execute("UPDATE notifications SET spread_at = now()")  # there is no worker that would
    return Heard([Told("created", CREATED, lead.id)], [Told("follow-ups", SAID, lead.id)])


@asynccontextmanager
async def planted(connection: asyncpg.Connection, *plants: str) -> AsyncIterator[None]:
    """Does something to the store that is undone afterwards."""
    transaction = connection.transaction(isolation="repeatable_read")
    await transaction.start()
    try:
        await connection.execute("SET LOCAL session_replication_role = replica")  # foreign keys would refuse some
        for plant in plants:
            await connection.execute(plant)
        yield
    finally:
        await transaction.rollback()


async def test_each_broken_rule_of_the_store_is_found(looking: tuple[asyncpg.Connection, Heard]) -> None:
    connection, _ = looking
    assert await checks.of_store(connection) == set()

    assert PLANTED.keys() == checks.STORE.keys()
    for rule, plant in PLANTED.items():
        async with planted(connection, plant):
            found = await checks.of_store(connection)
        assert [fact for fact in found if fact.startswith(f"{rule}: ")], rule
    assert await checks.of_store(connection) == set()


async def test_what_clients_were_told_is_there_once(looking: tuple[asyncpg.Connection, Heard]) -> None:
    connection, heard = looking
    (lead,), (said,) = heard.leads, heard.statements
    assert await checks.of_clients(connection, heard) == set()

    lost = "DELETE FROM submissions; DELETE FROM leads; DELETE FROM case_words"
    async with planted(connection, lost):
        assert await checks.of_clients(connection, heard) == {
            f"a lead: {CREATED} was accepted and is there 0 times",
            f"a lead: {CREATED} was created as {lead.lead_id} and is 0 leads",
            f"a statement: follow-ups {SAID} of {lead.lead_id} is there 0 times",
        }
    doubled = "; ".join((again("submissions"), again("leads"), again("case_words")))
    async with planted(connection, doubled):
        assert await checks.of_clients(connection, heard) == {
            f"a lead: {CREATED} was accepted and is there 2 times",
            f"a lead: {CREATED} was created as {lead.lead_id} and is 2 leads",
            f"a statement: follow-ups {SAID} of {lead.lead_id} is there 2 times",
        }
    claims = Heard(heard.leads, [said, Told("claim", "chaos-1-3", lead.lead_id)])
    assert await checks.of_clients(connection, claims) == {f"a lead: {lead.lead_id} was claimed 1 times and shows 0"}
    async with planted(connection, again("assignments", kind="'claim'")):
        assert await checks.of_clients(connection, heard) == {f"a lead: {lead.lead_id} was claimed 0 times and shows 1"}
    assert await checks.of_clients(connection, Heard([], [said])) == {f"a lead that nobody was told of: {lead.lead_id}"}


@pytest.mark.parametrize(
    ("lives", "runs", "facts"),
    [
        ({"a": True, "b": False}, [("a", "RUNNING"), ("b", "COMPLETED")], 0),
        ({"a": True}, [("a", "CONTINUED_AS_NEW"), ("a", "RUNNING")], 0),
        ({"a": True}, [], 1),
        ({"a": True}, [("a", "COMPLETED")], 1),
        ({"a": False}, [("a", "RUNNING")], 1),
        ({"a": True}, [("a", "RUNNING"), ("a", "RUNNING")], 1),
        ({"a": False}, [("a", "FAILED")], 1),
        ({}, [("a", "RUNNING")], 1),
    ],
)
def test_temporal_and_the_store_agree_on_who_lives(
    lives: dict[str, bool], runs: list[tuple[str, str]], facts: int
) -> None:
    assert len(differences(lives, [SeenRun(case, status) for case, status in runs])) == facts


def test_each_kind_of_misfortune_comes_before_any_comes_again_and_a_seed_brings_the_same() -> None:
    first, second = (kills.endless(random.Random(5)) for _ in range(2))

    kinds = [first().name for _ in range(2 * len(kills.KINDS))]

    assert len(set(kinds[: len(kills.KINDS)])) == len(kills.KINDS)
    assert kinds == [second().name for _ in kinds]


def test_a_recovery_is_late_by_the_aim_of_its_kind_and_the_speed_of_the_machine() -> None:
    one, four = (next(kind for kind in kills.KINDS if kind.name == name) for name in ("worker", "all four at once"))

    def took(kind: kills.Misfortune, seconds: float, control: float = run.CALM) -> run.Fall:
        return run.Fall(kind, ("worker",), Recovery(seconds, {"a new lead": seconds}), control)

    falls = (took(one, 29), took(one, 31), took(four, 59), took(four, 61))
    assert [run.late(fall) is not None for fall in falls] == [False, True, False, True]
    assert run.late(took(one, 59, 2 * run.CALM)) is None and run.late(took(one, 61, 2 * run.CALM)) is not None
    assert run.late(took(one, 31, run.CALM / 2)) is not None  # a faster machine has no shorter time
    assert run.late(took(one, 30 * run.MOST + 1, 100 * run.CALM)) is not None  # no machine has any
    assert "outbox" in (run.late(run.Fall(one, ("worker",), None, 9 * run.CALM, "never: outbox")) or "")
    shown = list(report.rows(run.Run(1, falls=list(falls))))
    assert [row[:5] for row in shown] == [
        ("worker", "2", "30.0", "31.0", "30"),
        ("all four at once", "2", "60.0", "61.0", "60"),
    ]


RUNS_FOR_EVER = """
import asyncio
from bench.stack import running

async def run():
    async with running() as stack:
        print(stack.home, flush=True)
        await asyncio.Event().wait()

asyncio.run(run())
"""


def test_a_run_that_is_killed_leaves_no_server_behind() -> None:
    run = subprocess.Popen([sys.executable, "-c", RUNS_FOR_EVER], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    home = Path(run.stdout.readline().strip())
    try:
        children = [psutil.Process(child.pid) for child in data_directory.children(home)]
        assert len(children) == len(PARTS)

        run.kill()
        run.wait()

        _, alive = psutil.wait_procs(children, 60)
        assert alive == []
    finally:
        run.kill()
        shutil.rmtree(home, ignore_errors=True)
