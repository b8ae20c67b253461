"""What back-tests have found, line by line: a lead's lines together, in the order of its
decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, or_, select

from store.engine import sight
from store.listing import Order, Rows, Window, part
from store.models import BacktestLine, Dealer, DecisionRecord
from store.session import Tx

_lines = BacktestLine.__table__
ORDER = Order("backtest_lines", (_lines.c.case_id, _lines.c.at, _lines.c.decision_id))
_decisions = DecisionRecord.__table__
_dealers = Dealer.__table__


@dataclass(frozen=True, slots=True)
class BacktestLineRow:
    """One decision of the table ``key`` that would have had another effect
    (``domain.policy.findings``)."""

    decision_id: UUID
    kind: str
    case_id: UUID
    at: datetime
    key: str
    old: dict[str, Any]
    new: dict[str, Any]


async def lines(
    tx: Tx,
    backtest_id: UUID,
    window: Window,
    *,
    kind: str | None = None,
    dealer: str | None = None,
    lead: UUID | None = None,
) -> Rows[BacktestLineRow]:
    """Lines of a back-test. ``dealer`` (a code): what it lost, gained or had."""
    c = _lines.c
    query = (
        select(c.decision_id, c.kind, c.case_id, c.at, _decisions.c.key, c.old, c.new)
        .join(_decisions, _decisions.c.id == c.decision_id)
        .where(c.backtest_id == backtest_id, *sight.of_rows(tx, c.case_id))
    )
    if kind is not None:
        query = query.where(c.kind == kind)
    if lead is not None:
        query = query.where(c.case_id == lead)
    if dealer is not None:
        named = [side[name].astext for side in (c.old, c.new) for name in ("dealer", "at")]
        wanted = select(cast(_dealers.c.id, Text)).where(_dealers.c.code == dealer).scalar_subquery()
        query = query.where(or_(*(one == wanted for one in named)))
    return await part(tx, query, ORDER, window, lambda row: BacktestLineRow(*row[:7]))
