"""A sentence in every language, and how it is filled.

A sentence has a key: its catalogue and its code (``timeline.reminder.passed``). Chinese and English
are columns of its row; a further language is a file of sentences by their keys. ``{names}`` are
filled from the entry's data; ids among them become people's and dealers' names where the line is
shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol, Self, TypeVar

from cases.messages import languages
from cases.messages.languages import Language


class Words(NamedTuple):
    """One sentence; ``cases`` say it otherwise where an entry's ``case`` is one of them.

    The case ``without_staff`` is that of an entry in which nobody is ``staff``. ``key`` is given by
    the catalogue, or by the declaration that the words belong to.
    """

    zh: str
    en: str
    cases: Mapping[str, Words] = MappingProxyType({})
    key: str = ""

    def keyed(self, key: str) -> Words:
        """The same under its key."""
        return Words(self.zh, self.en, {case: one.keyed(f"{key}.{case}") for case, one in self.cases.items()}, key)

    def sentences(self) -> Iterator[Words]:
        """Itself and its cases."""
        yield self
        yield from self.cases.values()


class Keyed(Protocol):
    """What a catalogue holds: one sentence or several."""

    def keyed(self, key: str) -> Self:
        """The same under its key."""
        ...

    def sentences(self) -> Iterator[Words]:
        """All of them that say something."""
        ...


Row = TypeVar("Row", bound=Keyed)

_COLUMNS: Final[Mapping[str, Callable[[Words], str]]] = {"zh": attrgetter("zh"), "en": attrgetter("en")}


def catalogue(name: str, rows: Mapping[str, Row]) -> dict[str, Row]:
    """Rows by their codes, each under its key. A code never changes its meaning once it is in a
    database; a key never does once a translation has it."""
    return {code: row.keyed(f"{name}.{code}") for code, row in rows.items()}


def chosen(words: Words, language: Language) -> str:
    """The sentence in a language, not filled: the one place that picks. What a language has not is
    said in English."""
    column = _COLUMNS.get(language)
    if column is not None:
        return column(words)
    return languages.translations(languages.TRANSLATIONS / f"{language}.json").get(words.key, words.en)


def say(table: Mapping[str, Words], code: str, language: Language, data: Mapping[str, object] | None = None) -> str:
    """The text of a code, filled; an unknown code is its own text, an absent value a dash. Never
    raises."""
    words = table.get(code)
    if words is None:
        return code
    return chosen(_of_case(words, data or {}), language).format_map(_Filled(data or {}))


def _of_case(words: Words, data: Mapping[str, object]) -> Words:
    """The words for an entry's case: the one that it names, else that of something it has not."""
    named = words.cases.get(str(data.get("case")))
    if named is not None:
        return named
    missing = (f"without_{name}" for name, value in data.items() if value is None)
    return next((words.cases[case] for case in missing if case in words.cases), words)


class _Filled(dict[str, object]):
    def __init__(self, data: Mapping[str, object]) -> None:
        super().__init__({name: "—" if value is None else value for name, value in data.items()})

    def __missing__(self, name: str) -> str:
        return "—"
