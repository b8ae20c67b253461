"""When a lead was left with its channel (留资时间), as files and partners write it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cleaning.text import tidy

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""The zone of an instant without one, and of every calendar day in ``cleaning``."""

_WRITTEN = re.compile(
    r"(?P<year>[0-9]{4})\s*[-/.年]\s*(?P<month>[0-9]{1,2})\s*[-/.月]\s*(?P<day>[0-9]{1,2})\s*日?"
    r"(?:[\sT]*(?P<half>上午|下午|晚上|am|pm)?\s*(?P<hour>[0-9]{1,2})\s*[:时点]\s*(?P<minute>[0-9]{1,2})?\s*分?"
    r"(?:\s*:?\s*(?P<second>[0-9]{1,2})(?:[.,][0-9]+)?\s*秒?)?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:[ T]?([0-9]{2})([0-9]{2})([0-9]{2})?)?")


def read_instant(text: object) -> datetime | None:
    """The instant in UTC, or ``None`` if the text is no date. Without a zone it is Shanghai's; a date alone is its
    midnight. Epoch seconds and milliseconds are read too. Never raises.
    """
    if isinstance(text, datetime):
        return _in_utc(text)
    typed = tidy(text)
    for read in (_read_iso, _read_epoch, _read_compact, _read_written):
        try:
            instant = read(typed)
            if instant is not None:
                return _in_utc(instant)
        except (ValueError, OverflowError, OSError):
            continue
    return None


def _in_utc(instant: datetime) -> datetime | None:
    try:
        return (instant if instant.tzinfo else instant.replace(tzinfo=SHANGHAI)).astimezone(UTC)
    except (ValueError, OverflowError):  # year 1 in Shanghai is year 0 in UTC
        return None


def _read_iso(typed: str) -> datetime | None:
    if not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", typed):
        return None
    return datetime.fromisoformat(typed)


def _read_epoch(typed: str) -> datetime | None:
    if not re.fullmatch(r"[0-9]{10}|[0-9]{13}", typed):
        return None
    return datetime.fromtimestamp(int(typed) / (1_000 if len(typed) == 13 else 1), UTC)


def _read_compact(typed: str) -> datetime | None:
    found = _COMPACT.fullmatch(typed)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    return datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)


def _read_written(typed: str) -> datetime | None:
    found = _WRITTEN.fullmatch(typed)
    if not found:
        return None
    year, month, day = int(found["year"]), int(found["month"]), int(found["day"])
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    if (found["half"] or "").lower() in ("下午", "晚上", "pm") and hour < 12:
        hour += 12
    return datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)
