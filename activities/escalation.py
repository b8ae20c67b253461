"""Climb the ladder (A10): remind the owner → tell the manager → hand over → back to HQ, or ask HQ.

Which rung does what and when is the table ``escalation-ladder``; this module is what the rungs do.
The lead's row is locked, so a completion in the same second either stopped the task's clock before
(``superseded``) or comes too late and is refused with the reason.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from activities.contact import wording
from activities.planning import earliest_rung, first_contact_due, rung_at, whose
from cases.deadlines import FOLLOW_UPS, Offset, about
from cases.states import GRADE_VALIDITY, Role, Rung, TaskKind, TaskStatus, word_if_any
from domain.every_case import FOLLOW_UP, NONE, PASSED_ON, SUPERSEDED
from domain.kinds import team_of
from domain.leads import hands
from domain.leads.choosing import next_consultant
from domain.tasks import who
from domain.tasks.who import Reminds, Spread, Whose
from domain.work import Recorded, Result, Work, iso
from store.engine import clocks, holds, tasks, turns
from store.engine.clocks import ClockRow
from store.engine.tasks import TaskRow
from store.leads import assignments
from store.leads.assignments import AssignmentKind, transfer

OVER: dict[Role, str] = {Role.HQ: "head_office", Role.REGIONAL_MANAGER: "region"}
"""How the history says who was told, if that is not a dealer's manager."""

ENDS = frozenset({Rung.HAND_OVER, Rung.BACK_TO_HQ, Rung.ASK_HQ})
"""Rungs after which somebody else has the lead."""


@dataclass(frozen=True, slots=True)
class Climb:
    """One rung being climbed: the task's own clock, the one that ran out (that, or the grade's),
    and the decision that says what the rung does. ``task`` is the open one, ``role`` whom it is
    for, ``whose`` what ``who`` says of it."""

    work: Work
    own: ClockRow
    clock: ClockRow
    decision: UUID
    task: TaskRow | None
    role: Role
    whose: Whose

    @property
    def kind(self) -> str:
        """The task's."""
        return self.own.kind

    @property
    def has_it(self) -> UUID | None:
        """Whose name is on the task; the case's owner's, if it is theirs and not written yet."""
        if self.task is not None:
            return self.task.owner_id
        return self.work.case.owner_id if self.whose.spread is Spread.OWNER else None

    @property
    def words(self) -> dict[str, Any]:
        return {"kind": self.kind, "clock": self.clock.kind, "due": iso(self.clock.due_at)}


async def climb(work: Work) -> Result:
    """Climbs every rung that is due by now, in the order of their instants; what stood still until
    now goes on before.

    Gives the instant at which the ladder has to be looked at again: the next rung, or the end of a
    hold.
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
        level = work.asked("escalation-ladder", clock.grade)
        row = work.decide("escalation-ladder", kind=clock.kind, grade=level, rung=clock.rung + 1)
        named = row.get("action")
        if named is None:  # the table has lost this rung since it was planned
            ladders[clock.key] = await _write(work, replace(clock, next_rung_at=None))
            continue
        higher = await _one_higher(work, clock, row)
        ladders[clock.key] = await _write(work, higher)
        action = await RUNGS[Rung(named)](await _rung(work, own, clock, row.id))
        if action in ENDS:
            return {"action": str(action), "rung_at": None}
    work.change(lamp=clocks.worst_lamp(clock.shown for clock in {**running, **ladders}.values()))
    return {"action": str(action), "rung_at": iso(earliest_rung(ladders.values()))}


async def _remind(climb: Climb) -> Rung:
    """The one who has to act is told again: that it will be due, or that it is."""
    work = climb.work
    code = await wording(work, "reminder")
    words = climb.words
    if climb.clock.due_at <= work.at:
        words["case"] = "passed"
    if climb.kind in FOLLOW_UPS:
        work.tell_owner(code, **words)
    elif climb.whose.reminds is Reminds.OWNER and climb.has_it is not None:
        work.tell(code, staff=climb.has_it, **words)
    elif climb.whose.spread is Spread.OWNER:  # the owner's, and there is none: whoever finds one
        await _tell_role(work, climb.whose.manager, code, words)
    else:
        await _tell_role(work, climb.role, code, words)
    work.note("reminded", because=climb.decision, **climb.words)
    return Rung.REMIND


async def _tell_manager(climb: Climb, why: str = "overdue") -> Rung:
    """Whoever is over those whose the task is, within the same dealer or region; HQ where nobody
    is.

    Of what HQ itself leaves lying it is told with them.
    """
    work = climb.work
    code = await wording(work, why)
    words: dict[str, Any] = climb.words | {"case": climb.clock.kind}
    if climb.whose.spread is Spread.OWNER:
        words["owner"] = climb.has_it
    told = await _tell_role(work, climb.whose.manager, code, words)
    if climb.role is Role.HQ and told is not Role.HQ:
        work.tell(code, role=Role.HQ, **words)
        told = Role.HQ
        case = "head_office_and_region" if climb.whose.manager is Role.REGIONAL_MANAGER else "head_office"
    elif why != "overdue" or climb.whose.spread is Spread.OWNER:
        case = why
    else:
        case = OVER.get(told, why)
    work.note("manager_told", because=climb.decision, why=why, **climb.words, case=case)
    return Rung.TELL_MANAGER


async def _hand_over(climb: Climb) -> Rung | str:
    """A lead's follow-up goes with the lead, any other task alone to the next of its role: it stays
    open, with the deadline that it has, and its process does not hear of it. Without a next one,
    the manager is told instead."""
    if climb.kind in FOLLOW_UPS:
        return await _hand_lead_over(climb)
    work, task = climb.work, climb.task
    within = {climb.role.value: climb.whose.scope.value}
    given = await turns.deal_on(work.tx, task.id, work.at, within) if task is not None else None
    if given is None:
        return await _tell_manager(climb, "no_successor")
    words: dict[str, Any] = climb.words | {"from_staff": climb.has_it, "to_staff": given}
    work.tell("task_handed_to_you", staff=given, **words)
    if climb.has_it is not None:
        work.tell("task_handed_from_you", staff=climb.has_it, **words)
    work.note("task_handed_on", because=climb.decision, **words)
    return PASSED_ON


async def _hand_lead_over(climb: Climb) -> Rung:
    """The next consultant of the same dealer gets the lead.

    Whoever got the lead by a hand-over and has not spoken with the customer either is not followed
    by a third: the ladder goes on to its last rung.
    """
    work, lead = climb.work, climb.work.lead
    if lead.dealer_id is None:
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


async def _back_to_hq(climb: Climb) -> Rung | str:
    """A lead's follow-up is for another dealer; any other task is one of head office's people's
    from now on."""
    if climb.kind in FOLLOW_UPS:
        return await _take_lead_back(climb)
    work, task = climb.work, climb.task
    if task is None or climb.role is Role.HQ:
        return await _tell_manager(climb)
    words: dict[str, Any] = climb.words | {"from_staff": climb.has_it}
    hq = who.whose(work.tables, work.at, Role.HQ, work.step.kind)
    await turns.to_head_office(work.tx, work.case.id, work.at, scope=hq.scope, spread=hq.spread, task=task.id)
    if climb.has_it is not None:
        work.tell("task_handed_from_you", staff=climb.has_it, **words)
    work.tell("task_at_head_office", role=Role.HQ, **words)
    work.note("task_at_head_office", because=climb.decision, **words)
    return PASSED_ON


async def _take_lead_back(climb: Climb) -> Rung:
    """The dealer loses the lead; HQ dispatches it anew, to another one."""
    work, lead = climb.work, climb.work.lead
    if lead.dealer_id is None:
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

    Whose diagram does not say that it goes on from there (``asks_hq``) keeps its task, and HQ is
    told.
    """
    work = climb.work
    if not work.data.get("asks_hq"):
        return await _tell_manager(climb)
    # Before the process hears of it: whoever comes now is refused, instead of stating something
    # that nobody hears.
    await tasks.close(work.tx, work.case.id, TaskStatus.WITHDRAWN, work.at, clock=climb.own.id)
    await clocks.stop_one(work.tx, climb.own.id, work.at)
    work.note("left_undone", because=climb.decision, **climb.words)
    return Rung.ASK_HQ


RUNGS: dict[Rung, Callable[[Climb], Awaitable[Rung | str]]] = {
    Rung.REMIND: _remind,
    Rung.TELL_MANAGER: _tell_manager,
    Rung.HAND_OVER: _hand_over,
    Rung.BACK_TO_HQ: _back_to_hq,
    Rung.ASK_HQ: _ask_hq,
}


async def _rung(work: Work, own: ClockRow, clock: ClockRow, decision: UUID) -> Climb:
    """Whose the task is, is read anew for each rung: the one before may have given it to somebody
    else."""
    task = await tasks.of_clock(work.tx, own.id)
    said = task.role if task is not None else str(work.data.get("role") or "") or None
    role = word_if_any(Role, said) or (Role.CONSULTANT if own.kind in FOLLOW_UPS else Role.HQ)
    return Climb(work, own, clock, decision, task, role, who.whose(work.tables, work.at, role, work.step.kind))


async def _tell_role(work: Work, role: Role, code: str, words: dict[str, Any]) -> Role:
    """Tells the people of a role at the case's dealer or in its region; HQ where there is none.
    Returns who is told."""
    if role is Role.DEALER_MANAGER:
        await work.tell_manager(code, **words)
        return role
    heard = role if role is Role.HQ or await turns.anybody(work.tx, work.case.id, role) else Role.HQ
    work.tell(code, role=heard, **words)
    return heard


def _own(work: Work, running: dict[clocks.Key, ClockRow]) -> ClockRow | None:
    """The clock of the task that is being chased; None when it has stopped: somebody was faster."""
    asked, said = str(work.data["kind"]), str(work.data.get("about") or "")
    kinds = sorted(FOLLOW_UPS) if asked == FOLLOW_UP else [asked]
    found = (running.get((kind, about(kind, said, ""))) for kind in kinds)
    return next((clock for clock in found if clock is not None), None)


def _concerned(own: ClockRow) -> tuple[clocks.Key, ...]:
    return (own.key, (GRADE_VALIDITY, "")) if own.kind in FOLLOW_UPS else (own.key,)


def _due(work: Work, ladders: dict[clocks.Key, ClockRow]) -> ClockRow | None:
    """The clock whose next rung is the earliest of those that are due; the task's own before the
    grade's. One that stands still has none."""
    moving = [clock for clock in ladders.values() if clock.paused_at is None]
    due = [clock for clock in moving if clock.next_rung_at is not None and clock.next_rung_at <= work.at]
    return min(due, key=lambda clock: clock.next_rung_at or work.at, default=None)


async def _one_higher(work: Work, clock: ClockRow, row: Recorded) -> ClockRow:
    """The clock after a rung. One that is climbed again and again (``repeat_hours``) stays the next
    one."""
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
    """The agreed day has come: what stood still goes on, from that instant on even if this is
    looked at later."""
    now = await holds.end(work.tx, work.case.id, clock, work.at, team_of(clock.kind))
    work.change(next_due_at=await tasks.next_due(work.tx, work.case.id))
    work.note("hold_over", kind=now.kind, due=now.due_at)
    return now


async def _write(work: Work, clock: ClockRow) -> ClockRow:
    await clocks.climbed(work.tx, clock)
    return clock


async def _handed_over_before(work: Work) -> bool:
    last = await assignments.last(work.tx, work.lead.id)
    return last is not None and last.kind == AssignmentKind.HAND_OVER
