"""Whose working hours count (A10): the dealer, the region or the team at head office that something
concerns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from cases.states import Role


class Team(StrEnum):
    """Who has working hours."""

    DEALER = "dealer"
    REGION = "region"
    CALL_CENTRE = "call_centre"
    HEAD_OFFICE = "head_office"


class ChannelSide(StrEnum):
    """Whose channels they are: the car maker's, or dealers' own."""

    MAKER = "maker"
    DEALER = "dealer"


@dataclass(frozen=True, slots=True)
class Party:
    """One dealer, one region, or a team; a dealer or region that is not named stands for all that
    have no hours of their own."""

    team: Team
    dealer_id: UUID | None = None
    region: str | None = None


ROLES: Mapping[str, Team] = MappingProxyType(
    {
        Role.CONSULTANT: Team.DEALER,
        Role.DEALER_MANAGER: Team.DEALER,
        Role.FINANCE: Team.DEALER,
        Role.AFTER_SALES: Team.DEALER,
        Role.REGIONAL_MANAGER: Team.REGION,
        Role.CALL_CENTRE: Team.CALL_CENTRE,
    }
)
"""With whom people of a role work; every other role is at head office, and so are those of a dealer
who have none."""


def team_of(role: str) -> Team:
    """With whom people of a role work."""
    return ROLES.get(role, Team.HEAD_OFFICE)


def concerned(team: Team | None, dealer_id: UUID | None, role: str = "", region: str | None = None) -> Party:
    """Whose hours a deadline and its ladder keep to: those of the ``team`` that its kind declares
    (``domain.kinds.team_of``), else of the ``role`` that does the task; head office for a dealer's
    task without a dealer."""
    return _party(team or team_of(role), dealer_id, region)


def at_work(role: str, dealer_id: UUID | None, region: str | None) -> Party:
    """Whose hours people of a role keep; the dealer and region are theirs, or those of the lead
    that they hear of."""
    return _party(team_of(role), dealer_id, region)


def _party(team: Team, dealer_id: UUID | None, region: str | None) -> Party:
    if team is Team.DEALER and dealer_id is not None:
        return Party(team, dealer_id=dealer_id)
    if team is Team.REGION and region is not None:
        return Party(team, region=region)
    return Party(team if team is Team.CALL_CENTRE else Team.HEAD_OFFICE)
