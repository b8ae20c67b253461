"""The how-tos' changes are made to copies of the shipped files and deployed; what is said is what
the pages show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

import rules
from activities.catalogue import ACTIVITIES
from rules.examples import check
from rules.feel import evaluate
from server import first_start
from server.problems import StartProblem
from server.settings import Settings
from store.session import Database
from tests.docs.console import Block, blocks, name, pages
from workflows import bpmn, processes

CHANGING = [page for page in pages() if any(blocks(page, "diff "))]
DECIDED = [block for page in pages() for block in blocks(page, "xml decision")]
DRAWN = [block for page in pages() for block in blocks(page, "xml process")]


def _where(block: Block) -> str:
    return f"{name(block.page)}:{block.line}"


class Copies:
    """The shipped files, as somebody changes them."""

    def __init__(self, directory: Path) -> None:
        self.tables = directory / "decisions"
        self.tables.mkdir()
        for path in rules.shipped():
            (self.tables / path.name).write_bytes(path.read_bytes())
        self.processes = processes.shipped()

    def change(self, file: str, diff: str) -> None:
        """Each run of - lines becomes the + lines after it."""
        path = Path(file)
        text = (
            (self.tables / path.name).read_text("utf-8")
            if path.suffix == ".dmn"
            else self.processes[path.stem].decode()
        )
        for old, new in re.findall(r"((?:^-.*\n)+)((?:^\+.*\n?)+)", diff + "\n", re.MULTILINE):
            before, after = (re.sub(r"^[-+]", "", part, flags=re.MULTILINE).strip("\n") for part in (old, new))
            assert before in text, f"{file} has no {before!r}"
            text = text.replace(before, after, 1)
        if path.suffix == ".dmn":
            (self.tables / path.name).write_text(text, "utf-8")
        else:
            self.processes[path.stem] = text.encode()


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Copies]:
    copies = Copies(tmp_path)
    monkeypatch.setattr("server.deployment.rules.shipped", lambda: sorted(copies.tables.glob("*.dmn")))
    monkeypatch.setattr("server.deployment.processes.shipped", lambda: copies.processes)
    yield copies


@pytest.mark.parametrize("page", CHANGING, ids=name)
async def test_deploying_the_changes_of_a_page_says_what_it_shows(
    page: Path, network: Database, copies: Copies
) -> None:
    settings = Settings(database_url=SecretStr(network.url))
    await first_start.complete(settings, lambda text: None)

    for block in blocks(page):
        if block.info.startswith("diff "):
            copies.change(block.info.split()[1], block.text)
        elif block.info == "console" and "baton deploy" in block.text:
            said: list[str] = []
            try:
                await first_start.complete(settings, said.append)
            except StartProblem as problem:
                said.append(problem.line())
            assert block.text.splitlines()[1:] == said, _where(block)


@pytest.mark.parametrize("block", DECIDED, ids=_where)
def test_a_table_that_is_shown_decides_as_its_examples_say(block: Block) -> None:
    (decision,) = rules.read_table(block.text.encode())
    assert decision.examples and check(decision) == ()


@pytest.mark.parametrize("block", DRAWN, ids=_where)
def test_a_process_that_is_shown_runs(block: Block) -> None:
    decisions = {decision.key for path in rules.shipped() for decision in rules.read_table(path.read_bytes())}
    definitions = bpmn.read(block.text.encode())
    assert bpmn.validate(definitions, activities=ACTIVITIES.keys(), decisions=decisions, processes=()) == ()
    for key in definitions.processes:
        _, commands = bpmn.begin(definitions.processes, key, {"price": 300_000}, datetime(2026, 11, 23, tzinfo=UTC))
        assert commands


EXPRESSIONS = [line for page in pages() for block in blocks(page, "feel") for line in block.text.splitlines()]


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_an_expression_that_is_shown_has_a_value(text: str) -> None:
    known = {"outcome": "cooled", "grade": "H", "attempts": 1, "now": datetime(2026, 11, 23, tzinfo=UTC)}
    assert evaluate(text, known) is not None
