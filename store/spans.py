"""Stretches of time that lists are narrowed by: from one instant on, up to another that does not
count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.sql import ColumnElement


@dataclass(frozen=True, slots=True)
class Span:
    """``since`` ≤ instant < ``until``; None leaves a side open."""

    since: datetime | None = None
    until: datetime | None = None


ALWAYS = Span()


def within(column: Any, span: Span, never: Any = None) -> list[ColumnElement[bool]]:
    """The conditions that the column lies in the span; none for a span without ends. ``never`` lies
    in no span."""
    found: list[ColumnElement[bool]] = []
    if span.since is not None:
        found.append(column >= span.since)
    if span.until is not None:
        found.append(column < span.until)
    elif span.since is not None and never is not None:
        found.append(column < never)
    return found
