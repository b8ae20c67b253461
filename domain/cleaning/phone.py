"""Phone numbers as people type them (A3, A4).

The numbering plan comes from ``phonenumbers``: a pattern of our own disagreed with it on one number
in seven. What is looked for, in this order: a whole mobile with whatever people put between its
digits; then any other number, the longest reading of its groups first, so that a last group may be
an extension.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumberType

from domain.cleaning.signs import plain_digits, plain_signs
from domain.cleaning.text import is_blank, tidy


class PhoneKind(StrEnum):
    """What sort of contact a typed number is; an input of the ``validity`` and ``cleaning``
    tables."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    FOREIGN = "foreign"
    MALFORMED = "malformed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class PhoneReading:
    """``e164`` is set for mobile, landline and foreign numbers; ``extension`` (digits) has to be
    dialled after it.

    ``shared``: others can be reached there, too (a landline or switchboard, 400, 95, a platform's
    privacy number), so that two who name it are not one person for that alone. ``same_as_wechat``:
    the number is the WeChat id too. ``test_number`` marks what only testers and evaders type
    (13800138000, one digit eleven times), whatever the kind.
    """

    kind: PhoneKind
    e164: str | None = None
    extension: str | None = None
    shared: bool = False
    same_as_wechat: bool = False
    test_number: bool = False

    @property
    def dialled(self) -> str | None:
        """The number with its extension, as RFC 3966 writes it (``+8675586551234;ext=801``)."""
        return f"{self.e164};ext={self.extension}" if self.e164 and self.extension else self.e164

    @property
    def proves(self) -> bool:
        """Whether two who name it are one person: nobody else is reached there, or by that
        extension."""
        return self.e164 is not None and (not self.shared or self.extension is not None)


# 微信abc123 after the number is another id
_WECHAT = re.compile(r"(?:微信|vx|wx|wechat|v信)(?!号?\s*[:：]?\s*[a-z_])", re.IGNORECASE)
_NOT_WECHAT = re.compile(r"(?:不是|非|没有?|无)\s*(?:微信|wechat)", re.IGNORECASE)
_PRIVACY = re.compile(r"虚拟|隐私|中间号|小号|virtual|privacy", re.IGNORECASE)

_DIGIT = "[0-9OolI]"
_BETWEEN = r"[ \-/+#*=:'|~()\[\]]*"
_COUNTRY = rf"(?:(?:\+|00){_BETWEEN})?86{_BETWEEN}(?:\(0\){_BETWEEN})?"
# A letter before the number belongs to a word (vx, tel, Q), never to the number: only digits may
# not stand there.
_MOBILE = re.compile(
    rf"(?<![0-9])(?P<country>(?:{_COUNTRY})+)?(?:[0Oo]{_BETWEEN})?"
    rf"(?P<national>[1lI]{_BETWEEN}[3-9](?:{_BETWEEN}{_DIGIT}){{9}})(?![0-9])"
)
_OTHER = re.compile(rf"\+?{_BETWEEN}{_DIGIT}(?:{_BETWEEN}{_DIGIT})*")
_GROUPS = re.compile(rf"{_DIGIT}+")
_SERVICE = re.compile(r"(?:86)?95[0-9]{3,4}")
_DIRECT = r"(?:转接?|分机号?|内线|ext(?:ension|n)?\.?|[#*xX;pPwW])"
_EXTENSION = re.compile(rf"[ \-/]*{_DIRECT}[ :=\-]*([0-9]{{1,6}})(?![0-9])", re.IGNORECASE)
_HYPHENATED = re.compile(r" ?- ?([0-9]{1,6})(?![0-9])(?! ?[-/] ?[0-9])")
_SLIPS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1"})
_KNOWN_TESTS = frozenset({"13800138000", "13800000000", "13000000000", "13900000000", "15000000000", "18000000000"})
_RUN = "01234567890123456789"
_MOBILES = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def read_phone(text: object) -> PhoneReading:
    """Read one typed contact. China is the country of numbers without a country code. Never raises.

    Of several numbers a mobile comes before a landline, and what only testers type comes last.
    """
    typed = tidy(text)
    if is_blank(typed):
        return PhoneReading(PhoneKind.MISSING)
    wechat = bool(_WECHAT.search(typed)) and not _NOT_WECHAT.search(typed)
    privacy = bool(_PRIVACY.search(typed))
    best = PhoneReading(PhoneKind.MALFORMED)
    for found in _numbers(plain_digits(plain_signs(typed))):
        if found.test_number:
            best = best if best.e164 else found
        elif found.e164:
            best = found
            break
    if not best.e164:
        return best
    mobile = best.kind is PhoneKind.MOBILE
    return PhoneReading(
        best.kind,
        best.e164,
        best.extension,
        shared=best.shared or best.extension is not None or privacy,
        same_as_wechat=wechat and mobile and best.extension is None,
        test_number=best.test_number,
    )


def _numbers(typed: str) -> Iterator[PhoneReading]:
    yield from _mobiles(typed)
    for found in _OTHER.finditer(typed):
        yield from _other(found[0], typed[found.end() :])


def _mobiles(typed: str) -> Iterator[PhoneReading]:
    for found in _MOBILE.finditer(typed):
        national = _digits(found["national"])
        abroad = not found["country"] and typed[: found.start()].rstrip(" -(").endswith("+")
        if abroad and (foreign := _parsed("+" + national)) is not None:
            yield _reading(foreign, national)  # +1 and ten digits that exist there: what E.164 says
            continue
        parsed = _parsed("+86" + national)
        if parsed is not None:
            yield _reading(parsed, national, _extension(typed[found.end() :]))


def _other(written: str, behind: str) -> Iterator[PhoneReading]:
    """A number that is no mobile: as one, else each part between strong separators, else without
    its last groups."""
    parts = re.split(r"[/|]", written)
    for part, rest in ((written, behind), *((part, "") for part in parts if len(parts) > 1)):
        groups = _GROUPS.findall(part.replace("(0)", "") if "+" in part else part)
        international = "+" if re.match(r"[ (\[]*\+", part) else ""
        for length in range(len(groups), 0, -1):
            national = _digits("".join(groups[:length]))
            parsed = _parsed(international + national)
            if parsed is None and _SERVICE.fullmatch(national):
                parsed = phonenumbers.PhoneNumber(country_code=86, national_number=int(national.removeprefix("86")))
            after = groups[length:]
            if parsed is not None and len(after) <= 1:
                extension = _digits(after[0]) if after and len(after[0]) <= 6 else _extension(rest)
                yield _reading(parsed, national, extension)
                return
            if length == len(groups) and _is_test(national):
                yield PhoneReading(PhoneKind.MALFORMED, test_number=True)


def _extension(behind: str) -> str | None:
    found = _EXTENSION.match(behind) or _HYPHENATED.match(behind)
    return found[1] if found else None


def _digits(written: str) -> str:
    # the letter O for a zero is the commonest slip
    return re.sub(r"[^0-9]", "", written.translate(_SLIPS))


def _reading(parsed: phonenumbers.PhoneNumber, national: str, extension: str | None = None) -> PhoneReading:
    kind = _kind(parsed)
    return PhoneReading(
        kind,
        phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164),
        extension,
        shared=kind is PhoneKind.LANDLINE,
        # elsewhere what looks made up may be somebody's
        test_number=kind is not PhoneKind.FOREIGN and _is_test(national.removeprefix("0086").removeprefix("86")),
    )


def _parsed(dialled: str) -> phonenumbers.PhoneNumber | None:
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
    return PhoneKind.MOBILE if phonenumbers.number_type(parsed) in _MOBILES else PhoneKind.LANDLINE


def _is_test(digits: str) -> bool:
    if len(digits) < 7:
        return False
    if digits in _KNOWN_TESTS or len(set(digits)) == 1 or digits.endswith("00000000"):
        return True
    return digits in _RUN or digits in _RUN[::-1] or digits.endswith("12345678")
