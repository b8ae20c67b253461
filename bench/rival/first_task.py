"""The one activity: a new lead is cleaned, compared with others, graded, dispatched, assigned and
has its first task, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from bench.rival import policy, reading, writing
from bench.rival.network import Hours, Near, Network
from bench.rival.policy import Decided, Limits, NotWritten
from cases.calendar import day_start, next_opening
from cases.contracts import CaseInput
from cases.ids import new_id
from cases.zone import CHINA
from domain.cleaning import Person, PlaceKind, is_suspect, place_of, read_phone

Row = Any
"""A row of asyncpg, which has its columns as keys."""

PLACE = frozenset({"province", "city", "district"})


@dataclass
class Record:
    """What is written at the end: decisions and the lines of the history, with their ids."""

    decisions: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    lines: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def decided(self, made: Decided) -> UUID:
        """Keeps a decision."""
        identity = new_id()
        self.decisions.append(
            {
                "id": identity,
                "element": made.element,
                "key": made.key,
                "inputs": made.inputs,
                "matched": made.matched,
                "result": made.result,
                "candidates": made.candidates,
            }
        )
        return identity

    def note(self, element: str, code: str, because: UUID, **data: Any) -> None:
        """Keeps a line of the history."""
        line = {"id": new_id(), "element": element, "code": code, "data": data | {"decision_id": because}}
        self.lines.append(line)


@dataclass(frozen=True)
class Asked:
    """The lead as it is to be placed."""

    lead: UUID
    at: datetime
    region: str | None
    city: str | None
    model: str | None
    grade: str
    urgent: bool

    @property
    def since(self) -> tuple[datetime, datetime]:
        """From when a day and an hour of leads are counted."""
        return day_start(self.at), self.at - timedelta(hours=1)


async def to_first_task(pool: asyncpg.Pool, network: Network, life: CaseInput) -> dict[str, Any]:
    """Does all of it once: the second time the first one's result is given. Gives the instant of
    the first rung."""
    async with pool.acquire() as db:
        await db.execute(reading.BEGIN)
        try:
            result = await _work(db, network, life)
        except BaseException:
            await db.execute("ROLLBACK")
            raise
        await db.execute("COMMIT")
        return result


async def _work(db: Any, network: Network, life: CaseInput) -> dict[str, Any]:
    key, at, identity = f"{life.case_id}:{life.first.seq}:first_task", life.first.at, UUID(life.case_id)
    lead = await db.fetchrow(reading.LEAD, identity, key)
    if lead["executed"] is not None:
        return lead["executed"]
    _goes_this_way(lead)
    record = Record()

    facts = _facts(lead)
    cleaning = policy.cleaned(facts)
    record.note("clean", "cleaned", record.decided(cleaning), needs_call=False, reason=cleaning.result["reason"])
    policy.cleaned(facts | {"suspects": await _suspects(db, lead)})

    grading = policy.graded(lead["horizon_days"], facts["budget_known"], facts["model_known"])
    grade, because = str(grading.result["grade"]), record.decided(grading)
    scale = policy.scaled("grade", grade)
    record.decided(scale)
    lane, reason = str(scale.result["lane"]), grading.result["reason"]
    record.note("grade", "graded", because, grade=grade, reason=reason, former=None, lane=lane)
    if lane == "nurture":
        raise NotWritten("nurture")

    asked = Asked(identity, at, lead["region"], lead["city"], lead["model"], grade, lane == "urgent")
    dealer, dispatched = await _dealer(db, network, asked, lead, record)
    staff, assigned = await _consultant(db, asked, dealer["id"], record)
    hours = await network.hours(db, dealer["id"], at)
    plan = _plan(record, grade, at, hours)

    result = {"due": plan.due.isoformat(), "rung_at": plan.rung.isoformat()}
    marks = writing.marks(_utc(plan.due), _utc(plan.rung))
    opening = next_opening(at, hours.calendar)
    called = [{"key": one.key, "version": one.version, "sha256": one.sha256} for one in life.called]
    runs = [name for one in (life.process, *life.called) for name in (one.key, f"{one.key}:{one.version}")]
    await db.execute(
        writing.WRITE,
        *(key, identity, at, result, grade, dealer["id"], staff["id"], plan.due, marks[2:], reason),
        *(record.lines, record.decisions),
        *(new_id(), {"grade": grade, "at": at.isoformat(), "due": plan.due.isoformat()}),
        opening if opening > at else None,
        *(new_id(), dispatched, new_id(), assigned, hours.days, hours.hours, plan.clocks),
        *(new_id(), plan.clocks[0]["id"], life.process.key, life.process.version, life.process.sha256),
        *(called, runs, marks, plan.rung, writing.WAY),
    )
    return result


def _goes_this_way(lead: Row) -> None:
    if lead["dealer_id"] is not None or lead["progress_at"] is not None or lead["grade_reason"] == "stated":
        raise NotWritten("a lead that has a dealer, a grade or progress already")
    if lead["do_not_call"] or lead["call_hours"] or lead["suspects"] or lead["first_choice_id"] is not None:
        raise NotWritten("a customer who must not be called at any time, or a choice made before")


def _facts(lead: Row) -> dict[str, Any]:
    return {
        "model_known": lead["model"] is not None,
        "budget_known": lead["budget_min"] is not None or lead["budget_max"] is not None,
        "horizon_known": lead["horizon_days"] is not None,
        "suspects": 0,
        "unread": sum(one["field"] not in PLACE for one in lead["unread"]),
        "place": str(PlaceKind.FOUND if lead["place_code"] is not None else PlaceKind.MISSING),
        "phone_kind": str(read_phone(lead["phone"]).kind),
        "channel_side": lead["side"],
        "author": lead["author"],
        "dealer": "unread" if any(one["field"] == "dealer" for one in lead["unread"]) else "",
    }


async def _suspects(db: Any, lead: Row) -> int:
    """How many open leads are probably the same person's."""
    phones = list(reading.one_slip(lead["phone"])) if lead["phone"] else []
    wechats = [lead["wechat"]] if lead["wechat"] else []
    person = Person(lead["name"], lead["phone"], lead["wechat"], lead["home"])
    found = await db.fetch(reading.NEIGHBOURS, lead["customer_id"], phones, wechats)
    return sum(is_suspect(person, Person(*row)) for row in found)


async def _dealer(db: Any, network: Network, asked: Asked, lead: Row, record: Record) -> tuple[Row, UUID]:
    """Which dealer gets the lead, and the decision that says why."""
    limits, bounded = policy.limited("dispatch", "dispatch", asked.grade, asked.urgent)
    record.decided(bounded)
    place = place_of(lead["place_code"])
    if place is None or limits.most_km is None:
        raise NotWritten("a place that nobody knows")
    near, beyond = await network.around(db, lead["roster"], place, limits.most_km)
    where = {one.dealer.id: one for one in near}
    await db.execute(reading.LOCK_REGIONS, sorted({one.dealer.region for one in near}))
    rows = await db.fetch(reading.DEALERS, list(where), asked.lead, asked.model, *asked.since, asked.at)
    reasons = {row["id"]: _against_dealer(row, asked, limits) for row in rows}
    if "at_capacity" in reasons.values():
        raise NotWritten("dealers that have had their leads of the day")
    free = [row for row in rows if reasons[row["id"]] is None]
    reasons |= policy.ahead(
        ((row["id"], row["today"], row["this_hour"], where[row["id"]].same_city) for row in free), limits
    )
    lines = [*beyond]
    best: tuple[tuple[Any, ...], Row] | None = None
    for row in rows:
        if reasons[row["id"]] is not None:
            lines.append({"id": row["id"], "code": row["code"], "reason": reasons[row["id"]]})
            continue
        inputs = _of_dealer(row, where[row["id"]], asked)
        points = policy.dealer_points(inputs)
        rank = (inputs["distance_km"], policy.share(row["today"], row["daily_capacity"]), _since(row["last_at"]))
        line = {"points": points, "inputs": inputs, "rank": rank, "capacity": row["daily_capacity"]}
        lines.append({"id": row["id"], "code": row["code"], **line})
        order = (-points, *rank, row["code"])
        if best is None or order < best[0]:
            best = order, row
    chosen = _chosen(best)
    because = record.decided(_placed("dispatch", "dispatch", asked, chosen, lines))
    record.note("dispatch", "dispatched", because, dealer=chosen["id"])
    return chosen, because


async def _consultant(db: Any, asked: Asked, dealer: UUID, record: Record) -> tuple[Row, UUID]:
    """Which of the dealer's consultants gets the lead, and the decision that says why."""
    limits, bounded = policy.limited("assign", "assignment", asked.grade, asked.urgent)
    record.decided(bounded)
    await db.execute(reading.LOCK_DEALER, str(dealer))
    rows = await db.fetch(reading.CONSULTANTS, dealer, asked.lead, asked.model, *asked.since, asked.at)
    reasons = {row["id"]: _against_consultant(row, asked, limits) for row in rows}
    free = [row for row in rows if reasons[row["id"]] is None]
    reasons |= policy.ahead(
        ((row["id"], row["today"], row["this_hour"], asked.model in row["skills"]) for row in free), limits
    )
    lines: list[dict[str, Any]] = []
    best: tuple[tuple[Any, ...], Row] | None = None
    for row in rows:
        if reasons[row["id"]] is not None:
            lines.append({"id": row["id"], "code": row["code"], "reason": reasons[row["id"]]})
            continue
        inputs = _of_consultant(row, asked)
        points = policy.consultant_points(inputs)
        rank = (policy.share(row["open"], row["max_open"]), _since(row["last_at"]))
        line = {"points": points, "inputs": inputs, "rank": rank, "capacity": row["max_open"]}
        lines.append({"id": row["id"], "code": row["code"], **line})
        order = (-points, *rank, row["code"])
        if best is None or order < best[0]:
            best = order, row
    chosen = _chosen(best)
    because = record.decided(_placed("assign", "assignment", asked, chosen, lines))
    record.note("assign", "assigned", because, staff=chosen["id"])
    return chosen, because


def _against_dealer(row: Row, asked: Asked, limits: Limits) -> str | None:
    if not row["active"]:
        return "inactive"
    if asked.model is not None and row["models"] and asked.model not in row["models"]:
        return "model_not_sold"
    if not row["certified"]:
        return "certificate"
    if row["closed"]:
        return "closed"
    if policy.cools(row["taken_at"], asked.at):
        return "cool_down"
    full = not limits.ignore_quota and row["today"] >= row["daily_capacity"]
    return "at_capacity" if full else None


def _against_consultant(row: Row, asked: Asked, limits: Limits) -> str | None:
    if not row["active"]:
        return "inactive"
    if row["absent"]:
        return "absent"
    if _weekday(asked.at) in row["rest_days"]:
        return "rest_day"
    if not row["certified"]:
        return "certificate"
    if policy.cools(row["taken_at"], asked.at):
        return "cool_down"
    full = not limits.ignore_quota and row["open"] >= row["max_open"]
    return "no_room" if full else None


def _of_dealer(row: Row, near: Near, asked: Asked) -> dict[str, Any]:
    return {
        "distance_km": near.km,
        "same_city": near.same_city,
        "same_region": row["region"] == asked.region,
        "sells_model": asked.model is not None and (not row["models"] or asked.model in row["models"]),
        "load_percent": policy.percent(row["today"], row["daily_capacity"]),
        "performance": row["performance"],
        "grade": asked.grade,
    }


def _of_consultant(row: Row, asked: Asked) -> dict[str, Any]:
    last = row["last_at"]
    waited = policy.NEVER if last is None else int((asked.at - last).total_seconds() // 3600)
    return {
        "has_skill": asked.model is not None and asked.model in row["skills"],
        "ability": row["ability"],
        "load_percent": policy.percent(row["open"], row["max_open"]),
        "hours_since_last": max(0, min(policy.NEVER, waited)),
        "today": row["today"],
        "this_hour": row["this_hour"],
        "first_choice": False,
        "grade": asked.grade,
    }


def _chosen(best: tuple[tuple[Any, ...], Row] | None) -> Row:
    if best is None:
        raise NotWritten("nobody who could have the lead")
    return best[1]


def _placed(element: str, key: str, asked: Asked, chosen: Row, lines: Sequence[dict[str, Any]]) -> Decided:
    inputs = {
        "region": asked.region,
        "city": asked.city if asked.region else None,
        "model": asked.model,
        "grade": asked.grade,
        "urgent": asked.urgent,
    }
    return Decided(element, key, inputs, (), {"chosen": chosen["id"], "code": chosen["code"]}, lines)


@dataclass(frozen=True)
class Plan:
    """The first task's deadline, its first rung, and the clocks that run."""

    due: datetime
    rung: datetime
    clocks: list[dict[str, Any]]


def _plan(record: Record, grade: str, at: datetime, hours: Hours) -> Plan:
    calendar = hours.calendar
    because = record.decided(policy.planned(grade))
    due = policy.FIRST_FOLLOW_UP.until(at, calendar)
    rung = policy.reminds(grade).at(due, calendar, at)
    valid = record.decided(policy.scaled("plan_task", grade))
    ends = at + timedelta(days=policy.VALID_DAYS[grade])
    first = policy.OF_VALIDITY.at(ends, calendar, at)
    record.note("plan_task", "task_planned", because, kind="first_follow_up", due=due)
    clocks = [
        {"id": new_id(), "kind": "first_follow_up", "due": due, "rung": rung, "decision": because},
        {"id": new_id(), "kind": "grade_validity", "due": ends, "rung": first, "decision": valid},
    ]
    return Plan(due, min(rung, first), clocks)


def _weekday(at: datetime) -> int:
    return at.astimezone(CHINA).isoweekday()


def _since(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0


def _utc(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
