"""Entries of the network asked for, put and changed in somebody's name."""

from __future__ import annotations

from typing import Any

import httpx

from tests.api.conftest import Desk, headers

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
