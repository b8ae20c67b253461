"""A slip of the pen in a shipped diagram never passes: every name, misspelt by one letter, is found
where it stands.

The diagrams are the shipped ones, the slips are made by the machine: each name that a diagram says,
one at a time, with a letter dropped, changed or doubled. What has to be found is the element and
the right name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pytest
from lxml import etree

import rules
from domain.kinds import KINDS
from domain.processes.contracts import contracts, of_decisions
from tests.workflows.processes.play import program
from workflows.bpmn import ModelRefused, Problem, read, validate
from workflows.bpmn.contracts import Contracts
from workflows.processes import shipped

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BATON = "{urn:baton:bpmn:1}"
WORDS = frozenset({"if", "then", "else", "and", "or", "null", "true", "false", "now", "duration", "not", "in"})
"""What in an expression is FEEL's own."""
TOKEN = re.compile(r'"(?P<text>[^"]*)"|(?P<name>[A-Za-z_]\w*)')
IN_VAIN = {
    ("nurture", "keep_over", "failed"): "whoever reads the outcome takes everything else for failed",
    ("sale", "expire_pool", "unclaimed"): "whoever reads the outcome takes everything else for unclaimed",
    ("sale", "expire_pool", "PT1H"): "no name: a duration",
    ("round", "asked", "backfill"): "keeps the period that was asked for apart from the planned one",
}
"""Texts of a diagram that nothing anywhere compares with, and why that is as it should be."""
OF_A_LIST = {("ticket", "work", name) for name in ("kind", "role", "hours", "calendar")}
"""Members of what a list holds: nobody declares them."""
ROUND = ("ticket", "work", "step")
"""What only the rounds of a loop see is found, but not among the names that are proposed."""


class Said(NamedTuple):
    """A name as it stands in a diagram: where, and how to write it otherwise."""

    process: str
    element: str
    what: str
    name: str
    place: int  # the node, in the order of the file
    attribute: str  # "" for its text
    begin: int

    def __str__(self) -> str:
        return f"{self.process}-{self.element}-{self.what}-{self.name}"


def said(key: str, xml: bytes) -> Iterator[Said]:
    """Every name that a diagram says to others, or one of its elements to another."""
    root = etree.fromstring(xml)
    places = {node: place for place, node in enumerate(root.iter())}
    flows = {flow.get("id", ""): flow.get("sourceRef", "") for flow in root.iter(f"{BPMN}sequenceFlow")}

    def of(node: etree._Element, attribute: str, what: str) -> Iterator[Said]:
        value = (node.get(attribute) if attribute else node.text) or ""
        element = _element_of(node, flows)
        place = places[node]
        if what in ("condition", "script", "due date") or value.startswith("="):
            for token in TOKEN.finditer(value):
                name = token["text"] if token["text"] is not None else token["name"]
                if token["text"] is not None or name not in WORDS:
                    yield Said(key, element, what, name, place, attribute, token.start(token.lastgroup or 0))
        elif value:
            yield Said(key, element, what, value, place, attribute, 0)

    for node in root.iter(f"{BPMN}*"):
        for attribute in ("activity", "decision", "kind", "role", "due", "result"):
            yield from of(node, f"{BATON}{attribute}", attribute)
        yield from of(node, "calledElement", "process")
        yield from of(node, "escalationCode", "escalation")
        if node.tag == f"{BPMN}message":
            yield from of(node, "name", "message")
    for node in root.iter(f"{BATON}input", f"{BATON}output"):
        yield from of(node, "name", f"{etree.QName(node).localname} name")
        yield from of(node, "", "value")
    for tag, what in (("conditionExpression", "condition"), ("script", "script"), ("timeDate", "due date")):
        for node in root.iter(f"{BPMN}{tag}"):
            yield from of(node, "", what)


def _element_of(node: etree._Element, flows: dict[str, str]) -> str:
    """The flow node that a part of it belongs to; of a flow the one that it leaves; "" for what is
    declared for all."""
    at: etree._Element | None = node
    while at is not None:
        name = at.get("id", "")
        if at.tag == f"{BPMN}sequenceFlow":
            return flows[name]
        if at.tag.endswith(("Task", "Event", "Activity", "Gateway", "subProcess")):
            return name
        at = at.getparent()
    return ""


def slips(name: str) -> tuple[str, ...]:
    """The name with one letter dropped, one changed, one doubled."""
    middle = len(name) // 2
    before, letter, after = name[:middle], name[middle], name[middle + 1 :]
    return (before + after, before + ("x" if letter != "x" else "y") + after, before + letter + letter + after)


def misspelt(xml: bytes, one: Said, slip: str) -> bytes:
    root = etree.fromstring(xml)
    node = [*root.iter()][one.place]
    value = (node.get(one.attribute) if one.attribute else node.text) or ""
    value = value[: one.begin] + slip + value[one.begin + len(one.name) :]
    if one.attribute:
        node.set(one.attribute, value)
    else:
        node.text = value
    return etree.tostring(root)


@cache
def everything() -> Contracts:
    decisions = of_decisions(one for path in rules.shipped() for one in rules.read_table(path.read_bytes()))
    return contracts(frozenset(KINDS), decisions, program())


def found(xml: bytes) -> tuple[Problem, ...]:
    known = everything()
    try:
        return validate(
            read(xml),
            activities=known.activities,
            decisions=known.decisions,
            processes=known.processes,
            contracts=known,
        )
    except ModelRefused as refused:
        return refused.problems


SAID = [one for key, xml in shipped().items() for one in said(key, xml)]


def test_shipped_diagrams_keep_all_contracts() -> None:
    assert {key: [str(one) for one in found(xml)] for key, xml in shipped().items()} == {key: [] for key in shipped()}


def test_names_of_every_sort_are_misspelt() -> None:
    assert len(SAID) > 150
    assert {one.what for one in SAID} == {
        "activity",
        "condition",
        "decision",
        "due",
        "due date",
        "escalation",
        "input name",
        "kind",
        "message",
        "output name",
        "process",
        "result",
        "role",
        "script",
        "value",
    }


@pytest.mark.parametrize(("number", "one"), [*enumerate(SAID)], ids=str)
def test_no_slip_of_the_pen_passes(number: int, one: Said) -> None:
    """The three sorts of slips take turns: each name once, each sort for a third of them."""
    slip = slips(one.name)[number % 3]
    problems = found(misspelt(shipped()[one.process], one, slip))

    here = [problem for problem in problems if one.element in ("", problem.element)]
    what = (one.process, one.element, one.name)
    if what in IN_VAIN or (what in OF_A_LIST and one.what == "value"):
        assert problems == ()
    elif what == ROUND:
        assert "unknown_variable" in {problem.code for problem in here}
    else:
        assert one.name in {problem.proposal for problem in here}, (slip, [str(problem) for problem in problems])
