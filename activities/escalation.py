"""Climb the ladder (A10): remind the owner → tell the manager → hand over → back to HQ, or ask HQ.

Which rung does what and when is the table ``escalation-ladder``; this module is what the rungs do. The lead's row is
locked, so a completion in the same second either stopped the task's clock before (``superseded``) or comes too late and
is refused with the reason.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from activities.contact import wording
from activities.planning import earliest_rung, first_contact_due, rung_at, whose
from activities.routing import next_consultant
from activities.undoing import approver_of
from cases.deadlines import FOLLOW_UPS, Offset, about
from cases.states import GRADE_VALIDITY, Role, Rung, TaskKind, TaskStatus
from domain.every_case import FOLLOW_UP, NONE, SUPERSEDED
from domain.leads import hands
from domain.work import Recorded, Result, Work, iso
from store import assignments, clocks, holds, tasks
from store.assignments import AssignmentKind, transfer
from store.clocks import ClockRow
from store.leads import LeadRow

DESKS: dict[str, Role] = {TaskKind.HQ_DECISION: Role.HQ}
"""Whose tasks are nobody's own, if not the call centre's."""

BELOW_MANAGERS = frozenset({Role.CONSULTANT, Role.AFTER_SALES, Role.FINANCE})
"""People of a dealer whose manager is above them."""

OWNERS = FOLLOW_UPS | {TaskKind.FIRM_UP}
"""Tasks that a lead's owner does."""

ENDS = frozenset({Rung.HAND_OVER, Rung.BACK_TO_HQ, Rung.ASK_HQ})
"""Rungs after which somebody else has the lead."""


@dataclass(frozen=True, slots=True)
class Climb:
    """One rung being climbed: the task's own clock, the one that ran out (that, or the grade's), and the decision that
    says what the rung does."""

    work: Work
    own: ClockRow
    clock: ClockRow
    decision: UUID

    @property
    def kind(self) -> str:
        """The task's."""
        return self.own.kind

    @property
    def words(self) -> dict[str, Any]:
        return {"kind": self.kind, "clock": self.clock.kind, "due": iso(self.clock.due_at)}


async def climb(work: Work) -> Result:
    """Climbs every rung that is due by now, in the order of their instants; what stood still until now goes on before.

    Gives the instant at which the ladder has to be looked at again: the next rung, or the end of a hold.
    """
    running = {clock.key: clock for clock in await clocks.running(work.tx, work.case.id)}
    own = _own(work, running)
    if own is None:
        return {"action": SUPERSEDED, "rung_at": None}
    for clock in tuple(running.values()):
        if clock.key in _concerned(own) and clock.paused_until is not None and clock.paused_until <= work.at:
            running[clock.key] = await _goes_on(work, clock)
    ladders = {key: running[key] for key in _concerned(own) if key in running}
    action = NONE
    while (clock := _due(work, ladders)) is not None:
        row = work.decide("escalation-ladder", kind=clock.kind, grade=clock.grade or "", rung=clock.rung + 1)
        named = row.get("action")
        if named is None:  # the table has lost this rung since it was planned
            ladders[clock.key] = await _write(work, replace(clock, next_rung_at=None))
            continue
        higher = await _one_higher(work, clock, row)
        ladders[clock.key] = await _write(work, higher)
        action = await RUNGS[Rung(named)](Climb(work, own, clock, row.id))
        if action in ENDS:
            return {"action": action.value, "rung_at": None}
    work.change(lamp=clocks.worst_lamp(clock.shown for clock in {**running, **ladders}.values()))
    return {"action": str(action), "rung_at": iso(earliest_rung(ladders.values()))}


async def _remind(climb: Climb) -> Rung:
    """The one who has to act is told again: that it will be due, or that it is."""
    work = climb.work
    code = await wording(work, "reminder")
    words = climb.words
    if climb.clock.due_at <= work.at:
        words["case"] = "passed"
    if not isinstance(work.case, LeadRow):
        await _tell_doer(work, code, words)
    elif climb.kind in OWNERS:
        otherwise = Role.CALL_CENTRE if climb.kind in FOLLOW_UPS else Role.DEALER_MANAGER
        work.tell_owner(code, otherwise=otherwise, **words)
    elif climb.kind == TaskKind.CONFIRM_CLOSING or approver_of(work) is Role.DEALER_MANAGER:
        await work.tell_manager(code, **words)
    elif climb.kind == TaskKind.CONFIRM_UNDO:
        work.tell(code, role=approver_of(work), **words)
    else:
        work.tell(code, role=DESKS.get(climb.kind, Role.CALL_CENTRE), **words)
    work.note("reminded", because=climb.decision, **climb.words)
    return Rung.REMIND


async def _tell_manager(climb: Climb, why: str = "overdue") -> Rung:
    """The owner's manager is told; HQ for the call centre's tasks and for confirmations that a manager leaves lying.

    Of what HQ itself leaves lying, the region's manager is told with it.
    """
    work = climb.work
    code = await wording(work, why)
    words, case = climb.words, why
    words["case"] = climb.clock.kind
    if not isinstance(work.case, LeadRow):
        case = await _tell_above(work, code, words, case)
    elif climb.kind in OWNERS:
        await work.tell_manager(code, owner=work.lead.owner_id, **words)
    else:
        work.tell(code, role=Role.HQ, **words)
        case = "head_office"
    if climb.kind == TaskKind.HQ_DECISION:
        work.tell(code, role=Role.REGIONAL_MANAGER, **words)
        case = "head_office_and_region"
    work.note("manager_told", because=climb.decision, why=why, **climb.words, case=case)
    return Rung.TELL_MANAGER


async def _tell_doer(work: Work, code: str, words: Mapping[str, Any]) -> None:
    """Whoever does a task of a case that is no lead: its owner, its dealer's managers, else everybody of the role."""
    role = Role(str(work.data.get("role") or Role.HQ))
    if role is Role.CONSULTANT:
        work.tell_owner(code, otherwise=Role.DEALER_MANAGER, **words)
    elif role is Role.DEALER_MANAGER:
        await work.tell_manager(code, **words)
    else:
        work.tell(code, role=role, **words)


async def _tell_above(work: Work, code: str, words: Mapping[str, Any], case: str) -> str:
    """Whoever is above them: the dealer's managers above its people, the region above these, else head office."""
    role = Role(str(work.data.get("role") or Role.HQ))
    if role in BELOW_MANAGERS:
        await work.tell_manager(code, owner=work.case.owner_id, **words)
        return case
    region = role is Role.DEALER_MANAGER
    work.tell(code, role=Role.REGIONAL_MANAGER if region else Role.HQ, **words)
    return "region" if region else "head_office"


async def _hand_over(climb: Climb) -> Rung:
    """The next consultant of the same dealer gets it; without one, the manager is told instead.

    Whoever got the lead by a hand-over and has not spoken with the customer either is not followed by a third: the
    ladder goes on to its last rung.
    """
    work, lead = climb.work, climb.work.lead
    if climb.kind not in FOLLOW_UPS or lead.dealer_id is None:
        return await _tell_manager(climb)
    if climb.clock.kind == TaskKind.FIRST_FOLLOW_UP and await _handed_over_before(work):
        return await _tell_manager(climb, "handed_over_before")
    former = lead.owner_id
    chosen, decision = await next_consultant(work, lead.dealer_id, frozenset({former} if former else ()))
    if chosen is None:
        return await _tell_manager(climb, "no_successor")
    await hands.change(
        work,
        AssignmentKind.HAND_OVER,
        to_dealer=lead.dealer_id,
        to_staff=chosen,
        reason=climb.clock.kind,
        decision_id=decision,
    )
    words = climb.words | {"from_staff": former, "to_staff": chosen}
    until = iso(await first_contact_due(work))
    work.tell(await wording(work, "handed_over_to_you"), staff=chosen, **words, until=until)
    if former is not None:
        work.tell("handed_over_from_you", staff=former, **words)
    await work.tell_manager("handed_over", **words)
    work.note("handed_over", because=decision, **words)
    return Rung.HAND_OVER


async def _back_to_hq(climb: Climb) -> Rung:
    """The dealer loses the lead; HQ dispatches it anew, to another one."""
    work, lead = climb.work, climb.work.lead
    if climb.kind not in FOLLOW_UPS or lead.dealer_id is None:
        return await _tell_manager(climb)
    words = climb.words | {"dealer": lead.dealer_id, "from_staff": lead.owner_id}
    await work.tell_manager("taken_back", **words)
    if lead.owner_id is not None:
        work.tell("taken_back", staff=lead.owner_id, **words)
    work.tell("back_at_hq", role=Role.HQ, **words)
    given = await transfer(
        work.tx,
        lead,
        to_dealer=None,
        to_staff=None,
        kind=AssignmentKind.RETURN,
        by=work.ledger.actor,
        at=work.at,
        reason=climb.clock.kind,
    )
    work.lead = given.lead
    work.note("back_to_hq", because=climb.decision, **words)
    return Rung.BACK_TO_HQ


async def _ask_hq(climb: Climb) -> Rung:
    """Nobody did it, and nobody further down will: the process asks a person of head office.

    Whose diagram does not say that it goes on from there (``asks_hq``) keeps its task, and HQ is told.
    """
    work = climb.work
    if not work.data.get("asks_hq"):
        return await _tell_manager(climb)
    # Before the process hears of it: whoever comes now is refused, instead of stating something that nobody hears.
    await tasks.close(work.tx, work.case.id, TaskStatus.WITHDRAWN, work.at, clock=climb.own.id)
    await clocks.stop_one(work.tx, climb.own.id, work.at)
    work.note("left_undone", because=climb.decision, **climb.words)
    return Rung.ASK_HQ


RUNGS: dict[Rung, Callable[[Climb], Awaitable[Rung]]] = {
    Rung.REMIND: _remind,
    Rung.TELL_MANAGER: _tell_manager,
    Rung.HAND_OVER: _hand_over,
    Rung.BACK_TO_HQ: _back_to_hq,
    Rung.ASK_HQ: _ask_hq,
}


def _own(work: Work, running: dict[clocks.Key, ClockRow]) -> ClockRow | None:
    """The clock of the task that is being chased; None when it has stopped: somebody was faster."""
    asked, said = str(work.data["kind"]), str(work.data.get("about") or "")
    kinds = sorted(FOLLOW_UPS) if asked == FOLLOW_UP else [asked]
    found = (running.get((kind, about(kind, said, ""))) for kind in kinds)
    return next((clock for clock in found if clock is not None), None)


def _concerned(own: ClockRow) -> tuple[clocks.Key, ...]:
    return (own.key, (GRADE_VALIDITY, "")) if own.kind in FOLLOW_UPS else (own.key,)


def _due(work: Work, ladders: dict[clocks.Key, ClockRow]) -> ClockRow | None:
    """The clock whose next rung is the earliest of those that are due; the task's own before the grade's. One that
    stands still has none."""
    moving = [clock for clock in ladders.values() if clock.paused_at is None]
    due = [clock for clock in moving if clock.next_rung_at is not None and clock.next_rung_at <= work.at]
    return min(due, key=lambda clock: clock.next_rung_at or work.at, default=None)


async def _one_higher(work: Work, clock: ClockRow, row: Recorded) -> ClockRow:
    """The clock after a rung. One that is climbed again and again (``repeat_hours``) stays the next one."""
    breached = clock.breached_at or (clock.due_at if work.at >= clock.due_at else None)
    lamp, again = str(row.get("lamp") or clock.lamp), row.get("repeat_hours")
    climbed = clock.next_rung_at or work.at  # where an outage put it off, its instant counts all the same
    if again is not None and (offset := Offset.read(row)) is not None:
        kept = await work.calendar(whose(work, clock.kind))
        after = replace(offset, hours=float(again)).at(climbed, kept.calendar, work.at)
        return replace(clock, next_rung_at=after, lamp=lamp, breached_at=breached)
    after = await rung_at(work, clock.kind, clock.grade, clock.due_at, clock.rung + 2, climbed)
    return replace(clock, rung=clock.rung + 1, next_rung_at=after, lamp=lamp, breached_at=breached)


async def _goes_on(work: Work, clock: ClockRow) -> ClockRow:
    """The agreed day has come: what stood still goes on, from that instant on even if this is looked at later."""
    now = await holds.end(work.tx, work.case.id, clock, work.at)
    work.change(next_due_at=await tasks.next_due(work.tx, work.case.id))
    work.note("hold_over", kind=now.kind, due=now.due_at)
    return now


async def _write(work: Work, clock: ClockRow) -> ClockRow:
    await clocks.climbed(work.tx, clock)
    return clock


async def _handed_over_before(work: Work) -> bool:
    last = await assignments.last(work.tx, work.lead.id)
    return last is not None and last.kind == AssignmentKind.HAND_OVER
