"""Inputs that a table cannot tell apart: it makes one decision of them all, so that it needs to be
asked only once.

Loads and appraisals are numbers from a hundred, of which a table knows a handful of bands; a choice
among dealers asks about each. What is remembered by bands is found again nearly always, what is
remembered by values hardly ever.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rules.compiler import compile_table
from rules.feel import to_value
from rules.feel.syntax import Name
from rules.model import Column, Decision, Table
from rules.positions import Axis, Inexpressible
from rules.types import fits

MOST_PLACED = 20_000
"""Values of a column whose band is kept in memory."""

Bands = tuple[int, ...]


@dataclass(slots=True)
class _Place:
    """One column: the input that it reads, where that one's values lie, and the values that were
    placed before."""

    name: str
    column: Column
    axis: Axis
    known: dict[tuple[type, Any], int | None] = field(default_factory=dict[tuple[type, Any], "int | None"])

    def of(self, given: Any) -> int | None:
        """A value's band; None: the table has to be asked, it may refuse the value."""
        if isinstance(given, float) and not math.isfinite(given):
            return None
        value, column = to_value(given), self.column
        if value is None:
            return self.axis.position(value)
        if not fits(value, column.kind) or column.whole:
            return None  # the table makes another value of it (a date of a text), or refuses it
        allowed = column.allowed
        if allowed is not None and (allowed.names or allowed.run(value, {}) is not True):
            return None
        return self.axis.position(value)


class Banded:
    """Places inputs in the bands of a table."""

    def __init__(self, places: tuple[_Place, ...]) -> None:
        self._places = places

    @classmethod
    def of(cls, decision: Decision) -> Banded | None:
        """None for a decision that depends on more than the bands: it computes, or asks other
        decisions."""
        table = decision.logic
        if not isinstance(table, Table) or table.answers is None:
            return None  # outputs that are worked out from the inputs differ within a band
        if decision.requires or decision.knowledge or decision.imports or decision.shapes:
            return None
        names = [column.expression.node.name for column in table.columns if isinstance(column.expression.node, Name)]
        if len(names) != len(table.columns) or set(names) != set(decision.inputs):
            return None
        try:
            axes = compile_table(table).axes
        except Inexpressible:
            return None
        return cls(tuple(_Place(*one) for one in zip(names, table.columns, axes, strict=True)))

    def bands(self, inputs: Mapping[str, Any]) -> Bands | None:
        """Where these inputs lie; None: that cannot be said. Raises ``KeyError`` for one that is
        missing."""
        found: list[int] = []
        for place in self._places:
            value = inputs[place.name]
            if value.__class__ not in _PLAIN:
                return None
            # With its class: True equals 1 as a key, but not to a table.
            key = value.__class__, value
            band = place.known.get(key, _UNKNOWN)
            if band == _UNKNOWN:
                if len(place.known) >= MOST_PLACED:
                    place.known.clear()
                band = place.known[key] = place.of(value)
            if band is None:
                return None
            found.append(band)
        return tuple(found)


_UNKNOWN = -1
_PLAIN = frozenset({str, int, float, bool, type(None)})
