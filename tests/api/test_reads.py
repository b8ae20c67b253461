"""Screens read lists, leads, inboxes, incidents, the network and deployed diagrams."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from cases.actors import EVERYTHING, SYSTEM
from cases.ids import new_id
from cases.states import Status, TaskKind
from store.engine import incidents
from store.models import Case
from tests.api.conftest import Desk, phone
from workflows import processes

OWNER = "BJ01-C1"


async def ids(desk: Desk, **params: Any) -> list[str]:
    return [line["id"] for line in (await desk.get("/leads", **params))["items"]]


async def test_leads_are_found_by_their_state_owner_channel_and_customer(desk: Desk) -> None:
    number = phone()
    warm = str(await desk.in_status(Status.NURTURE, grade="C"))
    mine = str(await desk.at_consultant(OWNER, phone=number, name="谢璐", channel="dealer.showroom.walk_in"))

    assert await ids(desk) == [mine, warm]
    assert await ids(desk, status="nurture") == [warm]
    assert await ids(desk, status=["nurture", "working"]) == [mine, warm]
    assert await ids(desk, grade="C", status="working") == []
    assert await ids(desk, owner=OWNER, dealer="BJ01", stage="first_follow_up_due", lamp="green") == [mine]
    assert await ids(desk, channel="dealer.showroom.walk_in") == [mine]
    assert await ids(desk, channel="maker") == [warm]
    assert await ids(desk, q=f"+86 {number[:3]}-{number[3:]}") == [mine]
    assert await ids(desk, q="谢璐") == [mine]
    assert await ids(desk, q="谢") == [mine]
    assert await ids(desk, q="谢路") == []
    assert await ids(desk, badge="duplicate") == []
    assert await ids(desk, created_since="2026-11-22T00:00:00Z") == []
    assert await ids(desk, created_until="2026-11-22T00:00:00Z") == [mine, warm]


async def test_pages_neither_skip_nor_repeat_when_rows_arrive_meanwhile(desk: Desk) -> None:
    made = []
    for _ in range(7):
        made.append(str(await desk.created()))
        desk.clock.move(timedelta(seconds=1))

    first = await desk.get("/leads", limit=3)
    await desk.created()
    second = await desk.get("/leads", limit=3, cursor=first["next"])
    third = await desk.get("/leads", limit=3, cursor=second["next"])

    seen = [line["id"] for page in (first, second, third) for line in page["items"]]
    assert seen == made[::-1]
    assert third["next"] is None


@pytest.mark.parametrize("cursor", ["x", "bnVsbA==", "WzEsMl0=", "WyIyMDI2LTExLTIxIiwiMSJd", "\u0000"])
async def test_a_cursor_that_we_did_not_give_is_refused(desk: Desk, cursor: str) -> None:
    answer = await desk.http.get("/api/v1/leads", params={"cursor": cursor})

    assert (answer.status_code, answer.json()["code"]) == (422, "cursor_invalid")


async def test_the_inbox_shows_the_most_urgent_first(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)
    call = str(await desk.task(lead, TaskKind.OUTBOUND_CALL, "call_centre", due=timedelta(hours=2)))
    follow_up = (await desk.get("/tasks", owner=OWNER))["items"][0]["id"]

    assert [task["id"] for task in (await desk.get("/tasks"))["items"]] == [call, follow_up]
    assert [task["id"] for task in (await desk.get("/tasks", role="call_centre"))["items"]] == [call]
    assert [task["id"] for task in (await desk.get("/tasks", dealer="BJ01", kind="first_follow_up"))["items"]] == [
        follow_up
    ]
    desk.clock.move(timedelta(hours=3))
    late = (await desk.get("/tasks", overdue=True))["items"]
    assert [(task["id"], task["overdue"]) for task in late] == [(call, True)]
    assert [task["id"] for task in (await desk.get("/tasks", overdue=False))["items"]] == [follow_up]
    page = await desk.get("/tasks", limit=1)
    assert [task["id"] for task in (await desk.get("/tasks", cursor=page["next"]))["items"]] == [follow_up]
    assert (await desk.get(f"/tasks/{call}"))["kind"] == "outbound_call"


async def test_a_lead_says_where_it_is_and_what_is_possible(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)
    mark = {"process": "chase", "element": "work", "name": "跟进", "waits_for": "task", "due": None}
    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        rests = update(Case.__table__).where(Case.id == lead).values(place=[mark], settled_at=desk.clock.now())
        await tx.session.execute(rests)

    shown = await desk.get(f"/leads/{lead}")
    place = await desk.get(f"/leads/{lead}/place")

    assert shown["next_deadline"] == "2026-11-22T08:00:00Z"
    assert shown["clocks"][0]["kind"] == "first_follow_up"
    assert "follow-ups" in shown["possible"] and "reassign" in shown["possible"]
    assert place == {
        "process": "lead",
        "version": 1,
        "place": [mark],
        "settled_at": "2026-11-21T08:00:00Z",
        "settling": True,
    }


async def test_a_history_is_read_page_by_page(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)
    for text in ("first", "second", "third"):
        await desk.say(lead, "reassign", "BJ01-M1", {"to_staff": "BJ01-C2", "reason": text})
        await desk.say(lead, "reassign", "BJ01-M1", {"to_staff": OWNER, "reason": text})
    all_of_it = await desk.list(f"/leads/{lead}/timeline")

    paged: list[Any] = []
    more: dict[str, Any] = {}
    while len(paged) < 20:
        found = await desk.get(f"/leads/{lead}/timeline", limit=2, **more)
        paged += found["items"]
        if found["next"] is None:
            break
        more = {"cursor": found["next"]}

    assert len(all_of_it) == 7 and paged == all_of_it
    behind = await desk.list(f"/leads/{lead}/timeline", after=all_of_it[4]["number"])
    assert behind == all_of_it[5:]


async def test_an_incident_is_retried_once(desk: Desk) -> None:
    lead = await desk.created()
    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        await incidents.record(tx, lead, f"{lead}:1:7", "dispatch", "activity_failed", "table", desk.clock.now())
    (incident,) = (await desk.get("/incidents"))["items"]
    path, by = f"/api/v1/incidents/{incident['id']}/retry", {"Baton-Actor": "HQ-01"}

    answer = await desk.http.post(path, headers=by)
    again = await desk.http.post(path, headers=by)
    by_consultant = await desk.http.post(path, headers={"Baton-Actor": OWNER})
    unknown = await desk.http.post(f"/api/v1/incidents/{new_id()}/retry", headers=by)

    assert answer.status_code == 200, answer.text
    assert (await desk.messages(lead))[-1] == ("incident_retried", {"key": f"{lead}:1:7"})
    assert (again.status_code, again.json()["code"]) == (409, "incident_resolved")
    assert (by_consultant.status_code, unknown.status_code) == (403, 404)
    assert (await desk.get("/incidents"))["items"] == []
    assert len((await desk.get("/incidents", open=False, lead=str(lead)))["items"]) == 1


async def test_the_network_and_the_diagrams_can_be_read(desk: Desk) -> None:
    assert {"code": "BJ01", "region": "NORTH"}.items() <= (await desk.list("/dealers", region="NORTH"))[0].items()
    assert {one["role"] for one in await desk.list("/staff", dealer="BJ01")} == {"dealer_manager", "consultant"}
    assert "forester" in [model["code"] for model in await desk.list("/models")]
    assert (await desk.list("/channels"))[0]["level"] == 1
    for process in await desk.list("/processes"):
        diagram = await desk.http.get(process["diagram"])
        assert (diagram.status_code, diagram.headers["content-type"]) == (200, "application/xml")
        assert diagram.content == processes.shipped()[process["key"]]
