"""Reading files: what comes out, what does not matter, and that hostile files are kept out."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.workflows.bpmn.diagrams import bpmn, definitions, refused
from workflows.bpmn import read


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


def test_a_drawn_data_store_is_kept_out_with_a_warning() -> None:
    xml = bpmn("start -> end").replace(b"<startEvent", b'<dataStoreReference id="d1"/><startEvent')
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


def test_a_name_that_is_broken_to_fit_the_picture_is_one_line() -> None:
    xml = bpmn("start -> a:user -> end").replace(b'name="a!"', b'name="call&#10;the  customer"')
    assert read(xml).processes["p"].elements["a"].name == "call the customer"
