"""Who is there and who is not: absences, and people who leave, whose leads go to others at once
(A6, A11)."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cases.errors import NotFound
from cases.states import Leaving
from domain.forms import Form, Moment, Reason, refuse
from domain.network.laws.reach import supervised
from domain.network.laws.redistribution import Redistributed, redistribute
from domain.network.reads.people import AbsenceView, PassedOnView, absence, passed_on
from domain.speaker import Speaker
from store.leads import edits
from store.network import absences, people
from store.session import Tx


class AbsenceBody(Form):
    """From when until when somebody is away, and why."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"starts_at": "2026-11-23T09:00:00+08:00", "ends_at": "2026-11-28T09:00:00+08:00", "reason": "年假"}
            ]
        }
    )

    starts_at: Moment
    ends_at: Moment = Field(description="When they are there again")
    reason: Reason = "leave"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise refuse("ends_before_it_starts", at="ends_at")
        return self


class PresenceBody(Form):
    """Whether a person works here."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"active": False}]})

    active: bool


class EnteredView(AbsenceView):
    """An absence, the leads that went to others because of it, and how many wait until the person
    is back."""

    moved: list[PassedOnView]
    kept: int


class PresenceView(BaseModel):
    """Whether a person works here, and which of their leads went to others."""

    staff: str
    active: bool
    moved: list[PassedOnView]
    kept: int


async def enter_absence(tx: Tx, speaker: Speaker, code: str, body: AbsenceBody) -> EnteredView:
    """A person is away; what falls due meanwhile goes to others at once, as the table
    ``redistribution`` says.

    Raises ``NotFound``, and ``Forbidden`` outside the speaker's reach.
    """
    person = await supervised(tx, speaker, code)
    away = await absences.enter(tx, person.id, body.starts_at, body.ends_at, body.reason)
    at = speaker.now()
    done = Redistributed((), 0)
    if away.ends_at > at:
        done = await redistribute(tx, await speaker.tables(tx), person, Leaving.ABSENT, at, away)
    moved = await passed_on(tx, done)
    return EnteredView(**absence(person, away).model_dump(), moved=moved, kept=done.kept)


async def remove_absence(tx: Tx, speaker: Speaker, code: str, absence_id: UUID) -> AbsenceView:
    """The person can be given leads again; those that went to others stay with them. Raises
    ``NotFound``, ``Forbidden``."""
    person = await supervised(tx, speaker, code)
    away = await absences.remove(tx, person.id, absence_id)
    if away is None:
        raise NotFound("absence_not_found")
    return absence(person, away)


async def set_presence(tx: Tx, speaker: Speaker, code: str, body: PresenceBody) -> PresenceView:
    """A person leaves or is back. All open leads and tasks of one who leaves go to others at once.

    Raises ``NotFound``, and ``Forbidden`` outside the speaker's reach.
    """
    person = await supervised(tx, speaker, code)
    at = speaker.now()
    await edits.dated(tx, at)
    changed = await people.set_active(tx, person.id, body.active)
    done = Redistributed((), 0)
    if changed and not body.active:
        done = await redistribute(tx, await speaker.tables(tx), person, Leaving.LEFT, at)
    return PresenceView(staff=person.code, active=body.active, moved=await passed_on(tx, done), kept=done.kept)
