"""Reads the requirement graph of a DMN file: decisions, knowledge models and services (DMN 1.5,
chapter 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeAlias

from rules.feel import parse
from rules.model import Decision, Entries, Formula, Import, Invocation, Knowledge, Logic, Table
from rules.reading.checks import check_table
from rules.reading.declared import iterators, naming, type_of, variable_of
from rules.reading.example import read_examples
from rules.reading.item_types import ItemDefinitions
from rules.reading.links import Links, key_of
from rules.reading.logic import LogicReader
from rules.reading.names import cell_names, in_order, maybe_names
from rules.reading.xml import Element, Source, Types, attribute, child, children, local_name, text_of
from rules.shapes import ANYTHING, Shape

Beside: TypeAlias = Callable[[str, str], Element | None]
"""The root of a file by its namespace and the location that an import names; None if it is not
there."""
_ELSEWHERE = (
    ("informationRequirement", "requiredDecision"),
    ("informationRequirement", "requiredInput"),
    ("knowledgeRequirement", "requiredKnowledge"),
)
_Cut = frozenset[str]
"""Ids of decisions that are not looked into: inside a service they are given like inputs."""


class GraphReader:
    """Reads one file; made for one use. Nodes are read once and found by their id."""

    def __init__(
        self,
        root: Element,
        sha256: str,
        version: int,
        *,
        lenient: bool = False,
        beside: Beside | None = None,
        around: frozenset[str] = frozenset(),
    ) -> None:
        self._root = root
        self._sha256 = sha256
        self._version = version
        self._decisions: dict[tuple[str, _Cut], Decision] = {}
        self._models: dict[str, Knowledge] = {}
        within = around | {attribute(root, "namespace")}
        self._imports = dict(self._imported(beside, within, lenient)) if beside else {}
        aliases = frozenset(alias for alias, _ in self._imports.values())
        names = frozenset((*map(variable_of, naming(root)), *iterators(root), *aliases)) - {""}
        self._called = [*children(root, "businessKnowledgeModel"), *children(root, "decisionService")]
        functions = frozenset(map(variable_of, self._called)) - {""}
        for _, other in self._imports.values():
            names |= other.source.names
        self.source = Source(names, functions, Types(root), lenient=lenient)
        self._links = Links(root, self.source, frozenset(self._imports))
        self._items = ItemDefinitions(
            root, self.source, {alias: other.items for alias, other in self._imports.values()}
        )
        self._logic = LogicReader(self.source, self._items)
        declared = [*children(root, "inputData"), *children(root, "decision")]
        self._declared = {variable_of(node): type_of(node) for node in reversed(declared)}

    @property
    def items(self) -> ItemDefinitions:
        return self._items

    @property
    def broken(self) -> set[str]:
        """The keys of what cannot be run."""
        return self._links.broken

    def decisions(self) -> tuple[Decision, ...]:
        nodes = list(children(self._root, "decision"))
        for node in children(self._root, "import"):
            self.source.unfinished(node, "<import> is not supported", "Keep each decision in one plain file")
        if not nodes:
            self.source.unfinished(self._root, "the file holds no decision", "Add a decision table")
        keys = list(map(key_of, nodes))
        for node, key in zip(nodes, keys, strict=True):
            if keys.count(key) > 1:
                self._links.broken.add(key)
                self.source.problem(node, f"the decision id “{key}” is used twice", "Give it its own id")
            elif not node.get("id"):
                self.source.unfinished(node, "the decision has no id", "Give it one")
        return tuple(map(self._decision, nodes))

    def callables(self) -> tuple[Decision, ...]:
        """Knowledge models and services, each as a decision that calls it with its inputs."""
        return tuple(self._as_decision(key_of(node), self._knowledge(node)) for node in self._called)

    def _decision(self, node: Element, cut: _Cut = frozenset()) -> Decision:
        key = key_of(node)
        if (key, cut) in self._decisions:
            return self._decisions[key, cut]
        with self.source.inside(node.get("name") or key), self._links.reading(key):
            needed = self._links.required(node, "informationRequirement", "requiredDecision")
            needed += self._links.required(node, "informationRequirement", "requiredInput")
            links = [link for link in needed if local_name(link) == "decision"]
            requires = tuple(self._decision(link, cut) for link in links if key_of(link) not in cut)
            given = [link for link in needed if link not in links or key_of(link) in cut]
            called = self._links.required(node, "knowledgeRequirement", "requiredKnowledge")
            knowledge = tuple(map(self._knowledge, called))
            logic = self._logic.within(node, type_of(node))
            supplied = frozenset(required.variable for required in requires)
            supplied |= {model.name for model in knowledge}
            visible = frozenset(map(variable_of, given))
            imports = self._required_elsewhere(node)
            supplied |= {name for one in imports for name in ([one.alias] if one.alias else one.inputs)}
            inputs = self._inputs(requires, logic, supplied, visible, imports)
            check_table(self.source, node, logic, visible | supplied)
            decision = Decision(
                key=key,
                name=node.get("name") or key,
                variable=variable_of(node),
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
                imports=imports,
            )
            self._links.breaks(key, *(key_of(link) for link in (*links, *called)))
        self._decisions[key, cut] = decision
        return decision

    def _inputs(
        self,
        requires: tuple[Decision, ...],
        logic: Logic,
        supplied: frozenset[str],
        visible: frozenset[str],
        imports: tuple[Import, ...],
    ) -> tuple[str, ...]:
        """What has to be given. Names that may be none count if the file declares them.

        A draft may read what the file declares without an arrow to it. By the letter, such a name
        is null.
        """
        hidden = frozenset(name for name in maybe_names(logic) if name not in self._declared)
        if self.source.lenient:
            hidden |= self._declared.keys() - visible
        own = [name for name in in_order(logic) if name not in hidden]
        read = [name for required in requires for name in required.inputs] + own
        elsewhere = [one.name(name) for one in imports for name in _needed(one)]
        return tuple(dict.fromkeys([*(name for name in read if name not in supplied), *elsewhere]))

    def _knowledge(self, node: Element) -> Knowledge:
        key = key_of(node)
        if key not in self._models:
            with self.source.inside(node.get("name") or key), self._links.reading(key):
                service = local_name(node) == "decisionService"
                self._models[key] = self._service(node) if service else self._model(node)
        return self._models[key]

    def _model(self, node: Element) -> Knowledge:
        called = self._links.required(node, "knowledgeRequirement", "requiredKnowledge")
        requires = tuple(map(self._knowledge, called))
        body = child(node, "encapsulatedLogic")
        definition = self._logic.definition(body if body is not None else node)
        self._links.breaks(key_of(node), *(key_of(link) for link in called))
        result = "" if isinstance(definition.body, Table) else type_of(node)
        return Knowledge(
            variable_of(node),
            definition.parameters,
            definition.body,
            requires,
            definition.shapes,
            self._items.result_of(result),
            imports=self._required_elsewhere(node),
        )

    def _service(self, node: Element) -> Knowledge:
        """Its parameters are its input data, then its input decisions; several outputs make a
        context."""
        outputs, inside = self._links.named(node, "outputDecision"), self._links.named(node, "inputDecision")
        parameters = [*self._links.named(node, "inputData"), *inside]
        cut = frozenset(key_of(part) for part in inside)
        decisions = tuple(self._decision(part, cut) for part in outputs)
        self._links.breaks(key_of(node), *(key_of(part) for part in outputs))
        results = tuple((one.variable, Formula(parse(one.variable, self.source.names))) for one in decisions)
        return Knowledge(
            variable_of(node),
            tuple(map(variable_of, parameters)),
            results[0][1] if len(results) == 1 else Entries(results),
            (),
            tuple(self._items.shape(type_of(part)) for part in parameters),
            self._items.result_of(type_of(node)),
            decisions,
        )

    def _as_decision(self, key: str, model: Knowledge) -> Decision:
        names = self.source.names
        bindings = tuple((name, Formula(parse(name, names))) for name in model.parameters)
        logic = Invocation(parse(model.name, names), bindings)
        return Decision(key, model.name, model.name, logic, inputs=model.parameters, knowledge=(model,))

    # --- other files ---

    def _imported(
        self, beside: Beside, within: frozenset[str], lenient: bool
    ) -> Iterator[tuple[str, tuple[str, GraphReader]]]:
        """Readers of the imported files that are there, by their namespaces; one that imports us is
        not followed."""
        for node in children(self._root, "import"):
            space = attribute(node, "namespace")
            root = None if space in within else beside(space, attribute(node, "locationURI"))
            if root is not None:
                other = GraphReader(root, "", 1, lenient=lenient, beside=beside, around=within)
                yield space, (" ".join(attribute(node, "name").split()), other)

    def _required_elsewhere(self, node: Element) -> tuple[Import, ...]:
        """What a node requires of other files."""
        found: dict[str, Import] = {}
        for requirement, kind in _ELSEWHERE:
            for space, key in self._links.elsewhere(node, requirement, kind):
                alias, other = self._imports[space]
                one = found.get(space, Import(alias, space))
                found[space] = other.add_to(one, key)
                if key in other.broken:
                    self.source.problem(node, f"it requires “{key}” of “{space}”, which cannot be read", "Mend it")
        return tuple(found.values())

    def add_to(self, one: Import, key: str) -> Import:
        """What another file requires of this one, with one node more."""
        node = self._links.node(key)
        match local_name(node) if node is not None else "":
            case "decision" if node is not None:
                return replace(one, decisions=(*one.decisions, self._decision(node)))
            case "inputData" if node is not None:
                return replace(one, inputs=(*one.inputs, variable_of(node)))
            case "businessKnowledgeModel" | "decisionService" if node is not None:
                return replace(one, knowledge=(*one.knowledge, self._knowledge(node)))
            case _:
                self._links.broken.add(key)
                return one

    def _shapes(self, inputs: tuple[str, ...], logic: Logic | None) -> Iterator[tuple[str, Shape]]:
        """The declared shapes of inputs, but for those that a table's own column checks: nothing is
        checked twice.

        ``logic`` is None if other decisions read the inputs too.
        """
        for name in inputs:
            shape = self._items.shape(self._declared.get(name, ""))
            if shape != ANYTHING and not _is_checked(name, shape, logic):
                yield name, shape


def _needed(one: Import) -> Iterator[str]:
    yield from one.inputs
    yield from (name for required in one.decisions for name in required.inputs)


def _is_checked(name: str, shape: Shape, logic: Logic | None) -> bool:
    """Whether a table sees the input by nothing but columns of that very type."""
    if not isinstance(logic, Table) or name in cell_names(logic):
        return False
    looked_at = [column for column in logic.columns if name in column.expression.names]
    return all(column.expression.text == name and shape == Shape(column.kind) for column in looked_at)
