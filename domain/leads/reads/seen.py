"""Which state of a lead its reader saw: the last line of its history, which people and the process
write alike."""

from __future__ import annotations

from uuid import UUID

from domain.leads.reads.history import tell_history
from domain.speaker import Speaker
from domain.versions import Changed, Versions
from store.engine import timeline
from store.session import Tx


async def version_of(tx: Tx, lead_id: UUID) -> int:
    """The number of the lead's last line."""
    return await timeline.last(tx, lead_id)


async def as_expected(tx: Tx, speaker: Speaker, lead_id: UUID, expected: Versions | None) -> None:
    """Raises ``Changed`` with the lines that the caller has not seen. The lead is locked, and
    within their reach."""
    if expected is None:
        return
    version = await version_of(tx, lead_id)
    if expected.match(version):
        return
    seen = next((number for number in expected.numbers() if number < version), None)
    entries = () if seen is None else (await timeline.of_lead(tx, lead_id, after=seen)).items
    raise Changed(version, {"changes": await tell_history(tx, entries, speaker.language)})
