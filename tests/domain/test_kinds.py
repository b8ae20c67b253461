"""What is declared of kinds of tasks: each once, with words in both languages, and only what fits
together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cases.kind import Confidential, Kind
from cases.lead_facts import FACTS
from cases.messages import NOTIFICATIONS, TIMELINE, Words
from cases.parties import Team
from cases.states import GRADE_VALIDITY, Outcome, Role, TaskKind
from cases.task_kind import FormField, OutcomeDeclared, Says, TaskKindDeclared
from domain import kinds
from domain.kinds import KINDS, activities, said, task_kinds, team_of, teams
from domain.leads.kind import LEAD
from domain.leads.tasks import TASKS
from domain.processes.contracts import contracts
from domain.tickets.kind import TICKET
from store.models import Base
from tests.personal import PERSONAL

ONE = OutcomeDeclared("done", Words("完成", "done"))


def test_every_kind_and_outcome_that_code_names_is_declared() -> None:
    assert {one.kind for one in TASKS} == set(TaskKind)
    assert {code for one in TASKS for code in one.codes()} == set(Outcome)


@pytest.mark.parametrize("kind", task_kinds().values(), ids=lambda kind: kind.kind)
def test_everything_declared_has_words_in_both_languages(kind: TaskKindDeclared) -> None:
    words = [kind.words, *(one.words for one in kind.outcomes)]
    words += [field.words for one in kind.outcomes for field in one.fields]

    assert all(one.zh and one.en and one.zh != one.en for one in words)
    assert kind.roles <= set(Role)


def test_a_code_is_called_the_same_wherever_it_is_said() -> None:
    """Sentences say codes without their kind, so one code has one word."""
    words = {(one.code, one.words.zh, one.words.en) for kind in task_kinds().values() for one in kind.outcomes}

    assert len({code for code, _, _ in words}) == len(words)
    assert said({}, "zh")["first_follow_up"] == "首次跟进" and said({}, "en")["cooled"] == "wants to wait"
    assert said({"cooled": "鲁滨逊"}, "zh")["cooled"] == "鲁滨逊"


def test_two_features_cannot_declare_one_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    again = TaskKindDeclared(TaskKind.RECALL, Words("回访", "recall"), frozenset({Role.HQ}), (ONE,))
    monkeypatch.setattr(kinds, "KINDS", {"lead": LEAD, "other": replace(LEAD, name="other", tasks=(again,))})

    with pytest.raises(ValueError, match="recall"):
        task_kinds.__wrapped__()


@pytest.mark.parametrize(
    ("outcomes", "spared"), [((), None), ((ONE, ONE), None), ((ONE,), "dnoe")], ids=["none", "twice", "misspelt"]
)
def test_a_kind_that_cannot_end_as_declared_is_refused(outcomes: tuple[OutcomeDeclared, ...], spared: str) -> None:
    with pytest.raises(ValueError, match="errand"):
        TaskKindDeclared("errand", Words("差事", "errand"), frozenset({Role.HQ}), outcomes, spared=spared)


def test_hours_that_nobody_keeps_who_may_do_a_task_are_refused() -> None:
    with pytest.raises(ValueError, match="errand"):
        TaskKindDeclared("errand", Words("差事", "errand"), frozenset({Role.HQ}), (ONE,), team=Team.DEALER)


def test_whose_hours_each_deadline_keeps_to_is_declared() -> None:
    """All others keep to those of the role that does the task."""
    assert {kind: team for kind, team in teams().items() if team is not None} == {
        "outbound_call": Team.CALL_CENTRE,
        "first_follow_up": Team.DEALER,
        "next_follow_up": Team.DEALER,
        "confirm_closing": Team.DEALER,
        "confirm_undo": Team.DEALER,
        "firm_up": Team.DEALER,
        "intent_check": Team.CALL_CENTRE,
        "recall": Team.CALL_CENTRE,
        GRADE_VALIDITY: Team.DEALER,
    }
    assert {*teams()} == {*task_kinds(), GRADE_VALIDITY}
    assert [team_of(kind) for kind in (GRADE_VALIDITY, "hq_decision", "whatever_comes")] == [Team.DEALER, None, None]


def test_whose_hours_count_is_said_where_a_kind_of_task_is_declared_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    errand = TaskKindDeclared("errand", Words("差事", "errand"), frozenset({Role.FINANCE}), (ONE,), team=Team.DEALER)
    other = replace(LEAD, name="other", tasks=(errand,), roles=errand.roles, clocks={"wait": Team.REGION})
    monkeypatch.setattr(kinds, "KINDS", {"other": other})
    monkeypatch.setattr(kinds, "task_kinds", task_kinds.__wrapped__)

    assert teams.__wrapped__() == {"errand": Team.DEALER, "wait": Team.REGION}

    monkeypatch.setattr(kinds, "KINDS", {"other": replace(other, clocks={"errand": Team.REGION})})
    with pytest.raises(ValueError, match="errand"):
        teams.__wrapped__()


@pytest.mark.parametrize(("says", "codes"), [(Says.CODE, ()), (Says.TEXT, ("a",))])
def test_codes_and_only_they_have_a_list(says: Says, codes: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="reason"):
        FormField("reason", Words("理由", "reason"), says, codes)


# -- kinds of case -------------------------------------------------------------------------------

OF_PERSONS = {"customers", "customer_keys", "customer_edits", "case_words", "vehicles"}
"""Tables whose words are a person's, or any case's: the erasure knows them whatever the kind."""


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_what_an_erasure_empties_of_a_kind_is_there(kind: Kind) -> None:
    for one in kind.erased:
        table = Base.metadata.tables[one.table]
        assert {one.of, *one.to} <= set(table.c.keys())


def test_every_personal_column_is_its_kind_s_to_declare() -> None:
    """A kind that comes to keep a person's words in a column has to say so in its value."""
    found = {f"{one.table}.{column}" for kind in KINDS.values() for one in kind.erased for column in one.to}
    assert {column for column in PERSONAL if column.partition(".")[0] not in OF_PERSONS} <= found


def test_the_facts_of_a_lead_are_those_that_are_declared() -> None:
    assert [one.name for one in LEAD.facts] == [fact.name for fact in FACTS]
    assert {one.kind for one in LEAD.facts} == {"any", "string", "boolean"}


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [("lead", "call_centre", "auditor"), ("ticket", "auditor", "finance"), ("round", "hq", "consultant")],
)
def test_a_diagram_names_the_roles_of_its_kind_alone(kind: str, right: str, wrong: str) -> None:
    named = {one.name: one for one in activities(frozenset({kind}))["climb"].signature.takes}["role"]
    assert right in named.codes and wrong not in named.codes
    assert {*named.codes} == {*contracts(frozenset({kind}), {}, {}).roles}


def test_what_may_wait_is_said_by_the_kinds_of_task() -> None:
    assert {one.kind for one in task_kinds().values() if one.may_wait} == {"ticket_act"}


def test_every_line_and_notice_is_one_kind_s() -> None:
    for whole, name in ((TIMELINE, "lines"), (NOTIFICATIONS, "notices")):
        said_by = [code for kind in KINDS.values() for code in getattr(kind.texts, name)]
        assert sorted(said_by) == sorted(whole)


@pytest.mark.parametrize(
    ("wrong", "near"),
    [
        ({"roles": frozenset({Role.HQ})}, "none of its roles"),
        ({"confidential": (Confidential("tickte", ("report",), frozenset()),)}, "ticket\\?"),
        ({"confidential": (Confidential("ticket", ("reprot",), frozenset()),)}, "report\\?"),
    ],
)
def test_a_kind_of_case_that_does_not_fit_together_is_refused(wrong: dict[str, object], near: str) -> None:
    with pytest.raises(ValueError, match=near):
        replace(TICKET, **wrong)  # type: ignore[arg-type]
