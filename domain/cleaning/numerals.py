"""Chinese and Arabic numerals in one reading: 三十, 两百五, 25, 十二, 半."""

from __future__ import annotations

import re

DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "俩": 2,
    "壹": 1,
    "贰": 2,
    "叁": 3,
}
UNITS = {"十": 10, "百": 100, "千": 1_000}

NUMBER = r"(?:[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?|[零〇一二两俩三四五六七八九壹贰叁十百千]+)"
"""A regular expression for one number in either script, without 万 and without 半."""


def number(text: str) -> float | None:
    """The value of one number as :data:`NUMBER` matches it; ``None`` for anything else."""
    if re.fullmatch(r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?", text):
        return float(text.replace(",", ""))
    return _chinese(text)


def _chinese(text: str) -> float | None:
    if not text or any(sign not in DIGITS and sign not in UNITS for sign in text):
        return None
    if not any(sign in UNITS for sign in text):
        return float("".join(str(DIGITS[sign]) for sign in text))
    total, digit, unit = 0, None, 1
    for sign in text:
        if sign in UNITS:
            unit = UNITS[sign]
            total += (1 if digit is None else digit) * unit
            digit = None
        else:
            digit = DIGITS[sign]
            if digit == 0:
                digit, unit = None, 10  # 一百零五 is 105: after 零 the last digit counts ones
    # 两百五 is 250: a last digit without its unit stands one place below the unit before it
    return float(total + (digit or 0) * (unit // 10 if unit > 10 else 1))
