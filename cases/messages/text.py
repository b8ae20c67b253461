"""One text in both languages, chosen and filled."""

from __future__ import annotations

from typing import NamedTuple

from cases.messages.words import Language, chosen


class Text(NamedTuple):
    """What is wrong and what to do about it, in Chinese and in English."""

    zh: str
    en: str
    cure_zh: str = ""
    cure_en: str = ""


def words(table: dict[str, Text], code: str, language: Language, params: dict[str, str]) -> tuple[str, str]:
    """The message and the cure for a code; an unknown code is its own message, so that nothing is
    swallowed."""
    text = table.get(code)
    if text is None:
        return code, ""
    message, cure = chosen(language, (text.zh, text.cure_zh), (text.en, text.cure_en))
    return fill(message, params), fill(cure, params)


def fill(template: str, params: dict[str, str]) -> str:
    """Placeholders by plain replacement: a value with braces in it must not break the sentence."""
    for name, value in params.items():
        template = template.replace("{" + name + "}", value)
    return template
