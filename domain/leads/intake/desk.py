"""What is known of the people behind one request's submissions: whose a contact is, and what was
taken before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID

from cases.zone import CHINA
from domain.leads.intake.reading import Reading
from store.leads import intake
from store.leads.intake import External, Standing, Taken
from store.session import Tx

SAME_FORM = timedelta(days=7)
"""For how long a form without an instant of its own is taken for the one that was sent before, word
for word."""


@dataclass(slots=True)
class Desk:
    """What is known of the people behind one request's submissions; it grows with each that is
    settled."""

    now: datetime
    known: dict[str, Standing] = field(default_factory=dict[str, Standing])
    prints: dict[str, Taken] = field(default_factory=dict[str, Taken])
    instants: dict[tuple[UUID, datetime], Taken] = field(default_factory=dict[tuple[UUID, datetime], Taken])
    externals: dict[External, Taken] = field(default_factory=dict[External, Taken])

    def keep(self, one: Taken) -> None:
        """Notes a submission, so that it is recognised when it comes again."""
        if one.fingerprint is not None:
            self.prints[one.fingerprint] = one
        if one.stated_at is not None:
            self.instants.setdefault((one.lead_id, one.stated_at), one)
        if one.external is not None:
            self.externals.setdefault(one.external, one)

    def taken(self, reading: Reading, standing: Standing | None) -> Taken | None:
        """The same submission, if it was taken before: the same content, or the same customer at
        the same instant."""
        facts = reading.facts
        same = self.prints.get(facts.fingerprint or "")
        if facts.said_at is None:
            # Without an instant the customer may be at it again: an act after the end, or long
            # after, is a new one.
            return same if same and same.open and self.now - same.received_at <= SAME_FORM else None
        if same is not None:
            return same
        if standing is None or _is_midnight(facts.said_at):  # a day alone is no instant: several forms may share it
            return None
        found = (self.instants.get((lead, facts.said_at)) for lead in standing.leads)
        return next((one for one in found if one is not None), None)


def _is_midnight(at: datetime) -> bool:
    return at.astimezone(CHINA).time() == time()


async def look_up(tx: Tx, readings: Sequence[Reading], now: datetime) -> Desk:
    """Whom the contacts belong to and what of this is there already; both are locked until the
    transaction ends."""
    desk = Desk(now)
    contacts = {key for one in readings for key in one.contacts}
    externals = sorted({one.external for one in readings if one.external})
    if not contacts and not externals:
        return desk
    await intake.serialise(tx, sorted(contacts | {f"external:{':'.join(one)}" for one in externals}))
    proofs = sorted({key for one in readings for key in one.proofs})
    if proofs:
        desk.known |= await intake.standings(tx, proofs)
    leads = {lead for standing in desk.known.values() for lead in standing.leads}
    prints = [one.facts.fingerprint for one in readings if one.facts.fingerprint]
    instants = [one.facts.said_at for one in readings if one.facts.said_at]
    for one in await intake.taken(tx, prints, leads, instants, externals):
        desk.keep(one)
    return desk
