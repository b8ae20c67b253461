"""The cases of betsy, a BPMN benchmark of the University of Bamberg: right, or refused for a reason
that is known.

The cases lie beside the project and are not part of it. None may run wrongly.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.app import app
from cli.conformance.bpmn import judge, main
from tests.cli.conformance.models import ABSENT, SUBJECTS, SUITE, flows, folder, model, process, script

REFUSED: dict[str, str] = {
    "AdHocSubProcess_Parallel": "adHocSubProcess is not supported",
    "WCP09_Structured_Discriminator_MultiInstance": 'multiInstanceTask "task1": behavior="One"',
}
"""Process → the words that the refusal has to contain."""

START, END = '<startEvent id="start"/>', '<endEvent id="end"/>'


@pytest.mark.skipif(not SUBJECTS, reason=ABSENT)
@pytest.mark.parametrize("name", SUBJECTS)
def test_every_case_of_a_process_is_right_or_refused_as_declared(name: str) -> None:
    verdict = judge(SUITE, name, SUBJECTS[name])

    if name in REFUSED:
        assert verdict.refused and not verdict.wrong
        assert REFUSED[name] in verdict.line
    else:
        assert verdict.line == ""


@pytest.mark.skipif(not SUBJECTS, reason=ABSENT)
def test_nearly_all_cases_are_right_and_none_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    lines: list[str] = []

    code = main(SUITE, lines.append)

    words = lines[-1].replace(",", "").split()
    assert (words[0], words[2], words[4]) == ("right", "refused", "wrong")
    right, refused, wrong = (int(words[place]) for place in (1, 3, 5))
    assert right >= 108
    assert wrong == 0 == code
    assert right + refused == sum(len(subject.cases) for subject in SUBJECTS.values())
    assert len(lines) == 1 + len(REFUSED)


# -- the command ---------------------------------------------------------------------------------

ONE = model(process("One", START, script("a", "SCRIPT_task1"), END, flows("start a end")))


def run(at: Path) -> tuple[int, list[str]]:
    lines: list[str] = []
    return main(at, lines.append), lines


def test_what_is_right_is_only_counted(tmp_path: Path) -> None:
    case = {"test": "", "integerVariable": 0, "expect": ["task1"], "an unknown key": "is passed over"}

    assert run(folder(tmp_path, {"One": ONE}, One=[case])) == (0, ["right 1, refused 0, wrong 0"])


def test_what_is_wrong_says_case_expectation_and_marks(tmp_path: Path) -> None:
    good, bad = {"test": "a", "expect": ["task1"]}, {"test": "b", "expect": ["task1", "task1"], "marker": True}

    code, lines = run(folder(tmp_path, {"One": ONE}, One=[good, bad]))

    assert code == 1
    assert lines == [
        'wrong One case {"test": "b"}: expected [task1, task1] and the marker, got [task1]',
        "right 1, refused 0, wrong 1",
    ]


def test_what_is_refused_names_the_element_and_is_not_wrong(tmp_path: Path) -> None:
    text = model(process("Odd", START, script("a", "SCRIPT_task1", startQuantity="0"), END, flows("start a end")))
    cases = [{"expect": []}, {"expect": [], "outcome": "assertGenericError"}]

    code, lines = run(folder(tmp_path, {"Odd": text}, Odd=cases))

    assert code == 0
    assert lines[0].startswith('refused Odd: a "a": ')
    assert lines[1:] == ["right 1, refused 1, wrong 0"]


def test_a_condition_that_cannot_be_translated_is_refused_whatever_was_expected(tmp_path: Path) -> None:
    choice = '<exclusiveGateway id="x" name="which?" default="x_end"/>'
    text = model(
        process("Odd", START, choice, script("a", "SCRIPT_task1"), END, flows("start x a[odd(1)] end", "x end"))
    )

    code, lines = run(folder(tmp_path, {"Odd": text}, Odd=[{"outcome": "assertGenericError"}]))

    assert code == 0
    assert lines[0].startswith('refused Odd: x_a "": the call of odd')
    assert lines[1] == "right 0, refused 1, wrong 0"


@pytest.mark.parametrize(
    ("outcome", "right"), [("", 0), ("assertRuntimeException", 1), ("assertErrorThrownErrorEvent", 0), ("odd", 0)]
)
def test_a_run_has_to_end_in_the_way_that_the_case_says(tmp_path: Path, outcome: str, right: int) -> None:
    choice = '<exclusiveGateway id="x"/>'
    text = model(
        process("Stuck", START, choice, script("a", "SCRIPT_task1"), END, flows("start x a[false] end", "x end[false]"))
    )

    _, lines = run(folder(tmp_path, {"Stuck": text}, Stuck=[{"outcome": outcome}]))

    assert lines[-1] == f"right {right}, refused 0, wrong {1 - right}"


def test_a_failure_of_one_process_is_wrong_and_does_not_end_the_run(tmp_path: Path) -> None:
    at = folder(tmp_path, {"One": ONE}, Gone=[{"expect": []}], One=[{"expect": ["task1"]}])

    code, lines = run(at)

    assert code == 1
    assert lines[0].startswith("wrong Gone: FileNotFoundError: ")
    assert lines[1] == "right 1, refused 0, wrong 1"


def test_a_run_without_end_is_wrong(tmp_path: Path) -> None:
    merge, choice = '<exclusiveGateway id="m"/>', '<exclusiveGateway id="x" default="x_m"/>'
    text = model(
        process("Loop", START, merge, script("a", "SCRIPT_a"), choice, END, flows("start m a x end[false]", "x m"))
    )

    code, lines = run(folder(tmp_path, {"Loop": text}, Loop=[{"expect": []}]))

    assert code == 1
    assert lines[0].startswith("wrong Loop case {}: Endless: ")


def test_a_second_instance_is_the_other_process_of_the_file_or_else_the_same_again(tmp_path: Path) -> None:
    other = process("Other", START, script("a", "CREATE_MARKER_FILE"), END, flows("start a end"))
    two = model(process("Two", START, script("a", "SCRIPT_task1"), END, flows("start a end")), other)
    case = {"second_instance": True}

    _, lines = run(
        folder(
            tmp_path,
            {"One": ONE, "Two": two},
            One=[{**case, "expect": ["task1", "task1"]}],
            Two=[{**case, "expect": ["task1"], "marker": True}],
        )
    )

    assert lines == ["right 2, refused 0, wrong 0"]


def test_a_process_that_only_an_event_starts_is_refused(tmp_path: Path) -> None:
    start = '<startEvent id="start"><messageEventDefinition messageRef="m"/></startEvent>'
    text = model(process("Asked", start, END, flows("start end")), declared='<message id="m" name="hello"/>')

    code, lines = run(folder(tmp_path, {"Asked": text}, Asked=[{"expect": []}]))

    assert code == 0
    assert lines[0].startswith("refused Asked: process Asked has no start ")


@pytest.mark.parametrize("text", [None, "no json", '{"One": {"file": "One.bpmn"}}'])
def test_a_folder_without_readable_cases_is_said_in_one_line(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "cases.json").write_text(text)

    code, lines = run(tmp_path)

    assert code == 2
    (line,) = lines
    assert line.startswith(f"{tmp_path / 'cases.json'}: ")


def test_the_command_ends_with_the_totals_and_their_exit_code(tmp_path: Path) -> None:
    at = folder(tmp_path, {"One": ONE}, One=[{"expect": ["task1"]}, {"expect": []}])

    result = CliRunner().invoke(app, ["conformance", "bpmn", str(at)])

    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1] == "right 1, refused 0, wrong 1"
