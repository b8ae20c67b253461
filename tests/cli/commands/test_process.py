"""``baton process``: people check, deploy, compare and try out diagrams at the keyboard."""

from __future__ import annotations

import json
import re

import pytest

from tests.cli.commands.conftest import Keyboard
from tests.servers import free_port
from tests.workflows.bpmn.diagrams import bpmn
from workflows import processes

SHORT = bpmn("start -> a:service(clean) -> end", name="short")
LATER = bpmn("start -> a:service(grade) -> more:task -> end", name="short")
SCRIPT = """
at: 2026-11-23T02:00:00Z
answers:
  a: [{result: {n: 1}}]
people:
  u: [{after: PT3H, data: {outcome: won}}]
"""
OUTER = bpmn("start -> c:call(short) -> end", name="outer")


# -- with files alone ----------------------------------------------------------------------------


def test_a_problem_is_a_line_with_file_line_element_and_code(keyboard: Keyboard) -> None:
    file = keyboard.file("draft.bpmn", bpmn("start -> a:service(nonsense)", name="draft"))

    said = keyboard.type("check", file)

    (error, warning) = sorted(said.lines, key=lambda line: "warning" in line)
    assert said.code == 1
    assert re.fullmatch(rf'{file}:\d+: a "a!": there is no activity \'nonsense\'.* \[unknown_activity\]', error)
    assert warning.endswith("[implicit_end, warning]")


MISNAMED = (
    'start -> a:service(plan_task) -> u:user -> x:xor -[outcome = "raisd"]-> end\nx -[else]-> end2\n'
    "a.in knd = recall\nu.kind recall\nu.role call_center"
)


def test_a_name_that_nobody_knows_comes_with_the_one_that_was_meant(keyboard: Keyboard) -> None:
    file = keyboard.file("draft.bpmn", bpmn(MISNAMED, name="draft"))

    said = keyboard.type("check", file)

    assert said.code == 1
    assert [line.split(": ", 1)[1] for line in said.lines] == [
        "a \"a!\": the activity 'plan_task' takes no 'knd'; did you mean 'kind'? [unknown_input]",
        "u \"u!\": there is no role 'call_center'; did you mean 'call_centre'? [unknown_role]",
        "x \"x!\": the condition of f3_x_end compares 'outcome' with 'raisd', which it never is; did you mean 'raised'?"
        " [unknown_value]",
    ]


def test_a_draft_is_played_although_its_names_are_wrong_and_they_are_said_beside(keyboard: Keyboard) -> None:
    file = keyboard.file("draft.bpmn", bpmn(MISNAMED, name="draft"))

    said = keyboard.type("play", file, "--json")

    assert said.code == 0
    assert json.loads(said.out)["places"]
    assert said.err.count("did you mean") == 3


def test_what_can_be_deployed_is_said_so(keyboard: Keyboard) -> None:
    files = [keyboard.file(f"{key}.bpmn", xml) for key, xml in processes.shipped().items()]

    said = keyboard.type("check", *files)

    assert (said.code, len([line for line in said.lines if line.endswith("can be deployed")])) == (0, len(files))


def test_files_that_call_each_other_are_checked_together(keyboard: Keyboard) -> None:
    inner, outer = keyboard.file("short.bpmn", SHORT), keyboard.file("outer.bpmn", OUTER)

    assert keyboard.type("check", outer, inner).code == 0
    assert "[unknown_process]" in keyboard.type("check", outer).out


def test_a_diagram_from_elsewhere_is_reported_element_by_element(keyboard: Keyboard) -> None:
    file = keyboard.file("foreign.bpmn", bpmn("start -> a:service(clean) -> end"))
    broken = keyboard.file("no.bpmn", "<a>")

    said = keyboard.type("report", file)

    assert said.code == 0
    assert any(re.fullmatch(rf'{file}:\d+: executable serviceTask a "a!"', line) for line in said.lines)
    assert re.fullmatch(rf"{file}: executable \d+, kept \d+, refused 0", said.lines[-1])
    assert keyboard.type("report", broken).code == 1


def test_two_files_are_compared(keyboard: Keyboard) -> None:
    old, new = keyboard.file("old.bpmn", SHORT), keyboard.file("new.bpmn", LATER)

    said = keyboard.type("diff", old, new)

    assert said.code == 0
    assert said.lines[:2] == ['~ serviceTask a "a!"', "    baton:activity: clean → grade"]
    assert '+ task more "more!"' in said.lines
    assert keyboard.type("diff", old, old).lines == ["short: nothing differs but the picture"]


def test_a_diagram_is_played_as_a_script_says(keyboard: Keyboard) -> None:
    file = keyboard.file("p.bpmn", bpmn('start -> a:service -> u:user -> end\nu.due =now + duration("P1D")'))
    script = keyboard.file("s.yaml", SCRIPT)

    said = keyboard.type("play", file, "--script", script)

    assert said.code == 0, said.err
    assert said.lines == [
        "2026-11-23 02:00  p/start start!",
        "2026-11-23 02:00  p/a a!",
        "2026-11-23 02:00  p/u u! … 2026-11-23 05:00",
        "2026-11-23 05:00  p/end end!",
        "deadlines:",
        "  2026-11-24 02:00  due p/u u!: done 2026-11-23 05:00",
        "tasks:",
        "  2026-11-23 02:00  p/u kind (role): done",
        'variables: {"n": 1, "outcome": "won"}',
        "2026-11-23 05:00  it has ended at end",
    ]


def test_a_rehearsal_can_be_had_as_json(keyboard: Keyboard) -> None:
    file = keyboard.file("p.bpmn", bpmn("start -> c:catch(timer P1D) -> end"))
    script = keyboard.file("s.json", '{"at": "2026-11-23T02:00:00Z", "span": "PT1H"}')

    told = json.loads(keyboard.type("play", file, "--script", script, "--json").out)

    assert (told["ending"], told["deadlines"][0]["due"]) == ("time", "2026-11-24T02:00:00Z")


def test_a_shipped_process_is_there_to_be_called(keyboard: Keyboard) -> None:
    file = keyboard.file("p.bpmn", bpmn("start -> c:call(chase) -> end\nc.in kind = recall\nc.in role = hq"))

    said = keyboard.type("play", file)

    assert (said.code, "  chase/work 有人办理 (task)" in said.lines) == (0, True)
    assert "assumed an empty result of:" in said.lines


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("answers: {nobody: []}", "nobody: There is no such element"),
        ("span: soon", "span: Not a readable duration"),
        ("answer: {}", "answer: Unknown field"),
        ("a: [", "no JSON or YAML"),
        ("start: {message: m}", "has no start for m"),
    ],
)
def test_a_script_that_cannot_be_meant_is_one_line(keyboard: Keyboard, script: str, says: str) -> None:
    file = keyboard.file("p.bpmn", bpmn("start -> a:service -> end"))

    said = keyboard.type("play", file, "--script", keyboard.file("s.yaml", script))

    assert (said.code, said.err.count("\n"), said.out) == (1, 1, "")
    assert says in said.err


@pytest.mark.parametrize("words", [("check",), ("play",), ("deploy", "--by", "HQ-01")])
def test_a_file_that_is_not_there_is_one_line(keyboard: Keyboard, words: tuple[str, ...]) -> None:
    said = keyboard.type(words[0], keyboard.folder / "absent.bpmn", *words[1:])

    assert (said.code, said.err.count("\n")) == (1, 1)
    assert "absent.bpmn cannot be read" in said.err


def test_a_file_of_several_processes_has_to_say_which_is_played(keyboard: Keyboard) -> None:
    file = keyboard.file("two.bpmn", bpmn("start -> end\n=== q\nstart2 -> end2"))

    assert "--process" in keyboard.type("play", file).err
    assert keyboard.type("play", file, "--process", "q").lines[-1].endswith("ended at end2")


# -- through the API's door ----------------------------------------------------------------------


async def test_files_are_deployed_what_is_called_first(served: Keyboard) -> None:
    outer, inner = served.file("outer.bpmn", OUTER), served.file("short.bpmn", SHORT)

    said = await served.ask("deploy", outer, inner, "--by", "HQ-01", "--comment", "first")
    again = await served.ask("deploy", inner, "--by", "HQ-01")
    listed = await served.ask("versions", "short")

    assert (said.code, said.lines) == (0, [f"{inner}: short version 1 deployed", f"{outer}: outer version 1 deployed"])
    assert again.lines == [f"{inner}: short version 1 is that already"]
    assert "HQ-01" in listed.out and "first" in listed.out


async def test_what_is_refused_is_said_line_by_line_and_nothing_is_deployed(served: Keyboard) -> None:
    broken = served.file("draft.bpmn", bpmn("start -> a:service(nonsense) -> b:rule(nothing) -> end", name="draft"))
    unreadable = served.file("no.bpmn", "<a>")

    said = await served.ask("deploy", broken, "--by", "HQ-01")
    both = await served.ask("deploy", unreadable, served.file("short.bpmn", SHORT), "--by", "HQ-01")
    versions = await served.ask("versions", "short")

    assert said.code == both.code == 1
    assert [line.rpartition("[")[2] for line in said.lines] == ["unknown_activity]", "unknown_decision]"]
    assert said.lines[0].startswith(f"{broken}:") and 'a "a!": there is no activity' in said.lines[0]
    assert "[no_xml]" in both.out and versions.code == 1


async def test_versions_are_compared_through_the_door(served: Keyboard) -> None:
    for xml in (SHORT, LATER):
        await served.ask("deploy", served.file("short.bpmn", xml), "--by", "HQ-01")

    said = await served.ask("diff", "short", "1", "2")
    unknown = await served.ask("diff", "short", "1", "9")

    assert (said.code, said.lines[:2]) == (0, ['~ serviceTask a "a!"', "    baton:activity: clean → grade"])
    assert (unknown.code, unknown.err.count("\n")) == (1, 1)


async def test_who_may_not_deploy_is_told(served: Keyboard) -> None:
    said = await served.ask("deploy", served.file("short.bpmn", SHORT), "--by", "BJ01-C1")

    assert (said.code, said.out) == (1, "")
    assert "may not do this" in said.err


def test_a_baton_that_does_not_answer_is_one_line(keyboard: Keyboard) -> None:
    said = keyboard.type("versions", "--url", f"http://127.0.0.1:{free_port()}")

    assert (said.code, said.err.count("\n"), "make run" in said.err) == (1, 1, True)
