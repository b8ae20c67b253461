"""A stored decision made again by another version of its table. Pure: what it reads is what was
stored with it.

What was decided by one look at the table is decided again on the same inputs. A choice among
candidates (dispatch, assignment) is made again as it was made: those who were ruled out stay so,
the others get points by the other version from the inputs that were stored with each, and among
equals the same order decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import rules
from domain.policy.bands import Banded
from rules import Decision, NoRuleMatched, RulesError
from rules.feel import FeelError, FeelTooMuch

CHOICES: Final = frozenset({"dispatch", "assignment"})
"""Tables that are asked about each candidate of a choice."""


@dataclass(frozen=True, slots=True)
class Case:
    """One decision as it was stored (``store.tables.decisions``): JSON values."""

    key: str
    inputs: Mapping[str, Any]
    result: Mapping[str, Any]
    candidates: tuple[Mapping[str, Any], ...] = ()

    @property
    def routed(self) -> bool:
        """Whether it was a choice among candidates."""
        return is_choice(self.key, self.result)


@dataclass(frozen=True, slots=True)
class Again:
    """What the other version makes of it. ``problem``: why it cannot say (then ``result`` is None).

    ``changes`` are the names of the outputs that differ; of a choice only ``chosen`` counts.
    """

    result: dict[str, Any] | None
    changes: tuple[str, ...] = ()
    problem: str | None = None


class _CannotSay(Exception):
    """The text is one of: not_stored, input_refused, ambiguous, too_much, failed."""


@dataclass(slots=True)
class Trial:
    """A version of a table that stored decisions are put to; made once, asked often, from one
    thread.

    ``most`` results are kept in memory: inputs repeat, since most of them are grades and bands.
    """

    decision: Decision
    most: int = 50_000
    _remembered: dict[tuple[Any, ...], dict[str, Any]] = field(default_factory=dict[tuple[Any, ...], dict[str, Any]])
    _banded: Banded | None = field(init=False)

    def __post_init__(self) -> None:
        self._banded = Banded.of(self.decision)

    def again(self, case: Case, instead: Mapping[str, Any] | None = None) -> Again:
        """Decide once more; ``instead`` are inputs that would have been others (a grade that
        another table gave)."""
        try:
            result = (
                self._choice(case, instead or {}) if case.routed else self._look({**case.inputs, **(instead or {})})
            )
        except _CannotSay as why:
            return Again(None, problem=str(why))
        names: Iterable[str] = ("chosen",) if case.routed else dict.fromkeys([*case.result, *result])
        return Again(result, tuple([name for name in names if case.result.get(name) != result.get(name)]))

    def _look(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        wanted = self.decision.inputs
        try:
            key = self._banded.bands(inputs) if self._banded else None
            if key is None:
                key = _key(tuple(map(inputs.__getitem__, wanted)))
        except KeyError:
            raise _CannotSay("not_stored") from None
        found = self._remembered.get(key)
        if found is None:
            if len(self._remembered) >= self.most:
                self._remembered.clear()
            found = self._remembered[key] = self._decide({name: inputs[name] for name in wanted})
        return found

    def _decide(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        try:
            outputs = rules.decide(self.decision, inputs).outputs
        except NoRuleMatched:
            return {}
        except rules.InputRefused:
            raise _CannotSay("input_refused") from None
        except rules.Ambiguous:
            raise _CannotSay("ambiguous") from None
        except FeelTooMuch:
            raise _CannotSay("too_much") from None
        except (RulesError, FeelError):
            raise _CannotSay("failed") from None
        return outputs if isinstance(outputs, dict) else {"list": outputs}

    def _choice(self, case: Case, instead: Mapping[str, Any]) -> dict[str, Any]:
        best: tuple[Any, ...] | None = None
        chosen: Mapping[str, Any] = {}
        for line in case.candidates:
            if "id" not in line or "reason" in line:
                continue
            if "inputs" not in line:
                raise _CannotSay("not_stored")
            inputs = {**line["inputs"], **instead} if instead else line["inputs"]
            points = _points(self._look(inputs))
            if best is not None and -points > best[0]:
                continue
            order = (-points, *line["rank"], line["code"])
            if best is None or order < best:
                best, chosen = order, line
        return {"chosen": chosen.get("id"), "code": chosen.get("code")}


def is_choice(key: str, result: Mapping[str, Any]) -> bool:
    """Whether a stored result is that of a choice among candidates."""
    return key in CHOICES and result.keys() == {"chosen", "code"}


def _points(result: Mapping[str, Any]) -> float:
    try:
        return float(result.get("points") or 0)
    except (TypeError, ValueError):
        raise _CannotSay("failed") from None  # a draft whose points are no number


def _key(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Under which the result for some values is remembered. True equals 1 as a key, but not to a
    table."""
    key = values, tuple(map(type, values))
    try:
        hash(key)
    except TypeError:  # lists and contexts
        return (repr(values),)
    return key
