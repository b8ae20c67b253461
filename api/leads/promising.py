"""When the next contact may be agreed for (A9): after now, and within the cadence of the grade (table ``cadence``).

A date beyond that is refused with its bound rather than cut in silence: whoever promised it would not keep it.
"""

from __future__ import annotations

from datetime import datetime

from api.deciding import Tables
from cleaning import SHANGHAI
from leads.deadlines import Term
from leads.errors import FieldProblem, Invalid
from leads.parties import concerned
from leads.states import TaskKind
from store import hours
from store.leads import LeadRow
from store.session import Tx


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
        said = {"latest": latest.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"), "grade": grade or "–"}
        raise Invalid("invalid_input", problems=(FieldProblem("next_at", "beyond_cadence", said),))
