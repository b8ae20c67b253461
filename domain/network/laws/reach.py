"""Who may speak of whom: supervisors of the people within their reach, head office of all,
everybody of themselves (A11, F2)."""

from __future__ import annotations

from cases.errors import Forbidden, NotFound
from cases.states import Role
from domain.reach import HEAD_OFFICE, SUPERVISORS, Speaking, the_person, with_role
from store.network import people
from store.network.people import Person
from store.session import Tx


def head_office(speaker: Speaking) -> Person:
    """Whoever keeps the network. Raises ``Forbidden`` for others."""
    return with_role(the_person(speaker), HEAD_OFFICE)


async def supervised(tx: Tx, speaker: Speaking, code: str) -> Person:
    """The person, active or not, of whom a supervisor speaks. Raises ``NotFound``,
    ``Forbidden``."""
    supervisor = with_role(the_person(speaker), SUPERVISORS)
    person = await people.anybody(tx, code)
    if person is None:
        raise NotFound("staff_not_found")
    own_dealer = supervisor.role != Role.DEALER_MANAGER or supervisor.dealer_id == person.dealer_id
    own_region = supervisor.role != Role.REGIONAL_MANAGER or (
        person.dealer_id is not None and supervisor.region == await people.region_of_dealer(tx, person.dealer_id)
    )
    if not (own_dealer and own_region):
        raise Forbidden("other_dealer")
    return person


async def oneself_or_head_office(tx: Tx, speaker: Speaking, code: str) -> Person:
    """The person who works here and of whom they themselves or head office speak. Raises
    ``Forbidden``, ``NotFound``."""
    who = the_person(speaker)
    if who.code != code and who.role not in HEAD_OFFICE:
        raise Forbidden("another_person")
    found = await people.person(tx, code)
    if found is None:
        raise NotFound("staff_not_found")
    return found
