"""Shadows, and what they saw, as they are answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cases.actors import staff_id
from cases.messages import CANNOT_SAY, Language, say
from domain.coded import coded
from store.leads.views import Named, named_in, people_of
from store.session import Tx
from store.tables import shadow_reports
from store.tables.shadow_reports import Counts, ShadowChange, ShadowLineRow
from store.tables.shadows import Shadow, ShadowState


@dataclass(frozen=True, slots=True)
class ShadowLine:
    """A shadow and how it stands.

    Of the decisions that it was asked about (``seen``) it would have made ``differing`` otherwise
    and could not make ``failed``; ``share`` is differing ÷ seen, 0 to 1.
    """

    id: UUID
    key: str
    draft: UUID
    revision: int
    state: ShadowState
    reason: str
    started_at: datetime
    started_by: Named | None
    until: datetime | None
    stopped_at: datetime | None
    stopped_by: Named | None
    seen: int
    differing: int
    failed: int
    share: float


@dataclass(frozen=True, slots=True)
class ProblemCount:
    """So many decisions that the shadow could not make, for this reason."""

    code: str
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class ShadowView:
    """A shadow with what would change: output by output from what to what, the most frequent
    first."""

    shadow: ShadowLine
    changes: tuple[ShadowChange, ...]
    problems: tuple[ProblemCount, ...]


@dataclass(frozen=True, slots=True)
class ProblemView:
    """Why the shadow could not make a decision."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class ShadowDifferenceView:
    """One live decision: its result as it took effect (``old``) and by the shadow (``new``),
    outputs by name.

    ``changes`` are the outputs that differ. The whole decision is at ``/decisions/{decision_id}``.
    """

    decision_id: UUID
    lead_id: UUID
    at: datetime
    old: dict[str, Any]
    new: dict[str, Any]
    changes: tuple[str, ...]
    problem: ProblemView | None


async def lines(tx: Tx, found: Sequence[Shadow], at: datetime) -> list[ShadowLine]:
    """Shadows as lists show them."""
    counted = await shadow_reports.counts(tx, [one.id for one in found])
    names = await people_of(tx, [actor for one in found for actor in (one.started_by, one.stopped_by)])
    return [_line(one, counted[one.id], names, at) for one in found]


async def whole(tx: Tx, shadow: Shadow, at: datetime, language: Language) -> ShadowView:
    """A shadow with all that it found, in totals."""
    (line,) = await lines(tx, [shadow], at)
    failed = await shadow_reports.problems(tx, shadow.id)
    return ShadowView(
        line,
        await shadow_reports.changes(tx, shadow.id),
        tuple(ProblemCount(code, say(CANNOT_SAY, code, language), count) for code, count in failed.items()),
    )


async def differences(tx: Tx, found: Sequence[ShadowLineRow], language: Language) -> list[ShadowDifferenceView]:
    """Decisions that a shadow makes otherwise, or cannot make."""
    names = await named_in(tx, ((one.old, one.new) for one in found))
    return [_difference(one, names, language) for one in found]


def _difference(line: ShadowLineRow, names: Mapping[str, Named], language: Language) -> ShadowDifferenceView:
    problem = ProblemView(line.problem, say(CANNOT_SAY, line.problem, language)) if line.problem else None
    old, new = coded((line.old, line.new), names)
    return ShadowDifferenceView(line.decision_id, line.case_id, line.at, old, new, line.changes, problem)


def _line(shadow: Shadow, counted: Counts, names: Mapping[str, Named], at: datetime) -> ShadowLine:
    return ShadowLine(
        shadow.id,
        shadow.key,
        shadow.draft_id,
        shadow.revision,
        shadow.state(at),
        shadow.reason,
        shadow.started_at,
        names.get(staff_id(shadow.started_by)),
        shadow.until,
        shadow.stopped_at,
        names.get(staff_id(shadow.stopped_by)),
        counted.seen,
        counted.differing,
        counted.failed,
        round(counted.differing / counted.seen, 4) if counted.seen else 0.0,
    )


SHADOW: dict[str, Any] = {
    "id": "0192f0c1-2b3d-7e11-8a00-0000000051ad",
    "key": "grade",
    "draft": "0192f0c1-2b3d-7e11-8a00-00000000d0af",
    "revision": 3,
    "state": "running",
    "reason": "看看两周内 A 级会少多少",
    "started_at": "2026-11-21T08:00:00Z",
    "started_by": {"code": "HQ-01", "name": "周丽"},
    "until": "2026-12-05T08:00:00Z",
    "stopped_at": None,
    "stopped_by": None,
    "seen": 412,
    "differing": 37,
    "failed": 1,
    "share": 0.0898,
}
WHOLE = {
    "shadow": SHADOW,
    "changes": [{"output": "grade", "old": "A", "new": "B", "count": 37}],
    "problems": [{"code": "input_refused", "text": "该版本不接受决策的某个输入值", "count": 1}],
}
DIFFERENCE: dict[str, Any] = {
    "decision_id": "0192f0c1-2b3d-7e11-8a00-abcdefabcdef",
    "lead_id": "0192f0c1-2b3c-7d4e-8f50-123456789abc",
    "at": "2026-11-22T02:10:00Z",
    "old": {"grade": "A", "reason": "within_15_days"},
    "new": {"grade": "B", "reason": "within_15_days"},
    "changes": ["grade"],
    "problem": None,
}
