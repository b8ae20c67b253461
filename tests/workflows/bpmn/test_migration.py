"""Running instances go on in another version: each rule with the smallest two diagrams that show
it."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.workflows.bpmn.diagrams import bpmn, program
from tests.workflows.bpmn.play import T0, Play
from tests.workflows.bpmn.simulation import moves
from tests.workflows.bpmn.simulation.drawing import diagrams
from tests.workflows.bpmn.simulation.walk import begun
from tests.workflows.bpmn.simulation.writer import Drawn
from workflows.bpmn import ArmTimer, DisarmTimer, Program, SignalArrived, State, TaskDone, closure, read, step
from workflows.bpmn.migration import DoesNotFit, Plan, Reason, fits, migrate, suggest

LATER = T0 + timedelta(hours=1)


def carried(play: Play, text: str | Program, **moves: str) -> Play:
    """The instance goes on in another version an hour later; ``moves`` are of the process p."""
    new = program(text) if isinstance(text, str) else text
    play.now = max(play.now, LATER)
    before = play.state.to_json()
    state, commands = migrate(play.program, new, play.state, Plan({"p": moves}), play.now)
    assert play.state.to_json() == before, "the given state was changed"
    assert State.from_json(state.to_json()) == state
    play.program, play.state = new, state
    play._hear(commands)  # pyright: ignore[reportPrivateUsage]
    return play


def refused(play: Play, text: str | Program, **moves: str) -> list[tuple[str, str]]:
    """Why it does not fit, by element and code; nothing has changed."""
    new = program(text) if isinstance(text, str) else text
    before = play.state.to_json()
    with pytest.raises(DoesNotFit) as problem:
        migrate(play.program, new, play.state, Plan({"p": moves}), LATER)
    assert fits(play.program, new, play.state, Plan({"p": moves}), LATER) == problem.value.reasons
    assert play.state.to_json() == before
    assert all(reason.why and reason.cure and str(reason) for reason in problem.value.reasons)
    return [(reason.element, reason.code) for reason in problem.value.reasons]


# -- tokens --------------------------------------------------------------------------------------


def test_a_task_stays_open_and_what_follows_is_the_new_version() -> None:
    play = carried(Play("start -> a:user -> end"), "start -> a:user -> b:user -> end")
    assert play.last == ()  # the open task is not opened again
    play.do("a")
    assert play.places == ["b"]


def test_a_renamed_element_is_named_in_the_plan() -> None:
    play = Play("start -> a:user -> end")
    assert refused(play, "start -> x:user -> end") == [("a", "element_gone")]
    carried(play, "start -> x:user -> end", a="x")
    assert [(mark.element, mark.name) for mark in play.state.place()] == [("x", "x!")]
    assert play.tell(TaskDone(play.execution("x"))).state.ended


def test_only_what_waits_for_the_same_takes_its_place() -> None:
    assert refused(Play("start -> a:user -> end"), "start -> a:service -> end") == [("a", "other_kind")]
    play = Play("start -> a:service(ship) -> end")
    carried(play, "start -> a:rule(grade) -> end")
    assert play.answer("a").state.ended
    assert carried(Play("start -> a:receive(hi) -> end"), "start -> a:catch(message ho) -> end").send("ho").state.ended


def test_a_token_keeps_its_scope() -> None:
    play = Play("start -> s:sub -> end\ns {\nstart2 -> a:user -> end2\n}")
    assert refused(play, "start -> a:user -> s:sub -> end\ns {\nstart2 -> b:user -> end2\n}") == [("a", "other_scope")]
    new = "start -> t:sub -> end\nt {\nstart2 -> x:user -> end2\n}"
    assert refused(play, new, a="x") == [("s", "element_gone"), ("a", "other_scope")]
    assert carried(play, new, a="x", s="t").tell(TaskDone(play.execution("x"))).state.ended


def test_every_reason_is_given() -> None:
    old = "start -> f:and -> a:user -> j:and -> end\nf -> b:user -> j\nf -> c:catch(timer PT1H) -> j"
    new = "start -> f:and -> a:service -> j:and -> end\nf -> x:user -> j"
    assert refused(Play(old), new) == [("a", "other_kind"), ("b", "element_gone"), ("c", "element_gone")]


def test_what_has_ended_does_not_migrate() -> None:
    play = Play("start -> end")
    assert refused(play, "start -> a:user -> end") == [("", "ended")]


def test_a_stuck_token_stays_stuck_until_it_is_retried_in_the_new_version() -> None:
    play = Play("start -> x:xor -[n > 1]-> end\nx -[n > 2]-> end2", {"n": 0})
    carried(play, "start -> x:xor -[n > 1]-> end\nx -[else]-> end2")
    assert [mark.waits_for for mark in play.state.place()] == ["incident"]
    assert play.retry("x").state.outcome == "end2"


# -- calls ---------------------------------------------------------------------------------------

CALLING = "start -> c:call(q) -> end\n=== q\nstart2 -> a:user -> end2"


def test_inside_a_call_the_plan_of_the_called_process_counts() -> None:
    play = Play(CALLING, {"n": 1})
    new = program("start -> c:call(q) -> more:user -> end\n=== q\nstart2 -> x:user -> end2")
    plan = Plan({"q": {"a": "x"}})
    assert [reason.process for reason in fits(play.program, new, play.state, Plan(), LATER)] == ["q"]
    state, _ = migrate(play.program, new, play.state, plan, LATER)
    done, _ = step(new, state, TaskDone(play.execution("a")), LATER)
    assert [mark.element for mark in done.place()] == ["more"]


def test_a_running_call_cannot_become_another_one() -> None:
    play = Play(CALLING)
    other = "start -> c:call(r) -> d:call(q) -> end\n=== q\nstart2 -> a:user -> end2\n=== r\nstart3 -> b:user -> end3"
    assert refused(play, other) == [("c", "other_call")]
    assert refused(play, "start -> c:user -> end") == [("c", "process_gone"), ("c", "other_kind")]


# -- timers --------------------------------------------------------------------------------------


def test_an_armed_timer_keeps_its_instant_and_follows_its_element() -> None:
    play = Play("start -> a:user -> end\na!late:timer PT5H -> end2")
    carried(play, "start -> a:user -> end\na!due:timer PT9H -> end3", late="due")
    assert play.last == ()
    assert play.due == {"due": timedelta(hours=5)}
    assert play.fire("due").state.outcome == "end3"


def test_a_timer_whose_element_is_gone_is_disarmed() -> None:
    play = carried(Play("start -> a:user -> end\na!late:timer PT5H -> end2"), "start -> a:user -> end")
    assert [type(command) for command in play.last] == [DisarmTimer]
    assert play.due == {}


def test_a_new_boundary_timer_runs_from_the_migration_on() -> None:
    play = carried(Play("start -> a:user -> end"), "start -> a:user -> end\na!late:timer PT5H -> end2")
    assert [type(command) for command in play.last] == [ArmTimer]
    assert play.due == {"late": timedelta(hours=6)}


def test_a_reminder_that_has_fired_does_not_come_again() -> None:
    text = "start -> a:user -> end\na+soon:timer PT1H -> end2"
    play = Play(text).fire("soon")
    assert carried(play, text + "\na!late:timer PT5H -> end3").due == {"late": timedelta(hours=6)}


def test_a_new_timer_that_cannot_be_worked_out_is_a_reason() -> None:
    new = "start -> a:user -> end\na!late:timer =missing -> end2"
    assert refused(Play("start -> a:user -> end"), new) == [("a", "timer_unknown")]


def test_timers_of_event_sub_processes_come_and_go_with_them() -> None:
    plain = "start -> a:user -> end"
    watched = plain + "\nh:on {\nlate:start(timer PT5H) -> b:user -> end2\n}"
    play = carried(Play(plain), watched)
    assert play.due == {"late": timedelta(hours=6)}
    assert carried(play, plain).due == {}


def test_a_gateway_shows_the_earliest_of_the_events_that_it_has_now() -> None:
    old = "start -> g:race -> m:catch(message hi) -> end\ng -> t:catch(timer PT5H) -> end2"
    new = "start -> g:race -> m:catch(message hi) -> end\ng -> u:catch(timer PT2H) -> end3"
    play = carried(Play(old), new)
    assert [mark.due for mark in play.state.place()] == ["2026-01-01T03:00:00Z"]
    assert play.due == {"u": timedelta(hours=3)}
    assert play.fire("u").state.outcome == "end3"


def test_a_cycle_goes_on_counting() -> None:
    text = "start -> a:user -> end\na+tick:timer R3/PT1H -> end2"
    play = Play(text).fire("tick")
    carried(play, "start -> a:user -> end\na+tock:timer R9/PT7H -> end2", tick="tock")
    play.fire("tock").fire("tock")
    assert play.due == {}
    assert play.now == T0 + timedelta(hours=3)


# -- joins, messages, conditions -----------------------------------------------------------------

JOIN = "start -> f:and -> a:user -> j:and -> z:user -> end\nf -> b:user -> j"


def test_a_token_at_a_join_finds_its_flow_by_where_it_came_from() -> None:
    play = Play(JOIN).do("a")
    # Other flows stand before: each flow's id has changed.
    new = "start -> n:manual -> f:and -> a:user -> j:and -> z:user -> end\nf -> b:user -> j"
    assert carried(play, new).do("b").places == ["z"]


def test_a_flow_that_is_gone_is_a_reason() -> None:
    new = "start -> n:manual -> f:and -> a:user -> e:manual -> end2\nf -> b:user -> j:and -> z:user -> end\nf -> j"
    assert refused(Play(JOIN).do("a"), new) == [("j", "flow_gone")]


def test_a_join_that_has_all_its_tokens_now_goes_on() -> None:
    three = "start -> f:and -> a:user -> j:and -> z:user -> end\nf -> b:user -> j\nf -> c:user -> j"
    two = "start -> f:and -> a:user -> j:and -> z:user -> end\nf -> b:user -> j\nf -> c:user -> end3"
    play = carried(Play(three).do("a").do("b"), two)
    assert sorted(play.places) == ["c", "z"]


def test_a_kept_message_is_handed_to_what_listens_in_the_new_version() -> None:
    play = Play("start -> a:user -> m:catch(message hi) -> end").send("hi")
    carried(play, "start -> a:user -> end\na!m:message hi -> b:user -> end2")
    assert play.places == ["b"]


def test_a_condition_that_is_true_triggers_what_waits_for_it_only_in_the_new_version() -> None:
    play = Play("start -> a:user -> end", {"n": 2})
    new = "start -> a:user -> end\na!c:conditional n > 1 -> b:user -> end2"
    assert carried(play, new).places == ["b"]


def test_a_condition_that_was_true_before_does_not_trigger_again() -> None:
    old = "start -> a:user -> end\na+c:conditional n > 1 -> b:user -> end2"
    new = "start -> a:user -> end\na+d:conditional n > 1 -> e:user -> end2"
    play = Play(old, {"n": 2}).do("b")
    assert carried(play, new, c="d").places == ["a"]


def test_parts_of_a_parallel_multiple_event_that_have_occurred_count_on() -> None:
    old = "start -> c:catch(all message m, signal s) -> end"
    new = "start -> d:catch(all message m, signal s) -> end2"
    play = carried(Play(old).send("m"), new, c="d")
    assert play.tell(SignalArrived("s")).state.outcome == "end2"


def test_an_inclusive_join_looks_at_what_can_come_in_the_new_version() -> None:
    old = "start -> f:or -[true]-> a:user -> j:or -> z:user -> end\nf -[true]-> b:user -> j"
    new = "start -> f:or -[true]-> a:user -> j:or -> z:user -> end\nf -[true]-> b:user -> end2"
    play = Play(old).do("a")
    assert sorted(play.places) == ["b", "j"]
    assert sorted(carried(play, new).places) == ["b", "z"]


def test_a_complex_gateway_remembers_that_it_went_on() -> None:
    text = "start -> f:and -> a:user -> g:complex(activationCount > 0) -> z:user -> end\nf -> b:user -> g"
    new = "start -> n:manual -> f:and -> a:user -> h:complex(activationCount > 0) -> z:user -> end\nf -> b:user -> h"
    play = carried(Play(text).do("a"), new, g="h")
    assert sorted(play.places) == ["b", "z"]
    assert play.do("b").places == ["z"]  # the late one of the same round is consumed


# -- loops, compensation -------------------------------------------------------------------------


def test_rounds_of_a_multi_instance_activity_go_on_as_rounds() -> None:
    text = "start -> a:user -> end\na.each x in xs"
    play = Play(text, {"xs": [1, 2, 3]})
    play.do("a")
    assert refused(play, "start -> a:user -> end") == [("a", "other_kind")]
    carried(play, "start -> b:user -> z:user -> end\nb.each x in xs\nb!late:timer PT1H -> end2", a="b")
    assert list(play.due) == ["late"]  # one around all rounds
    for execution in [one.id for one in play.state.executions.values() if one.waits == "task"]:
        play.tell(TaskDone(execution))
    assert play.places == ["z"]


def test_what_is_done_can_be_undone_in_the_new_version() -> None:
    old = "start -> a:service(book) -> b:user -> t:throw(compensate) -> end\na ~> u:service(cancel)"
    new = "start -> x:service(book) -> b:user -> t:throw(compensate) -> end\nx ~> v:service(refund)"
    play = Play(old).answer("a")
    assert refused(play, new) == [("a", "undone_gone")]
    assert refused(play, new, a="x") == [("a", "undone_gone")]
    carried(play, new, a="x", u="v").do("b")
    assert play.log[-1] == "run refund"


def test_undoing_goes_on_in_the_new_version() -> None:
    old = (
        "start -> a:service(one) -> b:service(two) -> t:throw(compensate) -> end\n"
        "a ~> u:service(undo1)\nb ~> v:service(undo2)"
    )
    play = Play(old).answer("a").answer("b")
    assert play.log[-1] == "run undo2"
    new = old.replace("u:service(undo1)", "w:service(undo9)").replace("start ->", "start -> n:manual ->")
    carried(play, new, u="w").answer("v")
    assert play.log[-1] == "run undo9"
    assert play.answer("w").state.ended


# -- a plan that is guessed ----------------------------------------------------------------------


def test_a_plan_is_guessed_by_name_kind_and_scope() -> None:
    old = program("start -> a:user -> s:sub -> end\ns {\nstart2 -> b:user -> end2\n}")
    renamed = "start -> a2:user -> s2:sub -> end\ns2 {\nstart2 -> b2:user -> end2\n}"
    new = program(renamed)
    # The diagrams of these tests call an element like its id, so the names are the old ones here.
    for name, element in dict(new["p"].elements).items():
        object.__setattr__(element, "name", f"{name.removesuffix('2')}!" if name != "start2" else "start2!")
    assert suggest(old, new) == Plan({"p": {"a": "a2", "s": "s2", "b": "b2"}})


def test_a_name_that_stands_there_twice_decides_nothing() -> None:
    old, new = program("start -> a:user -> end"), program("start -> b:user -> c:user -> end")
    for element in new["p"].elements.values():
        object.__setattr__(element, "name", "a!")
    assert suggest(old, new) == Plan()


# -- any diagram ---------------------------------------------------------------------------------


def renamed(text: str) -> tuple[Program, Plan, Plan]:
    """The same diagram with new ids for all elements, the plan that leads there, and the one that
    leads back."""
    root = etree.fromstring(bpmn(text))
    there: dict[str, dict[str, str]] = {}
    for process in root.iterfind("{*}process"):
        kept = {"sequenceFlow", "association"}
        nodes = [node for node in process.iterdescendants() if etree.QName(node).localname not in kept]
        there[process.get("id", "")] = {node.get("id", ""): f"{node.get('id')}_" for node in nodes if node.get("id")}
    everywhere = {old: new for named in there.values() for old, new in named.items()}
    for node in root.iter():
        for attribute in {"id", "sourceRef", "targetRef", "attachedToRef", "activityRef"} & set(node.keys()):
            node.set(attribute, everywhere.get(node.get(attribute, ""), node.get(attribute, "")))
    back = {key: {new: old for old, new in named.items()} for key, named in there.items()}
    return closure(read(etree.tostring(root)).processes, "p"), Plan(there), Plan(back)


@settings(max_examples=60)
@given(diagrams(), st.randoms(use_true_random=False), st.integers(0, 8))
def test_there_and_back_again_nothing_has_changed(drawn: Drawn, dice: Random, length: int) -> None:
    subject = begun(drawn, dice.randrange(3))
    for _ in range(length):
        events = [*moves.at_work(subject), *moves.awaited(subject), *moves.next_timer(subject)]
        if subject.state.ended or not events:
            break
        subject.tell(dice.choice(events))
    if subject.state.ended:
        return
    same, (new, there, back) = program(drawn.text), renamed(drawn.text)
    assert suggest(subject.program, same) == Plan()
    assert migrate(subject.program, same, subject.state, Plan(), subject.now) == (subject.state, ())

    state, commands = migrate(subject.program, new, subject.state, there, subject.now)

    assert commands == ()
    assert {one.element for one in state.executions.values() if one.id != "1"} <= {
        element for process in new.values() for element in process.elements
    }
    assert migrate(new, subject.program, state, back, subject.now) == (subject.state, ())


def test_reasons_travel_as_json() -> None:
    reason = Reason("p", "a", "element_gone", "x")
    assert Reason(**reason.to_json()) == reason
