"""durable-rules behind one door. Nothing else in the project touches it.

What would go wrong otherwise, all of it measured, and what is done about it:

- Its ``Host`` keeps two background threads that crash beside several rulesets, and its Python layer
  swallows exceptions in actions: the C engine is driven directly, with no host, no thread and no
  action.
- Without a lock threads crash it: one lock around each decision.
- More than 1,024 session ids end in a crash: there is one session, the default one.
- A fact stays until it is retracted, and message ids are hashed to 32 bits: each decision asserts
  one fact under one fixed id and retracts it before the lock is released.
- ``post`` fires only the first row that applies: facts fire every one.
- Types are not checked, nulls never fire, absent fields loop: a message holds one small whole
  number for every column, always (``rules.positions``).
- A used ruleset holds some 2 MB and leaks when it is dropped, unless its state is deleted first;
  but deleting a state in which no rule ever fired frees memory that was never set, and crashes. So
  each ruleset fires one rule when it is made, at most ``MOST_RULESETS`` are kept, and the least
  recently used one goes with its state.
- What it answers depends on the positions alone, so that each ruleset keeps its last answers, up to
  ``MOST_REMEMBERED``: most of what a table is asked is grades and bands, which repeat.
- Whatever it answers that it should not, or an exception that strikes in the middle (a cancelled
  activity's thread): the ruleset is dropped, and the decision is made by the reference evaluator.
"""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol, cast

from rules import reference
from rules.compiler import Plan, compile_table
from rules.feel import Value
from rules.model import Matched, Table
from rules.positions import Inexpressible

MOST_RULESETS = 64
MOST_REMEMBERED = 512
"""Answers that a ruleset keeps, some 150 kB; when they are more, all are forgotten. Without any (0)
it is asked each time."""

_SESSION = "0"
_FIRED, _NOTHING_FIRED = 0, 1


class _Native(Protocol):
    """The C module, as far as it is used."""

    error: type[Exception]

    def create_ruleset(self, name: str, definition: str) -> int: ...
    def delete_ruleset(self, handle: int) -> object: ...
    def delete_state(self, handle: int, session: str) -> object: ...
    def assert_fact(self, handle: int, message: str) -> tuple[int, int]: ...
    def retract_fact(self, handle: int, message: str) -> tuple[int, int]: ...
    def start_action_for_state(self, handle: int, state: int) -> tuple[str, str] | None: ...
    def complete_and_start_action(self, handle: int, state: int) -> str | None: ...


class _Astray(Exception):
    """durable-rules answered what it should not."""


@dataclass(frozen=True, slots=True)
class _Ruleset:
    plan: Plan
    handle: int
    answers: dict[tuple[int, ...], Matched] = field(default_factory=dict[tuple[int, ...], Matched])


class _Door:
    """Holds the lock and the rulesets; there is one for the process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._rulesets: OrderedDict[Table, _Ruleset | None] = OrderedDict()
        self._made = 0
        self._native: _Native | None = None

    def matching(self, table: Table, values: tuple[Value, ...], scope: dict[str, object]) -> Matched:
        with self._lock:
            ruleset = self._ruleset(table)
            if ruleset is not None:
                try:
                    return self._answer(ruleset, ruleset.plan.positions(values))
                except (_Astray, MemoryError, self._module().error):
                    self._drop(table)
                except BaseException:
                    self._drop(table)  # a fact may have stayed in it
                    raise
        return reference.matching(table, values, scope)

    def held(self) -> int:
        """How many rulesets are in memory."""
        return sum(ruleset is not None for ruleset in self._rulesets.values())

    def carries(self, table: Table) -> bool:
        """Whether durable-rules evaluates the table (it is compiled if it was not yet)."""
        with self._lock:
            return self._ruleset(table) is not None

    def _answer(self, ruleset: _Ruleset, positions: tuple[int, ...]) -> Matched:
        found = ruleset.answers.get(positions) if MOST_REMEMBERED else None
        if found is None:
            found = Matched(self._rows(ruleset, ruleset.plan.message % positions), "durable-rules")
            if len(ruleset.answers) >= MOST_REMEMBERED:
                ruleset.answers.clear()
            if MOST_REMEMBERED:
                ruleset.answers[positions] = found
        return found

    def _rows(self, ruleset: _Ruleset, message: str) -> tuple[int, ...]:
        native, handle, rows = self._module(), ruleset.handle, ruleset.plan.rows
        code, state = native.assert_fact(handle, message)
        found: set[int] = set()
        if code == _FIRED:
            started = native.start_action_for_state(handle, state)
            fired = started[1] if started else None
            for _ in range(len(rows) + 1):
                if not fired:
                    break
                found.add(rows[fired[2 : fired.index('"', 2)]])  # {"12_0":{"m":…}}
                fired = native.complete_and_start_action(handle, state)
            else:
                raise _Astray
        elif code != _NOTHING_FIRED:
            raise _Astray
        if native.retract_fact(handle, message)[0] not in (_FIRED, _NOTHING_FIRED):
            raise _Astray
        return tuple(sorted(found))

    def _ruleset(self, table: Table) -> _Ruleset | None:
        """The table's ruleset, made on first use; None for tables that are not for
        durable-rules."""
        if table in self._rulesets:
            self._rulesets.move_to_end(table)
            return self._rulesets[table]
        made = self._make(table)
        self._rulesets[table] = made
        if len(self._rulesets) > MOST_RULESETS:
            self._drop(next(iter(self._rulesets)))
        return made

    def _make(self, table: Table) -> _Ruleset | None:
        try:
            plan = compile_table(table)
        except Inexpressible:
            return None
        self._made += 1
        try:
            made = _Ruleset(plan, self._module().create_ruleset(f"table-{self._made}", plan.definition))
            fired = self._rows(made, plan.sure)
        except (_Astray, MemoryError, self._module().error):
            return None
        # A ruleset that does not fire when it must is not trusted, and its state is not one that
        # could be deleted.
        return made if fired else None

    def _drop(self, table: Table) -> None:
        ruleset = self._rulesets.pop(table, None)
        if ruleset is not None:
            with suppress(self._module().error):  # what cannot be freed is lost, and nothing else
                self._module().delete_state(ruleset.handle, _SESSION)
                self._module().delete_ruleset(ruleset.handle)

    def _module(self) -> _Native:
        if self._native is None:
            import durable_rules_engine  # pyright: ignore[reportMissingImports, reportMissingTypeStubs]

            self._native = cast(_Native, durable_rules_engine)
        return self._native


_door = _Door()
matching = _door.matching
"""A ``Matcher`` by durable-rules, or by the reference evaluator for tables that are not for it;
thread-safe."""
carries = _door.carries
held = _door.held
