"""Names as people type them: a person, nobody, or somebody testing the form (A3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from domain.cleaning.pinyin import pinyin_key
from domain.cleaning.text import BLANKS, tidy


class NameKind(StrEnum):
    """An input of the ``validity`` table."""

    PERSON = "person"
    MISSING = "missing"
    TEST = "test"


class Honorific(StrEnum):
    """How the person wants to be addressed, if the name says so."""

    MR = "mr"
    MS = "ms"


@dataclass(frozen=True, slots=True)
class NameReading:
    """``name`` as it should be shown. ``core`` is without honorific, ``key`` its sound for fuzzy
    comparison."""

    kind: NameKind
    name: str | None = None
    honorific: Honorific | None = None
    core: str = ""
    key: str = ""


# Foo, Bar and Demo are somebody's first name, too: alone or with digits they are a tester's.
_TEST = re.compile(
    r"测试|试?测试?数据|(?:^|[^a-z])(?:test(?:er|ing|user)?|dummy|asdf+(?:gh)?j?k?l?|qwer(?:ty)?|qwe)(?:[^a-z]|$)"
    r"|^(?:demo|foo|bar|foobar|abcd*|([a-z])\1{2,})[\W\d_]*$",
    re.IGNORECASE,
)
# Names that platforms give to whoever did not choose one.
_NICKNAME = re.compile(
    r"(?:(?:微信|抖音|快手|懂车帝|汽车之家|易车|手机|新|平台|注册|微博|小红书|头条|默认)?(?:用户|网友|游客|访客|会员)"
    r"|user|guest|客户|潜客)[\s_\-:]*[0-9a-z*]*",
    re.IGNORECASE,
)
_NOBODY = frozenset(
    {
        "匿名",
        "匿名用户",
        "用户",
        "客户",
        "潜客",
        "网友",
        "游客",
        "某某",
        "不详",
        "保密",
        "不愿透露",
        "微信用户",
        "手机用户",
        "不方便透露",
        "不方便",
        "保密客户",
        "unknown",
        "anonymous",
        "nan",
        "undefined",
        "noname",
        "no name",
        "某先生",
        "某女士",
    }
)
_MR, _MS = r"(?:先生|老板(?!娘)|哥|师傅|\bmr\b\.?)", r"(?:女士|小姐|姐|太太|夫人|老板娘|\bm(?:r?s|iss)\b\.?)"
_HONORIFICS = tuple(
    (re.compile(place, re.IGNORECASE), honorific)
    for words, honorific in ((_MR, Honorific.MR), (_MS, Honorific.MS))
    for place in (f"{words}$", f"^{words}")
)
_LETTER = re.compile(r"[^\W\d_]")


def read_name(text: object) -> NameReading:
    """Read one typed name. Digits and signs alone are nobody; an honorific without a name is
    nobody. Never raises."""
    typed = tidy(text)
    if typed.lower() in BLANKS:
        return NameReading(NameKind.MISSING)
    if _TEST.search(typed):
        return NameReading(NameKind.TEST, typed)
    if typed.lower() in _NOBODY or _NICKNAME.fullmatch(typed) or not _LETTER.search(typed):
        return NameReading(NameKind.MISSING)
    core, honorific = _without_honorific(typed)
    if not core or core.lower() in _NOBODY:
        return NameReading(NameKind.MISSING, honorific=honorific)
    return NameReading(NameKind.PERSON, typed, honorific, core, pinyin_key(core) or core.casefold())


def _without_honorific(typed: str) -> tuple[str, Honorific | None]:
    for pattern, honorific in _HONORIFICS:
        core = pattern.sub("", typed)
        if core != typed:
            # 王小姐 keeps 王; the name 玉姐 of two signs would lose half of itself
            return core.strip(), honorific
    return typed, None
