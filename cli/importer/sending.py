"""Sends rows to the API in batches and gathers a verdict for each, through failures that another
try may cure."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import httpx

from cli.importer.headings import WORDS
from cli.importer.patience import BUSY, asked_pause
from cli.importer.problems import ImportProblem
from cli.importer.reading import Row

WHY = {
    "created": ("accepted", "新线索，流程已启动"),
    "duplicate": ("same_customer", "同一客户已有线索在办，并入该线索（重）"),
    "reactivated": ("same_customer", "同一客户结束的线索重新激活（激）"),
}
"""Code and words for verdicts that the API gives without a problem to explain."""

QUIET = {
    "already_taken": "该线索此前已收到，未作改动",
    "stated_before_end": "为线索结束之前的旧信息，未作改动",
}
"""By the code of a duplicate that changed nothing."""

BEFORE = "此前已导入，当时的结果："
"""Before the reason of a row whose batch an earlier import has sent."""

BATCH = 50
TRIES = 8
FIRST_PAUSE = 0.25
"""Seconds before the second try; each further pause is twice as long, or as long as the API asks
for."""


@dataclass(frozen=True, slots=True)
class SentRow:
    """What became of a row: ``created``, ``duplicate``, ``reactivated``, ``rejected`` or
    ``not_sent``."""

    row: Row
    verdict: str
    lead_id: str = ""
    codes: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one batch. ``again``: an earlier import had sent it, these are the verdicts of
    then; ``failure`` says why the API took no more."""

    verdicts: tuple[SentRow, ...]
    again: bool = False
    failure: str = ""


async def send(
    rows: Iterable[Row], client: httpx.AsyncClient, *, concurrency: int = 1, done: int = 0
) -> AsyncIterator[Sent]:
    """Sends rows through ``POST /api/v1/leads:batch`` as they are read; batches come in the order
    of the file.

    ``concurrency`` batches are on their way at a time; with one, the first row of a customer is the
    lead and later ones its duplicates. A batch's idempotency key comes of what its rows say: sent a
    second time, from this file or another, it starts nothing twice. The first ``done`` rows were
    sent before and are passed over. When the API stays away, the rows that were not sent are said
    to be so.
    """
    keys, under_way, failure = _Keys(), deque[asyncio.Task[Sent]](), ""
    try:
        for batch in _batches(rows):
            body, key = keys.of(batch)
            if done > 0:
                done -= len(batch)
                continue
            if failure:
                yield _not_sent(batch, failure)
                continue
            under_way.append(asyncio.ensure_future(_send(client, batch, body, key)))
            while under_way and (failure or len(under_way) >= max(1, concurrency)):
                sent = await under_way.popleft()
                failure = failure or sent.failure
                yield sent
        while under_way:
            yield await under_way.popleft()
    finally:
        for task in under_way:
            task.cancel()


async def ready(client: httpx.AsyncClient) -> None:
    """Raises ``ImportProblem`` when the API cannot take leads now."""
    try:
        answer = await client.get("/health/ready")
    except httpx.TransportError as failure:
        raise ImportProblem(_away(client)) from failure
    if answer.status_code != httpx.codes.OK:
        raise ImportProblem(f"Baton 尚未就绪（{client.base_url} is not ready: {_detail(answer)}）")


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        yield batch


class _Keys:
    """Idempotency keys from the content of batches; the same content further down in a file is
    another batch."""

    def __init__(self) -> None:
        self.seen: Counter[bytes] = Counter()

    def of(self, rows: Sequence[Row]) -> tuple[bytes, str]:
        """The body that tells of the rows and its key; no body when none of them can be a lead."""
        leads = [row.lead for row in rows if row.lead is not None]
        if not leads:
            return b"", ""
        body = json.dumps({"leads": leads}, ensure_ascii=False).encode()
        digest = hashlib.sha256(body)
        self.seen[digest.digest()] += 1
        digest.update(str(self.seen[digest.digest()]).encode())
        return body, f"import-{digest.hexdigest()[:40]}"


async def _send(client: httpx.AsyncClient, rows: Sequence[Row], body: bytes, key: str) -> Sent:
    if not body:
        return Sent(tuple(_unfit(row) for row in rows))
    try:
        answer, attempts = await _post(client, body, key)
    except ImportProblem as problem:
        return _not_sent(rows, str(problem))
    # After a try without an answer, it may be that very try that is answered now.
    again = attempts == 1 and "idempotency-replayed" in answer.headers
    sent = iter(answer.json()["rows"])
    found = tuple(_verdict(row, next(sent), again) if row.lead is not None else _unfit(row) for row in rows)
    return Sent(found, again=again)


def _not_sent(rows: Sequence[Row], why: str) -> Sent:
    return Sent(tuple(SentRow(row, "not_sent", reason=why) for row in rows), failure=why)


async def _post(client: httpx.AsyncClient, body: bytes, key: str) -> tuple[httpx.Response, int]:
    """The answer, and how many tries it took."""
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
            return answer, attempt + 1
        last = f"API 拒绝了这一批：{_detail(answer)}（the API refused the batch）"
        if answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR and answer.status_code not in BUSY:
            break
        asked = asked_pause(answer)
    raise ImportProblem(last)


def _verdict(row: Row, said: dict[str, Any], again: bool) -> SentRow:
    problems = said["problems"]
    verdict = "reactivated" if said["reactivated"] else said["verdict"]
    code, words = WHY.get(verdict, ("", ""))
    if (quiet := said.get("code")) is not None:
        code, words = quiet, QUIET.get(quiet, quiet)
    reasons = [_sentence(problem) for problem in problems] or [words]
    unread = [_sentence(problem) for problem in said.get("unread", ())]
    reason = (BEFORE if again else "") + "；".join(filter(None, (*reasons, *unread, *row.remarks)))
    codes = tuple(problem["code"] for problem in problems) or (code,)
    return SentRow(row, verdict, said["lead_id"] or "", codes, reason)


def _sentence(problem: dict[str, str]) -> str:
    cure = f"（{problem['cure']}）" if problem["cure"] else ""
    return f"{WORDS.get(problem['field'], problem['field'])}：{problem['message']}{cure}"


def _unfit(row: Row) -> SentRow:
    return SentRow(row, "rejected", codes=("bad_row",), reason=row.problem)


def _away(client: httpx.AsyncClient) -> str:
    return f"Baton 没有运行：{client.base_url} 无应答，请先 make run（the API does not answer: start it first）"


def _detail(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return f"HTTP {answer.status_code}"
