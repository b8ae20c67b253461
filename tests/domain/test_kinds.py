"""What is declared of kinds of tasks: each once, with words in both languages, and only what fits
together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cases.messages import Words
from cases.states import Outcome, Role, TaskKind
from cases.task_kind import FormField, OutcomeDeclared, Says, TaskKindDeclared
from domain import kinds
from domain.kinds import said, task_kinds
from domain.leads.kind import LEAD
from domain.leads.tasks import TASKS

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


@pytest.mark.parametrize(("says", "codes"), [(Says.CODE, ()), (Says.TEXT, ("a",))])
def test_codes_and_only_they_have_a_list(says: Says, codes: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="reason"):
        FormField("reason", Words("理由", "reason"), says, codes)
