"""Head office keeps the network: entries of every kind are added, changed, removed, and hold from
then on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cases.actors import EVERYTHING, SYSTEM
from cases.parties import Party, Team
from domain.network.forms import FORMS
from store.network import hours
from store.network.network_seed import dealer_id
from tests.api.conftest import NOW, Desk
from tests.api.networks import DEALER, ENTRIES, ask, patch, put, shown


@pytest.mark.parametrize("kind", ENTRIES)
async def test_an_entry_comes_changes_and_goes(desk: Desk, kind: str) -> None:
    code, fields, change = ENTRIES[kind]
    path = f"{kind}/{code}"
    assert (await ask(desk, "GET", path)).status_code == 404
    assert (await patch(desk, path, change)).status_code == 404

    # when it is put, it is there, with its defaults, and sent again it is as before
    first = await put(desk, path, fields)
    assert (first.status_code, first.json()["verdict"]) == (201, "created"), first.text
    again = await put(desk, path, fields)
    assert (again.status_code, again.json()["verdict"]) == (200, "unchanged")
    assert again.headers["ETag"] == first.headers["ETag"]
    read = await ask(desk, "GET", path)
    hidden = {name: "***" for name in FORMS[kind].private}
    assert read.json() | hidden == first.json()["entry"] and read.headers["ETag"] == first.headers["ETag"]
    assert code in [one["code"] for one in (await shown(desk, kind + "?limit=500"))["items"]]

    # when it is changed, what differs is said, and nothing else has changed
    changed = await patch(desk, path, change)
    assert (changed.status_code, changed.json()["verdict"]) == (200, "changed"), changed.text
    assert changed.json()["changes"].keys() == change.keys()
    assert changed.headers["ETag"] != first.headers["ETag"]
    now = await shown(desk, path)
    differing = {name for name, value in read.json().items() if now[name] != value}
    assert differing == change.keys()

    # and history tells who, when, what
    (last, made) = (await shown(desk, f"network/changes?kind={kind}&code={code}"))["items"]
    assert (last["what"], made["what"], last["by"]["code"]) == ("changed", "created", "HQ-01")
    assert last["at"] == "2026-11-21T08:00:00Z"
    assert last["before"].keys() == last["after"].keys() == change.keys()
    assert (made["before"], last["after"]) != ({}, {}) and made["after"]

    # when it is removed, it is gone, and history has it
    assert (await ask(desk, "DELETE", path)).json()["entry"]["code"] == code
    assert (await ask(desk, "GET", path)).status_code == 404
    (gone, *_) = (await shown(desk, f"network/changes?kind={kind}&code={code}"))["items"]
    assert gone["what"] == "removed" and gone["after"] == {}


@pytest.mark.parametrize("by", ["BJ01-M1", "RM-NORTH", "CC-01", "MK-01", None])
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_only_head_office_changes_it(desk: Desk, by: str | None, method: str) -> None:
    body = None if method == "DELETE" else {"name": "别名"}
    answer = await ask(desk, method, "regions/NORTH", body, by=by)
    assert answer.status_code == 403
    assert (await shown(desk, "regions/NORTH"))["name"] == "华北区"
    assert (await ask(desk, "GET", "network/changes", by=by)).status_code == 403


@pytest.mark.parametrize("path", ["regions/NORTH", "models/outback", "channels/maker.vertical", "staff/BJ01-C1"])
async def test_what_others_refer_to_cannot_be_removed(desk: Desk, path: str) -> None:
    await desk.at_consultant("BJ01-C1")
    answer = await ask(desk, "DELETE", path)
    assert (answer.status_code, answer.json()["code"]) == (409, "entry_in_use")


async def test_what_history_refers_to_cannot_be_removed_either(desk: Desk) -> None:
    lead = await desk.at_consultant("BJ01-C1")
    await desk.say(lead, "follow-ups", "BJ01-C1", {"content": "已联系"})
    await desk.say(lead, "reassign", "BJ01-M1", {"to_staff": "BJ01-C2", "reason": "休假"})
    answer = await ask(desk, "DELETE", "staff/BJ01-C1")
    assert (answer.status_code, answer.json()["code"]) == (409, "entry_in_use")
    assert (await ask(desk, "GET", "staff/BJ01-C1")).status_code == 200


async def test_a_year_is_confirmed(desk: Desk) -> None:
    answer = await ask(desk, "PUT", "calendar-years/2027/confirmation")
    assert answer.json() == {"year": 2027, "days": 13}
    assert (await ask(desk, "PUT", "calendar-years/2027/confirmation")).json()["days"] == 0
    assert (await shown(desk, "calendar-days/2027-10-01"))["confirmed"] is True
    assert (await ask(desk, "PUT", "calendar-years/2050/confirmation")).status_code == 404
    assert (await ask(desk, "PUT", "calendar-years/2027/confirmation", by="BJ01-M1")).status_code == 403


async def test_decisions_made_afterwards_see_the_change(desk: Desk) -> None:
    async def newest(kind: str) -> list[Any]:
        query = "SELECT content FROM snapshots WHERE kind = :kind ORDER BY number DESC LIMIT 1"
        return (await desk.rows(query, kind=kind))[0]["content"]

    await put(desk, "dealers/N1", DEALER)
    assert "N1" in [code for _, code, *_ in await newest("dealers")]
    await put(desk, "calendar-days/2026-12-05", {"working": True, "name": "调休"})
    assert ["2026-12-05", True] in await newest("calendar")


async def test_hours_hold_for_whom_they_say_from_their_day_on(desk: Desk) -> None:
    """Of a dealer, a region, the call centre, head office, and of all dealers that have none of
    their own."""
    whose = {"BJ01": ("dealer", "BJ01", None), "NORTH": ("region", None, "NORTH"), "BJ02": ("dealer", None, None),
             "call": ("call_centre", None, None), "head": ("head_office", None, None)}  # fmt: skip
    for at, (code, (team, dealer, region)) in enumerate(whose.items()):
        said = {"team": team, "dealer": dealer, "region": region, "valid_from": "2026-12-01"}
        week = [[[f"0{at}:00", "20:00"]]] * 7
        assert (await put(desk, f"hours/{code}", said | {"hours": week})).status_code == 201
    parties = [
        Party(Team.DEALER, dealer_id=dealer_id("BJ01")),
        Party(Team.REGION, region="NORTH"),
        Party(Team.DEALER, dealer_id=dealer_id("BJ02")),
        Party(Team.CALL_CENTRE),
        Party(Team.HEAD_OFFICE),
    ]

    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        found = [(await hours.calendar(tx, party, NOW)).calendar for party in parties]
    assert [[span[0].hour for span in one.hours(date(2026, 12, 1))] for one in found] == [[0], [1], [2], [3], [4]]
    assert all(one.hours(date(2026, 11, 30))[0][0].hour in (8, 9) for one in found), "the usual ones, until then"

    # when a dealer's own are removed, those of all dealers hold
    assert (await ask(desk, "DELETE", "hours/BJ01")).status_code == 200
    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        calendar = (await hours.calendar(tx, parties[0], NOW)).calendar
    assert calendar.hours(date(2026, 12, 1))[0][0].hour == 2


@pytest.mark.parametrize("by", ["BJ01-M1", "RM-NORTH", None])
async def test_addresses_are_read_by_head_office_alone_and_kept_nowhere_else(desk: Desk, by: str | None) -> None:
    address = {"staff": "BJ01-M1", "address": "secret@example.com"}
    for key, body in enumerate((address, address | {"address": "secret2@example.com"})):
        assert (await put(desk, "contact-points/c1", body, key=f"k{key}")).status_code in (200, 201)
    for path in ("contact-points", "contact-points/c1"):
        assert (await ask(desk, "GET", path, by=by)).status_code == 403
    for table in ("network_changes", "idempotency_keys", "timeline", "notifications"):
        assert await desk.rows(f"SELECT 1 FROM {table} row WHERE row::text ~ 'secret.?@'") == [], table
    assert (await ask(desk, "DELETE", "contact-points/c1")).json()["entry"]["address"] == "***"


async def test_an_absence_entered_as_an_entry_gives_on_what_falls_due_in_it(desk: Desk) -> None:
    lead = await desk.at_consultant("BJ01-C1")
    week = {"staff": "BJ01-C1", "starts_at": "2026-11-21T08:00:00Z", "ends_at": "2026-11-28T08:00:00Z"}
    said = (await put(desk, "absences/a1", week)).json()
    assert (said["verdict"], said["given_on"]) == ("created", 1), said
    (row,) = await desk.rows(
        "SELECT s.code FROM whole_leads l JOIN staff s ON s.id = l.owner_id WHERE l.id = :lead", lead=lead
    )
    assert row["code"] != "BJ01-C1"
    # what is entered at the person's own address is the same kind of entry
    body = {"starts_at": "2026-12-21T08:00:00Z", "ends_at": "2026-12-28T08:00:00Z"}
    assert (await ask(desk, "POST", "network/staff/BJ01-C2/absences", body)).status_code == 201
    listed = {one["staff"]: one["code"] for one in (await shown(desk, "absences"))["items"]}
    assert {"BJ01-C1", "BJ01-C2"} <= listed.keys() and listed["BJ01-C1"] == "a1"
