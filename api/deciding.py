"""Decisions at the door: the published version of a table decides, exactly as in the process (DESIGN, idea 3)."""

from __future__ import annotations

from activities.tables import Made, Tables
from store import definitions
from store.session import Tx

__all__ = ["Made", "Tables", "fresh"]


async def fresh(tx: Tx, tables: Tables) -> Tables:
    """The tables with all that was published up to this transaction."""
    await tables.refresh(tx, await definitions.count_tables(tx))
    return tables
