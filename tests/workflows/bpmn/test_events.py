"""Events: starts, ends, catching and throwing, boundary events."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.workflows.bpmn.play import T0, Play, fresh
from workflows.bpmn import NoSuchStart, begin


def test_several_starts() -> None:
    text = """
        start -> a:user -> end
        back:start(message reactivated) -> b:user -> end2
        monthly:start(timer R/P1M) -> c:user -> end3
        """
    assert Play(text).places == ["a"]
    play = Play(text, {"n": 1}, message="reactivated")
    assert play.places == ["b"]
    assert play.due == {}, "a timer start starts new instances; it is not armed in a running one"

    state, _ = begin(play.program, "p", {}, T0, start="monthly")
    assert [mark.element for mark in state.place()] == ["c"]
    with pytest.raises(NoSuchStart):
        begin(play.program, "p", {}, T0, message="unheard_of")


def test_a_process_that_only_starts_by_timer_begins_there() -> None:
    assert Play("monthly:start(timer R/P1M) -> c:user -> end").places == ["c"]


@pytest.mark.parametrize(
    ("timer", "due"),
    [
        ("PT1H", timedelta(hours=1)),
        ("2026-01-15T08:00:00+08:00", timedelta(days=14)),
        ("2026-01-15", timedelta(days=14)),
        ('=duration("P" + string(days) + "D")', timedelta(days=3)),
        ("date =at", timedelta(days=4)),
        ('date =now + duration("P5D")', timedelta(days=5)),
        ("P1M", timedelta(days=31)),
        ("date 2020-01-01T00:00:00Z", timedelta(days=-2192)),
    ],
)
def test_timers_are_due_at_absolute_instants(timer: str, due: timedelta) -> None:
    play = Play(f"start -> a:catch(timer {timer}) -> end", {"days": 3, "at": "2026-01-05T00:00:00Z"})
    assert play.due == {"a": due}
    assert play.state.place()[0].waits_for == "timer"
    assert play.fire("a").state.outcome == "end"


def test_a_timer_without_an_instant_is_an_incident() -> None:
    play = Play("start -> a:catch(timer date =due) -> end\nh:on {\nsay:start+(message due) -> end2\n}")
    assert play.incident.kind == "condition_failed"
    play.send("due", due="2026-01-02T00:00:00Z").retry("a")
    assert play.due == {"a": timedelta(days=1)}


def test_a_cycle_repeats_as_often_as_it_says_from_its_own_instants() -> None:
    play = Play("start -> a:user -> end\na+tick:timer R3/PT10M -> b:service -> end2")
    seen: list[timedelta] = []
    while play.due:
        seen.append(play.due["tick"])
        play.now += timedelta(minutes=7)  # always late
        play.fire("tick")
    assert seen == [timedelta(minutes=minutes) for minutes in (10, 20, 30)]


def test_a_monthly_cycle_keeps_the_day_where_the_calendar_allows() -> None:
    play = Play("start -> a:user -> end\na+tick:timer R/2026-01-31T00:00:00Z/P1M -> b:service -> end2")
    days: list[str] = []
    for _ in range(4):
        days.append(play.state.timers()[0].due.date().isoformat())
        play.fire("tick")
    assert days == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]


def test_boundary_message_interrupting_and_not() -> None:
    play = Play("start -> a:user -> end\na!stop:message stop -> b:user -> end2\na+note:message note -> c:user -> end3")

    assert play.send("note", n=1).send("note", n=2).places == ["a", "c", "c"]
    assert fresh(play.send("stop")) == ["withdraw a", "open b"]
    assert play.places == ["c", "c", "b"]


def test_boundary_error_takes_the_matching_code_before_the_catch_all() -> None:
    text = "start -> a:service -> end\na!any:error -> end2\na!no_dealer:error NO_DEALER -> end3"
    assert Play(text).throw("a", "NO_DEALER", n=1).state.outcome == "end3"
    assert Play(text).throw("a", "OTHER").state.outcome == "end2"
    assert Play(text).throw("a", "NO_DEALER", n=1).variables == {"n": 1}


def test_an_error_is_caught_by_the_nearest_scope_that_knows_it() -> None:
    play = Play(
        """
        start -> s:sub -> end
        s!e:error E -> b:user -> end2
        s:sub {
            start2 -> fork:and -> c:call(other) -> end3
            fork -> a:user -> end4
        }
        === other
        start5 -> oops:end(error E)
        oops.in reason = too_far
        """
    )
    assert play.places == ["b"]
    assert play.variables == {"reason": "too_far"}
    assert play.log == ["open b"]  # what was opened and withdrawn in one breath, nobody hears of


def test_output_mappings_of_a_catching_event() -> None:
    play = Play("start -> a:user -> end\na!stop:message stop -> end2\nstop.out why = =reason")
    assert play.send("stop", reason="x", noise=1).variables == {"why": "x"}


def test_escalation_boundary_interrupting_and_not() -> None:
    text = """
        start -> s:sub -> end
        s{}up:escalation E -> b:user -> end2
        s:sub {{
            start2 -> raise:throw(escalation E) -> a:user -> end3
        }}
        """
    assert Play(text.format("+")).places == ["a", "b"] or Play(text.format("+")).places == ["b", "a"]
    assert Play(text.format("!")).places == ["b"]


def test_escalation_leaves_a_called_process() -> None:
    play = Play(
        """
        start -> c:call(other) -> end
        c!handed:escalation handed_over -> a:user -> end2
        c!back:escalation back_to_hq -> b:user -> end3
        === other
        start4 -> fork:and -> w:user -> end4
        fork -> climb:service -> x:xor -[action = "hand_over"]-> h:end(escalation handed_over)
        x -[else]-> q:end(escalation back_to_hq)
        """
    )
    assert play.places == ["w", "climb"]
    assert fresh(play.answer("climb", action="hand_over")) == ["withdraw w", "open a"]
    assert play.places == ["a"]


def test_message_throw_and_message_end_send_and_go_on() -> None:
    assert Play("start -> a:throw(message m) -> b:throw -> stop:end(message n)").log == ["send m", "send n", "end stop"]


def test_an_error_thrown_in_a_handler_is_not_caught_by_that_handler() -> None:
    play = Play(
        """
        start -> s:sub -> end
        s!outer:error -> end2
        s:sub {
            start2 -> oops:end(error E)
            h:on {
                caught:start(error) -> again:end(error E)
            }
        }
        """
    )
    assert play.state.outcome == "end2"
