"""Reads the ``<itemDefinition>`` elements of a file (DMN 1.5, 7.3.2-7.3.4): shapes, and lists of allowed values."""

from __future__ import annotations

from dataclasses import replace

from rules.shapes import Shape
from rules.types import kind_of
from rules.xml import Element, Source, attribute, child, children, text_of


class ItemDefinitions:
    """The item definitions of one file; what cannot be read in them goes to the source's problems."""

    def __init__(self, root: Element, source: Source) -> None:
        self._nodes = {attribute(node, "name"): node for node in children(root, "itemDefinition")}
        self._source = source
        self._shapes: dict[str, Shape] = {}

    def shape(self, type_ref: str) -> Shape:
        """What a value of that type has to be; anything, for a type that is unknown."""
        if type_ref not in self._shapes:
            self._shapes[type_ref] = self._named(type_ref, frozenset())
        return self._shapes[type_ref]

    def allowed(self, type_ref: str | None) -> Element | None:
        """The allowed values of a type, its own or else those of the type that it stands for; none for collections."""
        for _ in range(len(self._nodes)):  # definitions may name one another, and by mistake in a circle
            node = self._nodes.get(type_ref or "")
            if node is None or node.get("isCollection") == "true":
                return None
            listed = _listed(node)
            if listed is not None:
                return listed
            type_ref = text_of(child(node, "typeRef"))
        return None

    def allowed_in(self, type_ref: str) -> dict[str, Element]:
        """The allowed values of a table's results by output name, of a single unnamed output by "".

        A type that is a collection speaks of its items, since that is what the rows of a table give.
        """
        found: dict[str, Element] = {}
        for _ in range(len(self._nodes)):
            node = self._nodes.get(type_ref)
            if node is None:
                break
            listed = {"": _listed(node)}
            for part in children(node, "itemComponent"):
                own = _listed(part)
                listed[attribute(part, "name")] = self.allowed(text_of(child(part, "typeRef"))) if own is None else own
            found = {name: values for name, values in listed.items() if values is not None} | found
            type_ref = text_of(child(node, "typeRef"))
        return found

    def _named(self, type_ref: str, within: frozenset[str]) -> Shape:
        node = self._nodes.get(type_ref)
        if node is None or type_ref in within:  # a type that holds itself is looked at no deeper
            return Shape(kind_of(type_ref) if node is None else None)
        return self._read(node, within | {type_ref})

    def _read(self, node: Element, within: frozenset[str]) -> Shape:
        parts = tuple((attribute(part, "name"), self._read(part, within)) for part in children(node, "itemComponent"))
        shape = Shape(components=parts) if parts else self._named(text_of(child(node, "typeRef")), within)
        shape = self._narrowed(shape, node, "allowedValues")
        if node.get("isCollection") == "true":
            shape = Shape(items=shape)
        return self._narrowed(shape, node, "typeConstraint")

    def _narrowed(self, shape: Shape, node: Element, by: str) -> Shape:
        listed = _listed(node, by)
        if listed is None:
            return shape
        return replace(shape, allowed=(*shape.allowed, self._source.tests(listed, attribute(node, "name"))))


def _listed(node: Element, by: str = "allowedValues") -> Element | None:
    found = child(node, by)
    return found if text_of(child(found, "text")) else None
