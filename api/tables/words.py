"""What a review found, in the caller's words. The checkers speak English, and precisely;
every other language is said by code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import Field

from api.problems import FieldProblemBody
from api.tables import reader_words
from api.tables.sentences import CODES, STAGES
from cases.messages import Language, chosen
from cases.messages.marks import joined, marked
from cases.messages.text import as_checked, words
from domain.policy.breaches import Breach
from domain.policy.review import Broken, Found, Review
from rules.agreement import Disagreement
from rules.analysis import Severity
from rules.errors import Problem
from rules.feel import literal, to_json, to_value


class TableProblem(FieldProblemBody):
    """One thing that a review found; ``field`` is the column or input, if it is about one."""

    severity: Severity = Field(
        description="error: must be cured before publication; warning: hardly meant; note: to know"
    )
    decision: str
    rows: list[int] = Field(description="Numbers of rows, from 1")
    line: int | None = Field(description="Line of the file, from 1")
    example: dict[str, Any] | None = Field(description="Inputs that show it")
    detail: str = Field(description="The checker's own sentence, which names what it means")


def told(review: Review, language: Language) -> list[TableProblem]:
    """All that a review found, what forbids publication first."""
    found = list(_told(review, language))
    return sorted(found, key=lambda one: _GRAVITY.index(one.severity))


_GRAVITY: Final = list(Severity)


def _told(review: Review, language: Language) -> Iterator[TableProblem]:
    yield from (_problem(one, language) for one in review.problems)
    if review.cut:
        names = ", ".join(review.cut)
        sentence = f"the review was broken off at a limit; not done: {names}. Simplify the table or its expressions."
        stages = [chosen(STAGES[one], language) for one in review.cut]
        yield _view(language, "review_cut", sentence, {"stages": joined(stages, language)})
    yield from (_breach(one, language) for one in review.contract)
    yield from (_broken(one, language) for one in review.differences)
    yield from (_disagreement(one, language) for one in review.disagreements)
    yield from (_found(one, language) for one in review.findings)


def _problem(one: Problem, language: Language) -> TableProblem:
    message, cure = reader_words.said(one, language)
    return _view(
        language,
        "unreadable",
        f"{one.message}. {one.cure}.",
        {"message": message, "cure": cure},
        field=one.column,
        decision=one.decision,
        rows=[one.row] if one.row else [],
        line=one.line,
    )


def _breach(one: Breach, language: Language) -> TableProblem:
    return _view(
        language,
        one.code,
        f"{one.message}. {one.cure}.",
        {"field": one.field, **one.words},
        field=one.field,
        decision=one.decision,
        rows=[one.row] if one.row else [],
        line=one.line,
        example=one.example,
    )


def _broken(one: Broken, language: Language) -> TableProblem:
    made = one.difference
    params = {"example": made.example, "output": made.output, "expected": made.expected, "got": made.got}
    sentence = f"the example {made}. Correct the table, or the example."
    return _view(language, "example_differs", sentence, params, field=made.output, decision=one.decision, line=one.line)


def _disagreement(one: Disagreement, language: Language) -> TableProblem:
    params = {"first": str(one.durable_rules), "second": str(one.reference)}
    sentence = f"the two evaluators do not agree: {one}. Write the cells in another way, and report it."
    return _view(language, "evaluators_differ", sentence, params, decision=one.decision, example=one.inputs)


def _found(one: Found, language: Language) -> TableProblem:
    finding = one.finding
    example = ", ".join(f"{name} = {literal(value)}" for name, value in (finding.example or {}).items())
    shown = marked("for_example", language, example=example) if example else ""
    params = {"rows": joined(map(str, finding.rows), language), "example": shown}
    return _view(
        language,
        finding.code,
        finding.message,
        params,
        severity=finding.severity,
        decision=one.decision,
        rows=list(finding.rows),
        line=one.line,
        example=finding.example,
    )


def _view(
    language: Language,
    code: str,
    sentence: str,
    params: Mapping[str, str],
    *,
    field: str = "",
    severity: Severity = Severity.ERROR,
    decision: str = "",
    rows: list[int] | None = None,
    line: int | None = None,
    example: Mapping[str, object] | None = None,
) -> TableProblem:
    # A sentence of the checkers ends with the cure, as a sentence of its own.
    message, _, cure = sentence.removesuffix(".").rpartition(". ")
    if not as_checked(CODES, code, language):
        message, cure = words(CODES, code, language, params)
    return TableProblem(
        field=field,
        code=code,
        message=message,
        cure=cure,
        severity=severity,
        decision=decision,
        rows=rows or [],
        line=line,
        example=None if example is None else {name: to_json(to_value(value)) for name, value in example.items()},
        detail=sentence,
    )
