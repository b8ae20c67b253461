"""What a free note (备注) says that a rule can use: trade-in, test drive, company, how to reach (A5,
B1, F3)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.cleaning.numerals import NUMBER, number
from domain.cleaning.text import tidy


@dataclass(frozen=True, slots=True)
class NoteReading:
    """``cars`` is how many a company wants, if it says.

    ``do_not_call``: for good. ``hours``: when to call, as codes (``cases.contact``). ``may_call``:
    what was refused before holds no longer.
    """

    trade_in: bool = False
    test_drive_wish: bool = False
    company: bool = False
    cars: int | None = None
    add_wechat: bool = False
    do_not_call: bool = False
    may_call: bool = False
    hours: tuple[str, ...] = ()

    @property
    def evenings(self) -> bool:
        """Asks not to be called by day."""
        return "evenings" in self.hours


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
# What somebody tells of an earlier refusal is none now.
_PAST = re.compile(
    r"(?:之前|以前|上次|先前|原来|原先|曾经?)[^，,。.;；!！\n]{0,6}?(?:说|讲|留言|备注|要求|写)[^，,。.;；!！\n]*?(?=现在|如今|目前|[，,。.;；!！\n]|$)"
)
_LIFTED = re.compile(r"(?:取消|解除|关闭|不用|不必|无需)了?(?:勿扰|免打扰|免扰)")
_CLAUSE = re.compile(r"[，,。;；!！?？、\n]")
_REACH = r"(?:联系|联络|打电话|打给|打|来电|致电|回电|电话|拨打|沟通|找我)"
_ALLOWED = re.compile(
    r"(?<![不没别勿])(?:可以|可|能|方便|同意|接受|欢迎)(?:再|又|给我|随时|正常|继续|直接|用){0,2}"
    r"(?:打(?!印|折|包)|致电|来电|拨打|联系我?(?!人|方式)|接电话|电话|通话|回访)"
    r"|(?:现在|如今|目前|今后|以后)(?:又|都|已经?)?(?:可以|方便|没问题|行)了?\s*(?:[，,。.;；!！\n]|$)"
    rf"|{_LIFTED.pattern}|恢复(?:电话)?(?:联系|来电)|重新(?:联系|打电话)"
    r"|(?<!n't )(?<!not )(?:can|may|please)\s+(?:now\s+)?call|^\s*(?:start|unstop)\W*$",
    re.IGNORECASE,
)
_NOT_THEN = r"(?:请?勿|莫|别|不要|不用|不想|不便|不方便|不能|不接|没空|没时间|免|谢绝|拒)"


_POLITE = r"(?:再|可以|才|方便|请|给我|跟我|和我|都?可){0,3}"


def _refused_in(time: str) -> str:
    """A time in which one is not to be called, whichever comes first."""
    rest = r"[^，,。;；!！\n]"
    return rf"(?:{time}){rest}{{0,5}}{_NOT_THEN}|{_NOT_THEN}(?:在|于|选)?(?:{time}){rest}{{0,3}}{_REACH}"


def _wanted_in(time: str) -> str:
    allowed = r"(?<![别勿])(?<!不要)(?<!不要在)(?<![别勿]在)"
    return rf"{allowed}(?:{time})(?:的时候|时间?)?{_POLITE}{_REACH}"


_DAY_TIME = r"白天|上班(?:时间|期间|时候?)?|工作(?:时间|期间)|工作时段"
_EVENING = r"晚上?|夜里|夜间|傍晚|下班(?:时间)?(?:以?之?后)?"
_LATE = rf"(?:{_EVENING})(?:{NUMBER}\s*[点时:：](?:半|[0-9]{{2}})?)?(?:以?之?后)?"
_WEEKEND = r"周末|双休日?|周[六日天]|星期[六日天]|礼拜[六日天]|休息日|节假日|假期"
_HOURS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (code, re.compile(pattern))
    for code, pattern in (
        ("evenings", rf"{_refused_in(_DAY_TIME)}|{_refused_in('下午')}|{_wanted_in(_LATE)}"),
        ("not_evenings", rf"{_refused_in(_EVENING)}|{_wanted_in(_DAY_TIME)}"),
        ("not_before_12", _refused_in("上午|早上|早晨")),
        ("not_noon", _refused_in(r"中午|午休(?:时间)?|午间")),
        ("weekends", rf"{_wanted_in(_WEEKEND)}|{_refused_in('工作日|平时|周一到周五|周一至周五')}"),
        ("not_weekends", rf"{_refused_in(_WEEKEND)}|{_wanted_in('工作日|周一到周五|周一至周五')}"),
        ("tomorrow", rf"{_refused_in('今天|今日')}|{_wanted_in('明天|明日|改天|改日')}"),
        (
            "next_week",
            rf"下个?(?:周|星期|礼拜)[一二三四五六日天]?(?:以?之?后)?(?:再说|再议|再|{_REACH})|{_refused_in('本周|这周|这星期')}",
        ),
        ("next_month", rf"下个?月(?:以?之?后)?(?:再说|再议|再|{_REACH})|{_refused_in('本月|这个月')}"),
        (
            "later",
            rf"(?:先|暂时|暂|目前先|这几天|最近|近期|短期内|一周内|这段时间)(?:请|都|也)?{_NOT_THEN}(?:再|给我|打){{0,2}}{_REACH}|过(?:几天|段时间|一?阵子?)再",
        ),
    )
)
"""Hours by the wordings that ask for them."""
_AFTERNOON = re.compile(r"下午|晚|傍晚|夜")
_CLOCK = re.compile(
    rf"(?P<part>早上|上午|中午|下午|傍晚|晚上?|夜里)?(?P<hour>{NUMBER})\s*[点时:：](?P<half>半|[0-9]{{2}}分?)?钟?"
    rf"\s*(?P<side>(?:以|之)?[前后])(?P<then>[^，,。;；!！\n]{{0,8}})"
)
_REFUSES = re.compile(_NOT_THEN)
_ASKS = re.compile(rf"再|{_REACH}|可以|方便")
_DELAYS = ("next_month", "next_week", "tomorrow", "later")
"""Of those that put a call off the one that says most."""


def _hours(typed: str) -> tuple[str, ...]:
    found = [code for code, pattern in _HOURS if pattern.search(typed)]
    delays = [code for code in _DELAYS if code in found]
    found = [code for code in found if code not in delays[1:]]
    for said in _CLOCK.finditer(typed):
        if code := _bound(said):
            found.append(code)
    if any(code.startswith("not_after_") for code in found):
        found = [code for code in found if code != "not_evenings"]
    for one, other in (("evenings", "not_evenings"), ("weekends", "not_weekends")):
        if one in found and other in found:
            found.remove(other)
    return tuple(dict.fromkeys(found))


def _bound(said: re.Match[str]) -> str | None:
    """The bound that a time of day sets: 11点前别打, 下午3点后再联系, 晚上9点后勿扰."""
    hour = number(said["hour"])
    if hour is None or not 0 < hour < 24:
        return None
    at = int(hour)
    if at < 12 and said["part"] and _AFTERNOON.search(said["part"]):
        at += 12
    later = bool(said["half"]) and said["half"] not in ("00", "00分")
    refuses, before = bool(_REFUSES.search(said["then"])), "前" in said["side"]
    if not refuses and not _ASKS.search(said["then"]):
        return None
    if refuses == before:  # not before it, or only after it
        return f"not_before_{min(at + later, 23)}"
    return f"not_after_{at}"


def _refuses_for_good(typed: str) -> bool:
    now = _PAST.sub("", typed)
    if _LIFTED.search(now):
        return False
    return any(_SILENCE.search(clause) and not _WHEN.search(clause) for clause in _CLAUSE.split(now))


def read_note(text: object) -> NoteReading:
    """Read one free note. A wish that is denied (无置换, 已试驾) is none. Never raises."""
    typed = tidy(text)
    if not typed:
        return NoteReading()
    company = bool(_COMPANY.search(typed))
    cars = _CARS.search(typed) if company else None
    count = number(cars[1]) if cars else None
    hours = _hours(_PAST.sub("", typed))
    refused = not hours and _refuses_for_good(typed)
    return NoteReading(
        trade_in=bool(_TRADE_IN.search(typed)) and not _NO_TRADE_IN.search(typed),
        test_drive_wish=bool(_DRIVE.search(typed)) and not _NO_DRIVE.search(typed),
        company=company,
        cars=int(count) if count is not None and 0 < count < 100_000 else None,
        add_wechat=bool(_WECHAT.search(typed)),
        do_not_call=refused,
        may_call=not refused and bool(_ALLOWED.search(typed)),
        hours=hours,
    )
