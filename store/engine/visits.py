"""The way that tokens took: every visit of an element, for one life's path and for the heat map of
a version."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import DateTime, Integer, Text, bindparam, cast, select, text

from cases.contracts import VisitLine
from store.listing import Order, Rows, Window, part
from store.models import VISITS
from store.session import Tx


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One token's stay at an element. ``how`` it ended is left or cancelled, None while it stands
    there."""

    execution: str
    process: str
    version: int
    element: str
    entered_at: datetime
    left_at: datetime | None
    how: Literal["left", "cancelled"] | None
    via: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Heat:
    """How an element of a version did in a period; see ``heat``. Durations are in seconds."""

    element: str
    visits: int
    running: int
    finished: int
    cancelled: int
    p50_seconds: float | None
    p90_seconds: float | None
    breaches: int


RECORD: Final = """
    known_until AS (
        SELECT coalesce(max(last), 0) AS last FROM passages WHERE case_id = :case_id AND life = :life
    ), passed AS (
        SELECT passed.* FROM whose, jsonb_to_recordset(CAST(:passed AS jsonb)) AS passed
            (first int, last int, at timestamptz, steps jsonb)
    ), fresh AS (
        SELECT passed.*, CAST(md5(CAST(steps AS text)) AS uuid) AS way FROM passed, known_until
        WHERE passed.first > known_until.last
          AND NOT EXISTS (SELECT FROM stays WHERE case_id = :case_id AND life = :life
                          AND CAST(execution AS int) BETWEEN passed.first AND passed.last)
    ), gone AS (
        INSERT INTO ways (id, steps) SELECT way, steps FROM fresh ORDER BY way ON CONFLICT (id) DO NOTHING
    ), passing AS (
        INSERT INTO passages (case_id, life, first, last, at, way)
        SELECT :case_id, :life, first, last, at, way FROM fresh ON CONFLICT (case_id, life, first) DO NOTHING
    ), line AS (
        SELECT line.*
        FROM whose, jsonb_to_recordset(CAST(:visits AS jsonb)) AS line
            (execution text, process text, version int, element text, entered timestamptz, "left" timestamptz,
             how text, via text, due timestamptz)
        UNION ALL
        SELECT CAST(passed.first + CAST(step ->> 0 AS int) AS text), step ->> 1, CAST(step ->> 2 AS int), step ->> 3,
               passed.at, passed.at, 'left', step ->> 4, NULL
        FROM known_until, passed, jsonb_array_elements(passed.steps) AS step
        WHERE passed.first NOT IN (SELECT first FROM fresh)
          AND (passed.first + CAST(step ->> 0 AS int) > known_until.last
               OR EXISTS (SELECT FROM stays WHERE case_id = :case_id AND life = :life
                          AND execution = CAST(passed.first + CAST(step ->> 0 AS int) AS text)))
    ), entered AS (
        INSERT INTO stays AS known (case_id, life, execution, process, version, element, entered_at, left_at, how, via,
                                     due_at)
        SELECT :case_id, :life, execution, process, version, element, entered, "left", how, via, due
        FROM line WHERE entered IS NOT NULL
        ON CONFLICT (case_id, life, execution) DO UPDATE SET
            process = excluded.process, version = excluded.version, element = excluded.element,
            entered_at = excluded.entered_at, left_at = excluded.left_at, how = excluded.how, via = excluded.via,
            due_at = excluded.due_at
        WHERE known.left_at IS NULL OR excluded.left_at IS NOT NULL
    ), went_on AS (
        UPDATE stays SET process = line.process, version = line.version, element = line.element,
            left_at = line."left", how = line.how, due_at = coalesce(line.due, stays.due_at)
        FROM line
        WHERE line.entered IS NULL AND stays.case_id = :case_id AND stays.life = :life
          AND stays.execution = line.execution AND stays.left_at IS NULL
    ), outlived AS (
        UPDATE incidents SET resolved_at = :at, resolved_by = 'process'
        FROM (
            SELECT execution FROM line WHERE "left" IS NOT NULL
            UNION ALL
            SELECT CAST(first + CAST(step ->> 0 AS int) AS text) FROM fresh, jsonb_array_elements(steps) AS step
        ) AS over
        WHERE incidents.case_id = :case_id AND incidents.resolved_at IS NULL
          AND incidents.key = concat_ws(':', CAST(:case_id AS text), :life, over.execution)
    )
"""
"""Part of the statement that writes a rest (``store.engine.settling``): visits that are new or
over; with a token that is gone its incident is gone too. A visit that is over stays so, whatever an
older rest says.

What was passed at one instant is one row, for as long as none of it is known: executions are
numbered in their order, so what is above the last one that was passed has never been told, unless a
token was told to stand there. Otherwise it is kept visit by visit.
"""

PARAMETERS: Final = (bindparam("visits", type_=Text()), bindparam("passed", type_=Text()))

_HEAT = text(
    """
    WITH overlapping AS (
        SELECT element, entered_at, left_at, due_at, how FROM stays
        WHERE process = :process AND version = :version AND left_at >= :start AND entered_at < :end
        UNION ALL
        SELECT element, entered_at, left_at, due_at, how FROM stays
        WHERE process = :process AND version = :version AND left_at IS NULL AND entered_at < :end
        UNION ALL
        SELECT step ->> 3, at, at, NULL, 'left' FROM passages
        JOIN ways ON ways.id = way, jsonb_array_elements(steps) AS step
        WHERE at >= :start AND at < :end AND step ->> 1 = :process AND CAST(step ->> 2 AS int) = :version
    ), told AS (
        SELECT *, entered_at >= :start AS came, left_at IS NULL OR left_at >= :end AS stands,
               left_at < :end AND how = 'left' AS finished,
               due_at >= :start AND due_at < :end AND due_at < coalesce(left_at, :now) AS breached,
               extract(epoch FROM left_at - entered_at) AS seconds
        FROM overlapping
    )
    SELECT element, count(*) FILTER (WHERE came) AS visits, count(*) FILTER (WHERE stands) AS running,
           count(*) FILTER (WHERE finished) AS finished,
           count(*) FILTER (WHERE left_at < :end AND how = 'cancelled') AS cancelled,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) FILTER (WHERE finished) AS p50_seconds,
           percentile_cont(0.9) WITHIN GROUP (ORDER BY seconds) FILTER (WHERE finished) AS p90_seconds,
           count(*) FILTER (WHERE breached) AS breaches
    FROM told GROUP BY element ORDER BY element
    """
).bindparams(
    bindparam("process", type_=Text()),
    bindparam("version", type_=Integer()),
    bindparam("start", type_=DateTime(timezone=True)),
    bindparam("end", type_=DateTime(timezone=True)),
    bindparam("now", type_=DateTime(timezone=True)),
)

_t = VISITS
_number = cast(_t.c.execution, Integer)
ORDER = Order("path", (_number,))
_shown = [_t.c[name] for name in VisitRow.__dataclass_fields__]


def values(visits: Iterable[VisitLine]) -> dict[str, Any]:
    """What ``RECORD`` is filled with, beside the life's own (``store.engine.instances``)."""
    passed, lines = defaultdict[datetime, list[VisitLine]](list), list[dict[str, Any]]()
    for visit in visits:
        at = visit.entered_at
        if at is not None and visit.left_at == at and visit.how == "left" and visit.due is None:
            passed[at].append(visit)
        else:
            lines.append(_told(visit))
    ways = [_passed(at, group) for at, group in passed.items()]
    return {"visits": json.dumps(lines), "passed": json.dumps(ways, ensure_ascii=False)}


async def path(tx: Tx, case_id: UUID, life: int, window: Window, *, after: int = 0) -> Rows[VisitRow]:
    """Visits of one life in the order in which they began (executions are numbered so), from behind
    one of them."""
    query = select(*_shown).where(_t.c.case_id == case_id, _t.c.life == life, _number > after)
    return await part(tx, query, ORDER, window, lambda row: VisitRow(*row[:-1]))


async def standing(tx: Tx, case_id: UUID, life: int) -> dict[str, datetime]:
    """Since when the tokens of one life stand where they are, by execution."""
    query = select(_t.c.execution, _t.c.entered_at)
    query = query.where(_t.c.case_id == case_id, _t.c.life == life, _t.c.left_at.is_(None))
    return {row.execution: row.entered_at for row in await tx.session.execute(query)}


async def heat(tx: Tx, process: str, version: int, start: datetime, end: datetime, now: datetime) -> tuple[Heat, ...]:
    """Per element of a version, from ``start`` to before ``end``: periods laid side by side count
    everything once.

    ``visits`` began in the period, ``running`` still stood there at its end, ``finished`` and
    ``cancelled`` ended in it (durations are of those that were finished), ``breaches`` had their
    deadline in it and were not over by then.
    """
    parameters = {"process": process, "version": version, "start": start, "end": end, "now": now}
    return tuple(Heat(**row) for row in (await tx.session.execute(_HEAT, parameters)).mappings())


def _passed(at: datetime, visits: Iterable[VisitLine]) -> dict[str, Any]:
    """What was passed at one instant: the same way has the same steps, whatever its executions are
    numbered."""
    numbered = sorted(((int(visit.execution), visit) for visit in visits), key=itemgetter(0))
    first, last = numbered[0][0], numbered[-1][0]
    steps = [[number - first, one.process, one.version, one.element, one.via] for number, one in numbered]
    return {"first": first, "last": last, "at": at.isoformat(), "steps": steps}


def _told(visit: VisitLine) -> dict[str, Any]:
    return {
        "execution": visit.execution,
        "process": visit.process,
        "version": visit.version,
        "element": visit.element,
        "entered": visit.entered_at and visit.entered_at.isoformat(),
        "left": visit.left_at and visit.left_at.isoformat(),
        "how": visit.how,
        "via": visit.via,
        "due": visit.due,
    }
