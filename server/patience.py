"""Waiting for parts that are away: they may start in any order and come back by themselves."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from cases.errors import Unavailable

log = structlog.get_logger("runtime")

TRY_AGAIN = 1.0  # seconds between two attempts

Result = TypeVar("Result")


async def patiently(what: str, reach: Callable[[], Awaitable[Result]], stopping: asyncio.Event) -> Result | None:
    """What ``reach`` returns, tried until it works; None when stopped before."""
    while not stopping.is_set():
        try:
            return await reach()
        except (RuntimeError, OSError, Unavailable) as error:
            log.warning("waiting", what=what, error=type(error).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), TRY_AGAIN)
    return None
