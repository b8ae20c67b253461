"""A process in reserve: it has imported all that a part needs and waits until the part dies.

Imports are nearly all of what a worker computes before it works, two seconds of a core, and on a
busy machine several times as long. In reserve they are done beforehand. It holds no connection and
takes no work, and it ends with whoever holds its standard input.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from dataclasses import replace
from typing import Final

from server.children import Child, Plan

AFTER: Final = 10.0
"""Seconds that a part has worked before its reserve is made: whoever waits for the start goes
first."""
GO: Final = b"\n"


def told_to_work() -> bool:
    """Waits in the process that is in reserve; False if it will not be needed any more."""
    return sys.stdin.buffer.readline() == GO


class Reserve:
    """Keeps one process beside a part; ``plan`` is how to run that. Without a plan it keeps
    none."""

    def __init__(self, plan: Plan | None, after: float = AFTER) -> None:
        self._plan = None if plan is None else replace(plan, waits=True)
        self._after = after
        self._child: Child | None = None
        self._making: asyncio.Task[None] | None = None

    def fill(self) -> None:
        """Make one in a while, if there is none. The part works."""
        if self._plan is not None and self._child is None and self._making is None:
            self._making = asyncio.create_task(self._make(self._plan))

    async def _make(self, plan: Plan) -> None:
        await asyncio.sleep(self._after)
        with contextlib.suppress(OSError):  # none then; the part is started as if there had never been one
            self._child = await Child.start(plan)

    async def take(self) -> Child | None:
        """The process in reserve, told to work; None if there is none, or it has died."""
        child = await self._emptied()
        return child if child is not None and child.go(GO) else None

    async def end(self) -> None:
        """Ends the one that there may be."""
        if (child := await self._emptied()) is not None:
            child.kill()
            await child.wait()

    async def _emptied(self) -> Child | None:
        if self._making is not None:
            self._making.cancel()
            await asyncio.gather(self._making, return_exceptions=True)
        child, self._child, self._making = self._child, None, None
        return child
