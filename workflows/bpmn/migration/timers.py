"""Timers of an instance that is carried over: each follows its element, or goes with it; new ones
are armed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from rules.feel import FeelError
from workflows.bpmn.alarms import PlannedAlarm
from workflows.bpmn.lifecycle import ATTENDED, Phase
from workflows.bpmn.migration.plan import Plan
from workflows.bpmn.migration.reasons import DoesNotFit, Reason
from workflows.bpmn.model import Data
from workflows.bpmn.run import Run
from workflows.bpmn.state import ROOT, Execution, Timer
from workflows.bpmn.workspace import Workspace

Watched = tuple[str, str]
"""An element that an execution listens at, with the home of the process that it belongs to."""


def follow(before: Workspace, run: Run, plan: Plan) -> None:
    """Timers follow their elements, those of elements that are gone are disarmed, those of new ones
    armed from now on.

    Raises:
        DoesNotFit: a new one cannot be armed; every such one is a reason.
    """
    reasons: list[Reason] = []
    planned: list[tuple[str, str, list[PlannedAlarm]]] = []
    for execution in before.executions.values():
        was, now = set(_watched(before, execution)), [*_watched(run, run.executions[execution.id])]
        moved = {
            (home, plan.target(before.instances[home].process, name)): before_key
            for home, name in was
            if (before_key := _key(before, (home, name)))
        }
        kept = {one for one in now if moved.get(one) == _key(run, one)}
        for timer in [timer for timer in before.armed.values() if timer.owner == execution.id]:
            _renamed(before, run, timer, plan, kept)
        for home, name in now:
            if (home, name) in kept:
                continue
            try:
                plans = run.schedules((name,), home, _variables(run, execution.id, home))
            except FeelError as problem:
                process = run.instances[home].process
                reasons.append(Reason(process, execution.element, "timer_unknown", name, str(problem)))
            else:
                planned.append((execution.id, home, plans))
    if reasons:
        raise DoesNotFit(tuple(reasons))
    for owner, home, plans in planned:
        run.arm(owner, home, plans)
    _show_dues(before, run)


def _renamed(before: Workspace, run: Run, timer: Timer, plan: Plan, kept: set[Watched]) -> None:
    process = before.instances[timer.home].process
    target = plan.target(process, timer.element)
    after = run.program[process].elements.get(target)
    there = after is not None and (timer.home, target) in kept and timer.part < len(after.triggers)
    if after is not None and there and after.triggers[timer.part].timer is not None:
        run.armed[timer.id] = timer._replace(element=target, name=after.name)
    else:
        run.disarm(timer)


def _watched(space: Workspace, execution: Execution) -> Iterator[Watched]:
    """All at which a timer of this execution can be: itself, what its gateway leads to, beside it,
    in it."""
    element = space.element(execution)
    if execution.waits == "join":  # it has not begun
        return
    if execution.phase in ATTENDED:
        for name in space.boundary(execution, element):
            yield execution.home, name
    if execution.phase is not Phase.ACTIVE:
        return
    for name in space.body(execution, element).events:
        yield space.home_inside(execution), name
    if element.tag == "eventBasedGateway":
        for flow in element.outgoing:
            yield execution.home, flow.target
    elif execution.id != ROOT:
        yield execution.home, element.id


def _key(space: Workspace, watched: Watched) -> tuple[str, str] | None:
    home, name = watched
    element = space.program[space.instances[home].process].elements.get(name)
    return element.key if element else None


def _variables(run: Run, execution: str, home: str) -> Data:
    owner = run.executions[execution]
    return run.variables(owner) if home == owner.home else run.variables_inside(owner)


def _show_dues(before: Workspace, run: Run) -> None:
    """A gateway whose timers have changed shows the earliest that it has now."""
    dues: dict[str, datetime] = {}
    for timer in run.armed.values():
        dues[timer.owner] = min(timer.due, dues.get(timer.owner, timer.due))
    touched = {timer.owner for timer in run.armed.values() if timer.id not in before.armed}
    touched |= {timer.owner for timer in before.armed.values() if timer.id not in run.armed}
    for owner in touched:
        execution = run.executions[owner]
        if run.element(execution).tag != "eventBasedGateway":
            continue
        if owner in dues:
            run.show_due(execution, dues[owner])
        else:
            run.executions[owner] = execution._replace(due=None)
