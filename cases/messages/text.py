"""What is wrong and what to do about it, in every language, chosen and filled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from cases.messages.languages import Language
from cases.messages.words import Words, chosen

_CHECKED_IN: Final[Language] = "en"
"""The language that the checkers of diagrams and tables speak themselves."""


class Text(NamedTuple):
    """What is wrong and what to do about it, in Chinese and in English."""

    zh: str
    en: str
    cure_zh: str = ""
    cure_en: str = ""
    key: str = ""

    @property
    def message(self) -> Words:
        """What is wrong."""
        return Words(self.zh, self.en, key=self.key)

    @property
    def cure(self) -> Words:
        """What to do about it."""
        return Words(self.cure_zh, self.cure_en, key=f"{self.key}.cure")

    def keyed(self, key: str) -> Text:
        """The same under its key."""
        return self._replace(key=key)

    def sentences(self) -> Iterator[Words]:
        """Both of them, as far as they say something."""
        yield from (one for one in (self.message, self.cure) if one.zh)


def words(table: Mapping[str, Text], code: str, language: Language, params: Mapping[str, str]) -> tuple[str, str]:
    """The message and the cure for a code; an unknown code is its own message, so that nothing is
    swallowed."""
    text = table.get(code)
    if text is None:
        return code, ""
    return fill(chosen(text.message, language), params), fill(chosen(text.cure, language), params)


def as_checked(table: Mapping[str, Text], code: str, language: Language) -> bool:
    """Whether a checker's own sentence is what the caller reads: it names more than the text of its
    code, and it stands in where the code has none."""
    return language == _CHECKED_IN or code not in table


def fill(template: str, params: Mapping[str, str]) -> str:
    """Placeholders by plain replacement: a value with braces in it must not break the sentence."""
    for name, value in params.items():
        template = template.replace("{" + name + "}", value)
    return template
