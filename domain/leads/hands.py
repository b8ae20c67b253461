"""A lead that somebody works on changes hands: the same for a supervisor's word, a rung and a
departure (A7, A10, A11).

The 24 hours of a first contact that is still owed go on, or begin anew for the new owner: the table
``reassign`` says.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.work import Work
from store.leads import assignments
from store.leads.assignments import AssignmentKind, Transfer, transfer

CONTINUES = "continues"


async def change(
    work: Work,
    kind: AssignmentKind,
    *,
    to_dealer: UUID,
    to_staff: UUID | None,
    reason: str = "",
    why: str = "",
    decision_id: UUID | None = None,
    insisted: bool = False,
) -> Transfer:
    """Gives the lead to a dealer and, if known, a person. ``reason`` is a code, ``why`` one that
    the table knows."""
    since = await _clock_from(work, kind, why, to_staff)
    given = await transfer(
        work.tx,
        work.lead,
        to_dealer=to_dealer,
        to_staff=to_staff,
        kind=kind,
        by=work.ledger.actor,
        at=work.at,
        reason=reason,
        decision_id=decision_id,
        clock_from=since,
        insisted=insisted,
    )
    work.lead = given.lead
    return given


async def _clock_from(work: Work, kind: AssignmentKind, why: str, to_staff: UUID | None) -> datetime | None:
    owed = await assignments.owed(work.tx, work.lead, work.at)
    if owed is None:
        return None
    to = "dealer" if to_staff is None else "person"
    made = work.decide("reassign", kind=kind.value, why=why, to=to, overdue=owed.overdue)
    return owed.since if made.get("clock") == CONTINUES else None
