"""What is wrong with a draft: what saving it shows, and what publishing it demands to be cured.

::

    review = await asyncio.to_thread(policy.review.review, xml, "pool")
    review.errors        # True: it cannot be published
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policy.breaches import Breach, breaches
from rules.agreement import Disagreement, disagreements
from rules.analysis import Finding, Severity, analyse
from rules.errors import Problem, TableRefused
from rules.examples import Difference, check
from rules.feel import FeelError
from rules.model import Decision, Table
from rules.reading import read_table

MOST_ROWS, MOST_COLUMNS, MOST_EXAMPLES = 3_000, 50, 1_000
"""Of a file, of a table and of a file: the review of more would keep people waiting, and nobody could read them."""

_SAMPLES = 1_000
_CELLS = 300_000
"""Cells that the sampling may look at, so that a table of many rows is tried with fewer inputs."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding of the static analysis, the decision that it is about, and the file's line, where it is about a row."""

    decision: str
    finding: Finding
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """An example that comes out otherwise; said once if both evaluators get the same."""

    decision: str
    difference: Difference
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """All that was found about a file; an unreadable one has ``problems``, no ``decisions``, and nothing else.

    ``disagreements`` are inputs at which the two evaluators differ, ``contract`` is what stands against the code that
    asks the table.
    """

    decisions: tuple[Decision, ...] = ()
    problems: tuple[Problem, ...] = ()
    findings: tuple[Found, ...] = ()
    differences: tuple[Broken, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    contract: tuple[Breach, ...] = ()

    @property
    def errors(self) -> bool:
        """Whether it must not be published."""
        grave = any(one.finding.severity is Severity.ERROR for one in self.findings)
        return grave or bool(self.problems or self.differences or self.disagreements or self.contract)


def review(xml: bytes, key: str | None = None, *, sampled: bool = True) -> Review:
    """Everything that can be found out about a file by itself. Pure; never raises for what a file says.

    ``key`` is the table that it is a draft of and must hold. Without ``sampled`` the two evaluators are compared on the
    examples alone. Keeps a core busy: a shipped table for 0.1 s, 1,000 rows for 3 s, 3,000 for 4 s.
    """
    try:
        decisions = read_table(xml)
    except TableRefused as refused:
        return Review(problems=refused.problems)
    except FeelError as problem:  # an output that cannot be computed
        return Review(problems=(Problem(str(problem), "Change the expression"),))
    problems = tuple(_problems(decisions, key))
    if problems:
        return Review(decisions, problems)
    findings = tuple(Found(one.key, found, _line(one, found)) for one in decisions for found in analyse(one))
    ambiguous = {one.decision for one in findings if one.finding.severity is Severity.ERROR}
    return Review(
        decisions,
        findings=findings,
        differences=tuple(broken for one in decisions for broken in _broken(one)),
        disagreements=tuple(found for one in decisions if sampled for found in disagreements(one, count=_samples(one))),
        contract=tuple(
            breach
            for one in decisions
            if key in (None, one.key)
            for breach in breaches(one)
            if breach.code != "undecided" or one.key not in ambiguous  # else the finding says which rows
        ),
    )


def _problems(decisions: tuple[Decision, ...], key: str | None) -> Iterator[Problem]:
    """What is wrong with the file although it can be read."""
    if key is not None and all(one.key != key for one in decisions):
        held = ", ".join(one.key for one in decisions)
        yield Problem(f"the file holds {held}, not “{key}”", f"Give the decision the id “{key}”")
    tables = [one.logic for one in decisions if isinstance(one.logic, Table)]
    limits = (
        ("rows", sum(len(table.rules) for table in tables), MOST_ROWS),
        ("columns", max((len(table.columns) for table in tables), default=0), MOST_COLUMNS),
        ("examples", sum(len(one.examples) for one in decisions), MOST_EXAMPLES),
    )
    for what, count, most in limits:
        if count > most:
            yield Problem(f"the file has {count} {what}, more than {most}", "Split the table into several")


def _samples(decision: Decision) -> int:
    if not isinstance(decision.logic, Table):
        return _SAMPLES
    cells = len(decision.logic.rules) * max(1, len(decision.logic.columns))
    return max(30, min(_SAMPLES, _CELLS // cells))


def _line(decision: Decision, finding: Finding) -> int | None:
    """The file's line of the first row that a finding names."""
    logic = decision.logic
    return logic.rules[finding.rows[0] - 1].line if isinstance(logic, Table) and finding.rows else None


def _broken(decision: Decision) -> Iterator[Broken]:
    lines = {one.name: one.line for one in decision.examples}
    said: set[tuple[str, str, str]] = set()
    for one in check(decision):
        if (one.example, one.output, one.got) not in said:
            said.add((one.example, one.output, one.got))
            yield Broken(decision.key, one, lines.get(one.example))
