"""Reads BPMN 2.0 XML into the frozen model. What cannot be run exactly as drawn is refused, with
every problem named.

The only door to lxml (``workflows.bpmn.xml``): a workflow never comes through here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from types import MappingProxyType

from workflows.bpmn.model import Definitions, ModelRefused, Problem, Process, Severity
from workflows.bpmn.reading.data import variables
from workflows.bpmn.reading.desk import Catalogue, Desk, problem_at
from workflows.bpmn.reading.elements import KNOWN
from workflows.bpmn.reading.events import EVENT_KINDS
from workflows.bpmn.reading.loops import KNOWN_OF_LOOPS
from workflows.bpmn.reading.processes import ProcessReader
from workflows.bpmn.validate import structure
from workflows.bpmn.xml import Node, children, flag, local, parse

__all__ = ["EVENT_KINDS", "KNOWN", "KNOWN_OF_LOOPS", "examined", "read"]


def read(xml: bytes) -> Definitions:
    """The definitions of a BPMN file; once read, they can be run.

    Raises:
        ModelRefused: it is no BPMN 2.0, or something in it cannot be run; all problems, with
        element, line and cure.
    """
    root = parse(xml)
    looked_at = examined(root)
    problems = [problem for one in looked_at for problem in one.errors]
    if not looked_at:
        message = "the file has no executable process; set isExecutable"
        problems = [problem_at(root, "no_process", message)]
    processes: dict[str, Process] = {}
    for one in looked_at:
        if one.process.id in processes:
            message = f"there are two processes {one.process.id}; rename one"
            problems.append(Problem(one.process.id, one.process.name, one.process.line, "duplicate_id", message))
        processes[one.process.id] = one.process
    if problems:
        raise ModelRefused(tuple(problems))
    notes = tuple(note for one in looked_at for note in one.notes)
    return Definitions(root.get("id", ""), MappingProxyType(processes), notes)


@dataclass(frozen=True, slots=True)
class Examined:
    """One process as it was read: if there are errors, it is only good for looking at."""

    process: Process
    errors: tuple[Problem, ...]
    notes: tuple[Problem, ...]


def examined(root: Node, *, sleeping: bool = False) -> list[Examined]:
    """The processes of a file that are executable, or (``sleeping``) all; and the global tasks that
    they call."""
    known = catalogue(root)
    found = [_one(node, known) for node in children(root, "process") if sleeping or flag(node, "isExecutable")]
    called = {key for one in found for key in one.process.calls}
    tasks = [node for key, node in known.global_tasks.items() if key in called]
    return found + [_one(node, known, _GLOBAL[local(node)]) for node in tasks]


def _one(node: Node, known: Catalogue, task: str = "") -> Examined:
    """One process, with all that is wrong with it; of a global task, the process of one task that
    it stands for."""
    desk = Desk(known)
    reader = ProcessReader(node, desk)
    process = reader.read_task(task) if task else reader.read()
    errors = desk.problems
    if not errors:
        errors = [problem for problem in structure(process) if problem.severity is Severity.ERROR]
    if task:
        errors = [replace(problem, element=process.id) for problem in errors]
    return Examined(process, tuple(errors), tuple(desk.notes))


def catalogue(root: Node) -> Catalogue:
    """What the file declares beside its processes."""

    # What has no id cannot be referred to: under "" it would be found by every empty reference.
    declared = {node.get("id", ""): node for node in children(root) if node.get("id", "")}

    def named(tag: str, attribute: str) -> dict[str, str]:
        return {key: node.get(attribute, "") or key for key, node in declared.items() if local(node) == tag}

    def nodes(tags: Collection[str]) -> dict[str, Node]:
        return {key: node for key, node in declared.items() if local(node) in tags}

    codes = {"error": "errorCode", "escalation": "escalationCode"}
    return Catalogue(
        messages=named("message", "name"),
        signals=named("signal", "name"),
        errors=named("error", "errorCode"),
        escalations=named("escalation", "escalationCode"),
        codeless=frozenset(
            key for tag, code in codes.items() for key, node in nodes({tag}).items() if not node.get(code, "")
        ),
        events=nodes(EVENT_KINDS),
        global_tasks=nodes(_GLOBAL),
        data=variables(root),
    )


_GLOBAL = {
    "globalTask": "task",
    "globalManualTask": "manualTask",
    "globalUserTask": "userTask",
    "globalScriptTask": "scriptTask",
    "globalBusinessRuleTask": "businessRuleTask",
}
"""Tasks that stand beside the processes to be called by them, and what they are inside (10.3.7)."""
