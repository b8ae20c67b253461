"""``POST /migrations/previews``: how many running leads would fit, and why the others would not.
Nothing is changed."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from api.context import PersonCall
from api.documented import WRITE, example, problems
from api.migrations import words
from api.migrations.words import MigrationReasonView
from domain.repairs.forms import PreviewBody
from domain.repairs.reads import preview

router = APIRouter(tags=["migrations"])


class ReasonCount(MigrationReasonView):
    """A reason, with how many leads it concerns and a few of them."""

    count: int
    examples: list[UUID]


class PreviewView(BaseModel):
    """``tried`` running leads were looked at (``all_tried``: there are no others); ``fits`` of them
    would go on.

    ``plan`` is the one that was tried, given or guessed. A lead may have more than one reason.
    """

    plan: dict[str, dict[str, str]]
    tried: int
    all_tried: bool
    fits: int
    reasons: list[ReasonCount]


_PREVIEW = {
    "plan": {"sale": {"wait_for_visit": "await_visit"}},
    "tried": 5,
    "all_tried": True,
    "fits": 4,
    "reasons": [
        {
            "process": "sale",
            "element": "ask_manager",
            "target": "ask_manager",
            "code": "element_gone",
            "why": "新版本中没有元素 ask_manager",
            "cure": "请在计划中指明 ask_manager 对应的元素",
            "count": 1,
            "examples": ["0192f0c1-2b3c-7d4e-8f50-123456789abc"],
        }
    ],
}


@router.post("/migrations/previews", responses=problems(*WRITE) | example(_PREVIEW), summary="Try a migration")
async def preview_migration(body: PreviewBody, call: PersonCall) -> PreviewView:
    """The migration is tried on every running lead as it last came to rest."""
    found = await call.read(lambda tx: preview.preview(tx, call.speaker, body))
    return PreviewView(
        plan={key: dict(moves) for key, moves in found.plan.moves.items()},
        tried=found.tried,
        all_tried=found.all_tried,
        fits=found.fits,
        reasons=[
            ReasonCount(**words.of(reason, call.language).model_dump(), count=count, examples=[*found.examples[reason]])
            for reason, count in found.counts
        ],
    )
