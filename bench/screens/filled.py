"""Very many leads with everything that screens show of them, written by the database itself
(``leads.sql``)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import asyncpg

_SCRIPT: Final = Path(__file__).with_name("leads.sql")
_GROWS: Final = (
    *("customers", "customer_keys", "cases", "leads", "submissions", "sla_clocks", "tasks", "follow_ups"),
    *(
        "assignments",
        "instances",
        "stays",
        "passages",
        "decided",
        "outbox",
        "notifications",
        "deliveries",
        "contracts",
    ),
    *("incidents", "timeline"),
)
GROWS: Final = frozenset(_GROWS)
"""Tables that have rows for each lead."""

_PATIENCE: Final = 5
_INDEXES = """
SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS made FROM pg_index i
WHERE i.indrelid::regclass::text = ANY($1) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)
"""


async def fill(rows: asyncpg.Connection, *, leads: int) -> None:
    """So many leads above what is there: a network and what is shipped. All of it or nothing."""
    for patience in range(_PATIENCE, -1, -1):
        try:
            await _all(rows, leads)
            break
        except asyncpg.DeadlockDetectedError:  # with the Baton whose tables these are, on the way to the locks
            if not patience:
                raise
    await rows.execute("VACUUM ANALYZE")


async def _all(rows: asyncpg.Connection, leads: int) -> None:
    async with rows.transaction():
        await rows.execute(f"LOCK TABLE {', '.join(_GROWS)} IN ACCESS EXCLUSIVE MODE")
        without = await rows.fetch(_INDEXES, _GROWS)
        for index in without:  # made again at once they take a tenth of the time
            await rows.execute(f"DROP INDEX {index['name']}")
        await rows.execute("SELECT set_config('bench.leads', $1, true)", str(leads))
        await rows.execute(_SCRIPT.read_text(encoding="utf-8"))
        await rows.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for index in without:
            await rows.execute(index["made"])
