"""Transactions: cancelled, they end what runs, undo what is done and leave by the cancel event
(10.3.5, 13.5.3)."""

from __future__ import annotations

import pytest

from tests.workflows.bpmn.play import Play, fresh

BOOKING = """
    start -> t:tx -> paid:user -> end
    t!failed:cancel -> sorry:user -> end2
    t!broken:error E -> repair:user -> end3
    t!stop:message stop -> stopped:user -> end4
    t!late:timer PT1H -> overdue:user -> end5
    t {
        start6 -> f:and -> hotel:user -> flight:user -> x:xor -[ok]-> end6
        f -> w:user -> end7
        x -[oops]-> error:end(error E)
        x -[else]-> c:end(cancel)
        hotel ~> revoke_hotel:service(revoke_hotel)
        flight ~> revoke_flight:service(revoke_flight)
        h:on {
            go:start+(message note) -> noted:user -> end8
        }
    }
    """


def booked(**said: bool) -> Play:
    return Play(BOOKING, {"ok": False, "oops": False}).do("hotel").do("flight", **said)


def test_a_transaction_that_succeeds_is_a_sub_process() -> None:
    assert booked(ok=True).do("w").places == ["paid"]


def test_cancel_ends_what_runs_undoes_what_is_done_and_leaves_by_the_cancel_event() -> None:
    play = booked()
    assert fresh(play) == ["withdraw w", "disarm late", "run revoke_flight"]
    assert fresh(play.answer("revoke_flight")) == ["run revoke_hotel"]
    assert fresh(play.answer("revoke_hotel")) == ["open sorry"]
    assert play.places == ["sorry"]
    assert play.path("cancelled").count("t") == 1


def test_nothing_else_can_happen_to_it_while_it_is_being_cancelled() -> None:
    play = booked()
    assert play.send("stop").send("note").places == ["revoke_flight"]
    assert play.due == {}
    assert play.answer("revoke_flight").answer("revoke_hotel").places == ["sorry"]


def test_an_error_out_of_a_transaction_undoes_nothing() -> None:
    play = booked(oops=True)
    assert play.places == ["repair"]
    assert not [word for word in play.log if word.startswith("run revoke_")]
    assert not play.state.done


def test_an_error_of_a_handler_is_a_hazard() -> None:
    # neither succeeded nor undone: the flow goes on from the error event (10.3.5)
    assert booked().throw("revoke_flight", "E").places == ["repair"]


def test_a_handler_that_fails_for_good_holds_the_transaction() -> None:
    play = booked().throw("revoke_flight", "OTHER")
    assert play.incident.element == "revoke_flight"
    assert play.retry("revoke_flight").answer("revoke_flight").answer("revoke_hotel").places == ["sorry"]


def test_with_nothing_to_revoke_it_leaves_at_once() -> None:
    play = Play("start -> t:tx -> end\nt!failed:cancel -> sorry:user -> end2\nt {\nstart3 -> end3:end(cancel)\n}")
    assert play.places == ["sorry"]


OPEN_INSIDE = """
    start -> t:tx -> end
    t!failed:cancel -> sorry:user -> end2
    t {
        start3 -> f:and -> s:sub -> end3
        f -> b:user -> c:end(cancel)
        s.each x in xs
        s {
            start4 -> a:user -> a2:user -> end4
            a ~> revoke_a:service(revoke_a)
            revoke_a.in x = =x
        }
    }
    """


def test_what_is_done_in_sub_processes_that_are_still_open_is_undone_too_with_what_it_saw() -> None:
    play = Play(OPEN_INSIDE, {"xs": [1, 2]}).do_at("a", 1).do_at("a", 1).do("b")
    assert play.activities["revoke_a"].data == {"x": 2}
    play.answer("revoke_a")
    assert play.activities["revoke_a"].data == {"x": 1}
    assert play.answer("revoke_a").places == ["sorry"]


def test_cancelled_from_a_sub_process_inside() -> None:
    play = Play(
        """
        start -> t:tx -> end
        t!failed:cancel -> sorry:user -> end2
        t {
            start3 -> a:user -> s:sub -> end3
            a ~> revoke_a:service(revoke_a)
            s {
                start4 -> b:user -> c:end(cancel)
                b ~> revoke_b:service(revoke_b)
            }
        }
        """
    )
    assert play.do("a").do("b").places == ["revoke_b"]
    assert play.answer("revoke_b").places == ["revoke_a"]
    assert play.answer("revoke_a").places == ["sorry"]


def test_the_nearest_transaction_is_meant() -> None:
    play = Play(
        """
        start -> o:tx -> end
        o!all_failed:cancel -> y:user -> end2
        o {
            start3 -> a:user -> t:tx -> end3
            a ~> revoke_a:service(revoke_a)
            t!failed:cancel -> z:user -> c2:end(cancel)
            t {
                start4 -> b:user -> c:end(cancel)
                b ~> revoke_b:service(revoke_b)
            }
        }
        """
    )
    assert play.do("a").do("b").answer("revoke_b").places == ["z"]
    assert play.do("z").places == ["revoke_a"]
    assert play.answer("revoke_a").places == ["y"]


def test_a_transaction_that_is_done_can_be_undone_as_a_whole() -> None:
    play = Play(
        """
        start -> t:tx -> u:throw(compensate) -> end
        t!failed:cancel -> end2
        t {
            start3 -> a:user -> end3
            a ~> revoke_a:service(revoke_a)
        }
        """
    )
    assert play.do("a").places == ["revoke_a"]
    assert play.answer("revoke_a").state.outcome == "end"


@pytest.mark.parametrize("how", ["each x in xs", "each sequential x in xs", "loop true"])
def test_cancelling_in_one_round_leaves_the_activity_as_a_whole(how: str) -> None:
    play = Play(
        f"""
        start -> t:tx -> end
        t.{how}
        t!failed:cancel -> sorry:user -> after:user -> end2
        t {{
            start3 -> a:user -> b:user -> c:end(cancel)
            a ~> revoke_a:service(revoke_a)
        }}
        """,
        {"xs": [1, 2]},
    )
    assert play.do_at("a", 1).do("b").places[-1] == "revoke_a"
    assert play.answer("revoke_a").places == ["sorry"]
    assert play.do("sorry").places == ["after"]
    assert play.state.executions[play.execution("after")].scope == "1", "nothing of the loop is left around it"


def test_cancelled_from_an_event_sub_process() -> None:
    play = Play(
        """
        start -> t:tx -> end
        t!failed:cancel -> sorry:user -> end2
        t {
            start3 -> a:user -> b:user -> end3
            a ~> revoke_a:service(revoke_a)
            h:on {
                go:start(message no) -> c:end(cancel)
            }
        }
        """
    )
    assert play.do("a").send("no").places == ["revoke_a"]
    assert play.answer("revoke_a").places == ["sorry"]
