"""Where a value lies among a column's constants, as a small whole number.

Cells of plain constants cannot tell two values apart that lie in the same place: at the same
constant, or in the same gap between two neighbouring ones. So a column's values fall into few
*positions*: what no constant can be compared with, null, then for each type its gaps and constants
in order.

durable-rules only ever sees these numbers. None of its hazards (types not checked, "" equal to
numbers, nulls that never fire, exponents, floats) can come up, and decimals, dates and durations
are compared exactly, in Python.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from itertools import pairwise
from typing import Any, TypeAlias, cast

from rules.feel import Tests, Value, YearMonthDuration, moments
from rules.feel.moments import MOMENTS, Clock, DateTime, FarDate, FarDateTime, is_clock, is_date_time
from rules.feel.values import compare

Family: TypeAlias = "type | tuple[type, bool]"
"""A type whose values can be put in one order; instants with and without an offset are two."""

_EXACT = Context(prec=25_000, Emax=MAX_EMAX, Emin=MIN_EMIN)
_SMALLEST = timedelta(microseconds=1)
_FOREIGN: list[Value] = []
"""Stands for all values of a type that the column has no constant of: any comparison with them is
null."""


class Inexpressible(Exception):
    """The table is not for durable-rules; the text says why."""


@dataclass(frozen=True, slots=True)
class _Block:
    """One type's part of a column: its constants in order, and the position of each gap and
    constant."""

    constants: list[Any]
    exact: dict[Any, int]
    gaps: list[int]


class Axis:
    """The positions of one column. ``samples`` holds a value for each of them."""

    def __init__(self, constants: Iterable[Value]) -> None:
        self.samples: list[Value] = [_FOREIGN, None]
        self._blocks: dict[Family, _Block] = {}
        families: dict[Family, set[Any]] = {}
        for constant in constants:
            if constant is not None:
                families.setdefault(family(constant), set()).add(_counted(constant))
        self._turns = {0, 1}
        for kind, members in families.items():
            self._turns.add(len(self.samples))
            self._blocks[kind] = self._booleans() if kind is bool else self._ordered(kind, sorted(members))
        for kind in families:
            other, sample = _OTHERS.get(kind, (kind, None))
            if other not in families:
                # No constant equals such a value, which is not the same as that none can be
                # compared with it.
                self._turns.add(len(self.samples))
                self._blocks[other] = _Block([], {}, [len(self.samples)])
                self.samples.append(sample)

    def position(self, value: Value) -> int:
        """The position of a value."""
        if value is None:
            return 1
        block = self._blocks.get(type(value))
        if block is None:
            if isinstance(value, MOMENTS):
                value = _counted(value)
            block = self._blocks.get(family(value))
        if block is None:
            return 0
        if isinstance(value, (FarDate, FarDateTime)):
            return block.gaps[-1 if moments.ordinal(moments.day_in(value)) > 1 else 0]
        at = block.exact.get(value)
        return block.gaps[bisect_left(block.constants, value)] if at is None else at

    def runs(self, cell: Tests, named: Iterable[Value]) -> list[tuple[int, int]]:
        """The stretches of positions at which a cell that names these constants is true.

        FEEL itself is asked, once for each stretch in which the cell cannot tell values apart: at
        its own constants, between them, and in each family of values.
        """
        at = {self.position(value) for value in named}
        starts = sorted(self._turns | at | {place + 1 for place in at if place < self.last})
        found: list[tuple[int, int]] = []
        for first, following in pairwise([*starts, self.last + 1]):
            if cell.run(self.samples[first], {}) is not True:
                continue
            if found and found[-1][1] == first - 1:
                found[-1] = (found[-1][0], following - 1)
            else:
                found.append((first, following - 1))
        return found

    @property
    def last(self) -> int:
        return len(self.samples) - 1

    def _booleans(self) -> _Block:
        first = len(self.samples)
        self.samples += [False, True]
        return _Block([False, True], {False: first, True: first + 1}, [])

    def _ordered(self, kind: Family, members: list[Any]) -> _Block:
        within = _GAPS.get(kind)
        if within is None:
            raise Inexpressible("a time with an offset has no place in a day's order")
        gaps: list[int] = []
        exact: dict[Any, int] = {}
        ends: list[Any] = [None, *members, None]
        for low, high in pairwise(ends):
            sample = within(low, high)
            gaps.append(len(self.samples))
            if sample is not None:  # else nothing lies between: the gap's number is never given to a value
                _must_lie_between(low, sample, high)
                self.samples.append(sample)
            if high is not None:
                exact[high] = len(self.samples)
                self.samples.append(high)
        return _Block(members, exact, gaps)


def _must_lie_between(low: Any, sample: Any, high: Any) -> None:
    above = low is None or compare(low, sample) == -1
    if not above or (high is not None and compare(sample, high) != -1):
        raise Inexpressible("no value could be found between two of its constants")


def family(value: Value) -> Family:
    kind = moments.kind_of(value)
    if kind is datetime or kind is time:
        return kind, moments.zone_in(cast("Clock | DateTime", value)) is None
    return kind


def _counted(value: Value) -> Any:
    """Moments are ordered by whole seconds."""
    if is_date_time(value):
        return moments.joined(moments.day_in(value), moments.whole(moments.clock_in(value)))
    return moments.whole(value) if is_clock(value) else value


def _number(low: Decimal | None, high: Decimal | None) -> Decimal | None:
    if low is None:
        return None if high is None else Decimal(-1) if high > 0 else _EXACT.fma(high, Decimal(2), Decimal(-1))
    if high is None:
        return Decimal(1) if low < 0 else _EXACT.fma(low, Decimal(2), Decimal(1))
    return _EXACT.divide(_EXACT.add(low, high), Decimal(2))


def _text(low: str | None, high: str | None) -> str | None:
    if low is None:
        return None if high == "" else ""
    following = low + "\0"
    return None if following == high else following


def _stepped(step: Callable[[Any, int], Any]) -> Callable[[Any, Any], Any]:
    """For types that advance in steps: the neighbour, unless it is the other end or there is none.

    Moments step by what they are ordered by, and out of Python's calendar.
    """

    def within(low: Any, high: Any) -> Any:
        try:
            found = step(high, -1) if low is None else step(low, 1)
        except (OverflowError, ValueError):
            return None
        return None if found in (low, high) else found

    return within


def _step_instant(moment: datetime, steps: int) -> DateTime | None:
    return moments.at_instant(moments.instant(moment) + steps * moments.SECOND, UTC if moment.tzinfo else None)


def _step_time(moment: time, steps: int) -> time:
    stepped = datetime.combine(date(2000, 1, 1), moment) + timedelta(seconds=steps)
    if stepped.day != 1 or stepped.month != 1:
        raise OverflowError
    return stepped.time()


_GAPS: dict[Family, Callable[[Any, Any], Any]] = {
    Decimal: _number,
    str: _text,
    date: _stepped(lambda day, steps: moments.day_at(moments.ordinal(day) + steps)),
    (datetime, True): _stepped(_step_instant),
    (datetime, False): _stepped(_step_instant),
    (time, True): _stepped(_step_time),
    timedelta: _stepped(lambda length, steps: length + steps * _SMALLEST),
    YearMonthDuration: _stepped(lambda length, steps: YearMonthDuration(length.months + steps)),
}
"""For each family a value strictly between two neighbours (None is an open end), or None if there
is no such value."""
_OTHERS: dict[Family, tuple[Family, Value]] = {
    (datetime, True): ((datetime, False), datetime(2000, 1, 1, tzinfo=UTC)),
    (datetime, False): ((datetime, True), datetime.combine(date(2000, 1, 1), time())),
    (time, True): ((time, False), time(tzinfo=UTC)),
}
"""Moments with and without an offset: never equal, and never before or after one another."""
