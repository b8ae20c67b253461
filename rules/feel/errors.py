"""What is wrong with a FEEL text, said so that its author can mend it."""

from __future__ import annotations


class FeelError(ValueError):
    """A text that is not FEEL, or an evaluation that may not go on.

    ``position`` counts characters from 0 in ``text``; ``reason`` is the sentence without the excerpt. The message
    shows the text around the position and never a variable's value, because messages end in logs.
    """

    def __init__(self, reason: str, *, text: str = "", position: int = 0) -> None:
        self.reason = reason
        self.text = text
        self.position = position
        super().__init__(f"{reason}, at {position + 1} in: {_excerpt(text, position)}" if text else reason)

    def again(self) -> FeelError:
        """The same problem, to be raised; one that is kept would gather the tracebacks of all who meet it."""
        return FeelError(self.reason, text=self.text, position=self.position)


def _excerpt(text: str, position: int, width: int = 60) -> str:
    start = max(0, position - width // 2)
    end = min(len(text), start + width)
    inside = text[start:position] + "▸" + text[position:end]
    return ("…" if start else "") + " ".join(inside.split()) + ("…" if end < len(text) else "")
