"""What becomes of the leads of a person who became inactive or is away: they go to colleagues at
once.

Those of a dealer go on afterwards, one by one (``domain.network.laws.departures``).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from cases.states import Leaving
from domain.network.laws.redistribution import redistribute
from domain.speaker import Speaker
from store.network import absences, people
from store.network.keeping import EntryOutcome
from store.session import Tx


async def give_on(tx: Tx, speaker: Speaker, outcome: EntryOutcome, at: datetime) -> tuple[EntryOutcome, int]:
    """Gives the open leads of a person who left or is away to others, as the table says; how many,
    and what is left behind."""
    if outcome.kind == "absences":
        return outcome, await _while_away(tx, speaker, outcome, at)
    left = outcome.before.get("active") is True and outcome.after.get("active") is False
    person = await people.anybody(tx, outcome.code) if left and outcome.kind == "staff" else None
    if person is None:
        return outcome, 0
    done = await redistribute(tx, await speaker.tables(tx), person, Leaving.LEFT, at)
    moved = {one.lead_id for one in done.moved}
    rest = tuple(one for one in outcome.leads if one not in moved)
    given = len(outcome.leads) - len(rest)
    return replace(outcome, leads=rest, open_leads=outcome.open_leads - given), given


async def _while_away(tx: Tx, speaker: Speaker, outcome: EntryOutcome, at: datetime) -> int:
    """Of an absence that was entered or moved: what falls due in it goes to others at once."""
    if outcome.values is None or not {"staff", "starts_at", "ends_at"} & outcome.after.keys():
        return 0
    person = await people.anybody(tx, outcome.values["staff"])
    away = await absences.coded(tx, outcome.code)
    if person is None or away is None or away.ends_at <= at:
        return 0
    return len((await redistribute(tx, await speaker.tables(tx), person, Leaving.ABSENT, at, away)).moved)
