"""Running deadlines with their ladders (A7, A9, A10): one open clock a case, kind and what it
is about, never restarted in silence."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Table, and_, bindparam, case, func, literal, or_, select, update

from cases.deadlines import Counting
from cases.states import GRADE_VALIDITY, Lamp
from store.models import Case, SlaClock
from store.prepared import Prepared
from store.session import Tx

_table: Table = SlaClock.__table__  # pyright: ignore[reportAssignmentType]
_cases: Table = Case.__table__  # pyright: ignore[reportAssignmentType]

Key = tuple[str, str]
"""A clock's kind, and what it is about."""

LAMP_ORDER: dict[str, int] = {Lamp.GREY: -1, Lamp.GREEN: 0, Lamp.AMBER: 1, Lamp.RED: 2}


@dataclass(frozen=True, slots=True)
class ClockRow:
    """One deadline. ``rung`` counts the rungs climbed; ``next_rung_at`` is None when the ladder has
    no further one; ``decision_id`` is the decision that it came from. ``counting`` is how its time
    passes (``cases.deadlines.Counting``); since ``paused_at`` it stands still, until
    ``paused_until`` at the most (``store.engine.holds``), after ``paused_minutes`` of its time in
    which it did before."""

    id: UUID
    kind: str
    about: str
    grade: str | None
    staff_id: UUID | None
    started_at: datetime
    due_at: datetime
    rung: int
    next_rung_at: datetime | None
    breached_at: datetime | None
    lamp: str
    decision_id: UUID | None
    counting: str
    paused_at: datetime | None
    paused_until: datetime | None
    paused_minutes: float

    @property
    def key(self) -> Key:
        """What there is one running clock of in a case."""
        return self.kind, self.about

    @property
    def wakes_at(self) -> datetime | None:
        """When its ladder has to be looked at: at the next rung, or when it goes on by itself."""
        return self.next_rung_at if self.paused_at is None else self.paused_until

    @property
    def shown(self) -> str:
        """Its lamp as people see it."""
        return self.lamp if self.paused_at is None else Lamp.GREY.value


@dataclass(frozen=True, slots=True)
class NewClock:
    """A deadline to run from ``started_at`` to ``due_at``, and how that came about.

    ``decision_id``: the table's word; ``calendar`` and ``hours``: the numbers of the working
    calendar of whom it concerns (``store.network.hours``), whether or not it bound;
    ``promised_at``: what the consultant had promised the customer, whether or not that bound.
    ``rung``, ``lamp`` and ``breached_at``: how far an earlier clock of this very deadline had come.
    """

    kind: str
    grade: str | None
    staff_id: UUID | None
    started_at: datetime
    due_at: datetime
    next_rung_at: datetime | None
    decision_id: UUID | None = None
    calendar: int | None = None
    promised_at: datetime | None = None
    hours: int | None = None
    rung: int = 0
    lamp: str = Lamp.GREEN.value
    breached_at: datetime | None = None
    about: str = ""
    counting: str = Counting.ELAPSED.value

    @property
    def key(self) -> Key:
        """What there is one running clock of in a case."""
        return self.kind, self.about

    @property
    def wakes_at(self) -> datetime | None:
        """When its ladder has to be looked at."""
        return self.next_rung_at

    @property
    def shown(self) -> str:
        """Its lamp as people see it."""
        return self.lamp


_columns = [_table.c[name] for name in ClockRow.__slots__]
_of_case = _table.c.case_id == bindparam("case_id")
_RUNNING = Prepared(select(*_columns).where(_of_case, _table.c.stopped_at.is_(None)))
_FORMER = or_(_table.c.stopped_at.is_(None), _table.c.kind == bindparam("kind"))
_WITH_FORMER = Prepared(select(_table.c.stopped_at, *_columns).where(_of_case, _FORMER))


async def running(tx: Tx, case_id: UUID) -> tuple[ClockRow, ...]:
    """The case's open clocks."""
    return tuple(ClockRow(*row) for row in await _RUNNING.rows(tx, {"case_id": case_id}))


async def with_former(tx: Tx, case_id: UUID, kind: str) -> tuple[tuple[ClockRow, ...], tuple[ClockRow, ...]]:
    """The case's open clocks, and those of this kind that have stopped."""
    open_ones, former = list[ClockRow](), list[ClockRow]()
    for stopped_at, *values in await _WITH_FORMER.rows(tx, {"case_id": case_id, "kind": kind}):
        (open_ones if stopped_at is None else former).append(ClockRow(*values))
    return tuple(open_ones), tuple(former)


async def get(tx: Tx, clock_id: UUID) -> ClockRow:
    """One clock, running or stopped."""
    return ClockRow(*(await tx.session.execute(select(*_columns).where(_table.c.id == clock_id))).one())


async def stop(tx: Tx, case_id: UUID, at: datetime, kinds: Collection[str] | None = None) -> None:
    """Stops the open clocks of these kinds (None: all); one stopped after its due instant is a
    breach."""
    mine = and_(_table.c.case_id == case_id, _table.c.stopped_at.is_(None))
    if kinds is not None:
        mine = and_(mine, _table.c.kind.in_(sorted(kinds)))
    await tx.session.execute(update(_table).where(mine).values(stopped_at=at, breached_at=_breach(at)))


async def stop_one(tx: Tx, clock_id: UUID, at: datetime) -> None:
    """Stops one clock, if it runs; the others of its case and kind go on."""
    mine = and_(_table.c.id == clock_id, _table.c.stopped_at.is_(None))
    await tx.session.execute(update(_table).where(mine).values(stopped_at=at, breached_at=_breach(at)))


async def move(tx: Tx, case_id: UUID, staff_id: UUID | None, at: datetime, *, restart: bool) -> None:
    """Hands the grade's running validity to a new owner; with ``restart``, one that has run out
    ends with the old."""
    mine = and_(_table.c.case_id == case_id, _table.c.stopped_at.is_(None), _table.c.kind == GRADE_VALIDITY)
    if restart:
        await tx.session.execute(
            update(_table).where(mine, _table.c.due_at <= at).values(stopped_at=at, breached_at=_breach(at))
        )
    await tx.session.execute(update(_table).where(mine).values(staff_id=staff_id))


_CLIMBED = Prepared(
    update(_table)
    .where(_table.c.id == bindparam("clock"))
    .values(
        rung=bindparam("rung"),
        next_rung_at=bindparam("next"),
        lamp=bindparam("lamp"),
        breached_at=bindparam("breached"),
    ),
    # It writes clocks alone: what steps leave has to be written before it only if there are any.
    reads=frozenset({"sla_clocks"}),
)


async def climbed(tx: Tx, clock: ClockRow) -> None:
    """Writes how far a clock's ladder has been climbed."""
    far = {"rung": clock.rung, "next": clock.next_rung_at, "lamp": clock.lamp, "breached": clock.breached_at}
    await _CLIMBED.rows(tx, {"clock": clock.id, **far})


async def light(tx: Tx, case_id: UUID) -> None:
    """Sets the case's lamp to the most urgent of its running clocks; green without any, grey if all
    stand still."""
    shown = case((_table.c.paused_at.is_not(None), Lamp.GREY.value), else_=_table.c.lamp)
    urgency = case(LAMP_ORDER, value=shown, else_=0)
    worst = (
        select(shown)
        .where(_table.c.case_id == case_id, _table.c.stopped_at.is_(None))
        .order_by(urgency.desc())
        .limit(1)
        .scalar_subquery()
    )
    await tx.session.execute(
        update(_cases).where(_cases.c.id == case_id).values(lamp=func.coalesce(worst, Lamp.GREEN.value))
    )


def worst_lamp(lamps: Iterable[str]) -> str:
    """The most urgent of some lamps; green of none."""
    return max(lamps, key=lambda lamp: LAMP_ORDER.get(lamp, 0), default=Lamp.GREEN.value)


def _breach(at: datetime):
    until = func.least(literal(at, _table.c.due_at.type), _table.c.paused_at)  # what stands still is not missed
    return func.coalesce(_table.c.breached_at, case((_table.c.due_at < until, _table.c.due_at), else_=None))
