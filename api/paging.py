"""Lists in pages: ``next`` of one page is the ``cursor`` of the following one."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from fastapi import Query

from leads.errors import FieldProblem, Invalid
from store.views import Position

Item = TypeVar("Item")

Limit = Annotated[int, Query(ge=1, le=200, description="Rows of a page")]
Cursor = Annotated[str | None, Query(max_length=200, description="`next` of the page before")]


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """A page of a list; ``next`` is None on the last one."""

    items: Sequence[Item]
    next: str | None


def position(cursor: str | None) -> Position | None:
    """Where the page before ended. Raises ``Invalid`` for anything that we did not give out."""
    if cursor is None:
        return None
    try:
        instant, row_id = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
        at = datetime.fromisoformat(instant)
        if at.tzinfo is None:
            raise ValueError("no zone")
        return at, UUID(row_id)
    except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError) as failure:
        raise Invalid("cursor_invalid", problems=(FieldProblem("cursor", "bad_format"),)) from failure


def page(rows: Sequence[Item], limit: int, place: Callable[[Item], Position]) -> Page[Item]:
    """Cuts ``limit`` rows from a read of ``limit + 1`` and names where the next page begins."""
    shown = rows[:limit]
    if len(rows) <= limit:
        return Page(shown, None)
    at, row_id = place(shown[-1])
    text = json.dumps([at.isoformat(), str(row_id)], separators=(",", ":"))
    return Page(shown, base64.urlsafe_b64encode(text.encode()).decode())
