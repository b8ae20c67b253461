"""Models that import others, which lie beside them: their names, inputs and types stand under the
import's name."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

from cli.conformance.dmn import main
from tests.rules.drawing import MODEL

TEST = (
    'xmlns="http://www.omg.org/spec/DMN/20160719/testcase" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
)
LIBRARY = (
    '<itemDefinition name="tPerson"><itemComponent name="name"><typeRef>string</typeRef></itemComponent>'
    "</itemDefinition>"
    '<businessKnowledgeModel id="hi" name="say hi"><encapsulatedLogic><formalParameter name="who" typeRef="tPerson"/>'
    '<literalExpression><text>"Hi " + who.name</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>'
)


def write(folder: Path, name: str, *parts: str, imports: str = "") -> None:
    lines = "".join(f'<import name="{alias}" namespace="urn:{alias}" importType="dmn"/>' for alias in imports.split())
    inside = lines + "".join(parts)
    (folder / f"{name}.dmn").write_text(
        f'<definitions xmlns="{MODEL}" id="{name}" name="{name}" namespace="urn:{name}">{inside}</definitions>'
    )


def said(text: str) -> str:
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def decided(name: str, logic: str, *needs: str) -> str:
    arrows = ""
    for need in needs:
        kind, href = need.split(" ")
        requirement = "knowledgeRequirement" if kind == "requiredKnowledge" else "informationRequirement"
        arrows += f'<{requirement}><{kind} href="{href}"/></{requirement}>'
    return f'<decision id="d" name="{name}"><variable name="{name}"/>{arrows}{logic}</decision>'


def told(folder: Path, wanted: str, *given: str) -> list[str]:
    inputs = "".join(given)
    result = f'<resultNode name="top"><expected><value xsi:type="xsd:string">{wanted}</value></expected></resultNode>'
    case = f'<testCase id="1">{inputs}{result}</testCase>'
    (folder / "top-test-01.xml").write_text(f"<testCases {TEST}><modelName>top.dmn</modelName>{case}</testCases>")
    lines: list[str] = []
    main(folder, lines.append)
    return lines


def text(name: str, value: str) -> str:
    return f'<inputNode name="{name}"><value xsi:type="xsd:string">{value}</value></inputNode>'


def test_a_decision_of_a_file_that_a_file_imports_is_decided_by_its_own_inputs(tmp_path: Path) -> None:
    write(tmp_path, "deep", '<inputData id="n" name="full name"/>',
          decided("greeting", said('"Hello " + full name'), "requiredInput #n"))  # fmt: skip
    write(
        tmp_path, "middle", decided("loud", said('deep.greeting + "!"'), "requiredDecision urn:deep#d"), imports="deep"
    )
    write(tmp_path, "top", decided("top", said("middle.loud"), "requiredDecision urn:middle#d"), imports="middle")

    assert told(tmp_path, "Hello Ann!", text("middle.deep.full name", "Ann")) == ["right 1, refused 0, wrong 0"]
    of_its_file = text("full name", "Ann").replace(" name=", ' namespace="urn:deep" name=')
    assert told(tmp_path, "Hello Ann!", of_its_file) == ["right 1, refused 0, wrong 0"]
    assert told(tmp_path, "Hello Ann!", of_its_file.replace("deep", "middle"))[-1] == "right 0, refused 0, wrong 1"


def test_a_knowledge_model_and_a_type_of_another_file(tmp_path: Path) -> None:
    write(tmp_path, "lib", LIBRARY)
    data = '<inputData id="p" name="p"><variable name="p" typeRef="lib.tPerson"/></inputData>'
    logic = said('if p instance of lib.tPerson then lib.say hi(p) + lib.say hi({other: 1}) else "?"')
    plain = logic.replace(" + lib.say hi({other: 1})", "")
    needs = ("requiredInput #p", "requiredKnowledge urn:lib#hi")
    person = (
        '<inputNode name="p"><component name="name"><value xsi:type="xsd:string">Ann</value></component></inputNode>'
    )

    write(tmp_path, "top", data, decided("top", plain, *needs), imports="lib")
    assert told(tmp_path, "Hi Ann", person) == ["right 1, refused 0, wrong 0"]

    write(tmp_path, "top", data, decided("top", logic, *needs), imports="lib")
    assert told(tmp_path, "Hi Ann", person)[-1] == "right 0, refused 0, wrong 1"


def test_what_requires_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "top", decided("top", said("lib.d"), "requiredDecision urn:lib#d"), imports="lib")

    first, last = told(tmp_path, "never")

    assert "it requires “d” of “urn:lib”, another file" in first
    assert last == "right 0, refused 1, wrong 0"


def test_files_that_import_each_other_come_to_an_end(tmp_path: Path) -> None:
    write(tmp_path, "top", decided("top", said('"alone"')), imports="other")
    write(tmp_path, "other", decided("other", said("top.top"), "requiredDecision urn:top#d"), imports="top")

    assert told(tmp_path, "alone") == ["right 1, refused 0, wrong 0"]
