"""The inclusive gateway: takes every true flow, waits for what can still come (BPMN 2.0.2,
13.4.3)."""

from __future__ import annotations

import pytest

from tests.workflows.bpmn.play import Play, fresh

SPLIT = """
    start -> f:or -[n > 0]-> a:user -> j:or -> z:user -> end
    f -[n > 1]-> b:user -> j
    f -[else]-> c:user -> j
    """


@pytest.mark.parametrize(("n", "taken"), [(0, ["c"]), (1, ["a"]), (2, ["a", "b"])])
def test_inclusive_takes_every_true_flow_or_else_the_default_and_waits_for_just_those(n: int, taken: list[str]) -> None:
    play = Play(SPLIT, {"n": n})
    assert play.places == taken

    for element in taken[:-1]:
        assert "z" not in play.do(element).places
    assert fresh(play.do(taken[-1])) == ["open z"], "once, not for every token"


def test_the_condition_of_a_default_flow_does_not_count() -> None:
    text = 'start -> f:{} -[n > 0]-> a:user -> end\nf -[n > 0]-> b:user -> end2\nf.set default="f3_f_b"'
    for element in ("or", "user", "complex"):
        play = Play(text.format(element), {"n": 1})
        assert (play.do("f") if element == "user" else play).places == ["a"]
        assert Play(text.format("or"), {"n": 0}).places == ["b"]


def test_inclusive_without_a_true_flow_or_default_is_an_incident() -> None:
    play = Play("start -> f:or -[n > 0]-> end\nf -[n > 1]-> end2", {"n": 0})
    assert play.incident.kind == "condition_failed"
    assert play.correct(n=2).retry("f").state.ended


def test_inclusive_join_sees_tokens_that_are_far_away() -> None:
    play = Play(SPLIT.replace("b:user -> j", "b:user -> b2:user -> m:manual -> j"), {"n": 2})
    assert play.do("a").do("b").places == ["j", "b2"]
    assert play.do("b2").places == ["z"]


def test_inclusive_blocks_nest() -> None:
    play = Play(
        """
        start -> f:or -[true]-> a:user -> j:or -> z:user -> end
        f -[true]-> g:or -[true]-> b:user -> k:or -> y:user -> j
        g -[true]-> c:user -> k
        """
    )
    assert play.do("a").do("b").places == ["c", "j", "k"]
    assert play.do("c").places == ["j", "y"]
    assert play.do("y").places == ["z"]


def test_inclusive_join_is_released_by_a_token_that_dies_elsewhere() -> None:
    play = Play(SPLIT.replace("b:user -> j", "b:user -> x:xor -[back]-> j\nx -[else]-> end2"), {"n": 2, "back": False})
    assert play.do("a").places == ["b", "j"]
    assert play.do("b").places == ["z"]


def test_inclusive_join_in_a_loop_through_itself() -> None:
    # a token that could only come again by passing the gateway itself is not waited for
    play = Play("start -> j:or -> a:user -> x:xor -[again]-> j\nx -[else]-> end")
    assert play.do("a", again=True).do("a", again=True).places == ["a"]
    assert play.do("a", again=False).state.ended


def test_two_inclusive_joins_that_could_each_feed_the_other_wait_for_each_other() -> None:
    # as 13.4.3 has it: each has a token that can reach the free flow of the other; an operator has
    # to move one
    play = Play(
        """
        start -> f:and -> a:user -> j:or -> x:xor -[false]-> k:or
        x -[else]-> m:user -> end
        f -> b:user -> k -> y:xor -[false]-> j
        y -[else]-> n:user -> end2
        """
    )
    play.do("a")
    assert play.places == ["b", "j"], "b can still lead to j"
    assert play.do("b").places == ["j", "k"]
    assert play.shift("j", "m").places == ["m", "n"]


def test_a_token_in_a_sub_process_counts_where_the_sub_process_stands() -> None:
    play = Play(SPLIT.replace("b:user", "b:sub") + "b {\nstart2 -> q:user -> end2\n}", {"n": 2})
    assert play.do("a").places == ["q", "j"]
    assert play.do("q").places == ["z"]


@pytest.mark.parametrize(("bound", "then"), [("!", ["j", "w"]), ("+", ["j", "b", "w"])])
def test_what_a_boundary_event_can_bring_is_waited_for(bound: str, then: list[str]) -> None:
    # given: b itself leads elsewhere; only its boundary event leads to the join
    play = Play(
        f"""
        start -> f:and -> a:user -> j:or -> z:user -> end
        f -> b:user -> end2
        b{bound}late:timer PT1H -> w:user -> j
        """
    )
    assert play.do("a").places == ["b", "j"]
    assert sorted(play.fire("late").places) == sorted(then)
    play.do("w")
    assert "z" in play.places or play.do("b").places == ["z"]


def test_a_token_that_is_stuck_holds_the_join() -> None:
    play = Play(SPLIT.replace("b:user", "b:script(1 + x)"), {"n": 2})
    assert play.incident.element == "b"
    assert play.do("a").places == ["b", "j"]
    assert play.correct(x={"m": 1}).retry("b").places == ["b", "j"], "still stuck"
    assert play.shift("b", "c").do("c").places == ["z"]


def test_a_second_token_on_the_same_flow_is_kept_for_the_next_round() -> None:
    play = Play(
        """
        start -> f:and -> a:user -> m:xor -> j:or -> z:user -> end
        f -> b:user -> m
        f -> c:user -> j
        """
    )
    assert play.do("a").do("b").places == ["c", "j", "j"]
    assert play.do("c").places == ["z", "z"]
