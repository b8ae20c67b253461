"""The number of a vehicle (车架号) as people type it: seventeen signs, the ninth of which proves the
others (GB 16735; ISO 3779)."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from domain.cleaning.signs import plain_digits, plain_signs
from domain.cleaning.text import LONGEST, tidy

LENGTH: Final = 17
_LETTERS = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "12345678123457923456789"), strict=True))
_VALUES: Final = _LETTERS | {str(digit): digit for digit in range(10)}
"""What each sign counts; I, O and Q are none, since they look like 1 and 0."""
_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_CHECK: Final = 8  # where the check digit stands, counted from 0
_LABEL = re.compile(r"^(?:(?:车架|车辆识别)(?:代?号码?|代码)|vin(?:\s?(?:no\.?|code))?)\s*[:=是为]?\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s\-]+")


class VinFault(NamedTuple):
    """Why it is none, by a code of ``cases.messages.fields``. ``said`` fills its sentence, without
    the number itself."""

    code: str
    said: dict[str, str]


def plain_vin(text: object) -> str:
    """What was typed, in capitals and plain digits, without what stands between them. Never
    raises."""
    typed = _LABEL.sub("", tidy(text)[:LONGEST])
    return _BETWEEN.sub("", plain_digits(plain_signs(typed))).upper()


def vin_fault(vin: str) -> VinFault | None:
    """What is wrong with the number of a vehicle, as ``plain_vin`` gives it; None: it is one."""
    if len(vin) != LENGTH:
        return VinFault("vin_length", {"count": str(len(vin)), "limit": str(LENGTH)})
    wrong = next((place for place, sign in enumerate(vin, 1) if sign not in _VALUES), None)
    if wrong is not None:
        return VinFault("vin_sign", {"place": str(wrong)})
    if vin[_CHECK] != check_digit(vin):
        return VinFault("vin_check_digit", {"place": str(_CHECK + 1)})
    return None


def check_digit(vin: str) -> str:
    """The ninth sign that belongs to the sixteen others: their weighted sum modulo 11, ten is X."""
    left = sum(_VALUES[sign] * weight for sign, weight in zip(vin, _WEIGHTS, strict=True)) % 11
    return "X" if left == 10 else str(left)
