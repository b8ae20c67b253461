"""Links: a flow that is not drawn (BPMN 2.0.2, 10.5.5)."""

from __future__ import annotations

import pytest

from tests.workflows.bpmn.diagrams import program
from tests.workflows.bpmn.play import Play
from workflows.bpmn import ModelRefused


def test_the_token_goes_on_at_the_other_end() -> None:
    play = Play("start -> a:user -> t:throw(link l)\nc:catch(link l) -> b:user -> end").do("a")
    assert play.places == ["b"]
    assert play.path() == ["start", "a", "t", "c", "b"]


def test_several_throws_lead_to_one_catch() -> None:
    play = Play(
        """
        start -> x:xor -[n = 1]-> t:throw(link l)
        x -[else]-> a:user -> u:throw(link l)
        c:catch(link l) -> b:user -> end
        """,
        {"n": 0},
    )
    assert play.do("a").places == ["b"]
    assert Play(play.program, {"n": 1}).places == ["b"]


def test_a_link_can_lead_back() -> None:
    play = Play("start -> m:xor -> a:user -> x:xor -[again]-> t:throw(link l)\nx -[else]-> end\nc:catch(link l) -> m")
    assert play.do("a", again=True).do("a", again=True).places == ["a"]
    assert play.do("a", again=False).state.ended


def test_an_inclusive_join_sees_through_a_link() -> None:
    play = Play(
        "start -> f:and -> a:user -> j:or -> z:user -> end\nf -> b:user -> t:throw(link l)\nc:catch(link l) -> j"
    )
    assert play.do("a").places == ["b", "j"]
    assert play.do("b").places == ["z"]


def test_the_same_name_means_another_link_in_another_scope() -> None:
    play = Play(
        """
        start -> t:throw(link l)
        c:catch(link l) -> s:sub -> z:user -> end
        s {
            start2 -> u:throw(link l)
            d:catch(link l) -> a:user -> end2
        }
        """
    )
    assert play.places == ["a"]
    assert play.do("a").places == ["z"]


def test_a_link_does_not_cross_the_border_of_a_scope() -> None:
    with pytest.raises(ModelRefused, match="broken_link"):
        program("start -> t:throw(link l)\ns:sub {\nc:catch(link l) -> a:user -> end\n}")
