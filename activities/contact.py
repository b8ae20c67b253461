"""Whether and how a customer may be reached: every activity that plans a task or sends something
asks here (F3).

What the customer wished is theirs (``cases.contact.CallWish``), what follows from it is the table
``contact-rules``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from cases.calendar import WorkCalendar
from cases.contact import CallWish, Contactable, due_within
from cases.states import Outcome
from domain.kinds import purposes
from domain.work import Work
from store.leads import customers

CALL = "call"
CALL_WISH = "call wish"
"""Under which name, and whose, a wake-up keeps what a customer has said of calls."""


QUIET: Mapping[str, str] = MappingProxyType(
    {
        "lead_assigned": "lead_assigned_quiet",
        "interest_again": "interest_again_quiet",
        "interest_raised": "interest_raised_quiet",
        "reminder": "reminder_quiet",
        "firm_up_wanted": "firm_up_wanted_quiet",
        "overdue": "overdue_quiet",
        "handed_over_before": "handed_over_before_quiet",
        "handed_over_to_you": "handed_over_to_you_quiet",
    }
)
"""What people are told of a customer who must not be called, by what they are told of any other."""


@dataclass(frozen=True, slots=True)
class Approach:
    """One attempt to reach a customer, as the table wants it.

    ``channel``: by which; ``due_hours``: its own time, counted from the task's start, if it has
    one. ``instead`` is the outcome with which the process goes on if nothing may be done.
    ``decision`` is there if the wish changes something.
    """

    verdict: Contactable
    channel: str
    due_hours: float | None = None
    instead: Outcome | None = None
    decision: UUID | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """When a task would be done: planned at ``start``, due at ``due``, in the working hours of
    ``calendar`` if any."""

    start: datetime
    due: datetime
    calendar: WorkCalendar | None = None


async def approach(
    work: Work, purpose: str, channel: str = CALL, slot: Slot | None = None, *, ahead: bool = False
) -> tuple[Approach, Slot]:
    """How the lead's customer may be reached, and when; what reaches nobody is free.

    The decision is kept if it is not a plain yes. ``ahead``: only to tell somebody what will be
    asked of them; nothing is kept, and it will be decided when its time comes.
    """
    slot = slot or Slot(work.at, work.at)
    if purpose not in purposes():
        return Approach(Contactable.ALLOW, channel), slot
    if not ahead and purpose not in work.reaches:
        raise LookupError(f"domain.kinds does not say that this activity reaches customers: {purpose}")
    wish = await _wish(work)
    due = due_within(slot.start, slot.due, wish, slot.calendar)
    made = work.look(
        "contact-rules",
        purpose=str(purpose),
        channel=channel,
        do_not_call=wish.never,
        in_hours=due == slot.due,
    )
    verdict = Contactable(str(made.get("verdict") or Contactable.ALLOW))
    if verdict is Contactable.ALLOW:
        return Approach(verdict, channel), slot
    instead, hours = made.get("instead"), made.get("due_hours")
    found = Approach(
        verdict,
        str(made.get("use") or channel),
        None if hours is None else float(hours),
        Outcome(str(instead)) if instead else None,
        None if ahead else work.record(made),
    )
    if verdict is Contactable.NOT_BEFORE:
        return found, replace(slot, due=due)
    if verdict is Contactable.OTHER_CHANNEL and found.due_hours is not None:
        return found, replace(slot, due=slot.start + timedelta(hours=found.due_hours))
    return found, slot


async def wording(work: Work, code: str) -> str:
    """The code of a notice about the lead's customer: one that asks nobody to call, if they must
    not be called."""
    if code in QUIET and (await _wish(work)).never:
        return QUIET[code]
    return code


async def _wish(work: Work) -> CallWish:
    """What the case's customer has said of calls; a case without a customer reaches nobody."""
    customer = work.case.customer_id
    if customer is None:
        return CallWish()
    return await work.once((CALL_WISH, customer), lambda: customers.call_wish(work.tx, customer))
