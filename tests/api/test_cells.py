"""An optional cell never costs the lead: it is kept as typed, named in the answer and put to the
outbound call (A3)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import NOW, Desk, phone


@pytest.mark.parametrize(
    ("cell", "field", "code"),
    [
        *(({"stated_at": value}, "stated_at", "bad_instant") for value in ("星期五", "soon", True, [], {}, 5)),
        ({"stated_at": "1066-10-14"}, "stated_at", "out_of_range"),
        ({"stated_at": "2026-12-24 10:00"}, "stated_at", "in_future"),
        *(({"test_drive": value}, "test_drive", "unreadable") for value in ("maybe", 7, ["x"])),
        *(({"grade": value}, "grade", "unreadable") for value in ("Z", "高", 3, True)),
        *(({"budget": value}, "budget", code) for value, code in ((-1, "out_of_range"), (True, "wrong_type"))),
        ({"budget": {"from": 1}}, "budget", "wrong_type"),
        ({"name": "王" * 101}, "name", "too_long"),
        ({"name": ["王"]}, "name", "wrong_type"),
        ({"note": "x" * 2001}, "note", "too_long"),
        ({"purchase_time": "年" * 101}, "purchase_time", "too_long"),
        ({"colour": "白"}, "colour", "unknown_field"),
    ],
)
async def test_what_cannot_be_read_is_kept_and_named(desk: Desk, cell: dict[str, Any], field: str, code: str) -> None:
    single = await desk.send(**cell)
    row = {"phone": phone(), "channel": "maker.vertical.yiche"} | cell
    batch = (await desk.http.post("/api/v1/leads:batch", json={"leads": [row]})).json()["rows"][0]

    for answer in (single.json(), batch):
        assert answer["verdict"] == "created"
        assert [(one["field"], one["code"]) for one in answer["unread"]] == [(field, code)]
        kept = await desk.rows("SELECT raw FROM submissions WHERE lead_id = :lead", lead=answer["lead_id"])
        assert kept[0]["raw"][field] == cell[field]
        state = (await desk.get(f"/leads/{answer['lead_id']}"))["state"]
        asked = [] if field in ("note", "colour") else [{"field": field, "code": code}]
        assert state["unread"] == asked


@pytest.mark.parametrize(
    ("cell", "facts"),
    [
        ({"budget": 250_000}, {"budget_min": 250_000}),
        ({"purchase_time": 30}, {"horizon_days": 30}),
        ({"test_drive": "√"}, {"test_drive_wish": True}),
        ({"test_drive": 1.0}, {"test_drive_wish": True}),
        ({"trade_in": "×"}, {"trade_in": False}),
    ],
)
async def test_numbers_and_ticks_are_read(desk: Desk, cell: dict[str, Any], facts: dict[str, Any]) -> None:
    answer = (await desk.send(**cell)).json()

    assert answer["unread"] == []
    shown = (await desk.get(f"/leads/{answer['lead_id']}"))["facts"]
    assert shown | facts == shown


@pytest.mark.parametrize("number", [int, float, str, lambda digits: [digits]])
async def test_a_phone_number_may_be_a_number(desk: Desk, number: Any) -> None:
    digits = phone()

    lead = await desk.created(phone=number(digits))

    assert (await desk.get(f"/leads/{lead}"))["lead"]["customer"]["phone"] == f"+86{digits}"


@pytest.mark.parametrize("stated_at", [NOW.timestamp(), NOW.timestamp() * 1_000, 46347.6666667, "2026/11/21 16:00"])
async def test_an_instant_may_be_a_number(desk: Desk, stated_at: Any) -> None:
    lead = await desk.created(stated_at=stated_at)

    assert (await desk.get(f"/leads/{lead}"))["lead"]["stated_at"] == "2026-11-21T08:00:00Z"


@pytest.mark.parametrize("odd", ["a\u0000b", "\ud800", "x" * 5_000, [[[[[[[[["deep"]]]]]]]]], 10**200])
async def test_whatever_a_cell_holds_the_lead_is_taken(desk: Desk, odd: Any) -> None:
    import json

    body = json.dumps({"phone": phone(), "channel": "maker.vertical.yiche", "note": odd, "campaign": odd})
    answer = await desk.http.post("/api/v1/leads", content=body, headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.json()["verdict"]) == (201, "created")
