"""What somebody may be found by in texts of any kind, and how they are found: for erasing what
belongs to no customer.

What was refused was not read, or not believed, so the contact may stand in any field and in any
spelling.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import phonenumbers

from domain.cleaning.signs import plain_digits

MOST = 20_000
"""Characters of one text that are kept."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What is looked for in traces: ``digits`` anywhere in the digits of one text, ``words`` by
    themselves (regular expressions of PostgreSQL)."""

    digits: tuple[str, ...]
    words: tuple[str, ...]


def trace(sent: object) -> str:
    """All texts of what was sent in plain signs, a line each: its digits alone, then in lower case.
    Personal data."""
    lines: list[str] = []
    for text in _texts(sent):
        plain = plain_digits(unicodedata.normalize("NFKC", text[:MOST])).lower()
        digits = "".join(sign for sign in plain if "0" <= sign <= "9")
        lines += [digits] if len(digits) > 4 else []
        lines.append("".join(sign for sign in plain if not unicodedata.category(sign).startswith("C")))
    return "\n".join(lines)


def marks(phones: Iterable[str], wechats: Iterable[str]) -> Marks:
    """What to look for of a person with these numbers (E.164, with an extension as RFC 3966 has it)
    and WeChat ids."""
    digits = {found for phone in phones if (found := _national(phone))}
    words = {rf"(^|[^a-z0-9_-]){re.escape(one.lower())}($|[^a-z0-9_-])" for one in wechats if one}
    return Marks(tuple(sorted(digits)), tuple(sorted(words)))


def _national(phone: str) -> str:
    """The digits that everybody types of a number: those of its country and its trunk may be
    missing."""
    number, _, extension = phone.partition(";ext=")
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.national_significant_number(parsed) + extension


def _texts(sent: object) -> Iterator[str]:
    if isinstance(sent, dict):
        for name, value in sent.items():  # pyright: ignore[reportUnknownVariableType]
            yield str(name)  # pyright: ignore[reportUnknownArgumentType]
            yield from _texts(value)  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(sent, list | tuple):
        for one in sent:  # pyright: ignore[reportUnknownVariableType]
            yield from _texts(one)  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(sent, float) and sent.is_integer():
        yield str(int(sent))
    elif sent is not None and not isinstance(sent, bool):
        yield str(sent)
