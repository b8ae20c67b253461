"""Diagrams from elsewhere: what Baton would run of them, what it keeps, what it refuses; and writes
back unchanged.

A file is kept as the tree that it is, so nothing that other tools have put into it is lost: the
picture, extensions, documentation, data, lanes, comments. Only the report looks at it with Baton's
eyes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from workflows.bpmn.model import Problem, Process, Severity
from workflows.bpmn.reading import examined
from workflows.bpmn.xml import Node, canonical, children, flag, local, parse, serialised, title

_NOT_EXECUTABLE: Final = "the process says isExecutable=false: it is kept as a picture until that is changed"
_DECLARED: Final = frozenset({"message", "signal", "error", "escalation"})


class Fate(StrEnum):
    """What becomes of an element."""

    EXECUTABLE = "executable"  # runs as drawn
    KEPT = "kept"  # changes nothing about how anything runs, and is not lost
    REFUSED = "refused"  # keeps the file from being deployed


@dataclass(frozen=True, slots=True)
class Finding:
    """What becomes of one element; ``why`` says what is wrong with it, or what to know."""

    element: str
    tag: str
    name: str
    line: int
    verdict: Fate
    why: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A BPMN file as a tree."""

    root: Node

    def write(self) -> bytes:
        """The file as XML in UTF-8."""
        return serialised(self.root)

    def canonical(self) -> bytes:
        """The file in canonical form (C14N with comments): two files that say the same are the same
        bytes."""
        return canonical(self.root)


def load(xml: bytes) -> Document:
    """A BPMN file with all that is in it.

    Raises:
        ModelRefused: it is no XML, no BPMN 2.0, too large, or declares a document type.
    """
    return Document(parse(xml, whole=True))


def report(xml: bytes) -> tuple[Finding, ...]:
    """What becomes of each element of a file, in document order.

    Processes that are not marked executable are looked at as if they were: so one sees what it
    would take to run them.

    Raises:
        ModelRefused: it is no BPMN file at all.
    """
    root = parse(xml)
    told: dict[str, Problem] = {}
    runs: set[str] = set()
    for one in examined(root, sleeping=True):
        for problem in (*one.errors, *one.notes):
            told.setdefault(problem.element, problem)
        runs |= _taking_part(one.process)
    asleep = {node.get("id", "") for node in children(root, "process") if not flag(node, "isExecutable")}
    return tuple(_finding(node, told, runs, asleep) for node in _elements(root))


def _taking_part(process: Process) -> set[str]:
    flows = {flow.id for element in process.elements.values() for flow in element.outgoing}
    return {process.id, *process.elements, *flows}


def _elements(root: Node) -> Iterator[Node]:
    return (node for node in root.iter("*") if local(node) and node.get("id", ""))


def _finding(node: Node, told: dict[str, Problem], runs: set[str], asleep: set[str]) -> Finding:
    name, tag = node.get("id", ""), local(node)
    problem = told.get(name)
    if problem is not None and problem.severity is Severity.ERROR:
        verdict, why = Fate.REFUSED, problem.message
    elif name in asleep:
        verdict, why = Fate.KEPT, _NOT_EXECUTABLE
    elif name in runs or tag in _DECLARED or tag.endswith(("EventDefinition", "LoopCharacteristics")):
        verdict, why = Fate.EXECUTABLE, problem.message if problem else ""
    else:
        verdict, why = Fate.KEPT, problem.message if problem else ""
    return Finding(name, tag, title(node), node.sourceline or 0, verdict, why)
