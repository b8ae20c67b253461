"""The answer for a file that must not decide."""

from __future__ import annotations

from typing import Any

from pydantic_core import to_jsonable_python

from api.problems import problem_body
from api.tables.words import told
from cases.messages import Language
from domain.policy.laws.refusing import TableRefused


def refusal(refused: TableRefused, language: Language) -> dict[str, Any]:
    """The body of a 422 that lists all that was found about a file, what forbids it first."""
    listed = [to_jsonable_python(one) for one in told(refused.found, language)]
    params = {"count": str(sum(one["severity"] == "error" for one in listed))}
    return problem_body(422, refused.code, language, params=params, more={"problems": listed})
