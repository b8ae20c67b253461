"""Conditional events: they trigger when their condition becomes true (BPMN 2.0.2, 10.5.5)."""

from __future__ import annotations

from tests.workflows.bpmn.play import Play, fresh

BESIDE = "start -> f:and -> a:user -> b:user -> end\nf -> w:user -> end2\n"


def test_a_catch_event_goes_on_as_soon_as_its_condition_is_true() -> None:
    play = Play("start -> f:and -> a:user -> end\nf -> c:catch(conditional n > 1) -> z:user -> end2")
    assert [mark.waits_for for mark in play.state.place()] == ["task", "condition"]
    assert play.do("a", n=1).places == ["c"]
    assert play.correct(n=2).places == ["z"]


def test_true_on_arrival() -> None:
    assert Play("start -> c:catch(conditional n > 1) -> end", {"n": 2}).state.ended
    assert Play("start -> a:user -> c:catch(conditional n > 1) -> end").do("a", n=2).state.ended


def test_an_interrupting_event_that_is_true_at_once_lets_nothing_begin() -> None:
    for inside in ("a:user", "a:service", "a:sub", "a:call(other)"):
        play = Play(
            f"""
            start -> {inside} -> end
            a!stop:conditional n > 1 -> z:user -> end2
            a!late:timer PT1H -> end3
            {"a {" if "sub" in inside else ""}
            {"start4 -> b:service -> end4" if "sub" in inside else ""}
            {"}" if "sub" in inside else ""}
            === other
            start5 -> c:service -> end5
            """,
            {"n": 2},
        )
        assert play.log == ["open z"]
        assert play.path("cancelled")[-1] == "a"


def test_a_non_interrupting_event_fires_again_only_after_it_was_false() -> None:
    play = Play(BESIDE + "w+often:conditional n > 1 -> z:user -> end3")
    assert "z" not in play.correct(n=1).places
    assert play.correct(n=2).places.count("z") == 1
    assert play.correct(n=3).places.count("z") == 1, "it was true before"
    assert play.correct(n=0).correct(n=5).places.count("z") == 2


def test_what_cannot_be_said_to_be_true_is_not() -> None:
    play = Play(BESIDE + "w!stop:conditional ok -> z:user -> end3", {"ok": "perhaps"})
    assert play.places == ["a", "w"]
    assert play.correct(ok=True).places == ["a", "z"]


def test_an_event_sub_process_by_condition() -> None:
    play = Play("start -> a:user -> b:user -> end\nh:on {\ngo:start(conditional n > 1) -> z:user -> end2\n}")
    assert fresh(play.do("a", n=2)) == ["open z"], "b is over before anybody could see it"
    soft = "start -> a:user -> b:user -> end\nh:on {\ngo:start+(conditional n > 1) -> z:user -> end2\n}"
    assert Play(soft, {"n": 2}).places == ["a", "z"]
    assert Play(soft).do("a", n=2).places == ["b", "z"]


def test_in_a_round_the_condition_sees_what_the_round_sees() -> None:
    play = Play(
        """
        start -> s:sub -> end
        s.each x in xs
        s {
            start2 -> f:and -> a:user -> end2
            f -> c:catch(conditional x > 1) -> z:user -> end3
        }
        """,
        {"xs": [0, 2]},
    )
    assert play.places == ["a", "c", "a", "z"]
    assert play.do_at("a", 1, x=3).places == ["a", "z", "z"]


def test_a_called_process_has_conditions_of_its_own() -> None:
    play = Play(
        """
        start -> f:and -> c:call(other) -> end
        f -> a:user -> end2
        c.in n = =n
        === other
        start3 -> b:user -> d:user -> end3
        h:on {
            go:start(conditional n > 1) -> z:user -> end4
        }
        """,
        {"n": 0},
    )
    assert play.do("a", n=2).places == ["b"], "the caller's n is another"
    assert play.do("b", n=2).places == ["z"]
    assert Play(play.program, {"n": 2}).places == ["a", "z"]


def test_an_event_based_gateway_by_condition() -> None:
    text = """
        start -> f:and -> r:race -> c:catch(conditional n > 1) -> y:user -> end
        r -> t:catch(timer PT1H) -> end2
        f -> a:user -> end3
        """
    assert Play(text).do("a", n=2).places == ["y"]
    assert Play(text, {"n": 2}).due == {}
    assert Play(text).fire("t").do("a", n=2).state.ended


def test_a_correction_by_hand_can_trigger_in_a_called_process() -> None:
    play = Play("start -> c:call(other) -> end\n=== other\nstart2 -> k:catch(conditional n > 1) -> end2")
    assert play.correct(n=2).places == ["k"]
    assert play.correct(play.execution("k"), n=2).state.ended


def test_one_write_that_makes_several_true_serves_the_innermost_first() -> None:
    play = Play(
        """
        start -> f:and -> a:user -> end
        f -> s:sub -> end2
        s!out:conditional n > 1 -> z:user -> end3
        s {
            start4 -> c:catch(conditional n > 1) -> y:send(m) -> end4
        }
        """
    )
    assert play.do("a", n=2).places == ["z"]
    assert "send m" not in play.log, "the token that c let go was cancelled with its scope before it moved"


def test_a_message_may_make_a_condition_true() -> None:
    play = Play("start -> f:and -> m:catch(message m) -> end\nf -> c:catch(conditional n = 1) -> a:user -> end2")
    assert play.send("m", n=1).places == ["a"]


def test_a_condition_that_asks_for_too_much_is_told_once_and_the_rest_goes_on() -> None:
    endless = "some i in 1..10000, j in 1..10000 satisfies i + j < n"
    play = Play(BESIDE + f"w!stop:conditional {endless} -> z:user -> end3", {"n": 0})
    assert play.log.count("incident stop too_much") == 1

    play.correct(n=1)
    assert "w" in play.places
    assert play.do("a").at("b")
    assert play.log.count("incident stop too_much") == 1
