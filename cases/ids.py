"""Identifiers: time-ordered UUIDs (version 7, RFC 9562), so that rows sort by birth and reveal
nothing else."""

from __future__ import annotations

import os
import time
from uuid import UUID

from cases.states import CaseKind


def new_id() -> UUID:
    """A fresh UUIDv7. Never call it inside a workflow: it reads clock and randomness.

    The twelve bits after the version are the fraction of the millisecond (RFC 9562, 6.2, method 3):
    without them, what one step writes within a millisecond would sort by chance.
    """
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    value = milliseconds << 80 | 0x7 << 76 | (rest << 12) // 1_000_000 << 64
    return UUID(int=value | 0x2 << 62 | int.from_bytes(os.urandom(8), "big") >> 2)


def workflow_id(case_id: UUID | str, kind: str = CaseKind.LEAD) -> str:
    """The Temporal workflow id of a case; one case has one, over all its lives."""
    return f"{kind}-{case_id}"
