"""Lists in pages: ``next`` of one page is the ``cursor`` of the following one."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from leads.errors import FieldProblem, Invalid
from store.views import Position

Item = TypeVar("Item")

Limit = Annotated[int, Query(ge=1, le=200, description="Rows of a page")]
Cursor = Annotated[str | None, Query(max_length=200, description="`next` of the page before")]


class Page(BaseModel, Generic[Item]):
    """What every list answers: a page of it; ``next`` is None on the last one, ``total`` is there when asked for."""

    model_config = ConfigDict(frozen=True)

    items: Sequence[Item]
    next: str | None = Field(description="The `cursor` of the following page; null on the last one")
    total: int | SkipJsonSchema[None] = Field(
        default=None, exclude_if=lambda total: total is None, description="Rows on all pages; with `total=true` only"
    )

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """``LeadLinePage``, a name that generated clients can live with."""
        return f"{params[0].__name__}Page"


def behind(cursor: str | None, *readers: Callable[[Any], Any]) -> tuple[Any, ...] | None:
    """What the page before ended with, each part as its reader takes it (raising ``ValueError``, ``TypeError``).

    Raises ``Invalid`` for anything that this list did not give out.
    """
    if cursor is None:
        return None
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
        return tuple(reader(part) for reader, part in zip(readers, parts, strict=True))
    except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError) as failure:
        raise Invalid("cursor_invalid", problems=(FieldProblem("cursor", "bad_format"),)) from failure


def an_instant(part: Any) -> datetime:
    """A reader of ``behind``."""
    at = datetime.fromisoformat(part)
    if at.tzinfo is None:
        raise ValueError("no zone")
    return at


def a_number(part: Any) -> int:
    """A reader of ``behind``."""
    if type(part) is not int or not 0 <= part < 2**63:
        raise ValueError("not the number of a row")
    return part


def position(cursor: str | None) -> Position | None:
    """Where the page before ended, in a list ordered by instants. Raises ``Invalid``."""
    found = behind(cursor, an_instant, UUID)
    return found and (found[0], found[1])


def page(rows: Sequence[Item], limit: int, place: Callable[[Item], tuple[Any, ...]]) -> Page[Item]:
    """Cuts ``limit`` rows from a read of ``limit + 1`` and names where the next page begins."""
    shown = rows[:limit]
    if len(rows) <= limit:
        return Page(items=shown, next=None)
    text = json.dumps(place(shown[-1]), default=_written, separators=(",", ":"))
    return Page(items=shown, next=base64.urlsafe_b64encode(text.encode()).decode())


def whole(rows: Sequence[Item]) -> Page[Item]:
    """A short list, given in one page."""
    return Page(items=rows, next=None)


def _written(part: Any) -> str:
    return part.isoformat() if isinstance(part, datetime) else str(part)
