"""What has to hold in a network, entry by entry, as a table: a kind's laws say everything that is
wrong at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime

from cases.errors import FieldProblem
from cases.parties import Team
from cases.states import Role
from cases.weekly import wrong
from store.network.groundwork import SIDES
from store.network.keeping.kinds import REQUIRED, KeptKind, Values
from store.network.keeping.known import Known, plain
from store.network.keeping.rows import as_key

LEVELS = 3
"""Of the tree of channels (A1)."""

AT_A_DEALER = frozenset({Role.CONSULTANT, Role.DEALER_MANAGER})
"""Roles that belong to exactly one dealer; all others belong to none."""

_CODE = re.compile(r"[\w.·-]{1,100}")
_UNKNOWN = {
    "regions": "unknown_region",
    "models": "unknown_model",
    "channels": "unknown_channel",
    "dealers": "unknown_dealer",
    "staff": "unknown_person",
}

_BAD_HOURS = {
    "days": "hours_days",
    "time": "hours_time",
    "order": "hours_order",
    "overlap": "hours_overlap",
    "never": "hours_never",
}

Law = Callable[[Known, str, Values | None, Values], Iterator[FieldProblem]]
"""Of an entry's code, its values before (None: it is new) and its values to be."""


def problems(known: Known, kind: KeptKind, code: str, before: Values | None, values: Values) -> list[FieldProblem]:
    """Everything that is wrong with an entry. Names of others in ``values`` are replaced by their
    codes on the way."""
    found = list(_missing(kind, values))
    if before is None:
        found += _bad_code(kind, code)
    found += _references(known, kind, values)
    # Laws take the fields that they compare for granted.
    return found or list(_LAWS[kind.name](known, code, before, values))


def _missing(kind: KeptKind, values: Values) -> Iterator[FieldProblem]:
    for one in kind.fields:
        if one.default is REQUIRED and one.name not in values:
            yield FieldProblem(one.name, "missing")


def _bad_code(kind: KeptKind, code: str) -> Iterator[FieldProblem]:
    if as_key(kind, code) is None:
        yield FieldProblem("code", "bad_day")
    elif kind.key != "day" and not _CODE.fullmatch(code):
        yield FieldProblem("code", "bad_code")


def _references(known: Known, kind: KeptKind, values: Values) -> Iterator[FieldProblem]:
    for one in kind.fields:
        written = values.get(one.name)
        if not one.of or written is None:
            continue
        many = isinstance(written, list)
        codes: list[str] = []
        for place, name in enumerate(written if many else [written]):
            meant = known.meant(one.of, name)
            where = f"{one.name}/{place}" if many else one.name
            if len(meant) > 1:
                yield FieldProblem(where, "ambiguous_name", {"codes": ", ".join(sorted(meant)[:10])})
            elif not meant:
                yield FieldProblem(where, _UNKNOWN[one.of])
            codes += meant
        values[one.name] = list(dict.fromkeys(codes)) if many else next(iter(codes), written)


# -- what a kind asks for ------------------------------------------------------------------------


def _nothing(known: Known, code: str, before: Values | None, values: Values) -> Iterator[FieldProblem]:
    return iter(())


def _model(known: Known, code: str, before: Values | None, values: Values) -> Iterator[FieldProblem]:
    for place, alias in enumerate(values["aliases"]):
        others = known.meant("models", alias) - {code}
        if others:
            yield FieldProblem(f"aliases/{place}", "spelling_taken", {"other": ", ".join(sorted(others))})
    if others := {one for one in known.meant("models", values["name"]) if one != code}:
        yield FieldProblem("name", "spelling_taken", {"other": ", ".join(sorted(others))})
    had = before["certificate"] if before else None
    if had and had != values["certificate"] and known.holders.get(had):
        others = [one for other, one in known.entries["models"].items() if other != code]
        if all(one["certificate"] != had for one in others):
            params = {"certificate": had, "count": str(known.holders[had])}
            yield FieldProblem("certificate", "certificate_held", params)


def _channel(known: Known, code: str, before: Values | None, values: Values) -> Iterator[FieldProblem]:
    channels = known.entries["channels"]
    parent = channels.get(values["parent"]) if values["parent"] else None
    if before is not None:
        for name in ("parent", "side"):
            if values[name] is not None and values[name] != before[name]:
                yield FieldProblem(name, "fixed_field")
        if values["parent"] is None and before["parent"] is not None:
            yield FieldProblem("parent", "fixed_field")
    elif parent is None and values["side"] not in SIDES:
        yield FieldProblem("side", "not_in_list", {"expected": ", ".join(SIDES)})
    elif parent is not None and values["side"] not in (None, parent["side"]):
        yield FieldProblem("side", "not_in_list", {"expected": parent["side"]})
    if parent is not None and level_of(known, values["parent"]) >= LEVELS:
        yield FieldProblem("parent", "too_deep", {"limit": str(LEVELS)})
    siblings = (other for other, one in channels.items() if one["parent"] == values["parent"] and other != code)
    if same := [other for other in siblings if plain(channels[other]["name"]) == plain(values["name"])]:
        yield FieldProblem("name", "name_taken", {"other": same[0]})
    if not values["active"]:
        if code in SIDES:
            yield FieldProblem("active", "fixed_field")
        below = [other for other, one in channels.items() if one["parent"] == code and one["active"]]
        if below:
            yield FieldProblem("active", "channels_below", {"others": ", ".join(below[:10])})
    elif parent is not None and not parent["active"]:
        yield FieldProblem("active", "channel_above", {"other": str(values["parent"])})


def _dealer(known: Known, code: str, before: Values | None, values: Values) -> Iterator[FieldProblem]:
    yield from _certificates(known, values)
    for name, other in (("latitude", "longitude"), ("longitude", "latitude")):
        if values[name] is None and values[other] is not None:
            yield FieldProblem(name, "both_or_neither", {"other": other})


def _person(known: Known, code: str, before: Values | None, values: Values) -> Iterator[FieldProblem]:
    yield from _certificates(known, values)
    role, dealer = Role(values["role"]), values["dealer"]
    if role in AT_A_DEALER:
        if dealer is None:
            yield FieldProblem("dealer", "dealer_required")
        elif _comes_to_a_dealer(before, values) and not known.entries["dealers"][dealer]["active"]:
            yield FieldProblem("dealer", "dealer_inactive", {"dealer": dealer})
    elif dealer is not None:
        yield FieldProblem("dealer", "no_dealer_for_role")
    if role is Role.REGIONAL_MANAGER and values["region"] is None:
        yield FieldProblem("region", "region_required")
    leads = known.leads_of("staff", code)
    if before is not None and leads:
        for name in ("dealer", "role"):
            if values[name] != before[name]:
                yield FieldProblem(name, "person_has_leads", {"count": str(len(leads))})
    if known.head_office == {code} and (role is not Role.HQ or not values["active"]):
        yield FieldProblem("role" if role is not Role.HQ else "active", "last_of_head_office")


def _comes_to_a_dealer(before: Values | None, values: Values) -> bool:
    """Whether somebody begins to work at a dealer: those who are there when it closes stay as they
    are."""
    there = before is not None and before["active"] and before["dealer"] == values["dealer"]
    return values["active"] and not there


def _certificates(known: Known, values: Values) -> Iterator[FieldProblem]:
    there = known.certificates()
    for place, certificate in enumerate(values["certificates"]):
        if certificate not in there:
            params = {"expected": ", ".join(sorted(there)) or "–"}
            yield FieldProblem(f"certificates/{place}", "unknown_certificate", params)


def _period(known: Known, code: str, before: Values | None, values: Values) -> Iterator[FieldProblem]:
    if datetime.fromisoformat(values["ends_at"]) <= datetime.fromisoformat(values["starts_at"]):
        yield FieldProblem("ends_at", "ends_before_start")


def _contact_point(known: Known, code: str, before: Values | None, values: Values) -> Iterator[FieldProblem]:
    """A person has one address on a channel."""
    for other, one in known.entries["contact-points"].items():
        if other != code and (one["staff"], one["channel"]) == (values["staff"], values["channel"]):
            yield FieldProblem("channel", "channel_taken", {"other": other})


def _hours(known: Known, code: str, before: Values | None, values: Values) -> Iterator[FieldProblem]:
    for name, of in (("dealer", Team.DEALER), ("region", Team.REGION)):
        if values[name] is not None and values["team"] != of:
            yield FieldProblem(name, "not_of_team", {"team": of})
    for bad in wrong(values["hours"]):
        where = "/".join(str(one) for one in ("hours", bad.day, bad.interval) if one is not None)
        yield FieldProblem(where, _BAD_HOURS[bad.code])
    other = known.same_hours(values)
    if other not in (None, code):
        yield FieldProblem("valid_from", "hours_taken", {"other": str(other)})


def level_of(known: Known, code: str | None) -> int:
    """How far down the tree a channel stands, from 1; 0 for no channel."""
    level = 0
    while code is not None and level <= LEVELS:
        level, code = level + 1, known.entries["channels"][code]["parent"]
    return level


_LAWS: dict[str, Law] = {
    "regions": _nothing,
    "cities": _nothing,
    "places": _nothing,
    "models": _model,
    "channels": _channel,
    "dealers": _dealer,
    "staff": _person,
    "absences": _period,
    "contact-points": _contact_point,
    "closures": _period,
    "hours": _hours,
    "calendar-days": _nothing,
}
