"""What a submission is: a new lead, a repeat of a known one, old news, or no lead (A3, A4). Writes
nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from cases.contracts import ProcessRef
from cases.errors import FieldProblem
from cases.ids import new_id
from cases.states import Status
from domain.leads.intake.desk import Desk
from domain.leads.intake.reading import Reading, read
from domain.tables import Made, Tables
from store.leads.births import Birth
from store.leads.intake import Standing, Taken
from store.network.network import Reference
from store.network.people import Person

Quiet = Literal["already_taken", "stated_before_end"]
"""Why a duplicate changes nothing: this very submission is there, or it was said before the lead
ended."""


@dataclass(frozen=True, slots=True)
class Door:
    """What the door needs to know for one request."""

    reference: Reference
    tables: Tables
    process: ProcessRef
    author: Person | None


@dataclass(frozen=True, slots=True)
class Repeat:
    """The same customer again; ``returns``: their lead had ended and lives once more (激).

    ``other``: the lead of another customer whose contact stands beside this one's; a person has to
    look.
    """

    reading: Reading
    standing: Standing
    lead_id: UUID
    returns: bool
    other: UUID | None = None


@dataclass(frozen=True, slots=True)
class OldNews:
    """Said before: it is kept, and nothing else happens. ``code`` is why."""

    reading: Reading
    lead_id: UUID
    code: Quiet
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """No lead, and why."""

    channel: str | None
    problem: FieldProblem


Settled = Birth | Repeat | OldNews | Refusal


def understand(row: Any, door: Door, now: datetime) -> Reading | FieldProblem:
    if not isinstance(row, dict):
        return FieldProblem("", "wrong_type", {"expected": "object"})
    sent: dict[str, Any] = row  # pyright: ignore[reportUnknownVariableType]
    channel = _channel(sent.get("channel"), door.reference)
    return channel if isinstance(channel, FieldProblem) else read(sent, channel, door.reference, now)


def _channel(written: Any, reference: Reference) -> str | FieldProblem:
    """The channel's code: by its code or name, the names on its levels, or the first that is known
    of several (``any_of``)."""
    several: list[Any] = [written]
    if isinstance(written, dict):
        found: Any = written.get("any_of")  # pyright: ignore[reportUnknownMemberType,reportUnknownVariableType]
        several = found if isinstance(found, list) else [written]  # pyright: ignore[reportUnknownVariableType]
    problem = FieldProblem("channel", "missing")
    for one in several:
        names: list[Any] = one if isinstance(one, list) else [one]  # pyright: ignore[reportUnknownVariableType]
        if one is None or not names:
            continue
        if not all(isinstance(name, str) for name in names):
            return FieldProblem("channel", "wrong_type", {"expected": "text / list"})
        code = reference.channel([name.strip() for name in names])
        if code is not None and code not in reference.retired:
            return code
        problem = FieldProblem("channel", "channel_retired" if code else "unknown_channel")
    return problem


def settle(door: Door, desk: Desk, one: Reading | FieldProblem) -> Settled:
    """The table says whether it is a lead at all; the customer's standing says whose."""
    if isinstance(one, FieldProblem):
        return Refusal(None, one)
    if one.external in desk.externals:
        return OldNews(one, desk.externals[one.external].lead_id, "already_taken")
    made = door.tables.decide("validity", desk.now, one.validity)
    if made.get("verdict") == "reject":
        return Refusal(one.facts.channel, _reason(made))
    standing = next((desk.known[key] for key in one.proofs if key in desk.known), None)
    taken = desk.taken(one, standing)
    facts = one.facts
    if taken is not None:
        desk.keep(replace(taken, external=one.external))
        return OldNews(one, taken.lead_id, "already_taken", facts.external_id)
    if standing and standing.ended and standing.ended_at and facts.said_at and facts.said_at <= standing.ended_at:
        desk.keep(Taken(standing.ended, facts.fingerprint, facts.said_at, desk.now, open=False, external=one.external))
        return OldNews(one, standing.ended, "stated_before_end", facts.external_id)
    one, other = _without_others(one, standing, desk)
    settled: Birth | Repeat
    if standing is None or standing.lead_id is None:
        settled = _birth(door, one, standing, made, other)
        lead_id = settled.lead_id
        before = standing.leads if standing else frozenset[UUID]()
        standing = Standing(settled.customer_id, lead_id, Status.NEW, leads=before | {lead_id})
    else:
        lead_id = standing.lead_id
        settled = Repeat(one, standing, lead_id, standing.returnable, other)
        if settled.returns:
            standing = replace(standing, status=Status.QUALIFYING, ended=None, ended_at=None)
    # The next submission of this batch with one of these contacts belongs to the same lead.
    desk.known |= dict.fromkeys(one.proofs, standing)
    desk.known |= {key: standing for key, had in desk.known.items() if had.customer_id == standing.customer_id}
    desk.keep(Taken(lead_id, facts.fingerprint, facts.said_at, desk.now, open=True, external=one.external))
    return settled


def _without_others(one: Reading, standing: Standing | None, desk: Desk) -> tuple[Reading, UUID | None]:
    """The reading without a WeChat id that is another customer's, and that customer's lead: one
    contact id never stands at two customers, and which of the two it is, is for a person to find
    out."""
    key = next((key for key in one.proofs if key.startswith("wechat:")), None)
    owner = desk.known.get(key) if key else None
    if standing is None or owner is None or owner.customer_id == standing.customer_id:
        return one, None
    return replace(one, facts=replace(one.facts, wechat=None)), owner.lead_id or owner.ended


def _birth(door: Door, reading: Reading, standing: Standing | None, made: Made, other: UUID | None) -> Birth:
    return Birth(
        facts=reading.facts,
        process=door.process,
        customer_id=standing.customer_id if standing else new_id(),
        new_customer=standing is None,
        table=made.key,
        version=made.version,
        inputs=made.inputs,
        matched=made.matched,
        result=made.outputs,
        suspects=(other,) if other else (),
        proves=reading.proves,
    )


def _reason(made: Made) -> FieldProblem:
    """The table's reason beside the field that it is about."""
    code = str(made.get("reason") or "invalid_value")
    return FieldProblem("name" if "name" in code else "phone", code)
