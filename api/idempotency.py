"""One request, one transaction, one answer: also when the same request comes twice, or twice at
once."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from fastapi.responses import JSONResponse, Response
from pydantic_core import to_jsonable_python

from api.conditions import etag
from api.context import Call
from api.problems import MEDIA_TYPE
from cases.errors import Conflict
from store import idempotency
from store.session import Tx


@dataclass(frozen=True, slots=True)
class Answer:
    """What a statement is answered with. An answer is committed, also a rejecting one; an exception
    rolls back."""

    status: int
    body: Any
    location: str | None = None
    version: object = None
    """Of what was changed, for the answer's ``ETag``."""


async def once(call: Call, work: Callable[[Tx], Awaitable[Answer]]) -> Response:
    """Runs ``work`` in the request's one transaction and answers with its result.

    With an ``Idempotency-Key`` the answer is stored in that transaction: the same request gets it
    again, a different one under the same key is refused. Refusals that raise are not stored: they
    changed nothing. Conditions (``If-Match``) are ``work``'s to check: a repetition of what was
    done is answered before them. Raises ``Conflict``.
    """
    key = call.idempotency_key
    fingerprint = await _fingerprint(call) if key else ""
    async with call.services.database.transaction(call.actor, call.scope) as tx:
        if key:
            given = await idempotency.find(tx, key)
            if given is not None:
                if given.request_sha256 != fingerprint:
                    raise Conflict("idempotency_key_reused")
                kept = given.body
                answer = Answer(given.status, kept["content"], kept["location"], kept.get("version"))
                return _response(answer, again=True)
        answer = await work(tx)
        answer = replace(answer, body=to_jsonable_python(answer.body))
        if key:
            kept = {"content": answer.body, "location": answer.location, "version": answer.version}
            await idempotency.keep(tx, key, fingerprint, answer.status, kept, call.now())
    return _response(answer)


async def _fingerprint(call: Call) -> str:
    """The actor is part of the request: nobody gets another's answer by guessing a key."""
    head = f"{call.actor} {call.request.method} {call.request.url.path}?{call.request.url.query}\n"
    return hashlib.sha256(head.encode() + await call.request.body()).hexdigest()


def _response(answer: Answer, *, again: bool = False) -> Response:
    headers = {"Location": answer.location} if answer.location else {}
    if answer.version is not None:
        headers["ETag"] = etag(answer.version)
    if again:
        headers["Idempotency-Replayed"] = "true"
    media = MEDIA_TYPE if answer.status >= 400 else "application/json"
    return JSONResponse(answer.body, answer.status, headers=headers, media_type=media)
