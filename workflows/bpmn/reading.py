"""Reads single flow nodes, flows and event definitions: attributes and children into fields of the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from rules.feel import Expression, FeelError, parse
from workflows.bpmn.elements import REGISTRY
from workflows.bpmn.model import Assignment, Element, Flow, Problem, Severity, Template, TimerKind, Trigger, Work
from workflows.bpmn.timing import schedule
from workflows.bpmn.xml import BATON, Node, children, flag, local, words

EVENT_KINDS: Final[Mapping[str, str]] = {
    f"{kind}EventDefinition": kind
    for kind in [
        "timer",
        "message",
        "error",
        "escalation",
        "terminate",
        "signal",
        "conditional",
        "compensate",
        "cancel",
        "link",
    ]
}
"""Event definitions by tag; those that the registry does not know are refused with their element."""

_CHILDREN: Final = frozenset(
    [
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
    ]
)
IGNORED_DATA: Final = frozenset(
    [
        "property",
        "dataInput",
        "dataOutput",
        "inputSet",
        "outputSet",
        "dataInputAssociation",
        "dataOutputAssociation",
        "resourceRole",
        "performer",
        "humanPerformer",
        "potentialOwner",
    ]
)
"""Declarations of data and people: Baton's own attributes say both, so these are only drawn."""

KNOWN: Final = frozenset({"activity", "decision", "kind", "role", "due", "result", "input", "output"})
"""What Baton adds to BPMN, in the namespace ``urn:baton:bpmn:1``: attributes, and mappings in extensionElements."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What events refer to: names of messages, codes of errors and escalations, shared event definitions, by id."""

    messages: Mapping[str, str]
    errors: Mapping[str, str]
    escalations: Mapping[str, str]
    events: Mapping[str, Node]
    global_tasks: frozenset[str]


class ElementReader:
    """Turns XML nodes into elements and flows that still lack their neighbours; problems go to the given lists."""

    def __init__(self, catalogue: Catalogue, problems: list[Problem], notes: list[Problem]) -> None:
        self._catalogue = catalogue
        self._problems = problems
        self._notes = notes

    # -- flows -------------------------------------------------------------------------------------------------------

    def flow(self, node: Node) -> Flow:
        """A sequence flow with its parsed condition."""
        condition = None
        for child in children(node, "conditionExpression"):
            text = words(child)
            if not self._is_feel(child.get("language", "")):
                self._refuse(node, "language", "conditions are written in S-FEEL; remove the language attribute")
            elif text:
                condition = self._parse(node, text.removeprefix("="))
        ends = node.get("sourceRef", ""), node.get("targetRef", "")
        return Flow(node.get("id", ""), node.get("name", ""), node.sourceline or 0, *ends, condition)

    # -- elements ----------------------------------------------------------------------------------------------------

    def element(self, node: Node, parent: str, order: int, *, in_event_scope: bool) -> Element | None:
        """A flow node, or None if it is refused."""
        tag = local(node)
        definitions = [*self._definitions(node)]
        if len(definitions) > 1:
            self._refuse(node, "multiple_events", "several event definitions in one event; use one event for each")
            return None
        kind = EVENT_KINDS[local(definitions[0])] if definitions else ""
        key = ("eventStart" if tag == "startEvent" and in_event_scope else tag, kind)
        if key not in REGISTRY or tag == "process":
            self._refuse(node, "unsupported", _unsupported(key))
            return None
        if not self._plain(node):
            return None
        self._note_unknown(node)
        if not node.get("id", ""):
            self._refuse(node, "missing_id", f"a {tag} without id; give it one")
        trigger = self._trigger(node, definitions[0], throws=_throws(tag)) if definitions else self._message(node, tag)
        interrupting = flag(node, "cancelActivity" if tag == "boundaryEvent" else "isInterrupting")
        if kind == "error" and not interrupting:
            self._refuse(node, "error_interrupts", "an error always interrupts; make the event interrupting")
        default = node.get("default", "")
        return Element(
            id=node.get("id", ""),
            name=node.get("name", ""),
            line=node.sourceline or 0,
            key=key,
            order=order,
            parent=parent,
            default=default,
            trigger=trigger,
            interrupting=self._handler_interrupts(node) if _by_event(node) else interrupting,
            attached_to=node.get("attachedToRef", "") if tag == "boundaryEvent" else "",
            by_event=_by_event(node),
            work=self._work(node, tag),
            inputs=tuple(self._assignments(node, "input")),
            outputs=tuple(self._assignments(node, "output")),
        )

    def _plain(self, node: Node) -> bool:
        """Whether the node asks for nothing beyond what its kind can do; each extra is refused by name."""
        before = len(self._problems)
        for child in children(node):
            tag = local(child)
            if tag.endswith("LoopCharacteristics"):
                self._refuse(node, "unsupported", "loops and multiple instances are not supported; draw the loop")
            elif local(node) == "subProcess":
                continue  # its content is read as a scope
            elif any(local(part) in ("assignment", "transformation") for part in children(child)):
                self._refuse(
                    node, "unsupported", f"a {tag} that moves data is not supported; use baton:input and output"
                )
            elif tag in IGNORED_DATA:
                message = f"{tag} is not read by the engine; use baton: attributes, inputs and outputs"
                self._note(node, "data_ignored", message)
            elif tag not in _CHILDREN and tag not in EVENT_KINDS:
                self._refuse(node, "unsupported", f"{tag} in a {local(node)} is not supported; remove it")
        for attribute, plain in (
            ("isForCompensation", "false"),
            ("instantiate", "false"),
            ("startQuantity", "1"),
            ("completionQuantity", "1"),
            ("eventGatewayType", "Exclusive"),
        ):
            if node.get(attribute, plain) != plain:
                asked = f'{attribute}="{node.get(attribute, "")}"'
                self._refuse(node, "unsupported", f"{asked} is not supported; remove it")
        return len(self._problems) == before

    def _handler_interrupts(self, node: Node) -> bool:
        return all(flag(child, "isInterrupting") for child in children(node, "startEvent"))

    def _note_unknown(self, node: Node) -> None:
        """A misspelt attribute or mapping would be left out in silence."""
        names = [name.removeprefix(BATON) for name in node.keys() if name.startswith(BATON)]  # noqa: SIM118
        for extension in children(node, "extensionElements"):
            names += [str(child.tag).removeprefix(BATON) for child in extension if str(child.tag).startswith(BATON)]
        for name in sorted({*names} - KNOWN):
            self._note(node, "unknown_attribute", f"baton:{name} means nothing here; correct the name or remove it")

    # -- events ------------------------------------------------------------------------------------------------------

    def _definitions(self, node: Node) -> Iterator[Node]:
        for child in children(node):
            if local(child) in EVENT_KINDS:
                yield child
            elif local(child) == "eventDefinitionRef":
                referred = self._catalogue.events.get(_unprefixed(words(child)))
                if referred is None:
                    self._refuse(node, "broken_reference", f"there is no event definition {child.text!r}")
                else:
                    yield referred

    def _trigger(self, node: Node, definition: Node, *, throws: bool) -> Trigger:
        kind = EVENT_KINDS[local(definition)]
        match kind:
            case "timer":
                return self._timer(node, definition)
            case "message":
                return Trigger(kind, self._referred(node, definition, "messageRef", self._catalogue.messages, True))
            case "error":
                return Trigger(kind, self._referred(node, definition, "errorRef", self._catalogue.errors, throws))
            case "escalation":
                codes = self._catalogue.escalations
                return Trigger(kind, self._referred(node, definition, "escalationRef", codes, throws))
            case _:
                return Trigger(kind)

    def _message(self, node: Node, tag: str) -> Trigger | None:
        if tag not in ("sendTask", "receiveTask"):
            return None
        return Trigger("message", self._referred(node, node, "messageRef", self._catalogue.messages, True))

    def _referred(self, node: Node, holder: Node, attribute: str, known: Mapping[str, str], needed: bool) -> str | None:
        reference = holder.get(attribute, "")
        if not reference:
            if needed:
                self._refuse(node, "missing_reference", f"{attribute} is missing; say which one is meant")
            return None
        found = known.get(_unprefixed(reference))
        if found is None:
            self._refuse(node, "broken_reference", f"{attribute} {reference!r} is declared nowhere in the file")
        return found

    def _timer(self, node: Node, definition: Node) -> Trigger:
        for child in children(definition):
            text = words(child)
            if local(child) in list(TimerKind) and text:
                kind, when = TimerKind(local(child)), self._template(node, text)
                if when.expression is None and not text.startswith("="):
                    try:
                        schedule(kind, text, datetime(2020, 1, 1, tzinfo=UTC))
                    except FeelError as problem:
                        self._refuse(node, "timer_value", f"{text!r}: {problem.reason}")
                return Trigger("timer", timer=kind, when=when)
        self._refuse(node, "missing_timer", "the timer says no timeDate, timeDuration or timeCycle; give one")
        return Trigger("timer")

    # -- what Baton adds ---------------------------------------------------------------------------------------------

    def _work(self, node: Node, tag: str) -> Work:
        kind, role, due = (self._optional(node, name) for name in ("kind", "role", "due"))
        activity = node.get(f"{BATON}activity", "decide" if tag == "businessRuleTask" else "")
        called = _unprefixed(node.get("calledElement", "")) if tag == "callActivity" else ""
        if called in self._catalogue.global_tasks:
            self._refuse(node, "unsupported", "calling a global task is not supported; call a process")
        script = self._script(node) if tag == "scriptTask" else None
        decision, result = node.get(f"{BATON}decision", ""), node.get(f"{BATON}result", "")
        return Work(activity, decision, kind, role, due, script, result, called)

    def _script(self, node: Node) -> Expression | None:
        text = next((words(child) for child in children(node, "script")), "")
        if not self._is_feel(node.get("scriptFormat", "none")):
            self._refuse(node, "language", 'scripts are written in S-FEEL; set scriptFormat="feel"')
        elif not text:
            self._refuse(node, "missing_script", "the script task has no script; write one or use a plain task")
        else:
            return self._parse(node, text.removeprefix("="))
        return None

    def _assignments(self, node: Node, tag: str) -> Iterator[Assignment]:
        for extension in children(node, "extensionElements"):
            for child in extension.iter(f"{BATON}{tag}"):
                name = child.get("name", "")
                if not name:
                    self._refuse(node, "missing_name", f"a baton:{tag} without name; say which variable it fills")
                yield Assignment(name, self._template(node, words(child)))

    def _optional(self, node: Node, attribute: str) -> Template | None:
        text = node.get(f"{BATON}{attribute}", "").strip()
        return self._template(node, text) if text else None

    def _template(self, node: Node, text: str) -> Template:
        return Template(text, self._parse(node, text[1:]) if text.startswith("=") else None)

    def _parse(self, node: Node, text: str) -> Expression | None:
        try:
            return parse(text.strip())
        except FeelError as problem:
            self._refuse(node, "expression", f"an expression cannot be read: {problem}")
            return None

    @staticmethod
    def _is_feel(language: str) -> bool:
        return not language or "feel" in language.lower()

    def _refuse(self, node: Node, code: str, message: str) -> None:
        self._problems.append(problem_at(node, code, message))

    def _note(self, node: Node, code: str, message: str) -> None:
        self._notes.append(problem_at(node, code, message, Severity.WARNING))


def problem_at(node: Node, code: str, message: str, severity: Severity = Severity.ERROR) -> Problem:
    """A problem of this element."""
    return Problem(node.get("id", ""), node.get("name", ""), node.sourceline or 0, code, message, severity)


def _unsupported(key: tuple[str, str]) -> str:
    tag, kind = key
    if key == ("eventStart", ""):
        return "an event sub-process starts with a timer, message, error or escalation; give its start event one"
    known = sorted({other[1] or "none" for other in REGISTRY if other[0] == tag})
    where = {"eventStart": "start event of an event sub-process"}.get(tag, tag)
    if known and kind:
        return f"a {kind} {where} is not supported; supported here: {', '.join(known)}"
    if known:
        return f"a {where} needs an event definition; supported here: {', '.join(known)}"
    return f"{tag} is not supported; draw it with supported elements (see docs)"


def _throws(tag: str) -> bool:
    return tag in ("endEvent", "intermediateThrowEvent")


def _by_event(node: Node) -> bool:
    return local(node) == "subProcess" and flag(node, "triggeredByEvent", False)


def _unprefixed(name: str) -> str:
    return name.rpartition(":")[2]
