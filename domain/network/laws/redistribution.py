"""Open leads and tasks of who leaves or is away: the table ``redistribution`` says which go to
others, at once (A11).

A lead goes to the next consultant of its dealer by the rules of assignment, else to the manager; a
task of a role that goes round to a colleague of it. All of it is one transaction with the statement
that the person leaves: it happens whole or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cases.calendar import working_hours
from cases.parties import Team, concerned
from cases.states import Leaving, MessageKind, Role, Status
from domain.leads import hands
from domain.leads.choosing import next_consultant
from domain.stating import stating
from domain.tables import Tables
from domain.tasks.who import scopes
from domain.work import Recorded, Work, iso
from store.engine import turns
from store.engine.outbox import tell
from store.leads import leads
from store.leads.assignments import AssignmentKind
from store.network import absences, hours, people, routing
from store.network.absences import Away, Open
from store.network.people import Person
from store.session import Tx

MOVE = "move"
UNDISTURBED = frozenset({Status.NURTURE, Status.WON})
"""The process goes on as it is: nothing is sold at present, or it was."""
WHY = {"target_inactive": Leaving.LEFT, "target_absent": Leaving.ABSENT}
"""What keeps an owner from doing something (``people.obstacle``), as the table has it."""


@dataclass(frozen=True, slots=True)
class Given:
    """A lead that went to somebody else; ``to_staff`` is None where the dealer's rules or a whole
    role take it."""

    lead_id: UUID
    to_staff: UUID | None


@dataclass(frozen=True, slots=True)
class Redistributed:
    """What became of a person's open leads and tasks: those given to others, and how many wait for
    them."""

    moved: tuple[Given, ...]
    kept: int


@dataclass(frozen=True, slots=True)
class Leave:
    """Somebody leaves or is away: who, why, since when; ``away`` is the absence, ``hours`` its
    working hours."""

    person: Person
    why: Leaving
    at: datetime
    away: Away | None
    hours: int

    def due_within(self, due_at: datetime | None) -> bool:
        """Whether a deadline falls into the absence; one that has passed does, if it has begun."""
        if self.away is None or due_at is None:
            return False
        return due_at < self.away.ends_at and (due_at >= self.away.starts_at or self.away.starts_at <= self.at)

    @property
    def words(self) -> dict[str, Any]:
        return {"from_staff": self.person.id, "until": iso(self.away.ends_at) if self.away else None}


async def redistribute(
    tx: Tx, tables: Tables, person: Person, why: Leaving, at: datetime, away: Away | None = None
) -> Redistributed:
    """Gives open leads and tasks of somebody who leaves (``LEFT``) or will be ``away`` (``ABSENT``)
    to others.

    Call it in the transaction that says so, after it was written: who is inactive or absent is no
    candidate.
    """
    leave = Leave(person, why, at, away, await _hours(tx, person, away, at))
    # All leads first, then the dealer: the order in which a step that assigns takes its locks
    # (store.network.routing).
    await leads.lock_all(tx, [one.lead_id for one in await absences.open_of(tx, person.id)])
    if person.dealer_id is not None:
        await routing.lock_dealer(tx, person.dealer_id)
    moved: list[Given] = []
    kept = 0
    for one in await absences.open_of(tx, person.id):
        lead = await leads.lock(tx, one.lead_id)
        async with stating(tx, tables, lead, at) as work:
            decided = _decide(work, leave, one)
            if decided.get("action") == MOVE:
                moved.append(await _move(work, leave, decided))
            else:
                kept += 1
    if moved:
        await _tell_manager(tx, tables, leave, moved)
    return Redistributed(tuple(moved), kept)


def _decide(work: Work, leave: Leave, one: Open) -> Recorded:
    within = leave.due_within(one.due_at)
    return work.decide("redistribution", why=leave.why.value, working_hours=leave.hours, due_within=within)


async def relieve(work: Work) -> None:
    """A lead's owner is to be asked for something after a time in which nothing was: who has left
    since, or is away, is not waited for."""
    lead = work.lead
    if lead.owner_id is None or lead.dealer_id is None:
        return
    found = await people.obstacle(work.tx, lead.dealer_id, lead.owner_id, work.at)
    why = WHY.get(found.code) if found is not None else None
    person = await people.person_by_id(work.tx, lead.owner_id) if why is not None else None
    if why is None or person is None:
        return
    away = await absences.at(work.tx, person.id, work.at) if why is Leaving.ABSENT else None
    leave = Leave(person, why, work.at, away, await _hours(work.tx, person, away, work.at))
    decided = _decide(work, leave, Open(lead.id, work.at))
    if decided.get("action") == MOVE:
        await routing.lock_dealer(work.tx, lead.dealer_id)
        await _hand_on(work, leave, decided, lead.dealer_id)


async def _move(work: Work, leave: Leave, decided: Recorded) -> Given:
    if work.lead.owner_id != leave.person.id or work.lead.dealer_id is None:
        return await _pass_tasks_on(work, leave, decided)
    to_staff = await _hand_on(work, leave, decided, work.lead.dealer_id)
    if work.lead.status not in UNDISTURBED:
        ids = {"dealer": str(work.lead.dealer_id), "staff": str(to_staff) if to_staff else None}
        await tell(work.tx, work.lead.id, MessageKind.REASSIGNED, work.at, ids)
    return Given(work.lead.id, to_staff)


async def _hand_on(work: Work, leave: Leave, decided: Recorded, dealer: UUID) -> UUID | None:
    """The lead with all that was the owner's to do goes to the successor, if there is one."""
    to_staff, choice = await _successor(work, leave, dealer)
    await hands.change(
        work,
        AssignmentKind.REDISTRIBUTE,
        to_dealer=dealer,
        to_staff=to_staff,
        reason=leave.why.value,
        why=leave.why.value,
        decision_id=choice,
    )
    await absences.hand_tasks(work.tx, work.lead.id, leave.person.id, to_staff)
    work.note(f"redistributed_{leave.why}", because=decided.id, **leave.words, to_staff=to_staff)
    if work.lead.status in UNDISTURBED and to_staff is not None:
        work.tell("reassigned_to_you", staff=to_staff, grade=work.lead.grade, case=leave.why.value)
    return to_staff


async def _successor(work: Work, leave: Leave, dealer: UUID) -> tuple[UUID | None, UUID]:
    """Who gets the lead: the next by the rules, else a manager who is there; None: whom the dealer
    finds later."""
    chosen, decision = await next_consultant(work, dealer, frozenset({leave.person.id}))
    if chosen is not None:
        return chosen, decision
    for manager in await routing.managers_of(work.tx, dealer):
        if manager != leave.person.id and await people.obstacle(work.tx, dealer, manager, work.at) is None:
            return manager, decision
    return None, decision


async def _pass_tasks_on(work: Work, leave: Leave, decided: Recorded) -> Given:
    """The lead is somebody else's; only tasks have the person's name on them."""
    within = scopes(work.tables, work.at, work.step.kind)
    passed = await turns.pass_on(work.tx, work.lead.id, leave.person.id, work.at, within)
    for kind, to_staff in passed:
        work.note("task_passed_on", because=decided.id, **leave.words, to_staff=to_staff, kind=kind)
    return Given(work.lead.id, passed[0][1] if passed else None)


async def _tell_manager(tx: Tx, tables: Tables, leave: Leave, moved: list[Given]) -> None:
    """One notice with the count; head office hears it where no other manager is."""
    dealer = leave.person.dealer_id
    managers = await routing.managers_of(tx, dealer) if dealer is not None else ()
    lead = await leads.get(tx, moved[0].lead_id)
    async with stating(tx, tables, lead, leave.at) as work:
        code = f"redistributed_{leave.why}"
        others = [manager for manager in managers if manager != leave.person.id]
        for manager in others:
            work.tell(code, staff=manager, count=len(moved), **leave.words)
        if not others:
            work.tell(code, role=Role.HQ, count=len(moved), **leave.words)


async def _hours(tx: Tx, person: Person, away: Away | None, at: datetime) -> int:
    """The working hours of an absence, by those of where the person works."""
    if away is None:
        return 0
    team = Team.CALL_CENTRE if person.role == Role.CALL_CENTRE else Team.DEALER
    kept = await hours.calendar(tx, concerned(team, person.dealer_id), at)
    return int(working_hours(away.starts_at, away.ends_at, kept.calendar))
