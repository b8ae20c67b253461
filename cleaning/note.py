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
_REFUSED = (
    r"(?:请?勿|莫|别|不要|不用|不想|不愿意?|不必|无需|不需要|拒绝|谢绝|禁止|停止|拒)(?:再|总|老|一直|给我|向我|随便|接|被|打){0,3}"
    r"(?:打电话|电话|拨打|来电|致电|打扰|骚扰|联系|联络|推销|回访|打|拨|扰)"
)
_SILENCE = re.compile(
    rf"{_REFUSED}|(?:电话|短信|来电)?勿[扰打]|免打扰|退订|拒接|拉黑|do\s*n[o']?t\s+(?:call|contact|disturb)|don'?t\s+(?:call|contact)"
    r"|no\s+calls?|unsubscribe|^\s*(?:stop|td|dnc)\W*$",
    re.IGNORECASE,
)
# A time beside it makes a refusal a wish about when, not about whether.
_WHEN = re.compile(
    r"白天|上午|早上|中午|午休|下午|晚上|夜里|半夜|上班|下班|工作日|工作时间|周[一二三四五六日天末]|星期|礼拜|双休|节假日|假期|开会"
    r"|[0-9一二两三四五六七八九十]{1,3}\s*[点时:](?:半|[0-9]{2})?|先别|先不要|暂时|这几天|今天|明天|本周|下周|下个?月|之前|以前|以后再"
)
_EVENINGS = re.compile(
    r"(?:白天|上班(?:时间|期间)?|工作时间|下午|上午)[^，,。;；]{0,4}(?:勿扰|别|不要|请?勿|不方便|不便|没空)"
    r"|晚上(?:[0-9]{1,2}\s*点)?(?:以?后)?(?:再)?(?:联系|打|来电|致电|回电)|下班后?(?:再)?(?:联系|打|来电)"
)


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
        do_not_call=bool(_SILENCE.search(typed)) and not _WHEN.search(typed),
    )
