"""Decisions as tables: S-FEEL, DMN, durable-rules behind one safe door, and a plain evaluator that
checks it.

::

    (grade,) = read_table(Path("grade.dmn").read_bytes())
    said = {"horizon_days": 7, "budget_clear": True, "model_known": True, "stated_grade": ""}
    decided = decide(grade, said)
    decided.outputs      # {"grade": "H", "reason": "within_7_days"}
    decided.matched      # the ids of the rows that applied: the why

``rules.feel`` stands alone: a workflow imports it without lxml and durable-rules, so names here
load on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rules.errors import Ambiguous, InputRefused, NoRuleMatched, Problem, RulesError, TableRefused
    from rules.model import Decided, Decision, Table
    from rules.reading import read_table
    from rules.tables import decide, shipped

_HOMES = {
    **dict.fromkeys(
        ("Ambiguous", "InputRefused", "NoRuleMatched", "Problem", "RulesError", "TableRefused"), "rules.errors"
    ),
    **dict.fromkeys(("Decided", "Decision", "Table"), "rules.model"),
    "read_table": "rules.reading",
    "decide": "rules.tables",
    "shipped": "rules.tables",
}

__all__ = [
    "Ambiguous",
    "Decided",
    "Decision",
    "InputRefused",
    "NoRuleMatched",
    "Problem",
    "RulesError",
    "Table",
    "TableRefused",
    "decide",
    "read_table",
    "shipped",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return found
