"""A page is the same whichever way its rows are found: walked to, gathered and sorted, or walked to
after all because the statistics had promised too few."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Column, DateTime, Integer, MetaData, Select, Table, Uuid, select, text

from cases.actors import EVERYTHING, SYSTEM
from store import narrowing
from store.listing import Order, Window
from store.session import Database, Tx

FIRST = datetime(2026, 11, 1, tzinfo=UTC)
ROWS, RARE, PROMISED, PAGE = 20_000, 2_000, 400, 300
LINES = Table("lines", MetaData(), Column("id", Uuid), Column("at", DateTime(timezone=True)), Column("kind", Integer))
OLDEST, NEWEST = Order("lines:at", (LINES.c.at, LINES.c.id)), Order("lines:-at", (LINES.c.at, LINES.c.id), True)

# The rare ones are the first: whoever walks from the newest passes over all others.
_FILL = f"""
CREATE TABLE lines (id uuid PRIMARY KEY, at timestamptz NOT NULL, kind int NOT NULL);
INSERT INTO lines
SELECT gen_random_uuid(), CAST(:first AS timestamptz) + n / 2 * interval '1 minute', CAST(n <= {RARE} AS int)
FROM generate_series(1, {ROWS}) n;
CREATE INDEX ON lines (at, id)
"""


@pytest.fixture
async def tx(database: Database) -> AsyncIterator[Tx]:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        for statement in _FILL.split(";"):
            asked = text(statement)
            await tx.session.execute(asked, {"first": FIRST} if ":first" in statement else {})
        yield tx
        await tx.session.execute(text("DROP TABLE lines"))


Before = Callable[[Tx, pytest.MonkeyPatch], Any]


async def _as_it_is(tx: Tx, changes: pytest.MonkeyPatch) -> None:
    await tx.session.execute(text("ANALYZE lines"))


async def _never_gathered(tx: Tx, changes: pytest.MonkeyPatch) -> None:
    await _as_it_is(tx, changes)
    changes.setattr(narrowing, "MOST_COST", 0.0)


async def _more_than_promised(tx: Tx, changes: pytest.MonkeyPatch) -> None:
    """When the statistics were made, there were fewer of the rare kind."""
    turn = text("UPDATE lines SET kind = 1 - kind WHERE kind = :kind AND at > :since AND at < :until")
    few = {"since": FIRST + timedelta(minutes=PROMISED // 2), "until": FIRST + timedelta(minutes=RARE // 2)}
    await tx.session.execute(turn, {"kind": 1, **few})
    await tx.session.execute(text("ANALYZE lines"))
    await tx.session.execute(turn, {"kind": 0, **few})
    changes.setattr(narrowing, "MOST_GATHERED", RARE // 2)


WAYS: dict[Before, str] = {_as_it_is: "gathered", _never_gathered: "walked", _more_than_promised: "given up"}


async def _pages(tx: Tx, asked: Select[Any], order: Order) -> list[UUID]:
    """All pages, one behind the other."""
    found, after = list[UUID](), None
    while True:
        window = Window(PAGE, after)
        page = await narrowing.found(tx, asked, select(LINES.c.id), order, window, lambda row: row[0])
        found += page.items
        if (after := page.last) is None:
            return found


@pytest.mark.parametrize("order", [OLDEST, NEWEST], ids=lambda order: order.name)
@pytest.mark.parametrize("before", WAYS, ids=WAYS.get)
async def test_pages_are_the_same_whichever_way_they_are_found(
    tx: Tx, monkeypatch: pytest.MonkeyPatch, before: Before, order: Order
) -> None:
    await before(tx, monkeypatch)
    ways = _watched(monkeypatch)
    asked = select(LINES.c.id).where(LINES.c.kind == 1)
    found = await _pages(tx, asked, order)
    keys = [key.desc() if order.descending else key for key in order.keys]
    assert found == list((await tx.session.scalars(asked.order_by(*keys))).all())
    assert len(found) == RARE
    if order is NEWEST:  # from the oldest on nobody passes over anything
        assert WAYS[before] in ways


def _watched(changes: pytest.MonkeyPatch) -> set[str]:
    """Notes which ways are taken."""
    ways, gather = set[str](), narrowing._gathered

    async def told(tx: Tx, fitting: Any, order: Order, window: Window) -> list[UUID] | None:
        found = await gather(tx, fitting, order, window)
        plan = await narrowing.planned(tx, fitting)
        tried = plan["Plan Rows"] <= narrowing.MOST_GATHERED and plan["Total Cost"] <= narrowing.MOST_COST
        ways.add("gathered" if found is not None else "given up" if tried else "walked")
        return found

    changes.setattr(narrowing, "_gathered", told)
    return ways
