"""Whose working hours count (A10): the dealer, the region or the team at head office that something concerns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from leads.states import GRADE_VALIDITY, TaskKind


class Team(StrEnum):
    """Who has working hours."""

    DEALER = "dealer"
    REGION = "region"
    CALL_CENTRE = "call_centre"
    HEAD_OFFICE = "head_office"


@dataclass(frozen=True, slots=True)
class Party:
    """One dealer, one region, or a team; a dealer or region that is not named stands for all that have no hours of
    their own."""

    team: Team
    dealer_id: UUID | None = None
    region: str | None = None


TASKS: Mapping[str, Team] = MappingProxyType(
    {
        TaskKind.OUTBOUND_CALL: Team.CALL_CENTRE,
        TaskKind.FIRST_FOLLOW_UP: Team.DEALER,
        TaskKind.NEXT_FOLLOW_UP: Team.DEALER,
        GRADE_VALIDITY: Team.DEALER,
        TaskKind.CONFIRM_CLOSING: Team.DEALER,
        TaskKind.INTENT_CHECK: Team.CALL_CENTRE,
        TaskKind.RECALL: Team.CALL_CENTRE,
    }
)
"""Who does a task, by the kind of its clock; every other kind is for head office."""


def concerned(kind: str, dealer_id: UUID | None) -> Party:
    """Whose hours a task's deadline and ladder keep to: head office for a dealer's task without a dealer."""
    team = TASKS.get(kind, Team.HEAD_OFFICE)
    if team is not Team.DEALER:
        return Party(team)
    return Party(Team.HEAD_OFFICE) if dealer_id is None else Party(team, dealer_id=dealer_id)
