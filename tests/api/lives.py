"""Lives of leads on small diagrams, as their processes would have written them when they came to
rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from activities import rest
from cases.actors import EVERYTHING, PROCESS, SYSTEM
from cases.contracts import LifeAtRest, ProcessRef, Settlement
from domain.tables import Tables
from store.engine import incidents
from store.leads import leads
from store.tables import definitions
from tests.api.conftest import Desk
from tests.store import kept
from tests.workflows.bpmn.diagrams import bpmn
from workflows import visits
from workflows.bpmn import Event, Program, State, Visit, begin, read, step


@dataclass
class Life:
    """One lead's life on the process p; ``told`` it events, it moves, and is written as it
    rests."""

    desk: Desk
    lead: UUID
    ref: ProcessRef
    program: Program
    state: State
    applied: int = 1
    trace: list[Visit] = field(default_factory=list[Visit])

    async def tell(self, *events: Event, applied: int | None = None) -> None:
        """The process applies events, and has then seen message ``applied``."""
        for event in events:
            self.state, _ = step(self.program, self.state, event, self.desk.clock.now(), trace=self.trace)
        self.applied = applied or self.applied
        await self.settle()

    async def settle(self) -> None:
        now = self.desk.clock.now()
        way = visits.lines(self.trace, self.state, {self.ref.key: self.ref.version})
        life = LifeAtRest(
            life=1,
            started_at=now,
            process=self.ref,
            called=(),
            applied=self.applied,
            snapshot=self.state.to_json(),
            place=self.state.place(scopes=True),
            visits=tuple(way.values()),
            outcome=self.state.outcome,
        )
        settlement = Settlement(str(self.lead), now, life, ended=self.state.ended)
        await rest.settle(self.desk.database, Tables(), settlement)

    def execution(self, element: str) -> str:
        return next(one.id for one in self.state.executions.values() if one.element == element)

    async def fail(self, element: str, message: str = "activity: KeyError", kind: str = "activity_failed") -> UUID:
        """The step at this element has failed for good, (again)."""
        key = f"{self.lead}:1:{self.execution(element)}"
        async with self.desk.database.transaction(PROCESS, EVERYTHING) as tx:
            await leads.lock(tx, self.lead)
            await incidents.record(tx, self.lead, key, element, kind, message, self.desk.clock.now())
            return next(one.id for one in await kept.open_incidents(tx, self.lead) if one.key == key)

    async def lead_messages(self) -> list[tuple[int, str, dict[str, Any]]]:
        """The numbers, kinds and data of all messages to the process."""
        query = "SELECT seq, kind, data FROM outbox WHERE case_id = :lead ORDER BY seq"
        return [(row["seq"], row["kind"], row["data"]) for row in await self.desk.rows(query, lead=self.lead)]


async def deploy(desk: Desk, text: str) -> ProcessRef:
    """The text as the newest version of p."""
    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        version = await definitions.deploy_process(tx, "p", "流程", bpmn(text), [], desk.clock.now(), "system")
    return version.ref


async def living(desk: Desk, text: str, variables: Mapping[str, Any] | None = None) -> Life:
    """A lead that runs on this diagram, deployed as p, and has come to rest for the first time."""
    ref = await deploy(desk, text)
    program = read(bpmn(text)).processes
    lead = await desk.created()
    trace: list[Visit] = []
    state, _ = begin(program, "p", dict(variables or {}), desk.clock.now(), trace=trace)
    life = Life(desk, lead, ref, program, state, trace=trace)
    await life.settle()
    return life
