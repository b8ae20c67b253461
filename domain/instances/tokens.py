"""What a life's snapshot says, in the words of screens: tokens, variables, timers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflows.bpmn import State
from workflows.bpmn.lifecycle import WAITING
from workflows.bpmn.state import ROOT


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token, or an open scope around tokens (``waits_for`` scope). ``execution`` names it in
    corrections and moves.

    ``scope`` is the execution around it; ``since`` is None when it stood there before Baton noted
    visits.
    """

    execution: str
    scope: str
    process: str
    element: str
    name: str
    waits_for: str
    via: str
    since: datetime | None
    due: datetime | None


@dataclass(frozen=True, slots=True)
class VariablesView:
    """Variables that what is inside an execution sees: of a process ("1" is the life's own), or of
    one activity."""

    execution: str
    process: str
    element: str
    variables: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TimerView:
    """A timer that waits; ``execution`` is the one that it wakes, interrupts or fires beside."""

    timer: str
    execution: str
    process: str
    element: str
    name: str
    due: datetime


def tokens(state: State, since: Mapping[str, datetime], stuck: Collection[str]) -> tuple[TokenView, ...]:
    """Everything that stands somewhere, oldest first; ``stuck`` are executions with an open
    incident."""
    return tuple(
        TokenView(
            execution=one.id,
            scope=one.scope,
            process=state.instances[one.home].process,
            element=one.element,
            name=one.name,
            waits_for="incident" if one.phase not in WAITING or one.id in stuck else one.waits,
            via=one.via,
            since=since.get(one.id),
            due=datetime.fromisoformat(one.due) if one.due else None,
        )
        for one in state.executions.values()
        if one.id != ROOT or one.phase not in WAITING
    )


def variables(state: State) -> tuple[VariablesView, ...]:
    """What is remembered where, the life's own process first."""
    return tuple(_variables(state))


def _variables(state: State) -> Iterator[VariablesView]:
    for execution, instance in state.instances.items():
        standing = state.executions.get(execution)
        yield VariablesView(
            execution, instance.process, standing.element if standing else instance.process, instance.variables
        )
    for execution, local in state.locals.items():
        if execution in state.executions:
            at = state.executions[execution]
            yield VariablesView(execution, state.instances[at.home].process, at.element, local)


def timers(state: State) -> tuple[TimerView, ...]:
    """The timers that wait, in the order in which they fire."""
    return tuple(
        TimerView(one.id, one.owner, state.instances[one.home].process, one.element, one.name, one.due)
        for one in (state.armed[timer.timer] for timer in state.timers())
    )
