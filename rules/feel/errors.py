"""What is wrong with a FEEL text, said so that its author can mend it."""

from __future__ import annotations

from typing import NamedTuple


class Bound(NamedTuple):
    """One of FEEL's bounds (``rules.feel.bounds``): its name, which stays, and of what there may be
    so many."""

    name: str
    limit: int
    of: str


class FeelError(ValueError):
    """A text that is not FEEL, or an evaluation that may not go on.

    ``position`` counts characters from 0 in ``text``; ``reason`` is the sentence without the
    excerpt. The message shows the text around the position and never a variable's value, because
    messages end in logs.
    """

    def __init__(self, reason: str, *, text: str = "", position: int = 0) -> None:
        self.reason = reason
        self.text = text
        self.position = position
        super().__init__(f"{reason}, at {position + 1} in: {_excerpt(text, position)}" if text else reason)

    def again(self) -> FeelError:
        """The same problem, to be raised; one that is kept would gather the tracebacks of all who
        meet it."""
        return self.within(self.text)

    def within(self, text: str) -> FeelError:
        """The same problem, with the text that it was found in."""
        return FeelError(self.reason, text=text, position=self.position)


class FeelTooMuch(FeelError):
    """An expression asks for more than one of the bounds allows. Never null: nobody has said what
    it comes to."""

    def __init__(self, bound: Bound, *, text: str = "", position: int | None = None) -> None:
        self.bound = bound
        self.placed = position is not None
        super().__init__(f"more than {bound.limit:,} {bound.of}", text=text, position=position or 0)

    def within(self, text: str) -> FeelTooMuch:
        return FeelTooMuch(self.bound, text=text, position=self.position)

    def near(self, position: int) -> FeelTooMuch:
        """The same, with the place in its text if it had none: the innermost one that is known
        stays."""
        return self if self.placed else FeelTooMuch(self.bound, text=self.text, position=position)


def _excerpt(text: str, position: int, width: int = 60) -> str:
    start = max(0, position - width // 2)
    end = min(len(text), start + width)
    inside = text[start:position] + "▸" + text[position:end]
    return ("…" if start else "") + " ".join(inside.split()) + ("…" if end < len(text) else "")
