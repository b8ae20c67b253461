"""A win is questioned: the customer withdrew (退订), or it never was a sale (登记错误). Somebody else
decides (A13)."""

from __future__ import annotations

from uuid import UUID

from cases.errors import FieldProblem, Forbidden, Invalid
from cases.stated import Statement
from cases.states import MessageKind, Role, Status
from domain.leads.laws.counting import signs
from domain.leads.laws.hearing import can_hear
from domain.leads.laws.possible import not_now, possible
from domain.leads.metrics import STATEMENTS
from domain.leads.reads import seen
from domain.leads.statements.forms import CancelOrderBody, WrongWinBody
from domain.leads.statements.moving import Moved, moved
from domain.reach import SELLERS, the_person, with_role, within_reach
from domain.speaker import Speaker
from domain.versions import Versions
from store.engine import case_words, cases, timeline
from store.engine.outbox import tell
from store.leads import leads
from store.leads.leads import LeadRow
from store.network import people
from store.network.people import Person
from store.session import Tx

LINES = {"cancel_order": "cancel_stated", "wrong_win": "wrong_win_stated"}


async def question(
    tx: Tx, speaker: Speaker, lead_id: UUID, name: str, body: CancelOrderBody | WrongWinBody, expected: Versions | None
) -> Moved:
    """Asks that a win be undone. It stays a win until somebody above who asks has agreed.

    The lead is open from now on: what the customer sends in meanwhile belongs to it, a second
    question is refused.
    """
    person = with_role(the_person(speaker), SELLERS)
    lead = await leads.lock(tx, lead_id)
    if lead.status != Status.WON:
        raise not_now(lead, await possible(tx, lead))
    await within_reach(tx, person, lead)
    if signs(body.content) < 2:
        raise Invalid("invalid_input", problems=(FieldProblem("content", "says_nothing"),))
    await seen.as_expected(tx, speaker, lead_id, expected)
    await can_hear(tx, speaker, lead, MessageKind.WIN_QUESTIONED)
    at = speaker.now()
    role = await approver(tx, person, lead)
    undo = asked(name, body.reason, person, role)
    await cases.unsettle(tx, lead_id)
    await leads.change(tx, lead_id, status=Status.CONFIRMING, closing={**lead.closing, "undo": undo})
    line = {"reason": body.reason, "approver": role.value, case_words.WORDS: body.content}
    await timeline.record(tx, lead_id, at, LINES[name], **line)
    await tell(tx, lead_id, MessageKind.WIN_QUESTIONED, at, {"statement": name})
    STATEMENTS.labels(name).inc()
    return await moved(tx, lead, Statement(name), Status.CONFIRMING, at)


def asked(statement: str, reason: str, person: Person, approver: Role) -> dict[str, str]:
    """What is kept with the lead until somebody has decided (``closing["undo"]``)."""
    return {"statement": statement, "reason": reason, "by": str(person.id), "approver": approver.value}


async def approver(tx: Tx, person: Person, lead: LeadRow) -> Role:
    """The dealer's manager; above, where a manager asks or the dealer has nobody else."""
    manager, regional = Role.DEALER_MANAGER, Role.REGIONAL_MANAGER
    asks, place = person.role, lead.dealer_id
    if asks != manager and place and await people.is_there(tx, manager, other_than=person.id, dealer_id=place):
        return manager
    region = await people.region_of_dealer(tx, lead.dealer_id) or lead.region
    there = region is not None and await people.is_there(tx, regional, other_than=person.id, region=region)
    return regional if there else Role.HQ


def may_decide(person: Person, lead: LeadRow) -> None:
    """Raises ``Forbidden`` for who asked, and for a manager where somebody above has to decide."""
    undo = lead.closing.get("undo") or {}
    if str(person.id) == undo.get("by"):
        raise Forbidden("own_request")
    if person.role == Role.DEALER_MANAGER and undo.get("approver") != Role.DEALER_MANAGER:
        raise Forbidden("role_not_allowed", role=person.role, allowed=", ".join((Role.HQ, Role.REGIONAL_MANAGER)))
