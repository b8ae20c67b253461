"""`make run`: what happens to make happens to Baton, even what make does not pass on."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

from cases.parents import on_parents_death

LOOK = 0.5  # seconds between two looks


def follow() -> None:
    """Stop this process when its parent ends, however it ends, or is interrupted. Call it first.

    Ctrl-C reaches both, but a SIGINT for make alone is not passed on: make lets go of its handler
    and waits for its child for ever. That can be seen.
    """
    on_parents_death(signal.SIGTERM)
    parent = os.getppid()
    if _catches(parent):
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while _catches(parent):
        time.sleep(LOOK)
    os.kill(os.getpid(), signal.SIGINT)


def _catches(process: int) -> bool:
    """Whether a process has a handler for SIGINT."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
        caught = next(line for line in lines if line.startswith("SigCgt:"))
    except (OSError, StopIteration):
        return False
    return bool(int(caught.split()[1], 16) & 1 << (signal.SIGINT - 1))
