"""What may happen to the parts of a Baton, by process id; and how soon it has to be whole
afterwards."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import psutil

from bench.stack import PARTS, Stack

ONE: Final = 30.0
"""Seconds after the death of one part within which everything has to be whole again."""
SEVERAL: Final = 60.0
"""The same after the death of several."""
LONGEST_HANG: Final = 8.0
BETWEEN: Final = 6.0
"""Seconds that a part which dies after another may be later."""

Deed = Callable[[Stack, random.Random], Awaitable[tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Misfortune:
    """One kind of misfortune. ``deed`` does it and gives the names of the parts that were hit, in
    their order."""

    name: str
    aim: float
    deed: Deed


def _one(part: str) -> Deed:
    async def deed(stack: Stack, dice: random.Random) -> tuple[str, ...]:
        _kill(stack, part)
        return (part,)

    return deed


async def _all(stack: Stack, dice: random.Random) -> tuple[str, ...]:
    parts = dice.sample(PARTS, len(PARTS))
    for part in parts:
        _kill(stack, part)
    return tuple(parts)


async def _in_turn(stack: Stack, dice: random.Random) -> tuple[str, ...]:
    """The second one, often the same, dies while the first is coming back."""
    first, second = dice.choices(PARTS, k=2)
    _kill(stack, first)
    await asyncio.sleep(dice.uniform(0, BETWEEN))
    _kill(stack, second)
    return first, second


async def _hang(stack: Stack, dice: random.Random) -> tuple[str, ...]:
    """A part stands still for some seconds and goes on as if nothing had been (SIGSTOP,
    SIGCONT)."""
    part = dice.choice(PARTS)
    with suppress(psutil.NoSuchProcess), stack.stopped(part):
        await asyncio.sleep(dice.uniform(1, LONGEST_HANG))
    return (part,)


def _kill(stack: Stack, part: str) -> None:
    """SIGKILL to the process that the supervisor has recorded; none if it is dead and not yet
    started again."""
    with suppress(psutil.NoSuchProcess):
        stack.child(part).kill()


KINDS: Final = (
    *(Misfortune(part, ONE, _one(part)) for part in PARTS),
    Misfortune("all four at once", SEVERAL, _all),
    Misfortune("two in turn", SEVERAL, _in_turn),
    Misfortune("a hang", ONE, _hang),
)


def endless(dice: random.Random) -> Callable[[], Misfortune]:
    """Gives one kind after the other: all of them in some order, then in another one."""
    waiting: list[Misfortune] = []

    def following() -> Misfortune:
        if not waiting:
            waiting.extend(dice.sample(KINDS, len(KINDS)))
        return waiting.pop()

    return following
