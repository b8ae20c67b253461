"""What every network stands on, the demo one and one's own: legal holidays, usual hours, the two
sides of channels.

It is loaded by every start that finds it missing; what somebody has edited stays as it is (A1,
A10).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from typing import Any

from chinese_calendar.constants import holidays, workdays
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from cases.calendar import Week
from cases.ids import new_id
from cases.parties import Team
from cases.weekly import DAYS, write_week
from store.models import Base, CalendarDay, Channel, WorkingHours
from store.network.hours import code_of
from store.session import Tx

_days = CalendarDay.__table__
_hours = WorkingHours.__table__

SIDES = {"maker": "厂商", "dealer": "经销商"}
"""The first level of the tree of channels: who a lead was left with."""

_HOURS: dict[Team, tuple[time, time, int]] = {
    Team.DEALER: (time(8, 30), time(18), 7),
    Team.REGION: (time(9), time(18), 5),
    Team.CALL_CENTRE: (time(9), time(21), 7),
    Team.HEAD_OFFICE: (time(9), time(18), 5),
}
"""The hours of all that have none of their own: opening, closing, days a week. Legal holidays are
off."""

_FIRST_YEAR = 2025
_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
}
_NOT_YET_PUBLISHED = {
    "2027-01-01": "元旦",
    "2027-02-05": "春节",
    "2027-02-06": "春节",
    "2027-02-07": "春节",
    "2027-02-08": "春节",
    "2027-04-05": "清明节",
    "2027-05-01": "劳动节",
    "2027-05-02": "劳动节",
    "2027-06-09": "端午节",
    "2027-09-15": "中秋节",
    "2027-10-01": "国庆节",
    "2027-10-02": "国庆节",
    "2027-10-03": "国庆节",
}
"""The days that the law names; which days around them are free or worked is published in the autumn
before."""


async def load(tx: Tx) -> int:
    """Loads what is missing in this transaction; returns the number of new rows."""
    # Two processes that start together would wait for each other's rows in different orders.
    await tx.session.execute(select(func.pg_advisory_xact_lock(func.hashtext("groundwork"))))
    sides = [{"code": code, "name": name, "level": 1, "parent": None, "side": code} for code, name in SIDES.items()]
    return await _insert(tx, Channel, sides) + await _load_days(tx) + await _load_hours(tx)


async def _load_days(tx: Tx) -> int:
    """A year is loaded once: a day that somebody took out of it must not come back with the next
    start."""
    year, published = func.extract("year", _days.c.day), {day.year for day in holidays}
    stored = await tx.session.execute(select(year, func.bool_or(_days.c.confirmed)).group_by(year))
    settled = {int(known) for known, confirmed in stored if confirmed or int(known) not in published}
    rows = [row for row in _legal_days() if row["day"].year not in settled]
    # What the authority has published since takes the place of what the law alone says.
    await tx.session.execute(delete(_days).where(~_days.c.confirmed, year.in_({row["day"].year for row in rows})))
    return await _insert(tx, CalendarDay, rows)


def usual_hours() -> dict[Team, Week]:
    """The week of all that have none of their own."""
    return {
        team: Week(tuple(((opens, closes),) if day < days else () for day in range(DAYS)))
        for team, (opens, closes, days) in _HOURS.items()
    }


async def _load_hours(tx: Tx) -> int:
    """Where nothing is said for all of a kind."""
    general = _hours.c.dealer_id.is_(None), _hours.c.region.is_(None)
    known = set((await tx.session.execute(select(_hours.c.team).where(*general))).scalars())
    rows = [
        {
            "id": new_id(),
            "code": code_of(team, None, date(_FIRST_YEAR, 1, 1)),
            "team": team.value,
            "valid_from": date(_FIRST_YEAR, 1, 1),
            "hours": write_week(week.hours),
            "holidays": week.holidays,
        }
        for team, week in usual_hours().items()
        if team not in known
    ]
    return await _insert(tx, WorkingHours, rows)


async def _insert(tx: Tx, model: type[Base], rows: list[dict[str, Any]]) -> int:
    if not rows:
        return 0
    statement = insert(model.__table__).on_conflict_do_nothing().returning(*model.__table__.primary_key)
    return len((await tx.session.execute(statement, rows)).all())


def _legal_days() -> Iterator[dict[str, Any]]:
    for days, working in ((holidays, False), (workdays, True)):
        for day, holiday in days.items():
            if day.year >= _FIRST_YEAR:
                name = _NAMES.get(str(holiday), str(holiday))
                yield {"day": day, "working": working, "name": f"{name}调休" if working else name, "confirmed": True}
    known = {day.year for day in holidays}
    for text, name in _NOT_YET_PUBLISHED.items():
        day = date.fromisoformat(text)
        # The library may have learnt this year since: what the authority published beats our list.
        if day.year not in known:
            yield {"day": day, "working": False, "name": name, "confirmed": False}
