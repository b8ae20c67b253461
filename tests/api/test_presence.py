"""Who leaves or is away: their open leads go to others whole or not at all, each with its reason;
the manager is told how many. Who is not there is not given a lead unless somebody insists (A6,
A11)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from cases.states import Status, TaskKind
from cases.zone import CHINA
from store.network.network_seed import dealer_id, staff_id
from tests.api.conftest import NOW, Desk, headers

OWNER, COLLEAGUE, THIRD, MANAGER = "BJ01-C1", "BJ01-C2", "BJ01-C3", "BJ01-M1"
DAY = timedelta(days=1)


async def enter(desk: Desk, code: str, by: str, begins: datetime, ends: datetime) -> httpx.Response:
    body = {"starts_at": begins.isoformat(), "ends_at": ends.isoformat(), "reason": "年假"}
    return await desk.http.post(f"/api/v1/network/staff/{code}/absences", json=body, headers=headers(by))


async def away(desk: Desk, code: str, begins: datetime = NOW, ends: datetime = NOW + 3 * DAY) -> dict[str, Any]:
    answer = await enter(desk, code, "HQ-01", begins, ends)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def leaves(desk: Desk, code: str, by: str = MANAGER) -> httpx.Response:
    return await desk.http.patch(f"/api/v1/network/staff/{code}", json={"active": False}, headers=headers(by))


async def owner_of(desk: Desk, lead: UUID) -> str | None:
    found = (await desk.get(f"/leads/{lead}"))["lead"]["owner"]
    return found and found["code"]


async def notices(desk: Desk, code: str) -> list[tuple[str | None, int]]:
    rows = await desk.rows(
        "SELECT s.code, n.data FROM notifications n LEFT JOIN staff s ON s.id = n.to_staff_id WHERE n.code = :code",
        code=code,
    )
    return [(row["code"], row["data"]["count"]) for row in rows]


# -- somebody leaves -----------------------------------------------------------------------------


async def test_twelve_leads_of_one_who_leaves_go_to_colleagues_at_once_with_one_notice(desk: Desk) -> None:
    await desk.execute("UPDATE staff SET skills = '{}', ability = 60")
    theirs = [await desk.at_consultant(OWNER) for _ in range(12)]
    other = await desk.at_consultant(COLLEAGUE)
    desk.clock.move(timedelta(hours=3))

    answer = await leaves(desk, OWNER)

    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert (said["active"], said["kept"], len(said["moved"])) == (False, 0, 12)
    assert {one["to"] for one in said["moved"]} <= {COLLEAGUE, THIRD}
    for one in said["moved"]:
        assert await owner_of(desk, UUID(one["lead_id"])) == one["to"]
    shares = [sum(one["to"] == code for one in said["moved"]) for code in (COLLEAGUE, THIRD)]
    assert abs(shares[0] - shares[1]) <= 2
    assert await notices(desk, "redistributed_left") == [(MANAGER, 12)]
    for lead in theirs:
        line = (await desk.list(f"/leads/{lead}/timeline"))[-1]
        assert line["text"].startswith("李晓东 已离职，改由")
        assert (await desk.told(lead))[-1] == "reassigned"
        tables = [one["table"] for one in await desk.list(f"/leads/{lead}/decisions")]
        assert {"redistribution", "assignment", "reassign"} <= set(tables)
        (task,) = await desk.rows("SELECT status, closed_because FROM tasks WHERE case_id = :lead", lead=lead)
        assert (task["status"], task["closed_because"]["code"]) == ("reassigned", "redistribute")
        (row,) = await desk.rows("SELECT clock_from FROM whole_leads WHERE id = :lead", lead=lead)
        assert row["clock_from"] == NOW, "the customer was promised a call within 24 hours of the first assignment"
    assert await owner_of(desk, other) == COLLEAGUE
    assert (await leaves(desk, OWNER)).json()["moved"] == []


async def test_without_a_colleague_the_manager_has_them_and_without_a_manager_the_dealer(desk: Desk) -> None:
    await desk.execute("UPDATE staff SET active = false WHERE code = ANY(:codes)", codes=[COLLEAGUE, THIRD])
    first, second = await desk.at_consultant(OWNER), await desk.at_consultant("BJ02-C1")
    await desk.execute("UPDATE staff SET active = false WHERE code LIKE 'BJ02-%' AND code <> 'BJ02-C1'")

    one = (await leaves(desk, OWNER, "HQ-01")).json()
    two = (await leaves(desk, "BJ02-C1", "HQ-01")).json()

    assert (one["moved"], await owner_of(desk, first)) == ([{"lead_id": str(first), "to": MANAGER}], MANAGER)
    assert (two["moved"], await owner_of(desk, second)) == ([{"lead_id": str(second), "to": None}], None)
    ids = {"dealer": str(dealer_id("BJ02")), "staff": None}
    assert (await desk.messages(second))[-1] == ("reassigned", ids)
    assert await notices(desk, "redistributed_left") == [(MANAGER, 1), (None, 1)]


async def test_what_is_nurtured_or_confirmed_goes_along_and_what_ended_stays(desk: Desk) -> None:
    theirs = {"dealer_id": dealer_id("BJ01"), "owner_id": staff_id(OWNER)}
    nurtured = await desk.in_status(Status.NURTURE, **theirs)
    check = await desk.task(nurtured, TaskKind.INTENT_CHECK, "consultant", owner=OWNER)
    confirming = await desk.in_status(Status.CONFIRMING, **theirs)
    won = await desk.in_status(Status.WON, **theirs)

    moved = {one["lead_id"]: one["to"] for one in (await leaves(desk, OWNER)).json()["moved"]}

    assert moved.keys() == {str(nurtured), str(confirming)}
    assert "reassigned" not in await desk.told(nurtured), "nobody sells to a customer who is nurtured"
    assert (await desk.told(confirming))[-1] == "reassigned"
    assert await owner_of(desk, won) == OWNER
    (task,) = await desk.rows("SELECT s.code FROM tasks t JOIN staff s ON s.id = t.owner_id WHERE t.id = :id", id=check)
    assert task["code"] == moved[str(nurtured)]


async def test_calls_of_an_agent_who_leaves_are_other_agents(desk: Desk) -> None:
    lead = await desk.created(model=None)
    call = await desk.task(lead, TaskKind.OUTBOUND_CALL, "call_centre", owner="CC-01")

    said = (await leaves(desk, "CC-01", "HQ-01")).json()

    query = "SELECT s.code, t.status FROM tasks t JOIN staff s ON s.id = t.owner_id WHERE t.id = :id"
    (task,) = await desk.rows(query, id=call)
    assert task["code"].startswith("CC-") and task["code"] != "CC-01" and task["status"] == "open"
    assert said["moved"] == [{"lead_id": str(lead), "to": task["code"]}]
    assert await notices(desk, "redistributed_left") == [(None, 1)]


async def test_a_failure_in_the_middle_changes_nothing_at_all(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = [await desk.at_consultant(OWNER) for _ in range(3)]
    count = 0

    async def breaking(*given: object, **named: object) -> None:
        nonlocal count
        count += 1
        if count == 2:
            raise RuntimeError("the machine stops here")
        await kept(*given, **named)  # type: ignore[arg-type]

    import domain.network.laws.redistribution as module

    kept = module.tell
    with monkeypatch.context() as patched:
        patched.setattr(module, "tell", breaking)
        assert (await leaves(desk, OWNER)).status_code == 500

    assert [await owner_of(desk, lead) for lead in theirs] == [OWNER] * 3
    assert (await desk.rows("SELECT active FROM staff WHERE code = :code", code=OWNER))[0]["active"] is True
    assert len((await leaves(desk, OWNER)).json()["moved"]) == 3


# -- somebody is away ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begins", "ends", "moves"),
    [
        (timedelta(), 3 * DAY, True),  # due in 24 h
        (timedelta(), DAY, False),  # no more than a working day
        (2 * DAY, 6 * DAY, False),  # due before it begins
        (timedelta(hours=23), 6 * DAY, True),
        (-10 * DAY, timedelta(hours=1), False),  # back before it is due
        (-10 * DAY, -DAY, False),  # long over
    ],
)
async def test_what_falls_due_in_an_absence_of_some_days_goes_to_others(
    desk: Desk, begins: timedelta, ends: timedelta, moves: bool
) -> None:
    lead = await desk.at_consultant(OWNER)

    said = await away(desk, OWNER, NOW + begins, NOW + ends)

    assert (bool(said["moved"]), await owner_of(desk, lead) != OWNER) == (moves, moves)
    assert len(await notices(desk, "redistributed_absent")) == int(moves)


async def test_what_is_overdue_when_an_absence_begins_now_does_not_wait_for_its_end(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)
    desk.clock.move(2 * DAY)

    said = await away(desk, OWNER, NOW + 2 * DAY, NOW + 9 * DAY)

    assert [one["lead_id"] for one in said["moved"]] == [str(lead)]
    (row,) = await desk.rows("SELECT clock_from FROM whole_leads WHERE id = :lead", lead=lead)
    assert row["clock_from"] is None, "what the former owner missed is not the new one's"
    line = (await desk.list(f"/leads/{lead}/timeline"))[-1]["text"]
    assert line.startswith("李晓东 休假至 2026-11-30 16:00，改由")


async def test_an_absence_is_listed_and_taken_back(desk: Desk) -> None:
    entered = await away(desk, OWNER)
    path = f"/api/v1/network/staff/{OWNER}/absences"

    listed = (await desk.http.get(path, headers=headers(MANAGER))).json()["items"]
    gone = await desk.http.delete(f"{path}/{entered['id']}", headers=headers(MANAGER))
    again = await desk.http.delete(f"{path}/{entered['id']}", headers=headers(MANAGER))

    assert [(one["id"], one["reason"]) for one in listed] == [(entered["id"], "年假")]
    assert (gone.status_code, gone.json()["id"]) == (200, entered["id"])
    assert (again.status_code, again.json()["code"]) == (404, "absence_not_found")
    assert (await desk.http.get(path, headers=headers(MANAGER))).json()["items"] == []


async def test_who_may_say_so_and_of_whom(desk: Desk) -> None:
    assert (await leaves(desk, OWNER, COLLEAGUE)).json()["code"] == "role_not_allowed"
    assert (await leaves(desk, OWNER, "BJ02-M1")).json()["code"] == "other_dealer"
    assert (await leaves(desk, OWNER, "RM-EAST")).json()["code"] == "other_dealer"
    assert (await leaves(desk, "CC-01", "RM-NORTH")).json()["code"] == "other_dealer"
    assert (await leaves(desk, "nobody", "HQ-01")).json()["code"] == "staff_not_found"
    assert (await enter(desk, OWNER, MANAGER, NOW, NOW)).json()["problems"][0]["code"] == "ends_before_it_starts"
    assert (await leaves(desk, OWNER, "RM-NORTH")).status_code == 200


# -- somebody who is not there is given a lead ---------------------------------------------------

REST_DAY = "UPDATE staff SET rest_days = ARRAY[CAST(:day AS int)] WHERE code = :code"
CLOSED = (
    "INSERT INTO closures (id, dealer_id, starts_at, ends_at, reason) SELECT gen_random_uuid(), dealer_id,"
    " CAST(:from AS timestamptz), CAST(:until AS timestamptz), '盘点' FROM staff WHERE code = :code"
)


async def not_there(desk: Desk, why: str) -> None:
    """The colleague cannot have a lead now."""
    match why:
        case "target_absent":
            await away(desk, COLLEAGUE)
        case "target_rest_day":
            await desk.execute(REST_DAY, day=NOW.astimezone(CHINA).isoweekday(), code=COLLEAGUE)
        case "dealer_closed":
            await desk.execute(CLOSED, **{"from": NOW, "until": NOW + 3 * DAY, "code": COLLEAGUE})
        case "target_inactive":
            await desk.execute("UPDATE staff SET active = false WHERE code = :code", code=COLLEAGUE)
        case _:
            await desk.execute("UPDATE dealers SET active = false WHERE code = 'BJ01'")


WHY_NOT = ["target_absent", "target_rest_day", "dealer_closed", "target_inactive", "dealer_inactive"]
UNTIL = {
    "target_absent": "2026-11-24 16:00",
    "dealer_closed": "2026-11-24 16:00",
    "target_rest_day": "2026-11-22 00:00",
}


@pytest.mark.parametrize("why", WHY_NOT)
async def test_who_is_not_there_is_refused_with_the_reason_and_until_when(desk: Desk, why: str) -> None:
    lead = await desk.at_consultant(OWNER)
    await not_there(desk, why)

    refused = await desk.say(lead, "reassign", "HQ-01", {"to_staff": COLLEAGUE, "reason": "老客户"})

    said = refused.json()
    assert (refused.status_code, said["code"], said["params"]["who"]) == (409, why, COLLEAGUE)
    assert said["params"]["until"] == UNTIL.get(why, "")
    assert ("insist" in said["cure"]) == (why in UNTIL)
    assert await owner_of(desk, lead) == OWNER


@pytest.mark.parametrize("why", WHY_NOT)
async def test_a_supervisor_may_insist_on_who_comes_back_and_not_on_who_does_not(desk: Desk, why: str) -> None:
    lead = await desk.at_consultant(OWNER)
    await not_there(desk, why)

    answer = await desk.say(lead, "reassign", "HQ-01", {"to_staff": COLLEAGUE, "reason": "老客户", "insist": True})

    if why not in UNTIL:
        assert (answer.status_code, answer.json()["code"]) == (409, why)
        return
    assert (answer.status_code, answer.json()["despite"]["code"]) == (200, why)
    assert await owner_of(desk, lead) == COLLEAGUE
    texts = [one["text"] for one in await desk.list(f"/leads/{lead}/timeline")]
    assert texts[-2].startswith("主管改派给") and "仍坚持" in texts[-1]
    (given,) = await desk.rows("SELECT insisted FROM assignments WHERE lead_id = :lead", lead=lead)
    assert given["insisted"] is True


async def test_insisting_where_nothing_speaks_against_it_is_an_ordinary_choice(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)

    answer = await desk.say(lead, "reassign", "HQ-01", {"to_staff": COLLEAGUE, "reason": "x", "insist": True})

    assert (answer.status_code, answer.json()["despite"]) == (200, None)
    (given,) = await desk.rows("SELECT insisted FROM assignments WHERE lead_id = :lead", lead=lead)
    assert given["insisted"] is False


@pytest.mark.parametrize(("insist", "verdict"), [(False, "refused"), (True, "reassigned")])
async def test_in_bulk_each_line_says_so(desk: Desk, insist: bool, verdict: str) -> None:
    leads = [str(await desk.at_consultant(OWNER)) for _ in range(2)]
    await away(desk, COLLEAGUE)

    answer = await desk.http.post(
        "/api/v1/leads:reassign",
        json={"leads": leads, "to_staff": COLLEAGUE, "reason": "x", "insist": insist},
        headers={"Baton-Actor": "HQ-01"},
    )

    for line in answer.json()["leads"]:
        assert (line["verdict"], line["code"]) == (verdict, "target_absent")
        assert line["message"].startswith("BJ01-C2 休假至")


async def test_keeping_the_network_redistributes_what_somebody_leaves_behind(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)

    answer = await desk.http.patch(f"/api/v1/staff/{OWNER}", json={"active": False}, headers=headers("HQ-01"))

    assert answer.status_code == 200, answer.text
    assert await owner_of(desk, lead) in (COLLEAGUE, THIRD)
    assert await notices(desk, "redistributed_left") == [(MANAGER, 1)]
