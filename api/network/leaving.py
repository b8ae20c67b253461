"""What follows when keeping the network makes somebody inactive: their open leads go to others with it (A11)."""

from __future__ import annotations

from collections.abc import Iterable

from activities.redistribution import redistribute
from api.context import Call
from leads.states import Leaving
from store import people
from store.keeping import Outcome
from store.session import Tx


async def redistribute_of(tx: Tx, call: Call, outcomes: Iterable[Outcome]) -> None:
    """Gives the leads of each person who became inactive to others (table ``redistribution``)."""
    for one in outcomes:
        if one.kind == "staff" and one.before.get("active") is True and one.after.get("active") is False:
            person = await people.anybody(tx, one.code)
            if person is not None:
                await redistribute(tx, await call.tables(tx), person, Leaving.LEFT, call.now())
