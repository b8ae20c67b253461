"""How long an answer asks its caller to wait (``Retry-After``, RFC 9110, section 10.2.3)."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

BUSY = frozenset({httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE})
"""Answers after which the same request may be sent again."""

LONGEST = 60.0
"""Seconds: a longer wish is not followed, it would look like a program that hangs."""


def asked_pause(answer: httpx.Response, now: datetime | None = None) -> float:
    """Seconds that the answer asks for, as a number or as a date; 0 if it does not, or not in a
    readable way."""
    said = answer.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return min(float(said), LONGEST)
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return 0.0
    seconds = ((at if at.tzinfo else at.replace(tzinfo=UTC)) - (now or datetime.now(UTC))).total_seconds()
    return min(max(seconds, 0.0), LONGEST)
