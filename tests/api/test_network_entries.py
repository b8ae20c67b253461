"""Head office keeps the network: entries of every kind are added, changed, removed, and hold from then on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from leads.actors import EVERYTHING, SYSTEM
from leads.parties import Party, Team
from store import hours
from store.network_seed import dealer_id
from tests.api.conftest import NOW, Desk
from tests.api.networks import DEALER, ask, patch, put, shown

ENTRIES: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "regions": ("R-1", {"name": "新区"}, {"name": "新大区"}),
    "cities": ("延吉", {"region": "NORTHEAST"}, {"region": "NORTH"}),
    "places": ("820000", {"region": "SOUTH"}, {"region": "WEST"}),
    "models": ("levorg", {"name": "Levorg", "price": 200_000, "aliases": ["力沃"]}, {"price": 210_000}),
    "channels": ("maker.vertical.bitauto", {"name": "比特", "parent": "maker.vertical"}, {"name": "比特汽车"}),
    "dealers": ("BJ77", {"name": "北京新店", "region": "NORTH", "city": "北京"}, {"daily_capacity": 7}),
    "staff": ("BJ01-C77", {"name": "周周", "role": "consultant", "dealer": "BJ01"}, {"rest_days": [7, 2]}),
    "closures": (
        "BJ01-1",
        {"dealer": "BJ01", "starts_at": "2026-12-01T00:00:00+08:00", "ends_at": "2026-12-03T00:00:00+08:00"},
        {"reason": "盘点"},
    ),
    "hours": (
        "BJ01-1",
        {"team": "dealer", "dealer": "BJ01", "valid_from": "2026-12-01", "hours": [[["08:30", "24:00"]]] * 6 + [[]]},
        {"holidays": True},
    ),
    "calendar-days": ("2026-12-12", {"working": True, "name": "调休"}, {"working": False}),
}
"""Kind: a code that is free, the fields of an entry, a change of it."""


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
    assert read.json() == first.json()["entry"] and read.headers["ETag"] == first.headers["ETag"]
    assert code in [one["code"] for one in (await shown(desk, kind + "?limit=500"))["items"]]

    # when it is changed, what differs is said, and nothing else has changed
    changed = await patch(desk, path, change)
    assert (changed.status_code, changed.json()["verdict"]) == (200, "changed"), changed.text
    assert changed.json()["changes"].keys() == change.keys()
    assert changed.headers["ETag"] != first.headers["ETag"]
    differing = {name for name, value in read.json().items() if changed.json()["entry"][name] != value}
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
    """Of a dealer, a region, the call centre, head office, and of all dealers that have none of their own."""
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
