"""A draft beside the live table: asked what it makes of each decision as the live table makes it.

Whatever a draft does, nobody but its reader notices: a file that cannot be read, a decision that
fails, a result that the store does not take are all an answer, the problem ``failed``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import rules
from domain.policy.again import Again, Case, Trial
from domain.policy.storable import storable

UNRECORDED: Final = frozenset({"validity"})
"""Tables that are asked before there is a lead: of what they reject no decision is kept, so a
comparison would show half of the truth."""

REMEMBERED: Final = 5_000
"""Results that a shadow keeps in memory: every worker has one of its own."""

LONGEST: Final = 16_384
"""Signs of a result as JSON: a draft that writes more than any table needs would bloat the
store."""

_FAILED: Final = Again(None, problem="failed")


@dataclass(slots=True)
class Beside:
    """A running shadow in one worker's memory; the file is read when the first decision asks for
    it."""

    id: UUID
    key: str
    xml: bytes
    since: datetime
    until: datetime | None
    _trial: Trial | None = field(default=None, init=False)
    _unreadable: bool = field(default=False, init=False)

    def asked_at(self, at: datetime) -> bool:
        """Whether it is asked about a decision of this instant."""
        return self.since <= at and (self.until is None or at < self.until)

    def judge(self, case: Case) -> Again:
        """What the draft makes of a live decision. Raises nothing."""
        if self._unreadable:
            return _FAILED
        try:
            again = self._read().again(case)
            return again if not again.changes or keepable(again.result) else _FAILED
        except Exception:
            # The live decision is made: nothing that a draft does may keep it from being written.
            return _FAILED

    def _read(self) -> Trial:
        if self._trial is None:
            self._unreadable = True  # until it has been read: a file that cannot be is not tried at every step
            draft = next(one for one in rules.read_table(self.xml) if one.key == self.key)
            self._trial = Trial(draft, REMEMBERED)
            self._unreadable = False
        return self._trial


def keepable(result: dict[str, Any] | None) -> bool:
    """Whether a result can be kept, and is no longer than ``LONGEST``."""
    return storable(result) and len(json.dumps(result, default=str, ensure_ascii=False)) <= LONGEST
