"""Digits and separators in all their spellings: keycaps, Chinese numerals, other scripts; every
dash, dot and star."""

from __future__ import annotations

import re
import unicodedata

_NUMERALS = {
    **dict(zip("零一二三四五六七八九", "0123456789", strict=True)),
    **dict(zip("〇壹贰叁肆伍陆柒捌玖", "0123456789", strict=True)),
    **dict(zip("幺两弍参", "1223", strict=True)),
}
_SPOKEN = "".join(_NUMERALS)
# Seven and more in a row are a number read out; fewer may be a word (三百, 一).
_READ_OUT = re.compile(rf"[{_SPOKEN}](?:[ \-]*[{_SPOKEN}0-9]){{6,}}")
_LONE = re.compile(r"(?<=[0-9])[〇零](?=[0-9])")
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("−ー.·・•‧∙。˙_", "-"),
        **dict.fromkeys(",、;\\", "/"),
        **dict.fromkeys("`’‘", "'"),
        **dict.fromkeys("\u2800\u3164\u1160\u115f", " "),  # blanks that Unicode counts as signs or letters
        "～": "~",
    }
)


def plain_signs(tidied: str) -> str:
    """Every dash and dot as ``-``, what parts two numbers as ``/``, blanks as spaces, marks on a
    digit as nothing."""
    folded = (
        "-" if unicodedata.category(sign) == "Pd" else sign
        for sign in tidied.translate(_ALIKE)
        if not unicodedata.category(sign).startswith("M")
    )
    return "".join(folded)


def plain_digits(text: str) -> str:
    """Digits of every script as 0 to 9; Chinese numerals too, where a number is read out (一三九…,
    幺三九…)."""
    western = "".join(_western(sign) for sign in text)
    return _LONE.sub("0", _READ_OUT.sub(lambda run: "".join(_NUMERALS.get(sign, sign) for sign in run[0]), western))


def _western(sign: str) -> str:
    value = unicodedata.digit(sign, None)
    return sign if value is None else str(value)
