"""Reading files: what comes out, and that whatever cannot be run is refused by name with a cure."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.workflows.bpmn.diagrams import bpmn, definitions
from workflows.bpmn import ModelRefused, Problem, read


def refused(xml: bytes) -> tuple[Problem, ...]:
    with pytest.raises(ModelRefused) as refusal:
        read(xml)
    return refusal.value.problems


def wrapped(inside: str, *, prefix: str = "") -> bytes:
    colon, declared = (f"{prefix}:", f":{prefix}") if prefix else ("", "")
    return (
        f'<{colon}definitions xmlns{declared}="http://www.omg.org/spec/BPMN/20100524/MODEL"'
        f' xmlns:baton="urn:baton:bpmn:1">\n{inside}\n</{colon}definitions>'
    ).encode()


def test_processes_with_their_elements_in_document_order_and_what_they_call() -> None:
    found = definitions("start -> a:call(other) -> b:call(other) -> end\n=== other\nstart2 -> end2")

    assert list(found.processes) == ["p", "other"]
    process = found.processes["p"]
    assert (process.id, process.name, list(process.elements)) == ("p", "N", ["start", "a", "b", "end"])
    assert process.calls == ("other",)
    assert process.elements["a"].outgoing[0].target == "b"
    assert process.elements["b"].line > 0


def test_a_prefix_pictures_and_other_tools_extensions_do_not_matter() -> None:
    xml = wrapped(
        """<m:process id="p" isExecutable="1" xmlns:x="urn:x">
             <m:documentation>words</m:documentation><m:laneSet id="l"/><x:anything/>
             <!-- comment --><m:textAnnotation id="t"/><m:group id="g"/><m:association id="as"/>
             <m:startEvent id="s"><m:extensionElements><x:y/></m:extensionElements>
               <m:outgoing>f</m:outgoing></m:startEvent>
             <m:endEvent id="e"/><m:sequenceFlow id="f" sourceRef="s" targetRef="e"/>
           </m:process><m:collaboration id="c"><m:participant id="pp" processRef="p"/></m:collaboration>""",
        prefix="m",
    )
    assert list(read(xml).processes["p"].elements) == ["s", "e"]


def test_drawn_data_is_kept_out_with_a_warning() -> None:
    xml = bpmn("start -> end").replace(b"<startEvent", b'<dataObject id="d1"/><startEvent')
    (note,) = read(xml).notes
    assert (note.code, note.element, note.severity) == ("data_ignored", "d1", "warning")


def test_a_misspelt_attribute_is_not_passed_over_in_silence() -> None:
    xml = bpmn("start -> a:user -> end").replace(b"baton:kind", b'baton:rol="x" baton:kind')
    (note,) = read(xml).notes
    assert (note.code, note.element) == ("unknown_attribute", "a")
    assert "baton:rol " in note.message


def test_importing_the_core_costs_no_lxml() -> None:
    code = "import workflows.bpmn, sys; assert 'lxml' not in sys.modules, 'lxml'"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("text", "element", "word"),
    [
        ("start -> g:or -> end", "g", "inclusiveGateway"),
        ("start -> t:throw(signal s) -> end", "t", "signal intermediateThrowEvent"),
        ("start -> a:user -> end\na!b:conditional -> end2", "b", "conditional boundaryEvent"),
        ("start -> c:catch(error E) -> end", "c", "error intermediateCatchEvent"),
        ("start:start(error E) -> end", "start", "error startEvent"),
        ("start -> a:service -> end\na+b:error E -> end2", "b", "always interrupts"),
        ("start -> a:catch(timer soon) -> end", "a", "'soon'"),
        ("start -> a:catch(timer R0/PT1H) -> end", "a", "R0/PT1H"),
        ("start -> a:user -> end\na+b:timer R/PT0S -> end2", "b", "R/PT0S"),
        ("start -> x:xor -[n >]-> end\nx -[else]-> end2", "f1_x_end", "cannot be read"),
        ("start -> a:service -> end\na.in n = =1 +", "a", "cannot be read"),
        ("start -> a:script(1 +) -> end", "a", "cannot be read"),
        ("start -> c:catch -> end", "c", "needs an event definition"),
        ("start -> end\nh:on {\nstart2 -> end2\n}", "start2", "timer, message, error or escalation"),
        ("start -> e:end(error)", "e", "errorRef is missing"),
        ("start -> e:catch(message) -> end", "e", "messageRef is missing"),
    ],
)
def test_what_cannot_be_run_is_refused_with_element_name_and_line(text: str, element: str, word: str) -> None:
    problem = next(problem for problem in refused(bpmn(text)) if problem.element == element)
    assert word in problem.message
    assert problem.line > 0
    if not element.startswith("f"):
        assert problem.name == f"{element}!"


@pytest.mark.parametrize(
    ("change", "element", "word"),
    [
        (('<userTask id="a"', '<userTask startQuantity="2" id="a"'), "a", 'startQuantity="2"'),
        (('<userTask id="a"', '<userTask isForCompensation="true" id="a"'), "a", "isForCompensation"),
        (("</userTask>", "<multiInstanceLoopCharacteristics/></userTask>"), "a", "multiple instances"),
        (("</userTask>", "<standardLoopCharacteristics/></userTask>"), "a", "loops"),
        (("</userTask>", "<ioSpecification/></userTask>"), "a", "ioSpecification"),
        (("</userTask>", "<dataInputAssociation><assignment/></dataInputAssociation></userTask>"), "a", "moves data"),
        (("<userTask", '<transaction id="t"/><userTask'), "t", "transaction"),
        (("<userTask", '<subChoreography id="t"/><userTask'), "t", "subChoreography"),
        (("</endEvent>", "<terminateEventDefinition/><cancelEventDefinition/></endEvent>"), "end", "several event"),
        (("</endEvent>", "<eventDefinitionRef>nowhere</eventDefinitionRef></endEvent>"), "end", "nowhere"),
        (('targetRef="a"', 'targetRef="nowhere"'), "f0_start_a", "nowhere"),
        (('id="a"', 'id="end"'), "end", "used twice"),
        (('targetRef="end"', 'targetRef="end" id="x"'), "", "no XML"),
        (("<conditionExpression>", '<conditionExpression language="http://java">'), "f1_a_end", "S-FEEL"),
    ],
)
def test_what_the_builder_cannot_write_is_refused_too(change: tuple[str, str], element: str, word: str) -> None:
    xml = bpmn("start -> a:user -[n > 1]-> end\na -[else]-> end2").decode().replace(*change, 1)
    problem = next(problem for problem in refused(xml.encode()) if problem.element == element)
    assert word in problem.message


def test_a_flow_cannot_cross_the_border_of_a_sub_process() -> None:
    problems = refused(bpmn("start -> s:sub -> end\ns:sub {\nstart2 -> a:user -> end\n}"))
    assert {problem.code for problem in problems} == {"broken_flow"}


def test_calling_a_global_task_is_refused() -> None:
    xml = bpmn("start -> a:call(g) -> end").replace(b"<process", b'<globalScriptTask id="g"/><process')
    assert [problem.element for problem in refused(xml)] == ["a"]


def test_scripts_in_other_languages_are_refused() -> None:
    xml = bpmn("start -> a:script(1) -> end\na.result n").replace(b'"feel"', b'"javascript"')
    assert [problem.code for problem in refused(xml)] == ["language"]


def test_all_problems_are_told_at_once() -> None:
    problems = refused(bpmn("start -> g:or -> t:throw(signal s) -> a:catch(timer soon) -> end"))
    assert [problem.element for problem in problems] == ["g", "t", "a"]


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (b"", "no_xml"),
        (b"hello", "no_xml"),
        (b"<a/>", "no_bpmn"),
        (b"<definitions/>", "no_bpmn"),
        (wrapped(""), "no_process"),
        (wrapped('<process id="p" isExecutable="false"/>'), "no_process"),
        (
            b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + wrapped("<process id='p'>&x;</process>"),
            "doctype",
        ),
        (
            b"<!DOCTYPE d [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>" + wrapped("<process id='p'>&b;</process>"),
            "doctype",
        ),
        (wrapped("<x>" * 300 + "</x>" * 300), "no_xml"),
        (b" " * 5_000_001, "too_large"),
    ],
)
def test_hostile_and_foreign_files_are_refused(xml: bytes, code: str) -> None:
    assert [problem.code for problem in refused(xml)] == [code]
