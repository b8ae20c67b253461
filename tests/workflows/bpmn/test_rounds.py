"""What the rounds of a multi-instance activity see, and that what happens in one round stays there
(10.3.8, 13.3.7)."""

from __future__ import annotations

import pytest

from tests.workflows.bpmn.play import Play, fresh
from workflows.bpmn import Retry, outstanding

EACH = {"xs": ["p", "q"]}


def test_item_and_counter_are_seen_deep_inside_and_by_nothing_else() -> None:
    play = Play(
        """
        start -> s:sub -> z:script({seen: x, counted: loopCounter}) -> end
        s.each x in xs
        s.collect ys = loopCounter
        s {
            start2 -> t:sub -> end2
            t {
                start3 -> g:xor -[x = "p"]-> a:user -> end3
                g -[else]-> b:service(ship) -> end4
                a.kind =x
                b.in x = =x + string(loopCounter)
                a!late:timer =duration("PT" + string(loopCounter) + "H") -> end5
            }
        }
        """,
        EACH,
    )
    assert play.places == ["a", "b"]
    assert play.activities["b"].data == {"x": "q2"}
    assert play.due["late"].total_seconds() == 3600

    assert play.do("a").answer("b").state.ended
    assert play.variables == {**EACH, "ys": [1, 2], "seen": None, "counted": None}


def test_what_is_written_under_a_name_of_the_round_stays_there_all_else_goes_to_the_process() -> None:
    play = Play(
        "start -> s:sub -> end\ns.each x in xs\ns.collect ys = x\ns {\nstart2 -> a:user -> b:user -> end2\n}", EACH
    )
    play.do_at("a", 1, x="P", y=1)
    assert play.variables == {**EACH, "y": 1}
    play.do("b").do("a").do("b")
    assert play.variables == {**EACH, "y": 1, "ys": ["P", "q"]}


def test_a_called_process_sees_only_what_it_is_given() -> None:
    play = Play(
        """
        start -> c:call(other) -> end
        c.each x in xs
        c.in x = =x
        c.in nth = =loopCounter
        c.out y = =y
        c.collect ys = y
        === other
        start2 -> a:script({y: [x, nth, loopCounter]}) -> b:user -> end2
        """,
        EACH,
    )
    play.do_at("b", 2).do_at("b", 1)
    assert play.variables["ys"] == [["p", 1, None], ["q", 2, None]]


def test_inner_rounds_hide_outer_ones_and_see_them() -> None:
    play = Play(
        """
        start -> s:sub -> end
        s.each x in xs
        s.collect all = ys
        s.in ys = =[]
        s {
            start2 -> a:script([x, y, loopCounter]) -> end2
            a.result z
            a.each y in xs
            a.collect ys = z
        }
        """,
        EACH,
    )
    assert play.variables["all"] == [
        [["p", "p", 1], ["p", "q", 2]],
        [["q", "p", 1], ["q", "q", 2]],
    ]


def test_terminate_ends_its_own_round_only() -> None:
    play = Play(
        """
        start -> s:sub -> z:user -> end
        s.each x in xs
        s {
            start2 -> f:and -> a:user -> stop:end(terminate)
            f -> b:user -> end2
        }
        """,
        EACH,
    )
    assert fresh(play.do_at("a", 1)) == ["withdraw b"]
    assert play.places == ["a", "b"]
    assert play.do("a").places == ["z"]


def test_an_event_sub_process_belongs_to_its_round() -> None:
    text = """
        start -> s:sub -> end
        s.each x in xs
        s {{
            start2 -> a:user -> end2
            h:on {{
                go:start{}({}) -> b:user -> end3
                b.role =x
            }}
        }}
        """
    play = Play(text.format("", "message m"), EACH).send("m")
    assert play.places == ["a", "b"], "a message is for one, the eldest"
    play = Play(text.format("+", "signal m"), EACH).signal("m")
    assert play.places == ["a", "a", "b", "b"], "a signal is for all"
    play = Play(text.format("", 'timer =duration("PT" + string(loopCounter) + "H")'), EACH)
    assert play.wait(minutes=90).places == ["a", "b"]
    assert play.wait(minutes=90).places == ["b", "b"]


def test_an_escalation_from_a_round_is_heard_around_all_of_them() -> None:
    text = """
        start -> s:sub -> end
        s.each x in xs
        s{}up:escalation E -> w:user -> end2
        s {{
            start2 -> a:user -> u:end(escalation E)
        }}
        """
    play = Play(text.format("+"), EACH).do_at("a", 1)
    assert play.places == ["a", "w"]
    play = Play(text.format("!"), EACH).do_at("a", 2)
    assert play.places == ["w"]
    assert fresh(play) == ["withdraw a", "open w"]


def test_an_error_from_a_round_ends_all_of_them() -> None:
    play = Play("start -> a:service -> end\na.each x in xs\na!oops:error E -> w:user -> end2", EACH)
    play.throw("a", "E")
    assert play.places == ["w"]
    assert [word.split()[0] for word in fresh(play)] == ["cancel", "open"]


@pytest.mark.parametrize("message", ["m", "n"])
def test_receive_tasks_of_a_multi_instance_each_take_one_message(message: str) -> None:
    play = Play("start -> a:receive(m) -> end\na.each x in xs\na!stop:message n -> end2", EACH)
    play.send(message)
    assert play.state.ended is (message == "n")
    play.send("m")
    assert play.state.ended


def test_an_incident_in_one_round_is_mended_and_retried_there() -> None:
    play = Play("start -> a:script(x) -> end\na.each x in xs\na.collect ys = y", {"xs": [{"y": 1}, "?", {"y": 3}]})
    assert [mark.waits_for for mark in play.state.place()] == ["incident"]
    stuck = play.incident.execution

    play.correct(stuck, x={"y": 2}).tell(Retry(stuck))

    assert play.variables["ys"] == [1, 2, 3]
    assert play.state.ended


def test_a_failed_activity_of_one_round_runs_again_by_itself() -> None:
    play = Play("start -> a:service -> end\na.each x in xs\na.in x = =x", EACH)
    first, second = play.at("a")
    play.throw("a", "E")  # the second one
    assert play.incident.execution == second
    assert fresh(play.tell(Retry(second))) == ["run work"]
    assert play.activities["a"].data == {"x": "q"}
    assert play.answer_at("a", 1).answer("a").state.ended
    assert first != second


def test_a_host_that_has_lost_everything_asks_for_each_round_again() -> None:
    play = Play("start -> a:service -> end\na.each x in xs\na.in x = =x", EACH).answer_at("a", 1)
    again = outstanding(play.program, play.state, play.now)
    assert again == (play.activities["a"],)
