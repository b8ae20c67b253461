"""A dealer leaves the network or closes: its open leads go on to other dealers or head office, each
once (A6, A11)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from cases.states import Role, Status, TaskKind
from server import departures as part
from server.departures import Departures
from store.network.network_seed import dealer_id, staff_id
from tests.api.conftest import NOW, Desk
from tests.api.networks import patch, put

BJ01 = dealer_id("BJ01")


async def at_desk(desk: Desk, **columns: Any) -> UUID:
    """A lead in Beijing that a consultant of BJ01 works on, with its first contact due in 24
    hours."""
    lead = await desk.at_consultant("BJ01-C1", city="北京")
    home = columns.pop("home_dealer_id", None)
    if home is not None:
        await desk.execute("UPDATE leads SET home_dealer_id = :home WHERE id = :lead", lead=lead, home=home)
    if columns:
        names = ", ".join(f"{name} = :{name}" for name in columns)
        await desk.execute(f"UPDATE cases SET {names} WHERE id = :lead", lead=lead, **columns)
    return lead


async def leave(desk: Desk) -> Any:
    answer = await patch(desk, "dealers/BJ01", {"active": False})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def close(desk: Desk, days: float, *, starts: timedelta = timedelta(0)) -> None:
    begins = NOW + starts
    body = {"dealer": "BJ01", "starts_at": begins.isoformat(), "ends_at": (begins + timedelta(days=days)).isoformat()}
    assert (await put(desk, "closures/c1", body)).status_code in (200, 201)


async def carried(desk: Desk) -> int:
    """Everything that is to go on by now, goes on."""
    gone, number = Departures(desk.database, desk.clock), 0
    while some := await gone.carry_on():
        number += some
    return number


async def row(desk: Desk, lead: UUID) -> dict[str, Any]:
    query = (
        "SELECT d.code AS dealer, l.owner_id, l.status, l.clock_from"
        " FROM whole_leads l LEFT JOIN dealers d ON d.id = l.dealer_id"
    )
    (found,) = await desk.rows(f"{query} WHERE l.id = :lead", lead=lead)
    return found


async def became(desk: Desk) -> dict[UUID, str]:
    return {one["lead_id"]: one["became"] for one in await desk.rows("SELECT lead_id, became FROM departure_leads")}


async def happened(desk: Desk, lead: UUID) -> list[str]:
    rows = await desk.rows("SELECT code FROM timeline WHERE case_id = :lead ORDER BY id", lead=lead)
    return [one["code"] for one in rows]


async def test_open_leads_of_a_dealer_that_leaves_go_to_others_near_and_owe_what_it_owed(desk: Desk) -> None:
    lead = await at_desk(desk)
    elsewhere = await desk.at_consultant("BJ02-C1", city="北京")
    lost = await desk.in_status(Status.LOST, dealer_id=BJ01)

    said = await leave(desk)

    assert (said["going_on"], said["left_behind"], said["given_on"]) == (1, None, 0)
    assert (await row(desk, lead))["dealer"] == "BJ01", "nothing is moved while head office waits"
    desk.clock.move(timedelta(hours=2))
    assert await carried(desk) == 1
    now = await row(desk, lead)
    assert now["dealer"] not in (None, "BJ01") and now["owner_id"] is None
    assert now["clock_from"] == NOW, "the 24 hours go on, as the table `reassign` says"
    assert [kind for kind, _ in await desk.messages(lead)] == ["lead_created", "reassigned"]
    assert (await row(desk, elsewhere))["dealer"] == "BJ02"
    assert (await row(desk, lost))["dealer"] == "BJ01"
    query = "SELECT data FROM notifications WHERE code = 'redistributed_dealer_left' AND to_staff_id = :manager"
    (told,) = await desk.rows(query, manager=staff_id("RM-NORTH"))
    assert (told["data"]["moved"], told["data"]["asked"], told["data"]["kept"]) == (1, 0, 0)


WAYS = [
    # status and columns, an open task there; what became of it; where it is; the role that has the
    # task
    (Status.WORKING, {}, None, "moved", "another", None),
    (Status.POOL, {"owner_id": None}, None, "moved", "another", None),
    (Status.CONFIRMING, {}, TaskKind.CONFIRM_CLOSING, "head_office", "BJ01", Role.HQ),
    (Status.NURTURE, {}, None, "head_office", None, None),
    (Status.QUALIFYING, {"owner_id": None, "home_dealer_id": BJ01}, None, "head_office", None, None),
]


@pytest.mark.parametrize(("status", "columns", "task", "what", "dealer", "role"), WAYS)
async def test_a_lead_goes_on_by_where_it_is_in_its_life(
    desk: Desk, status: Status, columns: dict[str, Any], task: TaskKind | None, what: str, dealer: Any, role: Any
) -> None:
    lead = await at_desk(desk, status=status.value, **columns)
    if status is not Status.WORKING:
        await desk.execute("UPDATE tasks SET status = 'done' WHERE case_id = :lead", lead=lead)
    if task is not None:
        await desk.task(lead, task, "dealer_manager", dealer="BJ01")
    await leave(desk)
    await carried(desk)
    assert await became(desk) == {lead: what}
    now = await row(desk, lead)
    assert (now["dealer"] not in (None, "BJ01")) if dealer == "another" else now["dealer"] == dealer
    assert now["status"] == (Status.WORKING if status is Status.POOL else status)
    opened = await desk.rows(
        "SELECT role, dealer_id, owner_id FROM tasks WHERE case_id = :lead AND status = 'open'", lead=lead
    )
    if task is not None:
        assert [(one["role"], one["dealer_id"]) for one in opened] == [(role, None)] and opened[0]["owner_id"]
        answer = await desk.say(lead, "confirm", "HQ-01", {"approve": True})
        assert answer.status_code == 200, answer.text
    else:
        assert opened == []
    assert any(code in ("redistributed_dealer_left", "given_back_dealer_left", "task_to_head_office")
               for code in await happened(desk, lead))  # fmt: skip


async def test_where_no_other_dealer_is_near_the_process_asks_head_office(desk: Desk) -> None:
    lead = await at_desk(desk)
    await desk.execute("UPDATE dealers SET active = false WHERE code <> 'BJ01'")
    await leave(desk)
    await carried(desk)
    assert await became(desk) == {lead: "head_office"}
    assert (await row(desk, lead))["dealer"] is None
    assert (await desk.messages(lead))[-1] == ("reassigned", {"dealer": None, "staff": None})
    assert await desk.rows("SELECT 1 FROM sla_clocks WHERE case_id = :lead AND stopped_at IS NULL", lead=lead) == []


async def test_others_get_no_more_than_their_days_leads(desk: Desk) -> None:
    """Whoever takes leads over has them counted like those of head office."""
    await desk.execute("UPDATE dealers SET active = code IN ('BJ01', 'BJ02'), daily_capacity = 2")
    leads = [await at_desk(desk) for _ in range(4)]
    await leave(desk)
    await carried(desk)
    assert sorted((await became(desk)).values()) == ["head_office", "head_office", "moved", "moved"]
    dealers = [(await row(desk, one))["dealer"] for one in leads]
    assert sorted(map(str, dealers)) == ["BJ02", "BJ02", "None", "None"]


@pytest.mark.parametrize(
    ("days", "due", "what"),
    [(1, 24, "kept"), (20, 24, "moved"), (20, 24 * 21, "kept"), (3.9, 24, "moved"), (2, 1, "kept")],
)
async def test_a_closure_counts_from_its_beginning_and_only_if_it_is_long(
    desk: Desk, days: float, due: int, what: str
) -> None:
    """The bound is in working hours; what falls due later waits for the dealer to open."""
    lead = await at_desk(desk)
    starts = timedelta(days=2)  # a Monday, 16:00
    await desk.execute(
        "UPDATE tasks SET due_at = CAST(:due AS timestamptz) WHERE case_id = :lead",
        lead=lead, due=NOW + starts + timedelta(hours=due),
    )  # fmt: skip
    await close(desk, days, starts=starts)
    assert await carried(desk) == 0, "it has not begun"
    desk.clock.move(starts)
    await carried(desk)
    assert await became(desk) == {lead: what}
    assert ((await row(desk, lead))["dealer"] == "BJ01") is (what == "kept")


async def test_a_closure_that_becomes_longer_is_weighed_again_and_one_that_is_removed_is_none(desk: Desk) -> None:
    lead = await at_desk(desk)
    await close(desk, 1)
    await carried(desk)
    assert await became(desk) == {lead: "kept"}
    await close(desk, 20)
    await carried(desk)
    assert await became(desk) == {lead: "moved"}
    other = await at_desk(desk)
    await desk.http.delete("/api/v1/closures/c1", headers={"Baton-Actor": "HQ-01"})
    assert await carried(desk) == 0 and (await row(desk, other))["dealer"] == "BJ01"


async def test_who_is_back_keeps_what_has_not_gone_and_gets_nothing_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(part, "SOME", 1)
    leads = sorted([await at_desk(desk) for _ in range(2)])
    await leave(desk)
    assert await Departures(desk.database, desk.clock).carry_on() == 1
    assert (await patch(desk, "dealers/BJ01", {"active": True})).json()["going_on"] == 0
    assert await carried(desk) == 0
    first, second = [await row(desk, one) for one in leads]
    assert first["dealer"] != "BJ01" and second["dealer"] == "BJ01"
    # and leaving once more takes the rest
    await leave(desk)
    await carried(desk)
    assert (await row(desk, leads[1]))["dealer"] != "BJ01"


async def test_two_workers_and_one_that_dies_move_each_lead_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each lead is a transaction: one that is rolled back is done again, one that was committed is
    not."""
    leads = [await at_desk(desk) for _ in range(12)]
    await desk.execute("UPDATE dealers SET daily_capacity = 1000")
    await leave(desk)
    calls, real = 0, part.give_on

    async def dies(*args: Any) -> None:
        nonlocal calls
        calls += 1
        await real(*args)
        if calls == 5:  # after the work, before the commit
            raise asyncio.CancelledError

    monkeypatch.setattr(part, "give_on", dies)
    with pytest.raises(asyncio.CancelledError):
        await Departures(desk.database, desk.clock).carry_on()
    assert len(await became(desk)) == 4
    workers = [Departures(desk.database, desk.clock) for _ in range(2)]
    while any(await asyncio.gather(*(one.carry_on() for one in workers))):
        pass
    await carried(desk)
    assert await became(desk) == dict.fromkeys(leads, "moved")
    for lead in leads:
        assert (await happened(desk, lead)).count("redistributed_dealer_left") == 1
        assert [kind for kind, _ in await desk.messages(lead)].count("reassigned") == 1
        hands = await desk.rows("SELECT 1 FROM assignments WHERE lead_id = :lead AND kind = 'redistribute'", lead=lead)
        assert len(hands) == 1
    told = await desk.rows("SELECT data FROM notifications WHERE code = 'redistributed_dealer_left'")
    assert {one["data"]["moved"] for one in told} == {12} and len(told) == 2  # the region's manager, the dealer's


async def test_a_lead_that_cannot_go_on_holds_up_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = sorted([await at_desk(desk) for _ in range(2)])
    real = part.give_on

    async def fails(tx: Any, tables: Any, gone: Any, lead: UUID, at: Any) -> None:
        await real(tx, tables, gone, lead, at)
        if lead == first:
            raise ValueError("broken")

    monkeypatch.setattr(part, "give_on", fails)
    await leave(desk)
    await carried(desk)
    assert await became(desk) == {first: "stuck", second: "moved"}
    assert (await row(desk, first))["dealer"] == "BJ01"
    (told, *_) = await desk.rows("SELECT data FROM notifications WHERE code = 'redistributed_dealer_left'")
    assert (told["data"]["moved"], told["data"]["kept"]) == (1, 1)
