"""Lists in pages: ``next`` of one page is the ``cursor`` of the following one, and every list
answers alike."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar, cast
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from cases.errors import FieldProblem, Invalid
from store.listing import MOST_COUNTED, Order, Rows, Window

Item = TypeVar("Item")

_CURSOR = "`next` of the page before"
_TOTAL = f"Count the rows of all pages, too, up to {MOST_COUNTED:,}"
_LIMIT = "Rows of a page"


class Page(BaseModel, Generic[Item]):
    """What every list answers: a page of it; ``next`` is None on the last one, ``total`` is there
    when asked for."""

    model_config = ConfigDict(frozen=True)

    items: Sequence[Item]
    next: str | None = Field(description="The `cursor` of the following page; null on the last one")
    total: int | SkipJsonSchema[None] = Field(
        default=None, exclude_if=lambda total: total is None, description="Rows on all pages; with `total=true` only"
    )
    total_exceeded: bool | SkipJsonSchema[None] = Field(
        default=None,
        exclude_if=lambda exceeded: exceeded is None,
        description=f"true beside `total`: there are more rows than these {MOST_COUNTED:,}, which were not counted",
    )

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """``LeadLinePage``, a name that generated clients can live with."""
        return f"{params[0].__name__}Page"


class Paging(BaseModel):
    """Query parameters that every list has: which page, how long, whether to count."""

    model_config = ConfigDict(extra="forbid")

    cursor: str | None = Field(default=None, max_length=400, description=_CURSOR)
    limit: int = Field(default=50, ge=1, le=200, description=_LIMIT)
    total: bool = Field(default=False, description=_TOTAL)

    def window(self, order: Order) -> Window:
        """The part of a list that is asked for. Raises ``Invalid`` for a cursor that this list did
        not give out."""
        readers = [_READERS[key.type.python_type] for key in order.keys]
        return Window(self.limit, _behind(self.cursor, order.name, readers), self.total)


Cursor = Annotated[str | None, Query(max_length=400, description=_CURSOR)]
Total = Annotated[bool, Query(description=_TOTAL)]


def _few(
    cursor: Cursor = None, limit: Annotated[int, Query(ge=1, le=200, description=_LIMIT)] = 50, total: Total = False
) -> Paging:
    return Paging(cursor=cursor, limit=limit, total=total)


def _many(
    cursor: Cursor = None, limit: Annotated[int, Query(ge=1, le=500, description=_LIMIT)] = 500, total: Total = False
) -> Paging:
    return Paging.model_construct(cursor=cursor, limit=limit, total=total)


Asked = Annotated[Paging, Depends(_few)]
"""The page that is asked for, where a list has other parameters of its own."""

AskedMany = Annotated[Paging, Depends(_many)]
"""Of a list of short rows, or one that is short itself: all of it on one page, mostly."""


def page(found: Rows[Item]) -> Page[Item]:
    """What the store found, as an answer."""
    return shown(found, found.items)


def shown(found: Rows[Any], items: Sequence[Item]) -> Page[Item]:
    """As ``page``, with the rows as people see them."""
    exceeded = found.total is not None and found.total > MOST_COUNTED
    total = MOST_COUNTED if exceeded else found.total
    return Page(items=items, next=_cursor(found.order, found.last), total=total, total_exceeded=exceeded or None)


def cut(name: str, rows: Sequence[Item], asked: Paging, key: Callable[[Item], tuple[Any, ...]]) -> Page[Item]:
    """A page of a list that is short enough to be read whole, in the order of ``key``: numbers or
    texts."""
    after = _behind(asked.cursor, name, None)
    try:
        rest = sorted((row for row in rows if after is None or key(row) > after), key=key)
    except TypeError as failure:
        raise _invalid() from failure
    items = rest[: asked.limit]
    last = key(items[-1]) if len(rest) > asked.limit else None
    return Page(items=items, next=_cursor(name, last), total=len(rows) if asked.total else None)


def _cursor(name: str, last: tuple[Any, ...] | None) -> str | None:
    if last is None:
        return None
    text = json.dumps([name, *last], default=_written, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode()


def _behind(cursor: str | None, name: str, readers: Sequence[Callable[[Any], Any]] | None) -> tuple[Any, ...] | None:
    """The keys in a cursor that the list of this name gave out. Raises ``Invalid`` for any
    other."""
    if cursor is None:
        return None
    try:
        said = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
        if not isinstance(said, list):
            raise TypeError("no list")
        parts = cast("list[Any]", said)
        if parts[0] != name:
            raise ValueError("another list's")
        return tuple(
            parts[1:] if readers is None else (read(part) for read, part in zip(readers, parts[1:], strict=True))
        )
    except (ValueError, TypeError, AttributeError, IndexError, binascii.Error, RecursionError) as failure:
        raise _invalid() from failure


def _invalid() -> Invalid:
    return Invalid("cursor_invalid", problems=(FieldProblem("cursor", "bad_format"),))


def _instant(part: Any) -> datetime:
    at = datetime.fromisoformat(part)
    if at.tzinfo is None:
        raise ValueError("no zone")
    return at


def _number(part: Any) -> int:
    if type(part) is not int or not 0 <= part < 2**63:
        raise ValueError("not the number of a row")
    return part


def _text(part: Any) -> str:
    if not isinstance(part, str) or "\x00" in part:
        raise TypeError("no text")
    return part


_READERS: dict[type, Callable[[Any], Any]] = {datetime: _instant, UUID: UUID, int: _number, str: _text}
"""What the keys of orders are made of."""


def _written(part: Any) -> str:
    return part.isoformat() if isinstance(part, datetime) else str(part)
