"""Whose working hours count, for every team and every role (A10)."""

from __future__ import annotations

from uuid import UUID

import pytest

from cases.parties import Party, Team, at_work, concerned
from cases.states import Role

DEALER = UUID(int=7)
HERE = Party(Team.DEALER, dealer_id=DEALER)
CENTRE, OFFICE = Party(Team.CALL_CENTRE), Party(Team.HEAD_OFFICE)


@pytest.mark.parametrize(
    ("team", "role", "party"),
    [
        (Team.DEALER, Role.CALL_CENTRE, HERE),
        (Team.CALL_CENTRE, Role.CONSULTANT, CENTRE),
        (Team.HEAD_OFFICE, Role.CONSULTANT, OFFICE),
        (None, Role.CONSULTANT, HERE),
        (None, Role.CALL_CENTRE, CENTRE),
        (None, "", OFFICE),
    ],
)
def test_whom_a_deadline_concerns(team: Team | None, role: str, party: Party) -> None:
    assert concerned(team, DEALER, role) == party
    assert concerned(team, None, role) == (OFFICE if party == HERE else party)


@pytest.mark.parametrize(
    ("role", "party"),
    [
        (Role.CONSULTANT, HERE),
        (Role.DEALER_MANAGER, HERE),
        (Role.REGIONAL_MANAGER, Party(Team.REGION, region="NORTH")),
        (Role.CALL_CENTRE, CENTRE),
        (Role.HQ, OFFICE),
        (Role.FINANCE, HERE),
        (Role.AFTER_SALES, HERE),
        (Role.MARKETING, OFFICE),
        ("", OFFICE),
    ],
)
def test_with_whom_people_work(role: str, party: Party) -> None:
    assert at_work(role, DEALER, "NORTH") == party
    assert at_work(role, None, None) == (party if party in (CENTRE, OFFICE) else OFFICE)
