"""Which rows a page shows, found before they are read, over as few rows as can be.

PostgreSQL walks a list in its order and passes over what does not fit, or finds all that fits and
sorts it. It takes what fits to be spread evenly over the list; where all of it is at the other end,
or none is there, it walks over millions. So where rows would be passed over, and all that fits is
found with bounded work, that is done instead: it takes as long however the rows lie.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, func, literal, select
from sqlalchemy.sql import ColumnElement

from store.listing import Order, Rows, Window, behind, counted, part, placed, sorting
from store.session import Tx

Item = TypeVar("Item")

MOST_GATHERED = 5_000
"""Rows that are all found and sorted. More are seldom so far apart that walking takes longer: a
page of 50 among two million is complete after 20,000."""

MOST_COST = 30_000.0
"""What finding them may cost in PostgreSQL's own units, of which a row found through an index is
one to three: a twentieth of a second."""


async def found(
    tx: Tx, narrowed: Any, lines: Any, order: Order, window: Window, made: Callable[[Any], Item]
) -> Rows[Item]:
    """The part of a list that the window shows: ``narrowed``, a ``Select`` of no more tables than
    its conditions and its order need, says which rows it has; ``lines`` what is shown of them."""
    total = await counted(tx, narrowed) if window.total else None
    ids = await first(tx, narrowed, order, window)
    shown = await part(tx, lines.where(order.keys[-1] == func.any(ids)), order, Window(window.limit), made)
    return replace(shown, total=total)


async def first(tx: Tx, narrowed: Any, order: Order, window: Window) -> ColumnElement[Any]:
    """The ids, last of the order's keys, of the rows that the window shows and of the next one."""
    keys = [key.label(f"order_key_{number}") for number, key in enumerate(order.keys)]
    asked = narrowed.with_only_columns(*keys, maintain_column_froms=True)
    walked = placed(asked, order, window).limit(window.limit + 1)
    if _passes_over(await planned(tx, walked)):
        gathered = await _gathered(tx, behind(asked, order, window), order, window)
        if gathered is not None:
            return literal(gathered, ARRAY(Uuid))
    return func.array(select(tuple(walked.subquery().c)[-1]).scalar_subquery(), type_=ARRAY(Uuid))


async def _gathered(tx: Tx, fitting: Any, order: Order, window: Window) -> list[UUID] | None:
    """The same, sorted out of all that fits; None if that is too much."""
    plan = await planned(tx, fitting)
    if plan["Plan Rows"] > MOST_GATHERED or plan["Total Cost"] > MOST_COST:
        return None
    # Materialized: else the planner would walk the list all the same. It may be wrong, hence the
    # bound.
    some = fitting.limit(MOST_GATHERED + 1).cte().prefix_with("MATERIALIZED")
    query = select(tuple(some.c)[-1], func.count().over()).order_by(*sorting(order, tuple(some.c)))
    rows = (await tx.session.execute(query.limit(window.limit + 1))).all()
    return None if rows and rows[0][1] > MOST_GATHERED else [row[0] for row in rows]


async def planned(tx: Tx, query: Any) -> Mapping[str, Any]:
    """How PostgreSQL would answer a query, by the statistics that it keeps of values."""
    connection = await tx.session.connection()
    compiled = query.compile(connection.sync_engine, compile_kwargs={"render_postcompile": True})
    values = tuple(compiled.params[name] for name in compiled.positiontup or ())
    plan = (await connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {compiled}", values)).scalar_one()
    return plan[0]["Plan"]


def _passes_over(plan: Mapping[str, Any]) -> bool:
    """Whether a plan walks rows in their order of which it leaves some out."""
    steps = list(nodes(plan))
    return not any(node["Node Type"] == "Sort" for node in steps) and any(
        name in node for node in steps for name in ("Filter", "Join Filter")
    )


def nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A plan and all that is below it."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)
