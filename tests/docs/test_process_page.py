"""The page about changing a process safely is done step by step at the keyboard, beside a Baton
that answers."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.cli.commands.conftest import Keyboard, served
from tests.docs.console import MORE, ROOT, Command, blocks, commands

__all__ = ["served"]

PAGE = ROOT / "docs" / "how-to" / "change-a-process-safely.md"
THROUGH_THE_API = ("deploy", "versions")


async def test_what_the_page_shows_is_what_happens(served: Keyboard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(served.folder)
    (served.folder / "workflows").symlink_to(ROOT / "workflows")
    told = iter(commands(PAGE))

    for block in blocks(PAGE):
        kind, _, file = block.info.partition(" ")
        if kind == "diff":
            _change(served.folder / file, block.text)
        elif kind == "yaml":
            served.file(file, block.text)
        elif kind == "console":
            for _ in re.findall(r"^\$ ", block.text, re.MULTILINE):
                await _do(served, next(told))


async def _do(keyboard: Keyboard, command: Command) -> None:
    program, *words = shlex.split(command.text)
    if program == "cp":
        shutil.copy(words[0], words[1])
        return
    assert (program, words[0]) == (".venv/bin/baton", "process"), command.where
    words = words[1:]
    remote = words[0] in THROUGH_THE_API or (words[0] == "diff" and len(words) == 4)
    said = await keyboard.ask(*words) if remote else keyboard.type(*words)
    assert said.err == "", command.where
    if command.shown:
        assert re.fullmatch(_pattern(command.shown), said.out.rstrip()), f"{command.where}\n{said.out}"


def _change(path: Path, diff: str) -> None:
    """Each run of - lines becomes the + lines after it."""
    text = path.read_text("utf-8")
    for old, new in re.findall(r"((?:^-.*\n)+)((?:^\+.*\n?)+)", diff + "\n", re.MULTILINE):
        before, after = (re.sub(r"^[-+]", "", part, flags=re.MULTILINE).strip("\n") for part in (old, new))
        assert before in text, f"{path.name} has no {before!r}"
        text = text.replace(before, after, 1)
    path.write_text(text, "utf-8")


def _pattern(shown: str) -> str:
    """What is shown; a line of … alone stands for any lines."""
    lines = [r"(?:.*\n)*?" if line == MORE else re.escape(line) + r"\n" for line in shown.splitlines()]
    return "".join(lines).removesuffix(r"\n")
