"""A walk by dice instead of by hypothesis: every kind and variant of block, played through in
bulk."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from tests.workflows.bpmn.simulation import moves
from tests.workflows.bpmn.simulation.blocks import COMPOSITES, EVENTS, TASKS, VARIANTS, Block
from tests.workflows.bpmn.simulation.subject import Subject
from tests.workflows.bpmn.simulation.writer import Drawn, Names
from workflows.bpmn import (
    ActivityDone,
    ActivityFailed,
    ErrorThrown,
    Event,
    MessageArrived,
    SignalArrived,
    TaskDone,
    TimerFired,
    TokenMoved,
    VariablesCorrected,
)


def block(dice: Random, depth: int) -> Block:
    """Any block, nested at most so deep."""
    if depth == 0 or dice.random() < 0.2:
        return dice.choice(TASKS + EVENTS)
    return composite(dice, dice.choice(COMPOSITES), dice.randrange(VARIANTS), depth)


def composite(dice: Random, kind: str, variant: int, depth: int) -> Block:
    """A block of this kind with anything inside."""
    return (kind, variant, [block(dice, depth - 1) for _ in range(dice.randint(1, 3))])


def begun(drawn: Drawn, n: int) -> Subject:
    """An instance of a diagram that has just begun."""
    known = {"blocks": drawn.blocks, "undoes": drawn.undoes, "cures": drawn.names.cures}
    try:
        return Subject(drawn.text, {"n": n}, **known, **drawn.begin)
    except Exception as problem:
        problem.add_note(f"It failed as it began, with n = {n}:\n{drawn.text}\n")
        raise


def wander(drawn: Drawn, dice: Random, length: int, *, disturbing: bool = False) -> Subject:
    """Plays a diagram for so many steps, whatever happens, and then to its end.

    Raises:
        AssertionError: something that must always hold did not; the note is a test to paste.
    """
    subject = begun(drawn, dice.randrange(3))
    try:
        for _ in range(length):
            if not subject.state.ended:
                subject.tell(_anything(subject, drawn.names, dice, disturbing))
        assert moves.finish(subject) or subject.disturbed, "it does not come to its end"
    except Exception as problem:
        problem.add_note(subject.paste)
        raise
    return subject


def _anything(subject: Subject, names: Names, dice: Random, disturbing: bool) -> Event:
    data: dict[str, Any] = {"n": dice.randrange(3)}
    said, heard = dice.choice([*names.messages, "nobody knows"]), dice.choice([*names.signals, "nobody knows"])
    listened_to = moves.listened_to(subject)
    someone = dice.choice([*subject.state.executions])
    fact = {dice.choice([*names.conditions, "k"]): dice.choice([True, True, False, None])}
    events: list[Event] = [MessageArrived(said, data), SignalArrived(heard, data), VariablesCorrected(someone, fact)]
    for event in moves.at_work(subject):
        match event:
            case TaskDone():
                events += [TaskDone(event.execution, data)] * 2
            case ActivityDone():
                code = dice.choice([*names.errors, *names.errors, "nobody knows"])
                events += [ActivityDone(event.execution, data)] * 2
                events += [ErrorThrown(event.execution, code, data), ActivityFailed(event.execution, "it broke")]
            case _:
                events.append(event)
    events += moves.next_timer(subject) * 2
    if disturbing:
        elements = [name for process in subject.program.values() for name in process.elements]
        events.append(TokenMoved(someone, dice.choice(elements)))
    chosen = dice.choice(listened_to if listened_to and dice.random() < 0.4 else events)
    if isinstance(chosen, TimerFired) and dice.random() < 0.3:
        subject.pass_time(timedelta(hours=3))
    if subject.ledger.gone and dice.random() < 0.1:
        return dice.choice(subject.ledger.gone)
    return chosen
