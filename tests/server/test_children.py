"""A child process: it follows its parent into death, is stopped politely, and killed when it does
not listen."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from server.children import Child, Plan

PARENT = """
import asyncio, os, sys
from server.children import Child, Plan

async def main():
    child = await Child.start(Plan("x", ["/bin/sh", "-c", "sleep 1000; :"], dict(os.environ)))
    print(child.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


def plan(script: str, **more: object) -> Plan:
    return Plan("part", ["/bin/sh", "-c", script], dict(os.environ), **more)  # type: ignore[arg-type]


def test_a_child_dies_with_its_parent_however_that_dies() -> None:
    # given a parent with a child
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))

    # when the parent is killed
    parent.kill()
    parent.wait()

    # then the child ends, too
    _, alive = psutil.wait_procs([child], timeout=10)
    assert alive == []


async def test_its_words_are_passed_on_with_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    child = await Child.start(plan("echo one; echo two >&2; printf three"))
    assert await child.wait() == 0
    assert capsys.readouterr().err.splitlines() == ["part    | one", "part    | two", "part    | three"]


async def test_it_is_asked_first() -> None:
    # SIGINT would do, too, but a shell cannot trap what its parents ignore, as those do that run in
    # the background
    asked = signal.SIGUSR1
    child = await Child.start(plan("trap 'exit 7' USR1; echo x; while :; do sleep 0.1; done", stop_signal=asked))
    while not _traps(child, asked):
        pass
    await child.stop()
    assert child.process.returncode == 7


async def test_one_that_does_not_listen_is_killed_with_all_it_started() -> None:
    # given a child that ignores being asked, and has a child of its own
    child = await Child.start(plan("trap '' TERM; sleep 1000; :", stop_timeout=0.3))
    me = psutil.Process(child.pid)
    while not (grandchildren := me.children()):
        pass

    # when it is stopped
    await child.stop()

    # then both are gone
    _, alive = psutil.wait_procs([me, *grandchildren], timeout=10)
    assert alive == []


def _traps(child: Child, number: signal.Signals) -> bool:
    """Whether the shell has set its trap yet: it shows in the signals that the process catches."""
    lines = Path(f"/proc/{child.pid}/status").read_text(encoding="utf-8").splitlines()
    caught = next(line for line in lines if line.startswith("SigCgt"))
    return bool(int(caught.split()[1], 16) & 1 << (number - 1))
