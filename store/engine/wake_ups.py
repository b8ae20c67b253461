"""What wake-ups have done, for the worker that comes after one that died before it could tell."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, delete, select

from cases.contracts import Advanced, Cause, Ran, WakeUp
from store.engine.ledger import plain
from store.models import ExecutedStep
from store.models import WakeUp as WakeUpRow
from store.session import Tx

KEPT: Final = 500
"""Wake-ups of a run that are kept: more than a worker can do before Temporal has written down the
first of them."""
SWEEP: Final = 100
"""After so many, older ones are removed."""

_rows = WakeUpRow.__table__
_over = (_rows.c.run != bindparam("this_run")) | (_rows.c.number < bindparam("oldest"))
_SWEEP = delete(_rows).where(_rows.c.case_id == bindparam("of_case"), _over)
_steps = ExecutedStep.__table__


async def advanced(tx: Tx, wake: WakeUp, told: dict[str, Any]) -> Advanced:
    """What was told of a wake-up that has been done before."""
    keys = {f"{wake.life}:{name}": name for name in told["ran"]}
    these = (_steps.c.case_id == UUID(wake.case_id)) & _steps.c.key.in_(keys)
    found = await tx.session.execute(select(_steps.c.key, _steps.c.result).where(these))
    results = {keys[row.key]: row.result for row in found}
    at = told["cause"].get("at")
    cause = Cause(**told["cause"] | {"at": datetime.fromisoformat(at) if at else None})
    return Advanced(cause, tuple(Ran(name, results[name]) for name in told["ran"]), told["rested"])


async def result_of(tx: Tx, key: str) -> dict[str, Any] | None:
    """The result of a step that has been executed."""
    case_id, _, step = key.partition(":")
    this = (_steps.c.case_id == UUID(case_id)) & (_steps.c.key == step)
    return await tx.session.scalar(select(_steps.c.result).where(this))


def row(wake: WakeUp, done: Advanced) -> dict[str, Any]:
    """What a wake-up has done, for the ledger; writing it fails if it is noted already."""
    return {
        "run": wake.run,
        "number": wake.number,
        "cause": {name: said for name, said in plain(asdict(done.cause)).items() if said},
        "ran": [one.name for one in done.ran],
        "rested": done.rested,
    }


async def sweep(tx: Tx, case_id: UUID, wake: WakeUp) -> None:
    """Removes, once in ``SWEEP`` wake-ups, what Temporal knows: of former runs, and of this one
    what is old enough."""
    if wake.number % SWEEP == 1 and (wake.number > 1 or wake.cause.what != "began" or wake.life > 1):
        await tx.session.execute(_SWEEP, {"of_case": case_id, "this_run": wake.run, "oldest": wake.number - KEPT})
