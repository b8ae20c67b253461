"""Which state of something its reader saw: nobody writes over what they have not seen.

A version is a number that the store counts, or a text that it keeps; it is the same in every
language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.errors import BatonError
from store.leads.views import Named


class Changed(BatonError):
    """What the caller saw is no longer so. ``version`` is the present one, ``more`` says what was
    changed since."""

    status = 412

    def __init__(self, version: object, more: Mapping[str, Any]) -> None:
        super().__init__("changed_meanwhile")
        self.version, self.more = version, dict(more)


@dataclass(frozen=True, slots=True)
class Change:
    """A field that is not as the caller saw it, by whom it was last changed and when."""

    field: str
    before: Any
    now: Any
    at: datetime
    by: Named | None


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions that a caller has seen, uncertain ones marked (a weak ``ETag``); ``any``:
    whatever is there."""

    any: bool
    tags: Sequence[tuple[bool, str]] = ()

    def match(self, version: object) -> bool:
        """Strong comparison, as ``If-Match`` asks for: a weak tag is never enough."""
        return self.any or (False, str(version)) in self.tags

    def know(self, version: object) -> bool:
        """Weak comparison, as ``If-None-Match`` asks for."""
        return self.any or any(opaque == str(version) for _, opaque in self.tags)

    def numbers(self) -> tuple[int, ...]:
        """The versions that are mere numbers, the newest first."""
        found = {int(tag) for weak, tag in self.tags if not weak and tag.isascii() and tag.isdigit() and len(tag) < 19}
        return tuple(sorted(found, reverse=True))
