"""What was written down with a line of the timeline: the contact that was had then, the corrections
that were made.

The words stay in their own tables, where erasure finds them; a line is joined to them when it is
shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.states import Outcome
from store.engine.timeline import Entry
from store.leads import records
from store.leads.leads import LeadRow
from store.leads.records import EditLine, FollowUpLine
from store.session import Tx

CORRECTING = frozenset({"customer_updated", "said_anew", "called", "intent_checked"})
"""Lines of statements that change what is known of the customer and the wish."""


@dataclass(frozen=True, slots=True)
class Written:
    """What stands beside a line. Personal data."""

    follow_up: FollowUpLine | None = None
    edits: tuple[EditLine, ...] = ()


NOTHING = Written()


async def written_then(tx: Tx, lead: LeadRow, entries: Sequence[Entry]) -> Mapping[int, Written]:
    """What was written with each of a lead's entries, by its number: two reads, however many they
    are."""
    contacts = await _contacts(tx, lead, [entry for entry in entries if "task_id" in entry.data])
    made = await _edits(tx, lead, [entry for entry in entries if entry.code in CORRECTING])
    return {number: Written(contacts.get(number), made.get(number, ())) for number in contacts.keys() | made.keys()}


async def _contacts(tx: Tx, lead: LeadRow, entries: Sequence[Entry]) -> dict[int, FollowUpLine]:
    """A contact belongs to the line of its task, instant and outcome; of several such, each to its
    own in turn."""
    if not entries:
        return {}
    found: defaultdict[tuple[str, datetime, str], list[FollowUpLine]] = defaultdict(list)
    for one in await records.follow_ups_at(tx, lead.id, {entry.at for entry in entries}):
        found[str(one.task_id), one.at, one.outcome].append(one)
    contacts: dict[int, FollowUpLine] = {}
    for entry in entries:
        # Nobody answered: the line of an attempt says no outcome, for the task has none yet.
        of_it = found[entry.data["task_id"], entry.at, entry.data.get("outcome", Outcome.UNREACHABLE.value)]
        if of_it:
            contacts[entry.number] = of_it.pop(0)
    return contacts


async def _edits(tx: Tx, lead: LeadRow, entries: Sequence[Entry]) -> dict[int, tuple[EditLine, ...]]:
    """A correction belongs to the line of its instant and actor."""
    if not entries:
        return {}
    found: defaultdict[tuple[str, datetime], list[EditLine]] = defaultdict(list)
    for by, one in await records.edits_at(tx, lead.customer_id, lead.id, {entry.at for entry in entries}):
        found[by, one.at].append(one)
    return {entry.number: tuple(made) for entry in entries if (made := found.get((entry.actor, entry.at)))}
