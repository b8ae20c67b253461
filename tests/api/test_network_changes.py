"""Changes of the network: two at a time, sent again, and what history tells of them."""

from __future__ import annotations

import asyncio

from store.network.network_seed import dealer_id, staff_id
from tests.api.conftest import Desk
from tests.api.networks import DEALER, ask, patch, put, shown


async def test_of_two_who_saw_the_same_one_learns_what_the_other_did(desk: Desk) -> None:
    seen = (await ask(desk, "GET", "dealers/BJ01")).headers["ETag"]
    answers = await asyncio.gather(
        patch(desk, "dealers/BJ01", {"daily_capacity": 11}, seen=seen),
        patch(desk, "dealers/BJ01", {"daily_capacity": 12}, seen=seen, by="HQ-02"),
    )
    assert sorted(one.status_code for one in answers) == [200, 412]
    done, late = sorted(answers, key=lambda one: one.status_code)
    assert late.headers["ETag"] == done.headers["ETag"]
    (change,) = late.json()["changes"]
    assert (change["field"], change["before"], change["now"]) == (
        "daily_capacity", 40, done.json()["entry"]["daily_capacity"]
    )  # fmt: skip
    assert change["by"]["code"] in ("HQ-01", "HQ-02")
    assert (await patch(desk, "dealers/BJ01", {"daily_capacity": 13}, seen=late.headers["ETag"])).status_code == 200


async def test_the_same_entry_put_at_once_comes_to_be_once(desk: Desk) -> None:
    answers = await asyncio.gather(*(put(desk, "dealers/N1", DEALER) for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [200, 200, 200, 201]
    assert len(await desk.rows("SELECT 1 FROM network_changes WHERE code = 'N1'")) == 1


async def test_what_is_known_already_is_not_sent_again(desk: Desk) -> None:
    seen = (await ask(desk, "GET", "dealers/BJ01")).headers["ETag"]
    answer = await desk.http.get("/api/v1/dealers/BJ01", headers={"If-None-Match": seen})
    assert (answer.status_code, answer.content) == (304, b"")


async def test_a_key_gets_the_same_answer_again(desk: Desk) -> None:
    first, again = [await put(desk, "dealers/N1", DEALER, key="k") for _ in range(2)]
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"


async def test_what_is_changed_past_the_api_is_history_too_but_not_what_the_process_writes(desk: Desk) -> None:
    await desk.execute("UPDATE staff SET last_assigned_at = now() WHERE code = 'BJ01-C1'")
    await desk.execute("UPDATE staff SET dealer_id = :other WHERE code = 'BJ01-C1'", other=dealer_id("BJ02"))
    items = (await shown(desk, "network/changes?kind=staff&code=BJ01-C1"))["items"]
    assert [(one["what"], one["by"]) for one in items] == [("changed", None), ("created", None)]
    assert (items[0]["before"], items[0]["after"]) == ({"dealer": "BJ01"}, {"dealer": "BJ02"})
    assert str(staff_id("BJ01-C1")) not in str(items)


async def test_history_comes_in_pages_by_kind_entry_and_person(desk: Desk) -> None:
    for capacity in range(1, 6):
        await patch(desk, "dealers/BJ01", {"daily_capacity": capacity}, by=f"HQ-0{1 + capacity % 2}")
    first = await shown(desk, "network/changes?limit=2&kind=dealers&code=BJ01")
    rest = await shown(desk, f"network/changes?limit=200&kind=dealers&code=BJ01&cursor={first['next']}")
    made = [one["after"].get("daily_capacity") for one in first["items"] + rest["items"]]
    assert made[:5] == [5, 4, 3, 2, 1] and rest["next"] is None
    assert len((await shown(desk, "network/changes?by=HQ-02"))["items"]) == 3
    assert (await shown(desk, "network/changes?by=NOBODY"))["items"] == []
