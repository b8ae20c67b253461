"""The deployed processes that this worker has in memory, keyed by the sha256 of their file.

A running lead names exact versions. Versions never change, so an entry never goes stale. A workflow
task that meets one that is not here yet fails, is retried by Temporal, and finds it once the worker
has loaded what ``wanted`` lists. Beyond ``most`` files, the one that was not asked for longest
goes.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Final

from cases.contracts import ProcessRef
from workflows.bpmn import Process, Program

MOST: Final = 1000
"""Files that are kept unless somebody says otherwise."""

_loaded: OrderedDict[str, Mapping[str, Process]] = OrderedDict()
_wanted: set[str] = set()
_turn = Lock()  # workflows ask in threads of their own, while others are taken in


class NotLoaded(Exception):
    """A process version is not in memory yet; no ``FailureError``, so that the task is retried, not
    the lead failed."""


def keep(sha256: str, processes: Iterable[Process], most: int = MOST) -> None:
    """Makes the processes of one deployed file available to this worker's leads, and lets go what
    is more than ``most`` files. A lead in memory keeps the versions that it runs on."""
    with _turn:
        _loaded[sha256] = {process.id: process for process in processes}
        _loaded.move_to_end(sha256)
        while len(_loaded) > most:
            _loaded.popitem(last=False)
        _wanted.discard(sha256)


def kept() -> int:
    """How many files are in memory."""
    return len(_loaded)


def wanted() -> frozenset[str]:
    """The files that leads have asked for in vain; the worker loads them from the store."""
    with _turn:
        return frozenset(_wanted)


def program(refs: Iterable[ProcessRef]) -> Program:
    """A process and all that it calls, each in its pinned version; raises ``NotLoaded``."""
    found: dict[str, Process] = {}
    with _turn:
        for ref in refs:
            process = _loaded.get(ref.sha256, {}).get(ref.key)
            if process is None:
                _wanted.add(ref.sha256)
                raise NotLoaded(f"{ref.key} version {ref.version}")
            _loaded.move_to_end(ref.sha256)
            found[ref.key] = process
    return found
