"""How much work one request may cause, and all of them together."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from domain.aside import TooCostly


def _half() -> int:
    return max(1, (os.cpu_count() or 1) // 2)


@dataclass(frozen=True, slots=True)
class Limits:
    """``processes`` work at once for one API process, ``waiting`` requests stand in line for them,
    each for ``patience`` seconds at most. One piece of work may take ``seconds``, ``cpu_seconds``
    of a processor, and ``megabytes`` above what its process holds from the start."""

    processes: int = field(default_factory=_half)
    waiting: int = 16
    patience: float = 10.0
    seconds: float = 20.0
    cpu_seconds: int = 10
    megabytes: int = 512


def too_costly(code: str, limits: Limits) -> TooCostly:
    """The limit that was exceeded, in numbers."""
    words = {
        "too_slow": {"seconds": f"{limits.seconds:g}", "cpu_seconds": limits.cpu_seconds},
        "too_much_memory": {"megabytes": limits.megabytes},
    }
    return TooCostly(code, **words.get(code, {}))
