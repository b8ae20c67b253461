"""When the next contact and a later purchase may be agreed for (A9, A13): after now, and within
bounds.

A next contact lies within the cadence of the grade (table ``cadence``), a purchase no farther than
the table ``later-purchase`` says. A date beyond its bound is refused with it, not cut in silence:
whoever promised it would not keep it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from cases.deadlines import Term
from cases.errors import FieldProblem, Invalid
from cases.parties import concerned
from cases.states import TaskKind
from cases.zone import CHINA, minute_shown
from domain.forms import in_past
from domain.kinds import team_of
from domain.tables import Tables
from store.leads.leads import LeadRow
from store.network import hours
from store.session import Tx


def later_purchase(tables: Tables, payment: str, agreed: datetime | None, at: datetime) -> None:
    """Raises ``Invalid`` for a purchase agreed for a day that is over, or for one farther than the
    table says."""
    if agreed is None:
        return
    day, today = agreed.astimezone(CHINA).date(), at.astimezone(CHINA).date()
    if day < today:
        earliest = {"earliest": today.isoformat()}
        raise Invalid("invalid_input", problems=(FieldProblem("purchase_on", "in_past", earliest),))
    made = tables.decide("later-purchase", at, {"payment": payment})
    furthest = today + timedelta(days=int(made.get("furthest_days") or 0))
    if day > furthest:
        latest = {"latest": furthest.isoformat()}
        raise Invalid("invalid_input", problems=(FieldProblem("purchase_on", "too_far_ahead", latest),))


async def within_cadence(
    tx: Tx, tables: Tables, lead: LeadRow, promised: datetime | None, at: datetime, *, grade: str, stage: str
) -> None:
    """Raises ``Invalid`` for a next contact in the past, or later than the grade after this
    statement allows."""
    if promised is None:
        return
    if promised <= at:
        raise Invalid("invalid_input", problems=(in_past("next_at", at),))
    kind = TaskKind.NEXT_FOLLOW_UP
    term = Term.read(tables.decide("cadence", at, {"kind": kind.value, "grade": grade, "stage": stage}))
    kept = await hours.calendar(tx, concerned(team_of(kind), lead.dealer_id), at)
    latest = term.until(at, kept.calendar)
    if promised > latest:
        said = {"latest": minute_shown(latest), "grade": grade or "–"}
        raise Invalid("invalid_input", problems=(FieldProblem("next_at", "beyond_cadence", said),))
