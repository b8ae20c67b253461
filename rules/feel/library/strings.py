"""Functions on strings (DMN 1.5, 10.3.4.3)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from rules.feel import bounds
from rules.feel.library import patterns
from rules.feel.library.arguments import items, text, whole
from rules.feel.values import Value


def of_one(operation: Callable[[str], Value]) -> Callable[[Value], Value]:
    """A function of one string."""

    def call(given: Value) -> Value:
        string = text(given)
        return None if string is None else operation(string)

    return call


def of_two(operation: Callable[[str, str], Value]) -> Callable[[Value, Value], Value]:
    """A function of two strings."""

    def call(given: Value, other: Value) -> Value:
        string, second = text(given), text(other)
        return None if string is None or second is None else operation(string, second)

    return call


def length(string: str) -> Value:
    return Decimal(len(string))


def before(string: str, match: str) -> Value:
    return string.partition(match)[0] if match and match in string else ""


def after(string: str, match: str) -> Value:
    return string.partition(match)[2] if match else string


def contains(string: str, match: str) -> Value:
    return match in string


def substring(given: Value, start: Value, count: Value = None) -> Value:
    string, first, many = text(given), whole(start), whole(count)
    if string is None or not first or abs(first) > len(string):
        return None
    begin = first - 1 if first > 0 else len(string) + first
    if count is None:
        return string[begin:]
    return string[begin : begin + many] if many is not None and many > 0 else None


def matches(given: Value, pattern: Value, flags: Value = None) -> Value:
    string, found = text(given), patterns.read(pattern, flags)
    return None if string is None or found is None else patterns.matches(found, string)


def replace(given: Value, pattern: Value, replacement: Value, flags: Value = None) -> Value:
    string, found = text(given), patterns.read(pattern, flags)
    if string is None or found is None:
        return None
    return patterns.replaced(found, string, text(replacement), literally="q" in (text(flags) or ""))


def split(given: Value, delimiter: Value) -> Value:
    string, found = text(given), patterns.read(delimiter)
    return None if string is None or found is None else patterns.split(found, string)


def join(given: Value, delimiter: Value = None, prefix: Value = None, suffix: Value = None) -> Value:
    listed = items(given)
    between, first, last = text(delimiter), text(prefix), text(suffix)
    extra = ((delimiter, between), (prefix, first), (suffix, last))
    if listed is None or any(told is not None and read is None for told, read in extra):
        return None
    strings = [item for item in listed if item is not None]
    made = [item for item in strings if isinstance(item, str)]
    if len(made) < len(strings):
        return None
    length = sum(map(len, made)) + len(between or "") * max(0, len(made) - 1)
    bounds.characters(length + len(first or "") + len(last or ""))
    return (first or "") + (between or "").join(made) + (last or "")
