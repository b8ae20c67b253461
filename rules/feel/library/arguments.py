"""How arguments are made to fit: a list of one stands for its item, an item for a list of one (DMN
1.5, 10.3.2.9.4)."""

from __future__ import annotations

from decimal import Decimal

from rules.feel.bounds import charge, charge_text
from rules.feel.values import Value


def single(value: Value) -> Value:
    """What a parameter that takes no list gets."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def text(value: Value) -> str | None:
    value = single(value)
    if not isinstance(value, str):
        return None
    charge_text(len(value))
    return value


def decimal(value: Value) -> Decimal | None:
    value = single(value)
    return value if isinstance(value, Decimal) else None


def whole(value: Value) -> int | None:
    """A position or a count: what stands behind the decimal point is cut off."""
    number = decimal(value)
    return None if number is None or abs(number) > 10**9 else int(number)


def items(value: Value) -> list[Value] | None:
    """What a parameter that takes a list gets; null stays null."""
    if isinstance(value, list):
        charge(len(value))
        return value
    return None if value is None else [value]


def several(values: tuple[Value, ...]) -> list[Value] | None:
    """``min(1, 2)`` and ``min([1, 2])`` are the same."""
    return items(values[0]) if len(values) == 1 else list(values)
