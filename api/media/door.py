"""In front of ``POST /leads``: bodies in other forms become its JSON, answers become XML where that
is wished (F4)."""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.language import preferred
from api.media import twin
from api.media.reading import FORM, is_other, rows
from api.problems import MEDIA_TYPE, problem_response
from cases.errors import BatonError

SINGLE: Final = "/api/v1/leads"
BATCH: Final = "/api/v1/leads:batch"
AT_ONCE: Final = 32 * 1024
"""Bytes of XML that are read at once, in milliseconds; more is read in a process beside the API
(decision 0016)."""

PROBLEM_XML: Final = "application/problem+xml"
PROBLEM_NAMESPACE: Final = "urn:ietf:rfc:7807"


class OtherForms:
    """Reads XML and posted forms for the two addresses that take leads; everything else passes
    untouched.

    One submission is answered as one, several in a file as a batch. ``?channel=`` names the channel
    of rows that name none, and goes before what the provider of an ADF file calls itself.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or scope["path"] not in (SINGLE, BATCH):
            return await self.app(scope, receive, send)
        headers = Headers(scope=scope)
        media, charset = _media(headers.get("content-type", ""))
        if not is_other(media):
            return await self.app(scope, receive, send)
        in_xml = media != FORM and wants_xml(headers.get("accept", ""))
        answer = _Answer(send, in_xml)
        body = await _whole(receive)
        if body is None:
            return None
        try:
            found = await self._rows(scope, body, media, charset)
        except BatonError as error:
            refusal = problem_response(
                error.status,
                error.code,
                preferred(headers.get("accept-language")),
                params=error.params,
                more={"params": error.params} if error.params else None,
            )
            await refusal(scope, receive, answer.send)
            return await answer.finish()
        named = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("channel")
        if named:
            found = [_through(row, named) for row in found]
        one = scope["path"] == SINGLE and len(found) == 1
        as_json = json.dumps(found[0] if one else {"leads": found}, ensure_ascii=False).encode()
        inner = {**scope, "headers": _as_json(scope["headers"], len(as_json))}
        if not one:
            inner |= {"path": BATCH, "raw_path": BATCH.encode()}
        await self.app(inner, _once(as_json, receive), answer.send)
        return await answer.finish()

    async def _rows(self, scope: Scope, body: bytes, media: str, charset: str | None) -> list[dict[str, Any]]:
        if len(body) <= AT_ONCE:
            return rows(body, media, charset)
        return await scope["app"].state.services.aside.run(rows, body, media, charset)


def wants_xml(accept: str) -> bool:
    """Whether a caller prefers XML to JSON (RFC 9110, 12.5.1); without a word of either it is
    JSON."""
    best = {"xml": 0.0, "json": 0.0}
    for part in accept.lower().split(","):
        media, *parameters = (one.strip() for one in part.split(";"))
        weight = next((one[2:] for one in parameters if one.startswith("q=")), "1")
        try:
            quality = float(weight)
        except ValueError:
            continue
        for kind in best:
            if media in (f"application/{kind}", f"text/{kind}") or media.endswith(f"+{kind}"):
                best[kind] = max(best[kind], quality)
    return best["xml"] > best["json"]


def _media(content_type: str) -> tuple[str, str | None]:
    media, *parameters = content_type.split(";")
    given = [one.strip().partition("=") for one in parameters]
    charset = next((value for name, _, value in given if name.lower() == "charset"), "")
    return media.strip().lower(), charset.strip("\"' ").lower() or None


def _through(row: dict[str, Any], named: list[str]) -> dict[str, Any]:
    """The row with the channel that the address names, unless it names one itself."""
    own = row.get("channel")
    if own is None:
        return {**row, "channel": named}
    if isinstance(own, dict) and "any_of" in own:
        return {**row, "channel": {"any_of": [named, *own["any_of"]]}}  # pyright: ignore[reportUnknownVariableType]
    return row


def _as_json(headers: list[tuple[bytes, bytes]], length: int) -> list[tuple[bytes, bytes]]:
    replaced = (b"content-type", b"content-length", b"transfer-encoding", b"accept")
    kept = [(name, value) for name, value in headers if name not in replaced]
    return [*kept, (b"content-type", b"application/json"), (b"content-length", str(length).encode())]


async def _whole(receive: Receive) -> bytes | None:
    """The body; ``None`` if the caller hung up."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def _once(body: bytes, receive: Receive) -> Receive:
    """Gives the body, then whatever the caller does."""
    given = False

    async def next_message() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return next_message


class _Answer:
    """Passes an answer on; one in XML is held until it is whole."""

    def __init__(self, send: Send, in_xml: bool) -> None:
        self._send = send
        self._in_xml = in_xml
        self._start: Message | None = None
        self._body: list[bytes] = []

    async def send(self, message: Message) -> None:
        if not self._in_xml:
            await self._send(message)
        elif message["type"] == "http.response.start":
            self._start = message
        elif message["type"] == "http.response.body":
            self._body.append(message.get("body", b""))

    async def finish(self) -> None:
        """Sends what was held."""
        if self._start is None:
            return
        headers = Headers(raw=self._start["headers"])
        body, media = b"".join(self._body), headers.get("content-type", "")
        if media.startswith(MEDIA_TYPE):
            body, media = twin.written(json.loads(body), "problem", PROBLEM_NAMESPACE), PROBLEM_XML
        elif media.startswith("application/json"):
            body, media = twin.written(json.loads(body), "answer"), "application/xml"
        kept = [(name, value) for name, value in headers.raw if name not in (b"content-type", b"content-length")]
        kept += [(b"content-type", media.encode()), (b"content-length", str(len(body)).encode())]
        await self._send({**self._start, "headers": kept})
        await self._send({"type": "http.response.body", "body": body})
