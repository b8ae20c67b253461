"""What can go wrong with a decision.

::

    RulesError
    ├── TableRefused       the file cannot be published: problems with their places and cures
    ├── InputRefused       a value does not fit its column: ``field`` and ``why``; the value itself is never shown
    ├── NoRuleMatched      no row applies and no default output is given
    └── Ambiguous          rows contradict: two rows of a Unique table, or different outputs under Any
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a table, told to its author. ``row`` counts from 1; ``column`` is the
    column's name."""

    message: str
    cure: str
    decision: str = ""
    row: int | None = None
    column: str = ""
    line: int | None = None

    def __str__(self) -> str:
        places = (
            f"decision {self.decision}" if self.decision else "",
            f"row {self.row}" if self.row else "",
            f"column {self.column}" if self.column else "",
            f"line {self.line}" if self.line else "",
        )
        return f"{', '.join(filter(None, places)) or 'file'}: {self.message}. {self.cure}."


class RulesError(Exception):
    """The root of what this package raises (beside ``FeelError``)."""


class TableRefused(RulesError):
    """The file holds no decision that could run. ``problems`` lists all that was found."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class InputRefused(RulesError):
    """A given value does not fit. The message names field and reason only, since values may be
    personal data."""

    def __init__(self, decision: str, field: str, why: str) -> None:
        super().__init__(f"{decision}: {field}: {why}")
        self.decision = decision
        self.field = field
        self.why = why


class NoRuleMatched(RulesError):
    """No row of a single-hit table applies, and it has no default output."""

    def __init__(self, decision: str) -> None:
        super().__init__(f"{decision}: no row applies")
        self.decision = decision


class Ambiguous(RulesError):
    """More than one row applies where only one outcome is allowed. ``rules`` are the row ids in
    table order."""

    def __init__(self, decision: str, rules: tuple[str, ...]) -> None:
        super().__init__(f"{decision}: rows {', '.join(rules)} apply at once and contradict each other")
        self.decision = decision
        self.rules = rules
