"""Reads the fenced ``console`` blocks of the documentation: commands (``$ …``) and what they are
said to print.

``…`` stands for what was left out: in an object more members, in a list more elements, between
lines more lines.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
MORE: Final = "…"
_FENCE: Final = re.compile(r"^```(?P<info>.*)$")
_TEXT_OR_MORE: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]|…', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block; ``line`` is that of its first content line, from 1."""

    page: Path
    line: int
    info: str
    text: str


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a console block and what is shown below it."""

    page: Path
    line: int
    text: str
    shown: str

    @property
    def where(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}: {self.text}"


def pages() -> list[Path]:
    """The README and everything under docs."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def blocks(page: Path, info: str = "") -> Iterator[Block]:
    """The fenced blocks of a page whose info string begins with ``info``."""
    lines = page.read_text(encoding="utf-8").splitlines()
    start, kind = 0, ""
    for number, line in enumerate(lines, 1):
        fence = _FENCE.match(line)
        if fence is None:
            continue
        if not start:
            start, kind = number + 1, fence["info"].strip()
        else:
            if kind.startswith(info):
                yield Block(page, start, kind, "\n".join(lines[start - 1 : number - 1]))
            start, kind = 0, ""
    assert not start, f"{name(page)}: a block is not closed"


def commands(page: Path) -> list[Command]:
    """The commands of all console blocks of a page, in their order."""
    return [command for block in blocks(page, "console") for command in _commands(block)]


def _commands(block: Block) -> Iterator[Command]:
    lines = block.text.splitlines()
    at = 0
    while at < len(lines):
        assert lines[at].startswith("$ "), f"{name(block.page)}:{block.line + at}: a console block begins with `$ `"
        line, text = block.line + at, lines[at].removeprefix("$ ")
        at += 1
        while not _complete(text):
            text += "\n" + lines[at]
            at += 1
        shown: list[str] = []
        while at < len(lines) and not lines[at].startswith("$ "):
            shown.append(lines[at])
            at += 1
        yield Command(block.page, line, text, "\n".join(shown).strip())


def _complete(text: str) -> bool:
    if text.endswith("\\"):
        return False
    try:
        shlex.split(text)
    except ValueError:  # a quote is still open
        return False
    return True


def shown_json(text: str) -> Any:
    """JSON as shown: ``…`` becomes a member or an element of its own."""
    inside: list[str] = []

    def mark(found: re.Match[str]) -> str:
        sign = found[0]
        if sign in "{[":
            inside.append(sign)
        elif sign in "}]":
            inside.pop()
        elif sign == MORE:
            return f'"{MORE}": true' if inside[-1:] == ["{"] else f'"{MORE}"'
        return sign

    return json.loads(_TEXT_OR_MORE.sub(mark, text))
