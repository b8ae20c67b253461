"""Activities that are done more than once (BPMN 2.0.2, 10.3.8): standard loops, and multi-instance
side by side."""

from __future__ import annotations

from typing import Any

import pytest

from tests.workflows.bpmn.play import Play, fresh

# -- standard loops -------------------------------------------------------------------------------


def test_a_loop_is_tested_after_each_round() -> None:
    play = Play("start -> a:user -> end\na.loop n < 2")
    assert fresh(play.do("a", n=1)) == ["open a"]
    assert fresh(play.do("a", n=2)) == ["end end"]


def test_a_loop_that_is_tested_before_may_not_run_at_all() -> None:
    text = "start -> a:user -> end\na.loop before n < 2"
    assert Play(text, {"n": 2}).log == ["end end"]
    assert Play(text, {"n": 1}).do("a", n=1).do("a", n=2).state.ended


@pytest.mark.parametrize(
    ("said", "rounds"),
    [
        ("a.max 3", 3),
        ("a.max 3\na.loop true", 3),
        ("a.max 3\na.loop loopCounter < 2", 2),
        ("a.max 1\na.loop before true", 1),
        ("a.max 0\na.loop before true", 0),
    ],
)
def test_a_loop_has_an_end(said: str, rounds: int) -> None:
    play = Play(f"start -> a:script({{sum: sum + loopCounter}}) -> end\n{said}", {"sum": 0})
    assert play.variables == {"sum": sum(range(rounds + 1))}
    assert play.state.ended


def test_a_loop_condition_that_fails_keeps_the_round_until_it_is_retried() -> None:
    play = Play("start -> a:user -> end\na.loop more")
    assert fresh(play.do("a", more="perhaps")) == ["incident a condition_failed"]
    assert play.variables == {}, "what a retry writes, it writes once"
    play = Play("start -> a:user -> end\na.loop before more", {"more": "perhaps"})
    assert play.incident.element == "a"
    assert play.correct(more=True).retry("a").places == ["a"]


def test_sub_processes_and_calls_loop_too() -> None:
    play = Play("start -> s:sub -> end\ns.loop n < 2\ns {\nstart2 -> a:user -> end2\n}")
    assert play.do("a", n=1).places == ["a"]
    assert play.do("a", n=2).state.outcome == "end"

    called = "start -> c:call(other) -> end\nc.loop n < 2\nc.in turn = =loopCounter\nc.out n = =n"
    play = Play(called + "\n=== other\nstart3 -> b:script({n: turn}) -> end3")
    assert play.variables == {"n": 2}


def test_a_boundary_event_is_around_all_rounds() -> None:
    play = Play(
        "start -> a:user -> end\na.loop n < 9\na!late:timer PT1H -> end2\na+tick:timer R/PT20M -> b:user -> end3"
    )
    play.wait(minutes=30)
    assert play.do("a", n=1).places == ["b", "a"]
    assert play.due["late"].total_seconds() == 3600, "the second round does not arm it anew"
    assert "withdraw a" in fresh(play.fire("tick").fire("late"))
    assert set(play.places) == {"b"}


def test_an_error_from_a_round_ends_the_loop() -> None:
    play = Play("start -> a:service -> end\na.loop true\na!oops:error E -> end2")
    assert play.answer("a").answer("a").throw("a", "E").state.outcome == "end2"


# -- multi-instance: how many --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "given", "seen"),
    [
        ("a.each x in xs", {"xs": ["p", "q"]}, [[1, "p"], [2, "q"]]),
        ("a.each sequential x in xs", {"xs": ["p", "q"]}, [[1, "p"], [2, "q"]]),
        ("a.each x in xs", {"xs": []}, []),
        ("a.times n", {"n": 3}, [[1, None], [2, None], [3, None]]),
        ("a.times sequential 2", {}, [[1, None], [2, None]]),
        ("a.times 0", {}, []),
    ],
)
def test_once_for_each_item_or_number(said: str, given: dict[str, Any], seen: list[Any]) -> None:
    play = Play(f"start -> a:script([loopCounter, x]) -> end\na.result y\n{said}\na.collect ys = y", given)
    assert play.variables["ys"] == seen
    assert play.state.ended


@pytest.mark.parametrize("bad", [-1, 1.5, "2", True, None, 1_001])
def test_a_number_of_instances_that_makes_no_sense_is_an_incident(bad: Any) -> None:
    play = Play("start -> a:script({}) -> end\na.times n", {"n": bad})
    assert play.incident.kind == "condition_failed"
    assert play.correct(n=1).retry("a").state.ended


@pytest.mark.parametrize("bad", ["ab", {"k": 1}, None, 3, [0] * 1_001])
def test_a_collection_that_is_no_list_or_too_long_is_an_incident(bad: Any) -> None:
    play = Play("start -> a:manual -> end\na.each x in xs", {"xs": bad})
    assert play.incident.kind == "condition_failed"
    assert play.correct(xs=[1]).retry("a").state.ended


def test_how_many_is_settled_at_the_beginning() -> None:
    play = Play("start -> a:user -> end\na.each sequential x in xs", {"xs": [1, 2]})
    play.do("a", xs=[1, 2, 3, 4]).do("a")
    assert play.state.ended


# -- multi-instance: rounds ----------------------------------------------------------------------


def test_side_by_side_each_round_is_a_task_of_its_own_and_results_keep_the_order_of_the_rounds() -> None:
    play = Play(
        "start -> a:user -> end\na.each x in xs\na.collect ys = [x, y]\na.due =x", {"xs": ["2026-02-01", "2026-03-01"]}
    )
    assert play.log == ["open a", "open a"]
    assert [mark.due for mark in play.state.place()] == ["2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"]

    play.do_at("a", 2, y="second").do_at("a", 1, y="first")

    assert play.variables["ys"] == [["2026-02-01", "first"], ["2026-03-01", "second"]]
    assert play.state.ended


def test_one_after_the_other() -> None:
    play = Play("start -> a:service -> end\na.each sequential x in xs\na.in x = =x", {"xs": [1, 2]})
    assert play.activities["a"].data == {"x": 1}
    assert len(play.answer("a").at("a")) == 1
    assert play.activities["a"].data == {"x": 2}
    assert play.answer("a").state.ended


@pytest.mark.parametrize(
    ("how", "asked"),
    [("4", ["open a"] * 4 + ["withdraw a"] * 2), ("sequential 4", ["open a"] * 2)],
)
def test_a_completion_condition_ends_the_others(how: str, asked: list[str]) -> None:
    play = Play(f"start -> a:user -> end\na.times {how}\na.until numberOfCompletedInstances >= 2\na.collect ys = y")
    play.do_at("a", 1, y=1).do_at("a", 1, y=2)
    assert play.log == [*asked, "end end"]
    assert play.variables["ys"] == [1, 2]


def test_a_completion_condition_can_ask_how_many_there_are() -> None:
    counts = "[numberOfInstances, numberOfActiveInstances, numberOfCompletedInstances, numberOfTerminatedInstances]"
    play = Play(f"start -> a:user -> end\na.times 3\na.until {counts} = seen", {"seen": [3, 1, 2, 0]})
    assert not play.do_at("a", 1).state.ended
    assert play.do_at("a", 1).state.ended


def test_a_completion_condition_that_fails_keeps_its_round_only() -> None:
    play = Play("start -> a:user -> end\na.times 2\na.until done")
    assert fresh(play.do_at("a", 1, done="?")) == ["incident a condition_failed"]
    assert [mark.waits_for for mark in play.state.place()] == ["incident", "task"]
