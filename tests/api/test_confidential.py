"""Reports of wrongdoing: their tickets and their tasks are there for auditors and head office
alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from cases.actors import EVERYTHING, SYSTEM
from domain import sight
from store.engine import notifications
from store.network.network_seed import staff_id
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


async def test_a_named_reporter_adds_to_their_own_report_and_reads_what_they_said(desk: Desk) -> None:
    report, others = await ticket(desk, by="BJ01-C1"), await ticket(desk, by="BJ01-C2")
    task = await a_task(desk, report)
    await desk.execute("UPDATE tasks SET owner_id = NULL WHERE id = :id", id=task)
    done = await asked(desk, "AU-01", "POST", f"/tickets/{report}/signal", {"description": "查到的情况"})
    assert done.status_code == 200, done.text

    added = await asked(desk, "BJ01-C1", "POST", f"/tickets/{report}/signal", {"description": "又一次"})

    assert (added.status_code, added.json()["signals"]) == (200, 3)
    sheet = (await asked(desk, "BJ01-C1", "GET", f"/tickets/{report}")).json()
    assert [word["text"] for word in sheet["words"]] == ["飞单", "又一次"]
    assert len((await asked(desk, "AU-01", "GET", f"/tickets/{report}")).json()["words"]) == 3
    assert (await asked(desk, "BJ01-C1", "GET", f"/tickets/{report}/timeline")).status_code == 200
    listed = (await asked(desk, "BJ01-C1", "GET", "/tickets")).json()["items"]
    assert [one["id"] for one in listed] == [str(report)]
    # What is done about it is for its readers, and another's report is not there.
    assert (await asked(desk, "BJ01-C1", "GET", f"/tasks/{task}")).status_code == 404
    for who, method, path in (
        ("BJ01-C2", "GET", f"/tickets/{report}"),
        ("BJ01-C1", "GET", f"/tickets/{others}"),
        ("BJ01-C1", "POST", f"/tickets/{others}/signal"),
    ):
        body = {} if method == "POST" else None
        assert (await asked(desk, who, method, path, body)).json()["code"] == "ticket_not_found"


@pytest.mark.parametrize(("first", "second", "merged"), [
    ("BJ01-C1", "BJ01-C1", True), ("BJ01-C1", "AU-01", True),
    ("BJ01-C1", "BJ01-C2", False), ("BJ01-C1", None, False), (None, None, False),
])  # fmt: skip
async def test_who_reports_the_same_does_not_learn_that_somebody_did_before(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, first: str | None, second: str | None, merged: bool
) -> None:
    """Whatever the table says of merging reports."""
    monkeypatch.setattr("domain.tickets.statements._merge_days", _a_year)
    body = {"kind": "report", "about": str(await desk.at_consultant()), "title": "飞单"}
    assert (await asked(desk, first, "POST", "/tickets", body)).status_code == 201

    answer = await asked(desk, second, "POST", "/tickets", body)

    assert (answer.status_code, answer.json()["merged"]) == ((200, True) if merged else (201, False)), answer.text


async def test_nothing_can_be_said_about_a_case_that_is_not_there(desk: Desk) -> None:
    report = await ticket(desk)
    body = {"kind": "complaint", "about": str(report)}
    answer = await asked(desk, "BJ01-M1", "POST", "/tickets", body)
    assert (answer.status_code, answer.json()["code"]) == (404, "case_not_found")
    assert (await asked(desk, "HQ-01", "POST", "/tickets", body)).status_code == 201


async def test_nobody_is_sent_a_notice_of_what_is_not_there_for_them(desk: Desk) -> None:
    """Whichever role or person a ladder or a diagram tells."""
    for who in ("AU-01", "HQ-01", "BJ01-M1", "BJ01-C1"):
        given = {"staff": staff_id(who), "at": f"{who}@example.cn"}
        await desk.execute(
            "INSERT INTO contact_points (staff_id, channel, address) VALUES (:staff, 'mail', :at)", **given
        )
    for case in (await ticket(desk), await ticket(desk, "risk")):
        for role, who in (("auditor", None), ("hq", None), ("dealer_manager", None), (None, "BJ01-C1")):
            await desk.execute(
                "INSERT INTO notifications (id, case_id, to_role, to_staff_id, code, data, created_at)"
                " VALUES (gen_random_uuid(), :case, :role, :who, 'ticket_told', '{}', :at)",
                case=case, role=role, who=staff_id(who) if who else None, at=desk.clock.now(),
            )  # fmt: skip

    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        await notifications.spread(tx, ["mail"], desk.clock.now(), sight.by_role())

    sent = await desk.rows(
        "SELECT facts ->> 'ticket' AS ticket, staff.code FROM deliveries JOIN notifications told"
        " ON told.id = notification_id JOIN cases ON cases.id = case_id JOIN staff ON staff.id = staff_id"
    )
    found = {(row["ticket"], row["code"]) for row in sent}
    assert found == {
        ("report", "AU-01"),
        ("report", "HQ-01"),
        *(("risk", who) for who in SEE if who and who != "CC-01"),
    }


async def _a_year(*_: object) -> float:
    return 365.0
