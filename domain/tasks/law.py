"""Who may do a task: its owner; else who has one of its kind's roles and reaches it, and is no
colleague (A11, F2)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from cases.errors import Forbidden
from cases.states import Role
from domain.reach import Placed, reaches, with_role, within_reach
from store.engine.cases import CaseRow
from store.engine.tasks import TaskRow
from store.network.people import Person
from store.session import Tx

AT_DEALER = frozenset({Role.FINANCE, Role.AFTER_SALES})
"""Roles beside a sale that reach what is at their dealer."""
EVERYWHERE = frozenset({Role.MARKETING, Role.AUDITOR})
"""Roles of head office that reach every task which asks for them."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a task stands in the network."""

    dealer_id: UUID | None
    owner_id: UUID | None
    region: str | None


def place_of(task: TaskRow, case: CaseRow) -> Place:
    """Where a task of this case stands."""
    return Place(case.dealer_id or task.dealer_id, case.owner_id, case.region)


async def may_do(tx: Tx, person: Person, owner_id: UUID | None, roles: Collection[Role], place: Placed) -> None:
    """Raises ``Forbidden`` unless this person may do a task of this owner, for these roles, at this
    place."""
    if owner_id == person.id:
        return
    with_role(person, frozenset(roles))
    if person.role in EVERYWHERE:
        return
    if person.role in AT_DEALER:
        if person.dealer_id is None or person.dealer_id != place.dealer_id:
            raise Forbidden("other_dealer")
        return
    if person.role == Role.CONSULTANT and owner_id is not None and await reaches(tx, person, place):
        raise Forbidden("not_yours")
    await within_reach(tx, person, place)
