"""Which revision of a draft its editor saw: ``revision`` and ``If-Match`` say the same, one in the request, one before
it. What was saved since is told cell by cell.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

from api.conditions import Change, Changed, Versions
from api.tables.views import people, staff_id
from leads.errors import FieldProblem, Invalid
from rules.difference import Difference, difference
from rules.errors import TableRefused
from rules.feel import FeelError
from rules.reading import read_table
from store import drafts
from store.drafts import Draft, DraftState, Revision
from store.session import Tx
from store.views import Named

MOST_SAVES: Final = 20
"""Saves that are told cell by cell, the newest; of earlier ones only who and when."""


@dataclass(frozen=True, slots=True)
class Save:
    """One save that the caller has not seen."""

    revision: int
    at: datetime
    by: Named | None
    note: str


def version_of(draft: Draft) -> str:
    """A draft's version: its newest revision, and what became of it."""
    return str(draft.revision) if draft.state == DraftState.OPEN else f"{draft.revision}.{draft.state}"


def meant(draft: Draft, revision: int | None, expected: Versions | None) -> int:
    """The revision that a change was made to. Raises ``Invalid`` if neither says it.

    Whether it is still the newest is not asked here: a repeated request must find its stored answer first.
    """
    if revision is not None:
        return revision
    if expected is None:
        raise Invalid("invalid_input", problems=(FieldProblem("revision", "missing"),))
    seen = (number for number in expected.numbers() if 1 <= number <= draft.revision)
    return draft.revision if expected.match(draft.revision) else next(seen, draft.revision)


async def as_expected(tx: Tx, draft: Draft, expected: Versions | None) -> None:
    """Raises ``Changed`` with what was saved since. The draft is held."""
    if expected is None or expected.match(version_of(draft)):
        return
    seen = next((number for number in expected.numbers() if 1 <= number < draft.revision), None)
    made = [] if seen is None else [one for one in await drafts.revisions(tx, draft.id) if one.number > seen]
    names = await people(tx, [one.by for one in made])
    saves = [Save(one.number, one.at, names.get(staff_id(one.by)), one.note) for one in made]
    first = made[-1].number - 1 if made else 0
    numbers = range(max(first, draft.revision - MOST_SAVES), draft.revision + 1) if made else range(0)
    files = [await drafts.file(tx, draft.id, number) for number in numbers]
    told = await asyncio.to_thread(lambda: list(_told(draft.key, files)))
    changes = [Change(field, old, new, save.at, names.get(staff_id(save.by))) for save, field, old, new in told]
    raise Changed(version_of(draft), {"revision": draft.revision, "saves": saves, "changes": changes})


def _told(key: str, files: Sequence[Revision]) -> Iterator[tuple[Revision, str, str, str]]:
    for before, after in pairwise(files):
        for field, old, new in _differing(_between(key, before.xml, after.xml)):
            yield after, field, old, new


def _between(key: str, old: bytes, new: bytes) -> Difference | None:
    """None when one of them cannot be read yet: drafts may be saved unfinished."""
    try:
        before, after = (next(one for one in read_table(xml) if one.key == key) for xml in (old, new))
    except (TableRefused, FeelError):
        return None
    return difference(before, after)


def _differing(found: Difference | None) -> Iterator[tuple[str, str, str]]:
    """Field, before and now; a row that came or went is a field of its own."""
    if found is None:
        return
    yield from ((one.name, one.old, one.new) for one in found.properties)
    for column in found.columns:
        yield from ((f"columns/{column.name}/{one.name}", one.old, one.new) for one in column.properties)
    for row in found.rows:
        said = "; ".join(f"{cell.column}: {cell.text}" for cell in row.cells)
        old, new = (said if row.new is None else "", said if row.old is None else "")
        if old or new:
            yield f"rows/{row.id}", old, new
    yield from ((f"rows/{one.row}/{one.column}", one.old, one.new) for one in found.cells)
    for example in found.examples:
        yield from ((f"examples/{example.name}/{one.name}", one.old, one.new) for one in example.properties)
    for inner in found.within:
        yield from ((f"{inner.name}/{field}", old, new) for field, old, new in _differing(inner))
