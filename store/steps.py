"""Results of executed process steps: the reason why a repeated activity changes nothing (issue: each idempotent)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from leads.contracts import Step
from store.models import ExecutedStep
from store.session import Tx

_table = ExecutedStep.__table__
_FIND = select(_table.c.result)


async def find(tx: Tx, key: str) -> dict[str, Any] | None:
    """The result that the step of this key left, or None if it has not been executed."""
    return (await tx.session.execute(_FIND.where(_table.c.key == key))).scalar_one_or_none()


async def keep(tx: Tx, step: Step, result: Mapping[str, Any]) -> None:
    """Stores the step's result in the step's own transaction.

    When two executions of one step race, the second fails here on the key, rolls all its work back, and finds the
    first one's result when it is tried again.
    """
    await tx.session.execute(
        insert(_table).values(
            key=step.key, lead_id=UUID(step.lead_id), element=step.element, at=step.at, result=dict(result)
        )
    )
