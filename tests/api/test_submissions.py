"""What was refused is kept as it was sent, and head office sees it with its reasons (A2)."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import Desk, headers, phone

CHANNEL = "maker.vertical.yiche"
REFUSED: list[tuple[Any, str]] = [
    ({"phone": "123", "channel": CHANNEL}, "contact_malformed"),
    ({"phone": "13911662097"}, "missing"),
    ({"phone": "13911662097", "channel": {"a": 1}}, "wrong_type"),
    ("no object at all", "wrong_type"),
]


async def test_refused_rows_are_seen_by_head_office_page_by_page(desk: Desk) -> None:
    rows = [row for row, _ in REFUSED] + [{"phone": phone(), "channel": CHANNEL}]
    answer = await desk.http.post("/api/v1/leads:batch", json={"leads": rows})
    single = await desk.http.post("/api/v1/leads", json=REFUSED[1][0])

    assert (answer.json()["rejected"], answer.json()["created"], single.status_code) == (4, 1, 422)
    seen: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    for _ in range(5):
        page = await desk.http.get(
            "/api/v1/submissions", params={"verdict": "rejected", "limit": "2"} | cursor, headers=headers("HQ-01")
        )
        seen += page.json()["items"]
        if page.json()["next"] is None:
            break
        cursor = {"cursor": page.json()["next"]}
    kept = [(one["raw"], one["reasons"][0]["code"]) for one in seen]
    expected = [(row if isinstance(row, dict) else {"row": row}, code) for row, code in [*REFUSED, REFUSED[1]]]
    assert len(kept) == 5
    assert all(one in kept for one in expected)


async def test_nobody_else_sees_them(desk: Desk) -> None:
    for who in (None, "BJ01-C1"):
        answer = await desk.http.get("/api/v1/submissions", headers=headers(who))
        assert answer.status_code == 403
