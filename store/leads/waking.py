"""A lead's wake-up begins: its locked row, and what several of its steps ask beside it, in one
round trip."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final
from uuid import UUID

from sqlalchemy import select

from cases.contact import CallWish
from cases.errors import NotFound
from store.engine import cases
from store.engine.cases import Opened
from store.leads import customers, leads
from store.leads.customers import Contact
from store.leads.leads import LeadRow
from store.models import Case, Lead
from store.network import rosters
from store.network.rosters import Roster
from store.prepared import Prepared
from store.session import Tx

_cases, _leads = Case.__table__, Lead.__table__
_PARTS: Final = (len(fields(LeadRow)), len(fields(Contact)), len(fields(CallWish)))
_WAKE: Final = Prepared(
    cases.with_wake_up(
        select(*leads.COLUMNS, *customers.CONTACT, *customers.CALL_WISH, rosters.NEWEST_NUMBER)
        .select_from(customers.of_leads(_cases.join(_leads, _leads.c.id == _cases.c.id)))
        .where(_cases.c.id == leads.LEAD_ID)
    ).with_for_update(key_share=True, of=(_cases, _leads))
)


@dataclass(frozen=True, slots=True)
class Woken:
    """The beginning of a lead's wake-up. ``roster`` is the network as it is, if this process has
    read it before."""

    opened: Opened[LeadRow]
    contact: Contact
    wish: CallWish
    roster: Roster | None


async def open_wake_up(tx: Tx, lead_id: UUID | str, run: str, number: int) -> Woken:
    """Locks the lead. Raises ``NotFound``."""
    row = await _WAKE.one(tx, {"lead_id": UUID(str(lead_id)), "run": run, "number": number})
    if row is None:
        raise NotFound("lead_not_found")
    *values, roster, before, changes = row
    lead, contact = _PARTS[0], _PARTS[0] + _PARTS[1]
    never, hours, since = values[contact:]
    return Woken(
        Opened(LeadRow(*values[:lead]), before, changes),
        Contact(*values[lead:contact]),
        CallWish(never, tuple(hours), since),
        rosters.remembered(tx, roster),
    )
