"""Nobody who may not know of a confidential case learns of it at any address: every GET of the
API's own description is asked.

The case stands in every table that can name one; a table that comes to name cases, and an address
that comes to show them, are asked here by themselves.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Column, Table, insert
from sqlalchemy.dialects.postgresql import JSONB

from api.app import create_app
from cases.actors import EVERYTHING, SYSTEM
from cases.states import OPENED_ABOUT
from store.engine import timeline
from store.models import Base
from store.network.network_seed import staff_id
from tests.api.conftest import NOW, Desk, headers
from tests.api.test_confidential import SEE, ticket
from workflows.bpmn import begin, read
from workflows.processes import shipped

DOCUMENT: dict[str, Any] = create_app(None).openapi()  # type: ignore[arg-type]
READS = [path for path, operations in DOCUMENT["paths"].items() if "get" in operations]
TABLES = Base.metadata.tables
NAMED_AT = {
    "/api/v1/backtests/{backtest_id}/lines",
    "/api/v1/backtests/{backtest_id}/lines.csv",
    "/api/v1/decisions/{decision_id}",
    "/api/v1/incidents",
    "/api/v1/incidents/retries/{batch_id}",
    "/api/v1/instances",
    "/api/v1/instances/{lead_id}",
    "/api/v1/leads/{lead_id}/timeline",
    "/api/v1/migrations/{batch_id}",
    "/api/v1/notices",
    "/api/v1/notifications",
    "/api/v1/shadows/{shadow_id}/lines",
    "/api/v1/tasks",
    "/api/v1/tasks/{task_id}",
    "/api/v1/tickets",
    "/api/v1/tickets/{ticket_id}",
}
"""Where head office, which may know of it, is shown the case."""
DECISION = uuid4()
PARENTS: Mapping[str, Mapping[str, Any]] = {
    "table_drafts": {"key": "grade", "state": "open"},
    "shadows": {"key": "grade"},
    "backtests": {"key": "grade", "state": "done"},
    "migration": {"kind": "migration"},
    "retry": {"kind": "retry"},
    "bundles": {},
}


class Planted:
    """A confidential case that stands wherever a row can name one."""

    def __init__(self, desk: Desk, case: UUID, lead: UUID) -> None:
        self.desk, self.case, self.lead = desk, case, lead
        self.ids: dict[str, UUID] = {}
        self.number = ""

    async def plant(self) -> None:
        """A row in every table with a case, each filled as its columns ask."""
        (row,) = await self.desk.rows("SELECT number FROM cases WHERE id = :case", case=self.case)
        self.number = row["number"]
        for name, given in PARENTS.items():
            self.ids[name] = await self.add(TABLES.get(name, TABLES["batches"]), given)
        for table in Base.metadata.sorted_tables:
            if "case_id" in table.c and table.name not in ("batch_items", "outbox", "timeline", "case_words"):
                self.ids[table.name] = await self.add(table, self.special().get(table.name, {}))
            if table.name == "notifications":
                await self.add(TABLES["deliveries"], {"notification_id": self.ids["notifications"], "channel": "log"})
        await self.add(TABLES["decision_contents"], {"key": "grade", "version": 1, "id": DECISION})
        for batch in ("migration", "retry"):
            incident = self.ids["incidents"] if batch == "retry" else None
            given = {"batch_id": self.ids[batch], "incident_id": incident, "result": "planned"}
            await self.add(TABLES["batch_items"], given)
        async with self.desk.database.transaction(SYSTEM, EVERYTHING) as tx:
            await timeline.record(tx, self.lead, NOW, OPENED_ABOUT, opened=self.case, kind="ticket")
        state = json.dumps(begun({"case": str(self.case), "among": [{"of": str(self.case)}]}))
        (ref,) = await self.desk.rows("SELECT sha256, version FROM process_definitions WHERE key = 'lead'")
        await self.add(
            TABLES["instances"],
            {"case_id": self.lead, "snapshot": json.loads(state), "process_sha256": ref["sha256"], "applied": 1}
            | {"bundle": self.ids["bundles"]},
        )

    def special(self) -> Mapping[str, Mapping[str, Any]]:
        return {
            "tasks": {"kind": "ticket_verify", "role": "auditor", "status": "open"},
            "sla_clocks": {"kind": "ticket_verify"},
            "notifications": {"to_staff_id": None, "to_role": "hq"},
            "decided": {"key": "grade", "id": DECISION, "content": DECISION},
            "instances": {"snapshot": begun({}), "process_key": "lead", "bundle": self.ids["bundles"]},
            "stays": {"execution": "1", "process": "lead"},
            "backtest_lines": {"kind": "grade", "decision_id": DECISION, "at": NOW},
            "shadow_lines": {"shadow_id": self.ids.get("shadows"), "decision_id": DECISION},
        }

    async def add(self, table: Table, given: Mapping[str, Any]) -> Any:
        values = {column.name: self.fill(column) for column in table.c if self.needed(column)} | dict(given)
        async with self.desk.database.transaction(SYSTEM, EVERYTHING) as tx:
            await tx.session.execute(insert(table).values(**values))
        return values.get("id")

    @staticmethod
    def needed(column: Column[Any]) -> bool:
        if column.name == "id":
            return column.type.python_type is UUID
        made = column.default or column.server_default or column.identity
        return not column.nullable and made is None

    def fill(self, column: Column[Any]) -> Any:
        if column.name == "case_id":
            return self.case
        for key in column.foreign_keys:
            if (known := self.ids.get(key.column.table.name)) is not None:
                return known
        if isinstance(column.type, JSONB):
            return [] if column.name in ("matched", "candidates", "called", "place", "reasons", "changes") else {}
        made = {UUID: uuid4, datetime: lambda: NOW, str: lambda: "x", int: lambda: 1, bool: bool, bytes: bytes}
        return made.get(column.type.python_type, list)()  # type: ignore[operator]

    def paths(self, template: str) -> Iterator[str]:
        """The address with everything that could lead to the case."""
        known: dict[str, list[object]] = {
            "lead_id": [self.case, self.lead],
            "ticket_id": [self.case],
            "task_id": [self.ids["tasks"]],
            "decision_id": [self.ids["decided"]],
            "batch_id": [self.ids["migration"], self.ids["retry"]],
            "shadow_id": [self.ids["shadows"]],
            "backtest_id": [self.ids["backtests"]],
            "draft_id": [self.ids["table_drafts"]],
            "key": ["grade", "ticket", "expired_shadows"],
            "version": [1],
            "code": ["BJ01", "BJ01-C1"],
        }
        names = [part.split("}")[0] for part in template.split("{")[1:]]
        for values in product(*(known[name] for name in names)):
            yield template.format_map(dict(zip(names, values, strict=True)))

    def queries(self, template: str) -> Iterator[dict[str, Any]]:
        """Everything, counted; and narrowed to the case wherever an id can be asked for."""
        asked = [one for one in DOCUMENT["paths"][template]["get"].get("parameters", ()) if one["in"] == "query"]
        names = {one["name"] for one in asked}
        whole = {"total": "true"} if "total" in names else {}
        whole |= {"from": 1, "to": 1} if {"from", "to"} <= names and "difference" in template else {}
        yield whole
        for name in names & {"lead", "case", "about", "customer"}:
            yield {name: str(self.case)}
        for name in names & {"open", "overdue"}:
            yield from ({name: value} for value in ("true", "false"))

    async def shown_at(self, by: str | None) -> dict[str, str]:
        """The addresses at which the reader is shown the case's id or number."""
        found: dict[str, str] = {}
        for template in READS:
            for path in self.paths(template):
                for query in self.queries(template):
                    answer = await self.desk.http.get(path, params=query, headers=headers(by))
                    assert answer.status_code < 500, f"{path}: {answer.text}"
                    if any(name in answer.text for name in (str(self.case), self.number)):
                        found[template] = answer.text
        return found


def begun(variables: Mapping[str, Any]) -> dict[str, Any]:
    """What a life on the shipped diagram remembers when it begins."""
    state, _ = begin(read(shipped()["lead"]).processes, "lead", dict(variables), NOW)
    return state.to_json()


@pytest.fixture
async def planted(desk: Desk) -> Planted:
    found = Planted(desk, await ticket(desk), await desk.at_consultant())
    await found.plant()
    return found


@pytest.mark.parametrize("by", [who for who, sees in SEE.items() if not sees])
async def test_no_address_shows_the_case_to_whom_it_is_not_there_for(planted: Planted, by: str | None) -> None:
    assert await planted.shown_at(by) == {}


@pytest.mark.parametrize("by", ["HQ-01"])
async def test_head_office_is_shown_it_wherever_cases_are_shown(planted: Planted, by: str) -> None:
    assert set(await planted.shown_at(by)) >= NAMED_AT


async def test_a_notice_that_tells_a_person_of_it_is_not_in_their_inbox(planted: Planted) -> None:
    """Whoever it went to by name: a table may name somebody who is no reader."""
    given = {"to_staff_id": staff_id("BJ01-C1"), "to_role": None, "code": "ticket_told", "data": {"kind": "report"}}
    await planted.add(TABLES["notifications"], given)
    assert "/api/v1/notifications" not in await planted.shown_at("BJ01-C1")
