"""Whose working hours count, for every kind of task and every role (A10)."""

from __future__ import annotations

from uuid import UUID

import pytest

from cases.parties import Party, Team, at_work, concerned
from cases.states import GRADE_VALIDITY, Role

DEALER = UUID(int=7)
HERE = Party(Team.DEALER, dealer_id=DEALER)
CENTRE, OFFICE = Party(Team.CALL_CENTRE), Party(Team.HEAD_OFFICE)


@pytest.mark.parametrize(
    ("kind", "party"),
    [
        ("first_follow_up", HERE),
        ("next_follow_up", HERE),
        (GRADE_VALIDITY, HERE),
        ("confirm_closing", HERE),
        ("outbound_call", CENTRE),
        ("intent_check", CENTRE),
        ("recall", CENTRE),
        ("hq_decision", OFFICE),
        ("whatever_comes", OFFICE),
    ],
)
def test_whom_a_task_concerns(kind: str, party: Party) -> None:
    assert concerned(kind, DEALER) == party
    assert concerned(kind, None) == (OFFICE if party == HERE else party)


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
