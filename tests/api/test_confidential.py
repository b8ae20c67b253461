"""Reports of wrongdoing: their tickets and their tasks are there for auditors and head office
alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.api.conftest import Desk, headers

SEE = {"AU-01": True, "HQ-01": True, "CC-01": False, "BJ01-M1": False, "BJ01-C1": False, None: False}
EVERYBODY = pytest.mark.parametrize(("by", "sees"), SEE.items())


async def ticket(desk: Desk, kind: str = "report", by: str | None = None) -> UUID:
    body = {"kind": kind, "dealer": "BJ01", "title": "飞单"}
    answer = await desk.http.post("/api/v1/tickets", json=body, headers=headers(by))
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["ticket_id"])


async def a_task(desk: Desk, of: UUID) -> UUID:
    """Its first step, whoever has it."""
    return await desk.task(of, "ticket_verify", "auditor", dealer="BJ01")  # type: ignore[arg-type]


async def asked(desk: Desk, by: str | None, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
    return await desk.http.request(method, f"/api/v1{path}", json=body, headers=headers(by))


@EVERYBODY
@pytest.mark.parametrize("sort", ["", "&sort=due", "&sort=priority", "&status=open&status=done"])
async def test_the_inbox_has_a_report_s_tasks_for_its_readers_alone(
    desk: Desk, by: str | None, sees: bool, sort: str
) -> None:
    report = await a_task(desk, await ticket(desk))
    risk = await a_task(desk, await ticket(desk, "risk"))
    lead = await desk.at_consultant()
    (of_lead,) = [row["id"] for row in await desk.rows("SELECT id FROM tasks WHERE case_id = :lead", lead=lead)]

    answer = await asked(desk, by, "GET", f"/tasks?total=true{sort}")

    found = {UUID(one["id"]) for one in answer.json()["items"]}
    assert found == {risk, of_lead} | ({report} if sees else set())


@EVERYBODY
async def test_one_task_of_a_report_is_there_for_its_readers_alone(desk: Desk, by: str | None, sees: bool) -> None:
    task = await a_task(desk, await ticket(desk))
    answer = await asked(desk, by, "GET", f"/tasks/{task}")
    assert (answer.status_code, answer.json().get("code")) == ((200, None) if sees else (404, "task_not_found"))


@pytest.mark.parametrize("by", ["CC-01", "BJ01-M1", "BJ01-C1"])
@pytest.mark.parametrize("what", ["complete", "hold", "resume"])
async def test_who_does_not_see_a_task_cannot_do_anything_about_it(desk: Desk, by: str, what: str) -> None:
    task = await a_task(desk, await ticket(desk))
    until = (desk.clock.now() + timedelta(days=2)).isoformat()
    body = {"complete": {"outcome": "real"}, "hold": {"until": until, "reason": "parts"}}.get(what)

    answer = await asked(desk, by, "POST", f"/tasks/{task}/{what}", body)

    assert (answer.status_code, answer.json()["code"]) == (404, "task_not_found")
    assert [row["status"] for row in await desk.rows("SELECT status FROM tasks WHERE id = :id", id=task)] == ["open"]


async def test_the_auditor_completes_it(desk: Desk) -> None:
    task = await a_task(desk, await ticket(desk))
    answer = await asked(desk, "AU-01", "POST", f"/tasks/{task}/complete", {"outcome": "real"})
    assert answer.status_code == 200, answer.text


async def test_an_anonymous_reporter_adds_to_the_report_and_reads_nothing_of_it(desk: Desk) -> None:
    report = await ticket(desk)

    answer = await asked(desk, None, "POST", f"/tickets/{report}/signal", {"description": "又一次"})

    assert (answer.status_code, answer.json()["signals"]) == (200, 2)
    for path in (f"/tickets/{report}", f"/tickets/{report}/timeline"):
        assert (await asked(desk, None, "GET", path)).json()["code"] == "ticket_not_found"
    named = await asked(desk, "BJ01-C1", "POST", f"/tickets/{report}/signal", {})
    assert (named.status_code, named.json()["code"]) == (404, "ticket_not_found")
    missing = await asked(desk, None, "POST", f"/tickets/{UUID(int=1)}/signal", {})
    assert (missing.status_code, missing.json()["code"]) == (404, "ticket_not_found")
