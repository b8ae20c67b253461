"""What is handed on: to activities and decisions, to called processes, to people, with a
message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from cases.near import nearest
from cases.signatures import Field
from rules.feel import to_json
from rules.feel.syntax import Literal
from workflows.bpmn.checks.found import Found, short
from workflows.bpmn.contracts import wants
from workflows.bpmn.contracts.landscape import Landscape, Room
from workflows.bpmn.contracts.values import of_template, written
from workflows.bpmn.contracts.wording import misnamed
from workflows.bpmn.model import Element, Template

_SENDING = "send_message"
"""The activity that a sent message becomes; of what is sent it reads what it takes."""


_OF_TASK: Final[Mapping[str, tuple[str, str]]] = {
    "kind": ("unknown_kind", "there is no kind of task"),
    "role": ("unknown_role", "there is no role"),
}


def of_activity(land: Landscape, room: Room, element: Element) -> Iterator[Found]:
    """An activity, or a decision, gets what it takes, all that it needs, and nothing that it does
    not understand."""
    if element.tag not in ("serviceTask", "businessRuleTask"):
        return
    takes = wants.takes(land.contracts, element)
    if takes is None:
        return
    whose = f"activity {short(element.work.activity)!r}"
    if element.work.decision in land.contracts.decisions and element.work.activity == "decide":
        whose = f"decision {short(element.work.decision)!r}"
    known = {one.name: one for one in takes}
    for name in _given(element) - known.keys():
        yield misnamed(element, "unknown_input", f"the {whose} takes no {short(name)!r}", name, known)
    yield from _missing(element, whose, takes)
    yield from _values(room, element, known)


def of_call(land: Landscape, room: Room, element: Element) -> Iterator[Found]:
    """A called process gets what it reads."""
    called = land.rooms.get(element.work.called)
    if element.tag != "callActivity" or called is None:
        return
    whose = f"process {short(called.process.id)!r}"
    given = _given(element)
    back = frozenset[str]().union(*(_names(one.value) for one in element.outputs))
    known = {name: wants.wanted(land, called, name) for name in given}
    reads = called.reads
    for name in sorted(name for name, one in known.items() if one is None and name not in back):
        if nearest(name, reads):
            yield misnamed(element, "unknown_input", f"the {whose} reads no {short(name)!r}", name, reads)
        else:
            message = f"the {whose} reads no {short(name)!r}; remove the input, or correct its name"
            yield Found(element, "inputs_ignored", message)
    required = sorted(wants.required(land, called))
    yield from _missing(element, whose, (Field(name, required=True) for name in required))
    yield from _values(room, element, {name: one for name, one in known.items() if one is not None})


def of_task(land: Landscape, room: Room, element: Element) -> Iterator[Found]:
    """A task has a kind and a role that there are."""
    if element.tag != "userTask":
        return
    for template, one in wants.handed(land.contracts, element):
        yield from _value(room, element, template, one, *_OF_TASK[one.name])


def of_message(land: Landscape, room: Room, element: Element) -> Iterator[Found]:
    """What is sent goes to a role that there is. Whatever else a message brings along, nobody
    reads."""
    signature = land.contracts.activities.get(_SENDING)
    sends = element.tag == "sendTask" or (
        element.tag in ("intermediateThrowEvent", "endEvent") and element.key[1] == "message"
    )
    if signature is None or not sends:
        return
    known = {one.name: one for one in signature.takes}
    for name in _given(element) - known.keys():
        if nearest(name, known):
            yield misnamed(element, "unknown_input", f"a message takes no {short(name)!r}", name, known)
    yield from _values(room, element, known)


def _given(element: Element) -> set[str]:
    return {one.name for one in element.inputs}


def _missing(element: Element, whose: str, takes: Iterable[Field]) -> Iterator[Found]:
    """What is needed and not given; unless it is there under nearly that name, which is said
    already."""
    given = _given(element)
    for one in takes:
        if one.required and one.name not in given and not nearest(one.name, given):
            message = f"the {whose} needs the input {short(one.name)!r}; add a baton:input of that name"
            yield Found(element, "missing_input", message)


def _values(room: Room, element: Element, known: dict[str, Field]) -> Iterator[Found]:
    for assignment in element.inputs:
        one = known.get(assignment.name)
        if one is not None:
            what = f"the input {short(one.name)!r} cannot be"
            yield from _value(room, element, assignment.value, one, "input_value", what)


def _value(room: Room, element: Element, template: Template, one: Field, code: str, what: str) -> Iterator[Found]:
    """What is written down has to be understood; of what is computed, something at least."""
    node = None if template.expression is None else template.expression.node
    if one.codes:
        wrong = [text for text in written(template) if one.refuses(text)]
        for text in wrong:
            yield misnamed(element, code, f"{what} {short(text)!r}", text, one.codes)
        texts = of_template(template, room.look)
        if not wrong and texts and texts.isdisjoint(one.codes):
            yield misnamed(element, code, f"{what} {short(min(texts))!r}", min(texts), one.codes)
            return
        if wrong:
            return
    if node is None or isinstance(node, Literal):
        value = template.text if node is None else to_json(node.value)
        if why := one.refuses(value):
            yield Found(element, code, f"{what} {short(template.text)!r}; it has to be {why}"[:200])


def _names(template: Template) -> frozenset[str]:
    return frozenset() if template.expression is None else template.expression.names
