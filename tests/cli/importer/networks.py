"""Files of a network written for tests, and what became of their rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from cli.importer.network.command import Done, carry
from cli.importer.network.reading import read
from tests.api.conftest import Desk

TWO = """经销商编码,经销商名称,大区,城市
N1,一店,华北区,北京
N2,二店,月球区,北京
"""


def written(folder: Path, **texts: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name.replace('_', '-')}.csv").write_text(text, encoding="utf-8")
    return folder


def acting(desk: Desk, by: str = "HQ-01") -> httpx.AsyncClient:
    desk.http.headers["Baton-Actor"] = by
    return desk.http


async def imported(desk: Desk, path: Path, **options: bool) -> Done:
    given = {"dry_run": False, "all_or_nothing": False, "deactivate_missing": False} | options
    return await carry(acting(desk), read(path), **given)  # type: ignore[arg-type]


def verdicts(done: Done) -> list[tuple[str, str]]:
    return [(one.code, one.verdict) for one in done.lines]


async def entry(desk: Desk, path: str) -> Any:
    answer = await desk.http.get(f"/api/v1/{path}")
    return answer.json() if answer.status_code == 200 else None
