"""Who catches: errors and escalations outwards, a message once, a signal everywhere, a condition as
it becomes true.

Errors and escalations (BPMN 2.0.2, 10.5.6): from the thrower outwards, at each level the event
sub-processes of the scope, then the boundary events around it; a matching code before a catch-all,
then document order. An event sub-process never catches what was thrown inside itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from rules.feel import FeelError, FeelTooMuch
from workflows.bpmn.lifecycle import ATTENDED, TOO_MUCH, Phase, Stuck
from workflows.bpmn.model import Data, Element, Listening
from workflows.bpmn.protocol import RaiseIncident

if TYPE_CHECKING:
    from workflows.bpmn.run import Run
    from workflows.bpmn.state import Execution


class Hearing(NamedTuple):
    """An execution that listens now: what would catch, and which of its triggers."""

    rank: tuple[int, int, int]  # innermost scope first, then document order, then age
    owner: Execution
    catcher: Element
    part: int


# -- thrown outwards -----------------------------------------------------------------------------


def throw(run: Run, thrower: Execution, kind: str, code: str, data: Data) -> bool:
    """Throws an error or escalation at an execution; False if nobody catches it, and then nothing
    has happened."""
    current, inside = thrower, ""
    while True:
        around = run.element(current)
        elements = run.program[run.instances[current.home].process].elements
        caught = _matching((elements[name] for name in run.boundary(current, around)), kind, code)
        if caught is not None:
            run.trigger(current, caught, data)
            return True
        if not current.scope:
            return False
        inside = current.element
        current = run.executions[current.scope]
        if current.phase is Phase.ACTIVE:
            caught = _matching((e for e in _event_starts(run, current) if e.parent != inside), kind, code)
            if caught is not None:
                run.trigger(current, caught, data)
                return True


def _event_starts(run: Run, scope: Execution) -> list[Element]:
    elements = run.program[run.instances[run.home_inside(scope)].process].elements
    return [elements[name] for name in run.body(scope, run.element(scope)).events]


def _matching(elements: Iterable[Element], kind: str, code: str) -> Element | None:
    fallback: Element | None = None
    for element in elements:
        for trigger in element.triggers:
            if trigger.kind == kind and trigger.ref == code:
                return element
            if trigger.kind == kind and trigger.ref is None and fallback is None:
                fallback = element
    return fallback


# -- listened to ---------------------------------------------------------------------------------


def subscriber(run: Run, message: str) -> Hearing | None:
    """The one that gets a message: innermost scope first, then document order, then age."""
    return min(_hearings(run, "message", message), key=lambda one: one.rank, default=None)


def broadcast(run: Run, signal: str, data: Data) -> None:
    """A signal: all that listen to it now get it, unless an earlier one has ended them."""
    for _, owner, catcher, part in sorted(_hearings(run, "signal", signal), key=lambda one: one.rank):
        current = run.executions.get(owner.id)
        if current is not None and _hears(current, catcher):
            run.trigger(current, catcher, data, part)


def weigh_conditions(run: Run, homes: Iterable[str], *, only: str = "") -> None:
    """Conditions that have become true trigger (10.5.5); one that was true before does so no more.

    Asked when variables of ``homes`` have changed, and, for one execution ``only``, when it begins
    to listen.
    """
    for _, owner, catcher, part in sorted(_hearings(run, "conditional", ""), key=lambda one: one.rank):
        current = run.executions.get(owner.id)
        if current is None or (only and owner.id != only) or not _hears(current, catcher):
            continue
        if current.home not in homes and run.home_inside(current) not in homes:
            continue
        name, note = f"{catcher.id}/{part}", run.notes.get(owner.id, {})
        before, now = name in note.get("true", ()), _is_true(run, current, catcher, part)
        if now != before:
            names = [other for other in note.get("true", ()) if other != name]
            run.notes[owner.id] = {**run.notes.get(owner.id, {}), "true": [*names, name] if now else names}
            if now:
                run.trigger(current, catcher, {}, part)


def _is_true(run: Run, owner: Execution, catcher: Element, part: int) -> bool:
    condition = catcher.triggers[part].condition
    assert condition is not None
    beside = catcher.attached_to or owner.element == catcher.id or catcher.key[0] != "eventStart"
    variables = run.variables(owner) if beside else run.variables_inside(owner)
    try:
        return run.true(condition, variables, "condition")
    except FeelTooMuch as problem:
        _tell(run, owner, catcher, problem)
        return False
    except (FeelError, Stuck):
        return False  # what cannot be said to be true has not become true


def _tell(run: Run, owner: Execution, catcher: Element, problem: FeelTooMuch) -> None:
    """A condition that nobody can weigh would be waited for in silence; it is told once while its
    owner waits."""
    note = run.notes.get(owner.id, {})
    told = note.get("told", ())
    if catcher.id not in told:
        run.notes[owner.id] = {**note, "told": [*told, catcher.id]}
        run.commands.append(RaiseIncident(owner.id, catcher.id, TOO_MUCH, str(problem)))


def _hearings(run: Run, kind: str, name: str) -> Iterator[Hearing]:
    for execution in run.executions.values():
        element = run.element(execution)
        if element.listens:
            yield from _of(run, execution, execution.scope, execution.home, element.listens, kind, name)
        body = run.body(execution, element)
        if body.listens:
            yield from _of(run, execution, execution.id, run.home_inside(execution), body.listens, kind, name)


def _of(
    run: Run, owner: Execution, scope: str, home: str, listens: tuple[Listening, ...], kind: str, name: str
) -> Iterator[Hearing]:
    elements = run.program[run.instances[home].process].elements
    for listening in listens:
        if listening.kind == kind and listening.name == name:
            catcher = elements[listening.catcher]
            if _hears(owner, catcher) and not _elsewhere(run, owner, catcher) and not _heard(run, owner, listening):
                yield Hearing((-_depth(run, scope), catcher.order, int(owner.id)), owner, catcher, listening.part)


def _hears(owner: Execution, catcher: Element) -> bool:
    """Whether it is in a state to catch: what stands at its boundary can do so longer than what
    waits in it."""
    if owner.waits == "join":
        return False  # it waits for more tokens and has not begun
    return owner.phase is Phase.ACTIVE or (bool(catcher.attached_to) and owner.phase in ATTENDED)


def _elsewhere(run: Run, owner: Execution, catcher: Element) -> bool:
    """In a loop the rounds wait, and the boundary is around them all."""
    element = run.element(owner)
    return element.loop is not None and run.is_round(owner, element) == bool(catcher.attached_to)


def together(run: Run, owner: Execution, element: Element, part: int, data: Data) -> Data | None:
    """What all of a parallel multiple event's parts have brought; None, and a note, until the last
    has occurred."""
    note = run.notes.get(owner.id, {})
    heard: dict[str, dict[str, Data]] = {**note.get("heard", {})}
    parts = {**heard.pop(element.id, {}), str(part): data}
    complete = len(parts) == len(element.triggers)
    if not complete:
        heard[element.id] = parts
    run.notes[owner.id] = {**note, "heard": heard}
    return {name: value for brought in parts.values() for name, value in brought.items()} if complete else None


def _heard(run: Run, owner: Execution, listening: Listening) -> bool:
    """A part of a parallel multiple event that has occurred already does not take the next one."""
    return str(listening.part) in run.notes.get(owner.id, {}).get("heard", {}).get(listening.catcher, {})


def _depth(run: Run, scope: str) -> int:
    depth = 0
    while scope:
        depth += 1
        scope = run.executions[scope].scope
    return depth
