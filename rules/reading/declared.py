"""Names and types that the elements of a file declare for their values (DMN 1.5, 7.3.1)."""

from __future__ import annotations

from collections.abc import Iterator

from rules.reading.xml import Element, attribute, child, local_name

_NAMING = frozenset(
    {
        "inputData",
        "decision",
        "decisionService",
        "businessKnowledgeModel",
        "formalParameter",
        "parameter",
        "variable",
        "itemComponent",
        "output",
        "column",
    }
)


def variable_of(node: Element) -> str:
    """The name under which expressions see the value, with single spaces."""
    name = attribute(child(node, "variable"), "name") or attribute(node, "name") or attribute(node, "id")
    return " ".join(name.split())


def iterators(root: Element) -> Iterator[str]:
    """The names that boxed loops give to their elements."""
    return (" ".join(attribute(node, "iteratorVariable").split()) for node in root.iter())


def type_of(node: Element) -> str:
    """The type that the element's variable declares, or nothing."""
    return attribute(child(node, "variable"), "typeRef")


def naming(root: Element) -> Iterator[Element]:
    """Everything in the file that gives a name to a value; FEEL has to know names with spaces in
    them."""
    return (node for node in root.iter() if local_name(node) in _NAMING)
