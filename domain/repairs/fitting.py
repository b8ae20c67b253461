"""Whether a running life, as it last came to rest, fits other versions of its processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from cases.contracts import ProcessRef
from cases.errors import NotFound
from domain.programs import Programs
from store.engine.instances import InstanceRow
from store.session import Tx
from store.tables import definitions
from workflows.bpmn import Program, State
from workflows.bpmn.migration import Plan, Reason, fits, suggest

Others = Literal["kept", "newest"]
"""What becomes of the other processes that a life runs on: they keep their versions, or take the
newest ones."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Lives that run on one version of a process are to go on in another."""

    process: str
    former: ProcessRef
    next: ProcessRef
    others: Others
    plan: Plan

    def to_json(self) -> dict[str, Any]:
        """As a batch keeps its orders."""
        return {
            "process": self.process,
            "from_version": self.former.version,
            "to_version": self.next.version,
            "others": self.others,
            "plan": {key: dict(moves) for key, moves in self.plan.moves.items()},
        }


@dataclass(frozen=True, slots=True)
class Change:
    """What a life that fits runs on afterwards: its own process, and those that this one calls."""

    process: ProcessRef
    called: tuple[ProcessRef, ...]

    @property
    def refs(self) -> tuple[ProcessRef, ...]:
        return (self.process, *self.called)


async def wanted(
    tx: Tx, programs: Programs, process: str, former: int, following: int, others: Others, moves: Any = None
) -> Wanted:
    """A migration between two deployed versions; without a plan, with the one that can be guessed.

    Raises ``NotFound`` for a version that was never deployed.
    """
    before = (await definitions.process(tx, process, former)).ref
    after = (await definitions.process(tx, process, following)).ref
    if moves is not None:
        return Wanted(process, before, after, others, Plan(moves))
    old, new = await programs.of(tx, [before]), await programs.of(tx, [after])
    return Wanted(process, before, after, others, suggest(old, new))


class Targets:
    """Which versions a life would run on; lives of the same versions go on in the same ones, so it
    is asked once."""

    def __init__(self, programs: Programs, wanted: Wanted) -> None:
        self._programs = programs
        self._wanted = wanted
        self._known: dict[tuple[ProcessRef, ...], Change | Reason] = {}

    async def of(self, tx: Tx, life: InstanceRow) -> Change | Reason:
        """The versions, or why there are none."""
        if life.refs not in self._known:
            try:
                self._known[life.refs] = await self._found(tx, life)
            except NotFound as missing:
                self._known[life.refs] = Reason(
                    self._wanted.process, "", "not_deployed", detail=missing.params.get("key", "")
                )
        return self._known[life.refs]

    async def _found(self, tx: Tx, life: InstanceRow) -> Change:
        newest: Mapping[str, ProcessRef] = {key: ref for key, (ref, _) in (await definitions.newest_refs(tx)).items()}
        pinned = {ref.key: ref for ref in life.refs} if self._wanted.others == "kept" else {}
        pinned[self._wanted.process] = self._wanted.next
        if life.process.key != self._wanted.process:
            pinned[life.process.key] = life.process if self._wanted.others == "kept" else newest[life.process.key]
        refs = await self._programs.closure(tx, life.process.key, pinned, newest)
        return Change(refs[0], refs[1:])


class Fitting:
    """Tries a migration on lives; the programs of the same versions are put together once."""

    def __init__(self, programs: Programs, wanted: Wanted) -> None:
        self._programs = programs
        self._wanted = wanted
        self._targets = Targets(programs, wanted)
        self._known: dict[tuple[ProcessRef, ...], tuple[Program, Program, Change] | Reason] = {}

    async def prepare(self, tx: Tx, life: InstanceRow) -> None:
        """Loads what ``tried`` needs for lives of these versions."""
        if life.refs in self._known:
            return
        change = await self._targets.of(tx, life)
        if isinstance(change, Reason):
            self._known[life.refs] = change
            return
        old, new = await self._programs.of(tx, life.refs), await self._programs.of(tx, change.refs)
        self._known[life.refs] = old, new, change

    def tried(self, life: InstanceRow, at: datetime) -> Change | tuple[Reason, ...]:
        """What a prepared life would run on at an instant, or why it does not fit."""
        known = self._known[life.refs]
        if isinstance(known, Reason):
            return (known,)
        old, new, change = known
        return fits(old, new, State.from_json(life.snapshot), self._wanted.plan, at) or change


def told(reasons: tuple[Reason, ...]) -> list[dict[str, str]]:
    """Reasons as a batch keeps them."""
    return [reason.to_json() for reason in reasons]
