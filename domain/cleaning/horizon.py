"""How soon somebody wants to buy (计划购车时间), in days from the day they said it (grade tables read
it).

A span read as its last day (三个月内 is 90, 2-3个月 is 90, 本周 is until Sunday), a start as its first (半年后
is 180); a month is 30 days, a year 365. 下个月 is 30, 明年 the middle of next year: both are said
without a day in mind.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime

from cases.zone import CHINA
from domain.cleaning.lunar import next_new_year
from domain.cleaning.numerals import NUMBER, number
from domain.cleaning.text import is_blank, tidy

FARTHEST = 3_650
"""Days; more is no plan."""

_FEW = {"几": 3, "数": 3, "若干": 3, "多": 3}
"""几个月, 数月: a few, read as three."""

_UNIT_DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "季度": 90, "季": 90, "年": 365}
_DURATION = re.compile(
    rf"(半|若干|[几数多](?=个|天|日|周|星期|礼拜|月|季|年)|{NUMBER})(?:\s*(?:-|~|—|–|至|到|、|或)+\s*({NUMBER}))?\s*[几多来]?\s*(?P<ge>个)?(?:多|来)?(?P<half>半)?\s*"
    r"(?P<unit>天|日|周|星期|礼拜|月|季度|季|年)(?P<half_after>半)?(?P<within>以?内|之内)?"
)
_SHARE_OF_UNIT = {"月": 15, "年": 180, "天": 1, "周": 4, "星期": 4, "礼拜": 4}
_DATE = re.compile(r"(?:([0-9]{4})\s*[年\-/.])?\s*(?<![0-9])([0-9]{1,2})\s*[月\-/.]\s*([0-9]{1,2})(?:[日号]|$)")
_MONTH = re.compile(
    rf"(?:(?P<year>[0-9]{{4}})\s*年|(?P<next>明年))?\s*(?:{NUMBER}\s*[-~至到]\s*)?(?P<month>{NUMBER})\s*月份?"
    r"(?!\s*(?:以?内|之内|后))"
)
# 两月内, 近两月, 一两月: as many months, where 二月 and 2月 name one.
_MONTHS = re.compile(
    rf"(?:[半几数多]|若干|[两俩]|[一二两俩三四五六七八九][两二三四五六七八九](?<![二三四五六七八][三四五六七八九]))\s*月|(?:近|最近|未来|今后|这)\s*{NUMBER}\s*月(?!份)"
)
_UNDECIDED = re.compile(
    r"不急|不着急|看情况|不确定|不一定|没想好|未定|待定|没定|[暂没无]{1,2}有?(?:购车)?计划|再说|再看|观望|了解|随便看|考虑"
)


def read_horizon(text: object, stated: date | datetime) -> int | None:
    """Days from ``stated`` (a naive instant is Shanghai's) until the intended purchase.

    ``None`` for no plan, an undecided answer, nothing at all, and a day that has passed. Never
    raises.
    """
    typed = tidy(text).lower()
    if is_blank(typed):
        return None
    today = _day(stated)
    for read in _READERS:
        try:
            days = read(typed, today)
        except (ValueError, OverflowError):
            continue  # the 31st of a short month, a year beyond the calendar
        if days is not None:
            return days if 0 <= days <= FARTHEST else None
    return None


def is_undecided(text: object) -> bool:
    """Whether the customer did answer, and the answer is that there is no plan yet (不急, 看情况,
    暂无计划)."""
    return bool(_UNDECIDED.search(tidy(text)))


def _day(stated: date | datetime) -> date:
    if not isinstance(stated, datetime):
        return stated
    try:
        return stated.astimezone(CHINA).date() if stated.tzinfo else stated.date()
    except OverflowError:
        return stated.date()


def _date(typed: str, today: date) -> int | None:
    found = _DATE.search(typed)
    if not found:
        return None
    year, month, day = int(found[1] or today.year), int(found[2]), int(found[3])
    if not found[1] and (month, day) < (today.month, today.day):
        year += 1
    return (date(year, month, day) - today).days


def _festival(typed: str, today: date) -> int | None:
    new_year = next_new_year(today)
    if re.search(r"(?:春节|过年|新年|除夕)(?:以|之)?前(?!后)|(?<![半一二两三四五今明去几0-9])年前(?!后)", typed):
        return max((new_year - today).days - 1, 0)
    if re.search(r"(?:春节|过年|过完年)(?:以|之)?后|过完年|(?<![半一二两三四五今明去几0-9])年后", typed):
        return (new_year - today).days + 7
    if re.search(r"春节|过年|除夕|年前后", typed):
        return (new_year - today).days
    for pattern, month, day in _FIXED_FESTIVALS:
        if re.search(pattern, typed):
            this_year = date(today.year, month, day)
            return ((this_year if this_year >= today else date(today.year + 1, month, day)) - today).days
    return None


_FIXED_FESTIVALS = (
    ("元旦", 1, 1),
    ("五一|劳动节", 5, 1),
    ("618", 6, 18),
    ("国庆|十一(?!月)(?<!双十一)|黄金周", 10, 1),
    ("双十一|双11", 11, 11),
    ("双十二|双12", 12, 12),
)


def _week(typed: str, today: date) -> int | None:
    sunday = 6 - today.weekday()
    later = 1 if re.search(r"[周末天](?:以|之)?后", typed) else 0  # 下周末后 starts on the Monday
    if re.search(r"下下(?:个)?(?:周|星期|礼拜)", typed):
        return sunday + 14 + later
    if re.search(r"下(?:个)?(?:周|星期|礼拜)", typed):
        return sunday + 7 + later
    if re.search(r"(?:本|这|当)(?:个)?(?:周|星期|礼拜)|周末", typed):
        return sunday + later
    return None


def _month(typed: str, today: date) -> int | None:
    if re.search(r"下下(?:个)?月", typed):
        return 60
    if re.search(r"下(?:个)?月", typed):
        return 30
    if re.search(r"[本这当](?:个)?月|(?<![个半几数多来余两俩0-9零〇一二三四五六七八九十百])月[底末内]", typed):
        return (_last_day(today.year, today.month) - today).days
    if _MONTHS.search(typed):
        return None
    found = _MONTH.search(typed)
    month = _count(found["month"]) if found else None
    if not found or month is None or not 1 <= month <= 12:
        return None
    if found["year"]:
        year = int(found["year"])
    else:
        year = today.year + 1 if found["next"] or month < today.month else today.year
    return (_last_day(year, int(month)) - today).days


def _last_day(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _season(typed: str, today: date) -> int | None:
    """Quarters and years by name."""
    if re.search(r"[本这当](?:个)?季", typed):
        return (_last_day(today.year, (today.month - 1) // 3 * 3 + 3) - today).days
    if re.search(r"下(?:个)?季", typed):
        end = (today.month - 1) // 3 * 3 + 6
        return (_last_day(today.year + (end > 12), end - 12 if end > 12 else end) - today).days
    for word, years in (("后年", 2), ("明年", 1), ("来年", 1), ("今年", 0)):
        if word in typed:
            return (_part_of_year(typed, today.year + years, vague=years > 0) - today).days
    if re.search(r"年[底末内](?!内)", typed) and not re.search(r"[0-9一二两三四五六七八九十半几数]年内", typed):
        return (date(today.year, 12, 31) - today).days
    return None


def _part_of_year(typed: str, year: int, *, vague: bool) -> date:
    for pattern, month in ((r"年初", 1), (r"开春|春[天季]", 4), (r"上半年", 6), (r"夏[天季]", 8), (r"秋[天季]", 10)):
        if re.search(pattern, typed):
            return _last_day(year, month)
    if re.search(r"下半年|年底|年末", typed) or not vague:
        return date(year, 12, 31)
    return date(year, 7, 1)


def _duration(typed: str, today: date) -> int | None:
    found = _DURATION.search(typed)
    if not found:
        return None
    unit = found["unit"]
    counted = found["ge"] or found["within"] or found[1] == "半" or found[1] in _FEW or _MONTHS.search(typed)
    if unit == "月" and not counted:
        return None if not re.search(r"月(?:以|之)?后", typed) else round((_count(found[1]) or 0) * 30)
    if found[1] == "半":
        return _SHARE_OF_UNIT.get(unit, _UNIT_DAYS[unit] // 2)
    count = _count(found[2] or found[1])
    if count is None:
        return None
    half = _SHARE_OF_UNIT.get(unit, 0) if found["half"] or found["half_after"] else 0
    return round(count * _UNIT_DAYS[unit]) + half


def _count(written: str) -> float | None:
    if written in _FEW:
        return _FEW[written]
    # 两三 (个月) is "two or three", not 23: the later one, as in every span
    return number(written[-1] if re.fullmatch(r"[一二两三四五六七八九]{2}", written) else written)


def _soon(typed: str, today: date) -> int | None:
    for pattern, days in _SOON:
        if re.search(pattern, typed):
            return days
    if re.fullmatch(r"[0-9]{1,3}", typed):
        return int(typed)
    return None


_SOON = (
    (r"马上|立即|立刻|随时|今[天日]|现在|即刻|当天|immediately|asap|now", 0),
    (r"明[天日]", 1),
    (r"后天", 2),
    (r"[这近][几两]天|几天|(?<![不没])(?:很|非常|比较)?着?急", 3),
    (r"尽快|越快越好", 7),
    (r"近期|最近", 30),
)

_Reader = Callable[[str, date], int | None]
_READERS: tuple[_Reader, ...] = (_date, _festival, _week, _month, _season, _duration, _soon)
