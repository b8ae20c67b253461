"""Who looks after notices: head office."""

from __future__ import annotations

from domain.reach import HEAD_OFFICE, Speaking, the_person, with_role
from store.network.people import Person


def sends(speaker: Speaking) -> Person:
    """Raises ``Forbidden`` unless the speaker may see what has not got through, and have it sent
    once more."""
    return with_role(the_person(speaker), HEAD_OFFICE)
