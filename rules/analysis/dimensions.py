"""One input of a table: the finitely many places at which a value of it can lie, and which of them
a cell accepts.

Cells of constants cannot tell values at the same place apart (``rules.positions``), so one sample a
place stands for all values there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from rules.constants import constants
from rules.feel import Tests, Value, YearMonthDuration, literal
from rules.model import Column
from rules.positions import Axis, Family, family
from rules.shapes import ANYTHING, Shape
from rules.types import fits

_FIRSTS: dict[str | None, tuple[Value, ...]] = {
    None: ("",),
    "number": (Decimal(0),),
    "string": ("",),
    "boolean": (False,),
    "date": (date(2026, 1, 1),),
    "time": (time(12),),
    "date and time": (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1)),  # noqa: DTZ001 (both kinds are values)
    "days and time duration": (timedelta(days=1),),
    "years and months duration": (YearMonthDuration(1),),
}
"""Constants that stand in where cells name none: a column of dashes takes values, too."""

_SPARE: dict[str | None, Value] = {"time": time(12, tzinfo=UTC)}
"""Values of a type that cannot be compared with any constant of it that has an order."""


class Dimension:
    """An input by name, for one or several columns that look at it, in the shape that the file
    declares for it.

    ``possible`` are the places of all values that the evaluators accept; ``declared`` those that
    the table's author speaks of: allowed, and of the types that cells name (null only if it is
    named).

    Raises:
        Inexpressible: a cell's constants have no order.
    """

    def __init__(self, name: str, columns: Sequence[Column], cells: Iterable[Tests], shape: Shape = ANYTHING) -> None:
        self.name = name
        self.kind = columns[0].kind or shape.kind
        self._whole = any(column.whole for column in columns)
        self._allowed = [column.allowed for column in columns if column.allowed is not None]
        self._allowed += shape.allowed
        firsts = _FIRSTS.get(self.kind, _FIRSTS[None])
        self._constants: dict[str, tuple[Value, ...] | None] = {}
        written = [value for cell in cells for value in self.constants(cell) or ()]
        written += [value for allowed in self._allowed for value in constants(allowed) or ()]
        self._axis = Axis([*written, *firsts])
        self.samples = [_readable(self._axis, at, value) for at, value in enumerate(self._axis.samples)]
        if self._whole:
            self.samples = [_whole(self._axis, at, value) for at, value in enumerate(self.samples)]
        self.samples[0] = _SPARE.get(self.kind, self.samples[0])
        self._masks: dict[str, int] = {}
        self._turns = {at for at in range(1, len(self.samples)) if self._turns_at(at)} | {0}
        self.possible = self._mask_of(at for at, value in enumerate(self.samples) if self._is_possible(value))
        spoken_of = _families(written) or _families(firsts)
        if None in written:
            spoken_of |= {family(None)}
        self.declared = self._mask_of(
            at
            for at, value in enumerate(self.samples)
            if at > 0 and family(value) in spoken_of and self.possible >> at & 1 and self._is_surely_allowed(value)
        )
        self._by_preference = sorted(range(len(self.samples)), key=self._oddity)

    def constants(self, cell: Tests) -> tuple[Value, ...] | None:
        """``rules.constants`` of a cell, found out once."""
        if cell.text not in self._constants:
            self._constants[cell.text] = constants(cell)
        return self._constants[cell.text]

    def mask(self, cell: Tests) -> int:
        """The possible places at which the cell is true; all of them if the cell is not one of
        constants only."""
        if cell.text not in self._masks:
            named = self.constants(cell)
            self._masks[cell.text] = self.possible if named is None else self._accepted(cell, named)
        return self._masks[cell.text]

    def sample(self, places: int) -> Value:
        """The plainest value among some places; null if there is none."""
        bits = places.to_bytes(len(self.samples) // 8 + 1, "little")  # to shift a large number takes longer each time
        return next((self.samples[at] for at in self._by_preference if bits[at >> 3] >> (at & 7) & 1), None)

    def _accepted(self, cell: Tests, named: tuple[Value, ...]) -> int:
        """Asks FEEL once for each stretch in which the cell cannot tell values apart."""
        named_at = {self._axis.position(value) for value in named}
        starts = sorted(self._turns | named_at | {at + 1 for at in named_at if at + 1 < len(self.samples)})
        found = 0
        for start, end in zip(starts, (*starts[1:], len(self.samples)), strict=True):
            if cell.run(self.samples[start], {}) is True:
                found |= (1 << end) - (1 << start)
        return found & self.possible

    def _turns_at(self, at: int) -> bool:
        value = self.samples[at]
        return isinstance(value, bool) or family(value) != family(self.samples[at - 1])

    def _is_possible(self, value: Value) -> bool:
        """Null always is; a value that a condition on more than constants might let in counts,
        too."""
        if self._whole and isinstance(value, Decimal) and value != value.to_integral_value():
            return False
        return fits(value, self.kind) and all(
            value is None or constants(allowed) is None or allowed.run(value, {}) is True for allowed in self._allowed
        )

    def _is_surely_allowed(self, value: Value) -> bool:
        return value is None or all(not allowed.names and allowed.run(value, {}) is True for allowed in self._allowed)

    def _oddity(self, at: int) -> tuple[bool, bool, int]:
        value = self.samples[at]
        return not self.declared >> at & 1, value is None, len(literal(value))

    def _mask_of(self, places: Iterable[int]) -> int:
        bits = bytearray(len(self.samples) // 8 + 1)
        for at in places:
            bits[at >> 3] |= 1 << (at & 7)
        return int.from_bytes(bits, "little")


def _families(values: Iterable[Value]) -> set[Family]:
    return {family(value) for value in values if value is not None}


def _readable(axis: Axis, at: int, value: Value) -> Value:
    """A text that a person might type instead of one that ends in a control character, if one lies
    at that place."""
    if not isinstance(value, str) or not value.endswith("\0"):
        return value
    return next((text for text in ("other", value[:-1] + "x") if axis.position(text) == at), value)


def _whole(axis: Axis, at: int, value: Value) -> Value:
    """A whole number instead of one with a fraction, if one lies at that place: then one next to
    the middle does."""
    if not isinstance(value, Decimal):
        return value
    near = (value.to_integral_value(ROUND_FLOOR), value.to_integral_value(ROUND_CEILING))
    return next((number for number in near if axis.position(number) == at), value)
