"""What a diagram says, frozen: definitions, processes, elements, flows, and what is wrong with
them.

Everything the interpreter needs at run time is worked out once, when a diagram is read: parsed
expressions, document order, who listens to which message. A process is shared by all its instances,
so nothing here is ever changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias

from rules.feel import Expression
from workflows.bpmn.arrivals import Arrivals

Program: TypeAlias = "Mapping[str, Process]"
"""The closure of a process and all it calls, by process id: what an instance runs on."""

Data: TypeAlias = dict[str, Any]
"""JSON values by name."""


class Severity(StrEnum):
    ERROR = "error"  # cannot be run as drawn
    WARNING = "warning"  # runs, but probably not as meant


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a diagram: ``message`` says what, and how to mend it; ``line`` counts
    from 1.

    ``proposal``: of a name that nobody knows, the one that was probably meant.
    """

    element: str
    name: str
    line: int
    code: str
    message: str
    severity: Severity = Severity.ERROR
    proposal: str = ""

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
    """An attribute or text that may be computed: a literal, or (text starting with ``=``) an S-FEEL
    expression."""

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
    """An event definition.

    ``ref`` is the name of a message, signal or link, the code of an error or escalation (None
    catches all), or the activity to compensate (None: all of the scope).
    """

    kind: str  # timer | message | signal | conditional | error | escalation | compensate | cancel | link | terminate
    ref: str | None = None
    timer: TimerKind | None = None
    when: Template | None = None
    condition: Expression | None = None


class Listening(NamedTuple):
    """That something can occur while an execution stands here: what, and the element that catches
    it."""

    kind: str  # message | signal | conditional
    name: str  # of the message or signal, "" for a condition
    catcher: str
    part: int  # which of the catcher's triggers


@dataclass(frozen=True, slots=True)
class Loop:
    """An activity that is done more than once (BPMN 2.0.2, 10.3.8): a standard loop or a
    multi-instance activity.

    ``condition`` is the loop condition, or a multi-instance's completion condition. A
    multi-instance has a ``cardinality`` or a ``collection``; each instance may see its ``item``;
    what it ``yields`` is collected in ``collected``.
    """

    kind: str  # standard | multiInstance
    condition: Expression | None = None
    test_before: bool = False
    maximum: int | None = None
    sequential: bool = False
    cardinality: Expression | None = None
    collection: Expression | None = None
    item: str = ""
    collected: str = ""
    yields: Expression | None = None


@dataclass(frozen=True, slots=True)
class WorkDefinition:
    """What a task or call does, from the ``baton:`` attributes; each element uses the few that
    concern it."""

    activity: str = ""
    decision: str = ""
    kind: Template | None = None
    role: Template | None = None
    due: Template | None = None
    why: Template | None = None
    about: Template | None = None
    script: Expression | None = None
    activation: Expression | None = None
    result: str = ""
    called: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """What a scope (process or sub-process) begins with and listens to while it is open.

    ``starts`` are its plain start events or, if it has no start event at all, whatever no flow
    leads to (13.2).
    """

    starts: tuple[str, ...] = ()  # document order
    implicit: bool = False  # it has no start event: all of ``starts`` get a token
    events: tuple[str, ...] = ()  # start events of its event sub-processes, document order
    listens: tuple[Listening, ...] = ()  # to what starts its event sub-processes
    compensation: str = ""  # the event sub-process that compensates it


NOTHING_INSIDE: Final = Body()
SCOPES: Final = frozenset({"subProcess", "transaction"})
"""Tags of sub-processes that share the variables of their process."""


@dataclass(frozen=True, slots=True, eq=False)
class Element:
    """A flow node. ``key`` picks its behaviour in the registry: its BPMN tag, and the kind of its
    event definition.

    The kind is "" without a definition, "multiple" (any of several) or "parallelMultiple" (all of
    several).
    """

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
    triggers: tuple[Trigger, ...] = ()
    interrupting: bool = True  # cancelActivity of a boundary event, isInterrupting of a start event
    attached_to: str = ""
    boundary: tuple[str, ...] = ()  # boundary events attached here, document order
    by_event: bool = False  # an event sub-process
    listens: tuple[Listening, ...] = ()  # while an execution stands here
    watches: bool = False  # one of ``listens`` or of its body's is a condition
    loop: Loop | None = None
    handler: str = ""  # the activity that compensates this one
    for_compensation: bool = False  # it is such an activity: no flow leads to it
    compensable: bool = False  # there is something to undo once it is done
    instantiate: bool = False  # a receive task or event-based gateway that begins the process
    start_quantity: int = 1  # tokens that it takes to begin
    completion_quantity: int = 1  # tokens that leave by each flow
    arrivals: Arrivals | None = None  # of a gateway that waits for what can still come
    work: WorkDefinition = field(default_factory=WorkDefinition)
    inputs: tuple[Assignment, ...] = ()
    outputs: tuple[Assignment, ...] = ()
    copies: tuple[Assignment, ...] = ()  # what its data output associations copy, beside its outputs
    body: Body = field(default_factory=Body)

    @property
    def tag(self) -> str:
        """The BPMN tag, such as ``userTask``."""
        return "startEvent" if self.key[0] == "eventStart" else self.key[0]

    @property
    def trigger(self) -> Trigger | None:
        """Its event definition; the first if there are several."""
        return self.triggers[0] if self.triggers else None


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
    patient: bool = False  # one of its gateways waits for what can still come
    watches: bool = False  # something in it waits for a condition

    def starts(self, kind: str) -> Iterator[Element]:
        """What begins it by an event of a kind ("" = plain, message, signal, timer …), document
        order.

        Start events, and receive tasks and the events after a gateway that instantiate it (13.2).
        """
        for element in self.elements.values():
            if element.parent:
                continue
            if element.tag == "startEvent" or (element.instantiate and element.tag == "receiveTask"):
                begins = [element]
            elif element.instantiate:
                begins = [self.elements[flow.target] for flow in element.outgoing]
            else:
                continue
            for one in begins:
                kinds = {trigger.kind for trigger in one.triggers}
                if kind in kinds or (not kind and not kinds and one.tag == "startEvent"):
                    yield one


@dataclass(frozen=True, slots=True, eq=False)
class Definitions:
    """What one BPMN file defines. If it exists, it can be run: what cannot be run was refused on
    reading."""

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
