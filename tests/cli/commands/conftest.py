"""The API as people's commands meet it: over HTTP, on a port of this machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from typer.testing import CliRunner

import rules
from api.app import create_app
from cases.actors import EVERYTHING, SYSTEM
from cli.app import app
from store.session import Database
from store.tables import definitions
from tests.api.conftest import ASIDE, NOW
from tests.servers import free_port
from tests.timetravel import TestClock
from workflows import bpmn, processes


@dataclass(frozen=True, slots=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


@dataclass(frozen=True, slots=True)
class Keyboard:
    """Types commands in a directory of files."""

    folder: Path
    url: str = ""

    def file(self, name: str, content: bytes | str) -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def type(self, *words: str | Path) -> Said:
        result = CliRunner().invoke(app, ["process", *map(str, words)])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return Said(result.exit_code, result.stdout, result.stderr)

    async def ask(self, *words: str | Path) -> Said:
        """A command that goes through the API's door."""
        return await asyncio.to_thread(self.type, *words, "--url", self.url)


@pytest.fixture
def keyboard(tmp_path: Path) -> Keyboard:
    return Keyboard(tmp_path)


@pytest.fixture
async def served(network: Database, tmp_path: Path) -> AsyncIterator[Keyboard]:
    """Commands beside a Baton that answers, with what is shipped."""
    async with network.transaction(SYSTEM, EVERYTHING) as tx:
        for path in rules.shipped():
            xml = path.read_bytes()
            for table in rules.read_table(xml):
                await definitions.publish_table(tx, table.key, table.name, xml, NOW, "system")
        for xml in processes.shipped().values():
            for process in bpmn.read(xml).processes.values():
                await definitions.deploy_process(tx, process.id, process.name, xml, process.calls, NOW, "system")
    port = free_port()
    config = uvicorn.Config(
        create_app(network, TestClock(NOW), aside=ASIDE), port=port, log_config=None, lifespan="off"
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 (uvicorn has no event for it)
        await asyncio.sleep(0.01)
    yield Keyboard(tmp_path, f"http://127.0.0.1:{port}")
    server.should_exit = True
    await serving
