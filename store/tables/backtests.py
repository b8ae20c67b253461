"""Back-tests: who asked for which, and how far they are (their work:
``store.tables.backtest_parts``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update

from cases.errors import Conflict, NotFound
from cases.ids import new_id
from store.models import Backtest as BacktestRow
from store.models import BacktestPart
from store.session import Tx


class BacktestState(StrEnum):
    """How far a back-test is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Backtest:
    """A trial of a table's file on the decisions in [since, until); ``began_at`` and ``ended_at``
    are wall time.

    Of a draft with its revision, of a published version, or of a file that is neither. ``problem``:
    why it failed.
    """

    id: UUID
    key: str
    draft_id: UUID | None
    revision: int | None
    version: int | None
    sha256: str
    since: datetime
    until: datetime
    state: str
    asked_at: datetime
    asked_by: str
    began_at: datetime | None
    ended_at: datetime | None
    problem: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Progress:
    """Decisions read so far, and in all (None until they have been counted)."""

    done: int
    total: int | None


_backtests = BacktestRow.__table__
_parts = BacktestPart.__table__
_columns = [_backtests.c[name] for name in Backtest.__slots__]

# -- asking ---------------------------------------------------------------------------------------


async def create(
    tx: Tx,
    key: str,
    xml: bytes,
    sha256: str,
    since: datetime,
    until: datetime,
    at: datetime,
    *,
    draft: tuple[UUID, int] | None = None,
    version: int | None = None,
) -> Backtest:
    """A back-test in the name of the transaction's actor, to be planned and run by whoever comes
    first."""
    draft_id, revision = draft or (None, None)
    values = {
        "id": new_id(),
        "key": key,
        "draft_id": draft_id,
        "revision": revision,
        "version": version,
        "xml": xml,
        "sha256": sha256,
        "since": since,
        "until": until,
        "state": BacktestState.WAITING.value,
        "asked_at": at,
        "asked_by": str(tx.actor),
    }
    await tx.session.execute(insert(_backtests).values(values))
    del values["xml"]
    return Backtest(**values, began_at=None, ended_at=None, problem=None)


async def cancel(tx: Tx, backtest_id: UUID) -> Backtest:
    """Ends a back-test; what it has found so far stays. Raises ``NotFound``, ``Conflict`` when it
    has ended."""
    ended = await end(tx, backtest_id, BacktestState.CANCELLED)
    found = await one(tx, backtest_id)
    if not ended:
        raise Conflict("backtest_ended")
    return found


async def fail(tx: Tx, backtest_id: UUID, code: str, detail: str) -> None:
    """Ends a back-test that cannot go on, and says why."""
    await end(tx, backtest_id, BacktestState.FAILED, problem={"code": code, "detail": detail})


# -- looking -------------------------------------------------------------------------------------


async def one(tx: Tx, backtest_id: UUID) -> Backtest:
    """A back-test. Raises ``NotFound``."""
    query = select(*_columns).where(_backtests.c.id == backtest_id)
    row = (await tx.session.execute(query)).mappings().one_or_none()
    if row is None:
        raise NotFound("backtest_not_found")
    return Backtest(**row)


async def of_table(tx: Tx, key: str, limit: int) -> tuple[Backtest, ...]:
    """The newest back-tests of a table."""
    query = select(*_columns).where(_backtests.c.key == key).order_by(_backtests.c.id.desc()).limit(limit)
    return tuple(Backtest(**row) for row in (await tx.session.execute(query)).mappings())


async def xml(tx: Tx, backtest_id: UUID) -> bytes:
    """The file that is tried."""
    return (await tx.session.execute(select(_backtests.c.xml).where(_backtests.c.id == backtest_id))).scalar_one()


async def progress(tx: Tx, backtest: Backtest) -> Progress:
    """How far it is."""
    c = _parts.c
    query = select(
        func.coalesce(func.sum(c.size).filter(c.done_at.is_not(None)), 0), func.coalesce(func.sum(c.size), 0)
    ).where(c.backtest_id == backtest.id)
    done, total = (await tx.session.execute(query)).one()
    return Progress(int(done), None if backtest.began_at is None else int(total))


async def totals(tx: Tx, backtest_id: UUID) -> tuple[dict[str, Any], tuple[dict[str, Any], ...]]:
    """What the whole has come to, if it is done; else nothing yet, and what each part that is done
    has found."""
    whole = await tx.session.scalar(select(_backtests.c.totals).where(_backtests.c.id == backtest_id))
    if whole:
        return whole, ()
    return {}, await found_by_parts(tx, backtest_id)


async def running(tx: Tx) -> tuple[UUID, ...]:
    """The back-tests that have not ended, oldest first."""
    query = select(_backtests.c.id).where(_backtests.c.ended_at.is_(None)).order_by(_backtests.c.id)
    return tuple((await tx.session.scalars(query)).all())


async def found_by_parts(tx: Tx, backtest_id: UUID) -> tuple[dict[str, Any], ...]:
    """The totals of each part that is done."""
    p = _parts.c
    query = select(p.totals).where(p.backtest_id == backtest_id, p.done_at.is_not(None)).order_by(p.number)
    return tuple((await tx.session.scalars(query)).all())


async def end(tx: Tx, backtest_id: UUID, state: BacktestState, **values: Any) -> bool:
    """Ends a back-test in a state; False if it had ended before."""
    c = _backtests.c
    mine = update(_backtests).where(c.id == backtest_id, c.ended_at.is_(None)).returning(c.id)
    ended = await tx.session.execute(mine.values(state=state.value, ended_at=datetime.now(UTC), **values))
    return ended.first() is not None
