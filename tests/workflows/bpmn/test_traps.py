"""The thirteen things about BPMN that engines get wrong, each with the smallest diagram that shows
it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.workflows.bpmn.diagrams import definitions
from tests.workflows.bpmn.play import T0, Play, fresh
from workflows.bpmn import (
    ActivityDone,
    ActivityFailed,
    ArmTimer,
    RaiseIncident,
    Retry,
    RunActivity,
    State,
    TaskDone,
    TimerFired,
    outstanding,
    step,
    validate,
)
from workflows.bpmn.run import MOST_TOKENS


def test_trap_01_interrupting_boundary_cancels_its_whole_scope_before_its_own_token_leaves() -> None:
    play = Play(
        """
        start -> s:sub
        s {
            start2 -> fork:and -> a:user -> end2
            fork -> b:service(ship) -> end3
            fork -> c:call(other) -> end4
        }
        s -> end
        s!late:timer PT1H -> after:user -> end5
        === other
        start6 -> d:user -> end6
        d!inner:timer P1D -> end7
        """
    )

    play.fire("late")

    # youngest and innermost first, and only then what follows the event
    assert fresh(play) == ["withdraw d", "disarm inner", "cancel 8", "withdraw a", "open after"]
    assert play.places == ["after"]
    assert play.due == {}


def test_trap_02_non_interrupting_boundary_fires_again_and_the_scope_stays_open_until_its_branches_end() -> None:
    play = Play(
        """
        start -> a:user -> end
        a+remind:timer R/PT1H -> b:user -> end2
        """
    )

    play.wait(hours=2)
    assert play.places == ["a", "b", "b"]
    assert play.due == {"remind": timedelta(hours=3)}

    play.do("a")
    assert play.places == ["b", "b"]
    assert play.due == {}
    assert not play.state.ended

    first, second = (e.id for e in play.state.executions.values() if e.element == "b")
    play.tell(TaskDone(first))
    assert not play.state.ended
    play.tell(TaskDone(second))
    assert play.state.ended


@pytest.mark.parametrize("ending", ["main first", "handler first"])
def test_trap_03_event_sub_process_runs_inside_its_parents_scope(ending: str) -> None:
    play = Play(
        """
        start -> s:sub -> after:user -> end
        s:sub {
            start2 -> a:user -> end2
            h:on {
                hello:start+(message hello) -> b:user -> end3
            }
        }
        """
    )
    play.send("hello", n=1)
    assert play.places == ["a", "b"]

    for element in ["a", "b"] if ending == "main first" else ["b", "a"]:
        assert "after" not in play.places
        play.do(element)

    assert play.places == ["after"]
    assert play.variables == {"n": 1}


def test_trap_03_armed_triggers_alone_do_not_keep_a_scope_alive() -> None:
    play = Play(
        """
        start -> a:user -> end
        h:on {
            never:start+(timer P30D) -> end2
        }
        """
    )
    assert play.due == {"never": timedelta(days=30)}

    play.do("a")

    assert play.log[-2:] == ["disarm never", "end end"]


def test_trap_04_one_end_event_proves_nothing() -> None:
    play = Play("start -> fork:and -> end\nfork -> a:user -> end2")
    assert not play.state.ended

    play.do("a")

    assert play.state.ended
    assert play.state.outcome == "end2"


def test_trap_04_terminate_ends_only_its_own_scope() -> None:
    play = Play(
        """
        start -> fork:and -> s:sub -> after:user -> end
        fork -> outside:user -> end2
        s:sub {
            start2 -> fork2:and -> a:user -> stop:end(terminate)
            fork2 -> b:user -> end3
            b!late:timer P1D -> end4
        }
        """
    )

    play.do("a")

    assert fresh(play) == ["withdraw b", "disarm late", "open after"]
    assert play.places == ["outside", "after"]


def test_trap_05_parallel_join_counts_tokens_per_flow_and_keeps_the_surplus() -> None:
    # a comes twice by the same flow; the join must not take the two for a pair
    play = Play(
        """
        start -> fork:and -> m:xor -> a:user -> join:and -> after:user -> end
        fork -> m
        fork -> b:user -> m2:xor -> join
        """
    )
    one, two = (e.id for e in play.state.executions.values() if e.element == "a")

    play.tell(TaskDone(one)).tell(TaskDone(two))
    assert sorted(play.places) == ["b", "join", "join"]

    play.do("b")
    assert sorted(play.places) == ["after", "join"]

    play.do("after")
    assert play.places == ["join"], "the surplus token still waits"
    assert not play.state.ended


def test_trap_06_two_tokens_through_an_implicit_merge_run_the_task_twice_and_the_linter_says_so() -> None:
    text = "start -> fork:and -> a:service(ship) -> end\nfork -> a"

    assert Play(text).log == ["run ship", "run ship"]
    (problem,) = validate(definitions(text))
    assert (problem.code, problem.element, problem.severity) == ("implicit_merge", "a", "warning")


def test_trap_07_a_timer_after_a_completion_of_the_same_moment_is_refused() -> None:
    play = Play("start -> a:user -> end\na!late:timer PT1H -> end2")
    done, fired = TaskDone(play.tasks["a"]), TimerFired(play.state.timers()[0].timer)

    # the completion is committed already, so it wins, and the timer is refused without effect
    play.tell(done)
    play.tell(fired)
    assert play.state.outcome == "end"
    assert play.refused == "ended"


def test_trap_08_late_completions_of_a_cancelled_task_get_a_typed_refusal() -> None:
    play = Play(
        """
        start -> a:user -> end
        a!late:timer PT1H -> b:user -> end2
        """
    )
    late = play.state.timers()[0].timer
    play.fire("late")
    before = play.state

    assert play.do("a").refused == "gone"
    assert play.tell(TimerFired(late)).refused == "gone"
    assert play.tell(TaskDone("999")).refused == "unknown"
    assert play.tell(ActivityDone(play.tasks["b"])).refused == "not_waiting"
    assert play.state is before

    play.do("b")
    assert play.tell(TaskDone(play.tasks["b"])).refused == "ended"


def test_trap_09_a_message_without_a_taker_is_kept_and_given_to_the_first_that_opens() -> None:
    play = Play("start -> a:user -> c:catch(message hello) -> d:catch(message hello) -> end")

    play.send("hello", n=1).send("hello", n=2)
    assert play.places == ["a"]
    assert len(play.state.buffer) == 2

    # two equal messages are two messages; first in, first out; both are used up by one activation
    play.do("a")
    assert play.state.ended
    assert play.variables == {"n": 2}


def test_trap_09_a_message_has_one_winner_innermost_scope_first_then_document_order() -> None:
    play = Play(
        """
        start -> s:sub -> end
        s!outer:message hello -> end2
        h:on {
            top:start(message hello) -> end3
        }
        s:sub {
            start2 -> fork:and -> a:catch(message hello) -> end4
            fork -> b:catch(message hello) -> end5
        }
        """
    )

    assert play.send("hello").places == ["b"]
    play.send("hello")
    assert play.state.outcome == "end"


def test_trap_09_a_full_buffer_and_an_unknown_message_are_refused() -> None:
    play = Play("start -> a:user -> c:catch(message hello) -> end")
    for number in range(100):
        play.send("hello", n=number)

    assert play.send("hello").refused == "buffer_full"
    assert play.send("nobody_listens").refused == "unknown_message"


def test_trap_10_across_continue_as_new_deadlines_stay_absolute_and_overdue_ones_fire_in_order() -> None:
    play = Play(
        """
        start -> fork:and -> a:catch(timer PT3H) -> end
        fork -> b:catch(timer PT1H) -> end2
        fork -> c:user -> end3
        fork -> d:service(ship) -> end4
        c+tick:timer R/PT50M -> end5
        """
    )
    play.now += timedelta(hours=2)

    # the next run has only the snapshot, as JSON, and a clock that is past two of the deadlines
    state = State.from_json(json.loads(json.dumps(play.state.to_json())))
    armed = [c for c in outstanding(play.program, state, play.now) if isinstance(c, ArmTimer)]
    assert [(timer.element, timer.due - T0) for timer in armed] == [
        ("tick", timedelta(minutes=50)),
        ("b", timedelta(hours=1)),
        ("a", timedelta(hours=3)),
    ]
    assert [c.activity for c in outstanding(play.program, state, play.now) if isinstance(c, RunActivity)] == ["ship"]

    fired: list[str] = []
    while (timers := state.timers()) and timers[0].due <= play.now:
        fired.append(timers[0].element)
        state, _ = step(play.program, state, TimerFired(timers[0].timer), play.now)
    assert fired == ["tick", "b", "tick"], "a cycle goes on from its own instant, not from the late one"
    assert [timer.due - T0 for timer in state.timers()] == [timedelta(hours=2, minutes=30), timedelta(hours=3)]


def test_trap_11_a_called_process_is_part_of_the_snapshot_and_ends_with_its_caller() -> None:
    # called processes run inline, so no parent-close policy is needed: the child is in the same
    # state
    play = Play(
        """
        start -> c:call(other) -> end
        c!late:timer PT2H -> end2
        c.in x = =n + 1
        c.out y = =x * 10
        === other
        start3 -> a:user -> end3
        a!inner:timer PT1H -> b:user -> end4
        """,
        {"n": 1},
    )
    play.fire("inner")
    play.state = State.from_json(json.loads(json.dumps(play.state.to_json())))
    kept = play.state

    play.do("b")
    assert play.variables == {"n": 1, "y": 20}
    assert play.state.outcome == "end"

    again, commands = step(play.program, kept, TimerFired(kept.timers()[0].timer), play.now)
    assert again.ended
    assert [type(command).__name__ for command in commands] == ["WithdrawTask", "Ended"]


def test_trap_12_an_uncaught_escalation_goes_on() -> None:
    assert Play("start -> up:throw(escalation E) -> a:user -> end").places == ["a"]
    assert Play("start -> up:end(escalation E)").state.outcome == "up"


def test_trap_12_an_uncaught_error_is_an_incident_and_the_token_stays() -> None:
    play = Play("start -> oops:end(error E)")
    assert (play.incident.kind, play.incident.element) == ("uncaught_error", "oops")
    assert [mark.waits_for for mark in play.state.place()] == ["incident"]

    play = Play("start -> a:service -> end")
    play.throw("a", "E42")
    assert play.incident.kind == "uncaught_error"
    assert "E42" in play.incident.message
    assert fresh(play.retry("a")) == ["run work"]
    play.answer("a")
    assert play.state.ended


def test_trap_12_a_failed_activity_is_no_bpmn_error() -> None:
    play = Play("start -> a:service -> end\na!caught:error -> end2")

    play.tell(ActivityFailed(play.activities["a"].execution, "no answer"))
    assert play.incident.kind == "activity_failed"
    assert play.places == ["a"]

    play.retry("a").answer("a")
    assert play.state.outcome == "end"


def test_trap_13_the_automatic_steps_of_one_activation_are_bounded() -> None:
    play = Play("start -> m:xor -> x:xor -[stop]-> end\nx -[else]-> again:task -> m")

    assert play.incident.kind == "endless_loop"
    assert not play.state.ended
    stuck = play.incident.execution

    # whoever mends it lets it go on where it stood
    play.tell(Retry(stuck))
    assert play.incident.kind == "endless_loop"


@pytest.mark.parametrize(
    ("diagram", "kind"),
    [
        ("start -> s -> end\ns.times 1000\nt.times 1000", "too_many_tokens"),
        ('start -> s -> end\ns.times 100\ns.set completionQuantity="1000"\nt.times 900', "too_many_tokens"),
        ("start -> c:call(p) -> s -> end", "endless_loop"),
    ],
    ids=["rounds of rounds", "hundred times nine hundred", "calls of itself"],
)
def test_trap_13_tokens_that_multiply_are_bounded(diagram: str, kind: str) -> None:
    play = Play("s:sub {\nstart2 -> t:task -> end2\n}\n" + diagram)

    assert play.incident.kind == kind
    assert not play.state.ended
    assert len(play.state.executions) < 2 * MOST_TOKENS

    # tried again, it goes no further than that
    play.tell(Retry(play.incident.execution))
    assert play.incident.kind == "too_many_tokens"
    assert len(play.state.executions) < 2 * MOST_TOKENS


def test_trap_13_a_loop_does_not_restart_what_waits_beside_it() -> None:
    # the deadline runs beside the loop, so going round again cannot silently begin it anew
    play = Play(
        """
        start -> s:sub -> end
        s!sla:timer P7D -> late:user -> end2
        s:sub {
            start2 -> m:xor -> a:user -> x:xor -[again]-> m
            x -[else]-> end3
        }
        """
    )
    for _ in range(3):
        play.wait(days=2)
        play.do("a", again=True)
        assert play.due == {"sla": timedelta(days=7)}

    play.wait(days=1)
    assert play.places == ["late"]


ENDLESS = "some i in 1..10000, j in 1..10000 satisfies i + j < n"


def test_an_expression_that_asks_for_too_much_is_an_incident_of_its_own_kind_until_it_asks_for_less() -> None:
    play = Play(
        "start -> a:user -> x:xor -[some i in 1..most, j in 1..most satisfies i + j < 0]-> end\nx -[else]-> end2"
    )

    play.do("a", most=10_000)
    assert (play.incident.element, play.incident.kind) == ("x", "too_much")
    assert "more than 100,000 steps" in play.incident.message and not play.state.ended

    play.correct(most=3).retry("x")
    assert play.state.outcome == "end2"


def test_one_expression_that_asks_for_too_much_leaves_the_others_of_its_activation_alone() -> None:
    one = f"start -> f:and -> x:xor -[{ENDLESS}]-> end\nx -[else]-> end2\n"
    play = Play(one + "f -> y:xor -[n = 0]-> b:user -> end3\ny -[else]-> end4", {"n": 0})

    assert play.log == ["incident x too_much", "open b"]


def test_all_expressions_of_one_activation_together_are_bounded() -> None:
    forks = "".join(f"f -> x{n}:xor -[{ENDLESS}]-> end{n + 10}\nx{n} -[else]-> end{n + 20}\n" for n in range(5))
    play = Play("start -> f:and\n" + forks, {"n": 0})

    told = [one.message for one in play.last if isinstance(one, RaiseIncident)]
    assert ["one activation" in message for message in told] == [False, True, True, True, True]


def test_a_result_that_no_store_would_take_is_an_incident() -> None:
    play = Play("start -> a:script({big: 10 ** 5000}) -> end")

    assert play.incident.kind == "too_much"
