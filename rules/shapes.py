"""The shapes that item definitions give to values, and how values are made to fit (DMN 1.5, 7.3.2
and 10.3.2.9.4)."""

from __future__ import annotations

from dataclasses import dataclass

from rules.feel import FeelError, Tests, Value
from rules.feel.moments import is_day, midnight
from rules.types import fits, fitted


@dataclass(frozen=True, slots=True)
class Shape:
    """What a value has to be: of a base type, a context of components, or a list of items; and
    among allowed values.

    Nothing stated fits everything. Each of ``allowed`` has to be true of the value.
    """

    kind: str | None = None
    components: tuple[tuple[str, Shape], ...] = ()
    items: Shape | None = None
    allowed: tuple[Tests, ...] = ()


ANYTHING = Shape()


def shaped(value: Value, shape: Shape, *, from_text: bool = True) -> Value:
    """The value in its shape; null fits every shape.

    A list of one stands for its item, however deep, an item for a list of one and a date for its
    midnight in UTC, as FEEL converts them. What comes from outside may have dates, times and
    durations as ISO text, for JSON has none, and may leave components out (``from_text``).

    Raises:
        ValueError: it does not fit; the message says what is needed and never shows the value.
    """
    if value is None or shape is ANYTHING:
        return value
    if shape.items is not None:
        listed = value if isinstance(value, list) else [value]
        value = [shaped(item, shape.items, from_text=from_text) for item in listed]
    elif shape.kind or shape.components:
        while isinstance(value, list) and len(value) == 1:
            (value,) = value
        context = shape.components and value is not None
        value = _context(value, shape, from_text) if context else _simple(value, shape.kind, from_text)
    if not all(value is None or tests.run(value, {}) is True for tests in shape.allowed):
        raise ValueError("is not among the allowed values")
    return value


def conforming(value: Value, shape: Shape) -> Value:
    """The value in its shape, or null if it does not fit: what FEEL makes of a result of another
    type than declared."""
    try:
        return shaped(value, shape, from_text=False)
    except FeelError:
        raise
    except ValueError:
        return None


def _simple(value: Value, kind: str | None, from_text: bool) -> Value:
    if kind == "date and time" and is_day(value):
        return midnight(value)
    if from_text or fits(value, kind):
        return fitted(value, kind)
    raise ValueError(f"a {kind} is needed")


def _context(value: Value, shape: Shape, from_text: bool) -> Value:
    if not isinstance(value, dict):
        raise ValueError("a context is needed")
    made = dict(value)
    for name, inner in shape.components:
        if not from_text and name not in value:
            raise ValueError(f"component {name} is needed")
        try:
            made[name] = shaped(value.get(name), inner, from_text=from_text)
        except ValueError as misfit:
            raise ValueError(f"component {name}: {misfit}") from None
    return made
