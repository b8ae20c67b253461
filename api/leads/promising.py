"""When the next contact and a later purchase may be agreed for (A9, A13): after now, and within bounds.

A next contact lies within the cadence of the grade (table ``cadence``). A date beyond its bound is refused with it, not
cut in silence: whoever promised it would not keep it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from api.deciding import Tables
from leads.deadlines import Term
from leads.errors import FieldProblem, Invalid
from leads.parties import concerned
from leads.states import TaskKind
from leads.zone import CHINA, minute_shown
from store import hours
from store.leads import LeadRow
from store.session import Tx

FURTHEST = timedelta(days=730)
"""No later purchase is agreed for a day after this."""


def later_purchase(agreed: datetime | None, at: datetime) -> None:
    """Raises ``Invalid`` for a purchase agreed for a day that is over, or for one too far ahead to mean anything."""
    if agreed is None:
        return
    day, today = agreed.astimezone(CHINA).date(), at.astimezone(CHINA).date()
    if day < today:
        raise Invalid("invalid_input", problems=(FieldProblem("purchase_on", "in_past"),))
    if day > today + FURTHEST:
        latest = {"latest": (today + FURTHEST).isoformat()}
        raise Invalid("invalid_input", problems=(FieldProblem("purchase_on", "too_far_ahead", latest),))


async def within_cadence(
    tx: Tx, tables: Tables, lead: LeadRow, promised: datetime | None, at: datetime, *, grade: str, stage: str
) -> None:
    """Raises ``Invalid`` for a next contact in the past, or later than the grade after this statement allows."""
    if promised is None:
        return
    if promised <= at:
        raise Invalid("invalid_input", problems=(FieldProblem("next_at", "in_past"),))
    kind = TaskKind.NEXT_FOLLOW_UP
    term = Term.read(tables.decide("cadence", at, {"kind": kind.value, "grade": grade, "stage": stage}))
    kept = await hours.calendar(tx, concerned(kind, lead.dealer_id), at)
    latest = term.until(at, kept.calendar)
    if promised > latest:
        said = {"latest": minute_shown(latest), "grade": grade or "–"}
        raise Invalid("invalid_input", problems=(FieldProblem("next_at", "beyond_cadence", said),))
