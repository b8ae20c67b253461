"""The review of a file for an answer: done beside the API, and remembered, since a draft is often
looked at."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from pydantic import BaseModel, Field

from api.context import Call
from api.tables.words import TableProblem, told
from cases.messages import Language
from domain.policy.review import Review, joined, stages

MOST_KNOWN: Final = 32
_known: OrderedDict[tuple[bytes, str | None], Review] = OrderedDict()


class ReviewView(BaseModel):
    """What was found about a file: by reading it, by its examples, by analysis, by asking both
    evaluators."""

    publishable: bool = Field(description="Whether nothing forbids publication")
    examples: int = Field(description="How many examples the file has")
    cut: list[str] = Field(
        default_factory=list,
        description="What did not come to its end within the limits: analysis, examples, evaluators, contract",
    )
    problems: list[TableProblem]


async def reviewed(call: Call, xml: bytes, key: str | None = None) -> Review:
    """``domain.policy.review`` of a file in a process beside the API: whole, or as far as the
    limits allow.

    Raises ``TooCostly`` where a limit was met before anything was known, ``Unavailable`` when too
    many others wait.
    """
    if (xml, key) in _known:
        _known.move_to_end((xml, key))
        return _known[xml, key]
    parts = await call.parts_aside(stages, xml, key)
    if parts.cut is not None and not parts.found:
        raise parts.cut
    found = joined(parts.found)
    if not found.cut:
        _known[xml, key] = found
        if len(_known) > MOST_KNOWN:
            _known.popitem(last=False)
    return found


def view(found: Review, language: Language) -> ReviewView:
    """A review as it is answered."""
    examples = sum(decision.examples for decision in found.decisions)
    return ReviewView(
        publishable=not found.errors, examples=examples, cut=list(found.cut), problems=told(found, language)
    )


EXAMPLE = {
    "publishable": True,
    "examples": 6,
    "cut": [],
    "problems": [
        {
            "field": "",
            "code": "gap",
            "message": "有输入不符合任何一行（例如 price = 299999.5）",
            "cure": "请为其增加一行，或设置默认输出",
            "severity": "warning",
            "decision": "price-tier",
            "rows": [],
            "line": None,
            "example": {"price": 299999.5},
            "detail": "no row covers price = 299999.5. Add a row for it, or a default output.",
        }
    ],
}
