"""The points of a choice, explained: the table that gave them is asked once more about each
candidate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import rules
from domain.policy.again import Case, Trial
from rules import Decision, NoRuleMatched, RulesError, Table
from rules.explaining import Explanation, explain
from rules.feel import FeelError
from store.tables.decisions import Decision as Stored

Line = Mapping[str, Any]
"""One stored candidate."""


@dataclass(frozen=True, slots=True)
class Gave:
    """A row, counted from 1, that gave points; ``points`` as its cell is written."""

    number: int
    id: str
    points: str
    note: str


@dataclass(frozen=True, slots=True)
class _Score:
    points: float
    matched: frozenset[str]


@dataclass(slots=True)
class Scores:
    """A stored choice beside the very version of the table that gave its points."""

    made: Stored
    table: Decision
    _known: dict[str, _Score | None] = field(default_factory=dict[str, "_Score | None"])

    def explained(self, line: Line) -> Explanation | None:
        """Cell by cell; None if the candidate has no points, or what was asked about it is not
        stored or unreadable."""
        if not _scored(line):
            return None
        try:
            return explain(self.table, line["inputs"])
        except (RulesError, FeelError):
            return None

    def rows(self, line: Line) -> tuple[Gave, ...]:
        """The rows whose points add up to the candidate's; rows that give nothing are left out."""
        logic, score = self.table.logic, self._again(line)
        if score is None or not isinstance(logic, Table):
            return ()
        cell = next((place for place, output in enumerate(logic.outputs) if output.name == "points"), 0)
        found = (
            Gave(number, rule.id, rule.outputs[cell].text, rule.note)
            for number, rule in enumerate(logic.rules, 1)
            if rule.id in score.matched
        )
        return tuple(one for one in found if one.points != "0")

    def agrees(self) -> bool | None:
        """Whether the same points and the same choice come out again; None if that cannot be
        said."""
        for line in self.made.candidates:
            if "points" not in line:
                continue
            score = self._again(line)
            if score is None or score.points != line["points"]:
                return None if score is None else False
        made = self.made
        chosen = Trial(self.table).again(Case(made.key, made.inputs, made.result, made.candidates))
        return None if chosen.problem else not chosen.changes

    def _again(self, line: Line) -> _Score | None:
        if not _scored(line):
            return None
        asked = repr(sorted(line["inputs"].items()))  # many candidates differ in nothing that the table asks
        if asked not in self._known:
            self._known[asked] = self._score(line["inputs"])
        return self._known[asked]

    def _score(self, inputs: Mapping[str, Any]) -> _Score | None:
        try:
            decided = rules.decide(self.table, inputs)
        except NoRuleMatched:
            return _Score(0.0, frozenset())
        except (RulesError, FeelError):
            return None
        given = decided.outputs.get("points") if isinstance(decided.outputs, dict) else None
        return _Score(float(str(given or 0)), frozenset(decided.matched))


def _scored(line: Line) -> bool:
    return "points" in line and "inputs" in line
