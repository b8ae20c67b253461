"""Which revision of a draft its editor saw: ``revision`` and ``If-Match`` say the same, one in the
request, one before it. What was saved since is told cell by cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cases.actors import staff_id
from cases.errors import FieldProblem, Invalid
from domain.aside import TooCostly
from domain.policy.between import FieldChange, changes_of
from domain.speaker import Speaker
from domain.versions import Change, Changed, Versions
from store.leads.views import Named, people_of
from store.session import Tx
from store.tables import drafts
from store.tables.drafts import Draft, DraftState

MOST_SAVES: Final = 20
"""Saves that are told cell by cell, the newest; of earlier ones only who and when."""


@dataclass(frozen=True, slots=True)
class Save:
    """One save that the speaker has not seen."""

    revision: int
    at: datetime
    by: Named | None
    note: str


def version_of(draft: Draft) -> str:
    """A draft's version: its newest revision, and what became of it."""
    return str(draft.revision) if draft.state == DraftState.OPEN else f"{draft.revision}.{draft.state}"


def meant(draft: Draft, revision: int | None, expected: Versions | None) -> int:
    """The revision that a change was made to. Raises ``Invalid`` if neither says it.

    Whether it is still the newest is not asked here: a repeated request must find its stored answer
    first.
    """
    if revision is not None:
        return revision
    if expected is None:
        raise Invalid("invalid_input", problems=(FieldProblem("revision", "missing"),))
    seen = (number for number in expected.numbers() if 1 <= number <= draft.revision)
    return draft.revision if expected.match(draft.revision) else next(seen, draft.revision)


async def as_expected(tx: Tx, speaker: Speaker, draft: Draft, expected: Versions | None) -> None:
    """Raises ``Changed`` with what was saved since. The draft is held."""
    if expected is None or expected.match(version_of(draft)):
        return
    seen = next((number for number in expected.numbers() if 1 <= number < draft.revision), None)
    made = [] if seen is None else [one for one in await drafts.revisions(tx, draft.id) if one.number > seen]
    names = await people_of(tx, [one.by for one in made])
    saves = [Save(one.number, one.at, names.get(staff_id(one.by)), one.note) for one in made]
    first = made[-1].number - 1 if made else 0
    numbers = range(max(first, draft.revision - MOST_SAVES), draft.revision + 1) if made else range(0)
    files = [await drafts.file(tx, draft.id, number) for number in numbers]
    told = await _told(speaker, draft.key, [one.xml for one in files])
    changes = [
        Change(one.field, one.old, one.new, save.at, names.get(staff_id(save.by)))
        for save, changed in zip(files[1:], told, strict=False)
        for one in changed
    ]
    raise Changed(version_of(draft), {"revision": draft.revision, "saves": saves, "changes": changes})


async def _told(speaker: Speaker, key: str, files: list[bytes]) -> list[list[FieldChange]]:
    """What each save changed; nothing where that cannot be found out within the limits."""
    try:
        return await speaker.aside(changes_of, key, files) if files else []
    except TooCostly:
        return []
