"""Many entries at once, as a file has them: all that are sound, or none if one is not; or only
looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from store.network.groundwork import SIDES
from store.network.keeping import rows
from store.network.keeping.keeper import EntryOutcome, Wanted, hold, keep
from store.network.keeping.kinds import KINDS
from store.session import Tx


@dataclass(frozen=True, slots=True)
class Bulk:
    """The outcome of each entry; ``missing``: of those that were made inactive because they were
    not named."""

    outcomes: list[EntryOutcome]
    missing: list[EntryOutcome]
    applied: bool


async def keep_all(
    tx: Tx, wanted: Sequence[Wanted], *, deactivate_missing: bool, all_or_nothing: bool, dry_run: bool
) -> Bulk:
    """Keeps entries of all kinds. ``deactivate_missing``: what is active, can be inactive, and is
    not among the entries of its kind, becomes inactive; not where an entry of that kind was
    refused, for its code may be what is wrong."""
    # Whoever waits for the lock must see what the one before has done: it comes before all reads.
    await hold(tx)
    undo = await tx.session.begin_nested()
    outcomes = await keep(tx, wanted)
    missing = await _deactivate(tx, outcomes) if deactivate_missing else []
    refused = any(one.verdict == "refused" for one in (*outcomes, *missing))
    if dry_run or (all_or_nothing and refused):
        await undo.rollback()
        return Bulk(outcomes, missing, applied=False)
    await undo.commit()
    return Bulk(outcomes, missing, applied=True)


async def _deactivate(tx: Tx, outcomes: Sequence[EntryOutcome]) -> list[EntryOutcome]:
    wanted: list[Wanted] = []
    for kind in KINDS.values():
        named = [one for one in outcomes if one.kind == kind.name]
        if not kind.retires or not named or any(one.verdict == "refused" for one in named):
            continue
        codes = {one.code for one in named} | (SIDES.keys() if kind.name == "channels" else set())
        there = await rows.entries(tx, kind)
        wanted += [
            Wanted(kind.name, code, {"active": False})
            for code, values in there.items()
            if code not in codes and values["active"]
        ]
    return await keep(tx, wanted) if wanted else []
