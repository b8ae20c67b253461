"""The very versions of tables that decided, read once: a version never changes, and reading its
file costs 50 ms."""

from __future__ import annotations

from rules import Decision, RulesError, read_table
from rules.feel import FeelError

Version = tuple[str, int, str]
"""Key, version, sha256: a roll-back publishes the same file under another number."""

_MOST_KNOWN = 200
_known: dict[Version, Decision | None] = {}


def known(version: Version) -> bool:
    """Whether the file of a version need not be fetched."""
    return version in _known


def decision(version: Version, xml: bytes | None = None) -> Decision | None:
    """The decision of a version; None if it cannot be read any more. ``xml`` may be left out where
    it is ``known``."""
    if version not in _known:
        if xml is None:
            return None
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        _known[version] = _read(version, xml)
    return _known[version]


def _read(version: Version, xml: bytes) -> Decision | None:
    key, number, _ = version
    try:
        return next((one for one in read_table(xml, version=number) if one.key == key), None)
    except (RulesError, FeelError):
        return None
