"""Who acts and how far they may see: named by every transaction from the first day (requirement
F2).

The store writes both into the transaction's settings ``baton.actor`` and ``baton.scope``, where row
security and change history will find them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that acts. ``id`` is a stable id or code, never a name or a number of a
    person."""

    kind: Literal["staff", "channel", "process", "system"]
    id: str = ""

    def __str__(self) -> str:
        """As stored in timelines and assignments: ``staff:<id>``, or the kind alone where there is
        no id."""
        return f"{self.kind}:{self.id}" if self.id else self.kind

    @classmethod
    def read(cls, text: str) -> Actor:
        """An actor as it was stored."""
        kind, _, identity = text.partition(":")
        return cls(kind, identity)  # type: ignore[arg-type]


def staff_id(actor: str | None) -> str:
    """The id in a stored actor; "" for the system and for nobody."""
    kind, _, identity = (actor or "").partition(":")
    return identity if kind == "staff" else ""


@dataclass(frozen=True, slots=True)
class Unseen:
    """Cases that are not there for an actor: those of a kind of which a fact says one of these
    values."""

    kind: str
    fact: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose leads an actor may touch: everybody's, a region's (code), a dealer's (id) or their own
    (staff id). ``unseen`` are cases that they may not even know of, wherever they stand."""

    kind: Literal["all", "region", "dealer", "own"]
    value: str = ""
    unseen: tuple[Unseen, ...] = ()

    def __post_init__(self) -> None:
        if (self.kind == "all") == bool(self.value):
            raise ValueError(f"scope {self.kind} {'takes no' if self.value else 'needs a'} value")

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}" if self.value else self.kind


PROCESS = Actor("process")
"""A lead's process: the actor of every activity."""

SYSTEM = Actor("system")
"""Baton's own housekeeping: deployment, relay, seeding."""

EVERYTHING = Scope("all")
"""Sees the whole network: processes, the system and HQ."""
