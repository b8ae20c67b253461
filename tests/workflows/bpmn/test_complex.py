"""The complex gateway: goes on when enough have come, swallows the others, begins anew (BPMN 2.0.2,
13.4.5)."""

from __future__ import annotations

from tests.workflows.bpmn.play import Play, fresh


def out_of_three(needed: str, after: str = "z:user -> end") -> str:
    return f"""
        start -> f:and -> a:user -> j:complex({needed}) -> {after}
        f -> b:user -> j
        f -> c:user -> j
        """


def test_discriminator_goes_on_with_the_first_and_swallows_the_others() -> None:
    play = Play(out_of_three("activationCount >= 1"))
    assert fresh(play.do("b")) == ["open z"]
    assert play.do("z").places == ["a", "c"]
    assert fresh(play.do("a")) == []
    assert fresh(play.do("c")) == ["end end"]


def test_n_out_of_m() -> None:
    play = Play(out_of_three("activationCount >= n"), {"n": 2})
    assert play.do("b").places == ["a", "c", "j"]
    assert play.do("c").places == ["a", "z"]
    assert play.do("a").places == ["z"]


def test_the_condition_sees_the_variables_as_they_become() -> None:
    play = Play(out_of_three("urgent or activationCount = 3"), {"urgent": False})
    assert play.do("a").places == ["b", "c", "j"]
    assert play.correct(urgent=True).places == ["b", "c", "z"]


def test_complex_gateway_begins_anew_in_a_loop() -> None:
    play = Play(
        """
        start -> m:xor -> f:and -> a:user -> j:complex(activationCount >= 1) -> z:user -> x:xor -[again]-> m
        f -> b:user -> j
        x -[else]-> end
        """
    )
    for _ in range(2):  # the late token comes before the next round
        assert play.do("a").places == ["b", "z"]
        assert play.do("b").places == ["z"]
        assert play.do("z", again=True).places == ["a", "b"]
    assert play.do("b").do("a").do("z", again=False).state.ended


def test_a_token_that_could_come_by_a_flow_of_this_round_too_belongs_to_the_next() -> None:
    # given: z leads back to all flows of j, so that nothing is missing from this round once c is
    # dead (table 13.5)
    play = Play(
        """
        start -> m:xor -> f:and -> a:user -> j:complex(activationCount >= 2) -> z:user -> m
        f -> b:user -> x:xor -[sick = "b"]-> end
        x -[else]-> j
        f -> c:user -> y:xor -[sick = "c"]-> end2
        y -[else]-> j
        """,
        {"sick": "c"},
    )
    assert play.do("a").do("b").places == ["c", "z"]
    assert play.do("c").places == ["z"]
    # when the next round has other tokens, they count
    assert play.do("z", sick="b").do("a").do("c").places == ["b", "z"]


def test_complex_gateway_as_a_split_takes_every_true_flow() -> None:
    play = Play("start -> f:complex -[n > 0]-> a:user -> end\nf -[n > 1]-> b:user -> end2\nf -[else]-> end3", {"n": 2})
    assert play.places == ["a", "b"]


def test_complex_gateway_in_a_sub_process_forgets_with_it() -> None:
    inside = out_of_three("activationCount >= 2").replace("start", "start2")
    play = Play(f"start -> s:sub -> w:user -> end9\ns {{\n{inside}\n}}")
    assert play.do("a").do("b").do("z").places == ["c"]
    assert play.do("c").places == ["w"]
    assert not play.state.notes


def test_a_condition_that_fails_is_an_incident_until_it_is_retried() -> None:
    play = Play(out_of_three("enough"), {"enough": "no"})
    play.do("a")
    assert play.incident.kind == "condition_failed"
    assert fresh(play.do("b")) == [], "one incident is enough"
    assert play.places == ["c", "j", "j"]

    assert play.correct(enough=True).retry("j").places == ["c", "z"]
    assert play.do("c").do("z").state.ended
