"""What a shadow saw: how many decisions it was asked about, how many it makes otherwise, which, and
how."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, case, column, func, select

from store.engine import sight
from store.listing import Order, Rows, Window, part
from store.models import DecisionRecord, ShadowLine
from store.session import Tx

MOST_CHANGES: Final = 100
"""Kinds of change that a report counts one by one: the frequent ones."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Decisions that a shadow was asked about (``seen``): makes otherwise, cannot make."""

    seen: int = 0
    differing: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class ShadowChange:
    """So many decisions have this output ``old`` by the live table and ``new`` by the shadow (None:
    no such output).

    Of a choice among candidates, ``output`` is chosen and the values are codes of dealers or
    consultants.
    """

    output: str
    old: Any
    new: Any
    count: int


@dataclass(frozen=True, slots=True)
class ShadowLineRow:
    """One live decision that the shadow would have made otherwise, or could not make
    (``problem``)."""

    decision_id: UUID
    case_id: UUID
    at: datetime
    old: dict[str, Any]
    new: dict[str, Any]
    problem: str | None
    changes: tuple[str, ...]


_lines = ShadowLine.__table__
_decisions = DecisionRecord.__table__
ORDER = Order("differences", (_lines.c.at, _lines.c.decision_id))


async def counts(tx: Tx, shadow_ids: Iterable[UUID]) -> dict[UUID, Counts]:
    """How each of these shadows stands."""
    ids, c, d = [*shadow_ids], _lines.c, _decisions.c
    asked = select(d.shadow_id, func.count()).where(d.shadow_id.in_(ids)).group_by(d.shadow_id)
    noted = select(c.shadow_id, func.count(), func.count(c.problem)).where(c.shadow_id.in_(ids)).group_by(c.shadow_id)
    seen = {shadow: number for shadow, number in (await tx.session.execute(asked)).all()}
    other = {shadow: (lines, failed) for shadow, lines, failed in (await tx.session.execute(noted)).all()}
    found: dict[UUID, Counts] = {}
    for shadow in ids:
        lines, failed = other.get(shadow, (0, 0))
        found[shadow] = Counts(seen.get(shadow, 0), lines - failed, failed)
    return found


async def changes(tx: Tx, shadow_id: UUID) -> tuple[ShadowChange, ...]:
    """What changes into what, the most frequent first; the ``MOST_CHANGES`` most frequent ones."""
    c = _lines.c
    each = select(func.jsonb_array_elements_text(c.changes).label("output"), c.old, c.new)
    line = each.where(c.shadow_id == shadow_id, c.problem.is_(None)).subquery()
    output, old, new = line.c.output, _said(line.c.old, line.c.output), _said(line.c.new, line.c.output)
    count = func.count().label("count")
    query = select(output, old.label("old"), new.label("new"), count).group_by(column("output"), "old", "new")
    rows = await tx.session.execute(query.order_by(count.desc(), output, "old", "new").limit(MOST_CHANGES))
    return tuple(ShadowChange(*row) for row in rows)


async def problems(tx: Tx, shadow_id: UUID) -> dict[str, int]:
    """Why the shadow could not say, and how often."""
    c = _lines.c
    query = select(c.problem, func.count()).where(c.shadow_id == shadow_id, c.problem.is_not(None)).group_by(c.problem)
    return {str(code): count for code, count in (await tx.session.execute(query.order_by(c.problem))).all()}


async def lines(tx: Tx, shadow_id: UUID, window: Window) -> Rows[ShadowLineRow]:
    """Decision by decision, in the order of their instants."""
    c = _lines.c
    query = select(c.decision_id, c.case_id, c.at, c.old, c.new, c.problem, c.changes).where(c.shadow_id == shadow_id)
    query = query.where(*sight.of_rows(tx, c.case_id))
    return await part(tx, query, ORDER, window, lambda row: ShadowLineRow(*row[:6], changes=tuple(row.changes)))


def _said(result: ColumnElement[Any], output: ColumnElement[str]) -> ColumnElement[Any]:
    """An output's value; of a choice the code, by which people know who was chosen."""
    return result[case((output == "chosen", "code"), else_=output)]
