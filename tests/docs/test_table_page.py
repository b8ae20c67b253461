"""The page about decision tables is followed at the keyboard: each change is made, each check says
what is shown."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

import rules
from cli.app import app
from rules.analysis import CODES
from tests.docs.console import ROOT, Command, blocks, commands
from tests.docs.test_how_to import Copies

PAGE = ROOT / "docs" / "how-to" / "change-a-decision-table.md"


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Copies:
    """The shipped tables, to be changed, where the page's commands look for them."""
    (tmp_path / "rules").mkdir()
    shipped = next(path for path in rules.shipped() if path.stem == "price-tier")
    (tmp_path / "before.dmn").write_bytes(shipped.read_bytes())
    monkeypatch.chdir(tmp_path)
    return Copies(tmp_path / "rules")


def test_what_the_page_shows_is_what_the_check_says(copies: Copies) -> None:
    told = iter(commands(PAGE))

    checked = 0
    for block in blocks(PAGE):
        if block.info.startswith("diff "):
            copies.change(block.info.split()[1], block.text)
        elif block.info == "console":
            command = next(told)
            if " table " in command.text:
                assert _said(command) == command.shown, command.where
                checked += 1

    assert checked == 4


def _said(command: Command) -> str:
    program, *words = shlex.split(command.text)
    assert program == ".venv/bin/baton"
    return CliRunner().invoke(app, words).output.strip()


def test_every_kind_of_finding_is_on_the_page() -> None:
    text = PAGE.read_text("utf-8")

    assert [
        code for code, one in CODES.items() if f"| `{code}` | {one.severity.value} | {one.means} |" not in text
    ] == []


def test_the_commands_look_where_the_tables_are() -> None:
    assert {path.parent for path in rules.shipped()} == {ROOT / "rules" / "decisions"}
