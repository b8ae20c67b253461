"""Which of some with a code and a name is meant: by the code, the name, or a part of the name that
only one has."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Protocol, TypeVar

_SIGNS = re.compile(r"[\W_]+")
_SHORTEST = 2
"""Signs that a part of a name has to have."""


class Called(Protocol):
    """Something that goes by a code and a name."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...


C = TypeVar("C", bound=Called)


def read_called(text: str, known: Sequence[C]) -> tuple[C, ...]:
    """Those that may be meant: one if it is clear, several if it is not, none if nobody goes by
    that.

    What is exactly somebody's code or name means them; else a text with somebody's code or whole
    name in it; else a part of names.
    """
    said = _plain(text)
    if not said:
        return ()
    parts = {_plain(part) for part in _SIGNS.split(unicodedata.normalize("NFKC", text))}
    for means in (
        lambda one: said in (_plain(one.code), _plain(one.name)),
        lambda one: _plain(one.code) in parts or _plain(one.name) in said,
        lambda one: len(said) >= _SHORTEST and said in _plain(one.name),
    ):
        found = tuple(one for one in known if means(one))
        if found:
            return found
    return ()


def _plain(text: str) -> str:
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text).casefold())
