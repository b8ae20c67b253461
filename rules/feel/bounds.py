"""How much FEEL may do: the bounds as one table, and the meter that counts against them.

What is counted are steps, sizes and levels, never time: the same text with the same input comes to
the same count on every machine, so a workflow that is replayed stops where it stopped before. A
step is a part of an expression that is evaluated once more (a round of a loop, a call of a
function), an item that is read, made or compared, or 64 characters of a text; it takes some
microseconds at the most. What is evaluated once, as it is written, costs nothing by itself, since a
text has no more than 20,000 characters: plain table cells are never slowed down.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import local
from typing import Final, ParamSpec, TypeVar

from rules.feel.errors import Bound, FeelTooMuch

TEXT: Final = Bound("text", 20_000, "characters of one expression")
NESTING: Final = Bound("nesting", 30, "levels of brackets and keywords in one expression")
CHAIN: Final = Bound("chain", 200, "operators or steps in a row")
STEPS: Final = Bound("steps", 100_000, "steps of one evaluation: a decision, or an expression by itself")
ACTIVATION: Final = Bound("activation", 200_000, "steps of all expressions in one activation of a process")
DEPTH: Final = Bound("depth", 400, "levels of parts within parts, functions that call functions among them")
ITEMS: Final = Bound("items", 10_000, "items of a list that FEEL makes")
CHARACTERS: Final = Bound("characters", 100_000, "characters of a text that FEEL makes")
LEVELS: Final = Bound("levels", 100, "levels of lists and contexts within a value")
DIGITS: Final = Bound("digits", 4_000, "digits of a number that is handed on")
PATTERN: Final = Bound("pattern", 1_000, "characters of a regular expression")
REPEATS: Final = Bound(
    "repeats", 1_000, "times that a regular expression says one thing over, each of its parts counted"
)

BOUNDS: Final = (
    *(TEXT, NESTING, CHAIN, STEPS, ACTIVATION, DEPTH),
    *(ITEMS, CHARACTERS, LEVELS, DIGITS, PATTERN, REPEATS),
)

P = ParamSpec("P")
R = TypeVar("R")


class _Meter(local):
    """Of one thread: evaluations never wait, so that no other can come between."""

    left: int | None = None
    """Steps that the evaluation in progress has left; None: there is none."""
    bound: Bound = STEPS
    share: int | None = None
    """Steps that the activation in progress has left; None: there is none."""
    levels: int = 0


meter: Final = _Meter()


def charge(steps: int) -> None:
    """Counts. Outside of evaluations nothing is counted: what is converted there was counted when
    it was made.

    Raises:
        FeelTooMuch: no steps are left.
    """
    left = meter.left
    if left is not None:
        meter.left = left = left - steps
        if left < 0:
            raise FeelTooMuch(meter.bound)


def charge_text(length: int) -> None:
    """Counts a text that is looked through."""
    if length > 63:
        charge(length >> 6)


def items(count: int) -> int:
    """Counts the items of a list that is about to be made, and gives their number.

    Raises:
        FeelTooMuch: they are too many.
    """
    if count > ITEMS.limit:
        raise FeelTooMuch(ITEMS)
    charge(count)
    return count


def characters(count: int) -> int:
    """Counts the characters of a text that is about to be made, and gives their number.

    Raises:
        FeelTooMuch: they are too many.
    """
    if count > CHARACTERS.limit:
        raise FeelTooMuch(CHARACTERS)
    charge_text(count)
    return count


def call(levels: int, run: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Runs what goes so many levels deeper, such as the body of a function.

    Raises:
        FeelTooMuch: that is too deep.
    """
    meter.levels += levels
    try:
        if meter.levels > DEPTH.limit:
            raise FeelTooMuch(DEPTH)
        return run(*args, **kwargs)
    finally:
        meter.levels -= levels


def evaluation(run: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Runs something as one evaluation, or as a part of the one that is in progress.

    Raises:
        FeelTooMuch: it takes more steps than one evaluation may, or than the activation around it
        has left.
    """
    if meter.left is not None:
        return run(*args, **kwargs)
    share = meter.share
    scarce = share is not None and share < STEPS.limit
    begun = meter.left = share if share is not None and scarce else STEPS.limit
    meter.bound = ACTIVATION if scarce else STEPS
    meter.levels = 0
    try:
        return run(*args, **kwargs)
    except RecursionError:  # the levels are counted so that this does not come first; a host may be deep itself
        raise FeelTooMuch(DEPTH) from None
    except MemoryError:
        raise FeelTooMuch(meter.bound) from None
    finally:
        if share is not None:
            meter.share = share - begun + max(0, meter.left)
        meter.left = None


def spend(steps: int) -> None:
    """Counts an expression that the activation in progress is about to evaluate.

    Raises:
        FeelTooMuch: the activation has no steps left.
    """
    share = meter.share
    if share is not None:
        meter.share = share = share - steps
        if share < 0:
            raise FeelTooMuch(ACTIVATION)


class _Activation:
    """``with activation:`` one activation of a process begins: its evaluations share their
    steps."""

    __slots__ = ()

    def __enter__(self) -> None:
        meter.share = ACTIVATION.limit

    def __exit__(self, *_: object) -> None:
        meter.share = None


activation: Final = _Activation()


def steps_of(run: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> int:
    """How many steps something takes as one evaluation."""

    def counted() -> int:
        run(*args, **kwargs)
        return STEPS.limit - (meter.left or 0)

    return evaluation(counted)
