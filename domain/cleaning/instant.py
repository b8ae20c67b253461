"""When a lead was left with its channel (留资时间), as files and partners write it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from cases.zone import CHINA
from domain.cleaning.text import is_blank, tidy

_YEAR_FIRST = re.compile(
    r"(?P<year>[0-9]{4}|[0-9]{2}(?=[-年]))\s*[-/.年]\s*(?P<month>[0-9]{1,2})\s*[-/.月]\s*(?P<day>[0-9]{1,2})\s*[日号]?"
)
_YEAR_LAST = re.compile(r"(?P<one>[0-9]{1,2})\s*[-/.]\s*(?P<other>[0-9]{1,2})\s*[-/.]\s*(?P<year>[0-9]{4})")
_NAMED_MONTH = re.compile(
    r"(?:(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?[-/ .]*)?(?P<month>[a-z]{3})[a-z]*[-/ .,]*"
    r"(?:(?P<day_after>[0-9]{1,2})(?:st|nd|rd|th)?[ ,]+)?(?P<year>[0-9]{4}|[0-9]{2})",
    re.IGNORECASE,
)
_NO_YEAR = re.compile(r"(?P<month>[0-9]{1,2})\s*[-/月]\s*(?P<day>[0-9]{1,2})\s*[日号]?(?![-/0-9])")
_NEAR_DAY = re.compile(r"(?P<word>今[天日早晚]|昨[天日晚]|前[天日])")
_DAYS_AGO = {"今": 0, "昨": 1, "前": 2}
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:[ T]?([0-9]{2})([0-9]{2})([0-9]{2})?)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_HALF = r"上午|早上|早晨|清晨|凌晨|半夜|中午|下午|傍晚|晚上|夜里|晚|早|a\.?m\.?|p\.?m\.?"
_TIME = re.compile(
    rf"[\sT,]*(?:\(?(?:星期|周|礼拜)[一二三四五六日天]\)?[\s,]*)?(?P<half>{_HALF})?\s*"
    r"(?:(?P<hour>[0-9]{1,2})\s*[:时点]\s*(?:(?P<minute>[0-9]{1,2})|(?P<half_hour>半))?\s*分?"
    rf"(?:\s*:?\s*(?P<second>[0-9]{{1,2}})(?:[.,][0-9]+)?\s*秒?)?\s*(?P<half_after>{_HALF})?)?"
    r"\s*(?P<zone>cst|gmt\+?0?8?(?::?00)?|utc\+?0?8?(?::?00)?|北京时间|z|[+-][0-9]{2}:?[0-9]{2})?",
    re.IGNORECASE,
)
_AFTERNOON = frozenset({"下午", "傍晚", "晚上", "夜里", "晚", "pm"})

_FIRST_SERIAL, _LAST_SERIAL = 36_526, 73_050
"""Spreadsheet days of the years 2000 to 2099; a smaller number is no date of a lead."""


def read_instant(text: object, now: datetime | None = None) -> datetime | None:
    """The instant in UTC, or ``None`` if the text is no date. Without a zone it is Shanghai's; a
    date alone is its midnight. Epoch seconds and milliseconds and a spreadsheet's serial days are
    read too. Never raises.

    ``now`` reads what leaves the year or the day to the reader (11-20 10:15, 昨天): the latest such
    day not after it. A date that may be two days (11/12/2026) is none.
    """
    if isinstance(text, datetime):
        return _in_utc(text)
    typed = tidy(text)
    if is_blank(typed):
        return None
    today = None if now is None else now.astimezone(CHINA).date()
    for read in (_read_iso, _read_number, _read_compact, lambda typed: _read_written(typed, today)):
        try:
            instant = read(typed)
            if instant is not None:
                return _in_utc(instant)
        except (ValueError, OverflowError, OSError):
            continue
    return None


def _in_utc(instant: datetime) -> datetime | None:
    try:
        return (instant if instant.tzinfo else instant.replace(tzinfo=CHINA)).astimezone(UTC)
    except (ValueError, OverflowError):  # year 1 in Shanghai is year 0 in UTC
        return None


def _read_iso(typed: str) -> datetime | None:
    if not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", typed):
        return None
    return datetime.fromisoformat(typed)


def _read_number(typed: str) -> datetime | None:
    if not re.fullmatch(r"[0-9]{5,13}(?:\.[0-9]{1,12})?", typed):
        return None
    whole = typed.partition(".")[0]
    if len(whole) in (10, 13):
        return datetime.fromtimestamp(float(typed) / (1_000 if len(whole) == 13 else 1), UTC)
    if len(whole) == 5 and _FIRST_SERIAL <= float(typed) < _LAST_SERIAL:
        seconds = round(float(typed) * 86_400)
        return datetime(1899, 12, 30, tzinfo=CHINA) + timedelta(seconds=seconds)
    return None


def _read_compact(typed: str) -> datetime | None:
    found = _COMPACT.fullmatch(typed)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    return datetime(year, month, day, hour, minute, second, tzinfo=CHINA)


# -- a day, then a time --------------------------------------------------------------------------


def _read_written(typed: str, today: date | None) -> datetime | None:
    for pattern, day_of in _DAYS:
        found = pattern.match(typed)
        day = day_of(found, today) if found else None
        if found and day is not None:
            rest = _TIME.fullmatch(typed[found.end() :])
            if rest:
                return _at(day, rest, found.groupdict().get("word") or "")
    return None


def _at(day: date, rest: re.Match[str], word: str) -> datetime:
    hour, minute, second = (int(rest[part] or 0) for part in ("hour", "minute", "second"))
    minute = 30 if rest["half_hour"] else minute
    half = (rest["half"] or rest["half_after"] or ("晚" if word.endswith("晚") else "")).lower().replace(".", "")
    if (half in _AFTERNOON and hour < 12) or (half == "中午" and 1 <= hour <= 3):
        hour += 12
    elif half in ("am", "凌晨", "半夜") and hour == 12:
        hour = 0
    if half == "中午" and rest["hour"] is None:
        hour = 12
    return datetime.combine(day, time(hour, minute, second), _zone(rest["zone"]))


def _zone(written: str | None) -> tzinfo:
    """CST is China's; GMT and UTC without a shift are themselves."""
    name = (written or "cst").lower()
    offset = re.fullmatch(r"([+-])([0-9]{2}):?([0-9]{2})", name)
    if offset:
        shift = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        return timezone(-shift if offset[1] == "-" else shift)
    return UTC if name in ("z", "gmt", "utc") else CHINA


def _year_first(found: re.Match[str], today: date | None) -> date:
    year = int(found["year"])
    return date(year + 2000 if year < 100 else year, int(found["month"]), int(found["day"]))


def _year_last(found: re.Match[str], today: date | None) -> date | None:
    """20/11/2026 and 11/20/2026 can be only one day each; with dots the day comes first."""
    one, other, year = int(found["one"]), int(found["other"]), int(found["year"])
    if one > 12 or "." in found[0] or one == other:
        return date(year, other, one)
    return date(year, one, other) if other > 12 else None


def _named_month(found: re.Match[str], today: date | None) -> date | None:
    name, year = found["month"].lower(), int(found["year"])
    day = found["day"] or found["day_after"]
    if name not in _MONTHS or day is None:
        return None
    return date(year + 2000 if year < 100 else year, _MONTHS.index(name) + 1, int(day))


def _no_year(found: re.Match[str], today: date | None) -> date | None:
    if today is None:
        return None
    month, day = int(found["month"]), int(found["day"])
    return date(today.year - ((month, day) > (today.month, today.day)), month, day)


def _near_day(found: re.Match[str], today: date | None) -> date | None:
    return None if today is None else today - timedelta(days=_DAYS_AGO[found["word"][0]])


_DAYS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date | None], date | None]], ...] = (
    (_YEAR_FIRST, _year_first),
    (_YEAR_LAST, _year_last),
    (_NAMED_MONTH, _named_month),
    (_NO_YEAR, _no_year),
    (_NEAR_DAY, _near_day),
)
