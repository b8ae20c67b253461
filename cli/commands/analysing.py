"""``baton table check``: what is wrong with decision tables: as files, in their examples, and as a
whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from cli.commands.files import content, say
from domain.policy.review import Found, Review, review
from rules.analysis import Severity


def run(paths: Sequence[Path]) -> int:
    """Prints all that a review finds; 1 if one of the files should not be deployed."""
    return max([_file(path) for path in paths], default=0)


def _file(path: Path) -> int:
    found = review(content(path))
    say(_lines(path, found))
    if found.errors:
        return 1
    say([f"{path}: {', '.join(one.key for one in found.decisions)} can be deployed"])
    return 0


def _lines(path: Path, found: Review) -> Iterator[str]:
    yield from (f"{path}: {problem}" for problem in found.problems)
    yield from (f"{path}: {one.decision}: example {one.difference}" for one in found.differences)
    for one in found.contract:
        yield f"{_place(path, one.line)}: {one.decision}: {one.message}. {one.cure}. [{one.code}]"
    yield from (f"{path}: the evaluators differ: {one}" for one in found.disagreements)
    yield from (_finding(path, one) for one in found.findings)


def _finding(path: Path, one: Found) -> str:
    """``FILE:LINE: decision: message [code]``; what is no error says what it is."""
    found = one.finding
    grave = "" if found.severity is Severity.ERROR else f", {found.severity.value}"
    return f"{_place(path, one.line)}: {one.decision}: {found.message} [{found.code}{grave}]"


def _place(path: Path, line: int | None) -> str:
    return str(path) if line is None else f"{path}:{line}"
