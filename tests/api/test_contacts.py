"""What counts as a follow-up, when the next may be agreed for, and what is progress (A7–A9)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from cases.states import Status, TaskKind
from tests.api.conftest import NOW, Desk

OWNER, COLLEAGUE = "BJ01-C1", "BJ01-C2"


def problems(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return [(one["field"], one["code"]) for one in answer.json()["problems"]]


async def again(desk: Desk, lead: UUID) -> None:
    await desk.task(lead, TaskKind.NEXT_FOLLOW_UP, "consultant", owner=OWNER)


@pytest.mark.parametrize("what", ["follow-ups", "invite", "cool"])
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"content": ""},
        {"content": " \t\n"},
        {"content": "。"},
        {"content": "。。。…"},
        {"content": "11"},
        {"content": "-"},
    ],
)
async def test_nothing_said_is_no_follow_up(desk: Desk, what: str, body: dict[str, Any]) -> None:
    lead = await desk.at_consultant(OWNER)

    answer = await desk.say(lead, what, OWNER, body)

    assert problems(answer) == [("content", "says_nothing")]
    shown = await desk.get(f"/leads/{lead}")
    assert (shown["tasks"][0]["status"], shown["lead"]["stage"]) == ("open", "first_follow_up_due")


@pytest.mark.parametrize(
    "body", [{"content": "介绍"}, {"answer": "周末来"}, {"content": "ok"}, {"content": "", "answer": "贵了"}]
)
async def test_a_few_words_are_enough(desk: Desk, body: dict[str, Any]) -> None:
    lead = await desk.at_consultant(OWNER)

    assert (await desk.say(lead, "follow-ups", OWNER, body)).status_code == 200


async def test_the_same_words_again_are_no_follow_up(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)
    await desk.say(lead, "follow-ups", OWNER, {"content": "介绍了四驱系统。"})
    await again(desk, lead)

    copied = await desk.say(lead, "follow-ups", OWNER, {"content": "  介绍了四驱系统"})
    news = await desk.say(lead, "follow-ups", OWNER, {"content": "介绍了四驱系统", "answer": "太贵"})

    assert problems(copied) == [("content", "says_the_same")]
    assert news.status_code == 200


@pytest.mark.parametrize("what", ["visit", "test-drive"])
async def test_who_came_came_but_only_once_without_a_word(desk: Desk, what: str) -> None:
    lead = await desk.at_consultant(OWNER)
    assert (await desk.say(lead, what, OWNER, {})).status_code == 200
    await again(desk, lead)

    assert problems(await desk.say(lead, what, OWNER, {})) == [("content", "says_nothing")]


async def test_an_attempt_is_kept_and_nothing_moves(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)

    answer = await desk.say(lead, "follow-ups", OWNER, {"reached": False})

    assert (answer.status_code, answer.json()["outcome"]) == (200, "unreachable")
    shown = await desk.get(f"/leads/{lead}")
    assert (shown["tasks"][0]["status"], shown["lead"]["stage"]) == ("open", "first_follow_up_due")
    assert shown["clocks"][0]["kind"] == "first_follow_up"
    assert "task_completed" not in await desk.told(lead)
    assert [row["counts"] for row in await desk.rows("SELECT counts FROM follow_ups")] == ["attempt"]


async def test_attempts_have_a_number_and_a_gap(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)

    async def tries(after: float) -> Any:
        desk.clock.move(timedelta(hours=after))
        return await desk.say(lead, "follow-ups", OWNER, {"reached": False, "channel": "phone"})

    first, soon = await tries(0), await tries(1)
    assert first.status_code == 200
    assert problems(soon) == [("reached", "attempt_too_soon")]
    assert soon.json()["problems"][0]["cure"].startswith("2026-11-21 18:00")
    assert [(await tries(2)).status_code, (await tries(2)).status_code] == [200, 200]
    assert problems(await tries(5)) == [("reached", "too_many_attempts")]
    assert (await desk.say(lead, "follow-ups", OWNER, {"content": "终于接通"})).status_code == 200


@pytest.mark.parametrize(
    ("what", "more", "field"),
    [("follow-ups", {"grade": "H"}, "grade"), ("invite", {}, "reached"), ("visit", {}, "reached")],
)
async def test_who_reached_nobody_moved_nothing(desk: Desk, what: str, more: dict[str, Any], field: str) -> None:
    lead = await desk.at_consultant(OWNER)

    assert problems(await desk.say(lead, what, OWNER, {"reached": False} | more)) == [(field, "nobody_reached")]


@pytest.mark.parametrize(
    ("grade", "stated", "days"),
    [("H", None, 3), ("A", None, 7), ("B", None, 14), ("C", None, 14), ("B", "H", 3), ("H", "B", 14)],
)
async def test_the_next_date_is_bounded_by_the_cadence_of_the_grade(
    desk: Desk, grade: str, stated: str | None, days: int
) -> None:
    lead = await desk.at_consultant(OWNER)
    await desk.execute("UPDATE cases SET level = :grade", grade=grade)
    body = {"content": "约了再谈"} | ({"grade": stated} if stated else {})

    async def agreed(at: datetime) -> Any:
        return await desk.say(lead, "follow-ups", OWNER, body | {"next_at": at.isoformat()})

    beyond = await agreed(NOW + timedelta(days=days, seconds=1))
    past = await agreed(NOW)
    within = await agreed(NOW + timedelta(days=days))

    assert problems(beyond) == [("next_at", "beyond_cadence")]
    latest = (NOW + timedelta(days=days, hours=8)).strftime("%Y-%m-%d %H:%M")
    said = beyond.json()["problems"][0]
    assert latest in said["message"] and "cool" in said["cure"]
    assert problems(past) == [("next_at", "in_past")]
    assert within.status_code == 200


async def regraded(desk: Desk, lead: UUID, grade: str) -> tuple[str | None, str | None]:
    """A follow-up with a grade a day later: when the last progress was, and the best grade
    since."""
    desk.clock.move(timedelta(days=1))
    await again(desk, lead)
    words = f"{desk.clock.now():%d} 日联系"
    assert (await desk.say(lead, "follow-ups", OWNER, {"content": words, "grade": grade})).status_code == 200
    (row,) = await desk.rows("SELECT progress_at, best_grade FROM whole_leads WHERE id = :lead", lead=lead)
    return (row["progress_at"] - NOW).days, row["best_grade"]


async def test_only_a_grade_better_than_any_since_the_last_progress_is_progress(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)  # a B
    await desk.say(lead, "follow-ups", OWNER)

    days = [await regraded(desk, lead, grade) for grade in ("A", "C", "A", "B", "H", "A", "H", "H")]

    assert days == [(1, "A"), (1, "A"), (1, "A"), (1, "A"), (5, "H"), (5, "H"), (5, "H"), (5, "H")]


@pytest.mark.parametrize(
    ("grade", "reason", "rested", "progress"),
    [
        ("A", "主动询价", 1, True),
        ("A", "", 1, False),
        ("A", "。", 1, False),
        ("B", "主动询价", 1, False),
        ("B", "主动询价", 30, True),
        ("C", "主动询价", 10, False),
    ],
)
async def test_a_grade_stated_during_nurture_needs_a_reason_to_be_progress(
    desk: Desk, grade: str, reason: str, rested: int, progress: bool
) -> None:
    lead = await desk.in_status(Status.NURTURE)
    await desk.execute("UPDATE cases SET level = 'B'")
    await desk.execute("UPDATE leads SET best_grade = 'B', progress_at = :at", at=NOW - timedelta(days=99))
    await desk.execute(
        "INSERT INTO timeline (id, case_id, at, actor, code, data)"
        " VALUES (gen_random_uuid(), :lead, :at, 'process', 'nurture_planned', '{}')",
        lead=lead,
        at=NOW - timedelta(days=rested),
    )

    assert (await desk.say(lead, "regrade", "HQ-01", {"grade": grade, "reason": reason})).status_code == 200

    (row,) = await desk.rows("SELECT progress_at FROM whole_leads WHERE id = :lead", lead=lead)
    assert (row["progress_at"] == NOW) is progress


async def test_a_nurtured_customer_who_asks_again_is_progress(desk: Desk) -> None:
    lead = await desk.created(phone="13911112222")
    await desk.execute("UPDATE cases SET status = 'nurture'")

    await desk.send(phone="13911112222", channel="maker.website.chat")

    (row,) = await desk.rows("SELECT progress_at FROM whole_leads WHERE id = :lead", lead=lead)
    assert row["progress_at"] == NOW


@pytest.mark.parametrize(
    ("days", "code"),
    [
        (-400, "in_past"),
        (-1, "in_past"),
        (0, None),
        (60, None),
        (730, None),
        (731, "too_far_ahead"),
        (9_999, "too_far_ahead"),
    ],
)
async def test_a_later_purchase_is_agreed_for_a_day_to_come(desk: Desk, days: int, code: str | None) -> None:
    lead = await desk.at_consultant(OWNER)
    agreed = (NOW + timedelta(days=days)).isoformat()
    contract = {"number": "HT-L", "model": "森林人", "price": 269_800, "payment": "later", "purchase_on": agreed}

    answer = await desk.say(lead, "win", OWNER, contract)

    if code is None:
        assert answer.status_code == 200, answer.text
    else:
        assert problems(answer) == [("purchase_on", code)]
        assert (await desk.get(f"/leads/{lead}"))["tasks"][0]["status"] == "open"
