"""A language that nobody speaks: English between brackets. It is made the way that a translator
makes one, from what ``GET /texts`` gives, as a file, and one more tag."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from api.texts.catalogues import texts
from cases.messages import languages

TAG: Final[Any] = "xx"
_LETTERS: Final = str.maketrans("aeiou", "àéîõü")
_PARTS: Final = re.compile(r"(\{\w+\})")


def translated(sentence: str) -> str:
    """The same with every vowel changed, but for the placeholders."""
    parts = _PARTS.split(sentence)
    return "⟦" + "".join(part if _PARTS.fullmatch(part) else part.translate(_LETTERS) for part in parts) + "⟧"


def foreign(said: str) -> bool:
    """Whether a sentence is wholly in that language: it begins and ends in brackets."""
    return said.startswith("⟦") and said.endswith("⟧")


@contextmanager
def spoken(directory: Path) -> Iterator[None]:
    """A Baton that speaks it, too."""
    made = {"language": TAG, "texts": {key: translated(said) for key, said in texts("en").items()}}
    (directory / f"{TAG}.json").write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(languages, "TRANSLATIONS", directory)
        patch.setattr(languages, "LANGUAGES", (*languages.LANGUAGES, TAG))
        yield
