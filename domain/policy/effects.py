"""What a decision that comes out otherwise would have changed: a grade, a dealer, a consultant, a
deadline, a result.

One function a table; they count, write lines, and leave word for the lead's later decisions
(``Course``). What cannot be known is never guessed: a lead that would have gone to another dealer
has no consultant there yet, and a lead that would have been dispatched has no dealer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from cases.parties import Team
from domain.kinds import teams
from domain.policy.again import Again
from domain.policy.deadlines import Kept, NoCalendar, due_again, kept
from domain.policy.findings import ChangeKind, Course, Findings, Unknown
from store.tables.past import Past, PastClock

NOBODY = "none"
"""In totals: no dealer, or no consultant."""

QUOTAS = frozenset({"at_capacity", "no_room"})
"""Reasons against candidates that do not count in the urgent lane (``domain.leads.ruling_out``)."""

AT_A_DEALER = frozenset(kind for kind, team in teams().items() if team is Team.DEALER)
"""Deadlines that only a lead with a dealer has: they keep to the dealer's hours."""

Effect = Callable[[Findings, Past, "Again | None", Course], None]
"""Says what a decision's other result does. Nothing came of making it again: it is as it was
(None)."""


def grade(found: Findings, past: Past, again: Again | None, course: Course) -> None:
    """Another grade goes on to all that the lead's grade decides, until it is graded again."""
    course.grade, course.nurtured, course.hurried, course.elsewhere = None, False, False, False
    if again is None or again.result is None:
        return
    # Where no row speaks, activities.grading takes it for the lowest.
    old, new = (str(one.get("grade") or "N") for one in (past.result, again.result))
    found.pair("grade", old, new)
    if old != new:
        course.grade = (old, new)
        found.changed(past, ChangeKind.GRADE, dict(past.result) | {"grade": old}, again.result | {"grade": new})
    elif again.changes:
        found.changed(past, ChangeKind.RESULT, dict(past.result), again.result)


def scale(found: Findings, past: Past, again: Again | None, course: Course) -> None:
    """With a clock, it is how long a grade holds; without, where the lead went after grading."""
    if past.clock is not None:
        deadline(found, past, again, course)
        return
    if again is None or again.result is None:
        return
    old, new = (str(one.get("lane") or "nurture") for one in (past.result, again.result))
    found.pair("lane", old, new)
    course.nurtured = old != new == "nurture"
    course.hurried = (old == "urgent") != (new == "urgent")
    if old != new:
        found.changed(past, ChangeKind.RESULT, dict(past.result), again.result)
        if old == "nurture":
            found.unknown(Unknown.WOULD_BE_DISPATCHED)


def dealer(found: Findings, past: Past, again: Again | None, course: Course) -> None:
    """Who got the lead."""
    old = _who(past.result, "dealer")
    new = {"dealer": None, "because": "lane"} if course.nurtured else _chosen(past.result, again, "dealer")
    _quota(found, past, course, new["dealer"])
    _load(found, "dealers", old["dealer"], new["dealer"])
    course.elsewhere = old["dealer"] != new["dealer"]
    if course.elsewhere:
        found.changed(past, ChangeKind.DEALER, old, new | _capacity(past, new["dealer"]))


def consultant(found: Findings, past: Past, again: Again | None, course: Course) -> None:
    """Who of the dealer's people got it; at another dealer nobody can say."""
    at_dealer = {"at": str(past.dealer)} if past.dealer else {}
    old = _who(past.result, "consultant") | at_dealer
    if course.nurtured:
        new: dict[str, Any] = {"consultant": None, "because": "lane"}
    elif course.elsewhere:
        found.unknown(Unknown.OTHER_DEALER)
        _load(found, "consultants", old["consultant"], None, known=False)
        return
    else:
        new = _chosen(past.result, again, "consultant") | at_dealer
    _quota(found, past, course, new["consultant"])
    _load(found, "consultants", old["consultant"], new["consultant"])
    if old["consultant"] != new["consultant"]:
        found.changed(past, ChangeKind.CONSULTANT, old, new)


def deadline(found: Findings, past: Past, again: Again | None, course: Course) -> None:
    """When something was due, and whether it was done by then."""
    clock = past.clock
    if clock is None:
        if again is not None and again.changes:
            found.problem(past, "no_deadline")
        return
    due = clock.due_at
    if course.nurtured and clock.kind in AT_A_DEALER:
        due = None
    elif again is not None and again.result is not None and again.changes:
        due = _due(found, past, clock, again.result)
    was, would = kept(clock.due_at, clock.stopped_at, found.now), kept(due, clock.stopped_at, found.now)
    _deadline_counts(found, ("deadlines", clock.kind), was, would)
    _deadline_counts(found, ("dealer_deadlines", str(past.dealer or NOBODY)), was, would)
    if due != clock.due_at:
        at = {"at": str(past.dealer)} if past.dealer else {}
        old = {"clock": clock.kind, "due": clock.due_at.isoformat(), "kept": was.value} | at
        new = {"clock": clock.kind, "due": due.isoformat() if due else None, "kept": would.value} | at
        found.changed(past, ChangeKind.DEADLINE, old, new)


def result(found: Findings, past: Past, again: Again | None, course: Course) -> None:
    """Any other table: what came out."""
    if again is None or again.result is None:
        return
    for name in dict.fromkeys([*past.result, *again.result]):
        found.pair(name, past.result.get(name), again.result.get(name))
    if again.changes:
        found.changed(past, ChangeKind.RESULT, dict(past.result), again.result)


EFFECTS: dict[str, Effect] = {
    "grade": grade,
    "grade-scale": scale,
    "dispatch": dealer,
    "assignment": consultant,
    "cadence": deadline,
}
"""By table; every other one has ``result``."""

FOLLOWING: dict[str, tuple[str, ...]] = {
    "grade": ("grade-scale", "dispatch", "assignment", "cadence"),
    "grade-scale": ("dispatch", "assignment", "cadence"),
    "dispatch": ("assignment",),
}
"""The tables whose decisions a changed one has consequences for; they decide in the versions that
decided then."""


def _due(found: Findings, past: Past, clock: PastClock, result: Mapping[str, Any]) -> datetime | None:
    """When it would have been due; as it was if that cannot be told, which is counted."""
    try:
        return due_again(clock, past.at, past.got_at, result, found.calendars)
    except NoCalendar:
        found.problem(past, "no_calendar")
    except (ValueError, TypeError, OverflowError):
        found.problem(past, "failed")  # hours that are no number, negative, or beyond all calendars
    return clock.due_at


def _deadline_counts(found: Findings, path: tuple[str, ...], was: Kept, would: Kept) -> None:
    found.totals.add(*path, "was", was.value)
    found.totals.add(*path, "would", would.value)
    if was != would and would in (Kept.MET, Kept.MISSED):
        found.totals.add(*path, f"newly_{would.value}")


def _who(chosen: Mapping[str, Any], role: str) -> dict[str, Any]:
    return {role: chosen.get("chosen"), "code": chosen.get("code")}


def _chosen(old: Mapping[str, Any], again: Again | None, role: str) -> dict[str, Any]:
    """Whom the other version takes; whoever it was if it cannot say."""
    return _who(old if again is None or again.result is None else again.result, role)


def _quota(found: Findings, past: Past, course: Course, chosen: str | None) -> None:
    """In the urgent lane quotas do not count: who was ruled out by one could have been chosen, or
    the other way."""
    if not course.hurried or course.nurtured:
        return
    for line in json.loads(past.candidates):
        full = line.get("id") == chosen and line.get("inputs", {}).get("load_percent", 0) >= 100
        if full or line.get("reason") in QUOTAS:
            found.unknown(Unknown.QUOTA)
            return


def _capacity(past: Past, dealer_id: str | None) -> dict[str, Any]:
    """What the dealer could take that day, as it was stored with the choice; older choices do not
    have it."""
    lines = json.loads(past.candidates) if dealer_id else []
    found = next((line.get("capacity") for line in lines if line.get("id") == dealer_id), None)
    return {} if found is None else {"capacity": found}


def _load(found: Findings, who: str, old: str | None, new: str | None, *, known: bool = True) -> None:
    found.totals.add(who, old or NOBODY, "was")
    if known:
        found.totals.add(who, new or NOBODY, "would")
