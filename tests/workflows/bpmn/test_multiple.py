"""Events with several definitions: any of them, or all of them, in whatever order (BPMN 2.0.2,
10.5.5)."""

from __future__ import annotations

import pytest

from tests.workflows.bpmn.play import Play, fresh

PARTS = "message m, signal s, timer PT1H, conditional n > 1"


def happen(play: Play, what: str) -> Play:
    """One of the parts occurs."""
    match what:
        case "m":
            return play.send("m", m=1)
        case "s":
            return play.signal("s", s=1)
        case "t":
            return play.fire(next(iter(play.due)))
        case _:
            return play.correct(n=2)


WHERE = {
    "catch": "start -> e:catch({}) -> z:user -> end",
    "boundary": "start -> a:user -> end\na!e:{} -> z:user -> end2",
    "event sub-process": "start -> a:user -> end\nh:on {{\ne:start({}) -> z:user -> end2\n}}",
    "event gateway": "start -> r:race -> e:catch({}) -> z:user -> end\nr -> o:catch(message o) -> end2",
}


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("what", "mstc")
def test_any_of_them_is_enough(where: str, what: str) -> None:
    play = Play(WHERE[where].format(f"any {PARTS}"))
    happen(play, what)
    assert play.places == ["z"]
    assert play.due == {}, "the others are no longer awaited"
    assert play.variables == {"m": {"m": 1}, "s": {"s": 1}, "c": {"n": 2}}.get(what, {})


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("order", ["mstc", "ctsm", "scmt", "tmcs"])
def test_all_of_them_are_needed_in_any_order_and_all_data_count(where: str, order: str) -> None:
    play = Play(WHERE[where].format(f"all {PARTS}"))
    for what in order[:-1]:
        assert happen(play, what).places in (["a"], ["e"], ["r"])
    assert happen(play, order[-1]).places == ["z"]
    assert play.variables == {"m": 1, "s": 1, "n": 2}


def test_a_part_that_occurs_twice_counts_once_and_a_second_message_is_kept() -> None:
    play = Play("start -> e:catch(all message m, signal s) -> f:catch(message m) -> end")
    assert play.signal("s", s=1).signal("s", s=2).places == ["e"]
    assert play.send("m", m=1).places == ["f"]
    assert play.variables == {"s": 1, "m": 1}
    play = Play(play.program).send("m", m=1).send("m", m=2)
    assert play.state.buffer == (("m", {"m": 2}),)
    assert play.signal("s").state.ended
    assert play.variables == {"m": 2}


def test_a_non_interrupting_event_begins_anew() -> None:
    play = Play("start -> a:user -> end\na+e:all message m, message o -> z:user -> end2")
    assert play.send("m").send("m").send("o").places == ["a", "z"]
    assert play.state.buffer == (), "the second m is half of the next round"
    assert play.send("o").places == ["a", "z", "z"]
    play = Play("start -> a:user -> end\na+e:any message m, signal s -> z:user -> end2")
    assert play.send("m").signal("s").send("m").places == ["a", "z", "z", "z"]


def test_a_timer_among_several_repeats_where_nothing_is_interrupted() -> None:
    play = Play("start -> a:user -> end\na+e:any message m, timer R3/PT10M -> z:user -> end2")
    assert play.wait(minutes=25).send("m").places == ["a", "z", "z", "z"]
    assert play.do("a").due == {}


def test_errors_and_escalations_among_several_at_a_boundary() -> None:
    text = """
        start -> s:sub -> end
        s!e:any error E, escalation F, message m -> z:user -> end2
        s {
            start3 -> a:service -> x:throw(escalation F) -> end3
        }
        """
    assert Play(text).throw("a", "E").places == ["z"]
    assert Play(text).answer("a").places == ["z"]
    assert Play(text).send("m").places == ["z"]


def test_a_throw_tells_all_of_them_in_their_order() -> None:
    play = Play(
        """
        start -> f:and -> t:throw(any message m, signal s, message o) -> end
        t.in n = =1
        f -> c:catch(signal s) -> a:user -> end2
        """
    )
    assert play.log == ["send m", "signal s", "send o", "open a"]
    assert play.variables == {"n": 1}


def test_an_end_tells_all_of_them() -> None:
    assert Play("start -> end:end(any message m, signal s)").log == ["send m", "signal s", "end end"]


def test_several_boundary_events_of_one_activity_each_keep_count_of_their_own() -> None:
    play = Play(
        """
        start -> a:user -> end
        a!e:all message m, signal s -> y:user -> end2
        a+g:all signal s, message o -> z:user -> end3
        """
    )
    play.signal("s")
    assert play.send("o").places == ["a", "z"]
    assert fresh(play.send("m")) == ["withdraw a", "open y"]
