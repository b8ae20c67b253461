"""Entries added, changed, made inactive, removed: one verdict each, and what is wrong with an entry
costs that one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError

from cases.errors import Conflict, FieldProblem, Invalid, NotFound
from cases.states import Role
from store.models import CalendarDay
from store.network import departures
from store.network.groundwork import SIDES
from store.network.keeping import laws, rows
from store.network.keeping.kinds import KINDS, KeptKind, Values
from store.network.keeping.known import Known, count_leads, look
from store.session import Tx

Verdict = Literal["created", "changed", "unchanged", "refused"]

MOST_LEADS = 500
"""Leads of a dealer or person that are named: as many as one bulk reassignment takes."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An entry as somebody wants it. ``whole``: fields that are not given get their defaults, else
    stay as they are.

    ``problems``: what is known to be wrong with it already.
    """

    kind: str
    code: str
    values: Values
    whole: bool = False
    problems: tuple[FieldProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryOutcome:
    """What became of it. ``before`` and ``after`` hold the fields that differ.

    ``open_leads``: how many leads a dealer or person leaves behind by becoming inactive, ``leads``
    the first of them.
    """

    kind: str
    code: str
    verdict: Verdict
    values: Values | None = None
    before: Values = field(default_factory=dict[str, Any])
    after: Values = field(default_factory=dict[str, Any])
    problems: tuple[FieldProblem, ...] = ()
    open_leads: int = 0
    leads: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Removed:
    """An entry that is no more, as it was."""

    kind: str
    code: str
    before: Values


_KEPT = text("SELECT pg_advisory_xact_lock(hashtextextended('network', 0))")

_REGIONS_OF_PEOPLE = text(
    "UPDATE staff SET region = d.region FROM dealers d"
    " WHERE staff.dealer_id = d.id AND staff.region IS DISTINCT FROM d.region AND d.code = ANY (:codes)"
)

_USES = {
    "regions": {
        "cities": "SELECT count(*) FROM cities WHERE region = :code",
        "places": "SELECT count(*) FROM region_places WHERE region = :code",
        "dealers": "SELECT count(*) FROM dealers WHERE region = :code",
        "staff": "SELECT count(*) FROM staff WHERE region = :code",
        "hours": "SELECT count(*) FROM working_hours WHERE region = :code",
        "leads": "SELECT count(*) FROM cases WHERE region = :code",
    },
    "models": {
        "dealers": "SELECT count(*) FROM dealers WHERE :code = ANY (models)",
        "staff": "SELECT count(*) FROM staff WHERE :code = ANY (skills)",
        "leads": "SELECT count(*) FROM leads WHERE model = :code",
    },
    "channels": {
        "channels": "SELECT count(*) FROM channels WHERE parent = :code",
        "leads": "SELECT count(*) FROM leads WHERE channel = :code",
        "submissions": "SELECT count(*) FROM submissions WHERE channel = :code",
    },
    "dealers": {
        "staff": "SELECT count(*) FROM staff s JOIN dealers d ON d.id = s.dealer_id WHERE d.code = :code",
        "leads": "SELECT count(*) FROM cases l JOIN dealers d ON d.id = l.dealer_id WHERE d.code = :code",
        "closures": "SELECT count(*) FROM closures c JOIN dealers d ON d.id = c.dealer_id WHERE d.code = :code",
        "hours": "SELECT count(*) FROM working_hours h JOIN dealers d ON d.id = h.dealer_id WHERE d.code = :code",
    },
    "staff": {
        "leads": "SELECT count(*) FROM cases l JOIN staff s ON s.id = l.owner_id WHERE s.code = :code",
    },
}
"""What keeps an entry from being removed, and how many of it there are. What else refers to it the
database knows."""

_OWN = {"staff": text("DELETE FROM contact_points WHERE staff_id = (SELECT id FROM staff WHERE code = :code)")}
"""What goes with an entry."""


async def hold(tx: Tx) -> None:
    """Keeps others from changing the network until the transaction ends: an entry's laws look at
    other entries."""
    await tx.session.execute(_KEPT)


async def keep(tx: Tx, wanted: Sequence[Wanted]) -> list[EntryOutcome]:
    """Does what is wanted, as far as the network's laws let it; the outcomes come in the order of
    ``wanted``.

    Entries that others refer to come first, wherever they stand.
    """
    await hold(tx)
    known = await look(tx, {one.kind for one in wanted})
    outcomes: dict[int, EntryOutcome] = {}
    for kind in KINDS.values():
        of_kind = {place: one for place, one in enumerate(wanted) if one.kind == kind.name}
        if of_kind:
            outcomes |= await _keep_kind(tx, known, kind, of_kind)
    return [outcomes[place] for place in range(len(wanted))]


async def _keep_kind(tx: Tx, known: Known, kind: KeptKind, wanted: dict[int, Wanted]) -> dict[int, EntryOutcome]:
    sound = [one for one in wanted.values() if not one.problems]
    before = await rows.entries(tx, kind, {one.code for one in sound})
    await count_leads(tx, known, kind.name, [one.code for one in sound if _leaves(one, before.get(one.code))])
    outcomes: dict[int, EntryOutcome] = {}
    changed: dict[str, Values] = {}
    seen: set[str] = set()
    for place, one in _in_order(known, kind, wanted):
        outcome = _outcome(known, kind, one, before.get(one.code), repeated=one.code in seen)
        seen.add(one.code)
        if outcome.verdict in ("created", "changed"):
            assert outcome.values is not None
            changed[one.code] = outcome.values
        outcomes[place] = outcome
    if kind.name == "channels":
        changed = {code: values | {"level": laws.level_of(known, code)} for code, values in changed.items()}
    await rows.write(tx, kind, changed)
    if kind.name == "dealers" and changed:
        await tx.session.execute(_REGIONS_OF_PEOPLE, {"codes": list(changed)})
        turned = [one for one in outcomes.values() if one.verdict == "changed" and "active" in one.after]
        await departures.left(tx, [one.code for one in turned if not one.after["active"]])
        await departures.back(tx, [one.code for one in turned if one.after["active"]])
    if kind.name == "closures" and changed:
        await departures.closes(tx, list(changed))
    return outcomes


def _outcome(known: Known, kind: KeptKind, one: Wanted, before: Values | None, *, repeated: bool) -> EntryOutcome:
    refused = EntryOutcome(kind.name, one.code, "refused", before)
    if one.problems:
        return replace(refused, problems=one.problems)
    if repeated:
        return replace(refused, problems=(FieldProblem("code", "repeated"),))
    values = {**kind.defaults, **({} if one.whole or before is None else before), **one.values}
    found = laws.problems(known, kind, one.code, before, values)
    if found:
        return replace(refused, problems=tuple(found))
    _derive(known, kind, values)
    known.add(kind.name, one.code, values)
    if kind.name == "staff" and values["role"] == Role.HQ and values["active"]:
        known.head_office.add(one.code)
    elif kind.name == "staff":
        known.head_office.discard(one.code)
    if before is None:
        return EntryOutcome(kind.name, one.code, "created", values, after=dict(values))
    differing = [name for name in before if before[name] != values[name]]
    if not differing:
        return EntryOutcome(kind.name, one.code, "unchanged", values)
    left = known.leads_of(kind.name, one.code) if before.get("active") and not values["active"] else []
    was, becomes = ({name: of[name] for name in differing} for of in (before, values))
    return EntryOutcome(
        kind.name, one.code, "changed", values, was, becomes, open_leads=len(left), leads=tuple(left[:MOST_LEADS])
    )


def _derive(known: Known, kind: KeptKind, values: Values) -> None:
    """What follows from other fields."""
    if kind.name == "channels":
        parent = known.entries["channels"].get(values["parent"])
        values["side"] = parent["side"] if parent else values["side"]
    elif kind.name == "staff" and values["dealer"] is not None:
        values["region"] = known.entries["dealers"][values["dealer"]]["region"]


def _in_order(known: Known, kind: KeptKind, wanted: dict[int, Wanted]) -> list[tuple[int, Wanted]]:
    """Channels after those they stand below, but before them where they retire; of all others the
    order is theirs."""
    if kind.name != "channels":
        return list(wanted.items())
    parents = {one.code: one.values.get("parent") for one in wanted.values()}

    def depth(code: str) -> int:
        level, at = 0, code
        while level <= laws.LEVELS and at is not None:
            there = known.entries["channels"].get(at)
            level, at = level + 1, parents.get(at) or (there["parent"] if there else None)
        return level

    retiring = [item for item in wanted.items() if item[1].values.get("active") is False and _is_there(known, item[1])]
    others = [item for item in wanted.items() if item not in retiring]
    retiring.sort(key=lambda item: -depth(item[1].code))
    others.sort(key=lambda item: depth(item[1].code))
    return [*others, *retiring]


def _is_there(known: Known, one: Wanted) -> bool:
    return one.code in known.entries["channels"]


def _leaves(one: Wanted, before: Values | None) -> bool:
    """Whether leads may be left behind: by becoming inactive, going to another dealer, doing other
    work."""
    values = one.values
    if before is None:
        return False
    return (
        (before.get("active") and values.get("active") is False)
        or ("dealer" in values and values["dealer"] != before["dealer"])
        or ("role" in values and values["role"] != before["role"])
    )


async def remove(tx: Tx, kind: KeptKind, code: str) -> Removed:
    """Removes an entry that nothing refers to. Raises ``NotFound``, ``Invalid``, ``Conflict``
    saying what does."""
    await hold(tx)
    before = (await rows.entries(tx, kind, [code])).get(code)
    if before is None:
        raise NotFound("entry_not_found", kind=kind.name, entry=code)
    if kind.name == "channels" and code in SIDES:
        raise Conflict("side_stays")
    if kind.name == "staff" and (await look(tx, ["staff"])).head_office == {code}:
        raise Invalid("invalid_input", problems=(FieldProblem("code", "last_of_head_office"),))
    used = {what: await tx.session.scalar(text(query), {"code": code}) for what, query in _uses(kind)}
    said = ", ".join(f"{what} {count}" for what, count in used.items() if count)
    if said:
        raise Conflict("entry_in_use", entry=code, by=said)
    try:
        async with tx.session.begin_nested():
            if kind.name in _OWN:
                await tx.session.execute(_OWN[kind.name], {"code": code})
            key = kind.table.c[kind.key]
            await tx.session.execute(kind.table.delete().where(key == rows.as_key(kind, code)))
    except IntegrityError as failure:
        raise Conflict("entry_in_use", entry=code, by="history") from failure
    return Removed(kind.name, code, before)


def _uses(kind: KeptKind) -> Sequence[tuple[str, str]]:
    return tuple(_USES.get(kind.name, {}).items())


async def confirm_year(tx: Tx, year: int) -> int:
    """Says that a year's days are as the authority has published them; returns how many were not
    known to be."""
    await hold(tx)
    days = CalendarDay.__table__
    done = await tx.session.execute(
        update(days)
        .where(func.extract("year", days.c.day) == year, ~days.c.confirmed)
        .values(confirmed=True)
        .returning(days.c.day)
    )
    if not await tx.session.scalar(select(func.count()).where(func.extract("year", days.c.day) == year)):
        raise NotFound("year_not_found", year=year)
    return len(done.all())
