"""What people write about cases in words of their own: one home, so that erasure has one place to
empty.

Other tables keep codes, numbers and instants. Where a row of theirs came with words (a follow-up, a
line of the history), these stand here under the row's id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, or_, select, update

from cases.ids import new_id
from store.models import Case, CaseWord
from store.session import Tx

WORDS: Final = "words"
"""The name under which a line of the history comes with words; it is shown with them, and kept
without."""

_words = CaseWord.__table__


async def write(
    tx: Tx, case_id: UUID, at: datetime, words: Mapping[str, str | Sequence[str]], of_id: UUID | None = None
) -> None:
    """Keeps what the transaction's actor wrote about a case, a row a text; ``of_id`` is the row
    that it belongs to."""
    by = str(tx.actor)
    rows = [
        {"id": new_id(), "case_id": case_id, "at": at, "by": by, "field": field, "text": one, "of_id": of_id}
        for field, said in words.items()
        for one in ((said,) if isinstance(said, str) else said)
        if one
    ]
    if rows:
        await tx.session.execute(insert(_words), rows)


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody wrote about a case. Personal data: it may name anybody."""

    at: datetime
    by: str
    field: str
    text: str


async def of_case(tx: Tx, case_id: UUID) -> tuple[Word, ...]:
    """All that was written about a case, the oldest first."""
    columns = (_words.c.at, _words.c.by, _words.c.field, _words.c.text)
    rows = await tx.session.execute(select(*columns).where(_words.c.case_id == case_id).order_by(_words.c.id))
    return tuple(Word(*row) for row in rows)


def written(of_id: ColumnElement[UUID], field: str) -> ColumnElement[str]:
    """The text that was written in a field with a row, empty if there is none or it was erased."""
    return func.coalesce(_text(of_id, field), "").label(field)


def with_words(data: ColumnElement[Any], of_id: ColumnElement[UUID]) -> ColumnElement[Any]:
    """A line's data with the words that came with it, if they are there."""
    said = func.jsonb_build_object(WORDS, func.nullif(_text(of_id, WORDS), ""))
    return func.coalesce(data.op("||")(func.jsonb_strip_nulls(said)), data).label("data")


async def forget(tx: Tx, customer_id: UUID) -> None:
    """Empties what was written about a customer's cases, and about cases that came from them."""
    cases = Case.__table__
    own = select(cases.c.id).where(cases.c.customer_id == customer_id)
    about = select(cases.c.id).where(or_(cases.c.id.in_(own), cases.c.about_id.in_(own)))
    await tx.session.execute(update(_words).where(_words.c.case_id.in_(about)).values(text=""))


def _text(of_id: ColumnElement[UUID], field: str) -> Any:
    return select(_words.c.text).where(_words.c.of_id == of_id, _words.c.field == field).scalar_subquery()
