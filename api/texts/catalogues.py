"""Every catalogue there is. One that is not here can be neither shown nor translated (a test looks
for it)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from api.migrations.words import REASONS
from api.processes.words import CODES as DIAGRAMS
from api.processes.words import PROPOSED
from api.tables.reader_words import PLACES, SENTENCES
from api.tables.sentences import CODES as TABLES
from api.tables.sentences import STAGES
from cases import messages, spoken
from cases.messages import Language, Words, catalogue, chosen, named
from cases.messages.fields import FIELDS
from cases.messages.marks import MARKS
from cases.messages.problems import PROBLEMS
from cases.messages.screens import LABELS
from cases.messages.words import Keyed
from domain.backtests import words as backtests
from domain.backtests.export import HEADINGS
from domain.kinds import KINDS, task_kinds
from domain.rounds import words as rounds
from domain.tickets import words as tickets

CATALOGUES: Final[tuple[Mapping[str, Keyed], ...]] = (
    # what is refused
    *(PROBLEMS, FIELDS, DIAGRAMS, PROPOSED, TABLES, STAGES, SENTENCES, PLACES, REASONS),
    # what has happened, and why
    *(messages.TIMELINE, messages.NOTIFICATIONS, messages.TABLE_EVENTS, messages.BRIEFLY, messages.EXPLAINED),
    *(messages.CANDIDATES, messages.RULED_OUT, messages.CANNOT_SAY, backtests.KINDS, backtests.WORDS, HEADINGS),
    # codes within sentences, and on screens
    *(named.STATUSES, named.ROLES, named.STATEMENTS, named.ENTRIES, named.DECISIONS, named.KINDS, spoken.VALUES, MARKS),
    *(*LABELS.values(), *tickets.LABELS.values(), rounds.WORDS, rounds.STATUSES),
    catalogue("kinds", {kind.name: Words(kind.zh, kind.one) for kind in KINDS.values()}),
)


def sentences() -> Iterator[Words]:
    """Each sentence once for each key that it has."""
    for table in CATALOGUES:
        for row in table.values():
            yield from row.sentences()
    for kind in task_kinds().values():
        yield from kind.sentences()


@cache
def texts(language: Language) -> Mapping[str, str]:
    """All sentences in a language by their keys, not filled, in the order of the catalogues."""
    return {one.key: chosen(one, language) for one in sentences()}
