"""Migrations: tried on every running lead, told to those that fit, answered by each; the report is
true at any time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from activities.registry import perform
from cases.contracts import Step
from cases.ids import new_id
from domain.tables import Tables
from server.batches import Batches
from tests.api.conftest import Desk, headers
from tests.api.lives import Life, deploy, living
from workflows.bpmn import TaskDone
from workflows.bpmn.migration import Reason

V1 = "start -> a:user -> b:user -> end"
V2 = "start -> a:user -> c:user -> end"
ORDER = {"process": "p", "from_version": 1, "to_version": 2}


async def say(desk: Desk, path: str, body: dict[str, Any], language: str = "en", by: str = "HQ-01") -> httpx.Response:
    return await desk.http.post(f"/api/v1{path}", json=body, headers=headers(by, language=language))


async def five(desk: Desk) -> list[Life]:
    """Four leads at a and one at b, which version 2 does not have."""
    lives = [await living(desk, V1) for _ in range(5)]
    await lives[2].tell(TaskDone(lives[2].execution("a")))
    await deploy(desk, V2)
    return lives


async def started(desk: Desk, **more: Any) -> str:
    answer = await say(desk, "/migrations", ORDER | {"reason": "新流程"} | more)
    assert answer.status_code == 202, answer.text
    return answer.json()["id"]


async def answered(desk: Desk, life: Life, *reasons: Reason) -> None:
    """The process of a lead answers the message that it has."""
    seq, kind, data = (await life.lead_messages())[-1]
    assert kind == "migrated"
    told = {"batch": data["batch"], "reasons": [reason.to_json() for reason in reasons]}
    step = Step(str(life.lead), f"{life.lead}:1:migrated:{seq}", "p", desk.clock.now(), told)
    await perform(desk.database, Tables(), "record_migration", step)
    await life.tell(applied=seq)


async def timeline(desk: Desk, lead: UUID) -> list[str]:
    rows = await desk.rows("SELECT code FROM timeline WHERE case_id = :lead ORDER BY number", lead=lead)
    return [row["code"] for row in rows]


# -- trying --------------------------------------------------------------------------------------


async def test_a_preview_counts_what_fits_and_groups_why_the_others_do_not(desk: Desk) -> None:
    lives = await five(desk)

    answer = await say(desk, "/migrations/previews", ORDER)

    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "plan": {},
        "tried": 5,
        "all_tried": True,
        "fits": 4,
        "reasons": [
            {
                "process": "p",
                "element": "b",
                "target": "b",
                "code": "element_gone",
                "why": "the new version has no element b",
                "cure": "name in the plan where b goes on",
                "count": 1,
                "examples": [str(lives[2].lead)],
            }
        ],
    }
    chinese = await say(desk, "/migrations/previews", ORDER, language="zh")
    assert chinese.json()["reasons"][0]["why"] == "新版本中没有元素 b"
    with_plan = await say(desk, "/migrations/previews", ORDER | {"plan": {"p": {"b": "c"}}})
    assert (with_plan.json()["fits"], with_plan.json()["reasons"]) == (5, [])
    assert [len(await life.lead_messages()) for life in lives] == [1] * 5


async def test_a_preview_says_whether_it_has_seen_all(desk: Desk) -> None:
    await five(desk)
    for at_most, all_tried in ((3, False), (5, True), (6, True)):
        answer = (await say(desk, "/migrations/previews", ORDER | {"at_most": at_most})).json()
        assert (answer["tried"], answer["all_tried"]) == (min(at_most, 5), all_tried)


async def test_versions_elements_and_roles_are_checked_before_anything_is_written(desk: Desk) -> None:
    await five(desk)
    for body, status, field in (
        (ORDER | {"to_version": 3}, 404, None),
        (ORDER | {"to_version": 1}, 422, "to_version"),
        (ORDER | {"plan": {"p": {"b": "nowhere"}}}, 422, "plan/p/b"),
        (ORDER | {"plan": {"p": {"strange": "c"}}}, 422, "plan/p/strange"),
    ):
        for path, more in (("/migrations/previews", {}), ("/migrations", {"reason": "x"})):
            answer = await say(desk, path, body | more)
            assert answer.status_code == status, answer.text
            assert [one["field"] for one in answer.json()["problems"]] == ([field] if field else [])
    assert (await say(desk, "/migrations", ORDER)).json()["problems"][0]["field"] == "reason"
    assert (await say(desk, "/migrations", ORDER | {"reason": "x"}, by="BJ01-M1")).status_code == 403
    assert await desk.rows("SELECT * FROM batches") == []


# -- doing ---------------------------------------------------------------------------------------


async def test_each_lead_that_fits_is_told_once_and_the_report_follows(desk: Desk) -> None:
    lives = await five(desk)
    batch = await started(desk, batch_size=2)
    path = f"/migrations/{batch}"
    assert (await desk.get(path))["totals"] == {"waiting": 5}
    workers = Batches(desk.database, desk.clock)

    assert [await workers.tell() for _ in range(4)] == [2, 2, 1, 0]

    shown = await desk.get(path)
    assert (shown["told"], shown["totals"]) == (True, {"waiting": 4, "refused": 1})
    (refused,) = (await desk.get(path, outcome="refused"))["items"]
    assert (refused["lead_id"], [reason["code"] for reason in refused["reasons"]]) == (
        str(lives[2].lead),
        ["element_gone"],
    )
    _, kind, data = (await lives[0].lead_messages())[-1]
    assert (kind, data["life"], data["batch"], data["plan"]) == ("migrated", 1, batch, {})
    assert (data["from"]["version"], data["process"]["version"], data["called"]) == (1, 2, [])
    assert [len(await life.lead_messages()) for life in lives] == [2, 2, 1, 2, 2]

    await answered(desk, lives[0])
    # Moved on between preview and message: the process decides again.
    await answered(desk, lives[1], Reason("p", "b", "element_gone", "b"))
    done = await desk.get(path)
    assert done["totals"] == {"done": 1, "refused": 2, "waiting": 2}
    assert (await timeline(desk, lives[0].lead))[-2:] == ["migration_stated", "migrated"]
    assert (await timeline(desk, lives[1].lead))[-2:] == ["migration_stated", "migration_refused"]


async def test_a_lead_that_has_ended_or_runs_on_another_version_by_now_is_gone(desk: Desk) -> None:
    lives = await five(desk)
    batch = await started(desk)
    ended, moved = lives[2], lives[3]
    await ended.tell(TaskDone(ended.execution("b")))
    moved.ref = await deploy(desk, V1)
    await moved.settle()
    await Batches(desk.database, desk.clock).tell()
    assert (await desk.get(f"/migrations/{batch}"))["totals"] == {"gone": 2, "waiting": 3}

    desk.clock.set(desk.clock.now() + timedelta(hours=1))
    late = lives[4]
    await late.tell(TaskDone(late.execution("a")))
    await late.tell(TaskDone(late.execution("b")))
    assert (await desk.get(f"/migrations/{batch}"))["totals"] == {"gone": 3, "waiting": 2}


async def test_a_lead_is_told_of_one_migration_at_a_time(desk: Desk) -> None:
    lives = await five(desk)
    first, second = await started(desk), await started(desk, plan={"p": {"b": "c"}})
    await Batches(desk.database, desk.clock).tell()
    assert (await desk.get(f"/migrations/{first}"))["totals"] == {"waiting": 4, "refused": 1}
    shown = await desk.get(f"/migrations/{second}", outcome="refused")
    assert {reason["code"] for item in shown["items"] for reason in item["reasons"]} == {"migrating"}
    assert shown["totals"] == {"waiting": 1, "refused": 4}
    assert [len(await life.lead_messages()) for life in lives] == [2] * 5


async def test_an_order_sent_twice_is_one_batch(desk: Desk) -> None:
    await five(desk)
    body = ORDER | {"reason": "x"}
    answers = [
        await desk.http.post("/api/v1/migrations", json=body, headers=headers("HQ-01", key="once")) for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert len(await desk.rows("SELECT * FROM batches")) == 1


async def test_an_unknown_batch_is_not_found(desk: Desk) -> None:
    answer = await desk.http.get(f"/api/v1/migrations/{new_id()}")
    assert (answer.status_code, answer.json()["code"]) == (404, "batch_not_found")
