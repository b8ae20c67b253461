"""Reads boxed expressions (DMN 1.5, 10.2.2): tables, literal expressions, contexts, lists, loops,
functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, cast

from rules.feel import parse
from rules.feel.functions import FUNCTIONS
from rules.model import (
    Choice,
    Definition,
    Entries,
    Formula,
    Invocation,
    Items,
    Iteration,
    Logic,
    Selection,
    Table,
    Typed,
)
from rules.reading.checks import check_table
from rules.reading.item_types import ItemDefinitions
from rules.reading.names import given_names
from rules.reading.table import read_decision_table
from rules.reading.xml import Element, Source, attribute, child, children, local_name, text_of
from rules.shapes import ANYTHING

NULL = Formula(parse("null"))


class LogicReader:
    """Reads the logic of one file; what is wrong with it goes to the source's problems."""

    def __init__(self, source: Source, items: ItemDefinitions) -> None:
        self._source = source
        self._items = items
        self._readers: dict[str, Callable[[Element], Logic]] = {
            "literalExpression": self._formula,
            "invocation": self._invocation,
            "context": self._entries,
            "list": self._list,
            "relation": self._relation,
            "conditional": self._choice,
            "for": self._iteration,
            "some": self._iteration,
            "every": self._iteration,
            "filter": self._selection,
            "functionDefinition": self.definition,
        }

    def within(self, node: Element, type_ref: str = "") -> Logic:
        """The first boxed expression among a node's children; one that cannot be read gives null,
        and a problem."""
        found = next((part for part in children(node) if self._is_logic(part)), None)
        if found is None:
            self._source.unfinished(node, "it has no table and no expression", "Draw its decision table")
            return NULL
        return self._read(found, type_ref)

    def inner(self, node: Element, type_ref: str = "") -> Logic:
        """Logic inside other logic; a table there is checked by itself, whatever names there are
        around it."""
        return self._checked(node, self.within(node, type_ref))

    def definition(self, node: Element) -> Definition:
        """Parameters and body of a function, or of the logic that a knowledge model
        encapsulates."""
        if attribute(node, "kind") not in ("", "FEEL"):
            self._source.problem(node, f"its body is {attribute(node, 'kind')}, not FEEL", "Write it in FEEL")
        parameters = list(children(node, "formalParameter"))
        return Definition(
            tuple(" ".join(attribute(item, "name").split()) for item in parameters),
            tuple(self._items.shape(attribute(item, "typeRef")) for item in parameters),
            self.inner(node),
        )

    def _is_logic(self, node: Element) -> bool:
        return local_name(node) == "decisionTable" or local_name(node) in self._readers

    def _read(self, node: Element, type_ref: str = "") -> Logic:
        if local_name(node) == "decisionTable":
            return read_decision_table(self._source, self._items, node, type_ref)
        logic = self._readers[local_name(node)](node)
        declared = attribute(node, "typeRef")
        shape = ANYTHING if declared == type_ref else self._items.shape(declared)
        return logic if shape == ANYTHING else Typed(logic, shape)

    def _checked(self, node: Element, logic: Logic) -> Logic:
        check_table(self._source, node, logic, given_names(logic))
        return logic

    def _parts(self, node: Element) -> Iterator[Logic]:
        for part in children(node):
            if self._is_logic(part):
                yield self._checked(part, self._read(part))

    # --- one kind each ---

    def _formula(self, node: Element) -> Logic:
        if child(node, "importedValues") is not None:
            self._source.problem(node, "its values come from elsewhere", "Write them here")
            return NULL
        if not text_of(child(node, "text")):
            self._source.unfinished(node, "its expression is empty", "Write it")
            return NULL
        return Formula(self._source.expression(node, ""))

    def _invocation(self, node: Element) -> Logic:
        expression = child(node, "literalExpression")
        called = " ".join(text_of(child(expression, "text")).split())
        known = self._source.functions | self._source.names | FUNCTIONS.keys()
        if expression is None or not (called in known or "." in called):
            self._source.unfinished(node, f"it calls “{called}”, which is no knowledge model here", "Name one")
        return Invocation(
            parse("null") if expression is None else self._source.expression(expression, ""),
            tuple(self._bindings(node)),
        )

    def _bindings(self, node: Element) -> Iterator[tuple[str, Logic]]:
        for binding in children(node, "binding"):
            name = " ".join(attribute(child(binding, "parameter"), "name").split())
            bound = any(map(self._is_logic, children(binding)))
            yield name, self.inner(binding) if bound else NULL

    def _entries(self, node: Element) -> Logic:
        entries: list[tuple[str, Logic]] = []
        result: Logic | None = None
        for entry in children(node, "contextEntry"):
            variable = child(entry, "variable")
            declared = attribute(variable, "typeRef")
            value = self.inner(entry, declared)
            if not isinstance(value, Table) and (shape := self._items.shape(declared)) != ANYTHING:
                value = Typed(value, shape)
            if variable is None:
                result = value
            else:
                entries.append((" ".join(attribute(variable, "name").split()), value))
        return Entries(tuple(entries), result)

    def _list(self, node: Element) -> Logic:
        return Items(tuple(self._parts(node)))

    def _relation(self, node: Element) -> Logic:
        names = [" ".join(attribute(column, "name").split()) for column in children(node, "column")]
        rows = [tuple(self._parts(row)) for row in children(node, "row")]
        if not names:
            self._source.problem(node, "the relation has no column", "Add its columns")
        if any(len(row) != len(names) for row in rows):
            self._source.problem(node, "a row of the relation has not as many cells as there are columns", "Fill it")
            return NULL
        return Items(tuple(Entries(tuple(zip(names, row, strict=True))) for row in rows))

    def _choice(self, node: Element) -> Logic:
        return Choice(self._part(node, "if"), self._part(node, "then"), self._part(node, "else"))

    def _iteration(self, node: Element) -> Logic:
        kind = cast(Literal["for", "some", "every"], local_name(node))
        variable = " ".join(attribute(node, "iteratorVariable").split())
        result = self._part(node, "return" if kind == "for" else "satisfies")
        return Iteration(kind, variable, self._part(node, "in"), result)

    def _selection(self, node: Element) -> Logic:
        return Selection(self._part(node, "in"), self._part(node, "match"))

    def _part(self, node: Element, name: str) -> Logic:
        part = child(node, name)
        if part is None:
            self._source.problem(node, f"<{local_name(node)}> has no <{name}>", "Add it")
            return NULL
        return self.inner(part, attribute(part, "typeRef"))
