"""Compensation: undoing what is done, the latest first (BPMN 2.0.2, 10.7; 13.5.5)."""

from __future__ import annotations

import pytest

from tests.workflows.bpmn.play import Play
from tests.workflows.bpmn.undoing import TWO, undone


def test_the_latest_first_one_after_the_other_and_then_the_thrower_goes_on() -> None:
    play = Play(TWO).do("a").do("b")
    assert play.places == ["revoke_b"]
    assert [mark.element for mark in play.state.place(scopes=True)] == ["t", "revoke_b"]
    assert play.answer("revoke_b").places == ["revoke_a"]
    assert play.answer("revoke_a").places == ["z"]


def test_only_what_is_done_is_undone() -> None:
    play = Play(
        """
        start -> f:and -> a:user -> t:throw(compensate) -> end
        f -> b:user -> end2
        a ~> revoke_a:service(revoke_a)
        b ~> revoke_b:service(revoke_b)
        """
    )
    assert undone(play.do("a")) == ["a"]
    assert play.places == ["b"]


def test_one_activity_by_name() -> None:
    assert undone(Play(TWO.replace("(compensate)", "(compensate a)")).do("a").do("b")) == ["a"]


def test_nothing_is_undone_twice() -> None:
    play = Play(TWO.replace("z:user", "u:throw(compensate)")).do("a").do("b")
    assert undone(play) == ["b", "a"]
    assert play.state.ended


def test_nothing_to_undo() -> None:
    play = Play(
        """
        start -> x:xor -[true]-> t:throw(compensate) -> end
        x -[else]-> a:user -> end2
        a ~> revoke_a:service(revoke_a)
        """
    )
    assert play.state.ended


def test_as_often_as_it_was_done() -> None:
    play = Play(
        """
        start -> m:xor -> a:user -> x:xor -[again]-> m
        x -[else]-> end:end(compensate)
        a ~> revoke_a:service(revoke_a)
        """
    )
    assert undone(play.do("a", again=True).do("a", again=False)) == ["a", "a"]
    assert play.state.outcome == "end"


NESTED = """
    start -> s:sub -> c:user -> end:end(compensate)
    s {
        start2 -> a:user -> b:user -> end2
        a ~> revoke_a:service(revoke_a)
        b ~> revoke_b:service(revoke_b)
    """


def test_a_sub_process_is_undone_part_by_part_in_its_turn() -> None:
    play = Play(NESTED + "}\nc ~> revoke_c:service(revoke_c)").do("a").do("b").do("c")
    assert undone(play) == ["c", "b", "a"]


def test_a_handler_of_its_own_stands_for_all_its_parts() -> None:
    assert undone(Play(NESTED + "}\ns ~> revoke_s:service(revoke_s)").do("a").do("b").do("c")) == ["s"]


def test_a_compensation_event_sub_process_decides_about_its_parts() -> None:
    whole = NESTED + "h:on {\ngo:start(compensate) -> q:user -> t:throw(compensate a) -> end4\n}\n}"
    play = Play(whole).do("a").do("b").do("c")
    assert play.places == ["q"]
    assert undone(play.do("q")) == ["a"]
    assert play.state.outcome == "end"
    none = NESTED + "h:on {\ngo:start(compensate) -> q:user -> end4\n}\n}"
    assert undone(Play(none).do("a").do("b").do("c").do("q")) == []
    every = NESTED + "h:on {\ngo:start(compensate) -> end4:end(compensate)\n}\n}"
    assert undone(Play(every).do("a").do("b").do("c")) == ["b", "a"]


def test_a_sub_process_that_was_broken_off_cannot_be_undone() -> None:
    play = Play(NESTED + "}\ns!stop:message stop -> c2:user -> end5:end(compensate)").do("a").send("stop")
    assert undone(play.do("c2")) == []
    assert play.state.ended


def test_from_inside_only_what_is_in_the_same_scope() -> None:
    play = Play(
        """
        start -> o:user -> s:sub -> end
        o ~> revoke_o:service(revoke_o)
        s {
            start2 -> a:user -> t:throw(compensate) -> end2
            a ~> revoke_a:service(revoke_a)
        }
        """
    )
    assert undone(play.do("o").do("a")) == ["a"]


@pytest.mark.parametrize("bound", ["", "+"])
def test_an_event_sub_process_undoes_what_is_done_around_it(bound: str) -> None:
    play = Play(
        f"""
        start -> a:user -> b:user -> end
        a ~> revoke_a:service(revoke_a)
        h:on {{
            go:start{bound}(message m) -> t:throw(compensate) -> end2
        }}
        """
    )
    assert undone(play.do("a").send("m")) == ["a"]
    assert play.places == (["b"] if bound else [])


def test_a_call_is_undone_by_its_handler() -> None:
    play = Play(
        """
        start -> c:call(other) -> end:end(compensate)
        c ~> revoke_c:service(revoke_c)
        === other
        start2 -> a:user -> end2
        """
    )
    assert undone(play.do("a")) == ["c"]
    assert play.state.ended


def test_nothing_is_left_to_revoke_when_a_process_has_ended() -> None:
    play = Play("start -> a:user -> end\na ~> revoke_a:service(revoke_a)").do("a")
    assert play.state.ended
    assert not play.state.done
