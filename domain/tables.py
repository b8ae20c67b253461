"""The published decision tables, kept ready: parsed once, decided often (DESIGN, idea 3).

A number tells whether what is in memory is all there is (``definitions.count_tables``): a step
learns it with its first statement and loads again only when it has changed. When a version's time
comes, nothing has to be told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rules
from cases.errors import Unavailable
from domain.policy.shadowing import Beside
from rules.model import Table
from store.session import Tx
from store.tables import definitions, shadows
from store.tables.definitions import TableVersion

Inputs = Mapping[str, Any]

_MEMORY = 4_000
"""Decisions remembered, about a kilobyte each: a table's version and its inputs settle the result
for ever. What hardly ever repeats (loads and distances of dealers) pushes out what does, which is
soon there again."""


@dataclass(frozen=True, slots=True)
class Made:
    """A decision: the table's version, the rows that matched, the outputs (None: no row did)."""

    key: str
    version: int
    inputs: Inputs
    matched: tuple[str, ...]
    outputs: Any

    def get(self, name: str, default: Any = None) -> Any:
        """One output of a single-hit table."""
        return self.outputs.get(name, default) if isinstance(self.outputs, Mapping) else default

    @property
    def points(self) -> float:
        """The sum of a scoring table (hit policy C+)."""
        return float(self.get("points") or 0)


class Tables:
    """All versions of all published tables, and the drafts that run beside them."""

    def __init__(self) -> None:
        self._count = -1
        self._versions: dict[str, tuple[TableVersion, ...]] = {}
        self._parsed: dict[tuple[str, int], Any] = {}
        self._made: dict[tuple[Any, ...], Made] = {}
        self._shadows: dict[str, Beside] = {}
        self._loading = asyncio.Lock()

    async def refresh(self, tx: Tx, count: int) -> None:
        """Loads what was published or withdrawn meanwhile; ``count`` is
        ``definitions.count_tables`` as of now."""
        if count == self._count:
            return
        # Without the lock a step that began to read before a publication could put back what it
        # replaced.
        async with self._loading:
            if count != self._count:
                await self._load(tx, count)

    async def _load(self, tx: Tx, count: int) -> None:
        found: dict[str, list[TableVersion]] = {}
        for version in await definitions.tables(tx):
            found.setdefault(version.key, []).append(version)
        versions = {key: definitions.in_order(known) for key, known in found.items()}
        running = await shadows.running(tx)
        # A database that was emptied and filled again may hold other files under the same numbers.
        self._parsed.clear()
        self._made.clear()
        self._shadows = {one.key: Beside(one.id, one.key, one.xml, one.since, one.until) for one in running}
        self._versions, self._count = versions, count

    def shadow(self, key: str, at: datetime) -> Beside | None:
        """The draft that runs beside a table at an instant."""
        found = self._shadows.get(key)
        return found if found is not None and found.asked_at(at) else None

    def decide(self, key: str, at: datetime, inputs: Inputs) -> Made:
        """Evaluates the version that is in force at an instant. Raises ``Unavailable`` until one is
        published."""
        version = self._in_force(key, at)
        memory = (key, version.version, *sorted(inputs.items()))
        made = self._made.get(memory)
        if made is None:
            made = self._evaluate(version, dict(inputs))
            if len(self._made) >= _MEMORY:
                self._made.clear()
            self._made[memory] = made
        return made

    def version(self, key: str, at: datetime) -> int:
        """Which version of a table is in force at an instant."""
        return self._in_force(key, at).version

    def takes(self, key: str, at: datetime, name: str, value: str) -> bool:
        """Whether a table lets an input have a value, or lists others only."""
        logic = self._table(self._in_force(key, at)).logic
        columns = logic.columns if isinstance(logic, Table) else ()
        return all(column.takes(value) for column in columns if column.expression.text.strip() == name)

    def _in_force(self, key: str, at: datetime) -> TableVersion:
        known = self._versions.get(key, ())
        found = next((version for version in known if version.effective_from <= at), None)
        # The first version also decides what happened just before it was published: a step's
        # instant is the instant of the fact that caused it, and that may be older than a deployment
        # that is still going on. One that was put off to a later day was so on purpose.
        if found is None and known and known[-1].effective_from <= known[-1].published_at:
            found = known[-1]
        if found is None:
            raise Unavailable("not_deployed", key=key)
        return found

    def _evaluate(self, version: TableVersion, inputs: dict[str, Any]) -> Made:
        try:
            decided = rules.decide(self._table(version), inputs)
        except rules.NoRuleMatched:
            return Made(version.key, version.version, inputs, (), None)
        return Made(version.key, version.version, inputs, decided.matched, decided.outputs)

    def _table(self, version: TableVersion) -> Any:
        parsed = self._parsed.get((version.key, version.version))
        if parsed is None:
            parsed = next(table for table in rules.read_table(version.xml) if table.key == version.key)
            self._parsed[version.key, version.version] = parsed
        return parsed


async def fresh(tx: Tx, tables: Tables) -> Tables:
    """The tables with all that was published up to this transaction."""
    await tables.refresh(tx, await definitions.count_tables(tx))
    return tables
