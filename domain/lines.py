"""A line of a lead's timeline in words: the catalogue's sentence, its codes and ids said as people
say them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cases.messages import TIMELINE, Language
from cases.messages.marks import marked
from cases.spoken import sentence
from domain.kinds import said as declared


def line(code: str, data: Mapping[str, Any], names: Mapping[str, str], language: Language) -> str:
    """The sentence of an entry; ``names`` say who and what ids and codes of the network are. Never
    raises."""
    said = sentence(TIMELINE, code, data, declared(names, language), language)
    words = str(data.get("words") or "")
    if not words:
        return said
    return marked("quoted", language, said=said, words=words)
