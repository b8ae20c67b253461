"""Reads DMN 1.2-1.5 files into the frozen model, and tells their author of everything that is wrong in one go."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache

from rules.checks import check_table
from rules.declared import naming, type_of, variable_of
from rules.errors import Problem, TableRefused
from rules.example_reader import read_examples
from rules.feel import parse
from rules.item_types import ItemDefinitions
from rules.model import Decision, Entries, Formula, Invocation, Knowledge, Logic, Table
from rules.names import cell_names, given_names, in_order
from rules.shapes import ANYTHING, Shape
from rules.table_reader import read_decision_table
from rules.xml import Element, Source, Types, attribute, child, children, local_name, namespace, root_of, text_of

NAMESPACES = {
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}


@lru_cache(128)
def read_table(xml: bytes, *, version: int = 1) -> tuple[Decision, ...]:
    """The decisions of a file, in document order. Cached: the same bytes give the same decisions, compiled once.

    Raises:
        TableRefused: with every problem found, each with its place and its cure.
    """
    root = _root(xml)
    reader = _Reader(root, hashlib.sha256(xml).hexdigest(), version)
    decisions = reader.decisions()
    if reader.source.problems:
        raise TableRefused(tuple(reader.source.problems))
    return decisions


def _root(xml: bytes) -> Element:
    root = root_of(xml)
    if local_name(root) != "definitions" or namespace(root) not in NAMESPACES:
        raise TableRefused((Problem("this is no DMN 1.3, 1.4 or 1.5 file", "Export it as DMN 1.3 or newer"),))
    language = attribute(root, "expressionLanguage")
    if language and "feel" not in language.lower():  # older editions put the year behind the name
        raise TableRefused((Problem(f"its language is “{language}”, not FEEL", "Write it in FEEL"),))
    return root


class _Reader:
    """Reads one file; made for one use. Nodes are read once and found by their id."""

    def __init__(self, root: Element, sha256: str, version: int) -> None:
        self._root = root
        self._sha256 = sha256
        self._version = version
        self._by_id = {attribute(node, "id"): node for node in children(root)}
        self._decisions: dict[str, Decision] = {}
        self._models: dict[str, Knowledge] = {}
        self._reading: list[str] = []
        names = frozenset(map(variable_of, naming(root))) - {""}
        functions = frozenset(
            filter(None, (attribute(node, "name") for node in children(root, "businessKnowledgeModel")))
        )
        self.source = Source(names, functions, Types(root))
        self._items = ItemDefinitions(root, self.source)
        self._declared = {variable_of(node): type_of(node) for node in children(root, "inputData")}

    def decisions(self) -> tuple[Decision, ...]:
        nodes = list(children(self._root, "decision"))
        for unsupported in ("import", "decisionService"):
            for node in children(self._root, unsupported):
                self.source.problem(node, f"<{unsupported}> is not supported", "Keep each decision in one plain file")
        if not nodes:
            self.source.problem(self._root, "the file holds no decision", "Add a decision table")
        keys = [attribute(node, "id") for node in nodes]
        for node, key in zip(nodes, keys, strict=True):
            if not key or keys.count(key) > 1:
                self.source.problem(node, f"the decision id “{key}” is missing or used twice", "Give it its own id")
        return tuple(self._decision(node) for node in nodes)

    def _decision(self, node: Element) -> Decision:
        key = attribute(node, "id")
        if key in self._decisions:
            return self._decisions[key]
        with self.source.inside(node.get("name") or key):
            self._reading.append(key)
            requires = tuple(map(self._decision, self._required(node, "informationRequirement", "requiredDecision")))
            knowledge = tuple(map(self._knowledge, self._required(node, "knowledgeRequirement", "requiredKnowledge")))
            declared = self._required(node, "informationRequirement", "requiredInput")
            logic = self._logic_in(node, type_of(node))
            variable = variable_of(node)
            supplied = frozenset(required.variable for required in requires)
            supplied |= {model.name for model in knowledge}
            read = [name for required in requires for name in required.inputs] + in_order(logic)
            inputs = tuple(name for name in dict.fromkeys(read) if name not in supplied)
            check_table(self.source, node, logic, frozenset(map(variable_of, declared)) | supplied)
            decision = Decision(
                key=key,
                name=node.get("name") or key,
                variable=variable,
                logic=logic,
                version=self._version,
                sha256=self._sha256,
                inputs=inputs,
                requires=requires,
                knowledge=knowledge,
                examples=read_examples(self.source, node),
                note=text_of(child(node, "description")),
                shapes=tuple(self._shapes(inputs, None if requires else logic)),
                result=self._items.shape("" if isinstance(logic, Table) else type_of(node)),
            )
            self._reading.pop()
        self._decisions[key] = decision
        return decision

    def _knowledge(self, node: Element) -> Knowledge:
        key = attribute(node, "id")
        if key not in self._models:
            self._reading.append(key)
            requires = tuple(map(self._knowledge, self._required(node, "knowledgeRequirement", "requiredKnowledge")))
            body = child(node, "encapsulatedLogic")
            if attribute(body, "kind") not in ("", "FEEL"):
                self.source.problem(body, f"its body is {attribute(body, 'kind')}, not FEEL", "Write it in FEEL")
            parameters = list(children(body, "formalParameter"))
            logic = self._inner(body if body is not None else node, type_of(node))
            self._models[key] = Knowledge(
                variable_of(node),
                tuple(attribute(item, "name") for item in parameters),
                logic,
                requires,
                tuple(self._items.shape(attribute(item, "typeRef")) for item in parameters),
                self._items.shape("" if isinstance(logic, Table) else type_of(node)),
            )
            self._reading.pop()
        return self._models[key]

    def _required(self, node: Element, requirement: str, kind: str) -> list[Element]:
        """The nodes that requirements of one kind point to; a circle is a problem and is cut."""
        found: list[Element] = []
        for link in children(node, requirement):
            target = child(link, kind)
            if target is None:
                continue
            file, _, key = attribute(target, "href").rpartition("#")
            if file not in ("", attribute(self._root, "namespace")):
                self.source.problem(link, f"it requires “{key}” of “{file}”, another file", "Add it here")
            elif key in self._reading:
                self.source.problem(link, f"it requires “{key}”, which requires it", "Remove one of the arrows")
            elif key not in self._by_id:
                self.source.problem(link, f"it requires “{key}”, which is not in this file", "Add it here")
            else:
                found.append(self._by_id[key])
        return found

    def _shapes(self, inputs: tuple[str, ...], logic: Logic | None) -> Iterator[tuple[str, Shape]]:
        """The declared shapes of inputs, but for those that a table's own column checks: nothing is checked twice.

        ``logic`` is None if other decisions read the inputs too.
        """
        for name in inputs:
            shape = self._items.shape(self._declared.get(name, ""))
            if shape != ANYTHING and not _is_checked(name, shape, logic):
                yield name, shape

    # --- logic ---

    def _inner(self, node: Element, type_ref: str = "") -> Logic:
        """Logic inside other logic; a table there is checked by itself, whatever names there are around it."""
        logic = self._logic_in(node, type_ref)
        check_table(self.source, node, logic, given_names(logic))
        return logic

    def _logic_in(self, node: Element, type_ref: str) -> Logic:
        """The first boxed expression among a node's children; one that cannot be read gives null, and a problem."""
        for part in children(node):
            if local_name(part) in _LOGIC:
                return self._logic(part, type_ref)
            if local_name(part) in _UNSUPPORTED:
                self.source.problem(part, f"<{local_name(part)}> is not supported", "Draw a table")
                return _NULL
        self.source.problem(node, "it has no table and no expression", "Draw its decision table")
        return _NULL

    def _logic(self, node: Element, type_ref: str) -> Logic:
        match local_name(node):
            case "decisionTable":
                return read_decision_table(self.source, self._items, node, type_ref)
            case "literalExpression":
                return Formula(self.source.expression(node, ""))
            case "invocation":
                called = text_of(child(child(node, "literalExpression"), "text"))
                if called not in self.source.functions:
                    self.source.problem(node, f"it calls “{called}”, which is no knowledge model here", "Name one")
                return Invocation(called, tuple(self._bindings(node)))
            case _:
                return self._entries(node)

    def _bindings(self, node: Element) -> Iterator[tuple[str, Logic]]:
        for binding in children(node, "binding"):
            parameter = child(binding, "parameter")
            name = attribute(parameter, "name")
            yield name, self._inner(binding)

    def _entries(self, node: Element) -> Entries:
        entries: list[tuple[str, Logic]] = []
        result: Logic | None = None
        for entry in children(node, "contextEntry"):
            variable = child(entry, "variable")
            value = self._inner(entry, attribute(variable, "typeRef"))
            if variable is None:
                result = value
            else:
                entries.append((attribute(variable, "name"), value))
        return Entries(tuple(entries), result)


_NULL = Formula(parse("null"))
_LOGIC = frozenset({"decisionTable", "literalExpression", "invocation", "context"})
_UNSUPPORTED = frozenset({"functionDefinition", "relation", "list", "conditional", "for", "some", "every", "filter"})


def _is_checked(name: str, shape: Shape, logic: Logic | None) -> bool:
    """Whether a table sees the input by nothing but columns of that very type."""
    if not isinstance(logic, Table) or name in cell_names(logic):
        return False
    looked_at = [column for column in logic.columns if name in column.expression.names]
    return all(column.expression.text == name and shape == Shape(column.kind) for column in looked_at)


__all__ = ["NAMESPACES", "read_table"]
