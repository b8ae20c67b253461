"""Every place where an element reads variables, and what it sees there beside those of its
process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from rules.feel import Expression
from workflows.bpmn.model import SCOPES, Element, Process, Template

_NOW: Final = frozenset({"now"})
_COUNTS: Final = frozenset(
    {
        "numberOfInstances",
        "numberOfActiveInstances",
        "numberOfCompletedInstances",
        "numberOfTerminatedInstances",
    }
)


class Use(NamedTuple):
    """An expression, as a person would point at it.

    ``beside`` are names that it sees for another reason than that somebody sets them. ``after``:
    the element's own result is there, too. ``called``: it sees the variables of the called process,
    and no others.
    """

    expression: Expression
    where: str
    beside: frozenset[str] = _NOW
    after: bool = False
    called: bool = False
    line: int | None = None

    @property
    def names(self) -> frozenset[str]:
        """The variables that have to come from somewhere."""
        return self.expression.names - self.expression.maybe - self.beside


def uses(process: Process, element: Element) -> Iterator[Use]:
    """All that an element reads, in the order in which it comes to it."""
    around = _NOW | _locals_around(process, element)
    inside = around | _of_rounds(element)
    loop = element.loop
    if loop is not None:
        # What a loop begins with is asked outside of its rounds.
        yield from _one(loop.collection, "its collection", around)
        yield from _one(loop.cardinality, "its cardinality", around)
        counts = _COUNTS if loop.kind == "multiInstance" else frozenset[str]()
        yield from _one(loop.condition, "its loop condition", inside | counts, after=True)
        yield from _one(loop.yields, "what it yields", inside, after=True)
    for one in element.inputs:
        yield from _template(one.value, f"input “{one.name}”", inside)
    work = element.work
    told = ((work.kind, "its kind"), (work.role, "its role"), (work.due, "its due date"), (work.why, "its why"))
    for template, name in (*told, (work.about, "what it is about")):
        yield from _template(template, name, inside)
    yield from _one(work.script, "its script", inside | {one.name for one in element.inputs})
    yield from _one(work.activation, "its activation condition", inside | {"activationCount"} | _flows_into(element))
    for trigger in element.triggers:
        yield from _template(trigger.when, "its time", around)
        yield from _one(trigger.condition, "its condition", around)
    of_called = element.tag == "callActivity"
    of_scope = {one.name for one in element.inputs} if element.tag in SCOPES else frozenset[str]()
    for one in (*element.outputs, *element.copies):
        called = of_called and one in element.outputs
        seen = _NOW if called else inside | of_scope
        yield from _template(one.value, f"output “{one.name}”", seen, after=True, called=called)
    for flow in element.outgoing:
        if flow.condition is not None:
            yield Use(flow.condition, f"the condition of {flow.id}", around, after=True, line=flow.line)


def _one(expression: Expression | None, where: str, beside: frozenset[str], *, after: bool = False) -> Iterator[Use]:
    if expression is not None:
        yield Use(expression, where, beside, after)


def _template(
    template: Template | None, where: str, beside: frozenset[str], *, after: bool = False, called: bool = False
) -> Iterator[Use]:
    if template is not None and template.expression is not None:
        yield Use(template.expression, where, beside, after, called)


def _locals_around(process: Process, element: Element) -> frozenset[str]:
    """What the sub-processes around it keep for their content alone."""
    found: set[str] = set()
    scope = process.elements.get(element.parent)
    while scope is not None:
        found |= {one.name for one in scope.inputs} | _of_rounds(scope)
        scope = process.elements.get(scope.parent)
    return frozenset(found)


def _of_rounds(element: Element) -> frozenset[str]:
    if element.loop is None:
        return frozenset()
    return frozenset({"loopCounter", element.loop.item} - {""})


def _flows_into(element: Element) -> frozenset[str]:
    return frozenset(flow.id for flow in element.incoming)
