"""The values of FEEL and how they compare (DMN 1.5, 10.3.2.2-10.3.2.7). Null means "cannot be
said".

Numbers are decimals of 34 digits; the context is this module's own, because the thread's may have
been changed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from rules.feel import moments
from rules.feel.bounds import LEVELS, charge, charge_text
from rules.feel.errors import FeelError, FeelTooMuch
from rules.feel.moments import MOMENTS, Moment

if TYPE_CHECKING:
    from rules.feel.kinds import TypeName

NUMBERS = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[])
"""IEEE 754-2008 decimal128, as DMN asks. Never raises: a result that is no finite number becomes
null."""


@dataclass(frozen=True, slots=True, order=True)
class YearMonthDuration:
    """A duration in whole months; it has no length in days."""

    months: int


@dataclass(frozen=True, slots=True)
class Range:
    """From ``low`` to ``high``; with an ``operator``, all that stands so to one value, as ``(< 5)``
    is written.

    Such a range has no end on its other side, which is not the null that an end may come to.
    """

    low: Value
    high: Value
    low_closed: bool = True
    high_closed: bool = True
    operator: str = ""

    @property
    def begins(self) -> bool:
        return self.operator not in {"<", "<="}

    @property
    def ends(self) -> bool:
        return self.operator not in {">", ">="}

    def holds(self, value: Value) -> bool | None:
        """Whether the value lies inside; null if it cannot be compared with the ends."""
        if self.operator == "!=":
            return negation(equal(value, self.low))
        above = _beyond(compare(value, self.low), self.low_closed) if self.begins else True
        below = _beyond(compare(self.high, value), self.high_closed) if self.ends else True
        return both(above, below)


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function as a value: a knowledge model, a decision service, ``function(…) …`` or a built-in
    one.

    ``call`` takes the arguments in order; it may be asked with those ``parameters`` only, or with
    any number of arguments if they are None (a built-in function, which counts them itself).
    ``takes`` and ``gives`` are the types of its parameters and of its result, as far as they are
    stated.
    """

    name: str
    parameters: tuple[str, ...] | None
    call: Callable[..., Value]
    takes: tuple[TypeName | None, ...] = ()
    gives: TypeName | None = None

    def invoke(self, arguments: tuple[Value, ...], names: tuple[str, ...] = ()) -> Value:
        """What it gives; null for arguments that do not fit its parameters in number or name."""
        if self.parameters is None:
            return None if names else self.call(*arguments)
        if len(arguments) != len(self.parameters):
            return None
        if names:
            given = dict(zip(names, arguments, strict=True))
            if given.keys() != set(self.parameters):
                return None
            return self.call(*(given[name] for name in self.parameters))
        return self.call(*arguments)


Duration: TypeAlias = timedelta | YearMonthDuration
Value: TypeAlias = "bool | Decimal | str | Moment | Duration | Range | Function | list[Value] | dict[str, Value] | None"

_AS_THEY_ARE = (str, bool, Decimal, *MOMENTS, timedelta, YearMonthDuration, Range, Function)
_HOLDERS = (list, tuple, Mapping)


def to_value(given: object) -> Value:
    """A FEEL value from a Python or JSON one: ints and floats become decimals, enums their value.

    Raises:
        FeelError: the type has no counterpart (the message names the type, not the value).
        FeelTooMuch: lists and contexts are nested too deeply in it.
    """
    kind = type(given)
    if given is None or kind is str or kind is bool:
        return given  # pyright: ignore[reportReturnType] - a call of cast() here costs more than all the rest
    if kind is int:
        return Decimal(given)  # pyright: ignore[reportArgumentType]
    if isinstance(given, Decimal):
        return given if given.is_finite() else None
    if isinstance(given, float):
        return Decimal(repr(float(given))) if math.isfinite(given) else None
    if isinstance(given, Enum):
        return to_value(given.value)
    if isinstance(given, str):
        return str.__str__(given)  # a subclass would not compare equal to a plain string's type
    if isinstance(given, _AS_THEY_ARE):
        return given
    if isinstance(given, _HOLDERS):
        return _converted(cast("object", given), 1)
    raise FeelError(f"a value of type {kind.__name__} has no meaning in FEEL")


def _converted(given: object, level: int) -> Value:
    if level > LEVELS.limit:
        raise FeelTooMuch(LEVELS)
    if isinstance(given, (list, tuple)):
        listed = cast("list[object]", given)
        charge(len(listed))
        return [
            _converted(cast("object", item), level + 1) if isinstance(item, _HOLDERS) else to_value(item)
            for item in listed
        ]
    entries = cast("Mapping[object, object]", given)
    charge(len(entries))
    return {
        str(key): _converted(cast("object", item), level + 1) if isinstance(item, _HOLDERS) else to_value(item)
        for key, item in entries.items()
    }


def both(left: bool | None, right: bool | None) -> bool | None:
    """Three-valued *and*."""
    if left is False or right is False:
        return False
    return True if left and right else None


def either(left: bool | None, right: bool | None) -> bool | None:
    """Three-valued *or*."""
    if left is True or right is True:
        return True
    return None if left is None or right is None else False


def negation(value: Value) -> bool | None:
    """Three-valued *not*; null for what is no boolean."""
    return (not value) if isinstance(value, bool) else None


def equal(left: Value, right: Value) -> bool | None:
    """``=``: null only equals null, values of different types cannot be compared.

    A moment that knows its offset never equals one that does not.
    """
    if left is None or right is None:
        return left is right
    if type(left) is str and type(right) is str:
        if len(left) == len(right):
            charge_text(len(left))
        return left == right
    if isinstance(left, list) and isinstance(right, list):
        return _all_equal(list(zip(left, right, strict=False))) if len(left) == len(right) else False
    if isinstance(left, dict) and isinstance(right, dict):
        if left.keys() != right.keys():
            return False
        return _all_equal([(item, right[key]) for key, item in left.items()])
    if isinstance(left, MOMENTS) and isinstance(right, MOMENTS):
        return moments.order(left, right) == 0 if moments.kind_of(left) is moments.kind_of(right) else None
    if isinstance(left, Range) and isinstance(right, Range):
        if _form(left) != _form(right):
            return False
        return both(equal(left.low, right.low), equal(left.high, right.high))
    return left == right if type(left) is type(right) else None


def compare(left: Value, right: Value) -> int | None:
    """-1, 0 or 1; null for different types and for types without order (booleans, lists,
    contexts)."""
    if isinstance(left, MOMENTS):
        return moments.order(left, right) if isinstance(right, MOMENTS) else None
    if left is None or isinstance(left, (bool, list, dict, Range, Function)) or type(left) is not type(right):
        return None
    if isinstance(left, str):
        charge_text(len(left))
    other = cast(Any, right)
    return -1 if left < other else int(left > other)


def _form(span: Range) -> tuple[bool, bool, str]:
    return span.low_closed, span.high_closed, span.operator


def _all_equal(pairs: list[tuple[Value, Value]]) -> bool | None:
    charge(len(pairs))
    result: bool | None = True
    for left, right in pairs:
        result = both(result, equal(left, right))
    return result


def _beyond(order: int | None, closed: bool) -> bool | None:
    return None if order is None else order > 0 or (closed and order == 0)
