"""The deployed processes that this worker has in memory, keyed by the sha256 of their file.

A running lead names exact versions. Versions never change, so an entry never goes stale. A workflow
task that meets one that is not here yet fails, is retried by Temporal, and finds it once the worker
has loaded what ``wanted`` lists.
"""

from __future__ import annotations

from collections.abc import Iterable

from cases.contracts import ProcessRef
from workflows.bpmn import Process, Program

_loaded: dict[tuple[str, str], Process] = {}
_wanted: set[str] = set()


class NotLoaded(Exception):
    """A process version is not in memory yet; no ``FailureError``, so that the task is retried, not
    the lead failed."""


def keep(sha256: str, processes: Iterable[Process]) -> None:
    """Makes the processes of one deployed file available to this worker's leads."""
    for process in processes:
        _loaded[process.id, sha256] = process
    _wanted.discard(sha256)


def wanted() -> frozenset[str]:
    """The files that leads have asked for in vain; the worker loads them from the store."""
    return frozenset(_wanted)


def program(refs: Iterable[ProcessRef]) -> Program:
    """A process and all that it calls, each in its pinned version; raises ``NotLoaded``."""
    found: dict[str, Process] = {}
    for ref in refs:
        process = _loaded.get((ref.key, ref.sha256))
        if process is None:
            _wanted.add(ref.sha256)
            raise NotLoaded(f"{ref.key} version {ref.version}")
        found[ref.key] = process
    return found
