"""A code in both languages, and how it is filled.

``{names}`` are filled from the entry's data; ids among them become people's and dealers' names
where the line is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeVar

Language = Literal["zh", "en"]
T = TypeVar("T")


def chosen(language: Language, zh: T, en: T) -> T:
    """What is said in a language: the one place that knows which languages there are. A further
    language is a further argument here, and every catalogue that has none of it yet speaks
    English."""
    return zh if language == "zh" else en


class Words(NamedTuple):
    """One code in both languages; ``cases`` say it otherwise where an entry's ``case`` is one of
    them.

    The case ``without_staff`` is that of an entry in which nobody is ``staff``.
    """

    zh: str
    en: str
    cases: Mapping[str, Words] = MappingProxyType({})


def say(table: Mapping[str, Words], code: str, language: Language, data: Mapping[str, object] | None = None) -> str:
    """The text of a code, filled; an unknown code is its own text, an absent value a dash. Never
    raises."""
    words = table.get(code)
    if words is None:
        return code
    words = _of_case(words, data or {})
    return chosen(language, words.zh, words.en).format_map(_Filled(data or {}))


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
