"""Compares what a page shows with what really came: the same but for ids and instants, and those
consistently so."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, cast

from tests.docs.console import MORE

UUID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?")
ABOUT: Final = timedelta(minutes=30)
"""How far a shown instant may be from the real one, once both are counted from the page's
beginning: reading a page takes people minutes; a deadline is never that near to another one."""


@dataclass
class Book:
    """What a page's ids and instants turned out to be. ``began`` is the first instant that the page
    shows."""

    began: datetime | None
    real_began: datetime
    ids: dict[str, str] = field(default_factory=dict[str, str])

    def real(self, text: str) -> str:
        """A command as it has to be given: shown ids become real ones."""
        return UUID.sub(lambda found: self.ids.get(found[0], found[0]), text)

    def same(self, shown: Any, real: Any, where: str = "") -> None:
        """Raises AssertionError where they differ."""
        if isinstance(shown, dict):
            assert isinstance(real, dict), f"{where}: {real!r} is no object"
            self._same_object(cast("dict[str, Any]", shown), cast("dict[str, Any]", real), where)
        elif isinstance(shown, list):
            assert isinstance(real, list), f"{where}: {real!r} is no list"
            self._same_list(cast("list[Any]", shown), cast("list[Any]", real), where)
        elif isinstance(shown, str) and isinstance(real, str):
            self._same_text(shown, real, where)
        else:
            assert shown == real, f"{where}: shown {shown!r}, really {real!r}"

    def _same_object(self, shown: dict[str, Any], real: dict[str, Any], where: str) -> None:
        names = shown.keys() - {MORE}
        missing = names - real.keys()
        assert not missing, f"{where}: there is no {', '.join(sorted(missing))}; there are {', '.join(real)}"
        left_out = real.keys() - names
        assert MORE in shown or not left_out, f"{where}: {', '.join(sorted(left_out))} left out without …"
        for key in names:
            self.same(shown[key], real[key], f"{where}.{key}")

    def _same_list(self, shown: list[Any], real: list[Any], where: str) -> None:
        if MORE not in shown:
            assert len(shown) == len(real), f"{where}: {len(shown)} elements shown, really {len(real)}"
            first, last = shown, []
        else:
            cut = shown.index(MORE)
            first, last = shown[:cut], shown[cut + 1 :]
            assert len(first) + len(last) <= len(real), f"{where}: really only {len(real)} elements"
        for number, one in enumerate(first):
            self.same(one, real[number], f"{where}[{number}]")
        for number, one in enumerate(last, len(real) - len(last)):
            self.same(one, real[number], f"{where}[{number}]")

    def _same_text(self, shown: str, real: str, where: str) -> None:
        assert _shape(shown) == _shape(real), f"{where}: shown {shown!r}, really {real!r}"
        for one, other in zip(UUID.findall(shown), UUID.findall(real), strict=True):
            assert self.ids.setdefault(one, other) == other, f"{where}: {one} was another id before"
        for one, other in zip(INSTANT.findall(shown), INSTANT.findall(real), strict=True):
            self._same_instant(one, other, where)

    def _same_instant(self, shown: str, real: str, where: str) -> None:
        one, other = datetime.fromisoformat(shown), datetime.fromisoformat(real)
        if self.began is None or one.tzinfo is None:
            return
        offset = (one - self.began) - (other - self.real_began)
        assert abs(offset) < ABOUT, f"{where}: shown {shown}, which is {offset} beside {real}"


def first_instant(text: str) -> datetime | None:
    """The first instant with a zone in a text."""
    found = (datetime.fromisoformat(one) for one in INSTANT.findall(text))
    return next((one for one in found if one.tzinfo is not None), None)


def _shape(text: str) -> str:
    return INSTANT.sub("<instant>", UUID.sub("<id>", text))
