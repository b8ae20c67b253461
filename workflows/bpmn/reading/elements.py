"""Reads single flow nodes and sequence flows: attributes and children into fields of the model."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from rules.feel import Expression
from workflows.bpmn.elements import REGISTRY
from workflows.bpmn.model import SCOPES, Element, Flow, Template, Trigger, WorkDefinition
from workflows.bpmn.reading.data import associations, mappings
from workflows.bpmn.reading.desk import Desk, is_feel, unprefixed
from workflows.bpmn.reading.events import EVENT_KINDS, definitions, kind_of, triggers
from workflows.bpmn.reading.loops import loop
from workflows.bpmn.xml import BATON, Node, children, flag, local, own, title, words

KNOWN: Final = frozenset({"activity", "decision", "kind", "role", "due", "why", "about", "result", "input", "output"})
"""What Baton adds to BPMN, in the namespace ``urn:baton:bpmn:1``: attributes, and mappings in
extensionElements."""

PEOPLE: Final = frozenset({"resourceRole", "performer", "humanPerformer", "potentialOwner"})
"""Who does it, in BPMN's words: kept, but ``baton:role`` is what counts."""

DATA: Final = frozenset(
    {
        "property",
        "ioSpecification",
        "dataInputAssociation",
        "dataOutputAssociation",
        "dataInput",
        "dataOutput",
        "inputSet",
        "outputSet",
    }
)
"""Declarations of data, and how they move."""

_CHILDREN: Final = frozenset(
    {
        "documentation",
        "extensionElements",
        "incoming",
        "outgoing",
        "auditing",
        "monitoring",
        "script",
        "rendering",
        "laneSet",
        "textAnnotation",
        "association",
        "group",
        "eventDefinitionRef",
        "activationCondition",
        "standardLoopCharacteristics",
        "multiInstanceLoopCharacteristics",
    }
)

_INSTANTIATING: Final = frozenset({"receiveTask", "eventBasedGateway"})
"""What may begin a process without being a start event (13.2)."""

_ONLY_PLAIN: Final[Mapping[str, str]] = MappingProxyType({"eventGatewayType": "Exclusive", "ordering": "Parallel"})
"""Attributes that ask for more than is there, by the one value that does not."""


class ElementReader:
    """Turns XML nodes into elements and flows that still lack their neighbours; problems go to the
    desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def flow(self, node: Node) -> Flow:
        """A sequence flow with its parsed condition."""
        condition = None
        for child in children(node, "conditionExpression"):
            if words(child):
                condition = self._desk.formal(node, child, words(child), "a condition")
        ends = node.get("sourceRef", ""), node.get("targetRef", "")
        return Flow(node.get("id", ""), title(node), node.sourceline or 0, *ends, condition)

    def element(self, node: Node, parent: str, order: int, *, in_event_scope: bool, tag: str = "") -> Element | None:
        """A flow node, or None if it is refused. ``tag`` says what it is if its own tag does
        not."""
        desk, tag = self._desk, tag or local(node)
        before = len(desk.problems)
        found = definitions(desk, node)
        kind = kind_of(node, found)
        key = ("eventStart" if tag == "startEvent" and in_event_scope else tag, kind)
        if key not in REGISTRY or tag == "process":
            desk.refuse(node, "unsupported", _unsupported(key))
            return None
        self._check_extras(node)
        if len(desk.problems) > before:
            return None
        if not node.get("id", ""):
            desk.refuse(node, "missing_id", f"a {tag} without id; give it one")
            return None
        interrupting = flag(node, "cancelActivity" if tag == "boundaryEvent" else "isInterrupting")
        read = triggers(desk, node, found, key)
        return Element(
            id=node.get("id", ""),
            name=title(node),
            line=node.sourceline or 0,
            key=key,
            order=order,
            parent=parent,
            default=node.get("default", ""),
            triggers=read or self._message(node, tag),
            interrupting=self._handler_interrupts(node) if _by_event(node) else interrupting,
            attached_to=unprefixed(node.get("attachedToRef", "")) if tag == "boundaryEvent" else "",
            by_event=_by_event(node),
            loop=loop(desk, node),
            for_compensation=flag(node, "isForCompensation", False),
            instantiate=tag in _INSTANTIATING and flag(node, "instantiate", False),
            start_quantity=desk.quantity(node, "startQuantity"),
            completion_quantity=desk.quantity(node, "completionQuantity"),
            work=self._work(node, tag),
            inputs=(*mappings(desk, node, "input"), *associations(desk, node, "dataInputAssociation")),
            outputs=tuple(mappings(desk, node, "output")),
            copies=tuple(associations(desk, node, "dataOutputAssociation")),
        )

    def _check_extras(self, node: Node) -> None:
        """What asks for more than its kind can do is refused by name; what is only kept is
        noted."""
        for child in children(node):
            tag = local(child)
            if local(node) in SCOPES:
                continue  # its content is read as a scope
            if tag in PEOPLE:
                self._desk.note(node, "data_ignored", f"{tag} is kept but not read; use baton:role")
            elif tag not in _CHILDREN and tag not in EVENT_KINDS and tag not in DATA:
                self._desk.refuse(node, "unsupported", f"{tag} in a {local(node)} is not supported; remove it")
        for attribute, plain in _ONLY_PLAIN.items():
            if node.get(attribute, plain) != plain:
                asked = f'{attribute}="{node.get(attribute, "")}"'
                self._desk.refuse(node, "unsupported", f"{asked} is not supported; remove it")
        self._note_unknown(node)

    def _handler_interrupts(self, node: Node) -> bool:
        return all(flag(child, "isInterrupting") for child in children(node, "startEvent"))

    def _note_unknown(self, node: Node) -> None:
        names = own(node)
        for extension in children(node, "extensionElements"):
            names += [str(child.tag).removeprefix(BATON) for child in extension if str(child.tag).startswith(BATON)]
        self._desk.note_unknown(node, names, KNOWN)

    def _message(self, node: Node, tag: str) -> tuple[Trigger, ...]:
        if tag not in ("sendTask", "receiveTask"):
            return ()
        return (Trigger("message", self._desk.referred(node, node, "messageRef", self._desk.catalogue.messages, True)),)

    # -- what Baton adds --------------------------------------------------------------------------

    def _work(self, node: Node, tag: str) -> WorkDefinition:
        told = {name: self._optional(node, name) for name in ("kind", "role", "due", "why", "about")}
        activity = node.get(f"{BATON}activity", "decide" if tag == "businessRuleTask" else "")
        called = unprefixed(node.get("calledElement", "")) if tag == "callActivity" else ""
        script = self._script(node) if tag == "scriptTask" else None
        activation = self._activation(node) if tag == "complexGateway" else None
        decision, result = node.get(f"{BATON}decision", ""), node.get(f"{BATON}result", "")
        return WorkDefinition(
            activity, decision, **told, script=script, activation=activation, result=result, called=called
        )

    def _optional(self, node: Node, attribute: str) -> Template | None:
        text = node.get(f"{BATON}{attribute}", "").strip()
        return self._desk.template(node, text) if text else None

    def _script(self, node: Node) -> Expression | None:
        text = next((words(child) for child in children(node, "script")), "")
        if not is_feel(node.get("scriptFormat", "none")):
            self._desk.refuse(node, "language", 'scripts are written in S-FEEL; set scriptFormat="feel"')
        elif not text:
            self._desk.refuse(node, "missing_script", "the script task has no script; write one or use a plain task")
        else:
            return self._desk.parse(node, text)
        return None

    def _activation(self, node: Node) -> Expression | None:
        for child in children(node, "activationCondition"):
            if words(child):
                return self._desk.formal(node, child, words(child), "an activation condition")
        return None


def _unsupported(key: tuple[str, str]) -> str:
    tag, kind = key
    if key == ("eventStart", ""):
        return "an event sub-process starts with an event such as a message or timer; give its start event one"
    known = sorted({other[1] or "none" for other in REGISTRY if other[0] == tag})
    where = {"eventStart": "start event of an event sub-process"}.get(tag, tag)
    if known and kind:
        return f"a {kind} {where} is not supported; supported here: {', '.join(known)}"
    if known:
        return f"a {where} needs an event definition; supported here: {', '.join(known)}"
    return f"{tag} is not supported; draw it with supported elements (see docs)"


def _by_event(node: Node) -> bool:
    return local(node) in SCOPES and flag(node, "triggeredByEvent", False)
