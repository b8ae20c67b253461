"""What changed between two versions is told by element and in BPMN's words; how it is drawn says
nothing."""

from __future__ import annotations

import pytest

from tests.workflows.bpmn.diagrams import bpmn
from workflows import processes
from workflows.bpmn import Process, read
from workflows.bpmn.difference import DiagramChange, DiagramChangeKind, difference

DRAWN = "start -> a:service(clean) -> x:xor -[n > 1]-> b:task -> end\nx -[n > 5]-> c:task -> end2\nx -[else]-> end3"


def process(text: str) -> Process:
    return read(bpmn(text)).processes["p"]


def between(old: str, new: str) -> tuple[DiagramChange, ...]:
    return difference(process(old), process(new))


def properties(changes: tuple[DiagramChange, ...], element: str) -> list[tuple[str, str, str]]:
    (found,) = [change for change in changes if change.id == element]
    assert found.kind is DiagramChangeKind.CHANGED
    return [(one.name, one.old, one.new) for one in found.properties]


def test_a_version_does_not_differ_from_itself() -> None:
    for key, xml in processes.shipped().items():
        assert difference(read(xml).processes[key], read(xml).processes[key]) == ()


def test_lines_and_the_picture_do_not_count() -> None:
    xml = bpmn(DRAWN)
    moved = xml.replace(b"<process ", b"\n\n<!-- moved -->\n<process ")

    assert difference(read(xml).processes["p"], read(moved).processes["p"]) == ()


def test_what_came_and_went_is_told_with_its_flows() -> None:
    changes = between("start -> a:task -> end", "start -> b:user -> end")

    told = [(change.kind, change.tag, change.id) for change in changes]
    assert told == [
        (DiagramChangeKind.ADDED, "userTask", "b"),
        (DiagramChangeKind.ADDED, "sequenceFlow", "f0_start_b"),
        (DiagramChangeKind.ADDED, "sequenceFlow", "f1_b_end"),
        (DiagramChangeKind.REMOVED, "task", "a"),
        (DiagramChangeKind.REMOVED, "sequenceFlow", "f0_start_a"),
        (DiagramChangeKind.REMOVED, "sequenceFlow", "f1_a_end"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "element", "property"),
    [
        ("start -> a:service(x)", "start -> a:service(y)", "a", ("baton:activity", "x", "y")),
        ("start -> a:rule(x)", "start -> a:rule(y)", "a", ("baton:decision", "x", "y")),
        ("start -> a:task", "start -> a:manual", "a", ("tag", "task", "manualTask")),
        ("start -> a:user\na.role hq", "start -> a:user\na.role consultant", "a", ("baton:role", "hq", "consultant")),
        ("start -> a:user", "start -> a:user\na.due =now", "a", ("baton:due", "", "=now")),
        ("start -> a:service\na.in x = 1", "start -> a:service\na.in x = =n", "a", ("baton:input x", "1", "=n")),
        ("start -> a:service\na.out x = 1", "start -> a:service", "a", ("baton:output x", "1", "")),
        ("start -> a:script(1)\na.result r", "start -> a:script(2)\na.result r", "a", ("script", "1", "2")),
        (
            "start -> a:catch(timer PT1H) -> end",
            "start -> a:catch(timer PT2H) -> end",
            "a",
            ("timerEventDefinition timeDuration", "PT1H", "PT2H"),
        ),
        (
            "start -> a:catch(message m) -> end",
            "start -> a:catch(message n) -> end",
            "a",
            ("messageEventDefinition", "m", "n"),
        ),
        (
            "start -> a:user\na!b:timer PT1H -> end",
            "start -> a:user\na+b:timer PT1H -> end",
            "b",
            ("cancelActivity/isInterrupting", "true", "false"),
        ),
        (
            "start -> x:xor -[n > 1]-> end\nx -[else]-> end2",
            "start -> x:xor -[n > 2]-> end\nx -[else]-> end2",
            "f1_x_end",
            ("conditionExpression", "n > 1", "n > 2"),
        ),
    ],
)
def test_a_property_is_told_in_bpmns_words(old: str, new: str, element: str, property: tuple[str, str, str]) -> None:
    assert properties(between(old, new), element) == [property]


def test_another_event_is_one_definition_less_and_one_more() -> None:
    changes = between("start -> a:catch(timer PT1H) -> end", "start -> a:catch(message m) -> end")

    assert properties(changes, "a") == [
        ("messageEventDefinition", "", "m"),
        ("timerEventDefinition timeDuration", "PT1H", ""),
    ]


def test_the_order_in_which_conditions_are_tried_counts() -> None:
    xml = bpmn(DRAWN).decode()
    lines = xml.splitlines()
    one, other = (next(i for i, line in enumerate(lines) if f'targetRef="{end}"' in line) for end in ("b", "c"))
    lines[one], lines[other] = lines[other], lines[one]

    changes = difference(read(xml.encode()).processes["p"], read("\n".join(lines).encode()).processes["p"])

    (change,) = changes
    assert (change.id, [one.name for one in change.properties]) == ("x", ["order of conditions"])


def test_an_element_that_moved_into_a_sub_process_says_so() -> None:
    outside = "s:sub {\nstart2 -> end2\n}\nstart -> s -> a:task -> end"
    changes = between(outside, "s:sub {\nstart2 -> a:task -> end2\n}\nstart -> s -> end")

    assert properties(changes, "a") == [("subProcess", "", "s")]


def test_a_renamed_process_is_told_first() -> None:
    new = bpmn(DRAWN).replace(b'name="N"', b'name="M"').replace(b"clean", b"grade")

    changes = difference(process(DRAWN), read(new).processes["p"])

    assert [(change.tag, change.id) for change in changes] == [("process", "p"), ("serviceTask", "a")]
