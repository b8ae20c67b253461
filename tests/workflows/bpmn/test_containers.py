"""Scopes: sub-processes, event sub-processes, call activities."""

from __future__ import annotations

import pytest

from tests.workflows.bpmn.play import T0, Play, fresh
from workflows.bpmn import begin


def test_embedded_sub_process_shares_the_variables_and_ends_when_it_is_empty() -> None:
    play = Play("start -> s:sub -> b:user -> end\ns:sub {\nstart2 -> a:user -> end2\n}")
    assert play.places == ["a"]
    assert [mark.element for mark in play.state.place(scopes=True)] == ["s", "a"]
    assert play.do("a", n=1).places == ["b"]
    assert play.variables == {"n": 1}


def test_called_process_has_its_own_variables() -> None:
    text = """
        start -> c:call(other) -> end
        c.in x = =n
        === other
        start2 -> a:user -> end2
        """
    play = Play(text, {"n": 1, "secret": 2})
    (mark,) = play.state.place()
    assert (mark.process, mark.element) == ("other", "a")

    play.do("a", y=3)
    assert play.variables == {"n": 1, "secret": 2}, "nothing comes back without an output mapping"

    play = Play(text + "c.out x = =x\nc.out y = =y", {"n": 1}).do("a", y=3)
    assert play.variables == {"n": 1, "x": 1, "y": 3}


def test_a_called_process_that_is_missing_is_an_incident() -> None:
    play = Play("start -> c:call(other) -> end\n=== other\nstart2 -> end2")
    state, commands = begin({"p": play.program["p"]}, "p", {}, T0)
    assert [type(command).__name__ for command in commands] == ["RaiseIncident"]
    assert [mark.element for mark in state.place()] == ["c"]


def test_a_process_may_call_itself() -> None:
    play = Play(
        """
        start -> x:xor -[n > 0]-> c:call(p) -> end
        x -[else]-> a:user -> end2
        c.in n = =n - 1
        c.out depth = =if depth = null then 1 else depth + 1
        """,
        {"n": 3},
    )
    assert play.places == ["a"]
    assert play.do("a").variables == {"n": 3, "depth": 3}


def test_a_process_that_calls_itself_for_ever_is_stopped_and_can_be_cancelled() -> None:
    play = Play("start -> s:sub -> end\ns!stop:message stop -> end2\ns:sub {\nstart3 -> c:call(p) -> end3\n}")
    assert play.incident.kind == "endless_loop"
    assert len(play.state.executions) > 300

    # the innermost scope catches it, and so all its callers come to their ends
    assert play.send("stop").state.ended


@pytest.mark.parametrize("event", ["message stop", "timer PT1H", "error E", "escalation E"])
def test_interrupting_event_sub_process_replaces_the_content_of_its_scope(event: str) -> None:
    play = Play(
        f"""
        start -> a:user -> x:xor -[what = "error"]-> oops:end(error E)
        x -[what = "escalation"]-> up:throw(escalation E) -> never:user -> end
        x -[else]-> end2
        h:on {{
            stop:start({event}) -> b:user -> end3
        }}
        other:on {{
            note:start+(message note) -> c:user -> end4
        }}
        """
    )
    play.send("note")
    assert play.places == ["a", "c"]

    match event.split()[0]:
        case "message":
            play.send("stop")
        case "timer":
            play.fire("stop")
        case kind:
            play.do("a", what=kind)

    assert play.places == ["b"]
    assert play.due == {}
    assert play.send("note").places == ["b"], "nothing else triggers in an interrupted scope"
    assert play.do("b").state.outcome == "end3"


def test_non_interrupting_event_sub_process_runs_beside_as_often_as_it_is_triggered() -> None:
    play = Play(
        """
        start -> a:user -> end
        h:on {
            note:start+(message note) -> b:user -> end2
        }
        t:on {
            tick:start+(timer R2/PT1H) -> c:user -> end3
        }
        """
    )
    play.send("note").send("note").wait(hours=5)
    assert sorted(play.places) == ["a", "b", "b", "c", "c"]
    assert play.due == {}
    play.do("a")
    assert not play.state.ended


def test_the_outcome_is_the_end_of_the_main_line_not_of_a_handler_beside_it() -> None:
    play = Play("start -> a:user -> end\nh:on {\nnote:start+(message note) -> b:user -> end2\n}")
    play.send("note").do("a").do("b")
    assert play.state.outcome == "end"


def test_non_interrupting_escalation_event_sub_process() -> None:
    play = Play(
        """
        start -> up:throw(escalation E) -> a:user -> end
        h:on {
            caught:start+(escalation) -> b:user -> end2
        }
        """
    )
    assert sorted(play.places) == ["a", "b"]


def test_event_sub_process_of_a_called_process_uses_its_variables() -> None:
    play = Play(
        """
        start -> c:call(other) -> end
        c.in wait = PT2H
        c.out seen = =seen
        === other
        start2 -> a:user -> end2
        h:on {
            late:start(timer =wait) -> s:script({seen: true}) -> end3
        }
        """
    )
    assert play.fire("late").variables == {"seen": True}
    assert play.state.outcome == "end"


def test_a_boundary_timer_outlives_what_interrupts_the_scope_from_inside() -> None:
    play = Play(
        """
        start -> s:sub -> end
        s!late:timer P1D -> b:user -> end2
        s:sub {
            start3 -> a:user -> end3
            h:on {
                stop:start(message stop) -> c:user -> end4
            }
            t:on {
                tick:start+(timer P2D) -> end5
            }
        }
        """
    )
    assert fresh(play.send("stop")) == ["withdraw a", "disarm tick", "open c"]
    assert fresh(play.fire("late")) == ["withdraw c", "open b"]


def test_a_failing_output_mapping_keeps_the_result_for_the_retry() -> None:
    play = Play(
        """
        start -> a:user -> x:xor -[wrong]-> end
        x -[else]-> end2
        a.out n = =sum(for i in 1..many return i)
        """,
        {"many": 20000},
    )
    play.do("a", many=20000)
    assert play.incident.kind == "too_much"
    assert play.incident.element == "a"
    assert fresh(play.retry("a")) == ["incident a too_much"]
