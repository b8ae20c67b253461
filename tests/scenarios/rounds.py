"""Rounds in a scenario: a table of the test's own, cases opened by it, what was done in which
period."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from lxml import etree
from sqlalchemy import text

import rules
from cases.actors import EVERYTHING, SYSTEM
from domain.rounds import opening
from domain.tables import Tables
from store.session import Database
from store.tables import definitions

DMN = "{https://www.omg.org/spec/DMN/20230324/MODEL/}"
BATON = "{urn:baton:dmn:1}"
Row = Mapping[str, str]
"""What a row of the table says otherwise than the shipped one: FEEL by output."""


def table(rows: Mapping[str, Row]) -> bytes:
    """The shipped table with these rows alone, changed as they say."""
    (path,) = [one for one in rules.shipped() if one.stem == "rounds"]
    root = etree.fromstring(path.read_bytes())
    decision = root.find(f"{DMN}decision")
    assert decision is not None
    for examples in decision.findall(f"{DMN}extensionElements"):
        decision.remove(examples)
    logic = decision.find(f"{DMN}decisionTable")
    assert logic is not None
    outputs = [one.get("name", "") for one in logic.findall(f"{DMN}output")]
    for rule in logic.findall(f"{DMN}rule"):
        name = rule.findtext(f"{DMN}inputEntry/{DMN}text", "").strip('"')
        if name not in rows:
            logic.remove(rule)
            continue
        cells = dict(zip(outputs, rule.findall(f"{DMN}outputEntry/{DMN}text"), strict=True))
        for output, feel in rows[name].items():
            cells[output].text = feel
    return etree.tostring(root)


async def publish(db: Database, at: datetime, rows: Mapping[str, Row]) -> None:
    """The table of rounds says this from an instant on."""
    async with db.transaction(SYSTEM, EVERYTHING) as tx:
        await definitions.publish_table(tx, "rounds", "rounds", table(rows), at, "test")


async def set_up(db: Database, at: datetime, rows: Mapping[str, Row]) -> dict[str, str]:
    """Publishes the rows and opens their rounds, as a deployment does; the cases by the rounds'
    names."""
    await publish(db, at - timedelta(hours=1), rows)
    await deployed(db, at)
    found = await sql(db, "SELECT facts ->> 'round' AS round, id FROM cases WHERE kind = 'round' AND ended_at IS NULL")
    return {row["round"]: str(row["id"]) for row in found}


async def deployed(db: Database, at: datetime) -> tuple[str, ...]:
    """What a start of Baton opens."""
    tables = Tables()
    async with db.transaction(SYSTEM, EVERYTHING) as tx:
        await tables.refresh(tx, await definitions.count_tables(tx))
        return await opening.open_missing(tx, tables, at)


async def sql(db: Database, query: str, **values: Any) -> list[dict[str, Any]]:
    async with db.transaction(SYSTEM, EVERYTHING) as tx:
        result = await tx.session.execute(text(query), values)
        return [dict(row) for row in result.mappings()] if result.returns_rows else []


async def done(db: Database, key: str) -> dict[str, int]:
    """The periods that are done, in the order in which they were, with how many rows."""
    rows = await sql(
        db,
        "SELECT period, done FROM round_runs WHERE round = :key AND ended_at IS NOT NULL ORDER BY ended_at, begins_at",
        key=key,
    )
    return {row["period"]: row["done"] for row in rows}


async def happened(db: Database, case_id: str) -> list[str]:
    """The codes of a round's history."""
    query = "SELECT code FROM timeline WHERE case_id = :case_id ORDER BY number"
    return [row["code"] for row in await sql(db, query, case_id=UUID(case_id))]


async def refuse(db: Database, count: int, at: datetime) -> None:
    """So many submissions that were refused at an instant."""
    await sql(
        db,
        "INSERT INTO submissions (id, received_at, verdict, reasons, raw)"
        " SELECT gen_random_uuid(), :at, 'rejected', '[]', '{\"phone\": \"1\"}' FROM generate_series(1, :count)",
        at=at,
        count=count,
    )


async def kept(db: Database) -> int:
    """How many refused submissions still hold what was sent."""
    (row,) = await sql(db, "SELECT count(*) AS n FROM submissions WHERE raw <> '{}' AND verdict = 'rejected'")
    return int(row["n"])
