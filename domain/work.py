"""What an activity has in its hands: the transaction, its step, the locked case, the tables, and a
ledger to write in.

Everything that an activity notes, decides, tells or changes is gathered here and written at its end
in one statement (``store.engine.ledger``): an activity that fails leaves nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from cases.contracts import Step
from cases.parties import Party
from cases.states import Lamp, Role, TaskStatus
from domain.rounds.registry import AS_SHIPPED, House
from domain.tables import Made, Tables
from store.engine import clocks, tasks
from store.engine.cases import CaseRow
from store.engine.ledger import Ledger
from store.leads.leads import LeadRow
from store.network import hours, routing
from store.session import Tx

BECAUSE = "decision_id"
"""Under which name an entry of the timeline keeps the decision behind it."""

Answer = TypeVar("Answer")
Result = dict[str, Any]
"""What an activity gives back to the process: ids, codes and instants only."""


class BpmnError(Exception):
    """An activity throws a BPMN error; ``code`` is what a boundary event catches."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class InputRefused(Exception):
    """A step's input is not what its activity declares: ``field`` has to be ``needed``. The value
    is not repeated."""

    def __init__(self, field: str, needed: str) -> None:
        self.words = f"its input “{field}” has to be {needed}"
        super().__init__(self.words)


class NotOffered(Exception):
    """A diagram names an activity that does not work on this kind of case: nobody knew yet, when it
    was deployed, which kinds would run through it."""

    def __init__(self, activity: str, kind: str) -> None:
        self.words = f"“{activity}” does not work on a case of the kind “{kind}”"
        super().__init__(self.words)


@dataclass(frozen=True, slots=True)
class Recorded(Made):
    """A decision that is kept, under its id."""

    id: UUID


@dataclass(slots=True)
class Work:
    """One execution of one activity. ``known`` is what has been asked for at this instant, and
    nothing has changed since (``once``)."""

    tx: Tx
    step: Step
    case: LeadRow | CaseRow
    tables: Tables
    ledger: Ledger
    house: House = AS_SHIPPED
    reaches: tuple[str, ...] = ()  # the purposes for which this activity reaches customers
    known: dict[tuple[object, ...], Any] = field(default_factory=dict[tuple[object, ...], Any])

    @property
    def at(self) -> datetime:
        """The step's instant: the only time that an activity knows."""
        return self.step.at

    @property
    def of_case(self) -> str:
        """The step's name within its case: its life, and its execution in that."""
        return self.step.key.partition(":")[2]

    @property
    def data(self) -> Mapping[str, Any]:
        """The step's input."""
        return self.step.data

    @property
    def lead(self) -> LeadRow:
        """The case, if it is a lead; whoever asks works on leads alone. Raises ``TypeError``."""
        if not isinstance(self.case, LeadRow):
            raise TypeError(
                f"{self.step.element or 'a step'} works on leads, not on a case of the kind {self.step.kind}"
            )
        return self.case

    @lead.setter
    def lead(self, lead: LeadRow) -> None:
        self.case = lead

    @property
    def level(self) -> str:
        """What ladders and cadences go by: a lead's grade, a ticket's severity; empty without
        one."""
        return (self.case.grade if isinstance(self.case, LeadRow) else self.case.level) or ""

    def asked(self, key: str, level: str | None) -> str:
        """A level as a table is asked for it. Empty where the version in force lists its levels
        without this one: published before there were such cases, it goes on as it was."""
        return level if level and self.tables.takes(key, self.at, "grade", level) else ""

    async def once(self, what: tuple[object, ...], ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """Asks the store what other steps of the same instant ask, too, if none has yet."""
        if what not in self.known:
            self.known[what] = await ask()
        found: Answer = self.known[what]
        return found

    # -- decisions --------------------------------------------------------------------------------

    def look(self, key: str, **inputs: Any) -> Made:
        """Evaluates a table without recording it: a look ahead, to be decided for good when its
        time comes."""
        return self.tables.decide(key, self.at, inputs)

    def decide(self, key: str, *, about: Sequence[Any] = (), **inputs: Any) -> Recorded:
        """Evaluates a table and records why: inputs, version, matched rows, result, candidates."""
        made = self.look(key, **inputs)
        identity = self.record(made, about)
        return Recorded(made.key, made.version, made.inputs, made.matched, made.outputs, identity)

    def record(self, made: Made, about: Sequence[Any] = (), result: Mapping[str, Any] | None = None) -> UUID:
        """Records a decision; for routing ``about`` are the candidates and ``result`` says who was
        chosen."""
        outputs = made.outputs if result is None else result
        if outputs is None:
            outputs = {}
        return self.ledger.decided(made.key, made.version, made.inputs, made.matched, outputs, tuple(about))

    # -- the case ---------------------------------------------------------------------------------

    def change(self, **values: Any) -> None:
        """New values for columns of the case, under the names that its kind has for them, written
        at the end."""
        self.ledger.change(**values)
        self.case = replace(self.case, **values)

    def give(
        self,
        kind: str,
        *,
        dealer_id: UUID | None,
        staff_id: UUID | None,
        decision_id: UUID | None,
        clock_from: datetime | None = None,
    ) -> None:
        """Gives the lead, on which nobody works, to a dealer or one of its people, written at the
        end; the hours of a first contact run from ``clock_from``, if given."""
        self.ledger.give(
            str(kind),
            dealer_id=dealer_id,
            staff_id=staff_id,
            previous_dealer_id=self.lead.dealer_id,
            previous_staff_id=self.lead.owner_id,
            decision_id=decision_id,
            clock_from=clock_from,
        )
        self.lead = replace(
            self.lead,
            dealer_id=dealer_id,
            owner_id=staff_id,
            assigned_at=self.at if staff_id else None,
            clock_from=clock_from,
        )

    def badge(self, badge: str) -> None:
        """Puts a badge on the lead."""
        if badge not in self.lead.badges:
            self.change(badges=[*self.lead.badges, str(badge)])

    async def put_down(self, *, keep: Collection[str] = ()) -> None:
        """Ends everything that anybody was to do: open tasks (but ``keep``) are withdrawn, all
        clocks stop."""
        for_whom = [task.id for task in await tasks.open_for_lead(self.tx, self.case.id) if task.kind not in keep]
        if for_whom:
            await tasks.close(self.tx, self.case.id, TaskStatus.WITHDRAWN, self.at, ids=for_whom)
        await clocks.stop(self.tx, self.case.id, self.at)
        self.change(lamp=Lamp.GREEN.value, next_due_at=None)

    # -- working hours ----------------------------------------------------------------------------

    async def calendar(self, party: Party) -> hours.Kept:
        """The working hours of a party as they stand."""
        return await self.once(("calendar", party), lambda: hours.calendar(self.tx, party, self.at))

    # -- words ------------------------------------------------------------------------------------

    def note(self, code: str, /, *, because: UUID | None = None, **data: Any) -> None:
        """One line of the case's history; ``code`` keys ``cases.messages.TIMELINE``, ``because`` is
        the decision."""
        self.ledger.note(code, data if because is None else data | {BECAUSE: because})

    def tell(self, code: str, /, *, staff: UUID | None = None, role: Role | None = None, **data: Any) -> None:
        """Tells a person, or whoever has a role; ``code`` keys ``cases.messages.NOTIFICATIONS``."""
        self.ledger.notify(code, data, staff_id=staff, role=role)

    def tell_owner(self, code: str, /, *, otherwise: Role = Role.CALL_CENTRE, **data: Any) -> None:
        """Tells the case's owner, or a role when it has none."""
        owner = self.case.owner_id
        self.tell(code, staff=owner, role=None if owner else otherwise, **data)

    async def tell_manager(self, code: str, /, **data: Any) -> None:
        """Tells the managers of the case's dealer; HQ when it has no dealer or the dealer no
        manager."""
        managers = await self._managers_of(self.case.dealer_id) if self.case.dealer_id else ()
        for manager in managers:
            self.tell(code, staff=manager, **data)
        if not managers:
            self.tell(code, role=Role.HQ, **data)

    async def _managers_of(self, dealer_id: UUID) -> tuple[UUID, ...]:
        return await self.once(("managers", dealer_id), lambda: routing.managers_of(self.tx, dealer_id))


def iso(instant: datetime | None) -> str | None:
    """An instant as the process holds it."""
    return instant.isoformat() if instant else None
