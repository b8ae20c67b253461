"""The servers' own traps: halves of a first start, a stale pid file, a path too long."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest

from server.children import Child
from server.problems import StartProblem
from server.servers import SOCKET_LIMIT, SOCKET_NAME, Postgres, Temporal, running_database_url, socket_directory


async def test_postgres_starts_over_the_remains_of_an_initdb_and_a_stale_pid_file(home: Path) -> None:
    # given what a killed initdb leaves
    (home / "postgres.new" / "base").mkdir(parents=True)
    (home / "postgres.new" / "PG_VERSION").write_text("18\n")
    postgres = Postgres(home)

    # when it is prepared, the data directory appears whole
    postgres.prepare()
    assert (postgres.data / "global" / "pg_control").exists() and not (home / "postgres.new").exists()

    # and given a pid file whose number belongs to a living stranger (this test)
    (postgres.data / "postmaster.pid").write_text("1\n/nowhere\n0\n5432\n\n\n\n")

    # then it starts all the same, and has the database
    child = await Child.start(postgres.plan())
    try:
        await postgres.ready()
        connection = await asyncpg.connect(postgres.url.replace("+asyncpg", ""))
        assert await connection.fetchval("SELECT current_database()") == "baton"
        assert await connection.fetchval("SELECT datcollate FROM pg_database WHERE datname = 'baton'") == "C.UTF-8"
        await connection.close()
        assert running_database_url(home) == postgres.url
    finally:
        await child.stop()
    assert child.process.returncode == 0


async def test_a_failed_statement_leaves_no_value_in_the_servers_log(home: Path) -> None:
    # given a table with a unique number
    postgres = Postgres(home)
    postgres.prepare()
    child = await Child.start(postgres.plan())
    try:
        await postgres.ready()
        connection = await asyncpg.connect(postgres.url.replace("+asyncpg", ""))
        await connection.execute("CREATE TABLE people (phone text PRIMARY KEY)")
        await connection.execute("INSERT INTO people VALUES ('13912345678')")

        # when it is violated
        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.execute("INSERT INTO people VALUES ('13912345678')")
        await connection.close()
    finally:
        await child.stop()

    # then the log has the error and not the number
    log = postgres.log.read_text()
    assert "duplicate key" in log and "13912345678" not in log


def test_a_temporal_state_that_was_never_completed_is_begun_anew(home: Path) -> None:
    # given a database file from a start that was cut short, and one that once answered
    for name, complete in (("half", False), ("whole", True)):
        data = home / name / "temporal"
        data.mkdir(parents=True)
        (data / "temporal.db").write_text("state")
        if complete:
            (data / "complete").touch()
        Temporal(home / name, 1, 2).prepare()

    # then only the second is kept
    assert not (home / "half" / "temporal" / "temporal.db").exists()
    assert (home / "whole" / "temporal" / "temporal.db").exists()


async def test_postgres_starts_in_a_home_with_a_path_too_long_for_a_socket(home: Path) -> None:
    postgres = Postgres(home / ("long" * 15) / ("longer" * 10))
    postgres.prepare()
    child = await Child.start(postgres.plan())
    try:
        await postgres.ready()
    finally:
        await child.stop()


@pytest.mark.parametrize("name", ["x" * 200, "with space", "with,comma"])
def test_a_path_that_a_socket_cannot_have_is_replaced(name: str) -> None:
    directory = socket_directory(Path("/srv") / name)
    assert directory != socket_directory(Path("/srv") / f"{name}2")
    assert len(str(directory / SOCKET_NAME)) <= SOCKET_LIMIT
    assert not str(directory).startswith("/srv")


def test_a_short_path_keeps_its_socket_at_home() -> None:
    assert socket_directory(Path("/srv/baton")) == Path("/srv/baton/run")


def test_without_a_server_there_is_one_line(home: Path) -> None:
    with pytest.raises(StartProblem, match="no database"):
        running_database_url(home)
