"""Values as text: FEEL literals that read back, numbers without exponents, plain JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from rules.feel import times
from rules.feel.bounds import CHARACTERS, DIGITS, charge, charge_text
from rules.feel.errors import FeelTooMuch
from rules.feel.moments import MOMENTS, is_clock, is_date_time
from rules.feel.values import Range, Value, YearMonthDuration


def plain(value: Decimal) -> str:
    """A number without exponent and without trailing zeros."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


_ESCAPES: dict[int, str] = {
    **{code: f"\\u{code:04x}" for code in range(0x20)},
    **{ord(char): f"\\{shown}" for char, shown in (('"', '"'), ("\\", "\\"), ("\n", "n"), ("\r", "r"), ("\t", "t"))},
}


def literal(value: Value) -> str:
    """The FEEL text that reads back as the value."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{value.translate(_ESCAPES)}"'
        case Decimal():
            return plain(value)
        case list():
            return f"[{', '.join(map(literal, value))}]"
        case dict():
            return "{" + ", ".join(f"{literal(key)}: {literal(item)}" for key, item in value.items()) + "}"
        case timedelta() | YearMonthDuration():
            return f'duration("{times.iso(value)}")'
        case Range():
            if value.operator:
                return f"({value.operator} {literal(value.low if value.begins else value.high)})"
            opened, closed = "[" if value.low_closed else "(", "]" if value.high_closed else ")"
            return f"{opened}{literal(value.low)}..{literal(value.high)}{closed}"
        case _ if isinstance(value, MOMENTS):
            function = "date and time" if is_date_time(value) else "time" if is_clock(value) else "date"
            return f'{function}("{times.iso(value)}")'
        case _:
            return "null"


_PLAIN_KEY = re.compile(r"[^\W\d]\w*(?: \w+)*")


def shown(value: Value) -> str:
    """The text that ``string(…)`` makes: as a literal, but for dates, times and durations, which
    stand alone."""
    match value:
        case list():
            return f"[{_together(map(shown_inside, value))}]"
        case dict():
            return f"{{{_together(f'{_key(key)}: {shown_inside(item)}' for key, item in value.items())}}}"
        case Range():
            opened, closed = "[" if value.low_closed else "(", "]" if value.high_closed else ")"
            return f"{opened}{shown_inside(value.low)}..{shown_inside(value.high)}{closed}"
        case timedelta() | YearMonthDuration():
            return times.named(value)
        case _:
            return times.named(value) if isinstance(value, MOMENTS) else literal(value)


def _together(parts: Iterable[str]) -> str:
    found: list[str] = []
    length = 0
    for part in parts:
        charge(1)
        length += len(part) + 2
        found.append(part)
        if length > CHARACTERS.limit:
            raise FeelTooMuch(CHARACTERS)
    charge_text(length)
    return ", ".join(found)


def shown_inside(value: Value) -> str:
    """An item of a list or an entry of a context, as ``string(…)`` shows it."""
    return literal(value) if isinstance(value, str) else shown(value)


def _key(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else literal(key)


def to_json(value: Value) -> Any:
    """A plain JSON value: whole decimals as ints, others as floats; instants, dates and durations
    as ISO 8601.

    An aware date and time is written in UTC with ``Z``.
    """
    kind = type(value)
    if value is None or kind is str or kind is bool:
        return value
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case list():
            charge(len(value))
            return [to_json(item) for item in value]
        case dict():
            charge(len(value))
            return {key: to_json(item) for key, item in value.items()}
        case Range():
            return {"low": to_json(value.low), "high": to_json(value.high)}
        case timedelta() | YearMonthDuration():
            return times.iso(value)
        case _:
            return times.iso(value, in_utc=True) if isinstance(value, MOMENTS) else None


def handed_on(value: Value) -> Any:
    """As ``to_json``, of what is kept as it is: neither store nor Temporal takes a number of any
    length.

    Raises:
        FeelTooMuch: a number has more digits than the bounds allow.
    """
    _must_be_short(value)
    return to_json(value)


def _must_be_short(value: Value) -> None:
    if isinstance(value, Decimal):
        if value.adjusted() >= DIGITS.limit:
            raise FeelTooMuch(DIGITS)
    elif isinstance(value, list):
        for item in value:
            _must_be_short(item)
    elif isinstance(value, dict):
        for item in value.values():
            _must_be_short(item)
