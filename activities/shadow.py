"""Shadows: what a step has decided is put to the drafts that run beside its tables, without effect.

Differences are written with the step, in its one statement: they are there exactly if the decision
is.
"""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter

from domain.policy.again import Again, Case
from domain.tables import Tables
from store.engine.ledger import Ledger

SEEN: Final = Counter("baton_shadow_decisions", "Live decisions that a shadow was asked about", ["table"])
DIFFERING: Final = Counter("baton_shadow_differences", "Of these, those that the shadow makes otherwise", ["table"])
FAILURES: Final = Counter("baton_shadow_failures", "Of these, those that the shadow cannot make", ["table", "problem"])

Asked = list[tuple[str, Again]]
"""Tables, and what their shadows said."""


def ask(tables: Tables, ledger: Ledger) -> Asked:
    """Asks the running shadows about each decision in the ledger, and notes there which was asked
    and what differs.

    Raises nothing, whatever a shadow does.
    """
    asked: Asked = []
    for made in ledger.decisions:
        shadow = tables.shadow(made["key"], ledger.at)
        if shadow is not None:
            again = shadow.judge(Case(made["key"], made["inputs"], made["result"], made["candidates"]))
            ledger.shadowed(made, shadow.id, again.result, again.changes, again.problem)
            asked.append((made["key"], again))
    return asked


def count(asked: Asked) -> None:
    """Counts what the shadows said, once their step is in the store."""
    for key, again in asked:
        SEEN.labels(key).inc()
        if again.problem is not None:
            FAILURES.labels(key, again.problem).inc()
        elif again.changes:
            DIFFERING.labels(key).inc()
