"""The plate of a car as people type it: 京A·12345, 京 a12345, 车牌：沪AD12345, 粤Z1234港 (GA 36)."""

from __future__ import annotations

import re

from domain.cleaning.signs import plain_digits, plain_signs
from domain.cleaning.text import LONGEST, tidy

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
"""The first sign of a plate: the short name of its province."""

_TRADITIONAL = str.maketrans("滬遼雲魯蘇贛晉陝閩貴粵寧瓊學掛領", "沪辽云鲁苏赣晋陕闽贵粤宁琼学挂领")
# No plate has I or O: they look like 1 and 0.
_LETTER, _SIGN, _ENERGY = "[A-HJ-NP-Z]", "[A-HJ-NP-Z0-9]", "[A-HJK]"
_ORDINARY = rf"(?=.*[0-9]){_SIGN}{{4}}(?:{_SIGN}|[挂学警港澳领])"
_SMALL = rf"{_ENERGY}{_SIGN}[0-9]{{4}}"  # new energy: the letter comes first, of a large car last
_LARGE = rf"[0-9]{{5}}{_ENERGY}"
_PLATE = re.compile(rf"[{PROVINCES}]{_LETTER}(?:{_SMALL}|{_LARGE}|{_ORDINARY})")
_LABEL = re.compile(
    r"^(?:(?:旧车|置换车?|原车)?(?:车牌照?|牌照|号牌)(?:号码?)?|plate(?:\s?no\.?)?)\s*[:=是为]?\s*", re.IGNORECASE
)
_BETWEEN = re.compile(r"[\s\-]+")


def read_plate(text: object) -> str | None:
    """The plate of seven or, of new energy, eight signs, in capitals and without what stands
    between them.

    ``None`` for what is no plate of the mainland: a part of one, the letters I and O, another
    country's. Never raises.
    """
    typed = _LABEL.sub("", tidy(text)[:LONGEST])
    bare = _BETWEEN.sub("", plain_digits(plain_signs(typed))).upper().translate(_TRADITIONAL)
    return bare if _PLATE.fullmatch(bare) else None
