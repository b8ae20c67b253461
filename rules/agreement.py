"""Asks both evaluators the same: durable-rules behind its door, and the plain one that is its
judge.

A file is published only if they agree on its examples (``rules.examples``) and on sampled inputs
(here).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from rules import reference, tables
from rules.errors import RulesError
from rules.feel import FeelError, FeelTooMuch, literal, to_value
from rules.model import Decided, Decision
from rules.sampling import samples

Decide = Callable[[Decision, Mapping[str, object]], Decided]

SAMPLES = 1_000
"""Inputs that a publication tries: a second or two for the largest tables."""


@dataclass(frozen=True, slots=True)
class EvaluatorAnswer:
    """What one evaluator said: a result with the rows behind it, or an error's type and message.

    ``failed``: the error is none that a decision may end with.
    """

    text: str
    rows: tuple[str, ...] = ()
    failed: bool = False

    def __str__(self) -> str:
        return f"{self.text} (rows {', '.join(self.rows)})" if self.rows else self.text


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Inputs on which the evaluators differ, or on which one of them fails as none should."""

    decision: str
    inputs: Mapping[str, object]
    durable_rules: EvaluatorAnswer
    reference: EvaluatorAnswer

    def __str__(self) -> str:
        given = ", ".join(f"{name}: {literal(to_value(value))}" for name, value in self.inputs.items())
        return f"{self.decision} of {{{given}}}: durable-rules {self.durable_rules}, reference {self.reference}"


def disagreements(decision: Decision, *, count: int = SAMPLES, seed: int = 0) -> tuple[Disagreement, ...]:
    """Where the evaluators differ on ``count`` sampled inputs; nothing means that they agree.

    Keeps a core busy for a second or two if the table is large: call it from a thread.
    """
    return tuple(compare(decision, samples(decision, count, seed)))


def compare(decision: Decision, asked: Iterable[Mapping[str, object]]) -> Iterator[Disagreement]:
    """Where the evaluators differ on these inputs."""
    for inputs in asked:
        one, other = said(tables.decide, decision, inputs), said(reference.decide, decision, inputs)
        if one != other or one.failed:
            yield Disagreement(decision.key, inputs, one, other)
        if one.text.startswith(FeelTooMuch.__name__):
            return  # the next would keep a core as busy as this one did, a thousand times


def said(decide: Decide, decision: Decision, inputs: Mapping[str, object]) -> EvaluatorAnswer:
    """What an evaluator makes of the inputs, whatever happens."""
    try:
        decided = decide(decision, inputs)
    except (RulesError, FeelError) as refused:
        return EvaluatorAnswer(f"{type(refused).__name__}: {refused}")
    except Exception as failure:
        return EvaluatorAnswer(f"{type(failure).__name__}: {failure}", failed=True)
    return EvaluatorAnswer(literal(decided.value), decided.matched)
