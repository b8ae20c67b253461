"""What is running can be seen: found, looked into, followed along its way, and measured element by
element."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.api.conftest import Desk, headers
from tests.api.lives import Life, living
from workflows.bpmn import TaskDone, TimerFired

HQ = headers("HQ-01")
HOUR = timedelta(hours=1)
TWO_TASKS = """
start -> t:user -> u:user -> end
t.due =now + duration("PT2H")
t+late:timer PT3H -> end2
"""


async def ask(desk: Desk, path: str, **params: Any) -> httpx.Response:
    return await desk.http.get(f"/api/v1{path}", params=params, headers=HQ)


async def get(desk: Desk, path: str, **params: Any) -> Any:
    answer = await ask(desk, path, **params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def ids(desk: Desk, **params: Any) -> list[str]:
    return [line["lead_id"] for line in (await get(desk, "/instances", **params))["items"]]


async def done(life: Life, element: str, **data: Any) -> None:
    await life.tell(TaskDone(life.execution(element), data))


async def test_instances_are_found_by_state_version_element_and_lead(desk: Desk) -> None:
    first = await living(desk, TWO_TASKS)
    second = await living(desk, TWO_TASKS.replace("PT3H", "PT4H"))
    await done(first, "t")
    over = await living(desk, TWO_TASKS)
    await done(over, "t")
    await done(over, "u")
    await second.fail("t")
    one, two, three = str(first.lead), str(second.lead), str(over.lead)

    assert await ids(desk) == [three, two, one]
    assert await ids(desk, process="p", version=second.ref.version) == [two]
    assert await ids(desk, element="u") == [one]
    assert await ids(desk, element="t", process="p") == [two]
    assert await ids(desk, state="running") == [one]
    assert await ids(desk, state=["incident", "ended"]) == [three, two]
    assert await ids(desk, lead=two) == [two]
    (line,) = (await get(desk, "/instances", lead=three))["items"]
    assert (line["state"], line["outcome"], line["place"]) == ("ended", "end", [])


async def test_pages_of_instances_follow_each_other(desk: Desk) -> None:
    made = [str((await living(desk, TWO_TASKS)).lead) for _ in range(5)]

    first = await get(desk, "/instances", limit=3)
    second = await get(desk, "/instances", limit=3, cursor=first["next"])

    assert [line["lead_id"] for page in (first, second) for line in page["items"]] == made[::-1]
    assert second["next"] is None


async def test_an_instance_shows_tokens_variables_timers_and_incidents(desk: Desk) -> None:
    life = await living(desk, TWO_TASKS, {"grade": "A"})
    born = desk.clock.now()
    shown = await get(desk, f"/instances/{life.lead}")

    (token,) = shown["tokens"]
    assert (token["element"], token["name"], token["process"], token["waits_for"]) == ("t", "t!", "p", "task")
    assert (token["since"], token["due"]) == ("2026-11-21T08:00:00Z", "2026-11-21T10:00:00Z")
    assert shown["variables"] == [{"execution": "1", "process": "p", "element": "p", "variables": {"grade": "A"}}]
    (timer,) = shown["timers"]
    assert (timer["element"], timer["execution"], timer["due"]) == ("late", token["execution"], "2026-11-21T11:00:00Z")
    assert (shown["state"], shown["life"], shown["applied"], shown["incidents"]) == ("running", 1, 1, [])
    assert shown["moving"]  # its first message has not been carried in this test
    assert life.desk.clock.now() == born

    await life.fail("t")

    shown = await get(desk, f"/instances/{life.lead}")
    assert (shown["state"], shown["tokens"][0]["waits_for"]) == ("incident", "incident")
    assert [one["element"] for one in shown["incidents"]] == ["t"]


async def test_a_scope_has_its_tokens_and_its_variables_where_they_are(desk: Desk) -> None:
    life = await living(
        desk,
        """
        start -> s:sub -> end
        s:sub {
            start2 -> t:user -> end2
        }
        """,
    )

    scope, token = (await get(desk, f"/instances/{life.lead}"))["tokens"]

    assert (scope["element"], scope["waits_for"]) == ("s", "scope")
    assert (token["element"], token["scope"]) == ("t", scope["execution"])


async def test_the_path_is_every_visit_in_order(desk: Desk) -> None:
    life = await living(desk, TWO_TASKS)
    desk.clock.move(HOUR)
    await done(life, "t")

    path = (await get(desk, f"/instances/{life.lead}/path"))["items"]

    assert [(one["element"], one["name"], one["how"]) for one in path] == [
        ("start", "start!", "left"),
        ("t", "t!", "left"),
        ("u", "u!", None),
    ]
    assert (path[1]["entered_at"], path[1]["left_at"]) == ("2026-11-21T08:00:00Z", "2026-11-21T09:00:00Z")
    assert path[1]["via"]
    behind = await get(desk, f"/instances/{life.lead}/path", after=path[0]["execution"], limit=1)
    assert [one["element"] for one in behind["items"]] == ["t"]
    rest = await get(desk, f"/instances/{life.lead}/path", cursor=behind["next"])
    assert [*path[:1], *behind["items"], *rest["items"]] == path and rest["next"] is None


async def test_the_heat_of_a_version_in_a_period(desk: Desk) -> None:
    lives = [await living(desk, TWO_TASKS)]
    ref = lives[0].ref
    lives += [await living(desk, TWO_TASKS) for _ in range(2)]
    desk.clock.move(HOUR)
    await done(lives[0], "t")
    desk.clock.move(2 * HOUR)
    for timer in lives[1].state.timers():
        await lives[1].tell(TimerFired(timer.timer))
    await done(lives[1], "t")

    shown = await get(desk, f"/processes/p/{ref.version}/heat", **{"from": "2026-11-21T08:00:00Z"})

    heat = {one.pop("element"): one for one in shown["elements"]}
    assert heat["t"] == {
        "name": "t!",
        "visits": 3,
        "running": 1,
        "finished": 2,
        "cancelled": 0,
        "p50_seconds": 2 * 3600.0,
        "p90_seconds": 2.8 * 3600.0,
        "breaches": 2,  # one came an hour late, one still stands there
    }
    assert (heat["u"]["running"], heat["u"]["visits"]) == (2, 2)
    assert shown["end"] == "2026-11-21T11:00:00Z"
    earlier = await get(desk, f"/processes/p/{ref.version}/heat", to="2026-11-21T08:00:00Z")
    assert earlier["elements"] == []


@pytest.mark.parametrize("path", ["/instances", "/instances/{lead}", "/instances/{lead}/path", "/processes/p/1/heat"])
async def test_only_the_desk_looks_into_instances(desk: Desk, path: str) -> None:
    life = await living(desk, TWO_TASKS)
    address = "/api/v1" + path.format(lead=life.lead)

    by_consultant = await desk.http.get(address, headers=headers("BJ01-C1"))
    by_nobody = await desk.http.get(address)
    by_desk = await desk.http.get(address, headers=HQ)

    assert (by_consultant.status_code, by_consultant.json()["code"]) == (403, "role_not_allowed")
    assert (by_nobody.status_code, by_nobody.json()["code"]) == (403, "actor_required")
    assert by_desk.status_code == 200


async def test_what_is_not_there_is_said(desk: Desk) -> None:
    life = await living(desk, TWO_TASKS)
    unborn = await desk.created()

    for answer in (
        await ask(desk, f"/instances/{unborn}"),
        await ask(desk, f"/instances/{life.lead}", life=9),
        await ask(desk, f"/instances/{unborn}/path"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "instance_not_found")
        assert answer.json()["cure"]
    unknown = await ask(desk, "/processes/p/99/heat")
    backwards = await ask(desk, "/processes/p/1/heat", **{"from": "2026-11-22T00:00:00Z", "to": "2026-11-21T00:00:00Z"})
    of_nothing = await ask(desk, "/instances", version=1)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "process_not_found")
    assert [(one["field"], one["code"]) for one in backwards.json()["problems"]] == [("to", "out_of_range")]
    assert [(one["field"], one["code"]) for one in of_nothing.json()["problems"]] == [("process", "missing")]
