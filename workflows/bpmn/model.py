"""What a diagram says, frozen: definitions, processes, elements, flows, and what is wrong with them.

Everything the interpreter needs at run time is worked out once, when a diagram is read: parsed expressions, document
order, who listens to which message. A process is shared by all its instances, so nothing here is ever changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeAlias

from rules.feel import Expression

Program: TypeAlias = "Mapping[str, Process]"
"""The closure of a process and all it calls, by process id: what an instance runs on."""

Data: TypeAlias = dict[str, Any]
"""JSON values by name."""


class Severity(StrEnum):
    ERROR = "error"  # cannot be run as drawn
    WARNING = "warning"  # runs, but probably not as meant


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a diagram: ``message`` says what, and how to mend it; ``line`` counts from 1."""

    element: str
    name: str
    line: int
    code: str
    message: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        called = f' "{self.name}"' if self.name else ""
        return f"line {self.line}: {self.element}{called}: {self.message} [{self.code}]"


class ModelRefused(ValueError):
    """The diagram cannot be run; ``problems`` says why, element by element."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True, slots=True)
class Template:
    """An attribute or text that may be computed: a literal, or (text starting with ``=``) an S-FEEL expression."""

    text: str
    expression: Expression | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """``<baton:input>`` or ``<baton:output>``: a name and what it is given."""

    name: str
    value: Template


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow, as its source sees it."""

    id: str
    name: str
    line: int
    source: str
    target: str
    condition: Expression | None = None


class TimerKind(StrEnum):
    DATE = "timeDate"
    DURATION = "timeDuration"
    CYCLE = "timeCycle"


@dataclass(frozen=True, slots=True)
class Trigger:
    """An event definition. ``ref`` is the message's name or the code of an error or escalation; None catches all."""

    kind: str  # timer | message | error | escalation | terminate
    ref: str | None = None
    timer: TimerKind | None = None
    when: Template | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """What a task or call does, from the ``baton:`` attributes; each element uses the few that concern it."""

    activity: str = ""
    decision: str = ""
    kind: Template | None = None
    role: Template | None = None
    due: Template | None = None
    script: Expression | None = None
    result: str = ""
    called: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """What a scope (process or sub-process) begins with and listens to while it is open."""

    starts: tuple[str, ...] = ()  # none start events, document order
    events: tuple[str, ...] = ()  # start events of its event sub-processes, document order
    listens: tuple[tuple[str, str], ...] = ()  # (message, start event of an event sub-process)


@dataclass(frozen=True, slots=True, eq=False)
class Element:
    """A flow node. ``key`` = (BPMN tag, kind of its event definition or "") picks its behaviour in the registry."""

    id: str
    name: str
    line: int
    key: tuple[str, str]
    order: int  # document order within the process
    parent: str  # id of the enclosing sub-process, "" on the process's own level
    incoming: tuple[Flow, ...] = ()
    outgoing: tuple[Flow, ...] = ()
    default: str = ""
    conditional: bool = False  # the choice among its outgoing flows needs a look at the variables
    trigger: Trigger | None = None
    interrupting: bool = True  # cancelActivity of a boundary event, isInterrupting of a start event
    attached_to: str = ""
    boundary: tuple[str, ...] = ()  # boundary events attached here, document order
    by_event: bool = False  # an event sub-process
    listens: tuple[tuple[str, str], ...] = ()  # (message, catching element) while an execution stands here
    work: Work = field(default_factory=Work)
    inputs: tuple[Assignment, ...] = ()
    outputs: tuple[Assignment, ...] = ()
    body: Body = field(default_factory=Body)

    @property
    def tag(self) -> str:
        """The BPMN tag, such as ``userTask``."""
        return "startEvent" if self.key[0] == "eventStart" else self.key[0]


@dataclass(frozen=True, slots=True, eq=False)
class Process:
    """One executable process of a diagram."""

    id: str
    name: str
    line: int
    elements: Mapping[str, Element]
    root: Element  # the process itself as a scope; not among ``elements``
    calls: tuple[str, ...] = ()  # ids of the processes it calls, document order, each once
    messages: frozenset[str] = frozenset()  # names that something in it can catch while it runs

    def starts(self, kind: str) -> Iterator[Element]:
        """Its start events of a kind ("" = none, message, timer), document order."""
        return (e for e in self.elements.values() if not e.parent and e.key == ("startEvent", kind))


@dataclass(frozen=True, slots=True, eq=False)
class Definitions:
    """What one BPMN file defines. If it exists, it can be run: what cannot be run was refused on reading."""

    id: str
    processes: Mapping[str, Process]
    notes: tuple[Problem, ...] = ()  # warnings found on reading, such as drawn data that nothing moves


def closure(processes: Mapping[str, Process], key: str) -> Program:
    """The process ``key`` and all that it calls, directly or through others.

    Raises:
        KeyError: one of them is not among ``processes``.
    """
    found: dict[str, Process] = {}
    todo = [key]
    while todo:
        name = todo.pop()
        if name not in found:
            found[name] = processes[name]
            todo.extend(processes[name].calls)
    return MappingProxyType(found)
