"""Why an instance does not fit a version, and what would make it fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Reason:
    """One element of a process (by key) at which something stands that the new version has no place
    for.

    ``target`` is the id that the plan gives it there; ``code`` keys ``WORDS``; ``detail`` is more
    about it, in codes.
    """

    process: str
    element: str
    code: str
    target: str = ""
    detail: str = ""

    @property
    def why(self) -> str:
        """What is wrong, for people."""
        return WORDS[self.code][0].format_map(asdict(self))

    @property
    def cure(self) -> str:
        """What can be done about it."""
        return WORDS[self.code][1].format_map(asdict(self))

    def to_json(self) -> dict[str, str]:
        """Its fields that say something."""
        return {name: value for name, value in asdict(self).items() if value}

    def __str__(self) -> str:
        return f"{self.process}, {self.element}: {self.why}; {self.cure} [{self.code}]"


class DoesNotFit(ValueError):
    """The instance stays as it is; ``reasons`` says why, element by element."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        self.reasons = reasons
        super().__init__("\n".join(str(reason) for reason in reasons))


WORDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "ended": ("the instance has ended", "nothing is to be done"),
        "not_deployed": ("the process {detail} is not deployed", "deploy it"),
        "migrating": ("another migration is on its way to it", "wait for its answer, then try again"),
        "process_gone": (
            "the new version does not call the process {process} any more",
            "let the call end first, or keep the call activity in the new version",
        ),
        "element_gone": ("the new version has no element {target}", "name in the plan where {element} goes on"),
        "other_kind": (
            "{target} is another kind of element in the new version ({detail})",
            "map {element} to an element that waits for the same",
        ),
        "other_scope": (
            "{target} lies in another sub-process in the new version",
            "map {element} to an element in the sub-process that its own one is mapped to",
        ),
        "other_call": (
            "{target} calls another process in the new version ({detail})",
            "map {element} to a call of the same process, or let the call end first",
        ),
        "flow_gone": (
            "a token waits at the join {element} that came by a flow ({detail}) which the new version does not have",
            "give the flow its id again, or let the join be passed first",
        ),
        "undone_gone": (
            "{element} is done and can be undone, and the new version does not know how ({detail})",
            "map {element} to an activity with a compensation handler",
        ),
        "timer_unknown": (
            "the timer {target}, which is new, cannot be armed: {detail}",
            "correct the variables that it is worked out from, or its expression",
        ),
    }
)
"""Code → what is wrong, what can be done; in English, as all that the core says."""
