"""The candidates of a decision: of dispatch and assignment each with points or the reason against it, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from api.language import Language
from leads.messages import CANDIDATES, RULED_OUT, say
from store import views
from store.decisions import Decision
from store.session import Tx
from store.views import Named


@dataclass(frozen=True, slots=True)
class ReasonView:
    """Why a candidate could not have the lead: the first reason that applied."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class CandidateView:
    """A dealer, a consultant, or (of cleaning) another lead.

    ``outcome`` is chosen, tied (as many points, but more load or a shorter wait), outscored, ruled_out or suspected.
    """

    id: UUID
    code: str | None
    name: str | None
    outcome: str
    points: float | None
    reason: ReasonView | None
    text: str


def routed(made: Decision) -> bool:
    """Whether the decision is a choice among candidates, each of which the table scored for itself."""
    return made.result.keys() == {"chosen", "code"}


async def told(tx: Tx, made: Decision, language: Language) -> tuple[CandidateView, ...]:
    """All candidates, as they were considered, in the caller's language."""
    ids = [UUID(line["id"]) for line in made.candidates if "id" in line]
    return tuple(_views(made, await views.names_of(tx, ids), language))


def _views(made: Decision, names: Mapping[str, Named], language: Language) -> Iterator[CandidateView]:
    best = next((line.get("points") for line in made.candidates if _is_chosen(line, made)), None)
    for line in made.candidates:
        outcome, points = _outcome(line, made, best), line.get("points")
        reason = line.get("reason")
        why = ReasonView(reason, say(RULED_OUT, reason, language)) if reason else None
        said = {"points": None if points is None else f"{points:g}", "reason": why.text if why else None}
        text = say(CANDIDATES, outcome, language, said)
        if outcome == "suspected":
            yield CandidateView(UUID(line["lead"]), None, None, outcome, None, None, text)
        else:
            name = names[line["id"]].name if line["id"] in names else None
            yield CandidateView(UUID(line["id"]), line["code"], name, outcome, points, why, text)


def _outcome(line: Mapping[str, Any], made: Decision, best: float | None) -> str:
    if "lead" in line:
        return "suspected"
    if "reason" in line:
        return "ruled_out"
    if _is_chosen(line, made):
        return "chosen"
    return "tied" if line.get("points") == best else "outscored"


def _is_chosen(line: Mapping[str, Any], made: Decision) -> bool:
    return "id" in line and line["id"] == made.result.get("chosen")
