"""Signals: heard by all that listen at that moment, in this instance and outside (BPMN 2.0.2,
10.5.5)."""

from __future__ import annotations

import pytest

from tests.workflows.bpmn.play import Play, fresh

EVERYWHERE = """
    start -> f:and -> c:catch(signal s) -> a:user -> end
    f -> w:user -> end2
    w+beside:signal s -> b:user -> end3
    f -> r:race -> d:catch(signal s) -> e:user -> end4
    r -> late:catch(timer PT1H) -> end5
    f -> x:call(other) -> end6
    f -> t:sub -> end7
    t {
        start8 -> y:user -> end8
        h:on {
            go:start+(signal s) -> g:user -> end9
        }
    }
    === other
    start10 -> k:catch(signal s) -> m:user -> end10
    """


def test_all_that_listen_hear_it() -> None:
    play = Play(EVERYWHERE)
    assert sorted(play.signal("s").places) == sorted(["a", "w", "b", "e", "y", "g", "m"])
    assert play.due == {}, "the gateway has made its choice"
    assert sorted(play.signal("s").places) == sorted(["a", "w", "b", "b", "e", "y", "g", "g", "m"])


def test_a_signal_is_not_kept_for_later() -> None:
    play = Play("start -> a:user -> c:catch(signal s) -> end").signal("s").do("a")
    assert play.places == ["c"]
    assert play.state.place()[0].waits_for == "signal"
    assert play.signal("other").places == ["c"]
    assert play.signal("s", n=1).variables == {"n": 1}
    assert play.state.ended


def test_nobody_listens_and_nothing_happens() -> None:
    assert fresh(Play("start -> a:user -> end").signal("s")) == []


@pytest.mark.parametrize("first", ["thrower", "catcher"])
def test_thrown_and_caught_in_one_activation_whatever_comes_first_in_the_drawing(first: str) -> None:
    throws, catches = (
        "f -> t:throw(signal s) -> end",
        "f -> m:manual -> m2:manual -> c:catch(signal s) -> a:user -> end2",
    )
    lines = [throws, catches] if first == "thrower" else [catches, throws]
    play = Play("\n".join(["start -> f:and", *lines]))
    assert play.places == ["a"]
    assert play.log == ["signal s", "open a"]


def test_two_throwers_and_a_catcher_that_listens_twice() -> None:
    play = Play(
        """
        start -> f:and -> t:throw(signal s) -> end
        f -> u:throw(signal s) -> end2
        f -> c:catch(signal s) -> d:catch(signal s) -> end3
        """
    )
    assert play.log.count("signal s") == 2
    assert play.state.outcome == "end3", "the second is thrown when the first has been dealt with"


def test_an_end_event_throws_with_data() -> None:
    play = Play("start -> f:and -> end:end(signal s)\nf -> c:catch(signal s) -> a:user -> end2\nend.in n = =1 + 1")
    assert play.variables == {"n": 2}
    assert play.places == ["a"]


def test_a_signal_crosses_into_and_out_of_called_processes() -> None:
    down = """
        start -> f:and -> t:throw(signal s) -> end
        f -> c:call(other) -> end2
        === other
        start3 -> k:catch(signal s) -> end3
        """
    assert Play(down).state.ended
    up = """
        start -> f:and -> c:call(other) -> end
        f -> k:catch(signal s) -> end2
        === other
        start3 -> end3:end(signal s)
        """
    assert Play(up).state.ended


def test_an_interrupting_catcher_ends_others_that_would_have_heard_it() -> None:
    # given: the event sub-process of the sub-process comes before the boundary event around it,
    # innermost first
    play = Play(
        """
        start -> t:sub -> end
        t!around:signal s -> z:user -> end2
        t {
            start3 -> f:and -> c:catch(signal s) -> a:user -> end3
            f -> y:user -> end4
        }
        """
    )
    assert play.signal("s").places == ["z"]
    assert fresh(play) == ["withdraw y", "open z"], "what the inner one began is over in the same breath"


def test_an_interrupting_event_sub_process_ends_the_thrower_too() -> None:
    play = Play("start -> t:throw(signal s) -> a:user -> end\nh:on {\ngo:start(signal s) -> b:user -> end2\n}")
    assert play.places == ["b"]
    assert play.path("cancelled") == ["t"]


def test_a_stuck_activity_still_hears_what_is_at_its_boundary() -> None:
    play = Play("start -> a:service -> end\na!out:signal s -> b:user -> end2").throw("a", "E")
    assert play.incident.kind == "uncaught_error"
    assert play.signal("s").places == ["b"]


def test_one_that_has_ended_hears_nothing() -> None:
    assert Play("start -> end").signal("s").refused == "ended"
