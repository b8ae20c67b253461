"""How the cells of a network's file are read and written: one row a kind of cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.messages import LANGUAGES
from cases.zone import CHINA
from cli.importer.headings import plain
from domain.cleaning.flag import read_flag
from domain.cleaning.instant import read_instant


class Absent:
    """What an empty cell says where a field cannot be empty: nothing, the field stays as it is."""


@dataclass(frozen=True, slots=True)
class Cell:
    """``read`` raises ``ValueError`` for what it does not understand; ``empty``: what an empty cell
    says."""

    read: Callable[[str], Any]
    write: Callable[[Any], str]
    empty: Any = Absent
    expected: str = ""


ROLES = {
    "hq": "总部",
    "regional_manager": "大区经理",
    "call_centre": "呼叫中心",
    "dealer_manager": "店端经理",
    "consultant": "销售顾问",
    "finance": "财务",
    "after_sales": "售后",
    "marketing": "市场",
    "auditor": "审计",
}
_OTHER_ROLES = {
    "主机厂": "hq",
    "区域经理": "regional_manager",
    "客服": "call_centre",
    "坐席": "call_centre",
    "外呼": "call_centre",
    "店总": "dealer_manager",
    "店长": "dealer_manager",
    "总经理": "dealer_manager",
    "销售经理": "dealer_manager",
    "顾问": "consultant",
    "销售": "consultant",
}
_SIDES = {"maker": "厂商", "dealer": "经销商"}
_TEAMS = {"dealer": "经销商", "region": "大区", "call_centre": "呼叫中心", "head_office": "总部"}
_OTHER_TEAMS = {"门店": "dealer", "区域": "region", "客服": "call_centre", "主机厂": "head_office"}
_WAYS = {"mail": "邮件"}
_OTHER_WAYS = {"邮箱": "mail", "电子邮件": "mail", "email": "mail", "e-mail": "mail"}
_LANGUAGES = {tag: {"zh": "中文", "en": "英文"}.get(tag, tag) for tag in LANGUAGES}
_DAYS = "一二三四五六日"
_YES = frozenset(map(plain, ("在用", "启用", "有效", "在职", "在售", "正常", "营业", "上班", "工作日", "active", "on")))
_NO = frozenset(
    map(plain, ("停用", "无效", "离职", "停售", "关闭", "停业", "休息", "放假", "节假日", "inactive", "off"))
)
_ITEM = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^、,，;；|\n]*))\s*(?:[、,，;；|\n]|\Z)')
_INTERVAL = re.compile(r"(\d{1,2})[:：](\d{2})(?:[:：]00)?-(\d{1,2})[:：](\d{2})(?:[:：]00)?")
_AROUND_DASH = re.compile(r"\s*[-–—~～至到]+\s*")
_BETWEEN_INTERVALS = re.compile(r"[\s、,，;；|/]+")
_NEEDS_QUOTES = re.compile(r'[、,，;；|\n"]|^\s|\s$')


def _list(cell: str) -> list[str]:
    found: list[str] = []
    at = 0
    while at < len(cell):
        item = _ITEM.match(cell, at)
        if item is None:
            raise ValueError(cell)
        text = item[2].strip() if item[1] is None else item[1].replace('""', '"')
        if text:
            found.append(text)
        at = item.end()
    return found


def _listed(values: list[Any]) -> str:
    return "、".join(f'"{one.replace(chr(34), chr(34) * 2)}"' if _NEEDS_QUOTES.search(one) else one for one in values)


def _number(cell: str) -> int:
    found = re.fullmatch(r"([0-9][0-9,，]*)(?:\.0+)?\s*(?:元|分|条|个|%)?", cell.strip())
    if found is None:
        raise ValueError(cell)
    return int(found[1].replace(",", "").replace("，", ""))


def _flag(cell: str) -> bool:
    if plain(cell) in _YES | _NO:
        return plain(cell) in _YES
    found = read_flag(cell)
    if found is None:
        raise ValueError(cell)
    return found


def _instant(cell: str) -> str:
    found = read_instant(cell)
    if found is None:
        raise ValueError(cell)
    return found.isoformat()


def _written_instant(value: str) -> str:
    at = datetime.fromisoformat(value.replace("Z", "+00:00")).astimezone(CHINA)
    if at.microsecond:
        return at.isoformat()
    return f"{at:%Y-%m-%d %H:%M:%S}" if at.second else f"{at:%Y-%m-%d %H:%M}"


def _day(cell: str) -> str:
    found = read_instant(cell)
    if found is None:
        raise ValueError(cell)
    return found.astimezone(CHINA).date().isoformat()


def _weekdays(cell: str) -> list[int]:
    found: list[int] = []
    for one in _list(cell.replace(" ", "、")):
        sign = re.fullmatch(r"(?:周|星期|礼拜)?([一二三四五六日天1-7])(?:\.0)?", one)
        if sign is None:
            raise ValueError(cell)
        found.append(int(sign[1]) if sign[1].isdigit() else _DAYS.index(sign[1].replace("天", "日")) + 1)
    return sorted(set(found))


def _written_weekdays(days: list[int]) -> str:
    return "、".join(f"周{_DAYS[day - 1]}" for day in days)


def _intervals(cell: str) -> list[list[str]]:
    """The intervals of a day, also with the signs that a Chinese keyboard has; whether they make
    sense the API says."""
    if plain(cell) in _NO:
        return []
    found: list[list[str]] = []
    for one in _BETWEEN_INTERVALS.split(_AROUND_DASH.sub("-", cell.strip())):
        times = _INTERVAL.fullmatch(one)
        if times is None:
            raise ValueError(cell)
        opens, opens_at, closes, closes_at = times.groups()
        found.append([f"{int(opens):02}:{opens_at}", f"{int(closes):02}:{closes_at}"])
    return found


def _written_intervals(intervals: list[list[str]]) -> str:
    return " ".join("-".join(one) for one in intervals)


def _of(words: Mapping[str, str], others: Mapping[str, str] | None = None) -> Cell:
    known = {plain(word): code for code, word in words.items()} | {plain(code): code for code in words}
    known |= {plain(word): code for word, code in (others or {}).items()}

    def read(cell: str) -> str:
        found = known.get(plain(cell))
        if found is None:
            raise ValueError(cell)
        return found

    return Cell(read, lambda value: words.get(value, value), expected="、".join(words.values()))


def _text(cell: str) -> str:
    return cell


CELLS: dict[str, Cell] = {
    "text": Cell(_text, str),
    "optional": Cell(_text, str, None),
    "words": Cell(_text, str, ""),
    "given": Cell(_text, str),
    "number": Cell(_number, str, expected="整数，如 60"),
    "degrees": Cell(float, repr, None, "度数，如 39.99"),
    "flag": Cell(_flag, lambda value: "是" if value else "否", expected="是、否"),
    "list": Cell(_list, _listed, [], "以、分隔"),
    "weekdays": Cell(_weekdays, _written_weekdays, [], "如 周二、周日"),
    "instant": Cell(_instant, _written_instant, expected="如 2027-01-01 09:00"),
    "day": Cell(_day, str, expected="如 2027-01-01"),
    "intervals": Cell(_intervals, _written_intervals, [], "如 08:30-12:00 13:30-18:00，空为休息"),
    "team": _of(_TEAMS, _OTHER_TEAMS),
    "role": _of(ROLES, _OTHER_ROLES),
    "side": _of(_SIDES),
    "language": _of(_LANGUAGES),
    "way": _of(_WAYS, _OTHER_WAYS),
}
