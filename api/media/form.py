"""What a web page posts without any script: ``application/x-www-form-urlencoded`` (WHATWG URL,
5.1)."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import parse_qsl

from cases.errors import Invalid

MOST_FIELDS: Final = 200

Row = dict[str, Any]


def fields(body: bytes, charset: str | None = None) -> Row:
    """The fields that are filled in; one that comes several times is a list. Raises ``Invalid``."""
    text = body.decode("ascii", "replace")
    try:
        pairs = _pairs(text, charset or "utf-8")
    except (UnicodeDecodeError, LookupError):
        pairs = _pairs(text, "gb18030", "replace")
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        plain = name.strip().removesuffix("[]")
        if plain and value.strip():
            found.setdefault(plain, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def _pairs(text: str, encoding: str, errors: str = "strict") -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, encoding=encoding, errors=errors, max_num_fields=MOST_FIELDS)
    except UnicodeDecodeError:
        raise
    except ValueError:
        raise Invalid("too_many_fields", limit=MOST_FIELDS) from None
