"""Reads event definitions: what an event waits for, or throws (BPMN 2.0.2, 10.5.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final, TypeAlias

from rules.feel import FeelError
from workflows.bpmn.model import TimerKind, Trigger
from workflows.bpmn.reading.desk import Desk, unprefixed
from workflows.bpmn.timing import schedule
from workflows.bpmn.xml import Node, children, flag, local, words

_LISTENED_TO: Final = frozenset({"message", "timer", "signal", "conditional"})
_TOGETHER: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "endEvent": frozenset({"message", "signal", "escalation"}),
        "intermediateThrowEvent": frozenset({"message", "signal", "escalation"}),
        "boundaryEvent": _LISTENED_TO | {"error", "escalation"},
        "eventStart": _LISTENED_TO | {"error", "escalation"},
    }
)
"""Kinds that may stand together in one event of which any has to occur, by the first half of its
key."""
_THROWING: Final = frozenset({"endEvent", "intermediateThrowEvent"})

Reader: TypeAlias = Callable[[Desk, Node, Node, bool], Trigger]


def definitions(desk: Desk, node: Node) -> list[Node]:
    """The event definitions of an event, its own and those that it refers to, in document order."""
    return [*_definitions(desk, node)]


def kind_of(node: Node, found: list[Node]) -> str:
    """The second half of an element's key: the kind of its one definition, or how several belong
    together."""
    if len(found) < 2:
        return EVENT_KINDS[local(found[0])] if found else ""
    return "parallelMultiple" if flag(node, "parallelMultiple", False) else "multiple"


def triggers(desk: Desk, node: Node, found: list[Node], key: tuple[str, str]) -> tuple[Trigger, ...]:
    """What the definitions say; ``key`` is the element's in the registry."""
    where, how = key
    throws = where in _THROWING
    kinds = [EVENT_KINDS[local(definition)] for definition in found]
    if len(found) > 1:
        allowed = _LISTENED_TO if how == "parallelMultiple" else _TOGETHER.get(where, _LISTENED_TO)
        for kind in sorted({*kinds} - allowed):
            desk.refuse(node, "multiple_events", f"a {kind} event cannot be one of several; draw it by itself")
    interrupting = flag(node, "cancelActivity" if where == "boundaryEvent" else "isInterrupting")
    if "error" in kinds and not interrupting:
        desk.refuse(node, "error_interrupts", "an error always interrupts; make the event interrupting")
    read = tuple(_READERS[kind](desk, node, definition, throws) for kind, definition in zip(kinds, found, strict=True))
    if where == "intermediateCatchEvent" and any(trigger.timer is TimerKind.CYCLE for trigger in read):
        message = (
            "a token waits here for one instant and a timeCycle has many; give timeDuration or timeDate, or repeat it"
            " by a boundary event that does not interrupt"
        )
        desk.refuse(node, "timer_cycle", message)
    return read


def _definitions(desk: Desk, node: Node) -> Iterator[Node]:
    for child in children(node):
        if local(child) in EVENT_KINDS:
            yield child
        elif local(child) == "eventDefinitionRef":
            referred = desk.catalogue.events.get(unprefixed(words(child)))
            if referred is None:
                desk.refuse(node, "broken_reference", f"there is no event definition {child.text!r}")
            else:
                yield referred


def _message(desk: Desk, node: Node, definition: Node, throws: bool) -> Trigger:
    return Trigger("message", desk.referred(node, definition, "messageRef", desk.catalogue.messages, True))


def _signal(desk: Desk, node: Node, definition: Node, throws: bool) -> Trigger:
    return Trigger("signal", desk.referred(node, definition, "signalRef", desk.catalogue.signals, True))


def _error(desk: Desk, node: Node, definition: Node, throws: bool) -> Trigger:
    return Trigger("error", _code(desk, node, definition, "errorRef", desk.catalogue.errors, throws))


def _escalation(desk: Desk, node: Node, definition: Node, throws: bool) -> Trigger:
    return Trigger("escalation", _code(desk, node, definition, "escalationRef", desk.catalogue.escalations, throws))


def _code(
    desk: Desk, node: Node, definition: Node, attribute: str, known: Mapping[str, str], throws: bool
) -> str | None:
    """The code that is thrown or caught. Whoever catches one without a code, or none at all,
    catches all (10.5.6)."""
    code = desk.referred(node, definition, attribute, known, throws)
    every = not throws and unprefixed(definition.get(attribute, "")) in desk.catalogue.codeless
    return None if every else code


def _conditional(desk: Desk, node: Node, definition: Node, throws: bool) -> Trigger:
    for child in children(definition, "condition"):
        if words(child):
            return Trigger("conditional", condition=desk.formal(node, child, words(child), "a condition"))
    desk.refuse(node, "missing_condition", "the event has no condition; say what has to become true")
    return Trigger("conditional")


def _compensate(desk: Desk, node: Node, definition: Node, throws: bool) -> Trigger:
    if throws and not flag(definition, "waitForCompletion"):
        message = 'compensation is always waited for; set waitForCompletion="true"'
        desk.refuse(node, "unsupported", message)
    return Trigger("compensate", unprefixed(definition.get("activityRef", "")) or None)


def _link(desk: Desk, node: Node, definition: Node, throws: bool) -> Trigger:
    name = definition.get("name", "")
    if not name:
        desk.refuse(node, "missing_name", "the link has no name; give both its ends the same")
    return Trigger("link", name)


def _timer(desk: Desk, node: Node, definition: Node, throws: bool) -> Trigger:
    for child in children(definition):
        text = words(child)
        if local(child) in list(TimerKind) and text:
            kind, when = TimerKind(local(child)), desk.template(node, text)
            if when.expression is None and not text.startswith("="):
                try:
                    schedule(kind, text, datetime(2020, 1, 1, tzinfo=UTC))
                except FeelError as problem:
                    desk.refuse(node, "timer_value", f"{text!r}: {problem.reason}")
            return Trigger("timer", timer=kind, when=when)
    desk.refuse(node, "missing_timer", "the timer says no timeDate, timeDuration or timeCycle; give one")
    return Trigger("timer")


def _plain(kind: str) -> Reader:
    return lambda desk, node, definition, throws: Trigger(kind)


_READERS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        "message": _message,
        "timer": _timer,
        "signal": _signal,
        "conditional": _conditional,
        "error": _error,
        "escalation": _escalation,
        "compensate": _compensate,
        "link": _link,
        "cancel": _plain("cancel"),
        "terminate": _plain("terminate"),
    }
)

EVENT_KINDS: Final[Mapping[str, str]] = MappingProxyType({f"{kind}EventDefinition": kind for kind in _READERS})
"""Event definitions by tag; where one may stand is a matter of the registry."""
