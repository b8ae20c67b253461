"""The types of FEEL as a text may name them, after ``instance of`` and behind parameters (DMN 1.5, 10.3.2.2-10.3.2.9).

A file's own types are not known here: a ``Types`` gives what an unknown name stands for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeAlias

from rules.feel.values import Function, Range, Value, YearMonthDuration


@dataclass(frozen=True, slots=True)
class TypeName:
    """``number``, ``list<number>``, ``range<date>``, ``context<a: string>``, ``function<number> -> Any``, ``tLoan``.

    ``of`` are the items of a list, the ends of a range, or a function's parameters; ``members`` those of a context.
    """

    name: str
    of: tuple[TypeName, ...] = ()
    members: tuple[tuple[str, TypeName], ...] = ()
    result: TypeName | None = None


Types: TypeAlias = Callable[[str], "TypeName | None"]
"""Gives the type that a file declares under a name; None if there is none."""

ANY = TypeName("Any")

_CLASSES: dict[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "date": (date,),
    "time": (time,),
    "date and time": (datetime,),
    "days and time duration": (timedelta,),
    "years and months duration": (YearMonthDuration,),
    "Null": (type(None),),
}
_ALIASES = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
}
SPACED = ("date and time", "days and time duration", "years and months duration")
"""Names of types that have spaces."""


def no_types(name: str) -> TypeName | None:
    """For expressions outside files."""
    return None


def is_instance(value: Value, kind: TypeName, types: Types) -> bool | None:
    """Whether the value is of the type; null if nobody knows such a type. Allowed values play no part in it."""
    match kind.name:
        case "Any":
            return value is not None
        case "list":
            return isinstance(value, list) and (not kind.of or all(_fits(item, kind.of[0], types) for item in value))
        case "context":
            return isinstance(value, dict) and all(
                name in value and _fits(value[name], member, types) for name, member in kind.members
            )
        case "range":
            ends = (value.low, value.high) if isinstance(value, Range) else ()
            return bool(ends) and all(not kind.of or end is None or _fits(end, kind.of[0], types) for end in ends)
        case "function":
            return _is_function(value, kind)
        case name:
            classes = _CLASSES.get(_ALIASES.get(name, name))
            if classes is not None:
                return type(value) in classes
            declared = types(name)
            return None if declared is None else is_instance(value, declared, types)


def coerced(value: Value, kind: TypeName | None, types: Types) -> Value:
    """The value as an argument of that type; a list of one stands for its item and the reverse; null if it misfits."""
    if kind is None or value is None or _fits(value, kind, types):
        return value
    if isinstance(value, list):
        return value[0] if len(value) == 1 and _fits(value[0], kind, types) else None
    return [value] if _fits([value], kind, types) else None


def _fits(value: Value, kind: TypeName, types: Types) -> bool:
    """As a member of something: null is of every type there."""
    return value is None or is_instance(value, kind, types) is True


def _is_function(value: Value, kind: TypeName) -> bool:
    if not isinstance(value, Function):
        return False
    return value.parameters is None or kind.result is None or len(value.parameters) == len(kind.of)
