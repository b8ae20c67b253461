"""Forks the processes that work beside the API: it has imported all that they need, so that one is
there in 10 ms.

``python -m api.aside.nursery FD MEGABYTES``: for each descriptor that comes through the control
socket FD a child is made that serves it. It tells the ends of its children, and ends with the API,
its children with it.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Final

from api.aside import hand
from cases.parents import on_parents_death

PRELOADED: Final = (
    "api.media.reading",
    "api.processes.comparing",
    "api.processes.playing",
    "domain.policy.between",
    "domain.policy.review",
    "domain.policy.sheet",
    "domain.repairs.trying",
)
"""The modules of the work that is done here."""


def main() -> None:
    """Serves the control socket until the API closes it."""
    control, megabytes = socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(woken, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake)
    for name in PRELOADED:
        import_module(name)
    gc.collect()
    gc.freeze()  # what all children share is not written to by their collectors
    control.send(b"ready")
    while True:
        ready, _, _ = select.select([control, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            for pid, code in _ended():
                control.send(f"{pid} {code}".encode())
        if control in ready:
            message, descriptors, _, _ = socket.recv_fds(control, 16, 1)
            if not message:
                return  # the API is gone; the kernel ends the children when this process does
            for descriptor in descriptors:
                _fork(descriptor, megabytes, (control.fileno(), woken, wake))


def _fork(descriptor: int, megabytes: int, ours: tuple[int, ...]) -> None:
    if os.fork():
        os.close(descriptor)
        return
    try:
        on_parents_death(signal.SIGKILL)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for one in ours:
            os.close(one)
        hand.serve(socket.socket(fileno=descriptor), megabytes)
    finally:
        os._exit(0)


def _ended() -> Iterator[tuple[int, int]]:
    """Children that are gone: exit codes, or signals as negative numbers."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        yield pid, os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    main()
