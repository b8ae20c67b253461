"""No address reads a large table from end to end: what each asks is explained over some thousand
leads. Every list of the OpenAPI document and each of its parameters has to be among what is
asked."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy import event

from api.app import create_app
from bench.screens.about import address, subjects
from bench.screens.asked import ASKED, forgotten
from bench.screens.filled import GROWS, fill
from cases.clock import SystemClock
from domain.tasks import priority
from store import listing, narrowing
from store.session import PLANNING, Database
from tests.api.conftest import ASIDE
from tests.databases import fresh
from tests.patience import PATIENT
from tests.servers import SharedPostgres

LEADS = 20_000
LARGE = GROWS - {"incidents", "contracts"}  # of which there are few, as it should be
DOCUMENT: dict[str, Any] = create_app(None).openapi()  # type: ignore[arg-type]


@dataclass(frozen=True)
class Full:
    """The API over many leads, what there is to ask about, and a connection that explains."""

    http: httpx.AsyncClient
    about: dict[str, list[str]]
    database: Database
    rows: asyncpg.Connection

    @contextmanager
    def heard(self, statements: list[tuple[str, Any]]) -> Iterator[None]:
        """Collects what reads in the block, with its values."""

        def hear(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> None:
            if statement.lstrip().startswith(("SELECT", "WITH")):
                statements.append((statement, values))

        event.listen(self.database.engine.sync_engine, "before_cursor_execute", hear)
        yield
        event.remove(self.database.engine.sync_engine, "before_cursor_execute", hear)


@pytest.fixture(scope="module")
async def full(pg: SharedPostgres, shipped_template: str) -> AsyncIterator[Full]:
    async with fresh(pg, shipped_template) as database:
        rows = await asyncpg.connect(database.dsn, server_settings={"jit": "off"} | PLANNING)
        await fill(rows, leads=LEADS)
        about = await subjects(rows, 4)
        app = create_app(database, SystemClock(), aside=ASIDE, bounds=PATIENT)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://baton") as http:
            yield Full(http, about, database, rows)
        await rows.close()


def test_nothing_is_forgotten() -> None:
    assert list(forgotten(DOCUMENT)) == []


def test_a_new_list_or_parameter_is_noticed() -> None:
    paging = [{"in": "query", "name": name} for name in ("cursor", "limit", "total")]
    paths = {
        "/api/v1/visitors": {"get": {"parameters": paging}},
        "/api/v1/tickets": {"get": {"parameters": [*paging, {"in": "query", "name": "colour"}]}},
        "/api/v1/tickets/{ticket_id}/close": {"post": {}},
    }

    assert list(forgotten({"paths": paths})) == ["/api/v1/visitors", "/api/v1/tickets?colour="]


@pytest.mark.parametrize("path", ASKED)
async def test_what_is_asked_is_found_through_an_index(path: str, full: Full, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_COUNTED", 100)  # in the proportion of 20,000 leads to two million
    monkeypatch.setattr(priority, "MOST_WEIGHED", 30)
    monkeypatch.setattr(narrowing, "MOST_GATHERED", 50)
    monkeypatch.setattr(narrowing, "MOST_COST", 300.0)
    for query in ASKED[path]:
        for number in (0, 3):  # of what there is most, by head office; of what there is least, by a consultant
            statements: list[tuple[str, Any]] = []
            with full.heard(statements):
                asked = address(path, query, full.about, number)
                answer = await full.http.get(asked, headers={"Baton-Actor": full.about["actor"][number]})
            assert answer.status_code in (200, 403) or "/rounds/" in path, (asked, answer.text)  # none runs here
            for statement, values in statements:
                plan = json.loads(await full.rows.fetchval(f"EXPLAIN (FORMAT JSON) {statement}", *values))[0]["Plan"]
                read_whole = [one for one in scanned(plan) if one in LARGE]
                assert read_whole == [], (asked, statement)


def scanned(node: dict[str, Any], *, cut: bool = False) -> Iterator[str]:
    """Tables that a plan reads from end to end. A scan without a condition that is ``cut`` off once
    there are enough rows is none."""
    if node["Node Type"] == "Seq Scan" and not (cut and "Filter" not in node):
        yield node["Relation Name"]
    cut = node["Node Type"] == "Limit" or (cut and node["Node Type"] not in ("Sort", "Hash", "Aggregate"))
    for below in node.get("Plans", ()):
        yield from scanned(below, cut=cut)
