"""The customer's own data: corrected by those who work with them, and erased when they ask for it (A8, F3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.actors import ANYBODY_WHO_WORKS_LEADS, the_person, with_role, within_reach
from api.context import Call
from api.leads.bodies import CustomerBody
from api.leads.facts import read_stated, settle_contact
from api.metrics import STATEMENTS
from leads.errors import Conflict, Invalid, NotFound
from leads.states import ENDED, MessageKind, Role, Status
from store import leads, statements, timeline
from store.outbox import tell
from store.session import Tx


@dataclass(frozen=True, slots=True)
class Updated:
    """Names of the fields that changed; their values are read from the lead."""

    lead_id: UUID
    changed: list[str]
    at: datetime


@dataclass(frozen=True, slots=True)
class Erased:
    """The customer's leads whose personal data are gone."""

    lead_id: UUID
    leads: list[UUID]
    at: datetime


async def update(tx: Tx, call: Call, lead_id: UUID, body: CustomerBody) -> Updated:
    """Changes what is given and nothing else; a running process hears which fields changed."""
    person = with_role(the_person(call), ANYBODY_WHO_WORKS_LEADS)
    given = body.model_dump(exclude_none=True)
    if not given:
        raise Invalid("nothing_to_change")
    customer_id = await statements.customer_of(tx, lead_id)
    contact = await settle_contact(tx, customer_id, body.phone, body.wechat)
    lead = await leads.lock(tx, lead_id)
    if await statements.is_erased(tx, lead.customer_id):
        raise Conflict("customer_erased")
    await within_reach(tx, person, lead)
    at = call.now()
    wish, customer = read_stated(body, await call.network(tx), at)
    if body.do_not_call is not None:
        customer["do_not_call"] = body.do_not_call
    if body.labels is not None:
        customer["labels"] = list(dict.fromkeys(body.labels))
    await statements.change_customer(tx, lead.customer_id, customer | contact)
    await statements.change_lead(tx, lead_id, wish)
    changed = sorted(given)
    await timeline.record(tx, lead_id, at, "customer_updated", fields=changed)
    if lead.status not in ENDED:
        await tell(tx, lead_id, MessageKind.CUSTOMER_UPDATED, at, {"fields": changed})
    STATEMENTS.labels("customer_update").inc()
    return Updated(lead_id, changed, at)


async def erase(tx: Tx, call: Call, lead_id: UUID) -> Erased:
    """Blanks the customer's personal data everywhere, at once; every lead of theirs that still runs is stopped (F3)."""
    with_role(the_person(call), frozenset({Role.HQ}))
    customer_id = await statements.customer_of(tx, lead_id)
    if customer_id is None:
        raise NotFound("lead_not_found")
    at = call.now()
    await statements.forget_customer(tx, customer_id, at)
    erased = await statements.leads_of_customer(tx, customer_id)
    for one in erased:
        lead = await leads.lock(tx, one)
        await timeline.record(tx, one, at, "erasure_stated")
        # A lost lead's process may still wait for its recall.
        if lead.status not in ENDED - {Status.LOST}:
            # From now on nobody writes down anything about them, although the process has yet to hear of it.
            await leads.change(tx, one, status=Status.ERASED, ended_at=at)
            await tell(tx, one, MessageKind.ERASED, at, {})
    STATEMENTS.labels("erase").inc()
    return Erased(lead_id, list(erased), at)
