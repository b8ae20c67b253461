"""The trace: every arrival and departure of a token. ``Play`` checks that it is whole; here, what
it says."""

from __future__ import annotations

from datetime import timedelta

from tests.workflows.bpmn.play import T0, Play
from workflows.bpmn import Visit, begin


def test_a_token_comes_by_a_flow_and_goes() -> None:
    play = Play("start -> a:user -> end")
    play.now += timedelta(hours=1)
    play.do("a")
    later = play.now
    assert play.trace == [
        Visit("2", "start", "p", "entered", T0),
        Visit("2", "start", "p", "left", T0),
        Visit("3", "a", "p", "entered", T0, "f0_start_a"),
        Visit("3", "a", "p", "left", later, "f0_start_a"),
        Visit("4", "end", "p", "entered", later, "f1_a_end"),
        Visit("4", "end", "p", "left", later, "f1_a_end"),
    ]


def test_who_leaves_tells_the_deadline_it_had() -> None:
    play = Play("start -> a:user -> t:catch(timer PT1H) -> b:user -> end\na.due 2026-03-01\nb.due 2026-04-01")
    play.do("a").fire("t").shift("b", "end")
    assert [(v.element, v.what, v.due) for v in play.trace if v.due] == [
        ("a", "left", "2026-03-01T00:00:00Z"),
        ("t", "left", "2026-01-01T01:00:00Z"),
        ("b", "cancelled", "2026-04-01T00:00:00Z"),
    ]


def test_what_is_interrupted_is_cancelled_innermost_first() -> None:
    play = Play("start -> s:sub -> end\ns!stop:message m -> end2\ns {\nstart3 -> a:user -> end3\n}").send("m")
    assert play.path("cancelled") == ["a", "s"]
    assert play.path() == ["start", "s", "start3", "a", "stop", "end2"]


def test_what_begins_and_is_over_in_one_breath_has_been_there() -> None:
    play = Play("start -> a:user -> end\na!stop:conditional true -> end2")
    assert play.path() == ["start", "a", "stop", "end2"]
    assert play.path("cancelled") == ["a"]


def test_tokens_that_a_join_takes_have_left_it() -> None:
    for join in ("and", "or", "complex(activationCount = 2)"):
        play = Play(f"start -> f:and -> a:manual -> j:{join} -> end\nf -> b:manual -> j")
        assert play.path().count("j") == play.path("left").count("j") == 2
        assert play.path("cancelled") == []


def test_rounds_visit_their_element_each_and_a_called_process_is_named() -> None:
    play = Play("start -> c:call(other) -> end\nc.times 2\n=== other\nstart2 -> end2")
    assert [(v.process, v.element) for v in play.trace if v.what == "entered"] == [
        ("p", "start"),
        ("p", "c"),
        ("p", "c"),
        ("p", "c"),
        ("other", "start2"),
        ("other", "start2"),
        ("other", "end2"),
        ("other", "end2"),
        ("p", "end"),
    ]


def test_handlers_and_event_sub_processes_come_by_no_flow() -> None:
    play = Play(
        """
        start -> a:user -> t:throw(compensate) -> end
        a ~> revoke:manual
        h:on {
            go:start+(message m) -> end2
        }
        """
    )
    play.send("m").do("a")
    assert {v.element for v in play.trace if v.what == "entered" and not v.via} == {"start", "h", "go", "revoke"}


def test_an_event_that_is_refused_leaves_no_trace() -> None:
    play = Play("start -> a:user -> end")
    before = [*play.trace]
    play.send("unheard_of")
    play.shift("a", "nowhere")
    assert play.trace == before


def test_without_a_trace_everything_is_the_same() -> None:
    play = Play("start -> f:and -> a:user -> end\nf -> b:user -> end2")
    state, commands = begin(play.program, "p", {}, T0)
    assert (state, commands) == (play.state, play.last)
