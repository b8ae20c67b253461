"""Every list is one: narrowed by what integrators ask for, in any order, page by page, counted on
request."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from api import paging
from cases.actors import EVERYTHING, SYSTEM
from cases.states import Badge, Status, TaskKind
from store import listing
from store.leads import lead_lists, leads
from tests.api.conftest import Desk, headers

OWNER, COLLEAGUE = "BJ01-C1", "SH01-C1"
HOUR = timedelta(hours=1)


async def names(desk: Desk, path: str = "/leads", **params: Any) -> set[str]:
    """The customers whose leads or tasks a list shows."""
    found = (await desk.get(path, **params))["items"]
    return {one["customer"]["name"] if "customer" in one else one["customer_name"] for one in found}


async def three(desk: Desk) -> None:
    """王一 is with a consultant in Beijing, 李二 lost in Shanghai, 赵三 in nurture."""
    first = await desk.at_consultant(OWNER, name="王一", model="森林人", external_id="X-1", campaign="双十一")
    desk.clock.move(HOUR)
    second = await desk.at_consultant(COLLEAGUE, name="李二", channel="dealer.showroom.walk_in")
    desk.clock.move(HOUR)
    third = await desk.created(name="赵三")
    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        await leads.change(tx, first, next_due_at=desk.clock.now() - HOUR, badges=[Badge.CLAIMED])
        closing = {"outcome": "lost", "reason": "price"}
        await leads.change(tx, second, status=Status.LOST, grade="A", closing=closing, region="EAST")
        await leads.change(tx, third, status=Status.NURTURE, grade="C", region="SOUTH")


NOBODY: set[str] = set()
FILTERS: list[tuple[dict[str, Any], set[str]]] = [
    ({}, {"王一", "李二", "赵三"}),
    ({"status": ["working", "lost"]}, {"王一", "李二"}),
    ({"grade": ["A", "C"]}, {"李二", "赵三"}),
    ({"dealer": "BJ01"}, {"王一"}),
    ({"dealer": ["BJ01", "SH01"]}, {"王一", "李二"}),
    ({"dealer": "GZ01"}, NOBODY),
    ({"owner": [OWNER, COLLEAGUE]}, {"王一", "李二"}),
    ({"region": "NORTH"}, {"王一"}),
    ({"region": ["SOUTH", "EAST"]}, {"李二", "赵三"}),
    ({"model": "forester"}, {"王一"}),
    ({"model": ["forester", "outback"]}, {"王一", "李二", "赵三"}),
    ({"channel": "dealer"}, {"李二"}),
    ({"channel": ["dealer.showroom.walk_in", "maker"]}, {"王一", "李二", "赵三"}),
    ({"reason": "price"}, {"李二"}),
    ({"reason": ["gave_up", "wrong_number"]}, NOBODY),
    ({"badge": "claimed"}, {"王一"}),
    ({"external_id": "X-1"}, {"王一"}),
    ({"campaign": ["双十一", "春节"]}, {"王一"}),
    ({"overdue": True}, {"王一"}),
    ({"overdue": False}, {"李二", "赵三"}),
    ({"created_since": "2026-11-21T09:00:00Z"}, {"李二", "赵三"}),
    ({"created_until": "2026-11-21T09:00:00Z"}, {"王一"}),
    ({"assigned_since": "2026-11-21T08:00:00Z", "assigned_until": "2026-11-21T09:00:00Z"}, {"王一"}),
    ({"assigned_since": "2026-11-21T09:00:00Z"}, {"李二"}),
    ({"due_until": "2026-11-21T10:00:00Z"}, {"王一"}),
    ({"updated_until": "2020-01-01T00:00:00Z"}, NOBODY),
    ({"updated_since": "2020-01-01T00:00:00Z", "status": "nurture"}, {"赵三"}),
]


async def test_leads_are_narrowed_by_whatever_integrators_ask_for(desk: Desk) -> None:
    await three(desk)

    for given, wanted in FILTERS:
        assert await names(desk, **given) == wanted, given
        counted = await desk.get("/leads", total=True, limit=1, **given)
        assert counted["total"] == len(wanted), given


TASKS: list[tuple[dict[str, Any], set[str]]] = [
    ({}, {"王一", "李二"}),
    ({"owner": OWNER}, {"王一"}),
    ({"owner": [OWNER, COLLEAGUE]}, {"王一", "李二"}),
    ({"dealer": "SH01"}, {"李二"}),
    ({"region": "NORTH"}, {"王一"}),
    ({"kind": ["first_follow_up", "recall"]}, {"王一", "李二"}),
    ({"kind": "recall"}, NOBODY),
    ({"role": ["consultant"]}, {"王一", "李二"}),
    ({"status": ["done", "open"]}, {"王一", "李二"}),
    ({"status": "done"}, NOBODY),
    ({"model": "forester"}, {"王一"}),
    ({"channel": "dealer"}, {"李二"}),
    ({"grade": "A"}, {"李二"}),
    ({"overdue": True}, NOBODY),
    ({"opened_since": "2026-11-21T09:00:00Z"}, {"李二"}),
    ({"due_until": "2026-11-22T09:00:00Z"}, {"王一"}),
    ({"closed_since": "2026-11-21T00:00:00Z"}, NOBODY),
    ({"updated_since": "2020-01-01T00:00:00Z"}, {"王一", "李二"}),
]


async def test_tasks_are_narrowed_alike(desk: Desk) -> None:
    await three(desk)

    for given, wanted in TASKS:
        assert await names(desk, "/tasks", **given) == wanted, given
        assert (await desk.get("/tasks", total=True, limit=1, **given))["total"] == len(wanted), given


@pytest.mark.parametrize(
    ("path", "query", "field", "code"),
    [
        ("/leads", {"dealer": ["BJ01", "NO"]}, "dealer/1", "unknown_dealer"),
        ("/leads", {"owner": "nobody"}, "owner/0", "unknown_staff"),
        ("/leads", {"channel": "radio"}, "channel/0", "unknown_channel"),
        ("/leads", {"model": "森林人"}, "model/0", "unknown_model"),
        ("/leads", {"region": "MOON"}, "region/0", "unknown_region"),
        ("/leads", {"sort": "name"}, "sort", "not_in_list"),
        ("/leads", {"reason": "mood"}, "reason/0", "not_in_list"),
        ("/tasks", {"dealer": "NO"}, "dealer/0", "unknown_dealer"),
        ("/tasks", {"due_since": "soon"}, "due_since", "bad_instant"),
        ("/submissions", {"channel": "radio"}, "channel/0", "unknown_channel"),
        ("/submissions", {"verdict": "maybe"}, "verdict/0", "not_in_list"),
    ],
)
async def test_a_filter_of_nothing_is_refused_by_its_name(
    desk: Desk, path: str, query: dict[str, Any], field: str, code: str
) -> None:
    answer = await desk.http.get(f"/api/v1{path}", params=query, headers=headers("HQ-01"))

    assert answer.status_code == 422, answer.text
    assert [(one["field"], one["code"]) for one in answer.json()["problems"]] == [(field, code)]


@pytest.mark.parametrize("sort", sorted(lead_lists.ORDERS))
async def test_paging_meets_each_row_once_while_rows_come_in(desk: Desk, sort: str) -> None:
    there: set[str] = set()
    for number in range(9):
        desk.clock.move(HOUR if number % 3 else HOUR * 0)  # some at the same instant
        lead = await (desk.at_consultant() if number % 2 else desk.created())
        there.add(str(lead))

    met: list[str] = []
    more: dict[str, Any] = {}
    while len(met) < 50:
        page = await desk.get("/leads", sort=sort, limit=2, **more)
        met += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        more = {"cursor": page["next"]}
        if len(met) < 8:
            await desk.created()  # somewhere in the order, before or behind the page

    assert len(met) == len(set(met)) and there <= set(met)


KEYS = {"created": "created_at", "assigned": "assigned_at", "due": "next_due_at", "updated": "updated_at"}


async def test_a_list_is_sorted_as_asked(desk: Desk) -> None:
    await three(desk)

    for name, key in KEYS.items():
        rising = [one[key] for one in (await desk.get("/leads", sort=name))["items"]]
        falling = [one[key] for one in (await desk.get("/leads", sort=f"-{name}"))["items"]]
        with_instant = [one for one in rising if one]
        assert with_instant == sorted(with_instant) and rising == [*with_instant, *(one for one in rising if not one)]
        assert sorted(map(str, falling)) == sorted(map(str, rising))
        assert [one for one in falling if one] == sorted(with_instant, reverse=True)


async def test_a_cursor_is_good_for_its_own_list_and_order(desk: Desk) -> None:
    await desk.at_consultant()
    await desk.at_consultant()
    cursor = (await desk.get("/leads", limit=1))["next"]

    for path, query in (("/leads", {"sort": "created"}), ("/leads", {"sort": "due"}), ("/tasks", {}), ("/dealers", {})):
        answer = await desk.http.get(f"/api/v1{path}", params={"cursor": cursor, **query})
        assert (answer.status_code, answer.json()["code"]) == (422, "cursor_invalid"), path


@pytest.mark.parametrize("path", ["/dealers", "/staff", "/models", "/channels", "/processes", "/tables"])
async def test_short_lists_are_paged_and_counted_like_any_other(desk: Desk, path: str) -> None:
    whole = await desk.list(path)

    first = await desk.get(path, limit=1, total=True)
    paged, cursor = first["items"], first["next"]
    while cursor is not None and len(paged) <= len(whole):
        page = await desk.get(path, limit=7, cursor=cursor)
        paged, cursor = [*paged, *page["items"]], page["next"]

    assert first["total"] == len(whole) > 0 and paged == whole


CHANGES: list[tuple[str, str, dict[str, Any]]] = [
    ("follow-ups", OWNER, {"content": "聊了"}),
    ("visit", OWNER, {"content": "来店"}),
    ("lose", OWNER, {"reason": "price"}),
    ("cool", OWNER, {"content": "明年"}),
    ("win", OWNER, {"number": "HT-77", "price": 200_000}),
    ("reassign", "BJ01-M1", {"to_staff": "BJ01-C2", "reason": "休假"}),
]


async def test_every_statement_moves_the_instant_of_change(desk: Desk) -> None:
    for what, by, body in CHANGES:
        lead = await desk.at_consultant(OWNER)
        before = (await desk.get(f"/leads/{lead}"))["lead"]["updated_at"]
        answer = await desk.say(lead, what, by, body)
        assert answer.status_code == 200, answer.text
        assert await changed_since(desk, before) == {str(lead)}, what


async def test_what_is_known_of_the_customer_counts_as_a_change_of_all_their_leads(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER, phone="13911662097")
    other = await desk.created()
    await desk.execute(
        "UPDATE cases SET customer_id = (SELECT customer_id FROM whole_leads WHERE id = :lead) WHERE id = :other",
        lead=lead,
        other=other,
    )
    newest = (await desk.get("/leads", sort="-updated"))["items"][0]["updated_at"]

    answer = await desk.http.patch(f"/api/v1/leads/{lead}/customer", json={"name": "新名"}, headers=headers(OWNER))
    assert answer.status_code == 200, answer.text
    assert await changed_since(desk, newest) == {str(lead), str(other)}

    newest = (await desk.get("/leads", sort="-updated"))["items"][0]["updated_at"]
    again = (await desk.send(phone="13911662097", model="森林人")).json()
    assert again["verdict"] == "duplicate"
    assert again["lead_id"] in await changed_since(desk, newest)


async def changed_since(desk: Desk, instant: str) -> set[str]:
    """The leads that have changed after an instant, as whoever follows the changes sees them."""
    found = (await desk.get("/leads", sort="updated", updated_since=instant))["items"]
    return {one["id"] for one in found if one["updated_at"] > instant}


async def test_whoever_follows_changes_misses_none_that_is_committed_late(desk: Desk) -> None:
    slow, fast = await desk.at_consultant(), await desk.at_consultant()

    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        await leads.change(tx, slow, grade="H")
        await desk.execute("UPDATE cases SET level = 'H' WHERE id = :lead", lead=fast)  # later, but committed sooner
        seen = (await desk.get("/leads", sort="updated"))["items"]
        assert str(fast) in {one["id"] for one in seen if one["grade"] == "B"} or not any(
            one["id"] == str(fast) for one in seen
        )
    last = seen[-1]["updated_at"] if seen else "2020-01-01T00:00:00Z"

    rest = (await desk.get("/leads", sort="updated", updated_since=last))["items"]
    assert {str(slow), str(fast)} <= {one["id"] for one in rest if one["grade"] == "H"}


async def test_a_task_says_when_it_changed(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)
    (task,) = (await desk.get("/tasks", lead=str(lead)))["items"]

    await desk.say(lead, "follow-ups", OWNER, {"content": "聊了"})

    (done,) = (await desk.get("/tasks", lead=str(lead), status="done", updated_since=task["updated_at"]))["items"]
    assert done["id"] == task["id"] and done["updated_at"] > task["updated_at"]
    assert (await desk.get("/tasks", kind=TaskKind.RECALL))["items"] == []


async def test_submissions_are_found_by_their_verdict_channel_and_own_id(desk: Desk) -> None:
    lead = await desk.created(phone="13911662097", external_id="E-1")
    desk.clock.move(HOUR)
    await desk.send(phone="13911662097", model="力狮", channel="dealer.showroom.walk_in", budget="很多")
    await desk.send(phone="12345")

    async def found(**query: Any) -> list[str]:
        answer = await desk.http.get("/api/v1/submissions", params=query, headers=headers("HQ-01"))
        assert answer.status_code == 200, answer.text
        return [one["verdict"] for one in answer.json()["items"]]

    assert await found(sort="received") == ["created", "duplicate", "rejected"]
    assert await found(verdict=["created", "rejected"]) == ["rejected", "created"]
    assert await found(channel="dealer") == ["duplicate"]
    assert await found(external_id="E-1") == ["created"]
    assert await found(lead=str(UUID(str(lead)))) == ["duplicate", "created"]
    assert await found(reason="contact_malformed") == ["rejected"]
    assert await found(received_until="2026-11-21T09:00:00Z") == ["created"]


async def test_a_long_list_is_counted_up_to_a_bound(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await three(desk)

    whole = await desk.get("/leads", total=True, limit=1)
    for module in (listing, paging):
        monkeypatch.setattr(module, "MOST_COUNTED", 3)
    enough = await desk.get("/leads", total=True, limit=1)
    for module in (listing, paging):
        monkeypatch.setattr(module, "MOST_COUNTED", 2)
    cut = await desk.get("/leads", total=True, limit=1)

    assert (whole["total"], enough["total"], cut["total"]) == (3, 3, 2)
    assert (whole.get("total_exceeded"), enough.get("total_exceeded"), cut["total_exceeded"]) == (None, None, True)
