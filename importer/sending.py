"""Sends rows to the API in batches and gathers a verdict for each, through failures that another try may cure."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from importer.patience import BUSY, asked_pause
from importer.problems import ImportProblem
from importer.reading import Row, Sheet

WHY = {
    "created": ("accepted", "新线索，流程已启动"),
    "duplicate": ("same_customer", "同一客户已有线索在办，并入该线索（重）"),
    "reactivated": ("same_customer", "同一客户结束的线索重新激活（激）"),
}
"""Code and words for verdicts that the API gives without a problem to explain."""

BATCH = 50
TRIES = 8
FIRST_PAUSE = 0.25
"""Seconds before the second try; each further pause is twice as long, or as long as the API asks for."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a row: ``created``, ``duplicate``, ``reactivated``, ``rejected`` or ``not_sent``."""

    row: Row
    verdict: str
    lead_id: str = ""
    codes: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """All verdicts in the order of the file. ``again``: the same file was imported before, these are its verdicts."""

    verdicts: tuple[Verdict, ...]
    again: bool
    failure: str = ""


async def import_file(
    sheet: Sheet,
    client: httpx.AsyncClient,
    *,
    concurrency: int = 1,
    progress: Callable[[int], None] = lambda done: None,
) -> Imported:
    """Sends a sheet through ``POST /api/v1/leads:batch``.

    ``concurrency`` batches are on their way at a time; with one, the first row of a customer is the lead and later
    ones its duplicates. Batches carry idempotency keys derived from the file: a second import of the same file
    starts nothing twice. When the API stays away, the rows that were not sent are said to be so.
    """
    await _ready(client)
    batches = [sheet.rows[start : start + BATCH] for start in range(0, len(sheet.rows), BATCH)]
    gate = asyncio.Semaphore(max(1, concurrency))
    failures: list[str] = []

    async def one(rows: Sequence[Row]) -> tuple[list[Verdict], bool]:
        async with gate:
            if failures:
                return [Verdict(row, "not_sent", reason=failures[0]) for row in rows], False
            try:
                found = await _send(client, sheet, rows)
            except ImportProblem as problem:
                failures.append(str(problem))
                found = [Verdict(row, "not_sent", reason=str(problem)) for row in rows], False
            progress(len(rows))
            return found

    answers = await asyncio.gather(*(one(rows) for rows in batches))
    verdicts = tuple(verdict for found, _ in answers for verdict in found)
    again = bool(answers) and all(replayed for _, replayed in answers)
    return Imported(verdicts, again, failures[0] if failures else "")


async def _ready(client: httpx.AsyncClient) -> None:
    try:
        answer = await client.get("/health/ready")
    except httpx.TransportError as failure:
        raise ImportProblem(_away(client)) from failure
    if answer.status_code != httpx.codes.OK:
        raise ImportProblem(f"Baton 尚未就绪（{client.base_url} is not ready: {_detail(answer)}）")


async def _send(client: httpx.AsyncClient, sheet: Sheet, rows: Sequence[Row]) -> tuple[list[Verdict], bool]:
    leads = [row.lead for row in rows if row.lead is not None]
    verdicts: list[dict[str, Any]] = []
    replayed = True
    if leads:
        body = json.dumps({"leads": leads}, ensure_ascii=False).encode()
        key = hashlib.sha256(f"{sheet.sha256}:{rows[0].number}:".encode() + body).hexdigest()
        answer = await _post(client, body, f"import-{key[:40]}")
        verdicts = answer.json()["rows"]
        replayed = "idempotency-replayed" in answer.headers
    sent = iter(verdicts)
    found = [_verdict(row, next(sent)) if row.lead is not None else _unfit(row) for row in rows]
    return found, replayed


async def _post(client: httpx.AsyncClient, body: bytes, key: str) -> httpx.Response:
    headers = {"Content-Type": "application/json", "Idempotency-Key": key, "Accept-Language": "zh"}
    pause, asked, last = FIRST_PAUSE, 0.0, ""
    for attempt in range(TRIES):
        if attempt:
            await asyncio.sleep(max(pause, asked))
            pause, asked = pause * 2, 0.0
        try:
            answer = await client.post("/api/v1/leads:batch", content=body, headers=headers)
        except httpx.TransportError:
            last = _away(client)
            continue
        if answer.status_code == httpx.codes.OK:
            return answer
        last = f"API 拒绝了这一批：{_detail(answer)}（the API refused the batch）"
        if answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR and answer.status_code not in BUSY:
            break
        asked = asked_pause(answer)
    raise ImportProblem(last)


def _verdict(row: Row, said: dict[str, Any]) -> Verdict:
    problems = said["problems"]
    verdict = "reactivated" if said["reactivated"] else said["verdict"]
    code, words = WHY.get(verdict, ("", ""))
    reason = "；".join(_sentence(problem) for problem in problems) or words
    codes = tuple(problem["code"] for problem in problems) or (code,)
    return Verdict(row, verdict, said["lead_id"] or "", codes, reason)


def _sentence(problem: dict[str, str]) -> str:
    cure = f"（{problem['cure']}）" if problem["cure"] else ""
    return f"{problem['field']}：{problem['message']}{cure}"


def _unfit(row: Row) -> Verdict:
    return Verdict(row, "rejected", codes=("bad_row",), reason=row.problem)


def _away(client: httpx.AsyncClient) -> str:
    return f"Baton 没有运行：{client.base_url} 无应答，请先 make run（the API does not answer: start it first）"


def _detail(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return f"HTTP {answer.status_code}"
