"""A submission that comes again is recognised by itself, and what was said before an end changes
nothing (A4, A16)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from cases.states import Status
from tests.api.conftest import NOW, Desk, headers, phone

STATED = "2026-11-10 10:15:00"


@pytest.mark.parametrize("again", [{}, {"model": "傲虎 "}, {"phone": "spelt"}, {"budget": "30万"}])
async def test_the_same_customer_at_the_same_instant_is_there_already(desk: Desk, again: dict[str, str]) -> None:
    number = phone()
    lead = await desk.created(phone=number, stated_at=STATED)
    again = again | ({"phone": f"+86 {number[:3]}-{number[3:]}"} if "phone" in again else {"phone": number})

    answer = await desk.send(stated_at="2026/11/10 10:15", **again)

    assert (answer.status_code, answer.json()["verdict"], answer.json()["code"]) == (200, "duplicate", "already_taken")
    assert answer.json()["lead_id"] == str(lead)
    assert (await desk.get(f"/leads/{lead}"))["lead"]["badges"] == []
    assert await desk.told(lead) == ["lead_created"]
    assert [line["code"] for line in await desk.list(f"/leads/{lead}/timeline")] == ["lead_created"]


async def test_one_row_of_a_file_corrected_leaves_the_others_alone(desk: Desk) -> None:
    rows = [
        {"phone": phone(), "name": "谢璐", "channel": "maker.vertical.yiche", "stated_at": f"2026-11-{day} 09:00"}
        for day in range(10, 15)
    ]
    wrong = {**rows[0], "phone": "123", "stated_at": "2026-11-09"}
    first = (await desk.http.post("/api/v1/leads:batch", json={"leads": [wrong, *rows]})).json()

    fixed = [*rows[::-1], {**wrong, "phone": phone()}]
    again = (await desk.http.post("/api/v1/leads:batch", json={"leads": fixed})).json()

    assert (first["created"], first["rejected"]) == (5, 1)
    assert [row["code"] for row in again["rows"]] == ["already_taken"] * 5 + [None]
    assert again["created"] == 1
    assert await desk.rows("SELECT 1 FROM whole_leads WHERE badges <> '{}'") == []


@pytest.mark.parametrize(("days", "code"), [(0, "already_taken"), (7, "already_taken"), (8, None)])
async def test_a_form_without_an_instant_is_the_same_for_a_week(desk: Desk, days: int, code: str | None) -> None:
    number = phone()
    await desk.created(phone=number, budget="25-30w")
    desk.clock.set(NOW + timedelta(days=days))

    assert (await desk.send(phone=number, budget="25-30万")).json()["code"] == code


async def test_two_forms_of_one_day_are_two(desk: Desk) -> None:
    number = phone()
    lead = await desk.created(phone=number, stated_at="2026-11-10")

    assert (await desk.send(phone=number, stated_at="2026-11-10", model="XV")).json()["code"] is None
    assert (await desk.send(phone=number, stated_at="2026-11-10")).json()["code"] == "already_taken"
    assert await desk.told(lead) == ["lead_created", "interest_repeated"]


@pytest.mark.parametrize("end", [Status.LOST, Status.INVALID, Status.ARCHIVED, Status.WON])
@pytest.mark.parametrize(
    ("stated_at", "note", "code"),
    [
        ("2026-11-10 09:00", "别的表单", "stated_before_end"),
        ("2026-11-20 16:00", "别的表单", "stated_before_end"),
        ("2026-11-20 16:01", "别的表单", None),
        (STATED, "", "already_taken"),
    ],
)
async def test_what_was_said_before_the_end_never_returns_a_lead(
    desk: Desk, end: Status, stated_at: str, note: str, code: str | None
) -> None:
    number = phone()
    lead = await desk.created(phone=number, stated_at=STATED)
    ended = NOW - timedelta(days=1)
    await desk.execute("UPDATE cases SET status = :s, ended_at = :at WHERE id = :id", s=end.value, at=ended, id=lead)

    answer = (await desk.send(phone=number, stated_at=stated_at, note=note)).json()

    assert answer["code"] == code
    if code:
        assert (answer["lead_id"], answer["reactivated"]) == (str(lead), False)
        assert (await desk.get(f"/leads/{lead}"))["lead"]["status"] == end
        assert await desk.told(lead) == ["lead_created"]
    else:
        assert (answer["verdict"], answer["reactivated"]) == (
            ("created", False) if end == Status.WON else ("duplicate", True)
        )


async def test_the_same_row_in_parallel_is_taken_once(desk: Desk) -> None:
    number = phone()

    answers = await asyncio.gather(*(desk.send(phone=number, stated_at=STATED) for _ in range(8)))

    assert sorted(one.json()["code"] or "" for one in answers) == [""] + ["already_taken"] * 7


@pytest.mark.parametrize(
    ("stated_at", "said", "left"),
    [
        ("2025-11-01", "两周内", None),
        ("2026-06-01", "一个月内", None),
        ("2026-11-13", "一周内", None),
        ("2026-11-14", "一周内", 0),
        ("2026-11-14", "两周内", 7),
        (None, "两周内", 14),
        ("2026-11-14", "随时可订", 0),
        ("2026-11-13", "随时可订", None),
    ],
)
async def test_a_purchase_time_counts_from_today(
    desk: Desk, stated_at: str | None, said: str, left: int | None
) -> None:
    answer = await desk.send(stated_at=stated_at, purchase_time=said, budget="25万")

    lead = answer.json()["lead_id"]
    assert (await desk.get(f"/leads/{lead}"))["facts"]["horizon_days"] == left
    overdue = [{"field": "purchase_time", "code": "overdue"}] if left is None else []
    assert [{"field": one["field"], "code": one["code"]} for one in answer.json()["unread"]] == overdue
    assert (await desk.get(f"/leads/{lead}"))["state"]["unread"] == overdue


async def test_erasure_forgets_the_fingerprint_too(desk: Desk) -> None:
    lead = await desk.created(stated_at=STATED)

    await desk.http.delete(f"/api/v1/leads/{lead}/customer", headers=headers("HQ-01"))

    (kept,) = await desk.rows("SELECT raw, fingerprint FROM submissions")
    assert kept == {"raw": {}, "fingerprint": None}
