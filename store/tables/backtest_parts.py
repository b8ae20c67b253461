"""The work of back-tests in parts, shared among any number of processes.

A part is taken, read, tried and written in one transaction: whoever dies on the way leaves it to
the next one as if nobody had begun, and nobody else takes it meanwhile. Progress is the parts that
are done.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Integer, Text, Uuid, bindparam, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY

from store.models import Backtest as BacktestRow
from store.models import BacktestPart
from store.session import Tx
from store.tables import backtests
from store.tables.backtests import Backtest, BacktestState

SIZE = 4_000
"""Decisions in a part, about: a second of work, so that progress moves and little is lost with a
process."""


@dataclass(frozen=True, slots=True)
class Part:
    """A share of the leads of a running back-test, which this transaction holds."""

    backtest: Backtest
    number: int
    first_lead: UUID
    last_lead: UUID
    size: int


_backtests = BacktestRow.__table__
_parts = BacktestPart.__table__

_PLAN = text(
    """
    INSERT INTO backtest_parts (backtest_id, number, first_lead, last_lead, size)
    SELECT :id, row_number() OVER (ORDER BY share), (array_agg(case_id ORDER BY case_id))[1],
           (array_agg(case_id ORDER BY case_id DESC))[1], sum(many)
    FROM (
        SELECT case_id, many, div(sum(many) OVER (ORDER BY case_id) - many, :size) AS share
        FROM (
            SELECT case_id, count(*)::bigint AS many FROM decisions
            WHERE key = ANY(:keys) AND at >= :since AND at < :until GROUP BY case_id
        ) AS counted
    ) AS shared
    GROUP BY share
    """
).bindparams(
    bindparam("id", type_=Uuid()),
    bindparam("keys", type_=ARRAY(Text())),
    bindparam("since", type_=DateTime(timezone=True)),
    bindparam("until", type_=DateTime(timezone=True)),
    bindparam("size", type_=Integer()),
)
"""Parts are ranges of lead ids, which an index finds, of about as many decisions each; a lead is in
one part only."""


async def plan(
    tx: Tx, keys: Callable[[str], Sequence[str]], *, only: UUID | None = None, size: int = SIZE
) -> UUID | None:
    """Divides the oldest back-test that nobody has begun into parts, and gives its id; None if
    there is none.

    ``keys`` says of a table whose decisions a back-test of it reads.
    """
    c = _backtests.c
    query = select(c.id, c.key, c.since, c.until).where(c.state == BacktestState.WAITING).order_by(c.id).limit(1)
    if only is not None:
        query = query.where(c.id == only)
    row = (await tx.session.execute(query.with_for_update(skip_locked=True))).one_or_none()
    if row is None:
        return None
    bounds = {"id": row.id, "keys": list(keys(row.key)), "since": row.since, "until": row.until, "size": size}
    await tx.session.execute(_PLAN, bounds)
    begun = (
        update(_backtests).where(c.id == row.id).values(state=BacktestState.RUNNING.value, began_at=datetime.now(UTC))
    )
    await tx.session.execute(begun)
    await _finish(tx, row.id)  # a period without decisions has no parts
    return row.id


async def take(tx: Tx, only: UUID | None = None) -> Part | None:
    """A part that is not done and that nobody else holds, for this transaction; None if there is
    none."""
    c, p = _backtests.c, _parts.c
    query = (
        select(c.id, p.number, p.first_lead, p.last_lead, p.size)
        .join(_parts, p.backtest_id == c.id)
        .where(c.state == BacktestState.RUNNING, p.done_at.is_(None))
        .order_by(c.id, p.number)
        .limit(1)
        .with_for_update(of=_parts, skip_locked=True)
    )
    if only is not None:
        query = query.where(c.id == only)
    row = (await tx.session.execute(query)).one_or_none()
    return None if row is None else Part(await backtests.one(tx, row[0]), *row[1:])


_WRITE = text(
    """
    INSERT INTO backtest_lines (backtest_id, decision_id, kind, case_id, at, old, new)
    SELECT :id, decision_id, kind, case_id, at, old, new
    FROM jsonb_to_recordset(CAST(:lines AS jsonb)) AS line
        (decision_id uuid, kind text, case_id uuid, at timestamptz, old jsonb, new jsonb)
    """
).bindparams(bindparam("id", type_=Uuid()), bindparam("lines", type_=Text()))
_LINES_AT_A_TIME = 2_000


async def write(tx: Tx, part: Part, lines: Iterable[Mapping[str, Any]], found: Mapping[str, Any]) -> bool:
    """Writes what a part has found: its lines (columns of ``backtest_lines``) and its totals. True
    if it was the last one: the back-test is then done."""
    rows = list(lines)
    for start in range(0, len(rows), _LINES_AT_A_TIME):
        some = json.dumps(rows[start : start + _LINES_AT_A_TIME], default=_as_text, ensure_ascii=False)
        await tx.session.execute(_WRITE, {"id": part.backtest.id, "lines": some})
    p = _parts.c
    mine = update(_parts).where(p.backtest_id == part.backtest.id, p.number == part.number)
    await tx.session.execute(mine.values(done_at=datetime.now(UTC), totals=dict(found)))
    return await _finish(tx, part.backtest.id)


async def keep_totals(tx: Tx, backtest_id: UUID, whole: Mapping[str, Any]) -> None:
    """Keeps what all parts together have come to."""
    await tx.session.execute(update(_backtests).where(_backtests.c.id == backtest_id).values(totals=dict(whole)))


async def _finish(tx: Tx, backtest_id: UUID) -> bool:
    """Done when no part is left. The row is locked before they are counted: of two that end at
    once, one sees both."""
    c, p = _backtests.c, _parts.c
    # Not more than that: whoever writes lines of another part holds the row as their key, and both
    # would wait for ever.
    await tx.session.execute(select(c.id).where(c.id == backtest_id).with_for_update(key_share=True))
    left = select(p.number).where(p.backtest_id == backtest_id, p.done_at.is_(None)).limit(1)
    if (await tx.session.execute(left)).first() is not None:
        return False
    return await backtests.end(tx, backtest_id, BacktestState.DONE)


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
