"""The name of one execution of one element in one life: what a step's result is stored under, for
ever."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StepKey:
    """``life`` is the number of the message that began it; ``execution`` is unique within the
    life."""

    case: str
    life: int
    execution: str

    @classmethod
    def parse(cls, text: str) -> StepKey:
        """Raises ``ValueError`` for what is no key of a step: a report about a step has a longer
        one."""
        case, life, execution = text.split(":")
        return cls(case, int(life), execution)

    def __str__(self) -> str:
        return f"{self.case}:{self.life}:{self.execution}"
