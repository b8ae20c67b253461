"""A process in reserve waits, works when it is told to, and is never the reason why nothing
works."""

from __future__ import annotations

import asyncio
import os
import sys

import psutil
import pytest

from server.children import Plan
from server.reserve import Reserve

WAITS = """
from server.reserve import told_to_work
print("works" if told_to_work() else "not needed", flush=True)
"""
ENDS = "pass"


def reserve(program: str = WAITS, after: float = 0.0) -> Reserve:
    return Reserve(Plan("part", [sys.executable, "-c", program], dict(os.environ)), after)


async def filled(reserve: Reserve) -> psutil.Process:
    reserve.fill()
    assert reserve._making is not None
    await reserve._making
    assert reserve._child is not None
    return psutil.Process(reserve._child.pid)


async def test_it_works_when_it_is_told_to(capfd: pytest.CaptureFixture[str]) -> None:
    held = reserve()
    process = await filled(held)

    child = await held.take()

    assert child is not None and child.pid == process.pid
    assert await child.wait() == 0
    assert capfd.readouterr().err.split() == ["part", "|", "works"]
    assert await held.take() is None  # it is another's now


async def test_there_is_one_at_a_time() -> None:
    held = reserve()
    process = await filled(held)

    held.fill()

    assert [child.pid for child in psutil.Process().children() if child.pid == process.pid] == [process.pid]
    assert held._child is not None and held._child.pid == process.pid
    await held.end()
    assert not process.is_running()


async def test_one_that_has_died_is_not_taken() -> None:
    held = reserve(ENDS)
    await filled(held)
    assert held._child is not None
    await held._child.wait()

    assert await held.take() is None


async def test_a_part_that_dies_soon_after_its_answer_has_no_reserve_yet() -> None:
    held = reserve(after=3600)
    held.fill()

    assert await held.take() is None

    # and the next answer lets it be made again
    held._after = 0.0
    process = await filled(held)
    await held.end()
    assert not process.is_running()


async def test_a_part_without_a_plan_for_it_has_none() -> None:
    held = Reserve(None)
    held.fill()
    await asyncio.sleep(0)

    assert await held.take() is None


async def test_it_ends_with_whoever_holds_its_standard_input(capfd: pytest.CaptureFixture[str]) -> None:
    held = reserve()
    await filled(held)
    assert held._child is not None and held._child.process.stdin is not None

    held._child.process.stdin.close()

    assert await held._child.wait() == 0
    assert "not needed" in capfd.readouterr().err
