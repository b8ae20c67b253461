"""The DMN Technology Compatibility Kit, compliance level 2: every case, through both evaluators."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

import rules
from rules import Decided, NoRuleMatched, read_table, reference
from rules.feel import Value, times

CASES = Path(__file__).parents[3] / "shared" / "conformance" / "dmn" / "cl2"
TEST = "{http://www.omg.org/spec/DMN/20160719/testcase}"
INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
READ: dict[str, Callable[[str], Value]] = {
    "decimal": Decimal,
    "double": Decimal,
    "integer": Decimal,
    "boolean": lambda text: text == "true",
    "date": times.date_from,
    "time": times.time_from,
    "dateTime": times.date_time_from,
    "duration": times.duration_from,
    "string": str,
}


def cases() -> Iterator[Any]:
    for file in sorted(CASES.glob("*/*-test-*.xml")):
        tests = etree.parse(file).getroot()
        model = file.parent / tests.findtext(f"{TEST}modelName")
        for case in tests.iter(f"{TEST}testCase"):
            for result in case.iter(f"{TEST}resultNode"):
                name = f"{file.parent.name}-{case.get('id')}-{result.get('name')}"
                yield pytest.param(model, case, result, id=name.replace(" ", "_"))


def value(node: Any) -> Value:
    """The value that a case's node states."""
    single = node.find(f"{TEST}value")
    if single is not None:
        if single.get(f"{INSTANCE}nil") == "true":
            return None
        return READ[single.get(f"{INSTANCE}type", "xsd:string").rpartition(":")[2]](single.text or "")
    items = node.find(f"{TEST}list")
    if items is not None:
        return [value(item) for item in items.iter(f"{TEST}item")]
    return {part.get("name"): value(part) for part in node.iterchildren(f"{TEST}component")}


def same(wanted: Value, got: Value) -> bool:
    if isinstance(wanted, Decimal) and isinstance(got, Decimal):
        return abs(wanted - got) <= Decimal("1e-8")  # the kit's own tolerance
    if isinstance(wanted, list) and isinstance(got, list):
        return len(wanted) == len(got) and all(map(same, wanted, got))
    if isinstance(wanted, dict) and isinstance(got, dict):
        return wanted.keys() == got.keys() and all(same(wanted[key], got[key]) for key in wanted)
    return type(wanted) is type(got) and wanted == got


@pytest.mark.skipif(not CASES.is_dir(), reason="the conformance cases are not beside this checkout")
@pytest.mark.parametrize("decide", [rules.decide, reference.decide], ids=["durable-rules", "reference"])
@pytest.mark.parametrize(("model", "case", "result"), list(cases()))
def test_case(model: Path, case: Any, result: Any, decide: Callable[..., Decided]) -> None:
    # given the model's decision and the case's inputs
    decisions = {decision.name: decision for decision in read_table(model.read_bytes())}
    decision = decisions[result.get("name")]
    given = {node.get("name"): value(node) for node in case.iterchildren(f"{TEST}inputNode")}
    inputs = {name: given.get(name) for name in decision.inputs}

    # when it is decided
    try:
        got = decide(decision, inputs).value
    except NoRuleMatched:
        got = None

    # then the outcome is the stated one, up to the order that COLLECT leaves open
    wanted = value(result.find(f"{TEST}expected"))
    if "multi-collect" in model.name and isinstance(wanted, list) and isinstance(got, list):
        wanted, got = sorted(wanted, key=repr), sorted(got, key=repr)
    assert same(wanted, got)
