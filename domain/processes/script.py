"""A rehearsal's script as people write it, in JSON or YAML; ``Script.read()`` makes it what the
rehearsal plays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field

from cases.errors import FieldProblem
from domain.forms import Form, Moment, refuse
from rules.feel import FeelError, parse
from workflows.bpmn import script
from workflows.bpmn.model import Program

MOST_ENTRIES: Final = 1_000
Name = Annotated[str, Field(min_length=1, max_length=400)]


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """What JSON can say back: no NaN, no broken text, nothing nested without end."""
    try:
        json.dumps(values, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, TypeError, RecursionError):
        raise refuse("invalid_value") from None
    return values


def _duration(text: str) -> str:
    try:
        script.period(text)
    except ValueError:
        raise refuse("bad_duration") from None
    return text


Variables = Annotated[dict[str, Any], Field(default_factory=dict, description="Values by name"), AfterValidator(_plain)]
Duration = Annotated[
    str, Field(max_length=40, examples=["PT4H", "P7D"], description="ISO 8601"), AfterValidator(_duration)
]


class Start(Form):
    """How the process begins: plainly, or by one of these, with these variables."""

    message: Name | None = None
    signal: Name | None = None
    element: Name | None = Field(default=None, description="The id of a start event")
    variables: Variables


class AnswerForm(Form):
    """How an activity or decision ends: with a result, or with a BPMN error (its code), or in a
    technical failure.

    A text of the result that begins with `=` is an S-FEEL expression, such as `=now +
    duration("P1D")`.
    """

    result: Variables
    error: Name | None = None
    failure: Name | None = None


class DeedForm(Form):
    """Somebody does the task so long after it was opened."""

    after: Duration
    data: Variables


class HappeningForm(Form):
    """A message or signal arrives: so long after the beginning, or at an instant."""

    message: Name | None = None
    signal: Name | None = None
    after: Duration | None = None
    at: Moment | None = None
    data: Variables


class ScriptForm(Form):
    """What happens in a rehearsal.

    `answers` and `people` are by element: its id, or `process/element`, or `call/element` with the
    call activity. Entries are used in their order, the last one again and again; `null` leaves a
    task undone once.
    """

    at: Moment | None = Field(default=None, description="When it begins; now, if not given")
    start: Start = Field(default_factory=lambda: Start.model_validate({}))
    answers: dict[Name, list[AnswerForm]] = Field(default_factory=dict, max_length=MOST_ENTRIES)
    people: dict[Name, list[DeedForm | None]] = Field(default_factory=dict, max_length=MOST_ENTRIES)
    events: list[HappeningForm] = Field(default_factory=list, max_length=MOST_ENTRIES)
    span: Duration | None = Field(default=None, description="How far time passes; to the end, if not given")

    def problems(self) -> Iterator[FieldProblem]:
        """Where it says two things at once, or nothing."""
        start = (self.start.message, self.start.signal, self.start.element)
        if sum(one is not None for one in start) > 1:
            yield FieldProblem("script/start", "one_of", {"expected": "message, signal, element"})
        for name, answers in self.answers.items():
            for number, answer in enumerate(answers):
                place = f"script/answers/{name}/{number}"
                if answer.error is not None and answer.failure is not None:
                    yield FieldProblem(place, "one_of", {"expected": "error, failure"})
                yield from _unreadable(f"{place}/result", answer.result)
        for number, event in enumerate(self.events):
            for one, other in (("message", "signal"), ("after", "at")):
                if (getattr(event, one) is None) == (getattr(event, other) is None):
                    yield FieldProblem(f"script/events/{number}", "one_of", {"expected": f"{one}, {other}"})

    def begins(self, now: datetime) -> datetime:
        return self.at or now.astimezone(UTC)

    def script(self, begins: datetime) -> script.Script:
        """The script to play from this instant; it has no ``problems``."""
        return script.Script(
            variables=self.start.variables,
            message=self.start.message,
            signal=self.start.signal,
            start=self.start.element,
            answers={
                name: tuple(script.Answer(one.result, one.error, one.failure) for one in given)
                for name, given in self.answers.items()
            },
            deeds={name: tuple(one and _deed(one) for one in given) for name, given in self.people.items()},
            happenings=tuple(_happening(one, begins) for one in self.events),
            span=None if self.span is None else script.period(self.span),
        )


def strangers(program: Program, played: script.Script) -> tuple[FieldProblem, ...]:
    """Names in the script that mean nothing in the program: misspelt, they would be left out in
    silence."""
    return tuple(FieldProblem(f"script/{name}", "unknown_element") for name in script.strangers(program, played))


def _unreadable(place: str, result: dict[str, Any]) -> Iterator[FieldProblem]:
    for name, value in result.items():
        try:
            parse(script.expression(value) or "null")
        except FeelError as problem:
            yield FieldProblem(f"{place}/{name}", "bad_expression", {"reason": str(problem)})


def _deed(form: DeedForm) -> script.Deed:
    return script.Deed(script.period(form.after), form.data)


def _happening(form: HappeningForm, begins: datetime) -> script.Happening:
    if form.at is not None:
        after: script.Period = form.at - begins
    else:
        after = script.period(form.after or "")
    kind, name = ("message", form.message) if form.message is not None else ("signal", form.signal)
    return script.Happening(after, kind, name or "", form.data)
