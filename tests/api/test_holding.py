"""A task is put on hold and goes on: who may, until when, what for, and what people see (M2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from cases.states import TaskKind
from domain.kinds import task_kinds
from tests.api.conftest import Desk

MAY_WAIT = {name: replace(kind, may_wait=True) for name, kind in task_kinds().items()}


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every kind of task may wait."""
    monkeypatch.setattr("domain.holding.task_kinds", lambda: MAY_WAIT)


async def task_of(desk: Desk) -> tuple[UUID, UUID]:
    lead = await desk.at_consultant()
    return lead, (await desk.rows("SELECT id FROM tasks WHERE case_id = :lead", lead=lead))[0]["id"]


async def hold(desk: Desk, task: UUID, days: float = 3, by: str | None = "BJ01-C1", **body: Any) -> httpx.Response:
    until = (desk.clock.now() + timedelta(days=days)).isoformat()
    given = {"until": until, "reason": "customer"} | body
    head = {"Baton-Actor": by} if by else {}
    return await desk.http.post(f"/api/v1/tasks/{task}/hold", json=given, headers=head)


async def resume(desk: Desk, task: UUID, by: str = "BJ01-C1") -> httpx.Response:
    return await desk.http.post(f"/api/v1/tasks/{task}/resume", headers={"Baton-Actor": by})


@pytest.mark.usefixtures("waiting")
async def test_a_task_waits_until_the_agreed_day_and_goes_on_earlier_when_somebody_says_so(desk: Desk) -> None:
    lead, task = await task_of(desk)
    due = desk.clock.now() + timedelta(hours=24)

    held = await hold(desk, task)

    assert held.status_code == 200 and held.json()["reason"] == "customer"
    page = await desk.get(f"/leads/{lead}")
    (clock,) = page["clocks"]
    assert (page["lead"]["lamp"], clock["lamp"], clock["held_for"]) == ("grey", "grey", "customer")
    assert clock["held_until"] is not None
    (line,) = (await desk.get(f"/tasks?lead={lead}&lamp=green&lamp=amber&lamp=red&lamp=grey"))["items"]
    assert line["held_until"] == (await desk.get(f"/tasks/{task}"))["held_until"] == clock["held_until"]

    desk.clock.move(timedelta(hours=10))
    resumed = await resume(desk, task)

    page = await desk.get(f"/leads/{lead}")
    assert resumed.status_code == 200 and resumed.json()["held_until"] is None
    assert (await desk.get(f"/tasks/{task}"))["held_until"] is None
    (clock,) = page["clocks"]
    assert (page["lead"]["lamp"], clock["held_until"], clock["lamp"]) == ("green", None, "green")
    later = (due + timedelta(hours=10)).isoformat().replace("+00:00", "Z")
    assert clock["due_at"] == (await desk.get(f"/tasks/{task}"))["due_at"] == page["lead"]["next_due_at"] == later
    assert [kind for kind in await desk.told(lead) if kind == "clock_moved"] == ["clock_moved"] * 2
    lines = [line["text"] for line in (await desk.get(f"/leads/{lead}/timeline"))["items"]]
    assert any("等客户" in line for line in lines) and any("恢复" in line for line in lines)


async def test_a_kind_that_may_not_wait_is_refused(desk: Desk) -> None:
    _, task = await task_of(desk)
    refused = await hold(desk, task)
    assert (refused.status_code, refused.json()["code"]) == (409, "may_not_wait")


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize(
    ("days", "more", "field", "code"),
    [
        (-1, {}, "until", "in_past"),
        (0, {}, "until", "in_past"),
        (30.1, {}, "until", "too_far_ahead"),
        (3, {"reason": "lunch"}, "reason", None),
        (3, {"until": "tomorrow"}, "until", None),
    ],
)
async def test_what_is_asked_for_has_bounds(
    desk: Desk, days: float, more: dict[str, Any], field: str, code: str | None
) -> None:
    _, task = await task_of(desk)
    refused = await hold(desk, task, days, **more)
    (problem,) = refused.json()["problems"]
    assert (refused.status_code, problem["field"]) == (422, field)
    assert code in (None, problem["code"])


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize(("by", "code"), [("BJ01-C2", "not_yours"), ("SH01-M1", "other_dealer")])
async def test_only_whoever_may_do_it_may_hold_it(desk: Desk, by: str, code: str) -> None:
    _, task = await task_of(desk)
    for answer in (await hold(desk, task, by=by), await resume(desk, task, by=by)):
        assert (answer.status_code, answer.json()["code"]) == (403, code)


@pytest.mark.usefixtures("waiting")
async def test_whoever_may_complete_a_task_may_hold_it(desk: Desk) -> None:
    lead = await desk.at_consultant()
    task = await desk.task(lead, "ticket_verify", "auditor")  # type: ignore[arg-type]

    held = await hold(desk, task, by="AU-01")

    assert held.status_code == 200, held.text


@pytest.mark.usefixtures("waiting")
async def test_it_is_held_once_and_resumed_once(desk: Desk) -> None:
    _, task = await task_of(desk)
    answers = [await resume(desk, task), await hold(desk, task), await hold(desk, task), await resume(desk, task)]
    codes = [answer.json().get("code") for answer in answers]
    assert codes == ["not_held", None, "held_already", None]


@pytest.mark.usefixtures("waiting")
async def test_what_is_done_or_was_never_there_cannot_wait(desk: Desk) -> None:
    lead, task = await task_of(desk)
    await desk.say(lead, "follow-ups", "BJ01-C1")
    missing = await hold(desk, UUID(int=1))
    assert [(await hold(desk, task)).json()["code"], missing.json()["code"]] == ["task_done", "task_not_found"]


@pytest.mark.usefixtures("waiting")
async def test_a_second_task_that_runs_keeps_the_lamp_of_its_own(desk: Desk) -> None:
    lead, task = await task_of(desk)
    await desk.task(lead, TaskKind.RECALL, "call_centre")
    await hold(desk, task)
    assert (await desk.get(f"/leads/{lead}"))["lead"]["lamp"] == "green"
