"""The languages that Baton speaks, and which of them a language tag means.

Chinese and English stand beside each other in the code, a column each (``cases.messages.words``).
Any other is a file ``translations/<language>.json``, key to sentence, and its tag here.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Final, Literal, get_args

Language = Literal["zh", "en"]
"""Tags (BCP 47, in lower case). A further language is one more of them."""

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
"""The first is what is spoken where nobody asks for another."""

TRANSLATIONS: Final = Path(__file__).with_name("translations")


def matching(tag: str) -> Language | None:
    """The language that a tag asks for (RFC 4647, section 3.4): ``zh-Hans-CN`` is ``zh``, as long
    as nothing nearer is there; None: Baton does not speak it."""
    asked = tag.strip().lower()
    while asked:
        if asked in LANGUAGES:
            return asked
        asked = asked.rpartition("-")[0]
    return None


def spoken_by(tag: str) -> Language:
    """As ``matching``; of a tag that is not spoken, the first language."""
    return matching(tag) or LANGUAGES[0]


@cache
def translations(file: Path) -> dict[str, str]:
    """A file of sentences by their keys, as ``GET /texts`` gives them for another language."""
    return json.loads(file.read_text(encoding="utf-8"))["texts"]
