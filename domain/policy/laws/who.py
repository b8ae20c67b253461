"""Who changes tables: head office drafts, comments, publishes, rolls back and tries."""

from __future__ import annotations

from typing import Final

from cases.errors import Invalid
from cases.states import Role
from domain.policy.shadowing import UNRECORDED
from domain.reach import Speaking, the_person, with_role
from store.network.people import Person

POLICY: Final = frozenset({Role.HQ})


def makes_policy(speaker: Speaking) -> Person:
    """Raises ``Forbidden`` for everybody else."""
    return with_role(the_person(speaker), POLICY)


def recorded(key: str) -> None:
    """Raises ``Invalid`` for a table whose decisions are not kept: there is nothing to compare
    with."""
    if key in UNRECORDED:
        raise Invalid("table_unrecorded", key=key)
