"""Functions on contexts (DMN 1.5, 10.3.4.9)."""

from __future__ import annotations

from rules.feel.library.arguments import items, single
from rules.feel.values import Value


def get_value(given: Value, key: Value) -> Value:
    value = single(given)
    keys = key if isinstance(key, list) else [key]
    for step in keys:
        if not isinstance(value, dict) or not isinstance(step, str):
            return None
        value = value.get(step)
    return value if keys else None


def get_entries(given: Value) -> Value:
    context = single(given)
    if not isinstance(context, dict):
        return None
    return [{"key": key, "value": value} for key, value in context.items()]


def context(entries: Value) -> Value:
    made: dict[str, Value] = {}
    for entry in items(entries) or ():
        if not isinstance(entry, dict) or "value" not in entry:
            return None
        key = entry.get("key")
        if not isinstance(key, str) or key in made:
            return None
        made[key] = entry["value"]
    return None if entries is None else made


def put(given: Value, key: Value, value: Value) -> Value:
    """The context with one entry more or another; a list of keys goes down into inner contexts."""
    inner = single(given)
    keys: list[Value] = key if isinstance(key, list) else [key]
    if not isinstance(inner, dict) or not keys or not isinstance(keys[0], str):
        return None
    if len(keys) == 1:
        return {**inner, keys[0]: value}
    deeper = put(inner.get(keys[0]), keys[1:], value)
    return None if deeper is None else {**inner, keys[0]: deeper}


def merge(contexts: Value) -> Value:
    listed = items(contexts)
    if listed is None:
        return None
    made: dict[str, Value] = {}
    for one in listed:
        if not isinstance(one, dict):
            return None
        made |= one
    return made
