"""The types that columns can declare, and how a given value is made to fit or refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from rules.feel import Value, YearMonthDuration, times
from rules.feel.moments import FarDate, FarDateTime, FineTime

_ALIASES = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "days and time duration": "days and time duration",
    "years and months duration": "years and months duration",
    "integer": "number",
    "long": "number",
    "double": "number",
}
_WHOLE = frozenset({"integer", "long"})
_CLASSES: dict[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "date": (date, FarDate),
    "time": (time, FineTime),
    "date and time": (datetime, FarDateTime),
    "days and time duration": (timedelta,),
    "years and months duration": (YearMonthDuration,),
}
_FROM_TEXT: dict[str, Callable[[str], Value]] = {
    "date": times.date_from,
    "time": times.time_from,
    "date and time": times.date_time_from,
    "days and time duration": times.duration_from,
    "years and months duration": times.duration_from,
}


def kind_of(type_ref: str | None) -> str | None:
    """The FEEL type that a ``typeRef`` names; None for ``Any``, lists and structures, which are not
    checked."""
    if not type_ref:
        return None
    local = type_ref.rpartition(":")[2].strip()
    local = _ALIASES.get(local, local)
    return local if local in _CLASSES else None


def is_whole(type_ref: str | None) -> bool:
    """Whether the ``typeRef`` asks for whole numbers, as some editors' ``integer`` and ``long``
    do."""
    return (type_ref or "").rpartition(":")[2].strip() in _WHOLE


def fits(value: Value, kind: str | None) -> bool:
    """Whether the value is of that type; null always is."""
    return kind is None or value is None or type(value) in _CLASSES[kind]


def fitted(value: Value, kind: str | None) -> Value:
    """The value as its type; dates, times and durations may come as ISO text, for JSON has none.

    Raises:
        ValueError: it does not fit; the message says what is needed.
    """
    if kind is None or type(value) in _CLASSES[kind] or value is None:
        return value
    if isinstance(value, str) and kind in _FROM_TEXT:
        read = _FROM_TEXT[kind](value)
        if read is not None and type(read) in _CLASSES[kind]:
            return read
    raise ValueError(f"a {kind} is needed")
