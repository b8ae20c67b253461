"""Who may say what about a lead: a person's role and reach against the lead's place in the network
(words, A11, F2).

The full scope of reading comes with accounts; statements are checked from the first day.
"""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from cases.errors import Forbidden
from cases.states import Role
from store.network import people
from store.network.people import Person
from store.session import Tx


class Speaking(Protocol):
    """Somebody or something that states or asks; a channel is no person."""

    @property
    def person(self) -> Person | None: ...


class Placed(Protocol):
    """Something that stands in the network: a lead."""

    @property
    def dealer_id(self) -> UUID | None: ...
    @property
    def owner_id(self) -> UUID | None: ...
    @property
    def region(self) -> str | None: ...


SUPERVISORS = frozenset({Role.HQ, Role.REGIONAL_MANAGER, Role.DEALER_MANAGER})
HEAD_OFFICE = frozenset({Role.HQ})
DECIDERS = frozenset({Role.HQ, Role.REGIONAL_MANAGER})
DESK = frozenset({Role.CALL_CENTRE, Role.HQ})
SELLERS = frozenset({Role.CONSULTANT, Role.DEALER_MANAGER, Role.REGIONAL_MANAGER, Role.HQ})
CLAIMERS = frozenset({Role.CONSULTANT})
ANYBODY_WHO_WORKS_LEADS = SELLERS | DESK


def the_person(speaker: Speaking) -> Person:
    """Who makes this statement. Raises ``Forbidden`` when nobody is named."""
    if speaker.person is None:
        raise Forbidden("actor_required")
    return speaker.person


def with_role(person: Person, allowed: frozenset[Role]) -> Person:
    """Raises ``Forbidden`` unless the person's role is one of ``allowed``."""
    if person.role not in allowed:
        raise Forbidden("role_not_allowed", role=person.role, allowed=", ".join(sorted(allowed)))
    return person


async def reaches(tx: Tx, person: Person, lead: Placed) -> bool:
    """Whether the lead lies within the person's reach: own, dealer's, region's, everything."""
    match person.role:
        case Role.HQ | Role.CALL_CENTRE:
            return True
        case Role.REGIONAL_MANAGER:
            region = await people.region_of_dealer(tx, lead.dealer_id) or lead.region
            return region is not None and region == person.region
        case Role.DEALER_MANAGER:
            return lead.dealer_id is not None and lead.dealer_id == person.dealer_id
        case Role.CONSULTANT:
            return lead.owner_id == person.id
        case _:
            return False


async def within_reach(tx: Tx, person: Person, lead: Placed) -> None:
    """Raises ``Forbidden`` when the lead lies outside the person's reach."""
    if await reaches(tx, person, lead):
        return
    own = person.role == Role.CONSULTANT and lead.dealer_id == person.dealer_id
    raise Forbidden("not_yours" if own else "other_dealer")
