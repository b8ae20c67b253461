"""Many entries of all kinds at once, as a file has them: those that others refer to come first, a
verdict for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, ValidationError

from domain.forms import Form, Line
from domain.malformed import as_field_problem
from domain.network.forms import FORMS, said
from domain.network.laws.leaving import give_on
from domain.network.laws.reach import head_office
from domain.speaker import Speaker
from store.leads import edits
from store.network.keeping import EntryKind, EntryOutcome, Wanted, keep_all
from store.session import Tx

MOST_ROWS = 50_000


class Row(Form):
    """An entry as a file has it: fields that are not given stay as they are; others may be meant by
    their names."""

    kind: EntryKind
    code: Annotated[Line, Field(min_length=1, max_length=100)]
    values: dict[Annotated[str, Field(max_length=50)], Any]


class ImportBody(Form):
    """``dry_run``: nothing is done. ``all_or_nothing``: nothing is done if a row is refused.
    ``deactivate_missing``: of the kinds that have rows, active dealers, people, channels and models
    without one become inactive."""

    rows: Annotated[list[Row], Field(min_length=1, max_length=MOST_ROWS)]
    dry_run: Annotated[bool, Field(strict=True)] = False
    all_or_nothing: Annotated[bool, Field(strict=True)] = False
    deactivate_missing: Annotated[bool, Field(strict=True)] = False


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of an entry, or would. ``row`` counts from 0 and is None for an entry that had
    none; ``given_on``: leads of who left with it that found others."""

    row: int | None
    outcome: EntryOutcome
    given_on: int


@dataclass(frozen=True, slots=True)
class Import:
    """What became of all of them. ``applied``: it was done; not after a dry run, and not where all
    or nothing was wanted and a row was refused."""

    applied: bool
    rows: tuple[Imported, ...]

    def count(self, verdict: str) -> int:
        """How many entries have this verdict."""
        return sum(one.outcome.verdict == verdict for one in self.rows)


def read(rows: Sequence[tuple[str, str, dict[str, Any]]]) -> list[Wanted]:
    """Each row's fields by its kind's form, with what is wrong with them; a second for the largest
    file."""
    return [_wanted(*row) for row in rows]


async def import_network(tx: Tx, speaker: Speaker, body: ImportBody, wanted: Sequence[Wanted]) -> Import:
    """Sets up or changes much of the network; ``wanted`` are the rows as ``read`` has them. Raises
    ``Forbidden``."""
    head_office(speaker)
    at = speaker.now()
    await edits.dated(tx, at)
    done = await keep_all(
        tx,
        wanted,
        deactivate_missing=body.deactivate_missing,
        all_or_nothing=body.all_or_nothing,
        dry_run=body.dry_run,
    )
    rows: list[Imported] = []
    for place, outcome in (*enumerate(done.outcomes), *((None, one) for one in done.missing)):
        after, given = await give_on(tx, speaker, outcome, at) if done.applied else (outcome, 0)
        rows.append(Imported(place, after, given))
    return Import(done.applied, tuple(rows))


def _wanted(kind: str, code: str, values: dict[str, Any]) -> Wanted:
    try:
        return Wanted(kind, code, said(FORMS[kind].part.model_validate(values)))
    except ValidationError as failure:
        errors = failure.errors(include_url=False, include_input=False)
        return Wanted(kind, code, {}, problems=tuple(as_field_problem(error) for error in errors))
