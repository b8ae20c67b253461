"""Which language a caller reads, from ``Accept-Language`` (RFC 9110, section 12.5.4)."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cases.messages import Language, languages
from cases.messages.languages import matching

_WORDED = ("application/json", "application/problem+json", "text/csv")
"""Types of answers that may hold words of Baton's own. A diagram or a table is in its author's
language."""


def preferred(accept_language: str | None) -> Language:
    """The language that the caller weighs most among those that Baton speaks; the first of them
    (``languages.LANGUAGES``) where several weigh the same, or none is asked for."""
    weights: dict[Language, float] = {}
    others = 0.0
    for part in (accept_language or "").split(","):
        tag, _, parameter = part.partition(";")
        weight, language = _weight(parameter), matching(tag)
        if language is not None:
            weights[language] = max(weight, weights.get(language, 0.0))
        elif tag.strip() == "*":
            others = max(weight, others)
    return max(languages.LANGUAGES, key=lambda one: weights.get(one, others))


def _weight(parameter: str) -> float:
    try:
        weight = float(parameter.strip().lower().removeprefix("q=")) if parameter else 1.0
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0  # nor is it NaN, which would win or lose by its place


class InWhichLanguage:
    """Says in ``Content-Language`` which language an answer is in, where the answer does not say it
    itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            return await self.app(scope, receive, send)

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith(_WORDED):
                    headers.setdefault("Content-Language", preferred(Headers(scope=scope).get("accept-language")))
            await send(message)

        return await self.app(scope, receive, told)
