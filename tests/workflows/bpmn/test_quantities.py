"""Start and completion quantity: how many tokens an activity takes and gives (BPMN 2.0.2,
10.3.1)."""

from __future__ import annotations

import pytest

from tests.workflows.bpmn.play import Play, fresh

GATHER = "start -> f:and -> a:user -> m:xor -> t:user -> end\nf -> b:user -> m\nf -> c:user -> m\nf -> d:user -> m\n"
TWICE = 't.set startQuantity="2"\n'


def test_it_begins_when_enough_tokens_have_come() -> None:
    play = Play(GATHER + TWICE)
    assert play.do("a").places == ["b", "c", "d", "t"]
    assert [mark.waits_for for mark in play.state.place()] == ["task", "task", "task", "join"]
    assert fresh(play.do("b")) == ["open t"]
    assert play.do("c").places == ["d", "t", "t"]
    assert fresh(play.do("d")) == ["open t"]
    assert play.do_at("t", 1).do("t").state.ended


def test_until_it_begins_nothing_at_its_boundary_is_awaited() -> None:
    bound = (
        "t!stop:message m -> y:user -> end2\nt!sig:signal s -> y\nt!late:timer PT1H -> y\nt!when:conditional n = 1 -> y"
    )
    play = Play(GATHER + TWICE + bound).do("a")
    assert play.due == {}
    assert play.signal("s").correct(n=1).correct(n=2).places == ["b", "c", "d", "t"]
    assert play.send("m").state.buffer, "the message is kept for when it has begun"
    assert play.do("b").places == ["c", "d", "y"]


def test_a_receive_task_takes_no_message_before_it_begins() -> None:
    play = Play(GATHER.replace("t:user", "t:receive(m)") + TWICE).do("a").send("m")
    assert play.places == ["b", "c", "d", "t"]
    assert play.do("b").places == ["c", "d"], "the kept message came when it began"


def test_completion_quantity_gives_several_tokens_by_each_flow() -> None:
    play = Play('start -> a:user -> b:user -> end\na -> c:user -> end2\na.set completionQuantity="2"').do("a")
    assert play.places == ["b", "b", "c", "c"]


def test_what_one_gives_the_other_takes() -> None:
    play = Play('start -> a:manual -> t:user -> end\na.set completionQuantity="3"\nt.set startQuantity="3"')
    assert play.log == ["open t"]
    assert play.do("t").state.ended


@pytest.mark.parametrize("said", ["t.times 2", "t.max 2", "t.times sequential 2"])
def test_a_loop_takes_them_once_for_all_its_rounds(said: str) -> None:
    play = Play(GATHER + TWICE + said + '\nt.set completionQuantity="2"').do("a").do("b")
    assert play.places[:2] == ["c", "d"]
    play.do_at("t", 1).do_at("t", 1)
    assert play.places == ["c", "d"], "both its tokens have reached the end"
    assert play.path().count("end") == 2


def test_a_scope_with_too_few_tokens_waits() -> None:
    play = Play('start -> t:user -> end\nt.set startQuantity="2"')
    assert play.places == ["t"]
    assert not play.log
    assert play.shift("t", "end").state.ended
