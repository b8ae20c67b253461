"""The table of codes: complete, and every sentence that a check says is short."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.bpmn.checks.finding import problems
from tests.workflows.bpmn.simulation.blocks import BLOCKS, Block
from tests.workflows.bpmn.simulation.drawing import diagram
from workflows import bpmn
from workflows.bpmn import Severity, read, validate
from workflows.bpmn.checks.codes import CODES
from workflows.bpmn.validate import structure
from workflows.processes import shipped

SOURCE = Path(bpmn.__file__).parent
SAYING = {"refuse": 1, "note": 1, "_refused": 1, "problem_at": 1, "Problem": 3, "Found": 1, "misnamed": 1}
"""By function that makes a problem, the place of the code among its arguments."""
GOLDEN = Path(__file__).parents[3] / "golden" / "processes"


def said() -> set[str]:
    """Every code that stands as a literal in the reading and the checks."""
    found: set[str] = set()
    for path in [
        SOURCE / "xml.py",
        *SOURCE.glob("reading/*.py"),
        *SOURCE.glob("checks/*.py"),
        *SOURCE.glob("contracts/*.py"),
    ]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                place = SAYING.get(name)
                argument = node.args[place] if place is not None and place < len(node.args) else None
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    found.add(argument.value)
    return found


def test_every_code_that_is_said_is_in_the_table() -> None:
    assert len(said()) > 40
    assert said() <= set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_every_code_of_the_table_can_be_said_and_is_explained_in_one_line(code: str) -> None:
    said_in = [path for path in SOURCE.rglob("*.py") if path.name != "codes.py" and f'"{code}"' in path.read_text()]
    assert said_in
    assert CODES[code].means and "\n" not in CODES[code].means and len(CODES[code].means) <= 110


@settings(max_examples=60)
@given(BLOCKS, st.booleans())
def test_diagrams_that_come_to_their_end_are_never_refused_by_a_check(block: Block, halting: bool) -> None:
    for problem in problems(diagram(block, halting=halting).text):
        assert problem.severity is Severity.WARNING, problem
        assert CODES[problem.code].severity is problem.severity
        assert len(problem.message) <= 200


@pytest.mark.parametrize(
    "xml",
    [*shipped().values(), *(path.read_bytes() for path in sorted(GOLDEN.glob("*.bpmn")))],
    ids=lambda xml: f"{len(xml)} bytes",
)
def test_the_processes_that_are_in_use_have_nothing_to_be_said_about(xml: bytes) -> None:
    definitions = read(xml)
    assert [str(problem) for problem in validate(definitions)] == []
    assert [problem for process in definitions.processes.values() for problem in structure(process)] == []
