"""Whatever is sought is found through an index, even by a plan that was made without knowing the
values."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event, text

from cases.actors import EVERYTHING, SYSTEM
from domain.leads.reads.sought import read_sought
from store.leads import lead_lists, search
from store.leads.lead_lists import LeadFilters
from store.listing import Window
from store.network.network_seed import dealer_id
from store.session import Database, Tx

PEOPLE = 6_000

_FILL = """
WITH people AS (
    INSERT INTO customers (id, name, phone, wechat, do_not_call, created_at)
    SELECT gen_random_uuid(), (ARRAY['王', '王', '王', '李', '欧阳', '单'])[1 + n % 6]
           || (ARRAY['小', '晓', ''])[1 + n % 3] || chr(20000 + n % 1500),
           '+861' || (3000000000 + n * 7919), 'wx' || to_hex(n * 104729), false, :now
    FROM generate_series(1, :people) n RETURNING id
), opened AS (
    INSERT INTO cases (id, kind, customer_id, opened_at, status, level, lamp, dealer_id, life,
                       process_key, process_version, process_sha256, message_seq)
    SELECT id, 'lead', id, :now - random() * interval '900 days', 'working', 'A', 'green', :dealer, 1,
           'lead', 1, '', 0 FROM people
)
INSERT INTO leads (id, channel, stated_at, trade_in, test_drive_wish)
SELECT people.id, 'maker.vertical.dongchedi', :now, false, false
FROM people
"""

WAYS = (
    ("13000007919", "a whole number"),
    ("7919", "its end"),
    ("1300000", "its beginning"),
    ("130****7919", "a masked one"),
    ("12345678", "digits that may begin a lead's id"),
    ("021-61083457", "a number with extensions"),
    ("王小", "a part of a name that many have"),
    ("单", "a sign"),
    ("王小一", "three signs"),
    ("wangxiao", "pinyin"),
    ("wang", "pinyin that very many have"),
    ("wx", "initials, the beginning of each WeChat id"),
    ("wx19919", "a WeChat id"),
    ("deadbeef", "a lead's beginning, a WeChat id, pinyin"),
    ("00000000-0000-7000-8000-000000000000", "a lead"),
    ("zzzyyyxxx", "nothing that is there"),
)

USUAL = {"FEW": 50, "MANY": 100, "PATIENCE": 40}
"""In the proportion of some thousand people to a million."""

LEVELS = {
    "as it is": USUAL,
    "walked with known customers": USUAL | {"FEW": 0},
    "walked with unknown ones": USUAL | {"FEW": 0, "MANY": 0},
}


@pytest.fixture
async def full(network: Database) -> AsyncIterator[Database]:
    values = {"now": datetime(2026, 11, 21, 8, tzinfo=UTC), "people": PEOPLE, "dealer": dealer_id("BJ01")}
    async with network.transaction(SYSTEM, EVERYTHING) as tx:
        await tx.session.execute(text(_FILL), values)
    async with network.transaction(SYSTEM, EVERYTHING) as tx:
        await tx.session.execute(text("ANALYZE leads, customers, customer_keys"))
    yield network


async def asked(tx: Tx, q: str) -> list[tuple[str, Any]]:
    """The statements that a search asks, with their values."""
    statements: list[tuple[str, Any]] = []

    def heard(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> None:
        if statement.startswith(("SELECT", "WITH")):
            statements.append((statement, values))

    connection = (await tx.session.connection()).sync_connection
    event.listen(connection, "before_cursor_execute", heard)
    await lead_lists.listed(tx, LeadFilters(sought=read_sought(q)), Window(5, total=True))
    event.remove(connection, "before_cursor_execute", heard)
    return statements


async def scans(tx: Tx, kind: str, statement: str, values: Any) -> Iterator[dict[str, Any]]:
    """How the statement's plan reads tables, as PostgreSQL says."""
    await tx.session.execute(text(f"SET LOCAL plan_cache_mode = force_{kind}_plan"))
    driver = (await (await tx.session.connection()).get_raw_connection()).driver_connection
    assert driver is not None
    return _scans((await driver.fetchval(f"EXPLAIN (FORMAT JSON) {statement}", *values))[0]["Plan"])


def _scans(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "Relation Name" in node:
        yield node
    for below in node.get("Plans", ()):
        yield from _scans(below)


def through_an_index(scan: dict[str, Any]) -> bool:
    """It looks up what it needs, or walks the list in its order."""
    looked_up = "Index Cond" in scan or "Recheck Cond" in scan
    return looked_up or scan.get("Index Name") == "ix_leads_created"


@pytest.mark.parametrize("levels", LEVELS.values(), ids=LEVELS.keys())
async def test_what_is_sought_is_found_through_an_index(
    full: Database, levels: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in levels.items():
        monkeypatch.setattr(search, name, value)

    async with full.transaction(SYSTEM, EVERYTHING) as tx:
        for q, what in WAYS:
            statements = await asked(tx, q)
            assert len(statements) > 1
            for statement, values in statements:
                for kind in ("custom", "generic"):
                    for scan in await scans(tx, kind, statement, values):
                        if scan["Relation Name"] in ("customers", "customer_keys", "leads"):
                            assert through_an_index(scan), (what, kind, statement, scan)
