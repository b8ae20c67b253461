"""A process that does one piece of work after the other, each under the limits that came with
it."""

from __future__ import annotations

import gc
import inspect
import os
import pickle
import resource
import signal
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from api.aside import frames

NICE: Final = 10
"""The API itself and the database go before."""
OUT_OF_MEMORY: Final = 86
"""Exit code. What a process holds after it ran out of memory is not known, so it is not used
again."""


def serve(connection: socket.socket, megabytes: int) -> None:
    """Works until the API is gone. Answers are ``(kind, value)``: part, done, raised, limit."""
    os.nice(NICE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the API says when it is over
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most = _held() + megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    try:
        connection.sendall(frames.packed(("ready", os.getpid())))
        while True:
            work, given, cpu_seconds = frames.received(connection)
            _one_more(cpu_seconds)
            connection.sendall(_packed(_worked(work, given, connection)))
    except (EOFError, ConnectionError):
        return
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _worked(work: Any, given: tuple[Any, ...], connection: socket.socket) -> tuple[str, Any]:
    try:
        result = work(*given)
        if not inspect.isgenerator(result):
            return "done", result
        for part in result:
            connection.sendall(frames.packed(("part", part)))
        return "done", None
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except RecursionError:
        return "limit", "too_deep"
    except frames.TooLong:
        return "limit", "too_much_found"
    except ConnectionError:
        raise
    except Exception as problem:
        return "raised", problem


def _packed(answer: tuple[str, Any]) -> bytes:
    try:
        return frames.packed(answer)
    except frames.TooLong:
        return frames.packed(("limit", "too_much_found"))
    except RecursionError:
        return frames.packed(("limit", "too_deep"))
    except (pickle.PicklingError, TypeError, AttributeError):
        # An exception of a library, or a result that no process can hand on: its name is all that
        # can be said.
        return frames.packed(("raised", RuntimeError(f"{answer[0]}: {type(answer[1]).__name__}")))


def _one_more(cpu_seconds: int) -> None:
    """The processor time of this process may grow by so much; beyond, the kernel ends it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    gc.collect(0)


def _held() -> int:
    """Bytes that count for RLIMIT_DATA already."""
    with suppress(OSError, StopIteration):
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return int(next(line for line in lines if line.startswith("VmData:")).split()[1]) * 1024
    return 256 * 1024 * 1024
