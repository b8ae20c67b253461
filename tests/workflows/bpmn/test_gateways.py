"""Gateways."""

from __future__ import annotations

from datetime import timedelta

from tests.workflows.bpmn.play import Play, fresh


def test_exclusive_takes_the_first_true_flow_in_document_order_or_else_the_default() -> None:
    text = """
        start -> x:xor -[else]-> c:user -> end
        x -[n > 1]-> a:user -> end2
        x -[n > 0]-> b:user -> end3
        """
    assert Play(text, {"n": 2}).places == ["a"]
    assert Play(text, {"n": 1}).places == ["b"]
    assert Play(text, {"n": 0}).places == ["c"]
    assert Play(text).places == ["c"], "what is unknown is not true"


def test_exclusive_without_a_true_flow_is_an_incident_that_a_retry_looks_at_again() -> None:
    play = Play(
        "start -> a:user -> x:xor -[n > 1]-> b:user -> end\nx -[n < 0]-> end2\nh:on {\ns:start+(message n) -> end3\n}"
    )
    play.do("a", n=1)
    assert play.incident.kind == "condition_failed"
    assert [(mark.element, mark.waits_for) for mark in play.state.place()] == [("x", "incident")]

    play.retry("x")
    assert play.incident.element == "x"

    play.send("n", n=2)
    play.retry("x")
    assert play.places == ["b"]


def test_a_condition_that_is_neither_true_nor_false_is_an_incident() -> None:
    assert Play('start -> x:xor -["yes"]-> end\nx -[else]-> end2').incident.kind == "condition_failed"


def test_parallel_gives_every_flow_a_token_and_waits_for_all() -> None:
    play = Play(
        """
        start -> fork:and -> a:user -> join:and -> c:user -> end
        fork -> b:user -> join
        """
    )
    assert play.do("b").places == ["a", "join"]
    assert [mark.waits_for for mark in play.state.place()] == ["task", "join"]
    assert play.do("a").places == ["c"]


def test_parallel_joins_and_forks_in_one() -> None:
    play = Play("start -> f:and -> a:user -> j:and -> c:user -> end\nf -> b:user -> j\nj -> d:user -> end2")
    assert play.do("a").do("b").places == ["c", "d"]


def test_event_based_gateway_gives_its_token_to_the_first_event_and_disarms_the_others() -> None:
    text = """
        start -> r:race -> m:catch(message claimed) -> a:user -> end
        r -> t:receive(reassigned) -> b:user -> end2
        r -> late:catch(timer PT48H) -> c:user -> end3
        """
    play = Play(text)
    assert play.due == {"late": timedelta(hours=48)}
    (mark,) = play.state.place()
    assert (mark.element, mark.waits_for, mark.due) == ("r", "event", "2026-01-03T00:00:00Z")

    assert fresh(play.send("claimed", by="x")) == ["disarm late", "open a"]
    assert play.variables == {"by": "x"}
    assert Play(text).send("reassigned").places == ["b"]

    play = Play(text).fire("late")
    assert play.places == ["c"]
    assert play.send("claimed").places == ["c"], "nobody listens any more; the message is kept"
    assert play.state.buffer == (("claimed", {}),)
