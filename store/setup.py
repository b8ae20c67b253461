"""How far a network has been set up, and the person who begins it: without anybody of head office
nobody could."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import exists, func, select
from sqlalchemy.dialects.postgresql import insert

from cases.ids import new_id
from cases.states import Role
from store.models import Dealer, Staff
from store.session import Tx

Lacking = Literal["head_office", "dealers"]
"""What is missing first: somebody who may set up the network, then dealers to hand leads to."""

_HEAD_OFFICE = exists(select(Staff.id).where(Staff.role == Role.HQ, Staff.active))
_DEALERS = exists(select(Dealer.id).where(Dealer.active))


async def lacking(tx: Tx) -> Lacking | None:
    """What the network needs next before leads can be handed to dealers; None if it can."""
    head_office, dealers = (await tx.session.execute(select(_HEAD_OFFICE, _DEALERS))).one()
    if not head_office:
        return "head_office"
    return None if dealers else "dealers"


async def begin(tx: Tx, code: str, name: str) -> bool:
    """Adds the first person of head office; False, and nothing is done, where there is one or the
    code is taken."""
    await tx.session.execute(select(func.pg_advisory_xact_lock(func.hashtext("first person"))))
    if await tx.session.scalar(select(_HEAD_OFFICE)):
        return False
    row = {"id": new_id(), "code": code, "name": name, "role": Role.HQ}
    added = await tx.session.execute(insert(Staff).values(**row).on_conflict_do_nothing().returning(Staff.code))
    return added.scalar() is not None
