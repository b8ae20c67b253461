"""Reads how data move (BPMN 2.0.2, 10.4): Baton's own mappings, and data associations.

A data object, property, data input or data output is a variable: its name, or its id if it has
none. An association that names a source and a target copies the one to the other; one with
assignments or a transformation computes. What only draws a line between a task and a picture of
data is kept as a picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from workflows.bpmn.model import Assignment, Template
from workflows.bpmn.reading.desk import Desk, unprefixed
from workflows.bpmn.xml import BATON, Node, children, local, title, words

_DECLARED: Final = frozenset({"dataObject", "property", "dataInput", "dataOutput"})
_PLACEHOLDER: Final = "__"
"""Modellers name a property so when an association needs an end that nobody meant."""


def variables(root: Node) -> dict[str, str]:
    """The variable that each declaration of data stands for, by id."""
    declared = [node for node in root.iter("*") if local(node) in _DECLARED]
    referring = [node for node in root.iter("*") if local(node) == "dataObjectReference"]
    called = {node.get("id", ""): title(node) for node in declared}
    for node in referring:
        # Modellers write the label on the reference and leave the object itself without a name.
        target = unprefixed(node.get("dataObjectRef", ""))
        called[target] = called.get(target) or title(node)
    found = {name: variable or name for name, variable in called.items()}
    found |= {node.get("id", ""): found[unprefixed(node.get("dataObjectRef", ""))] for node in referring}
    return {name: variable for name, variable in found.items() if name and not variable.startswith(_PLACEHOLDER)}


def mappings(desk: Desk, node: Node, tag: str) -> Iterator[Assignment]:
    """``<baton:input>`` or ``<baton:output>``."""
    for extension in children(node, "extensionElements"):
        for child in extension.iter(f"{BATON}{tag}"):
            name = child.get("name", "")
            if not name:
                desk.refuse(node, "missing_name", f"a baton:{tag} without name; say which variable it fills")
            yield Assignment(name, desk.template(node, words(child)))


def associations(desk: Desk, node: Node, tag: str) -> Iterator[Assignment]:
    """``<dataInputAssociation>`` or ``<dataOutputAssociation>``: each target with what it is
    given."""
    for association in children(node, tag):
        moved = [*_moved(desk, node, association)]
        if not moved:
            message = f"this {tag} moves nothing: it is kept as a picture; name a source and a target to copy data"
            desk.note(node, "data_ignored", message)
        yield from moved


def _moved(desk: Desk, node: Node, association: Node) -> Iterator[Assignment]:
    data = desk.catalogue.data
    sources = [data.get(unprefixed(words(child)), "") for child in children(association, "sourceRef")]
    target = next((data.get(unprefixed(words(child)), "") for child in children(association, "targetRef")), "")
    computed = next((words(child) for child in children(association, "transformation")), "")
    assignments = [*children(association, "assignment")]
    for assignment in assignments:
        given = next((words(child) for child in children(assignment, "from")), "")
        to = next((words(child) for child in children(assignment, "to")), "")
        if not given or not to:
            desk.refuse(node, "missing_name", "an assignment needs from and to; give both")
        yield Assignment(data.get(unprefixed(to), to), _computed(desk, node, given))
    if assignments:
        return
    if computed and target:
        yield Assignment(target, _computed(desk, node, computed))
    elif target and len(sources) == 1 and sources[0]:
        yield Assignment(target, _computed(desk, node, sources[0]))


def _computed(desk: Desk, node: Node, text: str) -> Template:
    return Template(f"={text}", desk.parse(node, text))
