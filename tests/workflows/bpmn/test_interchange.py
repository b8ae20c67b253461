"""Models of the BPMN Model Interchange Working Group and our own: reported on element by element,
written back whole.

The models lie beside the project and are not part of it.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from tests.workflows.bpmn.diagrams import bpmn
from workflows import processes
from workflows.bpmn import ModelRefused, read
from workflows.bpmn.interchange import Fate, load, report

MODELS = Path(__file__).resolve().parents[4] / "shared" / "conformance" / "bpmn-interchange"
FOREIGN = sorted(MODELS.glob("*.bpmn")) if MODELS.is_dir() else []
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"

needs_models = pytest.mark.skipif(not FOREIGN, reason=f"the interchange models are not at {MODELS}")


def parts(xml: bytes) -> Counter[tuple[str, tuple[tuple[str, str], ...], str]]:
    """Every element of a file with its attributes and text, comments too: read by another parser's
    eyes."""
    tree = etree.fromstring(xml)
    return Counter((str(n.tag), tuple(sorted(n.attrib.items())), (n.text or "").strip()) for n in tree.iter())


@needs_models
@pytest.mark.parametrize("path", FOREIGN, ids=lambda path: path.name)
def test_a_foreign_model_is_written_back_with_nothing_lost(path: Path) -> None:
    original = path.read_bytes()
    document = load(original)

    written = document.write()

    assert load(written).canonical() == document.canonical()
    assert parts(written) == parts(original)


@needs_models
@pytest.mark.parametrize("path", FOREIGN, ids=lambda path: path.name)
def test_every_element_of_a_foreign_model_is_reported_on(path: Path) -> None:
    xml = path.read_bytes()
    ids = [n.get("id") for n in etree.fromstring(xml).iter(f"{BPMN}*") if n.get("id")]

    findings = report(xml)

    assert [finding.element for finding in findings] == ids
    assert all(finding.line and finding.tag for finding in findings)
    assert all(finding.why for finding in findings if finding.verdict is Fate.REFUSED)


@needs_models
def test_a_model_is_refused_exactly_for_the_elements_that_the_report_names() -> None:
    for path in FOREIGN:
        # when somebody sets isExecutable and deploys it
        xml = path.read_bytes().replace(b'isExecutable="false"', b'isExecutable="true"')
        refused = {finding.element for finding in report(xml) if finding.verdict is Fate.REFUSED}
        try:
            read(xml)
        except ModelRefused as refusal:
            assert {problem.element for problem in refusal.problems} == refused, path.name
        else:
            assert not refused, path.name


@needs_models
def test_what_only_lacks_its_data_is_refused_and_the_rest_runs() -> None:
    def counts(name: str) -> Counter[Fate]:
        return Counter(finding.verdict for finding in report((MODELS / name).read_bytes()))

    assert not counts("A.4.0.bpmn")[Fate.REFUSED]  # lanes, sub-processes, pools
    assert counts("B.2.0.bpmn")[Fate.EXECUTABLE] > 150  # all element kinds, many without what they refer to
    why = {finding.why for finding in report((MODELS / "B.2.0.bpmn").read_bytes()) if finding.verdict == "refused"}
    assert not [reason for reason in why if "not supported" in reason]


def test_shipped_processes_run_as_they_are() -> None:
    for name, xml in processes.shipped().items():
        assert {finding.verdict for finding in report(xml)} <= {Fate.EXECUTABLE, Fate.KEPT}, name
        assert load(load(xml).write()).canonical() == load(xml).canonical()


def test_lanes_texts_and_a_process_that_sleeps_are_kept() -> None:
    xml = bpmn("start -> a:user -> end").replace(
        b"<startEvent",
        b'<laneSet id="l"><lane id="sales"><flowNodeRef>a</flowNodeRef></lane></laneSet>'
        b'<textAnnotation id="t"><text>mind the gap</text></textAnnotation><!-- drawn by hand --><startEvent',
        1,
    )

    found = {finding.element: finding for finding in report(xml.replace(b'isExecutable="true"', b'isExecutable="0"'))}

    assert {name for name, finding in found.items() if finding.verdict is Fate.KEPT} >= {"l", "sales", "t", "p"}
    assert "isExecutable" in found["p"].why
    assert found["a"].verdict is Fate.EXECUTABLE
    assert b"drawn by hand" in load(xml).write()


def test_what_is_refused_says_why_and_what_is_doubtful_runs() -> None:
    xml = bpmn("start -> a:user -> t:throw(error E) -> end\na.set baton:rol='x'")

    found = {finding.element: finding for finding in report(xml)}

    assert found["t"].verdict is Fate.REFUSED
    assert "error" in found["t"].why
    assert (found["a"].verdict, "baton:rol" in found["a"].why) == (Fate.EXECUTABLE, True)
