"""Clean and find duplicates (A3, A4): what rules cannot settle goes to an outbound call."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from activities.grading import presume
from cases.errors import NotFound
from cases.states import Badge, MessageKind, Status
from domain.cleaning import Person, is_suspect, read_phone
from domain.leads.nearness import where
from domain.work import Result, Work
from store.engine.outbox import tell
from store.leads import customers, leads
from store.leads.customers import Contact
from store.leads.leads import LeadRow

CONTACT = ("contact",)
"""Under which name a wake-up keeps the lead's customer."""
PLACE = frozenset({"province", "city", "district"})
"""Cells that the table hears of as a place, not as something that could not be read."""


async def clean(work: Work) -> Result:
    """Whether the facts suffice to go on without a call (table ``cleaning``)."""
    made = work.decide("cleaning", **_facts(work, await _contact(work), 0))
    work.change(status=Status.QUALIFYING)
    work.note("cleaned", because=made.id, needs_call=bool(made.get("needs_call")), reason=made.get("reason"))
    if made.get("needs_call"):
        presume(work)
    return {"needs_call": bool(made.get("needs_call")), "reason": made.get("reason")}


async def find_duplicates(work: Work) -> Result:
    """How many open leads are probably the same person's, with a number one slip away (table
    ``cleaning``).

    Proven repeats (same number or WeChat id) were attached at the door; what is found here only a
    call can settle, also where the door met two people's contacts in one submission.
    """
    contact = await _contact(work)
    person = _person(contact)
    named = [UUID(lead) for lead in work.lead.suspects]
    found = [
        other.lead_id
        for other in await customers.neighbours(work.tx, work.lead.customer_id, contact, named)
        if other.lead_id in named or is_suspect(person, Person(other.name, other.phone, other.wechat, other.city))
    ]
    facts = _facts(work, contact, len(found))
    if not found:
        return {"suspects": 0, "needs_call": bool(work.look("cleaning", **facts).get("needs_call"))}
    made = work.decide("cleaning", about=[{"lead": other} for other in found], **facts)
    work.note("duplicates_suspected", because=made.id, suspects=len(found), leads=found)
    presume(work)
    return {"suspects": len(found), "needs_call": bool(made.get("needs_call"))}


async def attach_duplicate(work: Work) -> Result:
    """The call found that this is another lead's customer: this one ends, that one is badged 重 and
    told (A4)."""
    target = None if work.lead.attached_to is None else await leads.end_of_chain(work.tx, work.lead.attached_to)
    await work.put_down()
    work.change(status=Status.ATTACHED, ended_at=work.at)
    work.note("attached", to=target)
    if target is not None:
        await _badge_original(work, target)
    return {}


async def _badge_original(work: Work, target: object) -> None:
    try:
        original = await leads.lock(work.tx, str(target))
    except NotFound:
        return
    if Badge.DUPLICATE not in original.badges:
        await leads.change(work.tx, original.id, badges=[*original.badges, Badge.DUPLICATE.value])
    work.ledger.note("duplicate_attached", {"lead": work.lead.id}, original.id)
    await tell(work.tx, original.id, MessageKind.INTEREST_REPEATED, work.at, {"lead": str(work.lead.id)})


def _facts(work: Work, contact: Contact, suspects: int) -> dict[str, Any]:
    lead = work.lead
    return {
        "model_known": lead.model is not None,
        "budget_known": lead.budget_min is not None or lead.budget_max is not None,
        "horizon_known": lead.horizon_days is not None,
        "suspects": suspects,
        "unread": sum(one["field"] not in PLACE for one in lead.unread),
        "place": str(where(lead).kind),
        "phone_kind": str(read_phone(contact.phone).kind),
        "channel_side": contact.side,
        "author": contact.author,
        "dealer": _dealer(lead),
    }


def _dealer(lead: LeadRow) -> str:
    """Whether it is known where the lead belongs, or was said in a way that nobody understands."""
    if lead.dealer_id is not None:
        return "known"
    return "unread" if any(one["field"] == "dealer" for one in lead.unread) else ""


def _person(contact: Contact) -> Person:
    return Person(contact.name, contact.phone, contact.wechat, contact.city)


async def _contact(work: Work) -> customers.Contact:
    return await work.once(CONTACT, lambda: customers.contact(work.tx, work.lead.id))
