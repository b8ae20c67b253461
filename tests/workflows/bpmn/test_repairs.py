"""Repairs by hand: variables corrected, tokens moved, and what of it is refused."""

from __future__ import annotations

import pytest

from tests.workflows.bpmn.play import Play, fresh
from workflows.bpmn import TokenMoved, VariablesCorrected

# -- variables ------------------------------------------------------------------------------------


def test_variables_are_corrected_where_they_are_seen() -> None:
    play = Play(
        """
        start -> f:and -> a:user -> end
        f -> c:call(other) -> end2
        f -> s:sub -> end3
        s.each x in xs
        s {
            start4 -> b:user -> end4
        }
        === other
        start5 -> d:user -> end5
        """,
        {"n": 1, "xs": [7]},
    )
    play.correct(n=2)
    assert play.variables["n"] == 2
    play.correct(play.execution("d"), n=3)
    assert play.state.instances[play.execution("c")].variables == {"n": 3}
    play.correct(play.execution("b"), x=8, y=9)
    assert [*play.state.locals.values()] == [{"loopCounter": 1, "x": 8}]
    assert play.variables == {"n": 2, "xs": [7], "y": 9}
    assert fresh(play) == []


def test_nothing_but_variables_changes() -> None:
    play = Play("start -> a:user -> end")
    before = play.state.executions
    assert play.correct(n=1).state.executions == before


@pytest.mark.parametrize(("execution", "reason"), [("2", "gone"), ("99", "unknown"), ("x", "unknown"), ("", "unknown")])
def test_there_has_to_be_somebody_to_correct_or_move(execution: str, reason: str) -> None:
    play = Play("start -> a:user -> end")
    assert play.tell(VariablesCorrected(execution, {"n": 1})).refused == reason
    assert play.tell(TokenMoved(execution, "a")).refused == reason
    assert play.variables == {}


def test_what_has_ended_is_over() -> None:
    play = Play("start -> end")
    assert play.correct(n=1).refused == "ended"
    assert play.tell(TokenMoved("1", "start")).refused == "ended"


# -- tokens --------------------------------------------------------------------------------------


def test_what_a_token_was_doing_is_over_and_it_begins_anew_elsewhere() -> None:
    play = Play("start -> a:user -> b:service -> end\na!late:timer PT1H -> end2")
    assert fresh(play.shift("a", "b")) == ["withdraw a", "disarm late", "run work"]
    assert fresh(play.shift("b", "a")) == ["cancel 5", "open a", "arm late"]
    assert fresh(play.shift("a", "a")) == ["withdraw a", "disarm late", "open a", "arm late"]
    assert play.shift("a", "end").state.outcome == "end"


def test_an_open_sub_process_or_call_is_moved_with_all_that_is_in_it() -> None:
    play = Play(
        """
        start -> s:sub -> c:call(other) -> b:user -> end
        s {
            start2 -> f:and -> a:user -> end2
            f -> t:catch(timer PT1H) -> end3
        }
        === other
        start4 -> d:user -> end4
        """
    )
    assert play.shift("s", "c").places == ["d"]
    assert play.due == {}
    assert play.shift("c", "b").places == ["b"]
    assert play.shift("b", "s").places == ["a", "t"]
    assert play.path("cancelled") == ["t", "a", "s", "d", "c", "b"]


def test_into_a_sub_process_only_what_is_in_it() -> None:
    play = Play("start -> s:sub -> b:user -> end\ns {\nstart2 -> a:user -> c:user -> end2\n}")
    assert play.shift("a", "c").places == ["c"]
    assert play.shift("c", "b").refused == "no_such_element"
    assert play.shift("s", "a").refused == "no_such_element"
    assert play.shift("c", "end2").places == ["b"]


BUSY = """
    start -> a:user -> b:user -> end
    a!late:timer PT1H -> c:user -> end2
    b ~> revoke:user
    h:on {
        go:start(message m) -> d:user -> end3
    }
    === other
    start4 -> e:user -> end4
    """


@pytest.mark.parametrize("target", ["late", "revoke", "h", "go", "d", "e", "nowhere", "p", ""])
def test_only_to_where_a_flow_could_lead_in_the_same_scope(target: str) -> None:
    play = Play(BUSY)
    assert play.shift("a", target).refused == "no_such_element"
    assert play.places == ["a"]


def test_the_process_itself_and_a_round_of_a_loop_are_no_tokens() -> None:
    play = Play("start -> a:user -> b:user -> end\na.times 2")
    assert play.tell(TokenMoved("1", "b")).refused == "not_a_token"
    assert play.tell(TokenMoved(play.at("a")[0], "b")).refused == "not_a_token"
    assert fresh(play.shift("a", "b")) == ["withdraw a", "withdraw a", "open b"], "the activity as a whole is one"


def test_a_handler_that_undoes_is_no_token() -> None:
    play = Play("start -> a:user -> t:throw(compensate) -> b:user -> end\na ~> revoke:user").do("a")
    assert play.shift("revoke", "b").refused == "not_a_token"
    assert play.shift("t", "b").places == ["b"]


def test_nothing_is_moved_in_a_transaction_that_is_being_cancelled() -> None:
    play = Play(
        "start -> t:tx -> end\nt!no:cancel -> end2\nt {\nstart3 -> a:user -> c:end(cancel)\na ~> revoke:user\n}"
    )
    assert play.do("a").shift("c", "a").refused == "not_a_token"


def test_an_incident_is_moved_away() -> None:
    play = Play("start -> x:xor -[n > 1]-> end\nx -[n < 0]-> b:user -> end2", {"n": 1})
    assert play.incident.element == "x"
    assert play.shift("x", "b").places == ["b"]


def test_the_last_token_of_a_sub_process_may_be_moved_to_its_end() -> None:
    play = Play("start -> s:sub -> b:user -> end\ns {\nstart2 -> c:catch(message m) -> end2\n}")
    assert play.shift("c", "end2").places == ["b"]


def test_a_message_that_was_kept_finds_the_token_where_it_was_moved_to() -> None:
    play = Play("start -> a:user -> c:catch(message m) -> b:user -> end").send("m", n=1)
    assert play.shift("a", "c").places == ["b"]


# -- to a join -----------------------------------------------------------------------------------

JOIN = "start -> f:and -> a:user -> j:{} -> z:user -> end\nf -> b:user -> j\n"


def test_moved_to_an_inclusive_join_it_waits_for_the_others() -> None:
    play = Play(JOIN.format("or"))
    assert play.shift("a", "j").places == ["b", "j"]
    assert play.do("b").places == ["z"]


@pytest.mark.parametrize("first", ["a", "b"])
def test_moved_to_a_parallel_join_it_stands_for_one_that_is_missing(first: str) -> None:
    play = Play(JOIN.format("and"))
    other = "b" if first == "a" else "a"
    assert play.shift(first, "j").places == [other, "j"]
    assert play.do(other).places == ["z"]
    play = Play(JOIN.format("and")).do(other)
    assert play.shift(first, "j").places == ["z"]


@pytest.mark.parametrize("join", ["and", "or", "complex(activationCount >= 2)"])
def test_all_moved_to_a_join(join: str) -> None:
    play = Play(JOIN.format(join)).shift("a", "j")
    assert play.places == ["b", "j"]
    assert play.shift("b", "j").places == ["z"]
    assert play.do("z").state.ended


def test_one_moved_to_a_complex_join() -> None:
    play = Play(JOIN.format("complex(activationCount >= 2)")).do("a")
    assert play.shift("b", "j").places == ["z"]
    assert play.do("z").state.ended


def test_one_moved_to_a_complex_join_that_has_gone_on_is_swallowed_like_any_that_is_late() -> None:
    play = Play(JOIN.format("complex(activationCount >= 1)")).do("a")
    assert play.shift("b", "j").places == ["z"]
    assert not play.state.notes


def test_moved_away_from_a_join() -> None:
    play = Play(JOIN.format("and")).do("a")
    assert play.shift("j", "a").places == ["b", "a"]
