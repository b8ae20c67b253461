"""A wake-up of a case in one transaction: its process goes on until it only waits, and the store
hears where (docs/decisions/0058).

The same program goes through the same steps as in the workflow (``workflows.stretch``); here each
step's activity is executed, and what it leaves is gathered and written in as few statements as the
next step's reads allow. A step that fails ends the stretch: what came before it is kept, and the
workflow does that step by itself, with tries, BPMN error and incident as a step by itself has them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import structlog

from activities import rest, shadow
from activities.cleaning import CONTACT
from activities.contact import CALL_WISH
from activities.executing import SECONDS, Known, execute
from cases.actors import EVERYTHING, PROCESS
from cases.contracts import Advanced, Ran, Settlement, WakeUp
from cases.states import CaseKind
from domain import kinds
from domain.leads.choosing import ROSTER
from domain.rounds.registry import AS_SHIPPED, House
from domain.tables import Tables
from domain.work import Result
from store.engine import cases, ledger, wake_ups
from store.engine.cases import CaseRow, Opened
from store.engine.ledger import Ledger
from store.engine.watched import watched
from store.failures import may_be_cured
from store.leads import leads, waking
from store.leads.leads import LeadRow
from store.network.routing import LOADS
from store.session import Database, Tx
from workflows.errands import Errand
from workflows.stretch import Stretch

log = structlog.get_logger("activities")

STEPS: Final = 100
"""Steps of one transaction; what comes after is another's."""
SECONDS_AT_MOST: Final = 5.0
"""Wall time after which no further step begins in the same transaction: half of what Temporal gives
a workflow task."""


class _Stopped(Exception):
    """A step failed after so many others: they are done again without it."""

    def __init__(self, after: int) -> None:
        super().__init__(after)
        self.after = after


class _Carefully(Exception):
    """What steps leave cannot be written together: somebody else has done one of them before, or
    the store refuses what one leaves. Each is looked for before it is done, and written after
    it."""


async def advance(db: Database, tables: Tables, wake: WakeUp, *, house: House = AS_SHIPPED) -> Advanced:
    """Goes on from where the workflow is; the second time, it is told the same and nothing changes.

    Raises ``NotFound`` without the case, ``Unavailable`` while the database is away.
    """
    most, careful = STEPS, False
    while True:
        try:
            return await _attempt(db, tables, wake, house, most, careful=careful)
        except _Stopped as stopped:
            most = stopped.after
        except _Carefully:
            careful = True


async def _attempt(db: Database, tables: Tables, wake: WakeUp, house: House, most: int, *, careful: bool) -> Advanced:
    async with db.transaction(PROCESS, EVERYTHING, one_plan=True) as tx:
        opened, known = await _open(tx, wake)
        if opened.before is not None:
            return await wake_ups.advanced(tx, wake, opened.before)
        case = opened.case
        if wake.claim is not None and not await rest.granted(tx, case.id, case.message_seq, wake.claim):
            return Advanced(wake.cause, granted=False)
        await tables.refresh(tx, opened.tables)
        behind = Ledger(wake.at, None, str(tx.actor))
        going = _Going(tx, wake, case, tables, house, behind, known, careful=careful)
        done = await going.on(most)
        await wake_ups.sweep(tx, case.id, wake)
    for asked in going.asked:
        shadow.count(asked)
    return done


async def _open(tx: Tx, wake: WakeUp) -> tuple[Opened[LeadRow | CaseRow], Known]:
    """The case, locked: a lead with what only leads have, and with what its steps ask first."""
    if wake.kind != CaseKind.LEAD:
        return await cases.open_wake_up(tx, wake.case_id, wake.kind, wake.run, wake.number), Known()
    woken = await waking.open_wake_up(tx, wake.case_id, wake.run, wake.number)
    known: Known = {CONTACT: woken.contact, (CALL_WISH, woken.opened.case.customer_id): woken.wish}
    if woken.roster is not None:
        known[ROSTER] = woken.roster
    return woken.opened, known


@dataclass(slots=True)
class _Going:
    """One try. ``behind`` is what the steps so far leave and nothing has asked for yet; ``owner``
    is whose the case is in the store."""

    tx: Tx
    wake: WakeUp
    case: LeadRow | CaseRow
    tables: Tables
    house: House
    behind: Ledger
    known: Known
    careful: bool
    asked: list[shadow.Asked] = field(default_factory=list[shadow.Asked])
    ran: list[Ran] = field(default_factory=list[Ran])
    stale: bool = False
    owner: UUID | None = field(init=False)

    def __post_init__(self) -> None:
        self.owner = self.case.owner_id

    async def on(self, most: int) -> Advanced:
        stretch, begun = Stretch.of(self.wake), time.monotonic()
        while (errand := self._next(stretch)) is not None:
            if len(self.ran) >= most or time.monotonic() - begun > SECONDS_AT_MOST or self._alone(errand):
                return await self._told()
            result = await self._do(errand, stretch)
            self.ran.append(Ran(errand.name, result))
            stretch.done(errand, result)
        return await self._told(rested=True, settlement=stretch.settlement())

    async def _told(self, *, rested: bool = False, settlement: Settlement | None = None) -> Advanced:
        """Writes what the last steps leave, what the workflow is told, and the rest to which it has
        come."""
        done = Advanced(self.wake.cause, tuple(self.ran), rested=rested)
        self.behind.woken.append(wake_ups.row(self.wake, done))
        await self._write(settlement)
        return done

    def _next(self, stretch: Stretch) -> Errand | None:
        """The next step; timers are the workflow's."""
        while True:
            todo = stretch.next()
            if todo is None or isinstance(todo, Errand):
                return todo

    def _alone(self, errand: Errand) -> bool:
        offered = kinds.working_on(self.wake.kind).get(errand.activity)
        return offered is not None and offered.alone

    async def _do(self, errand: Errand, stretch: Stretch) -> Result:
        step, begun = stretch.step(errand), time.perf_counter()
        if self.careful and (known := await wake_ups.result_of(self.tx, step.key)) is not None:
            self.stale = True
            return known
        if self.stale:
            self.case, self.stale = await self._read_again(), False
        tx = watched(self.tx, self._before)
        try:
            done = await execute(tx, errand.activity, step, self.case, self.tables, self.house, self.known)
            self.behind.add(done.ledger)
            if self.careful:
                await self._write()
        except Exception as failure:
            if may_be_cured(failure) or isinstance(failure, _Carefully):
                raise
            raise _Stopped(len(self.ran)) from failure
        self.case = done.case
        self.asked.append(done.asked)
        took = time.perf_counter() - begun
        SECONDS.labels(errand.activity).observe(took)
        log.debug(
            "activity",
            activity=errand.activity,
            **{self.wake.kind: self.wake.case_id},
            element=errand.element,
            ms=round(took * 1000, 1),
        )
        return done.result

    async def _read_again(self) -> LeadRow | CaseRow:
        await self._write()
        of = leads if self.wake.kind == CaseKind.LEAD else cases
        return await of.get(self.tx, self.case.id)

    async def _write(self, settlement: Settlement | None = None) -> None:
        """Writes what the steps so far leave."""
        try:
            if settlement is None:
                await ledger.write(self.tx, self.case.id, self.behind)
            else:
                await rest.come_to_rest(self.tx, self.tables, settlement, self.behind)
        except Exception as failure:
            if self.careful or may_be_cured(failure):
                raise
            raise _Carefully from failure
        self.behind = Ledger(self.wake.at, None, self.behind.actor)
        self.owner = self.case.owner_id

    async def _before(self, reads: frozenset[str] | None) -> None:
        """A step is about to ask the store something: it has to see what earlier ones left."""
        if reads is None:
            await self._write()
            self.stale = True  # it may change the case beside the ledger
            self.known.clear()
        elif not self._shows().isdisjoint(reads):
            await self._write()

    def _shows(self) -> frozenset[str]:
        """Where it would show what is not written yet. Of a case that was nobody's and is, loads
        show nothing."""
        nobodys = self.owner is None and self.case.owner_id is None and self.behind.names_nobody
        return self.behind.writes - {LOADS} if nobodys else self.behind.writes
