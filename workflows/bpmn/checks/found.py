"""What a check yields: an element, a code from the table and a sentence that says what is wrong and
how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple, TypeAlias

from workflows.bpmn.checks.codes import CODES
from workflows.bpmn.model import Element, Problem, Process

_LONGEST_LIST: Final = 80
_LONGEST_NAME: Final = 40


class Found(NamedTuple):
    """One thing wrong. ``message``: what and the cure, at most 200 characters; the element is named
    beside it.

    ``line``: that of a part of the element, such as a flow. ``proposal``: the name that was
    probably meant.
    """

    element: Element
    code: str
    message: str
    line: int | None = None
    proposal: str = ""

    def problem(self) -> Problem:
        """It with place and severity.

        Raises:
            KeyError: the code is not in ``CODES``.
        """
        element, line = self.element, self.element.line if self.line is None else self.line
        severity = CODES[self.code].severity
        return Problem(element.id, element.name, line, self.code, self.message, severity, self.proposal)


ElementCheck: TypeAlias = Callable[[Process, Element], Iterator[Found]]
ProcessCheck: TypeAlias = Callable[[Process], Iterator[Found]]


def short(name: str) -> str:
    """A name that leaves room for the rest of the sentence."""
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def listed(names: Iterable[str]) -> str:
    """Names with commas; those that do not fit become a number: ``a, b, c and 7 more``."""
    left = [short(name) for name in names]
    shown: list[str] = []
    while left and (not shown or len(", ".join([*shown, left[0]])) <= _LONGEST_LIST):
        shown.append(left.pop(0))
    return ", ".join(shown) + (f" and {len(left)} more" if left else "")
