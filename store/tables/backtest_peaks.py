"""The fullest days of dealers, as they were and as a back-test's draft would have made them,
against their capacity.

A dealer's day is spread over many leads, so over many parts: it is counted once, over the lines of
all.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Uuid, bindparam, text

from cases.zone import IN_SQL
from store.session import Tx
from store.tables.backtests import Backtest

MOST = 1_000
"""Dealers in the answer, those with the most days beyond their capacity first."""

_PEAKS = text(
    f"""
    WITH moved AS (
        SELECT old ->> 'dealer' AS dealer, (at AT TIME ZONE '{IN_SQL}')::date AS day, -1 AS many,
               NULL::int AS capacity
        FROM backtest_lines WHERE backtest_id = :id AND kind = 'dealer'
        UNION ALL
        SELECT new ->> 'dealer', (at AT TIME ZONE '{IN_SQL}')::date, 1, (new ->> 'capacity')::int
        FROM backtest_lines WHERE backtest_id = :id AND kind = 'dealer'
    ), given AS (
        SELECT d.result ->> 'chosen' AS dealer, (d.at AT TIME ZONE '{IN_SQL}')::date AS day, count(*) AS many
        FROM decisions d, backtests b
        WHERE b.id = :id AND d.key = 'dispatch' AND d.at >= b.since AND d.at < b.until
        GROUP BY 1, 2
    ), days AS (
        SELECT dealer, day, coalesce(max(t.many), 0) AS was, coalesce(max(t.many), 0) + coalesce(sum(m.many), 0)
               AS would, max(m.capacity) AS capacity
        FROM moved m FULL JOIN given t USING (dealer, day)
        WHERE dealer IN (SELECT dealer FROM moved) GROUP BY dealer, day
    )
    SELECT dealer, max(was) AS was, max(would) AS would, max(capacity) AS capacity,
           count(*) FILTER (WHERE was > capacity) AS days_over, count(*) FILTER (WHERE would > capacity) AS days_would
    FROM days GROUP BY dealer ORDER BY days_would DESC, would DESC, dealer LIMIT :most
    """
).bindparams(bindparam("id", type_=Uuid()))


async def peaks(tx: Tx, backtest: Backtest) -> dict[str, dict[str, Any]]:
    """For each dealer whose leads would have been others: most leads in a day then and under the
    draft, and on how many days it had, or would have had, more than its capacity of that day (where
    a gain of that day tells it)."""
    rows = await tx.session.execute(_PEAKS, {"id": backtest.id, "most": MOST})
    return {
        row.dealer: {
            "was": int(row.was),
            "would": int(row.would),
            "capacity": row.capacity,
            "days_over": {"was": row.days_over, "would": row.days_would},
        }
        for row in rows
    }
