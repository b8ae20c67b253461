"""The inbox: tasks of all kinds of cases, by the points of the table ``task-priority``, in pages
that fit together."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from cases.ids import new_id
from cases.states import Status, TaskKind
from domain.tasks import priority
from tests.api.conftest import NOW, Desk

OWNER = "BJ01-C1"


async def a_task(
    desk: Desk,
    kind: TaskKind = TaskKind.NEXT_FOLLOW_UP,
    *,
    due: timedelta,
    lamp: str = "green",
    level: str = "N",
    owner: str = OWNER,
) -> UUID:
    lead = await desk.in_status(Status.WORKING)
    await desk.execute("UPDATE cases SET lamp = :lamp, level = :level WHERE id = :id", lamp=lamp, level=level, id=lead)
    return await desk.task(lead, kind, "consultant", owner=owner, due=due)


async def ids(desk: Desk, **asked: Any) -> list[str]:
    return [one["id"] for one in await desk.list("/tasks", **asked)]


async def in_pages(desk: Desk, limit: int, **asked: Any) -> list[str]:
    """All pages, half an hour apart."""
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await desk.get("/tasks", limit=limit, **asked, **cursor)
        found += [one["id"] for one in page["items"]]
        if page["next"] is None:
            return found
        assert len(page["items"]) == limit
        cursor = {"cursor": page["next"]}
        desk.clock.move(timedelta(minutes=30))


async def test_what_weighs_most_comes_first_and_what_weighs_the_same_as_it_is_due(desk: Desk) -> None:
    later = await a_task(desk, due=timedelta(days=4))
    tomorrow = await a_task(desk, due=timedelta(hours=20))
    hot = await a_task(desk, due=timedelta(days=3), level="H", lamp="amber")
    red = await a_task(desk, due=timedelta(days=2), level="H", lamp="red")
    waited_for = await a_task(desk, TaskKind.FIRST_FOLLOW_UP, due=timedelta(hours=23))
    overdue = await a_task(desk, due=timedelta(minutes=-5))
    sooner = await a_task(desk, due=timedelta(days=3, hours=23))
    by_due = [overdue, tomorrow, waited_for, red, hot, sooner, later]

    assert await ids(desk, owner=OWNER) == [
        str(one) for one in (red, overdue, hot, waited_for, tomorrow, sooner, later)
    ]
    assert await ids(desk, owner=OWNER, sort="priority") == await ids(desk, owner=OWNER)
    assert await ids(desk, owner=OWNER, sort="due") == [str(one) for one in by_due]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
@pytest.mark.parametrize("weighed", [1, 3, 300])
async def test_pages_hold_each_task_once_however_many_are_weighed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, limit: int, weighed: int
) -> None:
    monkeypatch.setattr(priority, "MOST_WEIGHED", weighed)
    made = [
        await a_task(desk, due=timedelta(hours=hours), lamp=lamp)
        for hours, lamp in (
            (1, "green"),
            (30, "red"),
            (5, "amber"),
            (5, "green"),
            (90, "red"),
            (2, "red"),
            (60, "green"),
        )
    ]
    whole = await ids(desk)

    paged = await in_pages(desk, limit)

    assert sorted(paged) == sorted(map(str, made))
    assert paged == whole


async def test_a_task_that_comes_between_two_pages_doubles_and_hides_none(desk: Desk) -> None:
    made = [await a_task(desk, due=timedelta(hours=hours)) for hours in (2, 8, 30, 50)]
    first = await desk.get("/tasks", limit=2)
    await a_task(desk, due=timedelta(hours=1), lamp="red")
    await a_task(desk, due=timedelta(days=30), lamp="red")
    done = first["items"][0]["id"]
    await desk.execute("UPDATE tasks SET status = 'done' WHERE id = :id", id=UUID(done))

    second = await desk.get("/tasks", limit=50, cursor=first["next"])

    seen = [one["id"] for one in (*first["items"], *second["items"])]
    assert len(seen) == len(set(seen))
    assert {str(one) for one in made} <= set(seen)


async def test_closed_tasks_are_not_weighed(desk: Desk) -> None:
    soon, late = await a_task(desk, due=timedelta(hours=1)), await a_task(desk, due=timedelta(days=9), lamp="red")
    await desk.execute("UPDATE tasks SET status = 'done'")

    assert await ids(desk, status="done") == [str(soon), str(late)]


async def test_an_empty_inbox_and_a_cursor_of_another_list(desk: Desk) -> None:
    assert await desk.get("/tasks", total=True) == {"items": [], "next": None, "total": 0}
    await a_task(desk, due=timedelta(hours=1))
    await a_task(desk, due=timedelta(hours=2))
    by_due = (await desk.get("/tasks", sort="due", limit=1))["next"]

    answer = await desk.http.get("/api/v1/tasks", params={"cursor": by_due})

    assert (answer.status_code, answer.json()["code"]) == (422, "cursor_invalid")


async def test_tasks_of_other_cases_stand_beside_those_of_leads(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)
    case = new_id()
    await desk.execute(
        "INSERT INTO cases (id, kind, number, process_key, process_version, process_sha256, place, dealer_id, region,"
        " status, level, lamp, opened_at, life, facts, message_seq)"
        " SELECT :id, 'papers', 'P-7', 'papers', 1, '', '[]', d.id, d.region, 'open', 'high', 'red', :at, 1, '{}', 0"
        " FROM dealers d WHERE d.code = 'BJ01'",
        id=case,
        at=NOW,
    )
    await desk.task(case, "check_papers", "dealer_manager", dealer="BJ01")  # type: ignore[arg-type]

    of_case, of_lead = await desk.list("/tasks")

    shown = ("case_id", "case_kind", "case_number", "lead_id", "grade", "level", "model", "customer_name")
    assert {name: of_case[name] for name in shown} == {
        **{"case_id": str(case), "case_kind": "papers", "case_number": "P-7", "lead_id": None},
        **{"grade": None, "level": "high", "model": None, "customer_name": None},
    }
    assert (of_lead["case_id"], of_lead["lead_id"], of_lead["grade"]) == (str(lead), str(lead), "B")
    assert [one["case_kind"] for one in await desk.list("/tasks", case=case)] == ["papers"]
    assert [one["case_kind"] for one in await desk.list("/tasks", case_kind="lead")] == ["lead"]
    assert [one["case_kind"] for one in await desk.list("/tasks", region="NORTH", dealer="BJ01")] == ["papers", "lead"]
    sheet = await desk.get(f"/tasks/{of_case['id']}")
    # A kind that only a newer version declares is shown as it is.
    assert (sheet["kind"], sheet["words"], sheet["outcomes"]) == ("check_papers", "check_papers", [])


async def test_a_kind_that_there_is_not_is_told_which_there_are(desk: Desk) -> None:
    answer = await desk.http.get("/api/v1/tasks", params={"kind": "recal"})

    (problem,) = answer.json()["problems"]
    assert (answer.status_code, problem["field"], problem["code"]) == (422, "kind", "not_in_list")
    assert "recall" in problem["cure"]
