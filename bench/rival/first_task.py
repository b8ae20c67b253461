"""The one activity: a new lead is cleaned, compared with others, graded, dispatched, assigned and
has its first task, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from bench.rival import policy, reading, writing
from bench.rival.network import Hours, Network
from bench.rival.placing import Asked, Record, Row, consultant_for, dealer_for
from bench.rival.policy import NotWritten
from cases.calendar import next_opening
from cases.contracts import CaseInput
from cases.ids import new_id
from domain.cleaning import Person, PlaceKind, is_suspect, read_phone
from store.tables import candidates

PLACE = frozenset({"province", "city", "district"})


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
    dealer, dispatched = await dealer_for(db, network, asked, lead, record)
    staff, assigned = await consultant_for(db, asked, dealer["id"], record)
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
        *(record.lines, [candidates.kept(one) for one in record.decisions]),
        *(new_id(), {"grade": grade, "at": at.isoformat(), "due": plan.due.isoformat()}),
        opening if opening > at else None,
        *(new_id(), dispatched, new_id(), assigned, hours.days, hours.hours, plan.clocks),
        *(new_id(), plan.clocks[0]["id"], life.process.key, life.process.version, life.process.sha256),
        *(called, runs, [{name: mark[name] for name in mark if name != "due"} for mark in marks], plan.rung),
        *(writing.STAYS, writing.STEPS, writing.FIRST, writing.LAST, [mark["due"] for mark in marks]),
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


def _utc(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
