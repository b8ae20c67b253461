"""When people hear what they are told: not at night and not in a holiday, but for what is urgent
(A10).

What is urgent is the table ``notice-hours``; whose hours count follows from whom a notice is for
(``cases.parties``). A notice keeps its own instant; ``not_before`` is when it may go out.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from cases.calendar import next_opening
from cases.parties import Party, Team, at_work
from domain.work import Work
from store.network import people

AT_ONCE = "at_once"


async def put_off(work: Work) -> None:
    """Says of each notice of a step when it may go out, if people have gone home."""
    waiting = [told for told in work.ledger.notifications if not _urgent(work, told["code"])]
    parties = await _people(work, {told["to_staff_id"] for told in waiting if told["to_staff_id"] is not None})
    for told in waiting:
        staff = told["to_staff_id"]
        kept = await work.calendar(_of_role(work, told["to_role"]) if staff is None else parties[staff])
        try:
            opening = next_opening(work.at, kept.calendar)
        except ValueError:  # nobody ever works there: better at night than never
            continue
        if opening > work.at:
            told["not_before"] = opening


def _urgent(work: Work, code: str) -> bool:
    return work.look("notice-hours", code=code, grade=work.asked("notice-hours", work.level)).get("hours") == AT_ONCE


def _of_role(work: Work, role: str | None) -> Party:
    return at_work(role or "", work.case.dealer_id, work.case.region)


async def _people(work: Work, staff: set[UUID]) -> Mapping[UUID, Party]:
    """Whose hours people keep. Whoever has the lead is its dealer's: the most frequent case costs
    no look."""
    owner, dealer = work.case.owner_id, work.case.dealer_id
    known: dict[UUID, Party] = {}
    if owner is not None and owner in staff and dealer is not None:
        known[owner] = Party(Team.DEALER, dealer_id=dealer)
    others = staff - known.keys()
    found = await people.persons(work.tx, others) if others else ()
    return known | {one.id: at_work(one.role, one.dealer_id, one.region) for one in found}
