"""Keeps a request's body within bounds before anything reads it into memory."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.language import preferred
from api.problems import problem_response

SINGLE_BYTES = 256 * 1024
BATCH_BYTES = 4 * 1024 * 1024
BATCH_PATHS = frozenset(
    {
        "/api/v1/leads:batch",
        "/api/v1/leads:reassign",
        "/api/v1/processes",
        "/api/v1/processes/checks",
        "/api/v1/processes/rehearsals",
    }
)
"""What takes many rows, or a diagram with its drawing."""

NETWORK_BYTES = 16 * 1024 * 1024
NETWORK = "/api/v1/network/imports"
"""A network of 1,000 dealers and 8,000 people has some 3 MB."""

TABLES = "/api/v1/tables/"
"""Below it whole tables are sent: 1,000 rows have some 400 kB."""


class TooLarge(Exception):
    """More bytes arrived than the path allows."""


class BodyLimit:
    """Answers 413 when a body is longer than its path allows, announced (Content-Length) or not
    (chunked)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        long = scope["path"] in BATCH_PATHS or scope["path"].startswith(TABLES)
        limit = NETWORK_BYTES if scope["path"] == NETWORK else BATCH_BYTES if long else SINGLE_BYTES
        headers = dict(scope["headers"])
        announced = headers.get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > limit:
            return await self._refuse(headers, limit, scope, receive, send)
        seen = 0
        started = False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise TooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            # Whatever the framework makes of the exception above, the caller is told 413.
            if message["type"] == "http.response.start" and seen > limit:
                raise TooLarge
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, counted, noted)
        except TooLarge:
            if started:
                raise
            await self._refuse(headers, limit, scope, receive, send)

    async def _refuse(
        self, headers: dict[bytes, bytes], limit: int, scope: Scope, receive: Receive, send: Send
    ) -> None:
        language = preferred(headers.get(b"accept-language", b"").decode("latin-1"))
        response = problem_response(413, "too_large", language, params={"limit": str(limit // 1024)})
        await response(scope, receive, send)
