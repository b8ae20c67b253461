"""Variables: what is read is set by somebody, and what it is compared with is something that it can
be."""

from __future__ import annotations

from collections.abc import Iterator

from cases.near import nearest
from workflows.bpmn.checks.found import Found, short
from workflows.bpmn.contracts import wants
from workflows.bpmn.contracts.landscape import Landscape, Room
from workflows.bpmn.contracts.uses import Use
from workflows.bpmn.contracts.values import comparisons, written
from workflows.bpmn.contracts.wording import misnamed
from workflows.bpmn.model import Element


def read(land: Landscape, room: Room, element: Element) -> Iterator[Found]:
    """What is read is set: by something in the process, or by whoever begins or calls it."""
    said: set[tuple[str, int | None]] = set()
    for use in room.uses[element]:
        names = sorted(use.names)
        for one in _of_called(land, element, use, names) if use.called else _of_own(land, room, element, use, names):
            if (one.message, one.line) not in said:
                said.add((one.message, one.line))
                yield one


def _of_own(land: Landscape, room: Room, element: Element, use: Use, names: list[str]) -> Iterator[Found]:
    result = land.result(room, element)
    if room.open or (use.after and result.open):
        return
    there = {*room.variables, *use.beside, *(result.values if use.after else ())}
    if room.process.id not in land.contracts.begins:
        there |= _handed_through(land, element)
    for name in names:
        if name in there:
            continue
        what = f"{use.where} reads {short(name)!r}, which nothing sets"
        if room.process.id in land.contracts.begins or (nearest(name, there) and not room.alone):
            yield misnamed(element, "unknown_variable", what, name, there - use.beside, line=use.line)
        elif nearest(name, there):
            yield misnamed(element, "outer_variable", what, name, there, line=use.line)
        elif not room.alone:
            message = f"{use.where} reads {short(name)!r}, which no known call gives; map it there, or correct the name"
            yield Found(element, "outer_variable", message[:200], use.line)


def _handed_through(land: Landscape, element: Element) -> set[str]:
    """Inputs that an activity can do without, by their own names: whoever calls the process may
    give them."""
    if element.tag != "serviceTask":
        return set()
    given = {one.name for one in element.inputs}
    return {one.name for one in wants.takes(land.contracts, element) or () if not one.required and one.name in given}


def _of_called(land: Landscape, element: Element, use: Use, names: list[str]) -> Iterator[Found]:
    called = land.rooms.get(element.work.called)
    if called is None or called.open:
        return
    there = {one.name for one in element.inputs} | called.inside
    for name in names:
        if name not in there:
            what = f"{use.where} reads {short(name)!r}, which the process {short(called.process.id)!r} does not set"
            yield misnamed(element, "unknown_output", what, name, there)


def compared(land: Landscape, room: Room, element: Element) -> Iterator[Found]:
    """A text that a variable can never be leads a token nowhere."""
    result = land.result(room, element)
    said: set[tuple[str, str, int | None]] = set()
    for use in room.uses[element]:
        called = land.rooms.get(element.work.called)
        if use.called and called is None:
            continue
        seen = called if use.called and called is not None else room
        for name, text in comparisons(use.expression.node):
            if not text or name in use.beside or (name, text, use.line) in said:
                continue
            brought = use.after and not use.called and name in result.values
            if not brought and name not in seen.variables:
                continue
            texts = result.values[name] if brought else seen.look(name)
            if texts and text not in texts:
                said.add((name, text, use.line))
                what = f"{use.where} compares {short(name)!r} with {short(text)!r}, which it never is"
                yield misnamed(element, "unknown_value", what, text, texts, line=use.line)


def unread(land: Landscape, room: Room, element: Element) -> Iterator[Found]:
    """Set in vain, while nearly that name is read: one of the two is a slip of the pen."""
    names = [one.name for one in (*element.outputs, *element.copies)]
    names += [name for name in (element.work.result, element.loop.collected if element.loop else "") if name]
    if not names:
        return
    reads = land.read_of(room)
    for name in names:
        if name not in reads and nearest(name, reads):
            yield misnamed(element, "unread_variable", f"nothing reads {short(name)!r}, which is set here", name, reads)


def unasked(land: Landscape, room: Room, element: Element) -> Iterator[Found]:
    """A text is set that nothing compares with, while nearly that text is asked for under the same
    name."""
    for one in element.outputs:
        asked = land.asked.get(one.name, ())
        for text in written(one.value):
            if asked and text not in asked and nearest(text, asked):
                what = f"nothing asks whether {short(one.name)!r} is {short(text)!r}"
                yield misnamed(element, "unread_value", what, text, asked)
