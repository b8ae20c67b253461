"""Reads the ``<itemDefinition>`` elements of a file (DMN 1.5, 7.3.2-7.3.4): shapes, and lists of
allowed values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rules.feel.kinds import ANY, TypeName
from rules.reading.xml import Element, Source, attribute, child, children, text_of
from rules.shapes import Shape
from rules.types import kind_of


class ItemDefinitions:
    """The item definitions of one file; what cannot be read in them goes to the source's
    problems."""

    def __init__(self, root: Element, source: Source, imported: Mapping[str, ItemDefinitions] | None = None) -> None:
        self._imported = imported or {}
        self._nodes = {attribute(node, "name"): node for node in children(root, "itemDefinition")}
        self._source = source
        self._shapes: dict[str, Shape] = {}
        source.declared = self.type_name

    def shape(self, type_ref: str) -> Shape:
        """What a value of that type has to be; anything, for a type that is unknown."""
        if type_ref not in self._shapes:
            self._shapes[type_ref] = self._named(type_ref, frozenset())
        return self._shapes[type_ref]

    def result_of(self, type_ref: str) -> Shape:
        """What a model or service of that type gives: for a function type what it returns, else the
        type itself."""
        item = child(self._node(type_ref), "functionItem")
        return self.shape(type_ref if item is None else attribute(item, "outputTypeRef"))

    def type_name(self, name: str) -> TypeName | None:
        """What FEEL's ``instance of`` understands by a type of the file."""
        if elsewhere := self._elsewhere(name):
            return elsewhere[0].type_name(elsewhere[1])
        return self._type_name(name, frozenset()) if self.knows(name) else None

    def _type_name(self, name: str, within: frozenset[str]) -> TypeName:
        if elsewhere := self._elsewhere(name):
            return elsewhere[0].type_name(elsewhere[1]) or ANY
        node = self._node(name)
        if node is None:
            return TypeName(_local(name))
        return ANY if name in within else self._type_of(node, within | {name})

    def _type_of(self, node: Element, within: frozenset[str]) -> TypeName:
        parts = tuple((_name(part), self._type_of(part, within)) for part in children(node, "itemComponent"))
        function = child(node, "functionItem")
        if parts:
            found = TypeName("context", members=parts)
        elif function is not None:
            takes = [attribute(item, "typeRef") for item in children(function, "parameters")]
            gives = self._type_name(attribute(function, "outputTypeRef") or "Any", within)
            found = TypeName("function", tuple(self._type_name(one or "Any", within) for one in takes), result=gives)
        else:
            found = self._type_name(text_of(child(node, "typeRef")) or "Any", within)
        return TypeName("list", (found,)) if node.get("isCollection") == "true" else found

    def _node(self, name: str) -> Element | None:
        found = self._nodes.get(name)
        return self._nodes.get(_local(name)) if found is None else found

    def allowed(self, type_ref: str | None) -> Element | None:
        """The allowed values of a type, its own or else those of the type that it stands for; none
        for collections."""
        for _ in range(len(self._nodes)):  # definitions may name one another, and by mistake in a circle
            node = self._node(type_ref or "")
            if node is None or node.get("isCollection") == "true":
                return None
            listed = _listed(node)
            if listed is not None:
                return listed
            type_ref = text_of(child(node, "typeRef"))
        return None

    def allowed_in(self, type_ref: str) -> dict[str, Element]:
        """The allowed values of a table's results by output name, of a single unnamed output by "".

        A type that is a collection speaks of its items, since that is what the rows of a table
        give.
        """
        found: dict[str, Element] = {}
        for _ in range(len(self._nodes)):
            node = self._node(type_ref)
            if node is None:
                break
            listed = {"": _listed(node)}
            for part in children(node, "itemComponent"):
                own = _listed(part)
                listed[attribute(part, "name")] = self.allowed(text_of(child(part, "typeRef"))) if own is None else own
            found = {name: values for name, values in listed.items() if values is not None} | found
            type_ref = text_of(child(node, "typeRef"))
        return found

    def _elsewhere(self, name: str) -> tuple[ItemDefinitions, str] | None:
        """Whose type it is, and its name there, for types of imported files."""
        for alias, other in self._imported.items():
            if alias and name.startswith(f"{alias}."):
                return other, name.removeprefix(f"{alias}.")
            if not alias and self._node(name) is None and other.knows(name):
                return other, name
        return None

    def knows(self, name: str) -> bool:
        """Whether the file declares a type of that name."""
        return self._node(name) is not None

    def _named(self, type_ref: str, within: frozenset[str]) -> Shape:
        if elsewhere := self._elsewhere(type_ref):
            return elsewhere[0].shape(elsewhere[1])
        node = self._node(type_ref)
        if node is None or type_ref in within:  # a type that holds itself is looked at no deeper
            return Shape(kind_of(type_ref) if node is None else None)
        return self._read(node, within | {type_ref})

    def _read(self, node: Element, within: frozenset[str]) -> Shape:
        parts = tuple((_name(part), self._read(part, within)) for part in children(node, "itemComponent"))
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


def _local(name: str) -> str:
    """The name without the prefix of older editions: ``feel:number``."""
    return name.rpartition(":")[2]


def _name(node: Element) -> str:
    return " ".join(attribute(node, "name").split())


def _listed(node: Element, by: str = "allowedValues") -> Element | None:
    found = child(node, by)
    return found if text_of(child(found, "text")) else None
