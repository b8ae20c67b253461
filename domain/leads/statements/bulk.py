"""Many leads given to one target at once (A11): one that cannot be given does not stop the
others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from cases.errors import BatonError
from cases.messages.problems import PROBLEMS
from cases.messages.text import words
from domain.leads.statements import moving
from domain.leads.statements.forms import BulkReassignBody
from domain.leads.statements.moving import Target
from domain.speaker import Speaker
from store.session import Tx


@dataclass(frozen=True, slots=True)
class BulkVerdict:
    """What became of one lead of a bulk reassignment. A reassigned one has a code if somebody
    insisted on it."""

    lead_id: UUID
    verdict: Literal["reassigned", "refused"]
    code: str | None
    message: str | None


@dataclass(frozen=True, slots=True)
class BulkView:
    """The leads' verdicts in their order."""

    reassigned: int
    refused: int
    leads: tuple[BulkVerdict, ...]


async def reassign_many(tx: Tx, speaker: Speaker, body: BulkReassignBody) -> BulkView:
    """A supervisor gives leads to somebody else, each as ``moving.reassign`` would. Raises
    ``NotFound``, ``Forbidden`` for a target that there is not, or that is not theirs."""
    target = await moving.find_target(tx, speaker, body)
    # In the order of their ids, so that two bulk reassignments cannot wait for each other.
    verdicts = {lead_id: await _one(tx, speaker, lead_id, target, body) for lead_id in sorted(set(body.leads))}
    shown = tuple(verdicts[lead_id] for lead_id in dict.fromkeys(body.leads))
    done = sum(one.verdict == "reassigned" for one in shown)
    return BulkView(done, len(shown) - done, shown)


async def _one(tx: Tx, speaker: Speaker, lead_id: UUID, target: Target, body: BulkReassignBody) -> BulkVerdict:
    try:
        moved = await moving.reassign(tx, speaker, lead_id, target, body)
    except BatonError as refusal:
        if refusal.status >= 500:
            raise
        message, _ = words(PROBLEMS, refusal.code, speaker.language, refusal.params)
        return BulkVerdict(lead_id, "refused", refusal.code, message)
    despite = moved.despite
    return BulkVerdict(lead_id, "reassigned", despite and despite.code, despite and despite.message)
