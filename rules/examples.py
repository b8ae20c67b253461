"""Runs the examples that a decision carries, through both evaluators.

In the file, inside ``<decision><extensionElements>``::

    <baton:example name="seventh day" xmlns:baton="urn:baton:dmn:1">
      <baton:given name="horizon_days">7</baton:given>
      <baton:expect name="grade">"H"</baton:expect>
    </baton:example>

Given and expected are FEEL; what is not given is null. For tables that give several rows the
expected value is the list of that output. No row at all is expected by expecting null.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from rules import reference, tables
from rules.errors import NoRuleMatched, RulesError
from rules.feel import FeelError, Value, literal
from rules.feel.values import equal
from rules.model import Decided, Decision, Example, Table


@dataclass(frozen=True, slots=True)
class Difference:
    """An example that came out otherwise. ``got`` is a FEEL literal, or what was raised."""

    example: str
    evaluator: str
    output: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.example}, {self.evaluator}: {self.output} is {self.got} instead of {self.expected}"


_EVALUATORS: dict[str, Callable[[Decision, Mapping[str, object]], Decided]] = {
    "durable-rules": tables.decide,
    "reference": reference.decide,
}


def check(decision: Decision) -> tuple[Difference, ...]:
    """What comes out otherwise than the decision's examples say; nothing means that all is well."""
    return tuple(
        difference
        for example in decision.examples
        for evaluator in _EVALUATORS
        for difference in _check(decision, example, evaluator)
    )


def _check(decision: Decision, example: Example, evaluator: str) -> Iterator[Difference]:
    inputs: dict[str, object] = {name: None for name in decision.inputs}
    inputs.update((name, given.run({})) for name, given in example.given)
    for name, _ in example.given:
        if name not in decision.inputs:
            yield Difference(example.name, evaluator, name, "an input", "none of its inputs")
    try:
        decided = _EVALUATORS[evaluator](decision, inputs)
    except NoRuleMatched:
        decided = None
    except (RulesError, FeelError) as problem:
        yield Difference(example.name, evaluator, "result", "given", type(problem).__name__ + ": " + str(problem))
        return
    for name, expected in example.expect:
        wanted, got = expected.run({}), _output(decision, decided, name)
        if equal(wanted, got) is not True:
            yield Difference(example.name, evaluator, name, literal(wanted), literal(got))


def _output(decision: Decision, decided: Decided | None, name: str) -> Value:
    if decided is None:
        return None
    value = decided.value
    if isinstance(decision.logic, Table) and len(decision.logic.outputs) > 1:
        if isinstance(value, list):
            return [row.get(name) if isinstance(row, dict) else None for row in value]
        return value.get(name) if isinstance(value, dict) else None
    names = {output.name for output in decision.logic.outputs} if isinstance(decision.logic, Table) else set[str]()
    return value if name in names | {decision.variable} else None
