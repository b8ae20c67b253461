"""Where people are told things, and in which language. Addresses are personal data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from cases.messages import Language
from store.models import ContactPoint, Staff
from store.session import Tx

_points = ContactPoint.__table__
_staff = Staff.__table__


@dataclass(frozen=True, slots=True)
class Reachable:
    """A person's language and their address on each channel that has one."""

    language: Language
    addresses: dict[str, str]


async def of_person(tx: Tx, staff_id: UUID) -> Reachable:
    """How a person is reached; the person has to exist."""
    language = (await tx.session.execute(select(_staff.c.language).where(_staff.c.id == staff_id))).scalar_one()
    rows = await tx.session.execute(select(_points.c.channel, _points.c.address).where(_points.c.staff_id == staff_id))
    return Reachable(language, {channel: address for channel, address in rows})


async def replace(tx: Tx, staff_id: UUID, language: Language, addresses: Mapping[str, str]) -> None:
    """Sets a person's language, and their addresses to these and no others; the next notice goes
    there."""
    # The person's row is locked first: two at once would otherwise leave the points of both.
    locked = update(_staff).where(_staff.c.id == staff_id).values(language=language).returning(_staff.c.code)
    code = await tx.session.scalar(locked)
    await tx.session.execute(delete(_points).where(_points.c.staff_id == staff_id))
    rows = [
        {"staff_id": staff_id, "channel": channel, "address": address, "code": f"{code}-{channel}"}
        for channel, address in addresses.items()
    ]
    if rows:
        await tx.session.execute(insert(_points), rows)
