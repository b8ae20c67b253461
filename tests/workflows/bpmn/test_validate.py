"""Whole diagrams: errors that refuse them on reading, warnings and unknown names that ``validate``
finds."""

from __future__ import annotations

import pytest

from tests.workflows.bpmn.diagrams import bpmn, definitions
from workflows.bpmn import ModelRefused, Severity, read, validate


@pytest.mark.parametrize(
    ("text", "element", "code"),
    [
        ("a:user -> x:xor -> a", "p", "no_start"),
        ("start -> s:sub -> end\ns {\nstart2 -> end2\nstart3 -> end3\n}", "s", "ambiguous_start"),
        ("s1:start(message m) -> end\ns2:start(message m) -> end2", "p", "ambiguous_start"),
        ("start -> s:sub -> end\ns:sub {\nm:start(message m) -> end2\n}", "s", "no_start"),
        ("start -> end\nh:on {\nm:start(message m) -> end2\nn:start(message n) -> end3\n}", "h", "event_start"),
        ("start -> end\nb:user -> end2", "b", "unreachable"),
        ("start -> end\nb:user -> x:xor -> b", "b", "unreachable"),
        ("start -> a:user -> end\na!late:timer PT1H", "late", "boundary_without_flow"),
        ("start -> x:xor", "x", "no_outgoing"),
        ("start -> a:user -> end -> a", "end", "flow_out_of"),
        ("start -> a:user -> start", "start", "flow_into"),
        ("start -> a:user -> end\na -> h:on\nh:on {\nm:start(message m) -> end2\n}", "h", "flow_into"),
        ("start -> x:xor -[n > 1]-> end\nx -> end2", "x", "missing_condition"),
        ("start -> r:race -> a:user -> end\nr -> b:catch(message m) -> end2", "r", "gateway_target"),
        ("start -> r:race -> a:catch(message m) -> end\nr -> b:catch(message n) -> a", "r", "gateway_target"),
        ("start -> x:xor -> end\nx!late:timer PT1H -> end2", "late", "broken_boundary"),
    ],
)
def test_errors_refuse_the_diagram(text: str, element: str, code: str) -> None:
    with pytest.raises(ModelRefused) as refusal:
        read(bpmn(text))
    assert (element, code) in {(problem.element, problem.code) for problem in refusal.value.problems}


@pytest.mark.parametrize(
    ("attribute", "text"),
    [
        ('baton:activity="ship"', "start -> a:service(ship) -> end"),
        ('baton:decision="grade"', "start -> a:rule(grade) -> end"),
        ('baton:kind="kind"', "start -> a:user -> end"),
        ('baton:role="role"', "start -> a:user -> end"),
        ('calledElement="p"', "start -> a:call(p) -> end"),
        ('messageRef="message_m"', "start -> a:send(m) -> end"),
        ('messageRef="message_m"', "start -> a:receive(m) -> end"),
        ("<script>1</script>", "start -> a:script(1) -> end"),
        ("<timeDuration>PT1H</timeDuration>", "start -> a:catch(timer PT1H) -> end"),
    ],
)
def test_an_element_without_what_it_needs_is_refused(attribute: str, text: str) -> None:
    xml = bpmn(text).decode()
    assert attribute in xml
    with pytest.raises(ModelRefused) as refusal:
        read(xml.replace(attribute, "", 1).encode())
    assert {problem.element for problem in refusal.value.problems} == {"a"}


@pytest.mark.parametrize(
    ("text", "element", "code"),
    [
        ("start -> m:and -> a:user -> end\nm -> a", "a", "implicit_merge"),
        ("start -> x:xor -[n > 1]-> end\nx -[n < 1]-> end2", "x", "no_default"),
        ("start -> a:user -[n > 1]-> end", "a", "no_default"),
        ("start -> f:and -[n > 1]-> end\nf -> end2", "f", "condition_ignored"),
        ("start -> a:user", "a", "implicit_end"),
        ("start -> r:race -> a:catch(message m) -> end", "r", "single_event"),
        ("start -> r:race -> a:catch(message m) -> end\nr -> b:receive(m) -> end2", "r", "same_message"),
        ("start -> a:user -> end\na.in n = 1", "a", "inputs_ignored"),
        ("start -> a:user -> end\na!b:message m -> end2\na!c:message m -> end3", "a", "same_event"),
    ],
)
def test_warnings_let_it_run_but_say_what_was_hardly_meant(text: str, element: str, code: str) -> None:
    found = validate(definitions(text))
    assert [(problem.element, problem.code, problem.severity) for problem in found] == [(element, code, "warning")]


def test_a_clean_diagram_has_no_problems() -> None:
    text = """
        start -> a:service(ship) -> r:rule(grade) -> c:call(other) -> x:xor -[n > 1]-> end
        x -[else]-> end2
        a!failed:error E -> end3
        a!late:timer PT1H -> end4
        === other
        start5 -> b:user -> end5
        """
    found = definitions(text)
    assert validate(found, activities={"ship", "decide"}, decisions={"grade"}, processes=set()) == ()


def test_names_that_the_catalogues_do_not_know() -> None:
    found = validate(
        definitions("start -> a:service(ship) -> r:rule(grade) -> c:call(other) -> end"),
        activities={"decide"},
        decisions={"cadence"},
        processes={"p"},
    )
    assert [(problem.element, problem.code) for problem in found] == [
        ("a", "unknown_activity"),
        ("r", "unknown_decision"),
        ("c", "unknown_process"),
    ]
    assert {problem.severity for problem in found} == {Severity.ERROR}


def test_a_called_process_needs_a_plain_start() -> None:
    found = validate(definitions("start -> c:call(other) -> end\n=== other\nm:start(message m) -> end2"))
    assert [(problem.element, problem.code) for problem in found] == [("c", "called_without_start")]
