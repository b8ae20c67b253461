"""Which variables each process has and what texts they may be: who sets them, over all processes
that know one another.

The order in which things happen is not looked at: a variable is set if anything in its process ever
sets it. So what is found missing is missing on every way through the diagram.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from cases.signatures import Field
from rules.feel.syntax import ContextOf, If, Name, Node
from workflows.bpmn.contracts.known import Contracts
from workflows.bpmn.contracts.uses import Use, uses
from workflows.bpmn.contracts.values import NO_TEXT, Look, Texts, comparisons, joined, of_field, of_node, of_template
from workflows.bpmn.contracts.wants import handed
from workflows.bpmn.model import SCOPES, Assignment, Element, Process, Template, Trigger

Values = dict[str, Texts]


class Written(NamedTuple):
    """What an element sets. ``open``: nobody knows what else, because something that it names is
    not known."""

    values: Values
    open: bool = False


@dataclass(slots=True)
class Room:
    """One process: its variables, whose names are known completely unless it is ``open``.

    ``alone``: nobody who is known begins or calls it, so that what it reads and does not set it may
    be given. ``inside`` are the names that its own elements set, ``reads`` those that they read.
    """

    process: Process
    uses: Mapping[Element, tuple[Use, ...]]
    variables: Values = field(default_factory=dict[str, Texts])
    open: bool = False
    alone: bool = True
    inside: set[str] = field(default_factory=set[str])
    reads: set[str] = field(default_factory=set[str])

    @classmethod
    def of(cls, process: Process) -> Room:
        """A process of which nothing is known yet but what it reads."""
        found = {element: tuple(uses(process, element)) for element in process.elements.values()}
        reads = {name for of in found.values() for use in of if not use.called for name in use.names}
        return cls(process, found, reads=reads)

    def look(self, name: str) -> Texts:
        """What a variable may be; one that nobody sets is null."""
        if self.open:
            return None
        return self.variables.get(name, None if self.alone else NO_TEXT)

    def after(self, result: Mapping[str, Texts]) -> Look:
        """The same, where an element's result is seen before anything else."""
        return lambda name: result[name] if name in result else self.look(name)


class Landscape:
    """All processes that are known, worked out until nothing more comes to be known."""

    def __init__(self, contracts: Contracts, own: Mapping[str, Process]) -> None:
        self.contracts = contracts
        self.rooms = {key: Room.of(process) for key, process in ({**contracts.processes, **own}).items()}
        self._calls = [
            (room, element)
            for room in self.rooms.values()
            for element in room.process.elements.values()
            if element.tag == "callActivity" and element.work.called in self.rooms
        ]
        self.asked = _asked(self.rooms.values(), contracts)
        self._begin()
        while self._again():
            pass

    def _begin(self) -> None:
        """Names first: which there are does not depend on their values, and what is missing has to
        be known."""
        for key, room in self.rooms.items():
            start = self.contracts.begins.get(key)
            room.alone = start is None
            _add(room.variables, {one.name: of_field(one) for one in start or ()})
            for element in room.process.elements.values():
                written = self.written(room, element)
                room.open = room.open or written.open
                _add(room.variables, dict.fromkeys(written.values, NO_TEXT))
                room.inside |= written.values.keys()
        for _, element in self._calls:
            called = self.rooms[element.work.called]
            called.alone = False
            _add(called.variables, {one.name: NO_TEXT for one in element.inputs})

    def _again(self) -> bool:
        """One more look at everything; whether anything new was seen."""
        news = False
        for room in self.rooms.values():
            for element in room.process.elements.values():
                news |= _add(room.variables, self.written(room, element).values)
        for room, element in self._calls:
            news |= _add(self.rooms[element.work.called].variables, self.inputs(room, element))
        return news

    # -- what is set ------------------------------------------------------------------------------

    def inputs(self, room: Room, element: Element) -> Values:
        """What an element's input mappings may be."""
        return {one.name: of_template(one.value, room.look) for one in element.inputs}

    def written(self, room: Room, element: Element) -> Written:
        """What an element sets once it is done."""
        result, is_open = self.result(room, element)
        called = self.rooms.get(element.work.called)
        seen = _anything if is_open else room.after(result)
        if element.tag == "callActivity":
            values, is_open = _mapped(element.outputs, _anything if called is None else called.look), False
        elif element.work.result:
            values, is_open = result, False
        elif element.outputs or element.tag in SCOPES:
            values, is_open = _mapped(element.outputs, seen), False
        else:
            values = dict(result)
        values |= _mapped(element.copies, seen)
        if element.loop is not None:
            values.pop(element.loop.item, None)
            if element.loop.collected:
                values[element.loop.collected] = NO_TEXT
        return Written(values, is_open)

    def result(self, room: Room, element: Element) -> Written:
        """What an element brings, before its output mappings."""
        work = element.work
        if element.tag in ("serviceTask", "businessRuleTask"):
            brought = self._of_activity(element)
            return Written({work.result: NO_TEXT}) if work.result and element.tag == "businessRuleTask" else brought
        if element.tag == "userTask":
            outcomes = self.outcomes(room, work.kind)
            return Written({"outcome": outcomes} | {one.name: of_field(one) for one in self.contracts.completed})
        if work.script is not None:
            if work.result:
                return Written({work.result: of_node(work.script.node, room.look)})
            return _of_context(work.script.node, room.look)
        found: Values = {}
        is_open = False
        if element.tag in ("startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"):
            for trigger in element.triggers:
                values, unknown = self._of_trigger(trigger)
                _add(found, values)
                is_open = is_open or unknown
        return Written(found, is_open)

    def outcomes(self, room: Room, kind: Template | None) -> Texts:
        """How a task of this kind may end; what is no kind is found where it stands, and adds
        nothing here."""
        kinds, known = of_template(kind, room.look), self.contracts.tasks
        named = known.keys() if kinds is None else kinds & known.keys()
        return frozenset[str]().union(*(known[one] for one in named))

    def gives(self, element: Element) -> tuple[Field, ...] | None:
        """The members of an activity's result; None if they are not known."""
        signature = self.contracts.activities.get(element.work.activity)
        if signature is None:
            return None
        if not signature.gives_more:
            return signature.gives
        decision = self.contracts.decisions.get(element.work.decision)
        return None if decision is None else (*signature.gives, *decision.gives)

    def _of_activity(self, element: Element) -> Written:
        gives = self.gives(element)
        return Written({}, True) if gives is None else Written({one.name: of_field(one) for one in gives})

    def _of_trigger(self, trigger: Trigger) -> Written:
        if trigger.kind == "message":
            data = self.contracts.messages.get(trigger.ref or "")
            return Written({}, True) if data is None else Written({one.name: of_field(one) for one in data})
        if trigger.kind not in ("signal", "error", "escalation"):
            return Written({})
        found: Values = {}
        for room, element, thrown in self.thrown(trigger.kind):
            if trigger.ref is None or trigger.ref == thrown:
                _add(found, self.inputs(room, element))
        return Written(found)

    def thrown(self, kind: str) -> Iterator[tuple[Room, Element, str]]:
        """Every event of a kind that something throws, with its name or code."""
        for room in self.rooms.values():
            for element in room.process.elements.values():
                if element.tag in ("intermediateThrowEvent", "endEvent"):
                    for trigger in element.triggers:
                        if trigger.kind == kind and trigger.ref is not None:
                            yield room, element, trigger.ref

    def read_of(self, room: Room) -> set[str]:
        """What is read of a process's variables, also by those who call it."""
        return room.reads.union(
            *(
                use.names
                for caller, element in self._calls
                if element.work.called == room.process.id
                for use in caller.uses[element]
                if use.called
            )
        )


def _asked(rooms: Iterable[Room], contracts: Contracts) -> Mapping[str, set[str]]:
    """The texts that variables are compared with, or that whoever is handed them understands, by
    their names."""
    found: dict[str, set[str]] = {}
    for room in rooms:
        for of in room.uses.values():
            for use in of:
                for name, text in comparisons(use.expression.node):
                    found.setdefault(name, set()).add(text)
        for element in room.process.elements.values():
            for template, one in handed(contracts, element):
                node = None if template.expression is None else template.expression.node
                if isinstance(node, Name) and one.codes:
                    found.setdefault(node.name, set()).update(one.codes)
    return found


def _anything(name: str) -> Texts:
    return None


def _add(to: Values, more: Mapping[str, Texts]) -> bool:
    """Joins values; whether that was news."""
    news = False
    for name, texts in more.items():
        both = joined(to[name], texts) if name in to else texts
        if name not in to or both != to[name]:
            to[name] = both
            news = True
    return news


def _mapped(assignments: Iterable[Assignment], seen: Look) -> Values:
    return {one.name: of_template(one.value, seen) for one in assignments}


def _of_context(node: Node, look: Look) -> Written:
    """What a script sets that comes to a context."""
    if isinstance(node, ContextOf):
        return Written({name: of_node(value, look) for name, value in node.entries})
    if isinstance(node, If):
        then, otherwise = _of_context(node.then, look), _of_context(node.otherwise, look)
        both = dict(then.values)
        _add(both, otherwise.values)
        return Written(both, then.open or otherwise.open)
    return Written({}, True)
