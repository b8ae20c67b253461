"""What the pages show really happens: their requests are made, in order, of the real API over a
running world."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from rich.console import Console
from sqlalchemy import text
from temporalio.testing import WorkflowEnvironment

from cases.actors import EVERYTHING, SYSTEM
from cli.app import app
from cli.importer import journal
from cli.importer.command import summarise
from cli.importer.reading import read
from cli.importer.sending import Sent
from server import supervisor
from server.settings import Settings
from store.session import Database
from tests.api.conftest import deploy, desk_over
from tests.cli.importer.whole import import_file
from tests.docs.compare import Book, first_instant
from tests.docs.console import MORE, ROOT, Command, commands, name, pages
from tests.docs.curl import Shell
from tests.scenarios.world import MORNING, Story, World, living_world
from tests.timetravel import TestClock

WITH_REQUESTS = [page for page in pages() if any(one.text.startswith("curl") for one in commands(page))]
SHELL = ("curl", "API=", "LEAD=", "DRAFT=")
OTHERS = [one for page in pages() for one in commands(page) if not one.text.startswith(SHELL)]
IMPORTS = [one for one in OTHERS if "baton import " in one.text and one.shown]
READING = timedelta(seconds=10)
"""Between two requests of a page."""
BATON: Any = typer.main.get_command(app)


@pytest.fixture
async def world(network: Database, temporal: WorkflowEnvironment, page: Path) -> AsyncIterator[World]:
    """A world that begins when the page was tried."""
    async with living_world(network, temporal, _began(page)) as world:
        yield world


@pytest.mark.parametrize("page", WITH_REQUESTS, ids=name)
async def test_every_request_of_a_page_is_answered_as_shown(page: Path, world: World) -> None:
    began = _began(page)
    shell = Shell(world.http, Book(began, began))

    for command in commands(page):
        if command.text.startswith("curl"):
            answer = await shell.curl(command)
            shell.compare(command, answer)
            await _rest(world)
            world.clock.move(READING)
        elif not shell.sets(command):
            assert command in OTHERS, command.where


@pytest.mark.parametrize("command", OTHERS, ids=lambda one: one.where)
async def test_every_other_command_exists(command: Command) -> None:
    program, *rest = command.text.split()
    while "=" in program:
        program, *rest = rest
    if program == "make":
        targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
        assert {word for word in rest if "=" not in word} <= targets
    elif program == ".venv/bin/baton":
        known = BATON.commands[rest[0]]
        if hasattr(known, "commands"):  # a group, such as `baton process`
            known = known.commands[rest[1]]
        options = {option for parameter in known.params for option in parameter.opts}
        assert {word for word in rest if word.startswith("--")} <= options | {"--help"}
    else:
        assert program in {"docker", "git", "psql", "pg_dump", "tar", "cp", "temporal"}, command.where


@pytest.mark.parametrize("command", IMPORTS, ids=lambda one: one.where)
async def test_an_imports_summary_is_as_shown(command: Command, network: Database) -> None:
    file = Path(command.text.split()[-1])
    screen = io.StringIO()
    await deploy(network)
    async with desk_over(network, TestClock(MORNING)) as desk:
        sheet = read(ROOT / file)
        imported = await import_file(sheet, desk.http)
        target = file.with_name(f"{file.stem}.result.csv")
        state = journal.of(target, sheet.sha256)
        state.add(Sent(imported.verdicts, imported.again))
        summarise(Console(file=screen, width=100), sheet, state, target)
    shown, real = ([line.rstrip() for line in said.strip().splitlines()] for said in (command.shown, screen.getvalue()))
    assert shown == real


def test_the_ready_line_is_as_shown() -> None:
    (run,) = [one for one in OTHERS if one.text == "make run" and name(one.page) == "README.md"]
    line = supervisor._ready_line(Settings(), 1.0).strip()  # pyright: ignore[reportPrivateUsage]
    assert _numberless(run.shown.splitlines()[-1]) == _numberless(line)
    assert MORE in run.shown


def _numberless(line: str) -> str:
    return re.sub(r"in [\d.]+ s", "in … s", line)


def _began(page: Path) -> datetime:
    """When the page was tried: as a comment on it says, or the first instant that it shows."""
    said = re.search(r"<!-- tried at (\S+) -->", page.read_text(encoding="utf-8"))
    if said is not None:
        return datetime.fromisoformat(said[1])
    shown = "\n".join(command.shown for command in commands(page))
    return first_instant(shown) or datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


async def _rest(world: World) -> None:
    async with world.db.transaction(SYSTEM, EVERYTHING) as tx:
        ids = (await tx.session.scalars(text("SELECT DISTINCT case_id::text FROM outbox"))).all()
    await world.carry()
    for lead in ids:
        await Story(world, lead, world.clock.now()).rest()
