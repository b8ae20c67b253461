"""A process that ends when its parent does, however that ends."""

from __future__ import annotations

import ctypes
import signal
import sys

_PR_SET_PDEATHSIG = 1


def on_parents_death(number: signal.Signals) -> None:
    """Have the kernel send ``number`` to this process when its parent ends, however it ends (Linux
    only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
