"""What is wrong with a draft: what saving it shows, and what publishing it demands to be cured.

::

    review = domain.policy.review.review(xml, "pool")
    review.errors        # True: it cannot be published
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from itertools import chain

from domain.policy.breaches import Breach, breaches
from rules.agreement import Disagreement, disagreements
from rules.analysis import Finding, Severity, analyse
from rules.errors import Problem, TableRefused
from rules.examples import Difference, check
from rules.feel import FeelError
from rules.model import Decision, Table
from rules.reading import read_table

MOST_ROWS, MOST_COLUMNS, MOST_EXAMPLES = 3_000, 50, 1_000
"""Of a file, of a table and of a file: the review of more would keep people waiting, and nobody
could read them."""

_SAMPLES = 1_000
_CELLS = 150_000
"""Cells that the sampling may look at, so that a table of many rows is tried with fewer inputs."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding of the static analysis, the decision that it is about, and the file's line, where
    it is about a row."""

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
class Outline:
    """A decision of the file. ``rows``: how many its table has; 0 for what is no table."""

    key: str
    name: str
    rows: int
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    examples: int


class ReviewStage(StrEnum):
    """What a review does, in this order."""

    READING = "reading"
    ANALYSIS = "analysis"
    EXAMPLES = "examples"
    EVALUATORS = "evaluators"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True)
class Review:
    """All that was found about a file; an unreadable one has ``problems``, no ``decisions``, and
    nothing else.

    ``disagreements`` are inputs at which the two evaluators differ, ``contract`` is what stands
    against the code that asks the table. ``cut`` are the stages that did not come to their end:
    there may be more.
    """

    decisions: tuple[Outline, ...] = ()
    problems: tuple[Problem, ...] = ()
    findings: tuple[Found, ...] = ()
    differences: tuple[Broken, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    contract: tuple[Breach, ...] = ()
    cut: tuple[ReviewStage, ...] = ()

    @property
    def errors(self) -> bool:
        """Whether it must not be published."""
        grave = any(one.finding.severity is Severity.ERROR for one in self.findings)
        return grave or bool(self.problems or self.differences or self.disagreements or self.contract or self.cut)


def review(xml: bytes, key: str | None = None, *, sampled: bool = True) -> Review:
    """Everything that can be found out about a file by itself. Pure; never raises for what a file
    says.

    ``key`` is the table that it is a draft of and must hold. Without ``sampled`` the two evaluators
    are compared on the examples alone. Keeps a core busy: a shipped table for 0.1 s, 1,000 rows for
    2 s.
    """
    return joined(tuple(stages(xml, key, sampled=sampled)))


def joined(found: Sequence[tuple[ReviewStage, Review]]) -> Review:
    """What the stages found; those that are missing were cut, unless the file could not be reviewed
    at all."""
    done = {stage for stage, _ in found}
    whole = Review(
        *(tuple(chain.from_iterable(getattr(part, one.name) for _, part in found)) for one in fields(Review))
    )
    if whole.problems:
        return whole
    return replace(whole, cut=tuple(stage for stage in ReviewStage if stage not in done or stage in whole.cut))


def stages(xml: bytes, key: str | None = None, *, sampled: bool = True) -> Generator[tuple[ReviewStage, Review]]:
    """A review in pieces, each as soon as it is known: where it is broken off, what came before is
    kept."""
    try:
        decisions = read_table(xml)
    except TableRefused as refused:
        yield ReviewStage.READING, Review(problems=refused.problems)
        return
    except FeelError as problem:  # an output that cannot be computed, such as a loop over millions
        yield ReviewStage.READING, Review(problems=(Problem(str(problem), "Change the expression"),))
        return
    outlines, problems = tuple(map(_outline, decisions)), tuple(_problems(decisions, key))
    yield ReviewStage.READING, Review(outlines, problems)
    if problems:
        return
    findings = tuple(Found(one.key, found, _line(one, found)) for one in decisions for found in analyse(one))
    yield ReviewStage.ANALYSIS, Review(findings=findings)
    yield ReviewStage.EXAMPLES, Review(differences=tuple(broken for one in decisions for broken in _broken(one)))
    yield ReviewStage.EVALUATORS, _compared(decisions) if sampled else Review()
    ambiguous = {one.decision for one in findings if one.finding.severity is Severity.ERROR}
    contract = tuple(
        breach
        for one in decisions
        if key in (None, one.key)
        for breach in breaches(one)
        if breach.code != "undecided" or one.key not in ambiguous  # else the finding says which rows
    )
    yield ReviewStage.CONTRACT, Review(contract=contract)


def _outline(one: Decision) -> Outline:
    if not isinstance(one.logic, Table):
        return Outline(one.key, one.name, 0, one.inputs, (one.variable,), len(one.examples))
    outputs = tuple(output.name or one.variable for output in one.logic.outputs)
    return Outline(one.key, one.name, len(one.logic.rules), one.inputs, outputs, len(one.examples))


def _compared(decisions: tuple[Decision, ...]) -> Review:
    found = tuple(found for one in decisions for found in disagreements(one, count=_samples(one)))
    return Review(disagreements=found)


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
