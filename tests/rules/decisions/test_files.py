"""The shipped tables as files: whoever opens one finds its name, its reason and its examples."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

FOLDER = Path(__file__).parents[3] / "rules" / "decisions"
FILES = sorted(FOLDER.glob("*.dmn"))
DMN = "{https://www.omg.org/spec/DMN/20230324/MODEL/}"
BATON = "{urn:baton:dmn:1}"

KEYS = {
    "assignment": "COLLECT",
    "belonging": "FIRST",
    "cadence": "FIRST",
    "cleaning": "FIRST",
    "dispatch": "COLLECT",
    "escalation-ladder": "UNIQUE",
    "follow-up-rules": "FIRST",
    "grade": "FIRST",
    "grade-scale": "UNIQUE",
    "hold-limits": "UNIQUE",
    "hq-first": "FIRST",
    "later-purchase": "UNIQUE",
    "overflow": "FIRST",
    "contact-rules": "FIRST",
    "material": "FIRST",
    "notice-hours": "FIRST",
    "nurture-plan": "FIRST",
    "pool": "UNIQUE",
    "price-tier": "UNIQUE",
    "progress": "FIRST",
    "reassign": "FIRST",
    "recall": "FIRST",
    "redistribution": "UNIQUE",
    "rounds": "UNIQUE",
    "routing-limits": "UNIQUE",
    "task-priority": "COLLECT",
    "ticket-policy": "FIRST",
    "ticket-severity": "FIRST",
    "ticket-steps": "FIRST",
    "validity": "FIRST",
    "visit-elsewhere": "FIRST",
    "who": "UNIQUE",
}


def _decision(file: Path) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    found = etree.fromstring(file.read_bytes(), parser).findall(f"{DMN}decision")
    assert len(found) == 1
    return found[0]


def test_every_table_is_there() -> None:
    assert {file.stem for file in FILES} == set(KEYS)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_holds_one_decision_with_a_chinese_name_and_its_requirement(file: Path) -> None:
    decision = _decision(file)
    assert decision.get("id") == file.stem
    assert re.search(r"[\u4e00-\u9fff]", decision.get("name", ""))
    assert re.match(r"(Words|[A-F][0-9]{1,2})\b", decision.findtext(f"{DMN}description", ""))
    table = decision.find(f"{DMN}decisionTable")
    assert table is not None
    assert table.get("hitPolicy") == KEYS[file.stem]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_ids_are_unique_and_rows_are_complete(file: Path) -> None:
    decision = _decision(file)
    ids = [element.get("id") for element in decision.getroottree().iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    columns = len(decision.findall(f".//{DMN}input"))
    outputs = len(decision.findall(f".//{DMN}output"))
    for rule in decision.iter(f"{DMN}rule"):
        assert len(rule.findall(f"{DMN}inputEntry")) == columns, rule.get("id")
        assert len(rule.findall(f"{DMN}outputEntry")) == outputs, rule.get("id")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_examples_give_every_input_and_expect_every_output(file: Path) -> None:
    decision = _decision(file)
    inputs = {text.text for text in decision.findall(f".//{DMN}inputExpression/{DMN}text")}
    outputs = {output.get("name") for output in decision.iter(f"{DMN}output")}
    examples = list(decision.iter(f"{BATON}example"))
    assert len(examples) >= max(3, len(list(decision.iter(f"{DMN}rule"))) - 6)
    for example in examples:
        assert {given.get("name") for given in example.findall(f"{BATON}given")} == inputs
        assert {expect.get("name") for expect in example.findall(f"{BATON}expect")} == outputs
