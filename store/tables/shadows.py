"""Shadows: a draft of a table that decides beside the live one, without effect (what they saw:
``shadow_reports``).

At most one runs for each table. It ends at its ``until``, when somebody stops it, or with its
draft.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, literal, select, true, update
from sqlalchemy.dialects.postgresql import insert

from cases.actors import SYSTEM
from cases.errors import Conflict, NotFound
from cases.ids import new_id
from store.models import Shadow as ShadowRow
from store.session import Tx
from store.tables import table_events


class Saved(Protocol):
    """One save of a draft (``store.tables.drafts.Revision``)."""

    @property
    def draft_id(self) -> UUID: ...
    @property
    def number(self) -> int: ...
    @property
    def xml(self) -> bytes: ...
    @property
    def sha256(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Running:
    """What a worker needs of a shadow: its file, since and until when it is asked (None: until it
    is stopped)."""

    id: UUID
    key: str
    xml: bytes
    since: datetime
    until: datetime | None


class ShadowState(StrEnum):
    """How a shadow stands."""

    RUNNING = "running"
    ENDED = "ended"  # its time was up
    STOPPED = "stopped"  # before that


@dataclass(frozen=True, slots=True)
class Shadow:
    """One shadow without its file. ``reason`` is why it was started; why it was stopped is in the
    table's audit."""

    id: UUID
    key: str
    draft_id: UUID
    revision: int
    sha256: str
    started_at: datetime
    started_by: str
    until: datetime | None
    stopped_at: datetime | None
    stopped_by: str | None
    reason: str

    def state(self, at: datetime) -> ShadowState:
        """How it stands at an application instant."""
        if self.until is not None and self.until <= (self.stopped_at or at):
            return ShadowState.ENDED
        return ShadowState.RUNNING if self.stopped_at is None else ShadowState.STOPPED


_shadows = ShadowRow.__table__
_columns: Final = [_shadows.c[field.name] for field in fields(Shadow)]


async def start(tx: Tx, key: str, revision: Saved, at: datetime, reason: str, until: datetime | None = None) -> Shadow:
    """Runs a revision of a draft, which is held open, beside the live table; in the name of the
    transaction's actor.

    Raises ``Conflict`` while another shadow of the table runs.
    """
    await _end_overdue(tx, _shadows.c.key == key, at)
    values = {
        "id": new_id(),
        "key": key,
        "draft_id": revision.draft_id,
        "revision": revision.number,
        "xml": revision.xml,
        "sha256": revision.sha256,
        "started_at": at,
        "started_by": str(tx.actor),
        "until": until,
        "reason": reason,
    }
    one_at_a_time = {"index_elements": ["key"], "index_where": _shadows.c.stopped_at.is_(None)}
    new = insert(_shadows).values(values).on_conflict_do_nothing(**one_at_a_time).returning(*_columns)
    row = (await tx.session.execute(new)).mappings().one_or_none()
    if row is None:
        raise Conflict("shadow_running", key=key)
    started = Shadow(**row)
    await _record(tx, started, "shadow_started", at, reason=reason, until=until)
    return started


async def stop(tx: Tx, shadow_id: UUID, at: datetime, reason: str) -> Shadow:
    """Stops a shadow before its time. Raises ``NotFound``, ``Conflict`` when it has stopped or its
    time is up."""
    c = _shadows.c
    query = select(*_columns).where(c.id == shadow_id).with_for_update(key_share=True)
    row = (await tx.session.execute(query)).mappings().one_or_none()
    if row is None:
        raise NotFound("shadow_not_found")
    if Shadow(**row).state(at) is not ShadowState.RUNNING:
        raise Conflict("shadow_over")
    (stopped,) = await _stop(tx, c.id == shadow_id, at, reason)
    return stopped


async def stop_of_draft(tx: Tx, draft_id: UUID, at: datetime) -> None:
    """Stops the shadow of a draft that is published or discarded in this transaction, if it has
    one."""
    mine = _shadows.c.draft_id == draft_id
    await _end_overdue(tx, mine, at)
    await _stop(tx, mine, at, "")


async def end_overdue(tx: Tx, at: datetime) -> int:
    """Ends all shadows whose time was up by an instant, as of that time; how many they were."""
    return len(await _end_overdue(tx, true(), at))


async def find(tx: Tx, shadow_id: UUID) -> Shadow:
    """A shadow. Raises ``NotFound``."""
    row = (await tx.session.execute(select(*_columns).where(_shadows.c.id == shadow_id))).mappings().one_or_none()
    if row is None:
        raise NotFound("shadow_not_found")
    return Shadow(**row)


async def of_table(tx: Tx, key: str) -> tuple[Shadow, ...]:
    """All shadows that a table had, the newest first."""
    query = select(*_columns).where(_shadows.c.key == key).order_by(_shadows.c.started_at.desc(), _shadows.c.id.desc())
    return tuple(Shadow(**row) for row in (await tx.session.execute(query)).mappings())


async def running(tx: Tx) -> tuple[Running, ...]:
    """Those that nobody has stopped, at most one a table; its ``until`` may have passed."""
    c = _shadows.c
    query = select(c.id, c.key, c.xml, c.started_at, c.until).where(c.stopped_at.is_(None)).order_by(c.key)
    return tuple(Running(*row) for row in await tx.session.execute(query))


async def _stop(tx: Tx, which: ColumnElement[bool], at: datetime, reason: str) -> tuple[Shadow, ...]:
    return await _close(tx, which, literal(at, DateTime(timezone=True)), str(tx.actor), "shadow_stopped", reason)


async def _end_overdue(tx: Tx, which: ColumnElement[bool], at: datetime) -> tuple[Shadow, ...]:
    # Nobody has to be there at the moment that a shadow's time is up: workers look at ``until``
    # themselves.
    return await _close(tx, which & (_shadows.c.until <= at), _shadows.c.until, str(SYSTEM), "shadow_ended", "")


async def _close(
    tx: Tx, which: ColumnElement[bool], at: ColumnElement[Any], by: str, code: str, reason: str
) -> tuple[Shadow, ...]:
    c = _shadows.c
    change = update(_shadows).where(which, c.stopped_at.is_(None)).values(stopped_at=at, stopped_by=by)
    rows = (await tx.session.execute(change.returning(*_columns))).mappings()
    closed = tuple(Shadow(**row) for row in rows)
    for one in closed:
        await _record(tx, one, code, one.stopped_at or one.started_at, reason=reason, actor=by)
    return closed


async def _record(tx: Tx, shadow: Shadow, code: str, at: datetime, **said: Any) -> None:
    whose = {"draft_id": shadow.draft_id, "shadow": shadow.id, "revision": shadow.revision}
    await table_events.record(tx, shadow.key, code, at, **whose, **said)
