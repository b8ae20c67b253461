"""The review of a file for an answer: done beside the event loop, and remembered, since a draft is often looked at."""

from __future__ import annotations

import asyncio
from functools import lru_cache

from pydantic import BaseModel, Field

from api.language import Language
from api.tables.words import TableProblem, told
from policy.review import Review, review


class ReviewView(BaseModel):
    """What was found about a file: by reading it, by its examples, by analysis, by asking both evaluators."""

    publishable: bool = Field(description="Whether nothing forbids publication")
    examples: int = Field(description="How many examples were run")
    problems: list[TableProblem]


async def reviewed(xml: bytes, key: str) -> Review:
    """``policy.review`` of a file on another thread: the API goes on answering. Never raises for what the file says."""
    return await asyncio.to_thread(_review, xml, key)


def view(found: Review, language: Language) -> ReviewView:
    """A review as it is answered."""
    examples = sum(len(decision.examples) for decision in found.decisions)
    return ReviewView(publishable=not found.errors, examples=examples, problems=told(found, language))


@lru_cache(32)
def _review(xml: bytes, key: str) -> Review:
    return review(xml, key)


EXAMPLE = {
    "publishable": True,
    "examples": 6,
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
