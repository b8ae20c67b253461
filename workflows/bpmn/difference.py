"""What differs between two versions of a process, element by element, in the words of BPMN.

Elements and flows are the same if their ids are: a renamed id is one removed and one added. How the
picture is drawn says nothing. Properties are read from the model itself, so none can be forgotten:
what has no BPMN term in the table below is called by the model's own name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum, StrEnum
from typing import Any, Final, cast

from rules.feel import Expression
from workflows.bpmn.model import Assignment, Element, Process, Template, Trigger

FLOW: Final = "sequenceFlow"


class DiagramChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Property:
    """One property that differs; "" is: not there."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class DiagramChange:
    """An element or flow (``tag`` is its BPMN tag) that came, went or is another now.

    ``line`` is that of the new file; of the old one for what was removed. ``properties`` are those
    that differ.
    """

    kind: DiagramChangeKind
    tag: str
    id: str
    name: str
    line: int
    properties: tuple[Property, ...] = ()


def difference(old: Process, new: Process) -> tuple[DiagramChange, ...]:
    """All that changed from ``old`` to ``new``: the process itself, then in the new file's order,
    then what went."""
    before, after = _parts(old), _parts(new)
    changes: list[DiagramChange] = []
    for key, part in after.items():
        if key not in before:
            changes.append(_change(DiagramChangeKind.ADDED, part))
        elif properties := tuple(_differing(before[key].properties, part.properties)):
            changes.append(_change(DiagramChangeKind.CHANGED, part, properties))
    gone = (part for key, part in before.items() if key not in after)
    return (*changes, *(_change(DiagramChangeKind.REMOVED, part) for part in gone))


@dataclass(frozen=True, slots=True)
class _Part:
    """The process, an element or a flow, with its properties by their BPMN terms."""

    tag: str
    id: str
    name: str
    line: int
    properties: Mapping[str, str]


def _change(kind: DiagramChangeKind, part: _Part, properties: tuple[Property, ...] = ()) -> DiagramChange:
    return DiagramChange(kind, part.tag, part.id, part.name, part.line, properties)


def _differing(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Property]:
    for name in dict.fromkeys((*new, *old)):
        before, after = old.get(name, ""), new.get(name, "")
        if before != after:
            yield Property(name, before, after)


def _parts(process: Process) -> dict[tuple[str, str], _Part]:
    """Everything that can change, in document order; elements and flows have ids of their own."""
    own = _own(process, _OF_PROCESS) | _own(process.root, _OF_ELEMENT)
    head = _Part("process", process.id, process.name, process.line, own)
    parts: list[_Part] = []
    for element in process.elements.values():
        properties = {"tag": element.tag} | _own(element, _OF_ELEMENT) | _precedence(element)
        parts.append(_Part(element.tag, element.id, element.name, element.line, properties))
        for flow in element.outgoing:
            parts.append(_Part(FLOW, flow.id, flow.name, flow.line, _own(flow, _OF_FLOW)))
    parts.sort(key=lambda part: part.line)
    return {("process", ""): head} | {("flow" if part.tag == FLOW else "element", part.id): part for part in parts}


def _precedence(element: Element) -> dict[str, str]:
    """Where conditions are tried one after the other, their order counts."""
    tried = [flow.id for flow in element.outgoing if flow.condition is not None]
    return {"order of conditions": ", ".join(tried)} if element.tag == "exclusiveGateway" and len(tried) > 1 else {}


# -- properties ----------------------------------------------------------------------------------

_OF_PROCESS: Final = frozenset({"id", "line", "elements", "root", "calls", "messages", "patient"})
_OF_ELEMENT: Final = frozenset(
    [
        "id",
        "line",
        "key",
        "order",
        "incoming",
        "outgoing",
        "boundary",
        "conditional",
        "listens",
        "watches",
        "compensable",
        "arrivals",
        "body",
    ]
)
_OF_FLOW: Final = frozenset({"id", "line"})
"""What is worked out from the rest, or only says where something stands."""

TERMS: Final[Mapping[str, str]] = {
    "parent": "subProcess",
    "attached_to": "attachedToRef",
    "by_event": "triggeredByEvent",
    "interrupting": "cancelActivity/isInterrupting",
    "handler": "compensation handler",
    "for_compensation": "isForCompensation",
    "start_quantity": "startQuantity",
    "completion_quantity": "completionQuantity",
    "condition": "conditionExpression",
    "source": "sourceRef",
    "target": "targetRef",
    "inputs": "baton:input",
    "outputs": "baton:output",
    "work.activity": "baton:activity",
    "work.decision": "baton:decision",
    "work.kind": "baton:kind",
    "work.role": "baton:role",
    "work.why": "baton:why",
    "work.due": "baton:due",
    "work.about": "baton:about",
    "work.result": "baton:result",
    "work.script": "script",
    "work.called": "calledElement",
    "loop.kind": "loopCharacteristics",
    "loop.condition": "loopCondition/completionCondition",
    "loop.test_before": "testBefore",
    "loop.maximum": "loopMaximum",
    "loop.sequential": "isSequential",
    "loop.cardinality": "loopCardinality",
    "loop.collection": "loopDataInputRef",
    "loop.item": "inputDataItem",
    "loop.collected": "loopDataOutputRef",
    "loop.yields": "outputDataItem",
}
"""The model's names and BPMN's."""


def _own(thing: object, derived: frozenset[str]) -> dict[str, str]:
    """The properties of a process, element or flow, flat."""
    found: dict[str, str] = {}
    for name in _names(thing):
        if name not in derived:
            found.update(_flat(name, getattr(thing, name)))
    return found


def _names(thing: object) -> list[str]:
    return [field.name for field in fields(cast(Any, thing))]


def _flat(path: str, value: object) -> Iterator[tuple[str, str]]:
    """A value as texts, each under its term; nothing for what says nothing."""
    term = TERMS.get(path, path)
    match value:
        case None | "" | ():
            return
        case bool():
            if value or "." not in path:
                yield term, str(value).lower()
        case Template() | Expression():
            yield term, value.text
        case Assignment():
            yield f"{term} {value.name}", value.value.text
        case Trigger():
            yield from _event(value, path.removeprefix("triggers"))
        case Enum():
            yield term, str(value.value)
        case tuple():
            for number, inner in enumerate(cast("tuple[object, ...]", value)):
                again = number > 0 and not isinstance(inner, Assignment)
                yield from _flat(f"{path} {number + 1}" if again else path, inner)
        case Mapping():
            for key, inner in cast("Mapping[object, object]", value).items():
                yield from _flat(f"{path}.{key}", inner)
        case _ if is_dataclass(value):
            for name in _names(value):
                yield from _flat(f"{path}.{name}", getattr(value, name))
        case _:
            yield term, str(value)


def _event(trigger: Trigger, number: str) -> Iterator[tuple[str, str]]:
    """An event definition: what is waited for or thrown."""
    term = f"{trigger.kind}EventDefinition{number}"
    if trigger.timer is not None:
        yield f"{term} {trigger.timer.value}", trigger.when.text if trigger.when else ""
        return
    said = [text for name in _names(trigger) if name != "kind" for _, text in _flat(name, getattr(trigger, name))]
    yield term, ", ".join(said) or "any"
