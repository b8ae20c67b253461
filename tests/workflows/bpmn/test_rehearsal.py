"""A diagram is played through as a script says: the path, every deadline, and what was assumed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.workflows.bpmn.diagrams import program
from workflows import processes
from workflows.bpmn import NoSuchStart, Process, closure, read
from workflows.bpmn.rehearsal import MOST, rehearse
from workflows.bpmn.rehearsed import DeadlineFate, Rehearsal, RehearsalEnding
from workflows.bpmn.script import Answer, Deed, Happening, Script, period, strangers

T0 = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def play(text: str, script: Script | None = None) -> Rehearsal:
    return rehearse(program(text), "p", script or Script(), T0)


def entered(found: Rehearsal) -> list[str]:
    return [one.element for one in found.path if one.what == "entered"]


def deadlines(found: Rehearsal) -> list[tuple[str, timedelta, DeadlineFate]]:
    return [(one.element, one.due - T0, one.fate) for one in found.deadlines]


# -- activities and decisions --------------------------------------------------------------------


def test_answers_choose_the_way() -> None:
    drawn = 'start -> g:rule(grade) -> x:xor -[lane = "nurture"]-> n:task -> end\nx -[else]-> d:task -> end2'

    found = play(drawn, Script(answers={"g": (Answer({"lane": "nurture"}),)}))

    assert entered(found) == ["start", "g", "x", "n", "end"]
    assert (found.ending, found.outcome, found.variables) == (RehearsalEnding.ENDED, "end", {"lane": "nurture"})
    assert found.assumed == ()


def test_without_an_answer_an_empty_result_is_assumed_and_said() -> None:
    found = play("start -> a:service -> b:service -> end", Script(answers={"a": (Answer({"x": 1}),)}))

    assert (found.variables, found.assumed) == ({"x": 1}, ("p/b",))


def test_answers_are_used_in_order_and_the_last_one_again() -> None:
    drawn = "start -> m:xor -> a:service -> x:xor -[again]-> m\nx -[else]-> end"
    answers = (Answer({"again": True, "n": 1}), Answer({"again": True, "n": 2}), Answer({"again": False}))

    found = play(drawn, Script(answers={"a": answers}))

    assert entered(found).count("a") == 3
    assert found.variables == {"again": False, "n": 2}


def test_an_answer_may_throw_an_error_or_fail() -> None:
    drawn = "start -> a:service -> end\na!e:error no_dealer -> end2"

    thrown = play(drawn, Script(answers={"a": (Answer(error="no_dealer"),)}))
    failed = play(drawn, Script(answers={"a": (Answer(failure="table away"),)}))
    uncaught = play(drawn, Script(answers={"a": (Answer(error="other"),)}))

    assert thrown.outcome == "end2"
    assert [(one.element, one.kind, one.message) for one in failed.incidents] == [
        ("a", "activity_failed", "table away")
    ]
    assert (failed.ending, [mark.waits_for for mark in failed.places]) == (RehearsalEnding.WAITS, ["incident"])
    assert uncaught.incidents[0].kind == "uncaught_error"


def test_an_answer_may_be_computed_from_what_was_given_and_the_time() -> None:
    drawn = "start -> a:service -> t:catch(timer date =at) -> end\na.in days = =n"
    script = Script(variables={"n": 2}, answers={"a": (Answer({"at": '=now + duration("P1D") * days', "x": "n"}),)})

    found = play(drawn, script)

    assert (found.stopped_at, found.variables["x"]) == (T0 + 2 * DAY, "n")


def test_an_answer_belongs_to_one_call_where_its_name_says_so() -> None:
    drawn = (
        "start -> one:call(q) -> two:call(q) -> end\none.out a = =v\ntwo.out b = =v\n=== q\nstart9 -> s:service -> end9"
    )
    answers = {"s": (Answer({"v": 0}),), "one/s": (Answer({"v": 1}),), "q/s": (Answer({"v": 2}),)}

    found = play(drawn, Script(answers=answers))

    assert (found.variables, found.unused) == ({"a": 1, "b": 2}, ("s",))


# -- people, messages, time ----------------------------------------------------------------------


def test_a_task_is_done_when_the_script_says_so() -> None:
    drawn = 'start -> u:user -> end\nu.due =now + duration("P1D")\nu.role hq'

    early = play(drawn, Script(deeds={"u": (Deed(HOUR, {"outcome": "won"}),)}))
    late = play(drawn, Script(deeds={"u": (Deed(2 * DAY),)}))

    assert (early.stopped_at, early.variables) == (T0 + HOUR, {"outcome": "won"})
    assert deadlines(early) == [("u", DAY, DeadlineFate.DONE)]
    assert deadlines(late) == [("u", DAY, DeadlineFate.MISSED)]
    assert [(one.role, one.fate, one.settled_at) for one in late.tasks] == [("hq", DeadlineFate.DONE, T0 + 2 * DAY)]


def test_without_a_deed_nobody_does_it_and_time_passes() -> None:
    drawn = "start -> u:user -> end\nu!late:timer PT2H -> end2\nu+nudge:timer PT1H -> s:send(hello) -> end3"

    found = play(drawn)

    assert (found.outcome, found.stopped_at) == ("end2", T0 + 2 * HOUR)
    assert deadlines(found) == [("late", 2 * HOUR, DeadlineFate.FIRED), ("nudge", HOUR, DeadlineFate.FIRED)]
    assert [(one.at, one.name) for one in found.sent] == [(T0 + HOUR, "hello")]
    assert [one.fate for one in found.tasks] == [DeadlineFate.WITHDRAWN]
    assert [(one.element, one.at) for one in found.path if one.what == "cancelled"] == [("u", T0 + 2 * HOUR)]


def test_a_task_may_be_left_undone_once() -> None:
    drawn = "start -> m:xor -> u:user -> end\nu!late:timer PT2H -> m"

    found = play(drawn, Script(deeds={"u": (None, Deed(HOUR))}))

    assert (found.stopped_at, [one.fate for one in found.tasks]) == (
        T0 + 3 * HOUR,
        [DeadlineFate.WITHDRAWN, DeadlineFate.DONE],
    )
    assert deadlines(found) == [("late", 2 * HOUR, DeadlineFate.FIRED), ("late", 4 * HOUR, DeadlineFate.DISARMED)]


def test_what_is_done_in_the_instant_of_a_deadline_is_in_time() -> None:
    drawn = "start -> u:user -> end\nu!late:timer PT2H -> end2"

    found = play(drawn, Script(deeds={"u": (Deed(2 * HOUR),)}))

    assert (found.outcome, deadlines(found)) == ("end", [("late", 2 * HOUR, DeadlineFate.DISARMED)])


def test_messages_arrive_at_their_instants_and_it_is_said_what_became_of_them() -> None:
    drawn = "start -> t:catch(timer PT2H) -> c:catch(message m) -> d:catch(message m) -> end"
    happenings = (
        Happening(HOUR, "message", "m", {"a": 1}),
        Happening(3 * HOUR, "message", "m", {"b": 2}),
        Happening(HOUR, "message", "nobody"),
    )

    found = play(drawn, Script(happenings=happenings))

    assert (found.stopped_at, found.variables) == (T0 + 3 * HOUR, {"a": 1, "b": 2})
    assert [(one.at - T0, one.name, one.fate) for one in found.received] == [
        (HOUR, "m", "kept"),
        (HOUR, "nobody", "unknown_message"),
        (3 * HOUR, "m", "caught"),
    ]


def test_signals_arrive_and_are_thrown() -> None:
    drawn = "start -> c:catch(signal go) -> t:throw(signal gone) -> end"

    found = play(drawn, Script(happenings=(Happening(HOUR, "signal", "gone"), Happening(2 * HOUR, "signal", "go"))))

    assert (found.ending, found.stopped_at) == (RehearsalEnding.ENDED, T0 + 2 * HOUR)
    assert [(one.name, one.fate) for one in found.received] == [("gone", "unheard"), ("go", "caught")]
    assert [(one.kind, one.name) for one in found.sent] == [("signal", "gone")]


def test_it_begins_as_the_script_says() -> None:
    drawn = "start -> a:task -> end\nstart2:start(message back) -> b:task -> end2"

    assert play(drawn, Script(message="back")).outcome == "end2"
    assert play(drawn, Script(start="start2")).outcome == "end2"
    with pytest.raises(NoSuchStart):
        play(drawn, Script(message="nobody"))


# -- where it stops ------------------------------------------------------------------------------


def test_it_stops_when_the_span_is_over() -> None:
    found = play("start -> t:catch(timer P10D) -> u:user -> end", Script(span=period("P3D")))

    assert (found.ending, found.stopped_at) == (RehearsalEnding.TIME, T0 + 3 * DAY)
    assert deadlines(found) == [("t", 10 * DAY, DeadlineFate.WAITING)]
    assert [(mark.element, mark.waits_for) for mark in found.places] == [("t", "timer")]


def test_it_stops_where_nothing_can_happen_any_more() -> None:
    found = play('start -> u:user -> end\nu.due =now + duration("P1D")')

    assert (found.ending, found.outcome, [mark.element for mark in found.places]) == (
        RehearsalEnding.WAITS,
        None,
        ["u"],
    )
    assert [one.fate for one in found.tasks] == [DeadlineFate.WAITING]


def test_what_never_ends_is_broken_off() -> None:
    found = play("start -> m:xor -> t:catch(timer PT1H) -> m")

    assert found.ending is RehearsalEnding.TOO_LONG
    assert MOST <= len(found.path) + len(found.deadlines) < MOST * 2


def test_what_cannot_go_on_says_why() -> None:
    found = play("start -> x:xor -[n > 1]-> end\nx -[n < 1]-> end2", Script(variables={"n": 1}))

    (trouble,) = found.incidents
    assert (trouble.element, trouble.kind, found.ending) == ("x", "condition_failed", RehearsalEnding.WAITS)


def test_the_end_of_the_calendar_is_no_accident() -> None:
    script = Script(happenings=(Happening(period("P9999Y"), "message", "m"),))

    assert play("start -> c:catch(message m) -> end", script).ending is RehearsalEnding.ENDED


# -- scripts -------------------------------------------------------------------------------------


def test_names_that_mean_nothing_are_found() -> None:
    drawn = program("start -> one:call(q) -> a:task -> end\n=== q\nstart9 -> s:service -> end9")
    names = ("a", "p/a", "s", "q/s", "one/s", "p/s", "one/a", "b")

    assert strangers(drawn, Script(answers=dict.fromkeys(names, ()))) == ("p/s", "one/a", "b")


@pytest.mark.parametrize("text", ["", "soon", "-PT1H", "-P1M", "1d"])
def test_a_length_of_time_is_iso(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        period(text)


# -- shipped processes ---------------------------------------------------------------------------

SHIPPED: dict[str, Process] = {key: read(xml).processes[key] for key, xml in processes.shipped().items()}


def test_a_lead_can_be_played_from_its_arrival_to_the_sale() -> None:
    script = Script(
        answers={
            "find_duplicates": (Answer({"needs_call": True}),),
            "grade": (Answer({"grade": "H", "lane": "dispatch"}),),
            "dispatch": (Answer({"dealer": "d"}),),
            "assign": (Answer({"consultant": "c"}),),
            "outbound_call/plan_task": (Answer({"due": '=now + duration("PT2H")'}),),
            "follow_up/plan_task": (
                Answer({"due": '=now + duration("P1D")', "rung_at": '=now + duration("PT25H")'}),
                Answer({"due": '=now + duration("P3D")'}),
            ),
            "climb": (Answer({"action": "hand_over"}),),
        },
        deeds={
            "outbound_call/work": (Deed(3 * HOUR, {"outcome": "unreachable"}), Deed(HOUR, {"outcome": "qualified"})),
            "follow_up/work": (None, Deed(DAY, {"outcome": "won"})),
        },
    )

    found = rehearse(closure(SHIPPED, "lead"), "lead", script, T0)

    assert (found.ending, found.outcome, found.incidents) == (RehearsalEnding.ENDED, "won", ())
    assert found.assumed == ("lead/clean", "sale/close_won", "purchase/plan_firm_up")
    assert found.unused == ()
    assert [(one.kind, one.element, one.due - T0, one.fate) for one in found.deadlines] == [
        ("due", "work", 2 * HOUR, DeadlineFate.MISSED),
        ("timer", "try_again_at", 27 * HOUR, DeadlineFate.FIRED),
        ("due", "work", 29 * HOUR, DeadlineFate.DONE),
        ("due", "work", 52 * HOUR, DeadlineFate.MISSED),
        ("timer", "rung_due", 53 * HOUR, DeadlineFate.FIRED),
        ("due", "work", 125 * HOUR, DeadlineFate.DONE),
    ]
    assert found.stopped_at == T0 + 77 * HOUR


def test_an_expression_that_asks_for_too_much_is_named() -> None:
    found = play("start -> x:xor -[some i in 1..10000, j in 1..10000 satisfies i + j < 0]-> end\nx -[else]-> end2")

    assert [(one.element, one.kind) for one in found.incidents] == [("x", "too_much")]
    assert found.ending is not RehearsalEnding.ENDED


def test_an_answer_that_asks_for_too_much_fails_and_says_so() -> None:
    endless = "=some i in 1..10000, j in 1..10000 satisfies i + j < 0"

    found = play("start -> a:service -> end", Script(answers={"a": (Answer({"x": endless}),)}))

    assert [(one.element, one.kind) for one in found.incidents] == [("a", "activity_failed")]
    assert "more than 100,000 steps" in found.incidents[0].message
