"""Forms of every kind of task and outcome: what they take and refuse, and that the schema says the
same."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator

from cases.errors import Invalid
from cases.messages import Words
from cases.spoken import spoken
from cases.states import Role
from cases.task_kind import FormField, OutcomeDeclared, Says, TaskKindDeclared
from domain.kinds import said, task_kinds
from domain.tasks.form import Given, form, read

SAMPLES: dict[Says, Any] = {
    Says.KEY: "HT-1",
    Says.ID: "0192f0c1-2b3c-7d4e-8f50-123456789abc",
    Says.WHOLE: 5_000,
    Says.FLAG: True,
    Says.INSTANT: "2026-11-28T09:00:00+08:00",
    Says.TEXT: "下周来看车",
    Says.TEXTS: ["四驱"],
}
WRONG: dict[Says, Any] = {
    Says.CODE: "no such code",
    Says.KEY: 1,
    Says.ID: "no id",
    Says.WHOLE: "5000",
    Says.FLAG: "yes",
    Says.INSTANT: 7,
    Says.TEXT: 1,
    Says.TEXTS: "四驱",
}
EVERYTHING = TaskKindDeclared(
    "errand",
    Words("差事", "errand"),
    frozenset({Role.HQ}),
    (
        OutcomeDeclared(
            "done",
            Words("完成", "done"),
            needs=tuple(
                FormField(says.value, Words("字段", says.value), says, ("a", "b") if says is Says.CODE else ())
                for says in Says
            ),
        ),
    ),
)


def _sample(one: FormField) -> Any:
    if one.codes:
        return one.codes[0]
    return min(SAMPLES[Says.WHOLE], one.longest or SAMPLES[Says.WHOLE]) if one.says is Says.WHOLE else SAMPLES[one.says]


class Case(NamedTuple):
    kind: TaskKindDeclared
    outcome: OutcomeDeclared

    def answer(self, only: tuple[FormField, ...] | None = None) -> dict[str, Any]:
        """An answer with these fields, all if nothing is said."""
        answer: dict[str, Any] = {"outcome": self.outcome.code, "fields": {}, "words": {}}
        for one in self.outcome.fields if only is None else only:
            answer["words" if one.worded else "fields"][one.name] = _sample(one)
        return answer

    def refusals(self, answer: dict[str, Any]) -> list[tuple[str, str]]:
        try:
            read(self.outcome, answer["fields"], answer["words"])
        except Invalid as refused:
            return [(one.field, one.code) for one in refused.problems]
        return []

    def fits_the_schema(self, answer: dict[str, Any]) -> bool:
        return Draft202012Validator(form(self.kind, "en")).is_valid(answer)


CASES = [Case(kind, outcome) for kind in (*task_kinds().values(), EVERYTHING) for outcome in kind.outcomes]
FIELDS = [(case, field) for case in CASES for field in case.outcome.fields]
every_outcome = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.kind.kind}-{case.outcome.code}")
every_field = pytest.mark.parametrize(
    ("case", "field"), FIELDS, ids=[f"{case.kind.kind}-{case.outcome.code}-{field.name}" for case, field in FIELDS]
)


@every_outcome
def test_an_outcome_takes_what_it_needs_alone_and_everything(case: Case) -> None:
    for answer in (case.answer(case.outcome.needs), case.answer()):
        assert case.refusals(answer) == []
        assert case.fits_the_schema(answer)


@every_outcome
def test_each_missing_field_is_named(case: Case) -> None:
    for one in case.outcome.needs:
        answer = case.answer(tuple(other for other in case.outcome.needs if other is not one))
        section = "words" if one.worded else "fields"

        assert case.refusals(answer) == [(f"{section}/{one.name}", "missing")]
        assert not case.fits_the_schema(answer)


@every_outcome
def test_a_field_too_much_is_refused(case: Case) -> None:
    for section in ("fields", "words"):
        answer = case.answer()
        answer[section]["colour_of_the_sky"] = "blue"

        assert case.refusals(answer) == [(f"{section}/colour_of_the_sky", "unknown_field")]
        assert not case.fits_the_schema(answer)


@every_field
def test_a_value_of_another_kind_is_refused(case: Case, field: FormField) -> None:
    answer = case.answer()
    section = "words" if field.worded else "fields"
    answer[section][field.name] = WRONG[field.says]

    (problem,) = case.refusals(answer)
    assert problem[0].startswith(f"{section}/{field.name}")
    assert problem[1] in {"wrong_type", "not_in_list", "bad_format", "bad_instant"}
    # Of formats a schema says no more than that there is a text of one.
    assert field.says is Says.ID or not case.fits_the_schema(answer)


@every_field
def test_a_field_in_the_wrong_place_is_told_the_right_one(case: Case, field: FormField) -> None:
    section, other = ("words", "fields") if field.worded else ("fields", "words")
    answer = case.answer(case.outcome.needs)
    answer[other][field.name] = SAMPLES[Says.TEXT]

    with pytest.raises(Invalid) as refused:
        read(case.outcome, answer["fields"], answer["words"])

    (problem,) = refused.value.problems
    assert (problem.field, problem.code) == (f"{other}/{field.name}", "misspelt_field")
    assert problem.params == {"near": f"{section}/{field.name}"}


@pytest.mark.parametrize(("written", "near"), [("raeson", "fields/reason"), ("contnet", "words/content")])
def test_a_misspelt_field_is_told_the_right_name(written: str, near: str) -> None:
    lost = task_kinds()["next_follow_up"].outcome("lost")
    assert lost is not None

    with pytest.raises(Invalid) as refused:
        read(lost, {"reason": "price", written: "price"}, {})

    assert [one.params for one in refused.value.problems] == [{"near": near}]


def test_what_is_read_is_trimmed_and_nothing_is_added() -> None:
    lost = task_kinds()["next_follow_up"].outcome("lost")
    assert lost is not None

    assert read(lost, {"reason": "price"}, {"content": "  太贵 "}) == Given({"reason": "price"}, {"content": "太贵"})
    assert read(lost, {"reason": "price"}, {}) == Given({"reason": "price"}, {})


@pytest.mark.parametrize("kind", task_kinds().values(), ids=lambda kind: kind.kind)
def test_a_form_is_a_schema_and_speaks_the_readers_language(kind: TaskKindDeclared) -> None:
    for language in ("zh", "en"):
        shown = form(kind, language)
        Draft202012Validator.check_schema(shown)
        assert [one["title"] for one in shown["oneOf"]] == [
            one.words.zh if language == "zh" else one.words.en for one in kind.outcomes
        ]


@every_field
def test_every_code_of_a_form_has_a_chinese_word(case: Case, field: FormField) -> None:
    if case.kind is EVERYTHING:
        return
    names = said({code: words.zh for code, words in field.called.items()}, "zh")

    assert [code for code in field.codes if len(code) > 1 and spoken(code, names, "zh") == code] == []
