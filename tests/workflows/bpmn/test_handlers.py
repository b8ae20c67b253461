"""What undoes: handlers that fail, loop, or are sub-processes, and what they see (BPMN 2.0.2,
10.7)."""

from __future__ import annotations

import pytest

from tests.workflows.bpmn.play import Play, fresh
from tests.workflows.bpmn.undoing import TWO, undone

INSIDE = f"""
    start9 -> s:sub -> end9
    s!oops:error E -> y:user -> end8
    s!stop:message stop -> y
    s {{{TWO}
    }}
    """


def test_a_handler_can_be_a_sub_process_with_handlers_of_its_own() -> None:
    play = Play(
        """
        start -> a:user -> t:throw(compensate) -> u:throw(compensate) -> end
        a ~> revoke_a:sub
        revoke_a {
            start2 -> b:user -> q:user -> end2
            b ~> revoke_b:service(revoke_b)
        }
        """
    )
    assert play.do("a").do("b").places == ["q"]
    assert play.do("q").state.ended, "what a handler has done is not undone in its turn"


def test_a_handler_that_fails_is_an_incident_and_can_be_retried() -> None:
    play = Play(TWO).do("a").do("b").throw("revoke_b", "E")
    assert play.incident.kind == "uncaught_error"
    assert fresh(play.retry("revoke_b")) == ["run revoke_b"]
    assert undone(play) == ["b", "b", "a"]


def test_an_error_of_a_handler_ends_the_scope_that_catches_it() -> None:
    play = Play(INSIDE)
    assert play.do("a").do("b").throw("revoke_b", "E").places == ["y"]
    assert not play.state.done


def test_a_thrower_that_is_broken_off_takes_its_handlers_along() -> None:
    play = Play(INSIDE)
    assert play.do("a").do("b").send("stop").places == ["y"]
    assert play.path("cancelled") == ["revoke_b", "t", "s"]


def test_what_follows_a_boundary_event_of_a_handler_is_part_of_the_undoing() -> None:
    play = Play(TWO + "revoke_b!late:timer PT1H -> q:user -> end2").do("a").do("b").fire("late")
    assert play.places == ["q"]
    assert play.do("q").places == ["revoke_a"]
    assert play.answer("revoke_a").places == ["z"]


@pytest.mark.parametrize("how", ["each x in xs", "each sequential x in xs"])
def test_each_round_is_undone_with_what_it_saw(how: str) -> None:
    play = Play(
        f"start -> a:user -> end:end(compensate)\na.{how}\na ~> revoke_a:service(revoke_a)\nrevoke_a.in x = =x",
        {"xs": [1, 2]},
    )
    play.do_at("a", 1).do_at("a", 1)
    assert play.activities["revoke_a"].data == {"x": 2}
    play.answer("revoke_a")
    assert play.activities["revoke_a"].data == {"x": 1}
    assert play.answer("revoke_a").state.ended


def test_what_is_in_a_round_is_undone_with_what_the_round_saw() -> None:
    play = Play(
        """
        start -> s:sub -> end:end(compensate)
        s.each x in xs
        s {
            start2 -> t:sub -> end2
            t.in y = =x * 10
            t {
                start3 -> a:user -> end3
                a ~> revoke_a:service(revoke_a)
                revoke_a.in x = =x
                revoke_a.in y = =y
            }
        }
        """,
        {"xs": [1, 2]},
    )
    play.do_at("a", 1).do_at("a", 1)
    assert play.activities["revoke_a"].data == {"x": 2, "y": 20}
    assert undone(play) == ["a", "a"]
    assert play.activities["revoke_a"].data == {"x": 1, "y": 10}


def test_each_round_has_a_compensation_event_sub_process_of_its_own() -> None:
    play = Play(
        """
        start -> s:sub -> end:end(compensate s)
        s.each x in xs
        s {
            start2 -> a:user -> end2
            a ~> revoke_a:service(revoke_a)
            revoke_a.in x = =x
            h:on {
                go:start(compensate) -> q:user -> end3:end(compensate)
            }
        }
        """,
        {"xs": [1, 2]},
    )
    play.do_at("a", 1).do_at("a", 1)
    for x in (2, 1):
        assert play.do("q").activities["revoke_a"].data == {"x": x}
        play.answer("revoke_a")
    assert play.state.ended


def test_a_standard_loop_is_undone_round_by_round() -> None:
    play = Play(
        "start -> a:user -> end:end(compensate)\na.max 3\na ~> revoke_a:service(revoke_a)\nrevoke_a.in n = =loopCounter"
    )
    play.do("a").do("a").do("a")
    seen: list[object] = []
    while not play.state.ended:
        seen.append(play.activities["revoke_a"].data["n"])
        play.answer("revoke_a")
    assert seen == [3, 2, 1]


HANDLER_CANCELS = """
    start -> t:tx -> u:throw(compensate) -> z:user -> end
    t!failed:cancel -> sorry:user -> end2
    t {
        start3 -> a:user -> x:xor -[ok]-> end3
        x -[else]-> c:end(cancel)
        a ~> revoke:sub
        revoke {
            start4 -> b:user -> c2:end(cancel)
        }
    }
    """


@pytest.mark.parametrize(("ok", "then"), [(False, "sorry"), (True, "z")])
def test_a_cancel_that_is_reached_while_undoing_cancels_nothing_more(ok: bool, then: str) -> None:
    play = Play(HANDLER_CANCELS, {"ok": ok}).do("a")
    assert play.places == ["b"]
    assert play.do("b").places == [then]
