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
    a.in x = =n + 1                      input mapping; .out, .result, .due, .kind, .role likewise
    === other                            another process; the first is called p

An id that begins with start or end needs no type. The first mention of an id gives its type.
"""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from workflows.bpmn import Definitions, Program, closure, read

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
}
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
EXTRA = re.compile(r"(?P<id>\w+)\.(?P<what>in|out|result|due|kind|role)\s+(?P<rest>.+)")


class _Builder:
    def __init__(self) -> None:
        self.declared: dict[str, str] = {}
        self.nodes: dict[str, tuple[str, str, str, str]] = {}  # id → tag, attributes, children, container
        self.flows: list[tuple[str, str]] = []  # container, xml
        self.attributes: dict[str, list[str]] = {}
        self.mappings: dict[str, list[str]] = {}
        self.containers: dict[str, str] = {}

    def event(self, text: str) -> str:
        kind, _, ref = text.partition(" ")
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
        elif kind in EVENTS:
            tag, inside = EVENTS[kind], self.event(arg) if arg else ""
            if found["soft"]:
                attributes += ' isInterrupting="false"'
        elif kind in ("sub", "on"):
            tag = "subProcess"
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
            case _:
                return "", ""

    def line(self, text: str, container: str) -> None:
        if extra := EXTRA.fullmatch(text):
            name, what, rest = extra["id"], extra["what"], extra["rest"]
            if what in ("in", "out"):
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
                own = self.content(name) if tag == "subProcess" else ""
                parts.append(f"<{tag} {attributes} {' '.join(given)}>{extension}{inside}{own}</{tag}>")
        parts.extend(xml for where, xml in self.flows if where == container)
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


def _timer(text: str) -> tuple[str, str]:
    kind, _, value = text.partition(" ")
    if kind in ("date", "duration", "cycle") and value:
        return f"time{kind.title()}", value
    return {"R": "timeCycle", "P": "timeDuration", "=": "timeDuration"}.get(text[:1], "timeDate"), text
