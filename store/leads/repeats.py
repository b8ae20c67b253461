"""A known customer's lead and person as a repeat finds them, and what it changes (A4, A8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select, text, update

from cases.lead_facts import PLAIN
from cases.states import Status
from store.leads import leads
from store.models import Customer, Lead
from store.session import Tx

BEFORE_DEALER = (Status.NEW, Status.QUALIFYING, Status.NURTURE)
"""In these states a lead waits for a (new) grade, and nobody at a dealer works on it."""

_customers = Customer.__table__

_FACTS = (
    "model",
    "budget_min",
    "budget_max",
    "horizon_days",
    "province",
    "city",
    "district",
    "place_code",
    "region",
    *(fact.column for fact in PLAIN),
    "unread",
)
_STATE = ("status", "grade", "grade_reason", "graded_at", "stated_at", "campaign", "external_id", "utm", "consents")
_LEAD = (*_FACTS, *_STATE)
_PERSON = ("name", "phone", "wechat", "city", "email", "gender", "company", "further")

# A channel's clock may be ahead: nothing was said later than it came in.
_SAID = text(
    """
    SELECT (SELECT max(least(coalesce(stated_at, received_at), received_at)) FROM submissions WHERE lead_id = :lead_id)
               AS said_at,
           (SELECT jsonb_object_agg(field, at) FROM (
               SELECT field, max(at) AS at FROM customer_edits
               WHERE customer_id = (SELECT customer_id FROM cases WHERE id = :lead_id) AND lead_id = :lead_id
                 AND by LIKE 'staff:%' GROUP BY field
           ) AS corrected) AS corrected
    """
).bindparams(bindparam("lead_id", type_=Uuid))


@dataclass(frozen=True, slots=True)
class Known:
    """Columns of a lead and of its customer, the instant of the newest statement, and when people
    corrected which column of the lead; ``before_dealer``: nobody at a dealer works on it. Personal
    data."""

    lead: Mapping[str, Any]
    customer: Mapping[str, Any]
    said_at: datetime
    corrected: Mapping[str, datetime]
    before_dealer: bool


async def found(tx: Tx, lead_id: UUID, customer_id: UUID) -> Known:
    """What is stored of a lead that the caller has locked, and of the customer who says more."""
    query = select(*(getattr(Lead, name).label(name) for name in _LEAD)).where(Lead.id == lead_id)
    lead = dict((await tx.session.execute(query)).one()._mapping)
    said_at, corrected = (await tx.session.execute(_SAID, {"lead_id": lead_id})).one()
    instants = {name: datetime.fromisoformat(at) for name, at in (corrected or {}).items()}
    before_dealer = lead["status"] in BEFORE_DEALER
    return Known(lead, await person(tx, customer_id), said_at or lead["stated_at"], instants, before_dealer)


async def person(tx: Tx, customer_id: UUID) -> Mapping[str, Any]:
    """What is stored of a customer. Personal data."""
    query = select(*(_customers.c[name] for name in _PERSON)).where(_customers.c.id == customer_id)
    return dict((await tx.session.execute(query)).one()._mapping)


async def write(tx: Tx, lead_id: UUID, customer_id: UUID, lead: Mapping[str, Any], customer: Mapping[str, Any]) -> None:
    """Sets the columns that change; a contact that is another customer's may not be among them."""
    if customer:
        await tx.session.execute(update(_customers).where(_customers.c.id == customer_id).values(**customer))
    await leads.change(tx, lead_id, **lead)
