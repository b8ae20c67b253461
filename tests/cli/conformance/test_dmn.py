"""The DMN Technology Compatibility Kit: its cases beside the project are right, but for Java and
some patterns.

The cases are not part of the project. What the command says of cases that are not right is tried on
small files.
"""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pytest
from typer.testing import CliRunner

import rules
from cli.app import app
from cli.conformance import dmn
from cli.conformance.dmn import judge, main
from cli.conformance.dmn_cases import Suite, load
from rules import Decided
from tests.rules.drawing import MODEL, drawn

CASES = Path(__file__).parents[4] / "shared" / "conformance" / "dmn"
SUITES = load(CASES) if CASES.is_dir() else []
ABSENT = "the conformance cases are not beside this checkout"
STEPS = [["> 1", "10"], ["> 2", "30"], ["> 3", "20"]]


JAVA = "0076-feel-external-java"


@pytest.mark.skipif(not SUITES, reason=ABSENT)
@pytest.mark.parametrize("suite", SUITES, ids=[one.model.stem for one in SUITES])
def test_every_expected_result_of_the_kit_is_right(suite: Suite) -> None:
    verdicts = list(judge(suite))

    assert verdicts
    left = [verdict for verdict in verdicts if verdict.kind != "right"]
    if suite.model.stem == JAVA:
        assert {verdict.kind for verdict in left} == {"refused"}
        assert all("Java" in verdict.line or "another language" in verdict.line for verdict in left)
    else:
        assert [verdict.line for verdict in left] == []


# -- small files ---------------------------------------------------------------------------------


def value(text: str, kind: str = "decimal") -> str:
    return f'<value xsi:type="xsd:{kind}">{escape(text)}</value>'


NIL = '<value xsi:nil="true"/>'


def case(*results: str, key: str = "1", **inputs: str) -> str:
    given = "".join(f"<inputNode name={quoteattr(name)}>{told}</inputNode>" for name, told in inputs.items())
    return f'<testCase id="{key}">{given}{"".join(results)}</testCase>'


def expects(told: str | None, decision: str = "drawn", *, error: bool = False) -> str:
    expected = "" if told is None else f"<expected>{told}</expected>"
    return f'<resultNode name="{decision}" errorResult="{str(error).lower()}">{expected}</resultNode>'


def formula(text: str, *names: str) -> bytes:
    """A model of the literal expression ``drawn`` over these inputs."""
    links = "".join(
        f'<informationRequirement><requiredInput href="#{name}"/></informationRequirement>' for name in names
    )
    data = "".join(f'<inputData id="{name}" name="{name}"/>' for name in names)
    logic = f"{links}<literalExpression><text>{escape(text)}</text></literalExpression>"
    decision = f'<decision id="drawn" name="drawn">{logic}</decision>'
    return f'<definitions xmlns="{MODEL}" id="d" name="d" namespace="urn:test">{data}{decision}</definitions>'.encode()


def run(at: Path, model: bytes, *cases: str) -> tuple[int, list[str]]:
    (at / "deeper").mkdir()
    (at / "deeper" / "model.dmn").write_bytes(model)
    (at / "deeper" / "model-test-01.xml").write_text(
        '<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
        f"<modelName>model.dmn</modelName>{''.join(cases)}</testCases>"
    )
    lines: list[str] = []
    return main(at, lines.append), lines


def test_results_are_counted_not_cases(tmp_path: Path) -> None:
    two = case(expects(value("30")), expects(value("30.000000001")), n=value("3"))

    assert run(tmp_path, drawn(["n"], STEPS, hit="PRIORITY", output_values="30, 20, 10"), two) == (
        0,
        ["right 2, refused 0, wrong 0"],
    )


def test_what_is_wrong_says_case_expectation_and_outcome(tmp_path: Path) -> None:
    bad = case(expects(value("10", "string")), key="007", n=value("4"))

    code, lines = run(tmp_path, drawn(["n"], STEPS, hit="FIRST"), bad)

    assert code == 1
    assert lines == ['wrong model 007 drawn: expected "10", got 10', "right 0, refused 0, wrong 1"]


def test_a_model_that_is_refused_is_no_error_and_says_why_by_decision(tmp_path: Path) -> None:
    code, lines = run(tmp_path, drawn(["n"], [["H", "2"]]), case(expects(value("2"))), case(expects(value("3"))))

    assert code == 0
    assert [line.partition("reads")[0] for line in lines[:2]] == [
        "refused model drawn: decision drawn, line 1: a cell "
    ] * 2
    assert lines[2:] == ["right 0, refused 2, wrong 0"]


def test_a_result_of_something_else_than_a_decision_is_refused(tmp_path: Path) -> None:
    code, lines = run(tmp_path, formula("1"), case(expects(value("1"), "service")))

    assert code == 0
    assert lines[0] == "refused model service: it is no decision of the file"


@pytest.mark.parametrize(
    ("told", "feel"),
    [
        (value("1.50"), "1.5"),
        (value("7", "integer"), "7"),
        (value("1E3", "double"), "1000"),
        (value(" a ", "string"), '" a "'),
        ("<value>a</value>", '"a"'),
        (value("1", "boolean"), "true"),
        (value("2026-11-21", "date"), 'date("2026-11-21")'),
        (value("08:00:00Z", "time"), 'time("08:00:00Z")'),
        (value("2026-11-21T08:00:00", "dateTime"), 'date and time("2026-11-21T08:00:00")'),
        (value("P1M", "duration"), 'duration("P1M")'),
        (value("PT36H", "dayTimeDuration"), 'duration("P1DT12H")'),
        (NIL, "null"),
        ("", "null"),
        ('<list xsi:nil="true"/>', "null"),
        ("<list/>", "[]"),
        (f"<list><item>{value('1')}</item><item>{NIL}</item></list>", "[1, null]"),
        (f"<list><item><list><item>{value('1')}</item></list></item></list>", "[[1]]"),
        (f'<component name="b c">{value("1")}</component><component name="a"/>', '{"b c": 1, "a": null}'),
    ],
)
def test_every_kind_of_value_is_read_given_and_compared(tmp_path: Path, told: str, feel: str) -> None:
    same = f"if n = {feel} then n else {{other: n}}"

    assert run(tmp_path, formula(same, "n"), case(expects(told), n=told)) == (0, ["right 1, refused 0, wrong 0"])


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ("0.5", ".5"),
        ("true", "1 = 1"),
        ("2026-11-21", 'date("2026-11-21")'),
        ("P1D", 'duration("P1D")'),
        ("12", '"12"'),
    ],
)
def test_a_value_without_a_type_is_whatever_is_written_so(tmp_path: Path, told: str, text: str) -> None:
    other = case(expects("<value>other</value>"))

    assert run(tmp_path, formula(text), case(expects(f"<value>{told}</value>")), other)[1][-1] == (
        "right 1, refused 0, wrong 1"
    )


@pytest.mark.parametrize("told", [value("P1Y2D", "duration"), value("INF", "double"), value("x", "hexBinary")])
def test_a_value_that_feel_does_not_have_refuses_the_result(tmp_path: Path, told: str) -> None:
    code, lines = run(tmp_path, formula("1"), case(expects(told)))

    assert code == 0
    assert "no equal in FEEL" in lines[0]
    assert lines[-1] == "right 0, refused 1, wrong 0"


@pytest.mark.parametrize("expected", [expects(NIL, error=True), expects(None, error=True), expects(None), expects(NIL)])
@pytest.mark.parametrize("n", ["3", "0"])
def test_contradicting_rows_and_no_row_are_the_null_that_errors_have(tmp_path: Path, expected: str, n: str) -> None:
    assert run(tmp_path, drawn(["n"], STEPS), case(expected, n=value(n)))[0] == 0


def test_an_error_that_is_expected_and_does_not_come_is_wrong(tmp_path: Path) -> None:
    code, lines = run(tmp_path, formula("1 + 1"), case(expects(None, error=True)))

    assert code == 1
    assert lines[0] == "wrong model 1 drawn: expected an error, got 2"


def test_an_error_that_is_not_expected_is_told(tmp_path: Path) -> None:
    code, lines = run(tmp_path, drawn(["n"], STEPS), case(expects(value("10")), n=value("3")))

    assert code == 1
    assert lines[0].startswith("wrong model 1 drawn: expected 10, got Ambiguous: drawn: rows r1, r2 ")


def test_collect_leaves_the_order_open_and_rule_order_does_not(tmp_path: Path) -> None:
    items = "".join(f"<item>{value(number)}</item>" for number in ("20", "10", "30"))
    wanted = case(expects(f"<list>{items}</list>"), n=value("4"))
    (collect, ordered) = (tmp_path / "collect", tmp_path / "ordered")
    collect.mkdir()
    ordered.mkdir()

    assert run(collect, drawn(["n"], STEPS, hit="COLLECT"), wanted)[0] == 0
    assert run(ordered, drawn(["n"], STEPS, hit="RULE ORDER"), wanted)[0] == 1


def test_evaluators_that_differ_are_both_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Decided:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(dmn, "_EVALUATORS", {"durable-rules": broken, "reference": rules.decide})

    code, lines = run(tmp_path, formula("1 + 1"), case(expects(value("2"))))

    assert code == 1
    assert lines[0].endswith("expected 2, got ZeroDivisionError: by zero by durable-rules and 2 by reference")


@pytest.mark.parametrize("text", [None, "<no xml", "<testCases/>"])
def test_a_folder_without_readable_cases_is_said_in_one_line(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "a-test-01.xml").write_text(text)
    lines: list[str] = []

    assert main(tmp_path, lines.append) == 2
    (line,) = lines
    assert line.startswith(str(tmp_path))


def test_the_command_ends_with_the_totals_and_their_exit_code(tmp_path: Path) -> None:
    run(tmp_path, formula("1 + 1"), case(expects(value("2"))), case(expects(value("3"))))

    result = CliRunner().invoke(app, ["conformance", "dmn", str(tmp_path)])

    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1] == "right 1, refused 0, wrong 1"


# -- files that can be read in part --------------------------------------------------------------


def graph(*parts: str) -> bytes:
    return f'<definitions xmlns="{MODEL}" id="d" name="d" namespace="urn:test">{"".join(parts)}</definitions>'.encode()


def says(name: str, text: str, head: str = "") -> str:
    logic = f"<literalExpression><text>{escape(text)}</text></literalExpression>"
    return f'<decision id="{name}" name="{name}">{head}{logic}</decision>'


def test_one_unreadable_decision_refuses_itself_and_who_needs_it_alone(tmp_path: Path) -> None:
    link = '<informationRequirement><requiredDecision href="#bad"/></informationRequirement>'
    model = graph(says("bad", "1 +"), says("needs", "bad", link), says("good", "2"))
    results = [expects(value("2"), name) for name in ("bad", "needs", "good")]

    code, lines = run(tmp_path, model, case(*results))

    assert (code, lines[-1]) == (0, "right 1, refused 2, wrong 0")
    assert lines[0].startswith("refused model bad: decision bad, line 1: something is missing")


def test_services_and_models_are_called_with_the_inputs_of_the_case(tmp_path: Path) -> None:
    data = '<inputData id="n" name="n"/>'
    link = '<informationRequirement><requiredInput href="#n"/></informationRequirement>'
    service = '<decisionService id="s" name="s"><outputDecision href="#out"/><inputData href="#n"/></decisionService>'
    body = "<literalExpression><text>n * 2</text></literalExpression>"
    knowledge = f'<encapsulatedLogic><formalParameter name="n" typeRef="number"/>{body}</encapsulatedLogic>'
    model = graph(data, says("out", "n + 1", link), service,
                  f'<businessKnowledgeModel id="k" name="k">{knowledge}</businessKnowledgeModel>')  # fmt: skip
    of_service = expects(value("5"), "s").replace("<resultNode", '<resultNode type="decisionService"')
    of_model = case(expects(value("8"), "k"), n=value("4")).replace(
        "<testCase", '<testCase type="bkm" invocableName="k"'
    )

    assert run(tmp_path, model, case(of_service, n=value("4")), of_model) == (0, ["right 2, refused 0, wrong 0"])


def test_each_output_of_a_service_is_a_result_of_its_own(tmp_path: Path) -> None:
    outputs = '<outputDecision href="#one"/><outputDecision href="#two"/>'
    service = f'<decisionService id="s" name="s">{outputs}</decisionService>'
    model = graph(says("one", "1"), says("two", "2"), service)
    called = case(expects(value("1"), "one"), expects(value("2"), "two"))
    called = called.replace("<testCase", '<testCase type="decisionService" invocableName="s"')
    whole = f'<component name="one">{value("1")}</component><component name="two">{value("2")}</component>'
    both = expects(whole, "s").replace("<resultNode", '<resultNode type="decisionService"')

    assert run(tmp_path, model, called, case(both)) == (0, ["right 3, refused 0, wrong 0"])


def test_a_clock_is_there_for_those_who_ask_for_it(tmp_path: Path) -> None:
    model = formula("now() instance of date and time and today() instance of date")
    assert run(tmp_path, model, case(expects(value("true", "boolean"))))[0] == 0
