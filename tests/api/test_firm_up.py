"""What may be said about a purchase that was agreed for a later day, by whom, within which bounds
(A13)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from cases.actors import EVERYTHING, SYSTEM
from cases.states import Status, TaskKind
from store.leads.statements import write_contract
from store.network.network_seed import dealer_id, staff_id
from tests.api.conftest import NOW, Desk

OWNER, COLLEAGUE, MANAGER = "BJ01-C1", "BJ01-C2", "BJ01-M1"
DAY = timedelta(days=1)


async def asked(desk: Desk, agreed: timedelta = 30 * DAY) -> UUID:
    """A lead that was won, to be bought later; its consultant is asked whether that holds."""
    place = {"dealer_id": dealer_id("BJ01"), "owner_id": staff_id(OWNER), "region": "NORTH", "ended_at": NOW}
    lead = await desk.in_status(Status.WON, closing={"outcome": "won"}, stage="won", **place)
    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        await write_contract(
            tx, lead, number="HT-1", model="outback", price=300_000, payment="later", deposit=0,
            purchase_on=NOW + agreed, signed_at=NOW, by_id=staff_id(OWNER),
        )  # fmt: skip
    await desk.task(lead, TaskKind.FIRM_UP, "consultant", owner=OWNER)
    return lead


async def contract(desk: Desk, lead: UUID) -> dict[str, Any]:
    (found,) = (await desk.get(f"/leads/{lead}"))["sales"]
    return found


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({}, ("outcome", "missing")),
        ({"outcome": "perhaps"}, ("outcome", "not_in_list")),
        ({"outcome": "moved"}, ("purchase_on", "purchase_on_if_moved")),
        ({"outcome": "confirmed", "purchase_on": "2027-01-01T00:00:00Z"}, ("purchase_on", "purchase_on_if_moved")),
        ({"outcome": "moved", "purchase_on": "soon"}, ("purchase_on", "bad_instant")),
        ({"outcome": "moved", "purchase_on": (NOW - DAY).isoformat()}, ("purchase_on", "in_past")),
        ({"outcome": "moved", "purchase_on": (NOW + 731 * DAY).isoformat()}, ("purchase_on", "too_far_ahead")),
        ({"outcome": "fallen_through", "content": "不买了"}, ("reason", "reason_if_fallen_through")),
        ({"outcome": "confirmed", "reason": "price"}, ("reason", "reason_if_fallen_through")),
        ({"outcome": "fallen_through", "reason": "wrong_lead", "content": "不买了"}, ("reason", "not_in_list")),
        ({"outcome": "fallen_through", "reason": "price", "content": "。。"}, ("content", "says_nothing")),
    ],
)
async def test_what_cannot_be_is_refused_and_changes_nothing(
    desk: Desk, body: dict[str, Any], problem: tuple[str, str]
) -> None:
    lead = await asked(desk)
    before = await desk.get(f"/leads/{lead}")

    answer = await desk.say(lead, "firm-up", OWNER, body)

    assert answer.status_code == 422, answer.text
    assert [(one["field"], one["code"]) for one in answer.json()["problems"]] == [problem]
    assert await desk.get(f"/leads/{lead}") == before


@pytest.mark.parametrize(
    ("by", "status", "code"),
    [
        (OWNER, 200, None),
        (MANAGER, 200, None),
        ("HQ-01", 200, None),
        (COLLEAGUE, 403, "not_yours"),
        ("SH01-C1", 403, "other_dealer"),
        ("CC-01", 403, "role_not_allowed"),
    ],
)
async def test_who_may_say_it(desk: Desk, by: str, status: int, code: str | None) -> None:
    lead = await asked(desk)

    answer = await desk.say(lead, "firm-up", by, {"outcome": "confirmed"})

    assert (answer.status_code, answer.json().get("code")) == (status, code)


@pytest.mark.parametrize("days", [0, 1, 90, 730])
async def test_another_day_is_agreed_within_the_bound(desk: Desk, days: int) -> None:
    lead = await asked(desk)
    on = (NOW + days * DAY).isoformat().replace("+00:00", "Z")

    answer = await desk.say(lead, "firm-up", OWNER, {"outcome": "moved", "purchase_on": on})

    assert answer.status_code == 200, answer.text
    sale = await contract(desk, lead)
    assert (sale["purchase_on"], sale["firmed_at"]) == (on, None)
    assert (await desk.messages(lead))[-1][1]["outcome"] == "moved"
    assert (await desk.get(f"/leads/{lead}"))["lead"]["status"] == "won"


async def test_what_holds_is_kept_with_the_contract_and_said_once(desk: Desk) -> None:
    lead = await asked(desk)
    assert (await desk.get(f"/leads/{lead}"))["possible"] == ["firm-up", "reassign", "cancel-order", "wrong-win"]

    answer = await desk.say(lead, "firm-up", OWNER, {"outcome": "confirmed", "content": "周六提车"}, key="firm-1")
    same = await desk.say(lead, "firm-up", OWNER, {"outcome": "confirmed", "content": "周六提车"}, key="firm-1")
    again = await desk.say(lead, "firm-up", OWNER, {"outcome": "confirmed"})

    assert answer.json() == same.json() and answer.json()["outcome"] == "confirmed"
    assert (again.status_code, again.json()["code"]) == (409, "not_now")
    assert (await contract(desk, lead))["firmed_at"] == "2026-11-21T08:00:00Z"
    page = await desk.get(f"/leads/{lead}")
    assert page["possible"] == ["cancel-order", "wrong-win"]
    assert (await desk.told(lead)).count("task_completed") == 1


async def test_who_withdraws_needs_somebody_else_s_word(desk: Desk) -> None:
    lead = await asked(desk)
    body = {"outcome": "fallen_through", "reason": "customer_withdrew", "content": "客户换了工作"}

    answer = await desk.say(lead, "firm-up", OWNER, body)

    assert answer.status_code == 200, answer.text
    page = await desk.get(f"/leads/{lead}")
    assert page["lead"]["status"] == "confirming"
    undo = page["state"]["closing"]["undo"]
    assert (undo["statement"], undo["reason"], undo["approver"]) == (
        "cancel_order",
        "customer_withdrew",
        "dealer_manager",
    )
    assert await desk.told(lead) == ["lead_created", "task_completed"], "its process asks, no new life begins"
    second = await desk.say(lead, "cancel-order", OWNER, {"reason": "price", "content": "退订"})
    assert second.json()["code"] == "not_now"


async def test_a_win_without_a_later_day_is_nobody_s_to_give_away(desk: Desk) -> None:
    lead = await asked(desk, timedelta(hours=1))

    answer = await desk.say(lead, "reassign", MANAGER, {"to_staff": COLLEAGUE, "reason": "休假"})

    assert (answer.status_code, answer.json()["code"]) == (409, "not_now")
