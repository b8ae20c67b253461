"""Who repairs: the desk mends cases and incidents, head office moves many to another version."""

from __future__ import annotations

from domain.reach import DESK, HEAD_OFFICE, Speaking, the_person, with_role
from store.network.people import Person


def mends(speaker: Speaking) -> Person:
    """Raises ``Forbidden`` unless the speaker may mend cases and incidents."""
    return with_role(the_person(speaker), DESK)


def migrates(speaker: Speaking) -> Person:
    """Raises ``Forbidden`` unless the speaker may let cases go on in another version."""
    return with_role(the_person(speaker), HEAD_OFFICE)
