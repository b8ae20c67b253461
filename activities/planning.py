"""Plan a task: when it is due, which clocks run, when the ladder's first rung is (A7, A9, A10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from activities.contact import Approach, Slot, approach, wording
from cases.contact import Contactable
from cases.deadlines import FOLLOW_UPS, Counting, Offset, Term, about, as_promised, last_hour_of
from cases.grades import rank
from cases.parties import Party, concerned
from cases.states import GRADE_VALIDITY, MessageKind, Outcome, Role, Stage, Status, TaskKind, TaskStatus
from domain.every_case import FOLLOW_UP
from domain.grade_validity import Validity
from domain.kinds import spared, team_of
from domain.work import InputRefused, Result, Work, iso
from store.engine import clocks, tasks
from store.engine.clocks import ClockRow, NewClock
from store.engine.outbox import tell
from store.leads import assignments, contacts, sales
from store.tables import decisions

Clock = ClockRow | NewClock


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """A task's kind, which of the case's deadlines of that kind is its own, and what the customer
    was promised or promised: the next contact, the day of a purchase."""

    kind: str
    about: str
    promised: datetime | None = None

    @property
    def key(self) -> clocks.Key:
        """What there is one running clock of."""
        return self.kind, self.about


async def plan_task(work: Work) -> Result:
    """Opens the task's clock, and the grade's validity beside a follow-up; a clock that runs is
    never restarted.

    When it is due, the diagram says: ``due``, or so many ``hours`` by a ``calendar``; else the
    table ``cadence``. Gives the process the task's kind, due instant and what it is about, and the
    instant of the earliest rung of these clocks; an outcome where the customer must not be reached
    for this (table ``contact-rules``): nothing is to be done, no clock runs.
    """
    planned = await _kind(work)
    if planned.kind == TaskKind.OUTBOUND_CALL and await _stands_there(work):
        work.note("call_needless", kind=planned.kind, dealer=work.lead.dealer_id)
        return _without(planned.kind, work.at, Outcome.QUALIFIED)
    open_clocks, former = await clocks.with_former(work.tx, work.case.id, GRADE_VALIDITY)
    running = {clock.key: clock for clock in open_clocks}
    if planned.kind in FOLLOW_UPS:
        _at_work(work, planned.kind)
    ladders: dict[clocks.Key, Clock] = {}
    if planned.key in running:
        ladders[planned.key] = running[planned.key]
    else:
        found, clock = await _task_clock(work, planned)
        if found.verdict is Contactable.DROP:
            return _spared(work, planned.kind, found, clock)
        ladders[planned.key] = clock
        if found.verdict is Contactable.OTHER_CHANNEL:
            work.note("written_contact", because=found.decision, kind=planned.kind, channel=found.channel)
    if planned.kind in FOLLOW_UPS:
        validity = await _validity(work, running.get((GRADE_VALIDITY, "")), former)
        if validity is not None:
            ladders[validity.key] = validity
    for clock in ladders.values():
        if isinstance(clock, NewClock):
            work.ledger.run(clock)
    due = ladders[planned.key].due_at
    lamps = [clock.shown for clock in {**running, **ladders}.values()]
    work.change(next_due_at=due, lamp=clocks.worst_lamp(lamps))
    await _told(work, planned.kind, ladders[planned.key])
    rung_at = iso(earliest_rung(ladders.values()))
    return {"kind": planned.kind, "due": iso(due), "rung_at": rung_at, "about": planned.about}


async def _told(work: Work, kind: str, clock: Clock) -> None:
    why = work.data.get("why")
    if kind == TaskKind.FIRM_UP:
        work.tell_owner(
            await wording(work, "firm_up_wanted"), otherwise=Role.DEALER_MANAGER, kind=kind, due=iso(clock.due_at)
        )
    if kind == TaskKind.HQ_DECISION:
        work.change(status=Status.QUALIFYING)
        work.tell("hq_decision_wanted", role=Role.HQ, why=why, due=iso(clock.due_at))
        work.note("hq_asked", because=clock.decision_id, kind=kind, why=why, due=clock.due_at)
    else:
        work.note("task_planned", because=clock.decision_id, kind=kind, due=clock.due_at)


async def sooner(work: Work) -> None:
    """Plans an open next follow-up anew if the lead's grade has risen since and its cadence asks
    for it earlier.

    The open task is withdrawn and its step goes on as if the consultant went on: the process plans
    the next one by the new grade. A first follow-up has its 24 hours whatever the grade, and stays.
    """
    kind, grade = TaskKind.NEXT_FOLLOW_UP, work.lead.grade or ""
    clock = next((one for one in await clocks.running(work.tx, work.lead.id) if one.kind == kind), None)
    if clock is None or rank(clock.grade) >= rank(grade):
        return
    row = work.look("cadence", kind=kind.value, grade=grade, stage=work.lead.stage or "")
    kept = await work.calendar(concerned(team_of(kind), work.lead.dealer_id))
    if Term.read(row).until(work.at, kept.calendar) >= clock.due_at:
        return
    for task in await tasks.open_for_lead(work.tx, work.lead.id, (kind,)):
        await tasks.close(work.tx, work.lead.id, TaskStatus.WITHDRAWN, work.at, ids=[task.id])
        await clocks.stop(work.tx, work.lead.id, work.at, {kind})
        work.note("follow_up_sooner", kind=kind, grade=grade)
        said = {"task_id": str(task.id), "outcome": Outcome.CONTINUE.value}
        await tell(work.tx, work.lead.id, MessageKind.TASK_COMPLETED, work.at, said)


def _spared(work: Work, kind: str, found: Approach, clock: NewClock) -> Result:
    """Nobody is asked for a call that the customer does not want, and no clock runs."""
    instead = found.instead or Outcome(spared()[kind])
    work.note("call_spared", because=found.decision, kind=kind, outcome=instead)
    return _without(kind, clock.due_at, instead)


def _without(kind: str, due: datetime, outcome: Outcome) -> Result:
    """No task and no clock: the process goes on with this outcome."""
    return {"kind": kind, "due": iso(due), "rung_at": None, "outcome": outcome.value}


async def _stands_there(work: Work) -> bool:
    """Whether the customer has come back into a dealer's showroom, whose own the lead is: nobody
    has to call (table ``belonging``; one without the answer calls)."""
    lead = work.lead
    if lead.life < 2 or lead.home_dealer_id is None or lead.home_dealer_id != lead.dealer_id:
        return False
    return (await decisions.last_result(work.tx, lead.id, "belonging")).get("call_first") is False


async def rung_at(
    work: Work, kind: str, grade: str | None, due: datetime, rung: int, climbed: datetime | None = None
) -> datetime | None:
    """When a ladder's rung (counted from 1) is climbed (table ``escalation-ladder``); None when
    there is none.

    ``climbed`` is when the one before it was to be; None: a task is planned. Working hours are
    taken as they are now: those that change while a clock runs hold from its next rung on.
    """
    level = work.asked("escalation-ladder", grade)
    offset = Offset.read(work.look("escalation-ladder", kind=kind, grade=level, rung=rung))
    if offset is None:
        return None
    kept = await work.calendar(whose(work, kind))
    if climbed is None:  # else whoever plans again and again would put the ladder off for ever
        return replace(offset, open_hours=0).at(due, kept.calendar, work.at)
    return offset.at(due, kept.calendar, climbed)


def earliest_rung(ladders: Iterable[Clock]) -> datetime | None:
    """The next rung of all these clocks; of one that stands still, when it goes on by itself."""
    instants = [clock.wakes_at for clock in ladders if clock.wakes_at is not None]
    return min(instants, default=None)


async def _kind(work: Work) -> PlannedTask:
    asked = str(work.data["kind"])
    if asked != FOLLOW_UP and asked not in FOLLOW_UPS:
        promised = await _purchase(work) if asked == TaskKind.FIRM_UP else None
        return PlannedTask(asked, about(asked, str(work.data.get("about") or ""), work.of_case), promised)
    since = work.lead.assigned_at or work.lead.created_at
    last = await contacts.last(work.tx, work.lead.id, since)
    if last is None:
        return PlannedTask(TaskKind.FIRST_FOLLOW_UP.value, "")
    return PlannedTask(TaskKind.NEXT_FOLLOW_UP.value, "", last.next_at)


async def _purchase(work: Work) -> datetime | None:
    """Until when the customer has to be asked about the purchase that they agreed to: the end of
    that day's work."""
    sale = await sales.standing(work.tx, work.lead.id)
    day = sale.awaited(work.lead.ended_at or work.at) if sale is not None else None
    if day is None:
        return None
    return last_hour_of(day, (await work.calendar(concerned(team_of(TaskKind.FIRM_UP), work.lead.dealer_id))).calendar)


def _at_work(work: Work, kind: str) -> None:
    stage = work.lead.stage
    if kind == TaskKind.FIRST_FOLLOW_UP and stage is None:
        stage = Stage.FIRST_FOLLOW_UP_DUE.value
    elif kind == TaskKind.NEXT_FOLLOW_UP and stage in (None, Stage.FIRST_FOLLOW_UP_DUE):
        stage = Stage.NEXT_FOLLOW_UP_DUE.value
    if (stage, Status.WORKING) != (work.lead.stage, work.lead.status):
        work.change(stage=stage, status=Status.WORKING)


async def first_contact_due(work: Work) -> datetime:
    """Until when whoever gets the lead has to reach its customer; told with the lead, before its
    task is planned."""
    kind, lead = TaskKind.FIRST_FOLLOW_UP, work.lead
    row = work.look("cadence", kind=kind.value, grade=lead.grade or "", stage=lead.stage or "")
    _, slot = await approach(work, kind, slot=await _slot(work, kind, Term.read(row)), ahead=True)
    return slot.due


async def _slot(work: Work, kind: str, term: Term | datetime) -> Slot:
    """The task's time by a term, or until an instant that the diagram has said."""
    start = work.at
    if kind == TaskKind.FIRST_FOLLOW_UP and work.lead.assigned_at is not None:
        start = work.lead.clock_from or work.lead.assigned_at
    kept = await work.calendar(whose(work, kind))
    return Slot(start, term if isinstance(term, datetime) else term.until(start, kept.calendar), kept.calendar)


def _said(work: Work) -> Term | datetime | None:
    """The task's own time, if the diagram says one: an instant, or so many hours."""
    due, hours = work.data.get("due"), work.data.get("hours")
    if due:
        return datetime.fromisoformat(str(due)).astimezone(UTC)
    if hours is None or hours == "":
        return None
    if float(hours) < 0:
        raise InputRefused("hours", "zero or more")
    return Term(float(hours), Counting(str(work.data.get("calendar") or Counting.ELAPSED)))


def whose(work: Work, kind: str) -> Party:
    """Whose hours a task's deadline and ladder keep to."""
    return concerned(team_of(kind), work.case.dealer_id, str(work.data.get("role") or ""), work.case.region)


async def _task_clock(work: Work, planned: PlannedTask) -> tuple[Approach, NewClock]:
    case, kind, level = work.case, planned.kind, work.level
    term, decision = _said(work), None
    if term is None:
        row = work.decide("cadence", kind=kind, grade=work.asked("cadence", level), stage=case.stage or "")
        if row.outputs is None:  # due at once would be a deadline that nobody set
            raise InputRefused("hours", f"given, or due: the table cadence has no row for {kind!r}")
        term, decision = Term.read(row), row.id
    promised = planned.promised if planned.promised is not None and planned.promised > work.at else None
    found, slot = await approach(work, kind, slot=await _slot(work, kind, term))
    due = as_promised(slot.due, promised, work.at)
    owner = case.owner_id if kind in FOLLOW_UPS else None
    rung = await rung_at(work, kind, level, due, 1)
    kept = await work.calendar(whose(work, kind))
    clock = NewClock(kind, level or None, owner, slot.start, due, rung, decision, kept.days, promised, kept.hours)
    counting = term.counting if isinstance(term, Term) else Counting.ELAPSED
    return found, replace(clock, about=planned.about, counting=counting.value)


async def _validity(work: Work, running: ClockRow | None, former: Sequence[ClockRow]) -> Clock | None:
    """The grade's clock, by the law of ``domain.grade_validity``: one that runs for this grade goes
    on, unless there was progress since."""
    lead, progress = work.lead, work.lead.progress_at
    if lead.grade is None:
        return running
    moved_on = running is not None and progress is not None and progress > running.started_at
    if running is not None and running.grade == lead.grade and not moved_on:
        return running
    scale = work.decide("grade-scale", scale="distribution", grade=lead.grade)
    validity = Validity.read(scale)
    if validity is None and not moved_on:
        return running  # a grade without an end takes no end away
    if running is not None:
        await clocks.stop(work.tx, lead.id, work.at, {GRADE_VALIDITY})
    if validity is None:
        return None
    if running is not None and not moved_on:
        start = running.started_at
    else:
        since = progress or lead.graded_at or work.at
        start = validity.start(since, await _got_at(work, validity, since))
    due = start + validity.lasts
    # Where this very deadline ran before, its ladder goes on: nobody is told twice, and nothing
    # starts over.
    same = (clock for clock in former if (clock.grade, clock.started_at) == (lead.grade, start))
    before = max(same, key=lambda clock: clock.rung, default=None)
    climbed = before.rung if before else 0
    first = await rung_at(work, GRADE_VALIDITY, lead.grade, due, climbed + 1)
    kept = await work.calendar(concerned(team_of(GRADE_VALIDITY), lead.dealer_id))
    new = NewClock(GRADE_VALIDITY, lead.grade, lead.owner_id, start, due, first, scale.id, kept.days, hours=kept.hours)
    return replace(new, rung=climbed, lamp=before.lamp, breached_at=before.breached_at) if before else new


async def _got_at(work: Work, validity: Validity, since: datetime) -> datetime | None:
    """When the owner got the lead, if its grade had run out by then and they had not had it
    before."""
    lead = work.lead
    if lead.assigned_at is None or lead.owner_id is None or not validity.over(since, lead.assigned_at):
        return None
    return None if await assignments.had_before(work.tx, lead.id, lead.owner_id, since) else lead.assigned_at
