"""``POST /migrations/previews``: how many running leads would fit, and why the others would not.
Nothing is changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.context import Call, PersonCall
from api.documented import WRITE, example, problems
from api.migrations import trying, words
from api.migrations.bodies import MigrationBody, as_wanted
from api.migrations.trying import Trial
from api.migrations.words import MigrationReasonView
from cases.states import Role
from domain.reach import the_person, with_role
from domain.repairs.fitting import Change, Targets, Wanted
from store.engine import instances
from store.engine.instances import InstanceRow
from store.session import Tx
from store.tables import definitions
from workflows.bpmn.migration import Reason

router = APIRouter(tags=["migrations"])

OPERATORS: Final = frozenset({Role.HQ})
PAGE: Final = 200
EXAMPLES: Final = 5


class PreviewBody(MigrationBody):
    """What to try, on how many leads."""

    at_most: Annotated[int, Field(ge=1, le=20_000, description="Leads to try it on, the oldest first")] = 5_000


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
    with_role(the_person(call), OPERATORS)
    return await call.read(lambda tx: _preview(tx, call, body))


async def _preview(tx: Tx, call: Call, body: PreviewBody) -> PreviewView:
    wanted = await as_wanted(tx, call, body)
    trial = _Trials(tx, call, wanted)
    tried, fits, after = 0, 0, None
    counts: Counter[Reason] = Counter()
    examples: defaultdict[Reason, list[UUID]] = defaultdict(list)
    while True:
        size = min(PAGE, body.at_most - tried)
        # One more than is tried tells whether there are any others.
        lives = await instances.of_version(tx, body.process, body.from_version, after, size + 1)
        found = await trial.tried(lives[:size])
        tried += len(found)
        for life, reasons in zip(lives[:size], found, strict=True):
            fits += not reasons
            for reason in set(reasons):
                counts[reason] += 1
                if len(examples[reason]) < EXAMPLES:
                    examples[reason].append(life.case_id)
        if len(lives) <= size or tried >= body.at_most:
            break
        after = (lives[size - 1].case_id, lives[size - 1].life)
    return PreviewView(
        plan={key: dict(moves) for key, moves in wanted.plan.moves.items()},
        tried=tried,
        all_tried=len(lives) <= size,
        fits=fits,
        reasons=[
            ReasonCount(**words.of(reason, call.language).model_dump(), count=count, examples=examples[reason])
            for reason, count in counts.most_common()
        ],
    )


class _Trials:
    """A page takes the processor for a moment, and its conditions may take longer: it is tried
    beside the API."""

    def __init__(self, tx: Tx, call: Call, wanted: Wanted) -> None:
        self._tx, self._call, self._wanted, self._at = tx, call, wanted, call.now()
        self._targets = Targets(call.services.memory.programs, wanted)
        self._files: dict[str, bytes] = {}

    async def tried(self, lives: Sequence[InstanceRow]) -> list[tuple[Reason, ...]]:
        """Why each life does not fit; nothing: it does."""
        found = [await self._targets.of(self._tx, life) for life in lives]
        trials = [
            Trial(life.refs, target.refs, life.snapshot)
            for life, target in zip(lives, found, strict=True)
            if isinstance(target, Change)
        ]
        for ref in {ref for trial in trials for ref in (*trial.old, *trial.new)}:
            if ref.sha256 not in self._files:
                self._files[ref.sha256] = (await definitions.by_sha(self._tx, ref.sha256)).xml
        moves = {key: dict(moved) for key, moved in self._wanted.plan.moves.items()}
        tried = iter(await self._call.aside(trying.reasons, self._files, trials, moves, self._at) if trials else ())
        return [next(tried) if isinstance(target, Change) else (target,) for target in found]
