"""``GET /texts``: all that Baton says, in one language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from api.conditions import REVALIDATE, Known, etag, not_modified, unchanged
from api.context import ReadCall
from api.documented import READ, example, problems, tagged
from api.texts.catalogues import texts
from cases.messages import Language, languages
from cases.messages.languages import spoken_by

router = APIRouter(tags=["texts"])


class TextsView(BaseModel):
    """Sentences by their keys. Codes that the API answers are the ends of keys: the status
    `working` is `statuses.working`, the end of a task `tasks.<kind>.<outcome>`, a line of the
    timeline `timeline.<code>`, or `timeline.<code>.<case>` where its data name a `case` that has a
    text. `{names}` stand for the `data` or `params` that come with a code."""

    language: Language = Field(description="The language of these texts")
    languages: list[Language] = Field(description="All that Baton speaks; the first is the usual one")
    texts: dict[str, str]


_EXAMPLE: Final[Mapping[str, Any]] = {
    "language": "en",
    "languages": ["zh", "en"],
    "texts": {
        "statuses.working": "working",
        "tasks.first_follow_up.lost": "lost",
        "timeline.followed_up": "Followed up: {outcome}",
        "problems.task_not_found": "There is no such task",
        "problems.task_not_found.cure": "Check the task's id",
    },
}


@router.get(
    "/texts",
    response_model=TextsView,
    responses=tagged(problems(*READ) | example(_EXAMPLE), known=True),
    summary="All texts in one language",
)
async def show_texts(
    call: ReadCall,
    known: Known,
    response: Response,
    language: Annotated[
        str | None,
        Query(
            description="A language tag (BCP 47) that goes before `Accept-Language`; one that is not spoken "
            "gets the usual language",
            max_length=100,
            examples=["en"],
        ),
    ] = None,
) -> TextsView | Response:
    """Every text that Baton has, by its key, with the `ETag` of what it says at present: for
    screens that put codes into words themselves, and for whoever translates them."""
    taken = call.language if language is None else spoken_by(language)
    version = _version(taken)
    answer = not_modified(version) if unchanged(known, version) else response
    answer.headers.update({"ETag": etag(version), "Content-Language": taken, "Vary": "Accept-Language"} | REVALIDATE)
    if answer is not response:
        return answer
    return TextsView(language=taken, languages=list(languages.LANGUAGES), texts=dict(texts(taken)))


@cache
def _version(language: Language) -> str:
    """Texts change with the program only, so their tag is of their content. It names the language:
    a cached answer in another one must not be taken for it."""
    said = json.dumps([languages.LANGUAGES, texts(language)], ensure_ascii=False)
    return f"{language}-{sha256(said.encode()).hexdigest()[:16]}"
