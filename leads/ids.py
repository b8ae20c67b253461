"""Identifiers: time-ordered UUIDs (version 7, RFC 9562), so that rows sort by birth and reveal nothing else."""

from __future__ import annotations

import os
import time
from uuid import UUID


def new_id() -> UUID:
    """A fresh UUIDv7. Never call it inside a workflow: it reads clock and randomness."""
    value = time.time_ns() // 1_000_000 << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def workflow_id(lead_id: UUID | str) -> str:
    """The Temporal workflow id of a lead; one lead has one, over all its lives."""
    return f"lead-{lead_id}"
