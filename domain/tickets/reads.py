"""What is seen of a ticket: reports of wrongdoing are there for those alone whom ``domain.sight``
names, and for whoever reported by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cases.contracts import PlaceMark
from cases.errors import NotFound
from domain.coded import coded
from domain.leads.reads.history import HistoryLine, tell_history
from domain.speaker import Speaker
from domain.tickets.kind import TICKET
from store.engine import case_words, cases, sight, timeline
from store.kinds import tickets
from store.kinds.tickets import TicketLine
from store.leads import views
from store.listing import Rows, Window
from store.session import Tx


@dataclass(frozen=True, slots=True)
class Wrote:
    """What somebody (``by``, their code) wrote about it, in words of their own."""

    at: datetime
    by: str
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """All of a ticket: its line, where it stands in the process, what was written about it."""

    line: TicketLine
    place: tuple[PlaceMark, ...]
    words: tuple[Wrote, ...]


async def ticket(tx: Tx, ticket_id: UUID) -> TicketLine:
    """Its line. Raises ``NotFound``, also for a report that is not the reader's business."""
    line = await tickets.one(tx, ticket_id)
    if line is None:
        raise NotFound("ticket_not_found")
    return line


async def sheet(tx: Tx, ticket_id: UUID) -> Sheet:
    """The ticket with its words; whoever reported wrongdoing reads their own. Raises
    ``NotFound``."""
    line = await ticket(tx, ticket_id)
    written = await case_words.of_case(tx, ticket_id)
    if not sight.is_there(tx, TICKET.name, {"ticket": line.kind}):
        written = tuple(one for one in written if one.by == str(tx.actor))
    people = await views.named_in(tx, (one.by for one in written))
    words = tuple(Wrote(one.at, coded(one.by, people), one.field, one.text) for one in written if one.text)
    return Sheet(line, await cases.place(tx, ticket_id), words)


async def history(tx: Tx, speaker: Speaker, ticket_id: UUID, window: Window) -> Rows[HistoryLine]:
    """What happened to it, the oldest first, in the reader's language. Raises ``NotFound``."""
    await ticket(tx, ticket_id)
    found = await timeline.of_lead(tx, ticket_id, window)
    return found.shown_as(await tell_history(tx, found.items, speaker.language))
