"""When people are away and how they are reached."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from cases.messages import Language
from domain.network.laws.reach import oneself_or_head_office, supervised
from domain.network.laws.redistribution import Redistributed
from domain.reach import Speaking
from store.leads import views
from store.network import absences as kept_absences
from store.network import contact_points as kept_points
from store.network.absences import Away
from store.network.people import Person
from store.session import Tx


class AbsenceView(BaseModel):
    """An absence of a person."""

    id: UUID
    staff: str
    starts_at: datetime
    ends_at: datetime
    reason: str


class PassedOnView(BaseModel):
    """A lead that went to somebody else; ``to`` is null where a dealer's rules, or anybody of a
    role, take it."""

    lead_id: UUID
    to: str | None


class ContactPointsView(BaseModel):
    """How a person is reached."""

    staff: str
    language: Language
    addresses: dict[str, str]


async def absences(tx: Tx, speaker: Speaking, code: str) -> list[AbsenceView]:
    """All absences of a person, by their beginning, for supervisors within their reach. Raises
    ``NotFound``, ``Forbidden``."""
    person = await supervised(tx, speaker, code)
    return [absence(person, away) for away in await kept_absences.of_person(tx, person.id)]


async def contact_points(tx: Tx, speaker: Speaking, code: str) -> ContactPointsView:
    """Language and addresses of a person, for head office and the person. Raises ``Forbidden``,
    ``NotFound``."""
    person = await oneself_or_head_office(tx, speaker, code)
    found = await kept_points.of_person(tx, person.id)
    return ContactPointsView(staff=person.code, language=found.language, addresses=found.addresses)


def absence(person: Person, away: Away) -> AbsenceView:
    """One absence as it is told."""
    return AbsenceView(
        id=away.id, staff=person.code, starts_at=away.starts_at, ends_at=away.ends_at, reason=away.reason
    )


async def passed_on(tx: Tx, done: Redistributed) -> list[PassedOnView]:
    """Who got which lead, by codes."""
    names = await views.names_of(tx, [one.to_staff for one in done.moved if one.to_staff])
    return [
        PassedOnView(lead_id=one.lead_id, to=names[str(one.to_staff)].code if one.to_staff else None)
        for one in done.moved
    ]
