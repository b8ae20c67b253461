"""What an element, and a called process as a whole, has to be given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from cases.signatures import Field
from rules.feel.syntax import Name
from workflows.bpmn.contracts.known import Contracts
from workflows.bpmn.model import Element, Template

if TYPE_CHECKING:
    from workflows.bpmn.contracts.landscape import Landscape, Room

_CHOOSING: Final = frozenset({"exclusiveGateway", "eventBasedGateway", "complexGateway"})


def takes(contracts: Contracts, element: Element) -> tuple[Field, ...] | None:
    """The inputs of an activity; None if they are not known. The decision's name it gets by
    itself."""
    signature = contracts.activities.get(element.work.activity)
    if signature is None:
        return None
    own = tuple(one for one in signature.takes if not (one.name == "decision" and element.work.decision))
    if not signature.takes_more:
        return own
    decision = contracts.decisions.get(element.work.decision)
    return None if decision is None else (*own, *decision.takes)


def handed(contracts: Contracts, element: Element) -> Iterator[tuple[Template, Field]]:
    """Each value that an element hands to an activity or a person, with what it has to be, as far
    as that is known."""
    if element.tag in ("serviceTask", "businessRuleTask"):
        known = {one.name: one for one in takes(contracts, element) or ()}
        yield from ((one.value, known[one.name]) for one in element.inputs if one.name in known)
    work = element.work
    if element.tag == "userTask":
        if work.kind is not None:
            yield work.kind, Field("kind", "string", tuple(sorted(contracts.tasks)), required=True)
        if work.role is not None:
            yield work.role, Field("role", "string", tuple(sorted(contracts.roles)), required=True)


def wanted(land: Landscape, room: Room, name: str) -> Field | None:
    """What an input of a called process has to be: what becomes of it inside says so. None: nothing
    reads it."""
    if name not in room.reads:
        return None
    kind, codes, limited = "", set[str](), True
    for element in room.process.elements.values():
        for one in _handed_on(land, element, name):
            kind, limited = one.kind if kind in ("", one.kind) else "any", limited and bool(one.codes)
            codes |= {*one.codes}
    return Field(name, kind or "any", tuple(sorted(codes)) if limited else ())


def required(land: Landscape, room: Room) -> set[str]:
    """Inputs without which a process halts: needed before any choice, and before anything sets
    them."""
    found: set[str] = set()
    elements = room.process.elements
    todo, seen = [(name, frozenset[str]()) for name in room.process.root.body.starts], set[str]()
    while todo:
        name, before = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        element = elements[name]
        for read in room.reads - before:
            if any(one.required for one in _handed_on(land, element, read)):
                found.add(read)
        now = before | land.written(room, element).values.keys()
        if not element.conditional and element.tag not in _CHOOSING:
            todo += [(flow.target, now) for flow in element.outgoing]
        todo += [(start, now) for start in element.body.starts]
    return found


def _handed_on(land: Landscape, element: Element, name: str) -> Iterator[Field]:
    """What kind a variable has to have that an element hands on as it is."""
    for template, one in handed(land.contracts, element):
        node = None if template.expression is None else template.expression.node
        if isinstance(node, Name) and node.name == name:
            yield one
