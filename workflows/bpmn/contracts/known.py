"""What is known of those that a diagram works with: signatures by name, given from outside the
core."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from cases.signatures import Field, Signature
from workflows.bpmn.model import Process


@dataclass(frozen=True, slots=True)
class Contracts:
    """Everything that a diagram may name, and what comes of it.

    ``messages``: the data of each that somebody sends to processes. ``tasks``: the outcomes of each
    kind of task; ``completed`` is what completing one may bring beside its outcome. ``signals`` are
    those that come from outside. ``begins``: the processes that begin by themselves, and with what;
    all others are called. ``processes`` are those outside of the file.
    """

    activities: Mapping[str, Signature]
    decisions: Mapping[str, Signature]
    messages: Mapping[str, tuple[Field, ...]]
    tasks: Mapping[str, Collection[str]]
    roles: Collection[str]
    completed: tuple[Field, ...] = ()
    signals: Collection[str] = ()
    begins: Mapping[str, tuple[Field, ...]] = field(default_factory=dict[str, tuple[Field, ...]])
    processes: Mapping[str, Process] = field(default_factory=dict[str, Process])
