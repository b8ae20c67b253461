"""A lead changes hands because a person says so: reassigned, claimed from the pool, brought back
(A11, A16, A17)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cases.errors import Conflict, Forbidden, NotFound
from cases.messages.problems import PROBLEMS
from cases.messages.text import words
from cases.progress import Event, Happened
from cases.stated import Statement
from cases.states import ENDED, RETURNABLE, Badge, LeadStatus, MessageKind, Role, Status, TaskKind, word
from cases.zone import CHINA, minute_shown
from domain.leads import hands
from domain.leads.intake import receiving
from domain.leads.laws.counting import signs
from domain.leads.laws.hearing import can_hear
from domain.leads.laws.possible import awaits_purchase, not_now, possible
from domain.leads.metrics import STATEMENTS
from domain.leads.reads import seen
from domain.leads.statements import head_office
from domain.leads.statements.forms import ReactivateBody, ReassignBody, RegradeBody
from domain.reach import ANYBODY_WHO_WORKS_LEADS, CLAIMERS, SUPERVISORS, the_person, with_role, within_reach
from domain.speaker import Speaker
from domain.stating import stating
from domain.versions import Versions
from domain.work import Work
from store.engine import case_words, tasks, timeline
from store.engine.outbox import tell
from store.leads import leads, statements, views
from store.leads.assignments import AssignmentKind, transfer
from store.leads.leads import LeadRow
from store.network import people
from store.network.people import Obstacle, Person
from store.session import Tx


@dataclass(frozen=True, slots=True)
class Target:
    """Who gets a lead: a dealer, and the consultant there if one is named."""

    dealer_id: UUID
    staff_id: UUID | None
    code: str
    region: str | None


@dataclass(frozen=True, slots=True)
class Despite:
    """What spoke against the target, which the supervisor insisted on."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The lead after the statement; ``dealer`` and ``owner`` are codes."""

    lead_id: UUID
    statement: Statement
    dealer: str | None
    owner: str | None
    status: LeadStatus
    at: datetime


@dataclass(frozen=True, slots=True)
class Reassigned(Moved):
    """The lead after a supervisor gave it to somebody."""

    despite: Despite | None = None


async def moved(tx: Tx, lead: LeadRow, statement: Statement, status: str, at: datetime) -> Moved:
    """The answer to a statement after which a lead is where this row says."""
    known = await views.names_of(tx, [one for one in (lead.dealer_id, lead.owner_id) if one is not None])
    codes = {identity: named.code for identity, named in known.items()}
    dealer, owner = codes.get(str(lead.dealer_id)), codes.get(str(lead.owner_id))
    return Moved(lead.id, statement, dealer, owner, word(LeadStatus, status), at)


async def find_target(tx: Tx, speaker: Speaker, body: ReassignBody) -> Target:
    """The target of a reassignment, if the supervisor may give leads to it. Raises ``NotFound``,
    ``Forbidden``."""
    supervisor = with_role(the_person(speaker), SUPERVISORS)
    if body.to_staff is not None:
        person = await people.anybody(tx, body.to_staff)
        if person is None or person.dealer_id is None or person.role not in (Role.CONSULTANT, Role.DEALER_MANAGER):
            raise NotFound("staff_not_found")
        region = await people.region_of_dealer(tx, person.dealer_id)
        target = Target(person.dealer_id, person.id, person.code, region)
    else:
        dealer = await people.dealer(tx, body.to_dealer or "")
        if dealer is None:
            raise NotFound("dealer_not_found")
        target = Target(dealer.id, None, dealer.code, dealer.region)
    own_dealer = supervisor.role != Role.DEALER_MANAGER or supervisor.dealer_id == target.dealer_id
    own_region = supervisor.role != Role.REGIONAL_MANAGER or supervisor.region == target.region
    if not (own_dealer and own_region):
        raise Forbidden("other_dealer")
    return target


async def reassign(
    tx: Tx, speaker: Speaker, lead_id: UUID, target: Target, body: ReassignBody, expected: Versions | None = None
) -> Reassigned:
    """A supervisor gives the lead to somebody else, at once and at any moment of its life (A11).

    Raises ``Conflict`` when they are not there, unless the supervisor insists: then the choice
    stands.
    """
    supervisor = the_person(speaker)
    lead = await leads.lock(tx, lead_id)
    at = speaker.now()
    if lead.status in ENDED and not await awaits_purchase(tx, lead):
        raise not_now(lead, await possible(tx, lead))
    await within_reach(tx, supervisor, lead)
    await seen.as_expected(tx, speaker, lead_id, expected)
    same = lead.dealer_id == target.dealer_id and lead.owner_id == target.staff_id
    if same and not await head_office.asked(tx, lead):
        raise Conflict("already_owner")
    against = await _against(tx, target, at, insist=body.insist)
    former = _ids(lead)
    async with stating(tx, await speaker.tables(tx), lead, at) as work:
        await hands.change(
            work,
            AssignmentKind.REASSIGN,
            to_dealer=target.dealer_id,
            to_staff=target.staff_id,
            insisted=against is not None,
        )
        if lead.status == Status.WON:
            await _purchase_goes_on(work)
    lead = await _out_of_pool(tx, work.lead)
    ids = _ids(lead)
    line = ids | {"from_dealer": former["dealer"], "from_staff": former["staff"], case_words.WORDS: body.reason}
    await timeline.record(tx, lead_id, at, "reassigned", **line)
    if against is not None:
        await timeline.record(tx, lead_id, at, f"insisted_{against.code}", until=against.until, **ids)
    if lead.status != Status.WON and not await head_office.answered(tx, lead, supervisor, at):
        await tell(tx, lead_id, MessageKind.REASSIGNED, at, ids)
    STATEMENTS.labels("reassign").inc()
    despite = None if against is None else _said(speaker, target, against)
    now = await moved(tx, lead, Statement.REASSIGN, lead.status, at)
    return Reassigned(now.lead_id, now.statement, now.dealer, now.owner, now.status, now.at, despite)


async def _purchase_goes_on(work: Work) -> None:
    """A win whose purchase is still to come: its process goes on, what is open of it is the new
    owner's."""
    lead = work.lead
    await tasks.hand(work.tx, lead.id, (TaskKind.FIRM_UP,), dealer_id=lead.dealer_id, owner_id=lead.owner_id)
    if lead.owner_id is not None:
        work.tell("reassigned_to_you", staff=lead.owner_id, grade=lead.grade)
    else:
        await work.tell_manager("reassigned_to_dealer", grade=lead.grade)


async def _against(tx: Tx, target: Target, at: datetime, *, insist: bool) -> Obstacle | None:
    """What speaks against the target although the supervisor insists. Raises ``Conflict`` where
    nobody does or can."""
    found = await people.obstacle(tx, target.dealer_id, target.staff_id, at)
    if found is not None and (found.until is None or not insist):
        raise Conflict(found.code, who=target.code, until=_until(found))
    return found


def _said(speaker: Speaker, target: Target, found: Obstacle) -> Despite:
    message, _ = words(PROBLEMS, found.code, speaker.language, {"who": target.code, "until": _until(found)})
    return Despite(found.code, message)


def _until(found: Obstacle) -> str:
    return minute_shown(found.until) if found.until else ""


async def claim(tx: Tx, speaker: Speaker, lead_id: UUID) -> Moved:
    """A consultant takes a lead from the public pool, 抢: the row's lock makes one winner (A17)."""
    consultant = with_role(the_person(speaker), CLAIMERS)
    lead = await leads.lock(tx, lead_id)
    at = speaker.now()
    if lead.status != Status.POOL or lead.owner_id is not None:
        raise _too_late(lead, await statements.was_claimed(tx, lead_id))
    if lead.dealer_id is not None and lead.dealer_id != consultant.dealer_id:
        raise Forbidden("other_dealer")
    await _within_limits(tx, speaker, lead, consultant, at)
    given = await transfer(
        tx,
        lead,
        to_dealer=consultant.dealer_id,
        to_staff=consultant.id,
        kind=AssignmentKind.CLAIM,
        by=str(tx.actor),
        at=at,
    )
    lead = await _out_of_pool(tx, given.lead)
    badges = [*(badge for badge in lead.badges if badge != Badge.CLAIMED), Badge.CLAIMED.value]
    await leads.change(tx, lead_id, badges=badges)
    await timeline.record(tx, lead_id, at, "claimed", **_ids(lead))
    await tell(tx, lead_id, MessageKind.CLAIMED, at, _ids(lead))
    STATEMENTS.labels("claim").inc()
    return await moved(tx, lead, Statement.CLAIM, lead.status, at)


async def _within_limits(tx: Tx, speaker: Speaker, lead: LeadRow, consultant: Person, at: datetime) -> None:
    """The pool's table limits claims a day, and keeps a former owner away for a while."""
    if not await people.lock_person(tx, consultant.id):  # they have left meanwhile
        raise Forbidden("actor_unknown")
    rule = (await speaker.tables(tx)).decide("pool", at, {"grade": lead.grade or ""})
    limit = rule.get("claim_limit_per_day")
    midnight = at.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    if limit is not None and await statements.claims_since(tx, consultant.id, midnight) >= limit:
        raise Conflict("claim_limit", limit=limit)
    lost_at = await statements.lost_this_lead_at(tx, lead.id, consultant.id)
    free_at = lost_at + timedelta(hours=float(rule.get("cool_down_hours") or 0)) if lost_at else at
    if free_at > at:
        raise Conflict("cooling_down", until=minute_shown(free_at))


def _too_late(lead: LeadRow, claimed: bool) -> Conflict:
    return Conflict("already_claimed") if claimed else Conflict("not_in_pool", status=lead.status)


async def _out_of_pool(tx: Tx, lead: LeadRow) -> LeadRow:
    """Whoever gets a pool lead has it from now on: nobody can claim it while its process catches
    up."""
    if lead.status != Status.POOL:
        return lead
    await leads.change(tx, lead.id, status=Status.WORKING)
    return replace(lead, status=Status.WORKING)


async def reactivate(tx: Tx, speaker: Speaker, lead_id: UUID, body: ReactivateBody, expected: Versions | None) -> Moved:
    """A person heard from a lost, invalid or archived customer: the lead lives again, 激 (A16)."""
    person = with_role(the_person(speaker), ANYBODY_WHO_WORKS_LEADS)
    lead = await leads.lock(tx, lead_id)
    if lead.status not in RETURNABLE:
        raise not_now(lead, await possible(tx, lead))
    if await statements.is_erased(tx, lead.customer_id):
        raise Conflict("customer_erased")
    await within_reach(tx, person, lead)
    await seen.as_expected(tx, speaker, lead_id, expected)
    await can_hear(tx, speaker, lead, MessageKind.REACTIVATED)
    at = speaker.now()
    status, _ = await receiving.bring_back(tx, lead_id, at, **{case_words.WORDS: body.reason})
    STATEMENTS.labels("reactivate").inc()
    return await moved(tx, lead, Statement.REACTIVATE, status, at)


async def regrade(tx: Tx, speaker: Speaker, lead_id: UUID, body: RegradeBody, expected: Versions | None) -> Moved:
    """A person states a new grade for a nurtured lead; the process decides what follows (A15)."""
    person = with_role(the_person(speaker), ANYBODY_WHO_WORKS_LEADS)
    lead = await leads.lock(tx, lead_id)
    if lead.status != Status.NURTURE:
        raise not_now(lead, await possible(tx, lead))
    await within_reach(tx, person, lead)
    await seen.as_expected(tx, speaker, lead_id, expected)
    at = speaker.now()
    progress = await _progress(tx, speaker, lead, body, at)
    await leads.change(tx, lead_id, grade=body.grade, grade_reason="stated", graded_at=at, **progress)
    words = {case_words.WORDS: body.reason} if body.reason else {}
    await timeline.record(tx, lead_id, at, "regraded", grade=body.grade, former=lead.grade, **words)
    await tell(tx, lead_id, MessageKind.REGRADED, at, {"grade": body.grade})
    STATEMENTS.labels("regrade").inc()
    return await moved(tx, lead, Statement.REGRADE, lead.status, at)


async def _progress(tx: Tx, speaker: Speaker, lead: LeadRow, body: RegradeBody, at: datetime) -> dict[str, Any]:
    """What the new grade leaves on the lead if it is progress (table ``progress``)."""
    since = await timeline.last_of(tx, lead.id, "nurture_planned")
    happened = Happened(
        Event.REGRADE,
        body.grade,
        lead.grade,
        lead.best_grade,
        reason_given=signs(body.reason) > 1,
        rested_days=(at - since).days if since is not None else 0,
    )
    made = (await speaker.tables(tx)).decide("progress", at, happened.asked())
    return happened.marks(at) if made.get("progress") else {}


def _ids(lead: LeadRow) -> dict[str, str | None]:
    """Dealer and consultant as the process gets them."""
    return {
        "dealer": str(lead.dealer_id) if lead.dealer_id else None,
        "staff": str(lead.owner_id) if lead.owner_id else None,
    }
