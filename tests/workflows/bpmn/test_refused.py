"""What cannot be run exactly as drawn is refused by element, name and line, with a cure."""

from __future__ import annotations

import pytest

from tests.workflows.bpmn.diagrams import bpmn, refused

MANY = "multiInstanceLoopCharacteristics"
UNDO = "compensateEventDefinition"
NO_THROW = ("a", 'behavior="None"')


@pytest.mark.parametrize(
    ("text", "element", "word"),
    [
        ("start -> a:user -> end\na!b:conditional -> end2", "b", "no condition"),
        ("start -> a:user -> x:xor -[else]-> end\nx -[n > 1]-> t:throw(link away)", "t", "0 catch events"),
        ("start -> e:throw(link a) -> end\nl:catch(link a) -> a:user\nm:catch(link a) -> a", "e", "2 catch events"),
        ("start -> t:throw(link) -> end", "t", "has no name"),
        ("start -> a:user -> end\na ~> u:user\nu -> end2", "u", "no flow may leave compensation"),
        ("start -> t:throw(compensate a) -> a:user -> end", "t", "no compensation handler"),
        ("start -> end:end(cancel)", "end", "only a transaction"),
        ("start -> t:tx -> end\nt {\nstart2 -> e:end(cancel)\n}", "t", "no cancel boundary event"),
        ("start:start(all message m, signal s) -> end", "start", "parallelMultiple startEvent"),
        ("start -> c:catch(all message m, compensate) -> end", "c", "by itself"),
        ("start -> a:user -> end\na.loop n <", "a", "cannot be read"),
        ("start -> a:user -> end\na.max many", "a", "loopMaximum"),
        ("start -> a:user -> end\na.until n > 1", "a", "says not how often"),
        ("start -> a:user -> end\na.each x in xs\na.collect ys = ", "a", "give both"),
        ('start -> a:user -> end\na.set startQuantity="0"', "a", 'startQuantity="0"'),
        ('start -> a:user -> end\na.set completionQuantity="many"', "a", 'completionQuantity="many"'),
        ("start -> c:catch(error E) -> end", "c", "error intermediateCatchEvent"),
        ("start:start(error E) -> end", "start", "error startEvent"),
        ("start -> a:service -> end\na+b:error E -> end2", "b", "always interrupts"),
        ("start -> a:catch(timer soon) -> end", "a", "'soon'"),
        ("start -> a:catch(timer R4/PT1S) -> end", "a", "give timeDuration or timeDate"),
        ("start -> a:catch(timer cycle =often) -> end", "a", "give timeDuration or timeDate"),
        ("start -> a:catch(any message m, timer R/PT1H) -> end", "a", "give timeDuration or timeDate"),
        ("start -> r:race -> a:catch(timer R1/PT1H) -> end\nr -> b:receive(m) -> end2", "a", "give timeDuration"),
        ("start -> h:user -> end\nh+a:timer R0/PT1H -> end2", "a", "R0/PT1H"),
        ("start -> a:user -> end\na+b:timer R/PT0S -> end2", "b", "R/PT0S"),
        ("start -> x:xor -[n >]-> end\nx -[else]-> end2", "f1_x_end", "cannot be read"),
        ("start -> a:service -> end\na.in n = =1 +", "a", "cannot be read"),
        ("start -> a:script(1 +) -> end", "a", "cannot be read"),
        ("start -> c:catch -> end", "c", "needs an event definition"),
        ("start -> end\nh:on {\nstart2 -> end2\n}", "start2", "such as a message or timer"),
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
        (('<userTask id="a"', '<userTask isForCompensation="true" id="a"'), "a", "compensation handler"),
        (("</userTask>", "<multiInstanceLoopCharacteristics/></userTask>"), "a", "says not how often"),
        (
            ("</userTask>", f"<{MANY} behavior='None'><loopCardinality>2</loopCardinality></{MANY}></userTask>"),
            *NO_THROW,
        ),
        (
            ("</userTask>", f"<{MANY}><complexBehaviorDefinition/></{MANY}></userTask>"),
            "a",
            "complexBehaviorDefinition",
        ),
        (("</userTask>", "<standardLoopCharacteristics/></userTask>"), "a", "never ends"),
        (("</userTask>", "<dataInputAssociation><assignment/></dataInputAssociation></userTask>"), "a", "from and to"),
        (("<userTask", '<adHocSubProcess id="t"/><userTask'), "t", "adHocSubProcess"),
        (("<userTask", '<eventBasedGateway eventGatewayType="Parallel" id="t"/><userTask'), "t", "eventGatewayType"),
        (("</endEvent>", f"<{UNDO} waitForCompletion='false'/></endEvent>"), "end", "always waited for"),
        (("<userTask", '<subChoreography id="t"/><userTask'), "t", "subChoreography"),
        (
            ("</endEvent>", "<terminateEventDefinition/><cancelEventDefinition/></endEvent>"),
            "end",
            "cannot be one of several",
        ),
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


@pytest.mark.parametrize(
    ("text", "element"),
    [
        ("start -> c:catch(any message m, error E) -> end", "c"),
        ("start -> c:catch(any message m, escalation E) -> end", "c"),
        ("start:start(any message m, error E) -> end", "start"),
        ("start -> a:user -> end\na+b:any message m, error E -> end2", "b"),
        ("start -> end\nh:on {\ngo:start+(any message m, error E) -> end2\n}", "go"),
    ],
)
def test_errors_among_several_have_to_be_where_errors_may_be(text: str, element: str) -> None:
    assert [problem.element for problem in refused(bpmn(text))] == [element]


def test_a_flow_cannot_cross_the_border_of_a_sub_process() -> None:
    problems = refused(bpmn("start -> s:sub -> end\ns:sub {\nstart2 -> a:user -> end\n}"))
    assert {problem.code for problem in problems} == {"broken_flow"}


def test_scripts_in_other_languages_are_refused() -> None:
    xml = bpmn("start -> a:script(1) -> end\na.result n").replace(b'"feel"', b'"javascript"')
    assert [problem.code for problem in refused(xml)] == ["language"]


def test_all_problems_are_told_at_once() -> None:
    problems = refused(bpmn("start -> g:throw(cancel) -> t:catch(error E) -> a:catch(timer soon) -> end"))
    assert [problem.element for problem in problems] == ["g", "t", "a"]
