"""Tasks: what each asks of the host, and how results become variables."""

from __future__ import annotations

from tests.workflows.bpmn.play import Play
from workflows.bpmn import Ended, OpenTask, RunActivity, SendMessage


def test_service_task_runs_its_activity_with_its_inputs_only_and_merges_the_result() -> None:
    play = Play(
        """
        start -> a:service(ship) -> end
        a.in grade = =customer.grade
        a.in channel = website
        """,
        {"customer": {"grade": "H"}, "secret": 1},
    )
    assert play.last == (RunActivity("3", "a", "a!", "ship", {"grade": "H", "channel": "website"}),)

    play.answer("a", parcel=7)
    assert play.last == (Ended("end", {"customer": {"grade": "H"}, "secret": 1, "parcel": 7}),)


def test_output_mappings_see_the_result_first_and_write_nothing_else() -> None:
    play = Play("start -> a:service -> end\na.out total = =n + m", {"n": 1, "m": 10})

    play.answer("a", n=5, noise=True)

    assert play.variables == {"n": 1, "m": 10, "total": 15}


def test_mapped_values_become_json() -> None:
    play = Play(
        """
        start -> a:service -> end
        a.in whole = =6 / 2
        a.in part = =1 / 4
        a.in due = =now + duration("PT24H")
        a.in day = =date("2026-03-01")
        a.in wait = =duration("P7D")
        a.in nothing = =unknown
        a.in many = =[1, "x"]
        """
    )
    assert play.activities["a"].data == {
        "whole": 3,
        "part": 0.25,
        "due": "2026-01-02T00:00:00Z",
        "day": "2026-03-01",
        "wait": "P7D",
        "nothing": None,
        "many": [1, "x"],
    }


def test_business_rule_task_names_its_decision_and_keeps_the_result_under_one_name() -> None:
    play = Play("start -> a:rule(grade) -> end\na.in days = =7\na.result graded")
    run = play.activities["a"]
    assert (run.activity, run.data) == ("decide", {"days": 7, "decision": "grade"})

    play.answer("a", grade="H")
    assert play.variables == {"graded": {"grade": "H"}}


def test_business_rule_task_without_result_name_merges() -> None:
    assert Play("start -> a:rule(grade) -> end").answer("a", grade="H").variables == {"grade": "H"}


def test_user_task_opens_with_kind_role_and_due_and_merges_what_the_person_says() -> None:
    play = Play(
        """
        start -> a:user -> end
        a.kind =what
        a.role consultant
        a.due =due
        """,
        {"what": "first_follow_up", "due": "2026-01-02T08:00:00+08:00"},
    )
    assert play.last == (OpenTask("3", "a", "a!", "first_follow_up", "consultant", "2026-01-02T00:00:00Z"),)
    (mark,) = play.state.place()
    assert (mark.process, mark.element, mark.name, mark.waits_for) == ("p", "a", "a!", "task")
    assert mark.due == "2026-01-02T00:00:00Z"

    assert play.do("a", outcome="won").variables["outcome"] == "won"


def test_a_user_task_without_due_has_none() -> None:
    play = Play("start -> a:user -> end\na.due =due", {"due": None})
    assert play.last == (OpenTask("3", "a", "a!", "kind", "role", None),)


def test_script_task_merges_a_context_or_names_its_result() -> None:
    assert Play("start -> a:script({n: 1 + 1}) -> end").variables == {"n": 2}
    assert Play("start -> a:script(1 + 1) -> end\na.result n").variables == {"n": 2}

    play = Play("start -> a:script(1 + 1) -> end")
    assert play.incident.kind == "condition_failed"


def test_send_task_sends_and_goes_on() -> None:
    play = Play("start -> a:send(hello) -> end\na.in n = =n", {"n": 1})
    assert play.last == (SendMessage("3", "a", "a!", "hello", {"n": 1}), Ended("end", {"n": 1}))


def test_receive_task_waits_for_its_message_and_can_be_interrupted() -> None:
    text = "start -> a:receive(hello) -> end\na!late:timer PT1H -> end2"

    assert Play(text).send("hello", n=1).variables == {"n": 1}
    assert Play(text).fire("late").state.outcome == "end2"


def test_plain_and_manual_tasks_pass_through() -> None:
    assert Play("start -> a:task -> b:manual -> end").log == ["end end"]


def test_conditional_flows_out_of_a_task() -> None:
    text = """
        start -> a:user -[n > 1]-> b:user -> end
        a -[n > 2]-> c:user -> end2
        a -[else]-> d:user -> end3
        """
    assert Play(text).do("a", n=3).places == ["b", "c"]
    assert Play(text).do("a", n=2).places == ["b"]
    assert Play(text).do("a", n=1).places == ["d"]


def test_a_task_without_outgoing_flow_ends_its_token() -> None:
    assert Play("start -> a:user").do("a").state.outcome == "a"
