"""Entries of the network asked for, put and changed in somebody's name."""

from __future__ import annotations

from typing import Any

import httpx

from tests.api.conftest import Desk, headers

ENTRIES: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "regions": ("R-1", {"name": "新区"}, {"name": "新大区"}),
    "cities": ("延吉", {"region": "NORTHEAST"}, {"region": "NORTH"}),
    "places": ("820000", {"region": "SOUTH"}, {"region": "WEST"}),
    "models": ("levorg", {"name": "Levorg", "price": 200_000, "aliases": ["力沃"]}, {"price": 210_000}),
    "channels": ("maker.vertical.bitauto", {"name": "比特", "parent": "maker.vertical"}, {"name": "比特汽车"}),
    "dealers": ("BJ77", {"name": "北京新店", "region": "NORTH", "city": "北京"}, {"daily_capacity": 7}),
    "staff": ("BJ01-C77", {"name": "周周", "role": "consultant", "dealer": "BJ01"}, {"rest_days": [7, 2]}),
    "absences": (
        "BJ01-C1-1",
        {"staff": "BJ01-C1", "starts_at": "2026-12-01T00:00:00+08:00", "ends_at": "2026-12-03T00:00:00+08:00"},
        {"reason": "年假"},
    ),
    "contact-points": (
        "BJ01-M1-mail",
        {"staff": "BJ01-M1", "address": "one@example.com"},
        {"address": "two@example.com"},
    ),
    "closures": (
        "BJ01-1",
        {"dealer": "BJ01", "starts_at": "2026-12-01T00:00:00+08:00", "ends_at": "2026-12-03T00:00:00+08:00"},
        {"reason": "盘点"},
    ),
    "hours": (
        "BJ01-1",
        {"team": "dealer", "dealer": "BJ01", "valid_from": "2026-12-01", "hours": [[["08:30", "24:00"]]] * 6 + [[]]},
        {"holidays": True},
    ),
    "calendar-days": ("2026-12-12", {"working": True, "name": "调休"}, {"working": False}),
}
"""Kind: a code that is free, the fields of an entry, a change of it."""

PERSON = {"name": "周周", "role": "consultant", "dealer": "BJ01"}
DEALER = {"name": "新店", "region": "NORTH", "city": "北京"}


async def ask(
    desk: Desk,
    method: str,
    path: str,
    body: Any = None,
    *,
    by: str | None = "HQ-01",
    seen: str | None = None,
    **more: Any,
) -> httpx.Response:
    said = headers(by, **more) | ({"If-Match": seen} if seen else {})
    return await desk.http.request(method, f"/api/v1/{path}", json=body, headers=said)


async def put(desk: Desk, path: str, body: Any, **more: Any) -> httpx.Response:
    return await ask(desk, "PUT", path, body, **more)


async def patch(desk: Desk, path: str, body: Any, **more: Any) -> httpx.Response:
    return await ask(desk, "PATCH", path, body, **more)


async def shown(desk: Desk, path: str) -> Any:
    return (await ask(desk, "GET", path)).json()


def problems(answer: httpx.Response) -> set[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    for one in answer.json()["problems"]:
        assert one["message"] and one["cure"] and "{" not in one["message"] + one["cure"]
    return {(one["field"], one["code"]) for one in answer.json()["problems"]}
