"""Files of a table compared. Heavy work: it is done aside (``domain.aside``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from cases.errors import Invalid, NotFound
from rules.difference import Difference, difference
from rules.errors import TableRefused
from rules.feel import FeelError
from rules.model import Decision
from rules.reading import read_table


class FieldChange(NamedTuple):
    """A field before and now; a row that came or went is a field of its own."""

    field: str
    old: str
    new: str


def between_versions(key: str, before: bytes, after: bytes) -> Difference:
    """Between two published files. Raises ``NotFound`` for one that cannot be read any more."""
    return difference(_published(key, before), _published(key, after))


def to_a_draft(key: str, before: bytes, after: bytes) -> Difference:
    """From a published file to a draft. Raises ``NotFound``, and ``Invalid`` for a draft that
    cannot be read."""
    return difference(_published(key, before), _drafted(key, after))


def drafted_inputs(key: str, xml: bytes) -> tuple[str, ...]:
    """What a draft or version asks for. Raises ``Invalid`` if it cannot be read."""
    return _drafted(key, xml).inputs


def changes_of(key: str, files: Sequence[bytes]) -> list[list[FieldChange]]:
    """What each of these saves changed of the one before it."""
    return [list(_differing(_between(key, old, new))) for old, new in pairwise(files)]


def _published(key: str, xml: bytes) -> Decision:
    try:
        return _decision(key, xml)
    except TableRefused as refused:  # published by a Baton that still ran what this one refuses
        raise NotFound("table_not_found", key=key) from refused


def _drafted(key: str, xml: bytes) -> Decision:
    try:
        return _decision(key, xml)
    except (TableRefused, FeelError) as refused:  # FeelError: an output that cannot be computed
        raise Invalid("draft_unreadable") from refused


def _decision(key: str, xml: bytes) -> Decision:
    """Every version and draft of a key holds its decision: nothing else is taken in."""
    return next(one for one in read_table(xml) if one.key == key)


def _between(key: str, old: bytes, new: bytes) -> Difference | None:
    """None when one of them cannot be read yet: drafts may be saved unfinished."""
    try:
        before, after = _decision(key, old), _decision(key, new)
    except (TableRefused, FeelError):
        return None
    return difference(before, after)


def _differing(found: Difference | None) -> Iterator[FieldChange]:
    if found is None:
        return
    yield from (FieldChange(one.name, one.old, one.new) for one in found.properties)
    for column in found.columns:
        yield from (FieldChange(f"columns/{column.name}/{one.name}", one.old, one.new) for one in column.properties)
    for row in found.rows:
        said = "; ".join(f"{cell.column}: {cell.text}" for cell in row.cells)
        old, new = (said if row.new is None else "", said if row.old is None else "")
        if old or new:
            yield FieldChange(f"rows/{row.id}", old, new)
    yield from (FieldChange(f"rows/{one.row}/{one.column}", one.old, one.new) for one in found.cells)
    for example in found.examples:
        yield from (FieldChange(f"examples/{example.name}/{one.name}", one.old, one.new) for one in example.properties)
    for inner in found.within:
        yield from (FieldChange(f"{inner.name}/{field}", old, new) for field, old, new in _differing(inner))
