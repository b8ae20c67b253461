"""How single Chinese signs sound, in toneless pinyin: what a name is found by when it is typed in
Latin letters.

Whole names are read sign by sign here, so that the database can do the same
(``store.leads.search``). A sign that names read in more than one way has all of its readings: 单 is
*dan* in 单芳 by the dictionary and *shan* as a family name.
"""

from __future__ import annotations

from collections.abc import Iterator

FIRST, LAST = 0x4E00, 0x9FFF
"""The signs that are read: CJK Unified Ideographs without extensions."""

_ALSO = {
    **{"单": "shan", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "曾": "ceng zeng", "盖": "ge gai"},
    **{"缪": "miao mou", "翟": "zhai di", "尉": "yu wei", "朴": "piao pu", "覃": "qin tan", "乐": "yue le"},
    **{"员": "yun", "冼": "xian", "万": "mo", "澹": "tan", "秘": "bi", "折": "she", "种": "chong", "黑": "he"},
    **{"隗": "wei kui", "召": "shao", "晟": "cheng sheng", "宓": "mi fu", "郗": "xi chi", "撒": "sa", "繁": "po"},
    **{"燕": "yan", "那": "na", "行": "hang xing", "茜": "xi qian", "重": "zhong chong", "长": "zhang chang"},
    **{"朝": "zhao chao", "传": "zhuan chuan", "蔚": "yu wei", "柏": "bo bai", "会": "kuai hui", "参": "shen can"},
    **{"石": "dan shi", "伽": "jia qie", "莎": "suo sha", "娜": "nuo na", "六": "lu liu", "厦": "sha xia"},
    **{"都": "du dou", "和": "he", "校": "jiao xiao", "藏": "zang cang", "盛": "cheng sheng", "车": "ju che"},
    **{"强": "jiang qiang", "觉": "jiao jue", "洗": "xian", "贾": "gu jia", "卜": "bo bu", "卡": "ka qia"},
    **{"叶": "she ye", "合": "ge he", "系": "ji xi", "术": "zhu shu", "荨": "xun qian", "宿": "su xiu", "倩": "qian"},
}
"""Other readings, of family and given names."""


def readings(sign: str) -> tuple[str, ...]:
    """The sounds of one sign, the usual one first; none for what is no Chinese sign.

    绿 is typed *lv*, *lu* and, in passports, *lyu*: all three are readings of it.
    """
    from pypinyin import lazy_pinyin  # its dictionaries take half a second, which every command would wait for

    if not FIRST <= ord(sign) <= LAST:
        return ()
    usual = lazy_pinyin(sign)[0].replace("ü", "v")
    if not (usual.isascii() and usual.isalpha()):
        return ()  # a sign that the dictionary does not know is given back as it is
    found = dict.fromkeys([usual, *_ALSO.get(sign, "").split()])
    if "v" in usual:
        found |= dict.fromkeys((usual.replace("v", "u"), usual.replace("v", "yu")))
    return tuple(found)


def all_readings() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every sign that can be read, with its sounds."""
    for code in range(FIRST, LAST + 1):
        sounds = readings(chr(code))
        if sounds:
            yield chr(code), sounds
