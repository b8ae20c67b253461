"""Deciding, and the tables that come with Baton."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rules import engine
from rules.evaluation import evaluate
from rules.model import Decided, Decision

_SHIPPED = Path(__file__).parent / "decisions"


def decide(decision: Decision, inputs: Mapping[str, object]) -> Decided:
    """Decides with durable-rules, safely from any thread.

    ``inputs`` holds every name in ``decision.inputs``; null is a value. Numbers may be ints, floats
    or decimals; dates and durations may be ISO texts where the column says that it is one.

    Raises:
        InputRefused: an input is missing, of the wrong type, or not among the allowed values.
        NoRuleMatched: no row applies and there is no default output.
        Ambiguous: rows contradict each other.
        FeelError: a given value has a type that FEEL does not know.
        FeelTooMuch: it asks, with all that it requires, for more than FEEL's bounds allow.
    """
    return evaluate(decision, inputs, engine.matching)


def shipped() -> tuple[Path, ...]:
    """The decision files that come with Baton, by name."""
    return tuple(sorted(_SHIPPED.glob("*.dmn")))
