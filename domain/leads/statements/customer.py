"""The customer's own data: corrected by those who work with them, and erased when they ask for it
(A8, F3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cases.actors import staff_id
from cases.errors import Conflict, Invalid, NotFound
from cases.states import ENDED, CaseKind, MessageKind, Role, Status
from domain import kinds
from domain.cleaning.trace import marks
from domain.kinds import KINDS
from domain.leads import silence
from domain.leads.laws.possible import awaits_purchase
from domain.leads.metrics import STATEMENTS
from domain.leads.statements.facts import read_person, read_stated, settle_contact
from domain.leads.statements.forms import CustomerBody
from domain.reach import ANYBODY_WHO_WORKS_LEADS, the_person, with_role, within_reach
from domain.speaker import Speaker
from domain.versions import Change, Changed, Versions
from store.engine import cases, timeline
from store.engine.outbox import tell
from store.leads import customers, edits, erasure, leads, refused, statements, views
from store.leads.edits import Edit
from store.leads.views import CustomerView, LeadFacts
from store.session import Tx


@dataclass(frozen=True, slots=True)
class Updated:
    """Names of the fields that changed; their values are read from the lead."""

    lead_id: UUID
    changed: list[str]
    at: datetime


@dataclass(frozen=True, slots=True)
class CustomerSheet:
    """What people correct about a lead: the customer's own data, and what they want."""

    lead_id: UUID
    customer: CustomerView
    facts: LeadFacts


@dataclass(frozen=True, slots=True)
class Erased:
    """The customer's leads whose personal data are gone."""

    lead_id: UUID
    leads: list[UUID]
    at: datetime


async def version_of(tx: Tx, lead_id: UUID) -> int:
    """The version of the sheet. Raises ``NotFound``."""
    return await edits.version(tx, (await leads.get(tx, lead_id)).customer_id, lead_id)


async def sheet(tx: Tx, lead_id: UUID) -> CustomerSheet:
    """The sheet as it is. Raises ``NotFound``."""
    found = await views.lead(tx, lead_id)
    if found is None:
        raise NotFound("lead_not_found")
    return CustomerSheet(lead_id, found.line.customer, found.facts)


async def update(
    tx: Tx, speaker: Speaker, lead_id: UUID, body: CustomerBody, expected: Versions | None
) -> tuple[Updated, int]:
    """Changes what is given and nothing else, if the sheet is as ``expected``; a running process
    hears which fields changed. Returns the sheet's new version, too. Raises ``Changed``."""
    person = with_role(the_person(speaker), ANYBODY_WHO_WORKS_LEADS)
    given = body.model_dump(exclude_none=True, exclude={"reason"})
    if not given:
        raise Invalid("nothing_to_change")
    customer_id = await statements.customer_of(tx, lead_id)
    contact = await settle_contact(tx, customer_id, body.phone, body.wechat)
    await statements.hold_leads(tx, customer_id)
    lead = await leads.lock(tx, lead_id)
    if await statements.is_erased(tx, lead.customer_id):
        raise Conflict("customer_erased")
    await within_reach(tx, person, lead)
    await edits.hold(tx, lead.customer_id)
    await _as_expected(tx, lead.customer_id, lead_id, expected)
    at = speaker.now()
    await edits.dated(tx, at)
    wish, customer = read_stated(body, await speaker.network(tx), at)
    customer |= read_person(body.email, body.gender, body.company)
    if body.labels is not None:
        customer["labels"] = list(dict.fromkeys(body.labels))
    await statements.change_customer(tx, lead.customer_id, customer | contact)
    asked = [one for one in lead.unread if one["field"] not in given]
    await leads.change(tx, lead_id, **(wish if asked == lead.unread else {**wish, "unread": asked}))
    heard = await customers.hear_call_wish(
        tx, lead.customer_id, at, never=body.do_not_call, hours=body.call_hours, said=body.reason
    )
    changed = sorted(given)
    await timeline.record(tx, lead_id, at, "customer_updated", fields=changed)
    if heard is not None:
        await silence.heard(tx, await speaker.tables(tx), lead_id, heard, body.call_hours or [], at)
    if lead.status not in ENDED:
        await tell(tx, lead_id, MessageKind.CUSTOMER_UPDATED, at, {"fields": changed})
    STATEMENTS.labels("customer_update").inc()
    return Updated(lead_id, changed, at), await edits.version(tx, lead.customer_id, lead_id)


async def _as_expected(tx: Tx, customer_id: UUID, lead_id: UUID, expected: Versions | None) -> None:
    """Raises ``Changed`` with every field that differs from what the caller saw."""
    if expected is None:
        return
    version = await edits.version(tx, customer_id, lead_id)
    if expected.match(version):
        return
    seen = next((number for number in expected.numbers() if number < version), None)
    made = () if seen is None else await edits.since(tx, customer_id, lead_id, seen)
    names = await views.names_of(tx, [UUID(one) for one in {staff_id(edit.by) for edit in made} if one])
    first, last = dict[str, Edit](), dict[str, Edit]()
    for edit in made:
        name = f"{'customer' if edit.lead_id is None else 'facts'}/{edit.field}"
        first.setdefault(name, edit)
        last[name] = edit
    changes = [
        Change(name, first[name].before, edit.after, edit.at, names.get(staff_id(edit.by)))
        for name, edit in last.items()
        if first[name].before != edit.after  # changed to and fro: as the caller saw it
    ]
    raise Changed(version, {"changes": changes})


async def erase(tx: Tx, speaker: Speaker, lead_id: UUID) -> Erased:
    """Blanks the customer's personal data everywhere, at once; every lead of theirs that still runs
    is stopped (F3).

    Theirs are those, too, that were settled as duplicates of one another, and what was refused with
    a contact of theirs in it.
    """
    with_role(the_person(speaker), frozenset({Role.HQ}))
    customer_id = await statements.customer_of(tx, lead_id)
    if customer_id is None:
        raise NotFound("lead_not_found")
    # Leads before their customers, as everywhere: else this and a correction would wait for each
    # other.
    same = await erasure.same_person(tx, customer_id)
    erased = await statements.leads_of_customers(tx, same)
    at = speaker.now()
    await edits.dated(tx, at)
    found = marks(*await erasure.contacts_of(tx, same))
    await refused.forget(tx, found.digits, found.words)
    for one in same:
        await statements.forget_customer(tx, one, at, kinds.erased())
    for one in erased:
        lead = await leads.lock(tx, one)
        await timeline.record(tx, one, at, "erasure_stated")
        # A lost lead's process may still wait for its recall, a won one's for the day of the
        # purchase.
        if lead.status not in ENDED - {Status.LOST} or await awaits_purchase(tx, lead):
            # From now on nobody writes down anything about them, although the process has yet to
            # hear of it.
            await leads.change(tx, one, status=Status.ERASED, ended_at=at)
            await tell(tx, one, MessageKind.ERASED, at, {})
    for other in await cases.running_of(tx, same, [kind for kind in KINDS if kind != CaseKind.LEAD]):
        await timeline.record(tx, other, at, "erasure_stated")
        await tell(tx, other, MessageKind.ERASED, at, {})
    STATEMENTS.labels("erase").inc()
    return Erased(lead_id, list(erased), at)
