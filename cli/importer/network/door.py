"""The API's door for a network: all rows in one request, all entries read page by page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import httpx

from cli.importer.network.kinds import SHEETS
from cli.importer.network.reading import Row
from cli.importer.problems import ImportProblem

TIMEOUT = httpx.Timeout(180, connect=5)
_PAGE = 500


async def send(client: httpx.AsyncClient, rows: Sequence[Row], **options: bool) -> dict[str, Any]:
    """What the API says of the rows. Raises ``ImportProblem``."""
    said = [{"kind": row.sheet.kind, "code": row.code, "values": row.values} for row in rows]
    body = json.dumps({"rows": said, **options}, ensure_ascii=False).encode()
    return _accepted(
        await _ask(client, "POST", "network/imports", content=body, headers={"Content-Type": "application/json"})
    )


async def everything(client: httpx.AsyncClient) -> dict[str, list[dict[str, Any]]]:
    """All entries of all kinds. Raises ``ImportProblem``."""
    return {kind: await _all(client, kind) for kind in SHEETS}


async def _all(client: httpx.AsyncClient, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        answer = _accepted(await _ask(client, "GET", kind, params={"limit": _PAGE, **cursor}))
        found += answer["items"]
        if answer["next"] is None:
            return found
        cursor = {"cursor": answer["next"]}


async def _ask(client: httpx.AsyncClient, method: str, path: str, **rest: Any) -> httpx.Response:
    try:
        return await client.request(method, f"/api/v1/{path}", **rest)
    except httpx.TransportError as failure:
        raise ImportProblem(
            f"Baton 没有运行：{client.base_url} 无应答，请先 make run（the API does not answer: start it first）"
        ) from failure


def _accepted(answer: httpx.Response) -> dict[str, Any]:
    if answer.is_success:
        return answer.json()
    try:
        said = answer.json()
        problems = "；".join(f"{one['field']} {one['message']}" for one in said["problems"][:5])
        raise ImportProblem("，".join(filter(None, (said["detail"], said["cure"], problems))))
    except (ValueError, KeyError, TypeError):
        raise ImportProblem(f"HTTP {answer.status_code}: {answer.request.url}") from None
