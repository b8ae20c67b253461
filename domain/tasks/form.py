"""The form of a kind of task, made from what is declared of it: as JSON Schema for a screen, and to
read an answer by.

An answer has an outcome, ``fields`` (codes, ids, numbers, instants) and ``words`` (what somebody
says in their own).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, Field, TypeAdapter, ValidationError, create_model

from cases.errors import FieldProblem, Invalid
from cases.messages import Language, chosen
from cases.near import nearest
from cases.signatures import Field as Signed
from cases.spoken import spoken
from cases.task_kind import FormField, OutcomeDeclared, Says, TaskKindDeclared
from domain.forms import Form, Line, Moment
from domain.kinds import said
from domain.malformed import as_field_problem

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that its form takes, as JSON values. ``words`` may name people: they never leave
    PostgreSQL."""

    fields: Mapping[str, Any]
    words: Mapping[str, Any]


class _Sections(BaseModel):
    """What an answer consists of beside its outcome."""

    fields: Any
    words: Any


def read(outcome: OutcomeDeclared, fields: Mapping[str, Any], words: Mapping[str, Any]) -> Given:
    """An answer as its form takes it. Raises ``Invalid`` with all that is missing, too much or not
    understood."""
    model = _model(outcome)
    try:
        taken = model.model_validate({"fields": fields, "words": words})
    except ValidationError as refused:
        found = (as_field_problem(one) for one in refused.errors())
        raise Invalid("invalid_input", problems=tuple(_nearer(outcome, one) for one in found)) from refused
    plain = taken.model_dump(mode="json", exclude_unset=True)
    return Given(plain["fields"], plain["words"])


def placed(outcome: OutcomeDeclared, problem: FieldProblem) -> FieldProblem:
    """A problem that the law of a statement found, at the place where the answer has the field."""
    name, _, rest = problem.field.partition("/")
    found = outcome.field(name)
    if found is None:
        return problem
    return FieldProblem("/".join(part for part in (_section(found), name, rest) if part), problem.code, problem.params)


def form(kind: TaskKindDeclared, language: Language) -> Json:
    """The JSON Schema (2020-12) of an answer, titles in the reader's language: a branch for each
    outcome."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": chosen(kind.words, language),
        "type": "object",
        "required": ["outcome"],
        "oneOf": [_branch(one, language) for one in kind.outcomes],
    }


def tells(kinds: Iterable[TaskKindDeclared]) -> Iterator[Signed]:
    """What completing a task tells its process beside the outcome: codes, ids, numbers and instants
    of its form."""
    for kind in kinds:
        for outcome in () if kind.own_law else kind.outcomes:
            yield from (Signed(one.name, _TRAVELS[one.says]) for one in outcome.fields if one.says in _TRAVELS)


_TRAVELS: Final[Mapping[Says, str]] = {
    Says.CODE: "string",
    Says.ID: "string",
    Says.WHOLE: "number",
    Says.FLAG: "boolean",
    Says.INSTANT: "instant",
}
"""What may travel: a key is one that somebody typed, and words are a person's."""


def travels(field: FormField | None) -> bool:
    """Whether what a field holds may be told to the process."""
    return field is not None and field.says in _TRAVELS


def _branch(outcome: OutcomeDeclared, language: Language) -> Json:
    sections = {name: _properties(outcome, name, language) for name in ("fields", "words")}
    needed = {_section(one) for one in outcome.needs}
    return {
        "title": chosen(outcome.words, language),
        "type": "object",
        "properties": {"outcome": {"const": outcome.code}} | sections,
        "required": ["outcome", *sorted(needed)],
        "additionalProperties": False,
    }


def _properties(outcome: OutcomeDeclared, section: str, language: Language) -> Json:
    of_it = [one for one in outcome.fields if _section(one) == section]
    return {
        "type": "object",
        "properties": {one.name: _schema(one, one in outcome.needs, language) for one in of_it},
        "required": [one.name for one in outcome.needs if _section(one) == section],
        "additionalProperties": False,
    }


def _schema(field: FormField, needed: bool, language: Language) -> Json:
    title = {"title": chosen(field.words, language)}
    if field.says is Says.CODE:
        names = said({code: chosen(words, language) for code, words in field.called.items()}, language)
        return title | {"oneOf": [{"const": code, "title": spoken(code, names, language)} for code in field.codes]}
    return title | TypeAdapter(_annotation(field, needed)).json_schema()


@lru_cache(256)
def _model(outcome: OutcomeDeclared) -> type[_Sections]:
    sections: dict[str, Any] = {
        name: (create_model(name, __base__=Form, **_members(outcome, name)), ...) for name in ("fields", "words")
    }
    return create_model("answer", __base__=_Sections, **sections)


def _members(outcome: OutcomeDeclared, section: str) -> dict[str, Any]:
    needed = {one.name for one in outcome.needs}
    of_it = (one for one in outcome.fields if _section(one) == section)
    return {one.name: (_annotation(one, one.name in needed), ... if one.name in needed else None) for one in of_it}


def _annotation(field: FormField, needed: bool) -> Any:
    match field.says:
        case Says.CODE:
            return Literal[field.codes]
        case Says.ID:
            return UUID
        case Says.FLAG:
            return Annotated[bool, Field(strict=True)]
        case Says.INSTANT:
            return Moment
        case Says.WHOLE:
            return Annotated[int, Field(strict=True, ge=field.least, le=field.most)]
        case Says.TEXTS:
            one = Annotated[Line, Field(min_length=1, max_length=field.longest)]
            return Annotated[list[one], Field(max_length=MOST_TEXTS)]
        case Says.KEY | Says.TEXT:
            least = max(field.least or 0, 1 if needed else 0)
            return Annotated[Line, Field(min_length=least or None, max_length=field.longest)]


MOST_TEXTS = 20
"""How many texts a list of them may hold."""


def _nearer(outcome: OutcomeDeclared, problem: FieldProblem) -> FieldProblem:
    """A field that is not known, with the one that was probably meant."""
    if problem.code != "unknown_field":
        return problem
    name = problem.field.rpartition("/")[2]
    near = _near(name, outcome.fields)
    return FieldProblem(problem.field, "misspelt_field", {"near": near}) if near else problem


def _near(name: str, fields: Iterable[FormField]) -> str:
    by_name = {one.name: one for one in fields}
    found = by_name.get(name) or by_name.get(nearest(name, by_name))
    return "" if found is None else f"{_section(found)}/{found.name}"


def _section(field: FormField) -> str:
    return "words" if field.worded else "fields"
