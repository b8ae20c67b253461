"""Reports of wrongdoing are there for auditors and head office alone: for everybody else nothing
shows that they exist.

One law for tickets and for their tasks, whichever address somebody comes by.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from cases.errors import NotFound
from cases.states import Role
from domain.tickets.words import TicketKind
from store.engine import cases
from store.network.people import Person
from store.session import Tx

CONFIDENTIAL: Final = (TicketKind.REPORT.value,)
READERS: Final = frozenset({Role.AUDITOR, Role.HQ})


def hidden_from(person: Person | None) -> tuple[str, ...]:
    """The kinds of tickets that this person, or whoever is not named, does not see."""
    return () if person is not None and person.role in READERS else CONFIDENTIAL


async def task_is_there(tx: Tx, person: Person | None, case_id: UUID) -> None:
    """Raises ``NotFound`` for a task of a case that this person does not see."""
    if (await cases.get(tx, case_id)).facts.get("ticket") in hidden_from(person):
        raise NotFound("task_not_found")
