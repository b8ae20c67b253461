"""Random inputs for a decision, where they tell versions and evaluators apart: at, between and
beyond its constants.

Half of them aim at a row, since inputs drawn one by one seldom meet one of a large table; some have
null, and a few a value of another type or one that is not allowed. The same seed gives the same
inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

from rules.constants import constants
from rules.feel import Tests, Value, YearMonthDuration
from rules.model import Decision
from rules.positions import Axis, Inexpressible
from rules.shapes import ANYTHING, Shape
from rules.types import fits
from rules.vocabulary import Place, Spoken, Vocabulary, place_of

_AIMED, _MISSED, _ODD, _NULL, _FRESH = 0.5, 0.3, 0.08, 0.06, 0.15
"""Shares: of samples that aim at a row; of these that then miss it in one input; of samples with
one odd value; of values that are null; of values that are drawn by type alone."""

_MISFITS: tuple[Value, ...] = ("", "9", "线索", Decimal(0), Decimal(-9), True, date(2026, 1, 1), [], [Decimal(1)], {})
_FIRST, _DAYS = datetime(2024, 1, 1), 1_500  # noqa: DTZ001 - FEEL has instants without an offset, too

_FRESHLY: dict[str, Callable[[Random], Value]] = {
    "number": lambda dice: Decimal(dice.randrange(-200, 20_000)).scaleb(-dice.choice((0, 0, 0, 1, 2))),
    "string": lambda dice: "".join(dice.choices("ABab01 线", k=dice.randrange(4))),
    "boolean": lambda dice: dice.random() < 0.5,
    "date": lambda dice: _instant(dice).date(),
    "time": lambda dice: _instant(dice).time(),
    "date and time": lambda dice: _instant(dice).replace(tzinfo=dice.choice((None, UTC))),
    "days and time duration": lambda dice: timedelta(hours=dice.randrange(-48, 24 * 120)),
    "years and months duration": lambda dice: YearMonthDuration(dice.randrange(-12, 120)),
}
_KINDS = tuple(_FRESHLY)


def samples(decision: Decision, count: int, seed: int = 0) -> Iterator[dict[str, object]]:
    """So many random inputs, each with every name in ``decision.inputs``: FEEL values as
    ``rules.feel`` has them."""
    dice, sampler = Random(seed), _Sampler(decision)
    for _ in range(count):
        yield sampler.draw(dice)


@dataclass(slots=True)
class _Pool:
    """Values for one place: those that would be taken, and those that would not."""

    spoken: Spoken
    fitting: list[Value] = field(default_factory=list[Value])
    odd: list[Value] = field(default_factory=list[Value])

    def __post_init__(self) -> None:
        for value in _around(self.spoken.constants):
            (self.fitting if self.takes(value) else self.odd).append(value)
        self.odd += _MISFITS

    def takes(self, value: Value) -> bool:
        return fits(value, self.spoken.kind) and all(tests.run(value, {}) is True for tests in self.spoken.allowed)

    def draw(self, dice: Random) -> Value:
        if dice.random() < _NULL:
            return None
        if not self.fitting or dice.random() < _FRESH:
            value = _FRESHLY[self.spoken.kind or dice.choice(_KINDS)](dice)
            if not self.fitting or self.takes(value):
                return value
        return dice.choice(self.fitting)


class _Sampler:
    def __init__(self, decision: Decision) -> None:
        known = Vocabulary.of(decision)
        self._inputs = decision.inputs
        self._shapes = dict(decision.shapes)
        self._tables = known.tables
        self._pools = {place: _Pool(spoken) for place, spoken in known.places.items()}
        self._inside: dict[Place, list[str]] = {}
        for place in known.places:
            self._inside.setdefault(place[:-1], []).append(place[-1])
        self._true: dict[tuple[Place, str], Sequence[Value]] = {}

    def draw(self, dice: Random) -> dict[str, object]:
        aimed = self._aim(dice) if self._tables and dice.random() < _AIMED else {}
        drawn: dict[str, object] = {
            name: self._value((name,), self._shapes.get(name, ANYTHING), aimed, dice) for name in self._inputs
        }
        if drawn and dice.random() < _ODD:
            name = dice.choice(self._inputs)
            drawn[name] = dice.choice(self._pool((name,)).odd)
        return drawn

    def _aim(self, dice: Random) -> dict[Place, Value]:
        """Values at which one row's cells hold, as far as they compare with constants."""
        table = dice.choice(self._tables)
        row = dice.choice(table.rules)
        aimed: dict[Place, Value] = {}
        for column, cell in zip(table.columns, row.cells, strict=True):
            place = place_of(column.expression.node)
            if place is not None and (values := self._true_at(place, cell)):
                aimed[place] = dice.choice(values)
        if aimed and dice.random() < _MISSED:
            del aimed[dice.choice(list(aimed))]
        return aimed

    def _true_at(self, place: Place, cell: Tests) -> Sequence[Value]:
        """Some values at which the cell holds; none of a cell of dashes or of more than
        constants."""
        found = self._true.get((place, cell.text))
        if found is None:
            named = constants(cell) or ()
            near = [*_around(named), None] if named else ()
            takes = self._pool(place).takes
            found = [value for value in near if cell.run(value, {}) is True and (value is None or takes(value))]
            self._true[place, cell.text] = found
        return found

    def _value(self, place: Place, shape: Shape, aimed: dict[Place, Value], dice: Random) -> Value:
        if place in aimed:
            return aimed[place]
        if shape.items is not None:
            return [self._value(place, shape.items, aimed, dice) for _ in range(dice.randrange(4))]
        names = self._inside.get(place)
        if names and dice.random() >= _NULL:
            shapes = dict(shape.components)
            return {name: self._value((*place, name), shapes.get(name, ANYTHING), aimed, dice) for name in names}
        return self._pool(place).draw(dice)

    def _pool(self, place: Place) -> _Pool:
        found = self._pools.get(place)
        if found is None:
            found = self._pools[place] = _Pool(Spoken())
        return found


def _around(values: Sequence[Value]) -> Sequence[Value]:
    """The values, and one of each gap between and beyond them; the values alone if they have no
    order."""
    try:
        axis = Axis(values)
    except Inexpressible:
        return values
    return [_readable(axis, at) for at in range(2, len(axis.samples))]


def _readable(axis: Axis, at: int) -> Value:
    """The sample at a position; not one with a control character, if another lies there, too."""
    value = axis.samples[at]
    if not isinstance(value, str) or not value.endswith("\0"):
        return value
    return next((text for text in ("other", value[:-1] + "x") if axis.position(text) == at), value)


def _instant(dice: Random) -> datetime:
    return _FIRST + timedelta(days=dice.randrange(_DAYS), minutes=dice.choice((0, 0, dice.randrange(24 * 60))))
