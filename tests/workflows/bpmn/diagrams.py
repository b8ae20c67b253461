"""Diagrams as text, so that the smallest diagram can stand next to its assertion.

::

    start -> a:user -> x:xor -[n > 1]-> big:service(ship) -> end
    x -[else]-> end2
    a!late:timer PT1H -> end3            interrupting boundary event of a; with + instead of ! not interrupting
    s:sub {                              embedded sub-process, content on the lines up to }
        start2 -> b:user -> end4
    }
    h:on {                               event sub-process
        go:start+(message hello) -> end5     + = not interrupting
    }
    t:tx {                               transaction
    a ~> u:service(undo)                 u compensates a
    a.in x = =n + 1                      input mapping; .out, .result, .due, .kind, .role likewise
    a.loop n < 3                         standard loop (before n < 3: tested before), .max 5: at most
    a.each x in xs                       multi-instance, side by side; sequential x in xs: one by one; .times 3
    a.until done                         completion condition; .collect ys = x * 2: what the rounds yield
    a.set startQuantity="2"              any attribute
    c:catch(any message m, signal s)     several definitions; all: they all have to occur
    === other                            another process; the first is called p

An id that begins with start or end needs no type. The first mention of an id gives its type.
"""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

import pytest

from workflows.bpmn import Definitions, ModelRefused, Problem, Program, closure, read

TASKS = {
    "task": "task",
    "manual": "manualTask",
    "user": "userTask",
    "service": "serviceTask",
    "rule": "businessRuleTask",
    "script": "scriptTask",
    "send": "sendTask",
    "receive": "receiveTask",
    "call": "callActivity",
    "xor": "exclusiveGateway",
    "and": "parallelGateway",
    "race": "eventBasedGateway",
    "or": "inclusiveGateway",
    "complex": "complexGateway",
}
SCOPES = {"sub": "subProcess", "on": "subProcess", "tx": "transaction"}
EVENTS = {
    "start": "startEvent",
    "end": "endEvent",
    "catch": "intermediateCatchEvent",
    "throw": "intermediateThrowEvent",
}
NODE = re.compile(
    r"(?P<id>\w+)(?:(?P<bound>[!+])(?P<own>\w+))?(?::(?P<type>\w+)(?P<soft>\+?)(?:\((?P<arg>.*)\)|\s+(?P<bare>.+))?)?"
)
ARROW = re.compile(r"\s+-(?:\[(.*?)\]-)?>\s+")
EXTRA = re.compile(
    r"(?P<id>\w+)\.(?P<what>in|out|result|due|kind|role|loop|max|each|times|until|collect|set)\s+(?P<rest>.+)"
)
UNDO = re.compile(r"(?P<id>\w+) ~> (?P<handler>.+)")


class _Builder:
    def __init__(self) -> None:
        self.declared: dict[str, str] = {}
        self.nodes: dict[str, tuple[str, str, str, str]] = {}  # id → tag, attributes, children, container
        self.flows: list[tuple[str, str]] = []  # container, xml
        self.attributes: dict[str, list[str]] = {}
        self.mappings: dict[str, list[str]] = {}
        self.loops: dict[str, dict[str, str]] = {}
        self.associations: list[tuple[str, str]] = []  # container, xml

    def event(self, text: str) -> str:
        kind, _, ref = text.partition(" ")
        if kind in ("any", "all"):
            return "".join(self.event(part) for part in ref.split(", "))
        if kind == "conditional" and ref:
            condition = f"<condition>{escape(ref)}</condition>"
            return f"<conditionalEventDefinition>{condition}</conditionalEventDefinition>"
        if kind == "link":
            return f'<linkEventDefinition name="{ref}"/>'
        if kind == "compensate":
            activity = f' activityRef="{ref}"' if ref else ""
            return f"<compensateEventDefinition{activity}/>"
        if kind == "timer":
            tag, value = _timer(ref.strip())
            return f"<timerEventDefinition><{tag}>{escape(value)}</{tag}></timerEventDefinition>"
        if not ref:
            return f"<{kind}EventDefinition/>"
        return f'<{kind}EventDefinition {kind}Ref="{self.declare(kind, ref)}"/>'

    def declare(self, kind: str, ref: str) -> str:
        attribute = "name" if kind in ("message", "signal") else f"{kind}Code"
        self.declared[f"{kind}_{ref}"] = f'<{kind} id="{kind}_{ref}" {attribute}="{ref}"/>'
        return f"{kind}_{ref}"

    def node(self, text: str, container: str) -> str:
        found = NODE.fullmatch(text.strip())
        assert found, f"cannot read {text!r}"
        name = found["own"] or found["id"]
        kind = found["type"] or next((word for word in ("start", "end") if name.startswith(word)), None)
        if name in self.nodes or kind is None:
            assert name in self.nodes, f"{name} has no type"
            return name
        arg = (found["arg"] if found["arg"] is not None else found["bare"]) or ""
        attributes, inside = f'id="{name}" name="{name}!"', ""
        if found["own"]:
            tag, inside = "boundaryEvent", self.event(f"{kind} {arg}".strip())
            attributes += f' attachedToRef="{found["id"]}" cancelActivity="{str(found["bound"] == "!").lower()}"'
            attributes += ' parallelMultiple="true"' if kind == "all" else ""
        elif kind in EVENTS:
            tag, inside = EVENTS[kind], self.event(arg) if arg else ""
            attributes += ' parallelMultiple="true"' if arg.startswith("all ") else ""
            if found["soft"]:
                attributes += ' isInterrupting="false"'
        elif kind in SCOPES:
            tag = SCOPES[kind]
            attributes += ' triggeredByEvent="true"' if kind == "on" else ""
        else:
            tag = TASKS[kind]
            more, inside = self.task(kind, arg)
            attributes += more
        self.nodes[name] = (tag, attributes, inside, container)
        return name

    def task(self, kind: str, arg: str) -> tuple[str, str]:
        match kind:
            case "service":
                return f' baton:activity="{arg or "work"}"', ""
            case "rule":
                return f' baton:decision="{arg or "grade"}"', ""
            case "script":
                return ' scriptFormat="feel"', f"<script>{escape(arg)}</script>"
            case "send" | "receive":
                return f' messageRef="{self.declare("message", arg)}"', ""
            case "call":
                return f' calledElement="{arg}"', ""
            case "complex" if arg:
                return "", f"<activationCondition>{escape(arg)}</activationCondition>"
            case _:
                return "", ""

    def undo(self, activity: str, handler: str, container: str) -> None:
        event, name = self.node(f"{activity}!undo_{activity}:compensate", container), self.node(handler, container)
        self.attributes.setdefault(name, []).append('isForCompensation="true"')
        link = f'<association id="{event}_by" sourceRef="{event}" targetRef="{name}"/>'
        self.associations.append((container, link))

    def loop(self, name: str) -> str:
        said = self.loops.get(name)
        if said is None:
            return ""
        if "loop" in said or "max" in said:
            before, _, condition = said.get("loop", "").rpartition("before ")
            attributes = ' testBefore="true"' if before or "before " in said.get("loop", "") else ""
            attributes += f' loopMaximum="{said["max"]}"' if "max" in said else ""
            inside = f"<loopCondition>{escape(condition)}</loopCondition>" if condition else ""
            return f"<standardLoopCharacteristics{attributes}>{inside}</standardLoopCharacteristics>"
        head, _, collection = said.get("each", "").partition(" in ")
        attributes = ' isSequential="true"' if "sequential" in head or "sequential" in said.get("times", "") else ""
        if collection:
            attributes += f" baton:collection={quoteattr(collection)} baton:item={quoteattr(head.split()[-1])}"
        if "collect" in said:
            collected, _, yields = said["collect"].partition(" = ")
            attributes += f" baton:collected={quoteattr(collected)} baton:yields={quoteattr(yields)}"
        inside = ""
        if "times" in said:
            inside = f"<loopCardinality>{escape(said['times'].removeprefix('sequential '))}</loopCardinality>"
        if "until" in said:
            inside += f"<completionCondition>{escape(said['until'])}</completionCondition>"
        return f"<multiInstanceLoopCharacteristics{attributes}>{inside}</multiInstanceLoopCharacteristics>"

    def line(self, text: str, container: str) -> None:
        if undo := UNDO.fullmatch(text):
            self.undo(undo["id"], undo["handler"], container)
            return
        if extra := EXTRA.fullmatch(text):
            name, what, rest = extra["id"], extra["what"], extra["rest"]
            if what in ("loop", "max", "each", "times", "until", "collect"):
                self.loops.setdefault(name, {})[what] = rest
            elif what == "set":
                self.attributes.setdefault(name, []).append(rest)
            elif what in ("in", "out"):
                variable, _, value = (part.strip() for part in rest.partition(" = "))
                tag = {"in": "input", "out": "output"}[what]
                mapping = f"<baton:{tag} name={quoteattr(variable)}>{escape(value)}</baton:{tag}>"
                self.mappings.setdefault(name, []).append(mapping)
            else:
                self.attributes.setdefault(name, []).append(f"baton:{what}={quoteattr(rest)}")
            return
        parts = ARROW.split(text)
        source = self.node(parts[0], container)
        for condition, target_text in zip(parts[1::2], parts[2::2], strict=True):
            target = self.node(target_text, container)
            flow = f"f{len(self.flows)}_{source}_{target}"
            inside = ""
            if condition == "else":
                self.attributes.setdefault(source, []).append(f'default="{flow}"')
            elif condition:
                inside = f"<conditionExpression>{escape(condition)}</conditionExpression>"
            ends = f'sourceRef="{source}" targetRef="{target}"'
            self.flows.append((container, f'<sequenceFlow id="{flow}" {ends}>{inside}</sequenceFlow>'))
            source = target

    def content(self, container: str) -> str:
        parts: list[str] = []
        for name, (tag, attributes, inside, where) in self.nodes.items():
            if where == container:
                given = self.attributes.get(name, [])
                if tag == "userTask":
                    given = [*given, *(f'baton:{a}="{a}"' for a in ("kind", "role") if f"baton:{a}=" not in str(given))]
                mappings = "".join(self.mappings.get(name, []))
                extension = f"<extensionElements>{mappings}</extensionElements>" if mappings else ""
                own = self.content(name) if tag in SCOPES.values() else ""
                within = f"{extension}{inside}{self.loop(name)}{own}"
                parts.append(f"<{tag} {attributes} {' '.join(given)}>{within}</{tag}>")
        parts.extend(xml for where, xml in (*self.flows, *self.associations) if where == container)
        return "\n".join(parts)


def bpmn(text: str, *, name: str = "p") -> bytes:
    """The BPMN file that the text stands for."""
    builder = _Builder()
    processes, stack = [f"process {name}"], [f"process {name}"]
    for raw in text.strip().splitlines():
        line = re.sub(r"\s+#.*", "", raw).strip()
        if line.startswith("==="):
            processes.append(f"process {line.strip('= ')}")
            stack = [processes[-1]]
        elif line == "}":
            stack.pop()
        elif line.endswith("{"):
            stack.append(builder.node(line[:-1], stack[-1]))
        elif line:
            builder.line(line, stack[-1])
    bodies = "\n".join(
        f'<process id="{process.removeprefix("process ")}" name="N" isExecutable="true">'
        f"{builder.content(process)}</process>"
        for process in processes
    )
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:baton="urn:baton:bpmn:1" id="d"'
        f' targetNamespace="urn:baton:processes">{"".join(builder.declared.values())}\n{bodies}</definitions>'
    ).encode()


def definitions(text: str) -> Definitions:
    """The text, read."""
    return read(bpmn(text))


def program(text: str) -> Program:
    """The text as a program that begins with process p."""
    return closure(definitions(text).processes, "p")


def refused(xml: bytes) -> tuple[Problem, ...]:
    """The problems for which a file is refused."""
    with pytest.raises(ModelRefused) as refusal:
        read(xml)
    return refusal.value.problems


def _timer(text: str) -> tuple[str, str]:
    kind, _, value = text.partition(" ")
    if kind in ("date", "duration", "cycle") and value:
        return f"time{kind.title()}", value
    return {"R": "timeCycle", "P": "timeDuration", "=": "timeDuration"}.get(text[:1], "timeDate"), text
