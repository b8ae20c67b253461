"""Whether two FEEL texts say the same: spaces, positions and ways to write a number aside.

Syntax trees alone cannot tell, since Python takes ``True`` for 1.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import fields, is_dataclass
from typing import Any, cast

from rules.feel import Expression, Tests


def same(one: Expression | Tests | None, other: Expression | Tests | None) -> bool:
    """Whether both are there, or neither, and mean the same by their form."""
    return meaning(one) == meaning(other)


def meaning(said: Expression | Tests | None) -> Hashable:
    """What is said, as something that is equal where the texts say the same."""
    return None if said is None else _of(cast(object, said.node))


def _of(part: object) -> Hashable:
    if is_dataclass(part) and not isinstance(part, type):
        inner = (getattr(part, field.name) for field in fields(part) if field.name != "at")
        return (type(part).__name__, *map(_of, inner))
    if isinstance(part, (tuple, list)):
        return tuple(map(_of, cast("tuple[object, ...]", part)))
    return (type(part).__name__, cast(Any, part))
