"""The words that people and platforms write over a column, and how a heading is compared with
them."""

from __future__ import annotations

import re
import unicodedata

from cases.lead_facts import FACTS

LEVELS = {
    "channel1": ("一级渠道 渠道一级 一级来源 来源一级 渠道大类 渠道1级", "channel level 1|channel1|level 1 channel"),
    "channel2": ("二级渠道 渠道二级 二级来源 来源二级 渠道中类 渠道2级", "channel level 2|channel2|level 2 channel"),
    "channel3": ("三级渠道 渠道三级 三级来源 来源三级 渠道小类 渠道3级", "channel level 3|channel3|level 3 channel"),
}
"""Of files alone: together they are one ``channel``."""

_IN_FILES = tuple(fact for fact in FACTS if fact.headings)
ALIASES: dict[str, tuple[str, str]] = {fact.name: (fact.headings, fact.titles) for fact in _IN_FILES} | LEVELS
"""Field → headings in Chinese (between blanks) and English (between bars); where a file has several
of one field, the one named first wins."""

WORDS = {fact.name: fact.heading for fact in _IN_FILES} | {
    level: chinese.partition(" ")[0] for level, (chinese, _) in LEVELS.items()
}
"""Field → the word for it in messages, notes and the template."""

_SIMPLIFIED = str.maketrans(
    "戶號碼電話機聯絡繫車輛級預時間來備註說駕換動線資場購買計劃區產內廣歸屬錄選與價會員單訊個項後開處題詢問諮營運門業對應稱態據獲廠商媒體種費額範圍圖際實質",
    "户号码电话机联络系车辆级预时间来备注说驾换动线资场购买计划区产内广归属录选与价会员单讯个项后开处题询问咨营运门业对应称态据获厂商媒体种费额范围图际实质",
)
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|\{[^{}]*\}|<[^<>]*>|《[^《》]*》|〔[^〔〕]*〕")
_SIGNS = re.compile(r"[\s_:;*()\[\]【】{}<>《》〔〕「」\"'“”‘’.,，、。#?!·|=~`^-]")
_MANDATORY = re.compile(r"^(?:必填项?|选填项?|必录)|(?:必填项?|选填项?|必录|required|optional)$")
_NUMBERED = re.compile(r"(?<=\D)0*[0-9]{1,2}$")
_OWNERS = re.compile(
    r"^(?:请输入|请填写|请选择|您的|你的|潜在客户|潜客|客户|用户|顾客|会员|线索|留资人?|留咨|车主|购车人|买家|访客|咨询人|联系人|申请人|预约人|报名人|"
    r"customers?|clients?|contacts?|users?|leads?|buyers?|your|cust|prospects?)+(?:的|s)?(?=.)"
)


def plain(heading: str) -> str:
    """A heading as it is compared: without case, width, invisible signs, blanks, brackets and marks
    of punctuation."""
    folded = unicodedata.normalize("NFKC", heading).casefold()
    seen = "".join(sign for sign in folded if not unicodedata.category(sign).startswith("C"))
    return _SIGNS.sub("", seen).translate(_SIMPLIFIED)


def _words(chinese: str, english: str) -> list[str]:
    return [plain(word) for word in (*chinese.split(), *english.split("|"))]


_KNOWN: dict[str, tuple[str, int]] = {}
for _field, _languages in ALIASES.items():
    for _rank, _word in enumerate(_words(*_languages)):
        _KNOWN.setdefault(_word, (_field, _rank))
for _field in ALIASES:
    _KNOWN.setdefault(plain(_field), (_field, 0))


def meaning(heading: str) -> tuple[str, int] | None:
    """The field that a heading names and its rank among the headings of that field; ``None`` for no
    known one."""
    return next((_KNOWN[word] for word in forms(heading) if word in _KNOWN), None)


def forms(heading: str) -> list[str]:
    """A heading as it may be known, the most literal form first: without what stands in brackets,
    without 必填, …"""
    folded = unicodedata.normalize("NFKC", heading)
    return [word for written in (heading, _BRACKETED.sub("", folded)) for word in _shorter(plain(written))]


def _shorter(word: str) -> list[str]:
    """The heading, then without 必填, without a number at its end, without whose it is (客户…, customer
    …)."""
    found = [word]
    for pattern in (_MANDATORY, _NUMBERED, _OWNERS):
        found.extend([shorter for known in found if (shorter := pattern.sub("", known)) not in found])
    return found
