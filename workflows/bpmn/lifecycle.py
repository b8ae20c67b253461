"""The life of an execution (a token, or a scope that holds tokens) as a table (BPMN 2.0.2, 13.3.2,
fig. 13.2).

An execution begins as ENTERING and is gone after LEAVING. What fails stays where it is, BLOCKED,
until it is retried; what is interrupted from inside by an event sub-process stays open, but nothing
else may trigger in it; nor may anything at or in a transaction that is being cancelled.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from rules.feel import FeelError, FeelTooMuch

TOO_MUCH: Final = "too_much"
"""The kind of incident of an expression that asks for more than FEEL's bounds allow."""


class Stuck(Exception):
    """The token cannot go on; becomes ``RaiseIncident`` of this kind and the token stays where it
    is."""

    def __init__(self, kind: str, message: str) -> None:
        self.kind = kind
        super().__init__(message)


def kind_of(problem: FeelError | Stuck) -> str:
    """The kind of incident that a problem becomes; what FEEL's bounds stopped is told from what has
    no value."""
    if isinstance(problem, Stuck):
        return problem.kind
    return TOO_MUCH if isinstance(problem, FeelTooMuch) else "condition_failed"


class Phase(StrEnum):
    """Where an execution is. The values are one or two letters because they are written into every
    snapshot."""

    ENTERING = "e"  # the token has arrived, the element has not begun
    ENTERING_BLOCKED = "eb"  # could not begin: an expression failed, a called process is missing
    ACTIVE = "a"  # waits for an activity, a person, a message, a timer, other tokens, or its own content
    ACTIVE_BLOCKED = "ab"  # its activity failed for good, or its error was caught by nobody
    INTERRUPTED = "i"  # a scope whose content was replaced by an interrupting event sub-process
    CANCELLING = "c"  # a transaction that was cancelled and is undoing what it had done
    LEAVING = "l"  # done, its result is being written and its flows chosen
    LEAVING_BLOCKED = "lb"  # done, but its result cannot be mapped or no flow can be taken


class Move(StrEnum):
    """What can happen to an execution, apart from being ended from outside, which can happen in any
    phase."""

    WAIT = "wait"
    FINISH = "finish"
    FAIL = "fail"
    RETRY = "retry"
    INTERRUPT = "interrupt"
    CANCEL = "cancel"


TRANSITIONS: Final[Mapping[tuple[Phase, Move], Phase]] = MappingProxyType(
    {
        (Phase.ENTERING, Move.WAIT): Phase.ACTIVE,
        (Phase.ENTERING, Move.FINISH): Phase.LEAVING,
        (Phase.ENTERING, Move.FAIL): Phase.ENTERING_BLOCKED,
        (Phase.ENTERING_BLOCKED, Move.RETRY): Phase.ENTERING,
        (Phase.ACTIVE, Move.FINISH): Phase.LEAVING,
        (Phase.ACTIVE, Move.FAIL): Phase.ACTIVE_BLOCKED,
        (Phase.ENTERING, Move.RETRY): Phase.ENTERING,
        (Phase.LEAVING, Move.RETRY): Phase.LEAVING,
        (Phase.ACTIVE, Move.RETRY): Phase.ACTIVE,
        (Phase.ACTIVE, Move.INTERRUPT): Phase.INTERRUPTED,
        (Phase.ACTIVE, Move.CANCEL): Phase.CANCELLING,
        (Phase.INTERRUPTED, Move.CANCEL): Phase.CANCELLING,
        (Phase.CANCELLING, Move.FINISH): Phase.LEAVING,
        (Phase.ACTIVE_BLOCKED, Move.RETRY): Phase.ACTIVE,
        (Phase.ACTIVE_BLOCKED, Move.FINISH): Phase.LEAVING,
        (Phase.INTERRUPTED, Move.FINISH): Phase.LEAVING,
        (Phase.LEAVING, Move.FAIL): Phase.LEAVING_BLOCKED,
        (Phase.LEAVING_BLOCKED, Move.RETRY): Phase.LEAVING,
    }
)
"""Every legal transition; anything else is a bug of the interpreter or an event that came too
late."""

WAITING: Final = frozenset({Phase.ACTIVE, Phase.INTERRUPTED, Phase.CANCELLING})
"""A healthy execution at rest. ENTERING or LEAVING at rest means: the activation ran out of
automatic steps."""

ATTENDED: Final = frozenset({Phase.ACTIVE, Phase.ACTIVE_BLOCKED, Phase.INTERRUPTED, Phase.LEAVING_BLOCKED})
"""Boundary events of an execution in these phases can trigger: it has begun and has not left."""


def after(phase: Phase, move: Move) -> Phase:
    """The phase that follows.

    Raises:
        KeyError: the table has no such transition.
    """
    return TRANSITIONS[phase, move]
