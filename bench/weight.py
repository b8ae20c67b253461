"""What leads take in the database, table by table."""

from __future__ import annotations

from collections.abc import Mapping

from bench.report import Result
from bench.stack import Stack

_WEIGHT = """
    SELECT relname, pg_table_size(oid) AS rows, pg_indexes_size(oid) AS indexes
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
"""
LEAST = 1.0
"""Bytes a lead below which a table is not named."""

Weights = Mapping[str, tuple[int, int]]
"""Bytes of each table's rows and of its indexes."""


async def weights(stack: Stack) -> Weights:
    """What there is by now."""
    async with stack.rows() as rows:
        return {name: (table, indexes) for name, table, indexes in await rows.fetch(_WEIGHT)}


def a_lead(before: Weights, after: Weights, leads: int) -> Result:
    """What so many leads have added to each table, the heaviest first."""
    each = {
        name: tuple((now - then) / leads for now, then in zip(after[name], before.get(name, (0, 0)), strict=True))
        for name in after
    }
    heaviest = sorted(each, key=lambda name: -sum(each[name]))
    whole = sum(map(sum, each.values()))
    return Result(
        "weight",
        f"{whole / 1000:.1f} kB a lead in the database's tables",
        tuple(
            {"table": name, "bytes a lead": sum(each[name]), "rows": each[name][0], "indexes": each[name][1]}
            for name in heaviest
            if sum(each[name]) >= LEAST
        ),
        {"bytes_a_lead": whole},
        ("rows that were written again, and what vacuum has not given back, included",),
    )
