"""Phone numbers as people type them (A3, A4).

The numbering plan comes from ``phonenumbers``: a pattern of our own disagreed with it on one number in seven.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers

from cleaning.text import is_blank, tidy


class PhoneKind(StrEnum):
    """What sort of contact a typed number is; an input of the ``validity`` and ``cleaning`` tables."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    FOREIGN = "foreign"
    MALFORMED = "malformed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class PhoneReading:
    """``e164`` is set for mobile, landline and foreign numbers. ``same_as_wechat``: the number is the WeChat id too.

    ``test_number`` marks what only testers and evaders type (13800138000, one digit eleven times), whatever the kind.
    """

    kind: PhoneKind
    e164: str | None = None
    same_as_wechat: bool = False
    test_number: bool = False


# 微信abc123 after the number is another id
_WECHAT = re.compile(r"(?:微信|vx|wx|wechat|v信)(?!号?\s*[:：]?\s*[a-z_])", re.IGNORECASE)
_NOT_WECHAT = re.compile(r"(?:不是|非|没有?|无)\s*(?:微信|wechat)", re.IGNORECASE)
_LETTERS = str.maketrans({"O": "0", "o": "0", "〇": "0", "零": "0", "l": "1", "I": "1"})
_CANDIDATE = re.compile(r"\+?(?<![A-Za-z])[(0-9OolI][0-9OolI〇零()\-.\s_]*")
_ELEVEN = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_KNOWN_TESTS = frozenset({"13800138000", "13800000000", "13000000000", "13900000000", "15000000000", "18000000000"})
_RUN = "01234567890123456789"


def read_phone(text: object) -> PhoneReading:
    """Read one typed contact. China is the country of numbers without a country code. Never raises."""
    typed = tidy(text)
    if is_blank(typed):
        return PhoneReading(PhoneKind.MISSING)
    wechat = bool(_WECHAT.search(typed)) and not _NOT_WECHAT.search(typed)
    best = PhoneReading(PhoneKind.MALFORMED)
    # one stretch may hold two numbers with only a space between: then each mobile by itself
    for written in (*_CANDIDATE.findall(typed), *_ELEVEN.findall(typed)):
        reading = _read_number(written, wechat)
        if reading.e164:
            return reading
        if reading.test_number:
            best = reading
    return best


def _read_number(written: str, wechat: bool) -> PhoneReading:
    # the letter O for a zero is the commonest slip, and "+86 (0)10…" the commonest surplus
    dialled = re.sub(r"[^0-9+]", "", re.sub(r"\(\s*0\s*\)", "", written).translate(_LETTERS))
    dialled = dialled[:1] + dialled[1:].replace("+", "")
    national = re.sub(r"^(?:\+86|0086|\+?86(?=1[0-9]{10}$))", "", dialled)
    if re.fullmatch(r"0?1[0-9]{10}", national):
        national = national.removeprefix("0")  # 0 before a mobile: how it was dialled from another city
        dialled = "+86" + national
    parsed = _parse(dialled)
    if parsed is None:
        return PhoneReading(PhoneKind.MALFORMED, test_number=_is_test(national))
    kind = _kind(parsed)
    # elsewhere what looks made up may be somebody's
    test = kind is not PhoneKind.FOREIGN and _is_test(national)
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return PhoneReading(kind, e164, same_as_wechat=wechat and kind is PhoneKind.MOBILE, test_number=test)


def _parse(dialled: str) -> phonenumbers.PhoneNumber | None:
    if dialled.startswith("00"):
        dialled = "+" + dialled[2:]
    try:
        parsed = phonenumbers.parse(dialled, "CN")
    except phonenumbers.NumberParseException:
        return None
    return parsed if phonenumbers.is_valid_number(parsed) else None


def _kind(parsed: phonenumbers.PhoneNumber) -> PhoneKind:
    if parsed.country_code != 86:
        return PhoneKind.FOREIGN
    mobile = phonenumbers.number_type(parsed) in (
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    )
    return PhoneKind.MOBILE if mobile else PhoneKind.LANDLINE


def _is_test(national: str) -> bool:
    digits = national.lstrip("+")
    if len(digits) < 7:
        return False
    if digits in _KNOWN_TESTS or len(set(digits)) == 1 or digits.endswith("00000000"):
        return True
    return digits in _RUN or digits in _RUN[::-1] or digits.endswith("12345678")
