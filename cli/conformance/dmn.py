"""``baton conformance dmn FOLDER``: runs the cases of the DMN Technology Compatibility Kit through
both evaluators.

Expected results are counted, not cases. A result is right if durable-rules and the reference
evaluator both give it; refused if its file, or a value in its case, is not for this engine; else
wrong. What this project raises where DMN speaks of an error counts as null, the value that FEEL
gives to errors.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final, Literal, NamedTuple

import rules
from cli.conformance.cases import CasesUnreadable
from cli.conformance.dmn_cases import Beside, Expected, Suite, Untyped, load
from rules import (
    Ambiguous,
    Decided,
    Decision,
    InputRefused,
    NoRuleMatched,
    Problem,
    Table,
    TableRefused,
    reference,
)
from rules.feel import FeelError, Value, literal
from rules.model import HitPolicy
from rules.reading import Readable, read_what_can_be

_EVALUATORS: Final[Mapping[str, Callable[[Decision, Mapping[str, object]], Decided]]] = {
    "durable-rules": rules.decide,
    "reference": reference.decide,
}
_TOLERANCE: Final = Decimal("1e-8")
"""How far a number may be off: the kit's own measure, since its numbers were computed with
doubles."""


class ResultTally(NamedTuple):
    """What became of one expected result; ``line`` says what is, unless it is right."""

    kind: Literal["right", "refused", "wrong"]
    line: str = ""


class _Outcome(NamedTuple):
    """What an evaluator gave, or what it raised; ``failed`` if that is nothing it should ever
    raise."""

    value: Value
    raised: str = ""
    failed: bool = False

    def __str__(self) -> str:
        return self.raised or literal(self.value)

    def member(self, name: str) -> _Outcome:
        """What it is of one output."""
        return self._replace(value=self.value.get(name)) if isinstance(self.value, dict) else self


def main(folder: Path, out: Callable[[str], None]) -> int:
    """Says what is not right and the totals; the exit code: 0, 1 if something is wrong, 2 if there
    are no cases."""
    try:
        suites = load(folder)
    except CasesUnreadable as problem:
        out(str(problem))
        return 2
    counted: Counter[str] = Counter()
    for suite in suites:
        for verdict in judge(suite):
            counted[verdict.kind] += 1
            if verdict.line:
                out(verdict.line)
    out(f"right {counted['right']}, refused {counted['refused']}, wrong {counted['wrong']}")
    return 1 if counted["wrong"] else 0


def judge(suite: Suite) -> Iterator[ResultTally]:
    """Reads the model of a test file and decides what its cases expect, result by result.

    What can be read of a model is run; results that depend on something else in it are refused.
    """
    model = suite.model.stem
    read = Readable((), (), ())
    failure = ""
    try:
        read = read_what_can_be(suite.model.read_bytes(), Beside(suite.model))
    except TableRefused as refused:
        read = Readable((), (), refused.problems)
    except Exception as problem:
        failure = _told(problem)
    decisions = {_words(decision.name): decision for decision in read.decisions}
    callables = {_words(decision.name): decision for decision in read.callables}
    reasons = _Reasons(read.problems)
    for result in suite.results:
        decision = callables.get(result.called) if result.called else decisions.get(result.decision)
        if failure:
            yield _wrong(model, result, failure)
        elif result.unread or decision is None:
            reason = result.unread or reasons.for_decision(result.called or result.decision)
            yield ResultTally("refused", f"refused {model} {result.decision}: {reason}")
        else:
            yield _judged(model, decision, result)


class _Reasons:
    """Why a decision is refused: its own problems if it has any, else those of the others."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self._problems = problems

    def for_decision(self, name: str) -> str:
        own = [problem for problem in self._problems if _words(problem.decision) == name]
        return "; ".join(map(str, own or self._problems)) or "it is no decision of the file"


def _judged(model: str, decision: Decision, result: Expected) -> ResultTally:
    inputs = {name: _given(result, decision, name) for name in decision.inputs}
    if "now" in inputs and "now" not in result.inputs:
        inputs["now"] = datetime.now(UTC)
    try:
        outcomes = {name: _outcome(decide, decision, inputs) for name, decide in _EVALUATORS.items()}
    except FeelError as limit:
        return ResultTally("refused", f"refused {model} {decision.name}: {_told(limit)}")
    if _is_one_of_several(decision, result):
        outcomes = {name: outcome.member(result.decision) for name, outcome in outcomes.items()}
    ordered = not _leaves_order_open(decision)
    if all(_is_right(result, outcome, ordered=ordered) for outcome in outcomes.values()):
        return ResultTally("right")
    texts = {str(outcome) for outcome in outcomes.values()}
    got = texts.pop() if len(texts) == 1 else " and ".join(f"{outcomes[name]} by {name}" for name in outcomes)
    return _wrong(model, result, f"expected {'an error' if result.error else literal(result.value)}, got {got}")


def _given(result: Expected, decision: Decision, name: str) -> Value:
    """An input of another file goes by the names of the imports that lead to it; cases may name the
    file instead."""
    if name in result.inputs:
        return result.inputs[name]
    return result.elsewhere.get(_origin(decision, name) or ("", name))


def _origin(decision: Decision, name: str) -> tuple[str, str] | None:
    """The namespace of the file that declares an input, and what it is called there; None for the
    decision's own."""
    for one in decision.imports:
        inner = name.removeprefix(f"{one.alias}.") if one.alias else name
        if one.name(inner) == name and inner in one.inputs:
            return one.space, inner
        for required in one.decisions:
            if one.name(inner) == name and inner in required.inputs:
                return _origin(required, inner) or (one.space, inner)
    return next((found for required in decision.requires if (found := _origin(required, name))), None)


def _outcome(
    decide: Callable[[Decision, Mapping[str, object]], Decided], decision: Decision, inputs: Mapping[str, Value]
) -> _Outcome:
    try:
        return _Outcome(decide(decision, inputs).value)
    except NoRuleMatched:
        return _Outcome(None)
    except (Ambiguous, InputRefused) as problem:
        return _Outcome(None, _told(problem))
    except FeelError:
        raise
    except Exception as problem:
        return _Outcome(None, _told(problem), failed=True)


def _is_right(result: Expected, outcome: _Outcome, *, ordered: bool) -> bool:
    wanted = None if result.error else result.value
    return not outcome.failed and _same(wanted, outcome.value, ordered=ordered)


def _same(wanted: Value, got: Value, *, ordered: bool = True) -> bool:
    if isinstance(wanted, Untyped):
        return any(_same(meaning, got) for meaning in wanted.meanings())
    if isinstance(wanted, Decimal) and isinstance(got, Decimal):
        return abs(wanted - got) <= _TOLERANCE
    if isinstance(wanted, list) and isinstance(got, list):
        return len(wanted) == len(got) and (_paired if ordered else _matched)(wanted, got)
    if isinstance(wanted, dict) and isinstance(got, dict):
        return wanted.keys() == got.keys() and all(_same(value, got[key]) for key, value in wanted.items())
    return type(wanted) is type(got) and wanted == got


def _paired(wanted: list[Value], got: list[Value]) -> bool:
    return all(map(_same, wanted, got))


def _matched(wanted: list[Value], got: list[Value]) -> bool:
    left = list(got)
    for value in wanted:
        place = next((place for place, other in enumerate(left) if _same(value, other)), None)
        if place is None:
            return False
        del left[place]
    return True


def _leaves_order_open(decision: Decision) -> bool:
    """Collect gives its rows in no order that DMN would name (DMN 1.5, 8.2.11)."""
    logic = decision.logic
    return isinstance(logic, Table) and logic.policy is HitPolicy.COLLECT


def _is_one_of_several(decision: Decision, result: Expected) -> bool:
    """Whether a result is one output of a service that has several."""
    return result.called not in ("", result.decision) and any(len(one.decisions) > 1 for one in decision.knowledge)


def _words(name: str) -> str:
    return " ".join(name.split())


def _wrong(model: str, result: Expected, what: str) -> ResultTally:
    return ResultTally("wrong", f"wrong {model} {result.case} {result.decision}: {what}")


def _told(problem: Exception) -> str:
    return f"{type(problem).__name__}: {' '.join(str(problem).split())}"
