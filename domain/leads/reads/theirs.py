"""What is written down about a lead is read by whoever may act on it; its history by all, with what
was said then for those alone."""

from __future__ import annotations

from uuid import UUID

from domain.leads.reads.history import HistoryLine, tell_history
from domain.leads.reads.written import written_then
from domain.reach import Speaking, reaches, the_person, within_reach
from domain.speaker import Speaker
from store.engine import timeline
from store.leads import leads
from store.leads.leads import LeadRow
from store.listing import Rows, Window
from store.session import Tx


async def theirs(tx: Tx, speaker: Speaking, lead_id: UUID) -> LeadRow:
    """The lead, if the speaker may act on it. Raises ``Forbidden``, ``NotFound``."""
    person = the_person(speaker)
    lead = await leads.get(tx, lead_id)
    await within_reach(tx, person, lead)
    return lead


async def history(tx: Tx, speaker: Speaker, lead_id: UUID, window: Window, after: int = 0) -> Rows[HistoryLine]:
    """What happened to a lead, oldest first, in the speaker's language; ``after``: entries after
    this number. Whoever may act on the lead finds what was said with the customer and what was
    corrected beside it. Raises ``NotFound``."""
    lead = await leads.get(tx, lead_id)
    found = await timeline.of_lead(tx, lead_id, window, after=after)
    may = speaker.person is not None and await reaches(tx, speaker.person, lead)
    written = await written_then(tx, lead, found.items) if may else {}
    return found.shown_as(await tell_history(tx, found.items, speaker.language, written))
