"""Reads DMN 1.3-1.5 files into the frozen model, and tells their author of everything that is wrong in one go."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache

from rules.checks import check_table
from rules.errors import Problem, TableRefused
from rules.feel import Expression, FeelError, parse
from rules.model import Decision, Entries, Example, Formula, Invocation, Knowledge, Logic
from rules.names import in_order
from rules.table_reader import read_decision_table
from rules.xml import BATON, Element, Source, Types, attribute, child, children, local_name, namespace, root_of, text_of

NAMESPACES = {
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
        names = frozenset(map(_variable, _named(root))) - {""}
        functions = frozenset(
            filter(None, (attribute(node, "name") for node in children(root, "businessKnowledgeModel")))
        )
        self.source = Source(names, functions, Types(root))

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
            logic = self._logic_in(node) or Formula(parse("null"))
            variable = _variable(node)
            supplied = frozenset(required.variable for required in requires)
            supplied |= {model.name for model in knowledge}
            inputs = [name for required in requires for name in required.inputs] + in_order(logic)
            check_table(self.source, node, logic, frozenset(map(_variable, declared)) | supplied)
            decision = Decision(
                key=key,
                name=node.get("name") or key,
                variable=variable,
                logic=logic,
                version=self._version,
                sha256=self._sha256,
                inputs=tuple(name for name in dict.fromkeys(inputs) if name not in supplied),
                requires=requires,
                knowledge=knowledge,
                examples=tuple(self._examples(node)),
                note=text_of(child(node, "description")),
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
            parameters = [attribute(item, "name") for item in children(body, "formalParameter")]
            logic = self._logic_in(body if body is not None else node) or Formula(parse("null"))
            self._models[key] = Knowledge(_variable(node), tuple(parameters), logic, requires)
            self._reading.pop()
        return self._models[key]

    def _required(self, node: Element, requirement: str, kind: str) -> list[Element]:
        """The nodes that requirements of one kind point to; a circle is a problem and is cut."""
        found: list[Element] = []
        for link in children(node, requirement):
            target = child(link, kind)
            if target is None:
                continue
            key = attribute(target, "href").rpartition("#")[2]
            if key in self._reading:
                self.source.problem(link, f"it requires “{key}”, which requires it", "Remove one of the arrows")
            elif key not in self._by_id:
                self.source.problem(link, f"it requires “{key}”, which is not in this file", "Add it here")
            else:
                found.append(self._by_id[key])
        return found

    # --- logic ---

    def _logic_in(self, node: Element) -> Logic | None:
        """The first boxed expression among a node's children."""
        for part in children(node):
            if local_name(part) in _LOGIC:
                return self._logic(part)
            if local_name(part) in _UNSUPPORTED:
                self.source.problem(part, f"<{local_name(part)}> is not supported", "Draw a table")
                return None
        self.source.problem(node, "it has no table and no expression", "Draw its decision table")
        return None

    def _logic(self, node: Element) -> Logic:
        match local_name(node):
            case "decisionTable":
                return read_decision_table(self.source, node)
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
            yield name, self._logic_in(binding) or Formula(parse("null"))

    def _entries(self, node: Element) -> Entries:
        entries: list[tuple[str, Logic]] = []
        result: Logic | None = None
        for entry in children(node, "contextEntry"):
            variable = child(entry, "variable")
            value = self._logic_in(entry) or Formula(parse("null"))
            if variable is None:
                result = value
            else:
                entries.append((attribute(variable, "name"), value))
        return Entries(tuple(entries), result)

    # --- examples ---

    def _examples(self, node: Element) -> Iterator[Example]:
        extension = child(node, "extensionElements")
        for number, example in enumerate(children(extension, "example", of=BATON), 1):
            yield Example(
                example.get("name") or f"example {number}",
                tuple(self._literals(example, "given")),
                tuple(self._literals(example, "expect")),
                example.sourceline,
            )

    def _literals(self, example: Element, kind: str) -> Iterator[tuple[str, Expression]]:
        for entry in children(example, kind, of=BATON):
            try:
                yield attribute(entry, "name"), parse(text_of(entry))
            except FeelError as problem:
                self.source.problem(entry, str(problem), "Write a FEEL literal; text needs quotes")


_LOGIC = frozenset({"decisionTable", "literalExpression", "invocation", "context"})
_UNSUPPORTED = frozenset({"functionDefinition", "relation", "list", "conditional", "for", "some", "every", "filter"})


def _variable(node: Element) -> str:
    name = attribute(child(node, "variable"), "name") or attribute(node, "name") or attribute(node, "id")
    return " ".join(name.split())


def _named(root: Element) -> Iterator[Element]:
    """Everything in the file that gives a name to a value; FEEL has to know names with spaces in them."""
    for node in root.iter():
        if local_name(node) in {"inputData", "decision", "businessKnowledgeModel", "formalParameter", "variable"}:
            yield node


__all__ = ["NAMESPACES", "read_table"]
