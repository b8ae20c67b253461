"""Which version of a table decides: what was published last among those whose time has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from store.tables.definitions import TableLine


class VersionState(StrEnum):
    """What a published version does."""

    IN_FORCE = "in_force"
    PAST = "past"
    SCHEDULED = "scheduled"
    WITHDRAWN = "withdrawn"


def states(lines: Sequence[TableLine], at: datetime) -> dict[int, VersionState]:
    """What each version of one table does at an instant, by its number."""
    come = [one for one in lines if one.withdrawn_at is None and one.effective_from <= at]
    in_force = max(come, key=lambda one: (one.effective_from, one.version), default=None)
    return {one.version: _state(one, in_force, at) for one in lines}


def _state(line: TableLine, in_force: TableLine | None, at: datetime) -> VersionState:
    if line.withdrawn_at is not None:
        return VersionState.WITHDRAWN
    if line.effective_from > at:
        return VersionState.SCHEDULED
    return VersionState.IN_FORCE if line is in_force else VersionState.PAST
