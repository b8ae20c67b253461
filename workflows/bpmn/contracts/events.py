"""What is awaited has to be sent or thrown by somebody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from cases.near import nearest
from workflows.bpmn.checks.found import Found, short
from workflows.bpmn.contracts.landscape import Landscape, Room
from workflows.bpmn.contracts.wording import misnamed
from workflows.bpmn.model import SCOPES, Element, Process

_CATCHING: Final = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"})
_THROWING: Final = frozenset({"intermediateThrowEvent", "endEvent"})


class Thrown(NamedTuple):
    """Codes that may come out of something; ``open``: others, too, since part of it is not
    known."""

    codes: frozenset[str]
    open: bool = False


def awaited(land: Landscape, room: Room, element: Element) -> Iterator[Found]:
    """Messages come from outside, and only those of the catalogue do; signals from a process that
    throws them."""
    for trigger in element.triggers:
        name = trigger.ref or ""
        if element.tag in _CATCHING and trigger.kind == "message" and name not in land.contracts.messages:
            what = f"nobody sends the message {short(name)!r}"
            yield misnamed(element, "unknown_message", what, name, land.contracts.messages)
        if element.tag in _CATCHING and trigger.kind == "signal":
            signals = {*land.contracts.signals, *(thrown for _, _, thrown in land.thrown("signal"))}
            if name not in signals:
                what = f"nothing throws the signal {short(name)!r}"
                yield misnamed(element, "unknown_signal", what, name, signals)
        if element.tag in _THROWING and trigger.kind in ("signal", "escalation", "error"):
            yield from _unheard(land, element, trigger.kind, name)


def caught(land: Landscape, room: Room, element: Element) -> Iterator[Found]:
    """Errors and escalations that are caught under a code have to be thrown inside under that
    code."""
    if element.tag not in ("boundaryEvent", "startEvent"):
        return
    for trigger in element.triggers:
        if trigger.kind not in ("error", "escalation") or trigger.ref is None:
            continue
        inside = _around(land, room.process, element, trigger.kind)
        if trigger.ref in inside.codes:
            continue
        what = f"nothing inside throws the {trigger.kind} {short(trigger.ref)!r}"
        if nearest(trigger.ref, inside.codes):
            yield misnamed(element, "unknown_code", what, trigger.ref, inside.codes)
        elif not inside.open:
            yield misnamed(element, "never_thrown", what, trigger.ref, inside.codes)


def _unheard(land: Landscape, element: Element, kind: str, name: str) -> Iterator[Found]:
    """Thrown under a name that nothing catches, while something catches nearly that name."""
    heard = {
        trigger.ref
        for room in land.rooms.values()
        for other in room.process.elements.values()
        if other.tag in _CATCHING
        for trigger in other.triggers
        if trigger.kind == kind
    }
    if name in heard or (kind != "signal" and None in heard):
        return
    names = {one for one in heard if one is not None}
    if nearest(name, names):
        code = "unknown_signal" if kind == "signal" else "unknown_code"
        yield misnamed(element, code, f"nothing catches the {kind} {short(name)!r}", name, names)


def _around(land: Landscape, process: Process, catcher: Element, kind: str) -> Thrown:
    """What comes out of the activity that it is attached to, or of the scope whose event
    sub-process it begins."""
    if catcher.attached_to:
        return _of(land, process, process.elements[catcher.attached_to], kind, frozenset())
    handler = process.elements.get(catcher.parent)
    if handler is None or not handler.by_event:
        return Thrown(frozenset(), True)
    return _within(land, process, handler.parent, kind, frozenset(), beside=handler.id)


def _within(
    land: Landscape, process: Process, scope: str, kind: str, asked: frozenset[str], *, beside: str = ""
) -> Thrown:
    codes, is_open = frozenset[str](), False
    for element in process.elements.values():
        if element.parent == scope and element.id != beside:
            one = _of(land, process, element, kind, asked)
            codes, is_open = codes | one.codes, is_open or one.open
    return Thrown(codes, is_open)


def _of(land: Landscape, process: Process, element: Element, kind: str, asked: frozenset[str]) -> Thrown:
    if element.tag in _THROWING:
        return Thrown(frozenset(one.ref for one in element.triggers if one.kind == kind and one.ref is not None))
    if element.tag in SCOPES:
        return _within(land, process, element.id, kind, asked)
    if element.tag == "callActivity":
        called = land.rooms.get(element.work.called)
        if called is None:
            return Thrown(frozenset(), True)
        if called.process.id in asked:
            return Thrown(frozenset())
        return _within(land, called.process, "", kind, asked | {called.process.id})
    if element.tag in ("serviceTask", "businessRuleTask") and kind == "error":
        signature = land.contracts.activities.get(element.work.activity)
        return Thrown(frozenset(), True) if signature is None else Thrown(frozenset(signature.throws))
    return Thrown(frozenset())
