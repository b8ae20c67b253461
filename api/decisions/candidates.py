"""The candidates of a decision: of dispatch and assignment each with points or the reason against
it, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from api.decisions.scores import Scores
from cases.messages import CANDIDATES, RULED_OUT, Language, say
from store.leads import views
from store.leads.views import Named
from store.network import rosters
from store.session import Tx
from store.tables.decisions import Decision


class CandidateOutcome(StrEnum):
    """What became of a candidate."""

    CHOSEN = "chosen"
    TIED = "tied"  # as many points; fairness decided: more load or a shorter wait
    OUTSCORED = "outscored"
    RULED_OUT = "ruled_out"
    SUSPECTED = "suspected"  # a lead that may be the same customer's
    KEPT = "kept"  # a dealer's own lead
    KEPT_DESPITE = "kept_despite"  # …, whatever speaks against it


@dataclass(frozen=True, slots=True)
class ReasonView:
    """Why a candidate could not have the lead: the first reason that applied."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class PointsView:
    """A row of the table, counted from 1, that gave a candidate ``points``, as its cell is
    written."""

    row: int
    id: str
    points: str
    note: str


@dataclass(frozen=True, slots=True)
class CandidateView:
    """A dealer or a consultant, whose ``id`` is the code, or (of cleaning) another lead.

    ``points_from`` are the rows whose points add up to ``points``.
    """

    id: str
    code: str | None
    name: str | None
    outcome: CandidateOutcome
    points: float | None
    reason: ReasonView | None
    text: str
    points_from: tuple[PointsView, ...] = ()


@dataclass(frozen=True, slots=True)
class ElsewhereView:
    """The dealers that are farther away than those named (in older decisions those of other
    regions), as the network was then: all ruled out for the same reason."""

    count: int
    reason: ReasonView
    text: str
    dealers: tuple[Named, ...]


def routed(made: Decision) -> bool:
    """Whether the decision is a choice among candidates, each of which the table scored for
    itself."""
    return made.result.keys() == {"chosen", "code"}


async def told(tx: Tx, made: Decision, scored: Scores | None, language: Language) -> tuple[CandidateView, ...]:
    """All candidates, as they were considered, in the caller's language."""
    ids = [UUID(line["id"]) for line in made.candidates if "id" in line]
    return tuple(_views(made, scored, await views.names_of(tx, ids), language))


async def elsewhere(tx: Tx, made: Decision, language: Language) -> ElsewhereView | None:
    """Who was no candidate because of the distance (in older decisions the area); None if all
    dealers are named."""
    line = next((line for line in made.candidates if "roster" in line), None)
    if line is None:
        return None
    considered = {one["id"] for one in made.candidates if "id" in one}
    others = [one for one in (await rosters.roster(tx, line["roster"])).dealers if str(one.id) not in considered]
    names = await views.names_of(tx, [one.id for one in others])
    reason = ReasonView(line["reason"], say(RULED_OUT, line["reason"], language))
    text = say(CANDIDATES, "elsewhere" if line["reason"] == "area" else "farther", language, {"count": len(others)})
    return ElsewhereView(len(others), reason, text, tuple(_named(str(one.id), one.code, names) for one in others))


def _named(identity: str, code: str, names: Mapping[str, Named]) -> Named:
    return Named(code, names[identity].name if identity in names else code)


def _views(
    made: Decision, scored: Scores | None, names: Mapping[str, Named], language: Language
) -> Iterator[CandidateView]:
    best = next((line.get("points") for line in made.candidates if _is_chosen(line, made)), None)
    for line in made.candidates:
        if "roster" in line:
            continue
        outcome, points = _outcome(line, made, best), line.get("points")
        reason = line.get("reason") or next(iter(line.get("despite", ())), None)
        why = ReasonView(reason, say(RULED_OUT, reason, language)) if reason else None
        said = {"points": None if points is None else f"{points:g}", "reason": why.text if why else None}
        text = say(CANDIDATES, outcome, language, said)
        if outcome is CandidateOutcome.SUSPECTED:
            yield CandidateView(line["lead"], None, None, outcome, None, None, text)
        else:
            name = names[line["id"]].name if line["id"] in names else None
            rows = _points_from(line, scored)
            yield CandidateView(line["code"], line["code"], name, outcome, points, why, text, rows)


def _points_from(line: Mapping[str, Any], scored: Scores | None) -> tuple[PointsView, ...]:
    return tuple(PointsView(one.number, one.id, one.points, one.note) for one in scored.rows(line)) if scored else ()


def _outcome(line: Mapping[str, Any], made: Decision, best: float | None) -> CandidateOutcome:
    if "lead" in line:
        return CandidateOutcome.SUSPECTED
    if "despite" in line:
        return CandidateOutcome.KEPT_DESPITE if line["despite"] else CandidateOutcome.KEPT
    if "reason" in line:
        return CandidateOutcome.RULED_OUT
    if _is_chosen(line, made):
        return CandidateOutcome.CHOSEN
    return CandidateOutcome.TIED if line.get("points") == best else CandidateOutcome.OUTSCORED


def _is_chosen(line: Mapping[str, Any], made: Decision) -> bool:
    return "id" in line and line["id"] == made.result.get("chosen")


def line_of(made: Decision, code: str | None) -> Mapping[str, Any] | None:
    """The stored line of the candidate with this code; without one, of the chosen; None if there is
    none."""
    lines: Sequence[Mapping[str, Any]] = made.candidates
    if code is None:
        return next((line for line in lines if _is_chosen(line, made)), None)
    return next((line for line in lines if line.get("code") == code), None)
