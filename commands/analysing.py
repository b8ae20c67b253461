"""``baton table check``: what is wrong with decision tables: as files, in their examples, and as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from commands.files import content, say
from rules import Decision, TableRefused, read_table
from rules.analysis import Finding, Severity, analyse
from rules.examples import check
from rules.model import Table


def run(paths: Sequence[Path]) -> int:
    """Prints every finding; 1 if a file is refused, an example comes out otherwise or some input cannot be decided."""
    return max([_file(path) for path in paths], default=0)


def _file(path: Path) -> int:
    try:
        decisions = read_table(content(path))
    except TableRefused as refused:
        say(f"{path}: {problem}" for problem in refused.problems)
        return 1
    differences = [f"{path}: {one.key}: example {two}" for one in decisions for two in check(one)]
    say(differences)
    found = [(decision, one) for decision in decisions for one in analyse(decision)]
    say(_line(path, decision, one) for decision, one in found)
    if differences or any(one.severity is Severity.ERROR for _, one in found):
        return 1
    say([f"{path}: {', '.join(one.key for one in decisions)} can be deployed"])
    return 0


def _line(path: Path, decision: Decision, found: Finding) -> str:
    """``FILE:LINE: decision: message [code]``; what is no error says what it is."""
    line = decision.logic.rules[found.rows[0] - 1].line if isinstance(decision.logic, Table) and found.rows else None
    place = path if line is None else f"{path}:{line}"
    grave = "" if found.severity is Severity.ERROR else f", {found.severity.value}"
    return f"{place}: {decision.key}: {found.message} [{found.code}{grave}]"
