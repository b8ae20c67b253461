"""What a free note (备注) says that a rule can use: trade-in, test drive, company, how to reach (A5, B1, F3)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cleaning.numerals import NUMBER, number
from cleaning.text import tidy


@dataclass(frozen=True, slots=True)
class NoteReading:
    """``cars`` is how many a company wants, if it says; ``evenings`` asks not to be called by day."""

    trade_in: bool = False
    test_drive_wish: bool = False
    company: bool = False
    cars: int | None = None
    add_wechat: bool = False
    evenings: bool = False
    do_not_call: bool = False


_NO = r"(?:不|没|无|非|别|暂无|没有|不用|不要|不需要?|不想|无需)"
_TRADE_IN = re.compile(r"置换|旧车|二手车抵|以旧换新|trade-?\s?in", re.IGNORECASE)
_NO_TRADE_IN = re.compile(rf"{_NO}(?:有|考虑|想|做)?(?:置换|旧车)|(?:置换|旧车)[:：]?(?:无|没有|否)")
_DRIVE = re.compile(r"试驾|试乘|test\s?drive", re.IGNORECASE)
_NO_DRIVE = re.compile(rf"{_NO}(?:想|考虑|预约)?试[驾乘]|已经?试[驾乘]|试[驾乘](?:过|完)")
_COMPANY = re.compile(r"公司|团购|企业|单位(?:用车|采购)|公务|车队|对公|大客户|fleet", re.IGNORECASE)
_CARS = re.compile(rf"({NUMBER})\s*[台辆部]")
_WECHAT = re.compile(r"加(?:我|个|一下)?\s*(?:微信|v|vx|wx)|微信(?:联系|沟通|聊)", re.IGNORECASE)
_EVENINGS = re.compile(
    r"白天(?:勿扰|别打|不方便|不便|没空)|晚上(?:[0-9]{1,2}\s*点)?(?:以?后)?(?:再)?(?:联系|打|来电)|下班后?(?:再)?联系"
)
_SILENCE = re.compile(r"(?:请?勿|别|不要|不用)(?:再)?(?:打电话|来电|致电|打扰|联系)|拒绝来电")


def read_note(text: object) -> NoteReading:
    """Read one free note. A wish that is denied (无置换, 已试驾) is none. Never raises."""
    typed = tidy(text)
    if not typed:
        return NoteReading()
    company = bool(_COMPANY.search(typed))
    cars = _CARS.search(typed) if company else None
    count = number(cars[1]) if cars else None
    return NoteReading(
        trade_in=bool(_TRADE_IN.search(typed)) and not _NO_TRADE_IN.search(typed),
        test_drive_wish=bool(_DRIVE.search(typed)) and not _NO_DRIVE.search(typed),
        company=company,
        cars=int(count) if count is not None and 0 < count < 100_000 else None,
        add_wechat=bool(_WECHAT.search(typed)),
        evenings=bool(_EVENINGS.search(typed)),
        do_not_call=bool(_SILENCE.search(typed)),
    )
