"""The data directory: one supervisor at a time, and a record of its children for the next one to
clean up."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import signal
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from server.problems import StartProblem

LOCK = "baton.lock"
CHILDREN = "children.json"


@dataclass(frozen=True, slots=True)
class ChildRecord:
    """A child as the operating system knows it. ``born`` tells it from a later process with the
    same number."""

    name: str
    pid: int
    born: float
    stop_signal: int = signal.SIGTERM


class Home:
    """Holds the data directory from :meth:`__enter__` to :meth:`__exit__`; the lock dies with the
    process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: int | None = None
        self._made: Path | None = None
        self._children: dict[str, ChildRecord] = {}

    def __enter__(self) -> Self:
        """Raises StartProblem if another Baton holds the directory or it cannot be written."""
        self._made = next((part for part in reversed((self.path, *self.path.parents)) if not part.exists()), None)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(self.path / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            self._discard()
            cure = "choose another with BATON_HOME"
            raise StartProblem(f"the data directory {self.path} cannot be used ({error.strerror})", cure) from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(self._lock, 200, 0).decode(errors="replace").strip() or "another process"
            os.close(self._lock)
            self._lock = None
            raise StartProblem(
                f"Baton already runs in {self.path} ({holder})", "use that one, stop it, or set BATON_HOME"
            ) from error
        self.say(f"process {os.getpid()}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lock is not None:
            os.ftruncate(self._lock, 0)
        if kind is not None:
            self._discard()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def say(self, text: str) -> None:
        """What a second start will be told about the holder."""
        assert self._lock is not None
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, text.encode(), 0)

    def record(self, name: str, pid: int, stop_signal: signal.Signals = signal.SIGTERM) -> None:
        """Note a child, durably, before anything depends on it."""
        with contextlib.suppress(psutil.NoSuchProcess):
            self._children[name] = ChildRecord(name, pid, psutil.Process(pid).create_time(), int(stop_signal))
        self._write()

    def forget(self, name: str) -> None:
        self._children.pop(name, None)
        self._write()

    def _write(self) -> None:
        draft = self.path / f"{CHILDREN}.new"
        draft.write_text(json.dumps([asdict(child) for child in self._children.values()]), encoding="utf-8")
        draft.replace(self.path / CHILDREN)

    def clean(self, patience: float = 10.0) -> list[str]:
        """End what a killed supervisor left running; returns the names. The lock is held, so they
        are nobody's."""
        found: list[tuple[ChildRecord, psutil.Process]] = []
        for child in children(self.path):
            with contextlib.suppress(psutil.NoSuchProcess):
                process = psutil.Process(child.pid)
                if abs(process.create_time() - child.born) < 1:
                    found.append((child, process))
        tree: list[psutil.Process] = []
        for child, process in found:
            with contextlib.suppress(psutil.NoSuchProcess):
                tree += [process, *process.children(recursive=True)]
                process.send_signal(child.stop_signal)
        _, alive = psutil.wait_procs(tree, patience)
        for process in alive:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(alive, patience)
        self._children.clear()
        self._write()
        return [child.name for child, _ in found]

    def _discard(self) -> None:
        """Take a directory away again that this start made and put nothing of value into."""
        if self._made is None or not self.path.is_dir():
            return
        if {entry.name for entry in self.path.iterdir()} <= {LOCK, CHILDREN}:
            shutil.rmtree(self._made, ignore_errors=True)


def children(path: Path) -> list[ChildRecord]:
    """The children that the present or the last supervisor recorded; none if the record is missing
    or torn."""
    try:
        return [ChildRecord(**entry) for entry in json.loads((path / CHILDREN).read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        return []


def held(path: Path) -> str | None:
    """Who holds the data directory now, or None."""
    try:
        lock = os.open(path / LOCK, os.O_RDWR)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return os.pread(lock, 200, 0).decode(errors="replace").strip() or "another process"
    else:
        return None
    finally:
        os.close(lock)
