"""Whose own a lead is: a dealer's, if it was left with that dealer (A1, A6). The table
``belonging`` says which count.

The decision names what would have spoken against the dealer (full, closed, not certified): it keeps
its lead for all that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cases.states import Role, Status
from domain.leads.ruling_out import DEALER_RULED_OUT, Asked, Limits
from domain.stating import stating
from domain.tables import Tables
from store.leads import leads
from store.leads.births import Facts
from store.leads.leads import LeadRow
from store.network import routing
from store.network.network import Reference
from store.network.people import Person
from store.session import Tx

NOBODY_WORKS = frozenset({Status.NEW, Status.QUALIFYING, Status.NURTURE})
"""In these states a lead without a dealer becomes the one's that the customer visits."""
DROPS = frozenset({"inactive", "cool_down"})
"""Reasons against dealers that cannot be one's against its own lead, or would be said otherwise."""


@dataclass(frozen=True, slots=True)
class Home:
    """The dealer whose own lead a submission is, and who is asked first there; the rest is what the
    table was asked."""

    dealer_id: UUID
    first_choice: UUID | None
    channel_side: str
    author: str
    dealer_named: bool


def home_of(tables: Tables, reference: Reference, author: Person | None, facts: Facts, at: datetime) -> Home | None:
    """The dealer that keeps this lead as its own; None where it is routed as all others."""
    named = facts.dealer_id is not None
    dealer = facts.dealer_id or (author.dealer_id if author else None)
    if dealer is None:
        return None
    side, role = reference.sides.get(facts.channel, ""), str(author.role) if author else ""
    made = tables.decide("belonging", at, {"channel_side": side, "author": role, "dealer_named": named})
    if not made.get("keep_dealer"):
        return None
    first = facts.consultant_id or _author_of(author, dealer)
    return Home(dealer, first if made.get("keep_author") else None, side, role, named)


def _author_of(author: Person | None, dealer: UUID) -> UUID | None:
    mine = author is not None and author.role == Role.CONSULTANT and author.dealer_id == dealer
    return author.id if author is not None and mine else None


async def settle(tx: Tx, tables: Tables, lead_id: UUID, home: Home, now: datetime) -> None:
    """Writes whose own the lead is, with why; its process will find the dealer chosen."""
    await leads.change(
        tx,
        lead_id,
        dealer_id=home.dealer_id,
        owner_id=None,
        home_dealer_id=home.dealer_id,
        first_choice_id=home.first_choice,
    )
    lead = await leads.lock(tx, lead_id)
    async with stating(tx, tables, lead, now) as work:
        about = [await _dealer_line(tx, lead, now)]
        made = work.decide(
            "belonging",
            about=about,
            channel_side=home.channel_side,
            author=home.author,
            dealer_named=home.dealer_named,
        )
        work.note("belongs_to_dealer", because=made.id, dealer=home.dealer_id, staff=home.first_choice)


async def _dealer_line(tx: Tx, lead: LeadRow, now: datetime) -> dict[str, object]:
    """The dealer as a candidate that stays, whatever speaks against it."""
    assert lead.dealer_id is not None
    dealer = await routing.dealer_as_it_stands(tx, lead.dealer_id, lead.id, lead.model, now)
    limits = Limits(timedelta(), None, None, ignore_quota=False)
    asked = Asked(lead.region, lead.city, lead.model, lead.grade or "", False, now, limits)
    despite = [code for code, applies in DEALER_RULED_OUT if code not in DROPS and applies(dealer, asked)]
    return {"id": dealer.id, "code": dealer.code, "despite": despite}


async def clear(tx: Tx, lead_id: UUID) -> None:
    """A customer who comes back by other ways than a dealer's is nobody's own any more."""
    await leads.change(tx, lead_id, home_dealer_id=None, first_choice_id=None)


async def visited(tx: Tx, tables: Tables, lead_id: UUID, home: Home, now: datetime) -> None:
    """A customer whose lead is open already is entered by another dealer: the lead stays where it
    is, and those whom the table ``visit-elsewhere`` names learn of it; a lead that no dealer has is
    the visited one's."""
    lead = await leads.lock(tx, lead_id)
    if lead.dealer_id == home.dealer_id:
        return
    if lead.dealer_id is None:
        if lead.status in NOBODY_WORKS:
            await settle(tx, tables, lead_id, home, now)
        return
    async with stating(tx, tables, lead, now) as work:
        made = work.decide("visit-elsewhere", status=lead.status)
        work.note("visited_elsewhere", because=made.id, dealer=home.dealer_id)
        if made.get("tell_owner") and lead.owner_id is not None:
            work.tell("visited_elsewhere", staff=lead.owner_id, dealer=home.dealer_id)
        for wanted, dealer, code, other in (
            ("tell_managers", lead.dealer_id, "visited_elsewhere", home.dealer_id),
            ("tell_visited", home.dealer_id, "visitor_of_another", lead.dealer_id),
        ):
            for manager in await routing.managers_of(tx, dealer) if made.get(wanted) else ():
                work.tell(code, staff=manager, dealer=other)
