"""What joins the parts of a sentence, and what stands for a part that is empty."""

from __future__ import annotations

from collections.abc import Iterable

from cases.messages.languages import Language
from cases.messages.words import Words, catalogue, chosen, say

MARKS = catalogue(
    "marks",
    {
        "list": Words("、", ", "),
        "either": Words(" 或 ", " or "),
        "counted": Words("，", ", "),
        "notes": Words("；", "; "),
        "quoted": Words("{said}（{words}）", "{said} ({words})"),
        "for_example": Words("（例如 {example}）", " (for example {example})"),
        "nothing_possible": Words("无", "nothing; the process is moving, look again shortly"),
    },
)


def joined(parts: Iterable[str], language: Language, mark: str = "list") -> str:
    """Several parts as one."""
    return chosen(MARKS[mark], language).join(parts)


def marked(mark: str, language: Language, **parts: object) -> str:
    """A sentence that is put together of parts."""
    return say(MARKS, mark, language, parts)
