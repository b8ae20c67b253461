"""Dealers that left or closed and what became of each of their open leads: kept, so that a crash
loses none (A11).

Whoever changes the network writes that a dealer is gone (``left``, ``closes``); workers then take
its leads one by one. A lead is looked at once for each departure (``departure_leads``), whoever
does it and however often they are restarted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Text, Uuid, bindparam, text

from cases.actors import Actor
from cases.states import ENDED
from store.session import Tx


class Became(StrEnum):
    """What became of a lead whose dealer is gone."""

    MOVED = "moved"  # another dealer has it
    HEAD_OFFICE = "head_office"  # it, or what was to be done at its dealer, is for head office
    KEPT = "kept"  # it stays, as the table says
    STUCK = "stuck"  # it could not go on and stays; the log says why
    GONE = "gone"  # it was no more at the dealer when its turn came


@dataclass(frozen=True, slots=True)
class Departure:
    """A dealer that is gone since ``at``; ``until`` is a closure's end."""

    id: UUID
    dealer_id: UUID
    region: str
    why: str
    at: datetime
    until: datetime | None


_NOW = "coalesce(nullif(current_setting('baton.at', true), '')::timestamptz, clock_timestamp())"
_CODES = bindparam("codes", type_=ARRAY(Text))
_LEFT = text(
    f"""
    INSERT INTO departures (id, dealer_id, why, at, by)
    SELECT gen_random_uuid(), id, 'dealer_left', {_NOW}, :by FROM dealers WHERE code = ANY(:codes) AND NOT active
    ON CONFLICT DO NOTHING
    """
).bindparams(_CODES)
_BACK = text(
    f"""
    UPDATE departures SET done_at = {_NOW}
    WHERE done_at IS NULL AND why = 'dealer_left'
      AND dealer_id IN (SELECT id FROM dealers WHERE code = ANY(:codes) AND active)
    """
).bindparams(_CODES)
_CLOSES = text(
    """
    WITH closing AS (
        INSERT INTO departures (id, dealer_id, closure_id, why, at, until, by)
        SELECT gen_random_uuid(), dealer_id, id, 'dealer_closed', starts_at, ends_at, :by
        FROM closures WHERE code = ANY(:codes)
        ON CONFLICT (closure_id) DO UPDATE SET dealer_id = EXCLUDED.dealer_id, at = EXCLUDED.at,
            until = EXCLUDED.until, by = EXCLUDED.by, done_at = NULL
        RETURNING id
    )
    DELETE FROM departure_leads WHERE became = 'kept' AND departure_id IN (SELECT id FROM closing)
    """
).bindparams(_CODES)
_GOING_ON = text("SELECT id, by FROM departures WHERE done_at IS NULL AND at <= :at ORDER BY at, id").bindparams(
    bindparam("at", type_=DateTime(timezone=True))
)
_DEPARTURE = bindparam("departure", type_=Uuid())
_LEAD = bindparam("lead", type_=Uuid())
_HOLD = text(
    """
    SELECT gone.id, gone.dealer_id, dealer.region, gone.why, gone.at, gone.until
    FROM departures gone JOIN dealers dealer ON dealer.id = gone.dealer_id
    WHERE gone.id = :departure AND gone.done_at IS NULL FOR UPDATE OF gone SKIP LOCKED
    """
).bindparams(_DEPARTURE)
_OPEN = text(
    """
    SELECT lead.id FROM whole_leads lead
    WHERE (lead.dealer_id = (SELECT dealer_id FROM departures WHERE id = :departure) AND lead.status <> ALL(:ended)
           OR lead.id IN (SELECT case_id FROM tasks WHERE status = 'open'
                          AND dealer_id = (SELECT dealer_id FROM departures WHERE id = :departure)))
      AND NOT EXISTS (SELECT FROM departure_leads seen WHERE seen.departure_id = :departure AND seen.lead_id = lead.id)
    ORDER BY lead.id LIMIT :most
    """
).bindparams(_DEPARTURE, bindparam("ended", type_=ARRAY(Text)))
_TAKE = text(
    "INSERT INTO departure_leads (departure_id, lead_id, became) VALUES (:departure, :lead, 'gone')"
    " ON CONFLICT DO NOTHING RETURNING lead_id"
).bindparams(_DEPARTURE, _LEAD)
_BECAME = text(
    "UPDATE departure_leads SET became = :became WHERE departure_id = :departure AND lead_id = :lead"
).bindparams(_DEPARTURE, _LEAD)
_COUNTS = text(
    "SELECT became, count(*), (array_agg(lead_id ORDER BY lead_id))[1] FROM departure_leads"
    " WHERE departure_id = :departure GROUP BY became"
).bindparams(_DEPARTURE)
_DONE = text("UPDATE departures SET done_at = :at WHERE id = :departure").bindparams(
    _DEPARTURE, bindparam("at", type_=DateTime(timezone=True))
)
_DUE = text(
    """
    SELECT coalesce(
        (SELECT min(due_at) FROM tasks WHERE case_id = :lead AND status = 'open' AND dealer_id = :dealer),
        (SELECT next_due_at FROM cases WHERE id = :lead AND status IN ('working', 'pool')))
    """
).bindparams(_LEAD, bindparam("dealer", type_=Uuid()))


# -- who is gone ---------------------------------------------------------------------------------


async def left(tx: Tx, codes: Collection[str]) -> None:
    """These dealers have become inactive: their leads are to go on."""
    await tx.session.execute(_LEFT, {"codes": list(codes), "by": str(tx.actor)})


async def back(tx: Tx, codes: Collection[str]) -> None:
    """These dealers are active again: what has not gone on yet stays with them, what has does not
    come back."""
    await tx.session.execute(_BACK, {"codes": list(codes)})


async def closes(tx: Tx, codes: Collection[str]) -> None:
    """These closures were entered or changed: leads are looked at when they begin, those that were
    kept once more."""
    await tx.session.execute(_CLOSES, {"codes": list(codes), "by": str(tx.actor)})


# -- their leads ---------------------------------------------------------------------------------


async def going_on(tx: Tx, at: datetime) -> tuple[tuple[UUID, Actor], ...]:
    """The departures that have begun and are not done, the oldest first, and in whose name."""
    rows = await tx.session.execute(_GOING_ON, {"at": at})
    return tuple((row.id, Actor.read(row.by)) for row in rows)


async def hold(tx: Tx, departure: UUID) -> Departure | None:
    """The departure, for this transaction alone; None when another worker has it or it is done."""
    row = (await tx.session.execute(_HOLD, {"departure": departure})).one_or_none()
    return None if row is None else Departure(*row)


async def open_leads(tx: Tx, departure: UUID, most: int) -> tuple[UUID, ...]:
    """Open leads of the dealer, or with a task there, that nobody has looked at; the oldest
    first."""
    values = {"departure": departure, "ended": sorted(ENDED), "most": most}
    return tuple((await tx.session.execute(_OPEN, values)).scalars())


async def take(tx: Tx, departure: UUID, lead: UUID) -> bool:
    """Whether the lead has not been looked at; from now on it has."""
    return (await tx.session.scalar(_TAKE, {"departure": departure, "lead": lead})) is not None


async def became(tx: Tx, departure: UUID, lead: UUID, what: Became) -> None:
    """Notes what became of a lead that was taken."""
    await tx.session.execute(_BECAME, {"departure": departure, "lead": lead, "became": what.value})


async def due_at(tx: Tx, dealer: UUID, lead: UUID) -> datetime | None:
    """What is due next of a lead at a dealer."""
    return await tx.session.scalar(_DUE, {"dealer": dealer, "lead": lead})


async def counts(tx: Tx, departure: UUID) -> Mapping[Became, tuple[int, UUID]]:
    """How many leads became what so far, and the first of each."""
    rows = await tx.session.execute(_COUNTS, {"departure": departure})
    return {Became(row[0]): (row[1], row[2]) for row in rows}


async def done(tx: Tx, departure: UUID, at: datetime) -> None:
    """Nobody is left to be looked at."""
    await tx.session.execute(_DONE, {"departure": departure, "at": at})
