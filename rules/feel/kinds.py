"""The types of FEEL as a text may name them, after ``instance of`` and behind parameters (DMN 1.5,
10.3.2.2-10.3.2.9).

A file's own types are not known here: a ``Types`` gives what an unknown name stands for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeAlias

from rules.feel import moments
from rules.feel.moments import FarDate, FarDateTime, FineTime
from rules.feel.values import Function, Range, Value, YearMonthDuration


@dataclass(frozen=True, slots=True)
class TypeName:
    """``number``, ``list<number>``, ``range<date>``, ``context<a: string>``, ``function<number> ->
    Any``, ``tLoan``.

    ``of`` are the items of a list, the ends of a range, or a function's parameters; ``members``
    those of a context.
    """

    name: str
    of: tuple[TypeName, ...] = ()
    members: tuple[tuple[str, TypeName], ...] = ()
    result: TypeName | None = None


Types: TypeAlias = Callable[[str], "TypeName | None"]
"""Gives the type that a file declares under a name; None if there is none."""

ANY = TypeName("Any")
UNSTATED = TypeName("")
"""The type of what is still to be computed."""

_CLASSES: dict[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "date": (date, FarDate),
    "time": (time, FineTime),
    "date and time": (datetime, FarDateTime),
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
    """Whether the value is of the type; null if nobody knows such a type. Allowed values play no
    part in it."""
    match kind.name:
        case "Any":
            return value is not None
        case "list":
            return isinstance(value, list) and (not kind.of or _are_instances(value, kind.of[0], types))
        case "context":
            return isinstance(value, dict) and all(
                name in value and _fits(value[name], member, types) for name, member in kind.members
            )
        case "range":
            ends = (value.low, value.high) if isinstance(value, Range) else ()
            return bool(ends) and all(not kind.of or end is None or _fits(end, kind.of[0], types) for end in ends)
        case "function":
            return _is_function(value, kind, types)
        case name:
            classes = _CLASSES.get(_ALIASES.get(name, name))
            if classes is not None:
                return type(value) in classes
            declared = types(name)
            return None if declared is None else is_instance(value, declared, types)


def coerced(value: Value, kind: TypeName | None, types: Types) -> Value:
    """The value as an argument of that type; null if it misfits.

    A list of one stands for its item, an item for a list of one and a date for its midnight in UTC.
    """
    if kind is None or value is None or _fits(value, kind, types):
        return value
    if isinstance(value, list):
        return value[0] if len(value) == 1 and _fits(value[0], kind, types) else None
    if moments.is_day(value) and _fits(midnight := moments.midnight(value), kind, types):
        return midnight
    return [value] if _fits([value], kind, types) else None


def _are_instances(items: list[Value], kind: TypeName, types: Types) -> bool:
    """Whether the type that the items share is of that one; functions share Any for what they type
    differently."""
    functions = [item for item in items if isinstance(item, Function)]
    if len(functions) < max(2, len(items)) or len({len(one.parameters or ()) for one in functions}) > 1:
        return all(_fits(item, kind, types) for item in items)
    takes = tuple(_common(kinds) for kinds in zip(*(one.takes for one in functions), strict=False))
    return _fits(replace(functions[0], takes=takes, gives=_common([one.gives for one in functions])), kind, types)


def _common(kinds: Sequence[TypeName | None]) -> TypeName | None:
    return kinds[0] if all(kind == kinds[0] for kind in kinds) else ANY


def _fits(value: Value, kind: TypeName, types: Types) -> bool:
    """As a member of something: null is of every type there."""
    return value is None or is_instance(value, kind, types) is True


def _is_function(value: Value, kind: TypeName, types: Types) -> bool:
    """Whether a function takes all that the type takes, and gives what it gives, as far as that is
    stated."""
    if not isinstance(value, Function):
        return False
    if value.parameters is None or kind.result is None:
        return True
    if len(value.parameters) != len(kind.of):
        return False
    takes = value.takes or (None,) * len(kind.of)
    taken = all(_conforms(given, wanted, types) for given, wanted in zip(kind.of, takes, strict=True))
    return taken and _conforms(value.gives, kind.result, types)


def _conforms(kind: TypeName | None, wanted: TypeName | None, types: Types) -> bool:
    """Whether each value of a type is of the wanted one too; what is not stated fits."""
    if kind is None or kind == UNSTATED or wanted is None or wanted == ANY:
        return True
    kind, wanted = types(kind.name) or kind, types(wanted.name) or wanted
    if _ALIASES.get(kind.name, kind.name) != _ALIASES.get(wanted.name, wanted.name):
        return False
    if wanted.name == "context":
        members = dict(kind.members)
        return all(name in members and _conforms(members[name], member, types) for name, member in wanted.members)
    if wanted.name in {"list", "range"} and wanted.of:
        return _conforms(kind.of[0] if kind.of else ANY, wanted.of[0], types)
    return True


def of_constant(value: Value) -> TypeName:
    """The type of what a text states as it is; null is of every type."""
    if value is None:
        return UNSTATED
    return next((TypeName(name) for name, classes in _CLASSES.items() if type(value) in classes), UNSTATED)
