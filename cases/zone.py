"""The zone that the business lives in: its days, its hours, and instants as people read them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Final

CHINA: Final = timezone(timedelta(hours=8), "CST")
"""China has one zone and no summer time, so a fixed offset needs no zone database."""

IN_SQL: Final = "Asia/Shanghai"
"""The same zone for ``AT TIME ZONE``."""


def minute_shown(at: datetime) -> str:
    """An instant as a person reads it: day, hour and minute."""
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
