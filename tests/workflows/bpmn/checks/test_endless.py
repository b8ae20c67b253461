"""Loops of flows that never rest or never end; beside each the nearest loop that makes sense."""

from __future__ import annotations

import pytest

from tests.workflows.bpmn.checks.finding import codes, drawn, flows, problems


@pytest.mark.parametrize(
    "loop",
    [
        "start -> x:xor -> a:task -> x",
        "start -> x:xor -> a:script({n: 1}) -> b:manual -> x",
        "start -> x:xor -> a:send(m) -> x",
        "start -> x:xor -> a:throw(message m) -> x",
        "start -> x:xor -> f:and -> a:task -> x\nf -> b:user -> end",
        "start -> x:xor -> s:sub -> x\ns {\nstart2 -> a:task -> end2\n}",
        "start -> x:xor -> y:xor -[n > 1]-> x\ny -[else]-> a:task -> x",
    ],
)
def test_a_loop_that_nothing_leaves_and_where_nothing_waits_is_refused(loop: str) -> None:
    assert codes(loop) == [("x", "endless_loop")]


def test_the_loop_is_named() -> None:
    (problem,) = problems("start -> x:xor -> a:task -> b:script({n: 1}) -> x")
    assert "x, a, b" in problem.message


@pytest.mark.parametrize(
    "loop",
    [
        "start -> x:xor -> a:user -> x",
        "start -> x:xor -> a:catch(timer PT1H) -> x",
        "start -> x:xor -> a:receive(m) -> x",
        "start -> x:xor -> a:call(other) -> x\n=== other\nstart2 -> b:user -> end2",
        "start -> x:xor -> s:sub -> x\ns {\nstart2 -> a:user -> end2\n}",
        # The first token of a round waits for one that comes from a person.
        "start -> f:and -> x:xor -> j:and -> a:task -> x\nf -> u:user -> j",
        "start -> x:xor -> f:and -> a:task -> j:and -> x\nf -> u:user -> j",
        # The way out ends everything.
        "start -> x:xor -> f:and -> a:task -> x\nf -> b:task -> end:end(terminate)",
    ],
)
def test_a_loop_where_something_waits_is_no_endless_loop(loop: str) -> None:
    assert not {"endless_loop", "busy_loop", "no_exit"} & {code for _, code in codes(loop)}


def test_an_escalation_that_interrupts_ends_a_loop() -> None:
    loop = "start2 -> x:xor -> f:and -> a:throw(escalation E) -> x\nf -> end2"
    stopped = f"start -> s:sub -> end\ns!out:escalation E -> end3\ns {{\n{loop}\n}}"
    assert codes(stopped) == []


@pytest.mark.parametrize(
    "loop",
    [
        "start -> x:xor -> a:task -> y:xor -[n > 1]-> x\ny -[else]-> end",
        "start -> x:xor -> a:script({m: 1}) -> y:xor -[n > 1]-> x\ny -[else]-> end",
        "start -> x:xor -> a:script(1) -> y:xor -[n > 1]-> x\ny -[else]-> end\na.result m",
        "start -> x:xor -> a:script({n: 1}) -> y:xor -[true]-> x\ny -[else]-> end",
        "start -> x:xor -> y:xor -[n > 1]-> x\ny -[else]-> u:user -> end",
    ],
)
def test_a_loop_that_changes_nothing_that_its_exit_asks_for(loop: str) -> None:
    assert codes(loop) == [("x", "busy_loop")]


@pytest.mark.parametrize(
    "loop",
    [
        "start -> x:xor -> a:script({n: n + 1}) -> y:xor -[3 > n]-> x\ny -[else]-> end",
        "start -> x:xor -> a:script(n + 1) -> y:xor -[3 > n]-> x\ny -[else]-> end\na.result n",
        "start -> x:xor -> a:script(whole) -> y:xor -[3 > n]-> x\ny -[else]-> end",
        "start -> x:xor -> s:sub -> y:xor -[3 > n]-> x\ny -[else]-> end\ns {\nb:start -> a:script({n: 1}) -> c:end\n}",
        "start -> x:xor -> a:user -> y:xor -[3 > n]-> x\ny -[else]-> end",
        "start -> x:xor -> a:catch(timer PT1H) -> y:xor -[3 > n]-> x\ny -[else]-> end",
    ],
)
def test_a_loop_that_counts_or_waits_is_as_good_as_any(loop: str) -> None:
    assert codes(loop) == []


@pytest.mark.parametrize("work", ["service(ship)", "rule(grade)"])
def test_activities_that_repeat_for_ever(work: str) -> None:
    assert codes(f"start -> x:xor -> a:{work} -> x") == [("x", "no_exit")]


@pytest.mark.parametrize(
    "loop",
    [
        "start -> x:xor -> a:service(ship) -> y:xor -[n > 1]-> x\ny -[else]-> end",
        "start -> x:xor -> a:service(ship) -> b:user -> x",
        "start -> x:xor -> a:service(ship) -> b:catch(timer PT1H) -> x",
        "start -> x:xor -> a:service(ship) -> x\na!wrong:error E -> end",
        "start -> s:sub -> end\ns!stop:message m -> end2\ns {\nstart3 -> x:xor -> a:service(ship) -> x\n}",
        "start -> x:xor -> a:service(ship) -> x\nh:on {\nstop:start(message m) -> end\n}",
    ],
)
def test_activities_that_repeat_until_something_happens(loop: str) -> None:
    assert codes(loop) == []


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        ("<standardLoopCharacteristics/>", [("a", "endless_loop")]),
        ('<standardLoopCharacteristics loopMaximum="3"/>', []),
        ("<standardLoopCharacteristics><loopCondition>3 &gt; n</loopCondition></standardLoopCharacteristics>", []),
    ],
)
def test_a_standard_loop_needs_an_end(inside: str, found: list[tuple[str, str]]) -> None:
    task = f'<serviceTask id="a" baton:activity="ship">{inside}</serviceTask>'
    xml = drawn(f'<startEvent id="start"/>{task}<endEvent id="end"/>' + flows("start a", "a end"))
    assert codes(xml) == found


def test_a_long_loop_fits_into_its_message() -> None:
    tasks = " -> ".join(f"a_task_with_quite_a_long_name_{number}:task" for number in range(300))
    (problem,) = problems(f"start -> x:xor -> {tasks} -> x")
    assert problem.code == "endless_loop"
    assert len(problem.message) <= 200
    assert "more" in problem.message
