"""What was changed in the network: who, when, what it was before and after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from cases.actors import staff_id
from domain.network.laws.reach import head_office
from domain.reach import Speaking
from store.leads.views import Named, people_of
from store.listing import Rows, Window
from store.network import people
from store.network.keeping import EntryKind, history
from store.network.keeping.history import EntryChange
from store.session import Tx


class NetworkChangeView(BaseModel):
    """A change of an entry. ``what``: it came to be, was changed or removed; ``by``: None for Baton
    itself."""

    number: int
    at: datetime
    by: Named | None
    kind: EntryKind
    code: str
    what: Literal["created", "changed", "removed"]
    before: dict[str, Any]
    after: dict[str, Any]


async def changes(
    tx: Tx, speaker: Speaking, window: Window, *, kind: EntryKind | None, code: str | None, by: str | None
) -> Rows[NetworkChangeView]:
    """What was changed, the newest first, of a kind, of an entry, or by a person of this staff
    code. Raises ``Forbidden``."""
    head_office(speaker)
    actor = None
    if by is not None:
        somebody = await people.anybody(tx, by)
        actor = str(somebody.actor) if somebody else f"staff:{by}"
    found = await history.lines(tx, window, kind=kind, code=code, by=actor)
    return found.shown_as(await _lines(tx, found.items))


async def _lines(tx: Tx, found: Sequence[EntryChange]) -> list[NetworkChangeView]:
    known = await people_of(tx, [one.by for one in found])
    return [
        NetworkChangeView(
            number=one.number,
            at=one.at,
            by=known.get(staff_id(one.by)),
            kind=EntryKind(one.kind),
            code=one.code,
            what="created" if not one.before else "changed" if one.after else "removed",
            before=one.before,
            after=one.after,
        )
        for one in found
    ]
