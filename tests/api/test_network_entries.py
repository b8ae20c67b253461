"""Head office keeps the network: entries of every kind are added, changed, made inactive, removed; laws hold."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import httpx
import pytest

from leads.actors import EVERYTHING, SYSTEM
from leads.parties import Party, Team
from leads.states import Status
from store import hours
from store.network_seed import dealer_id, staff_id
from tests.api.conftest import NOW, Desk, headers

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


async def ask(
    desk: Desk,
    method: str,
    path: str,
    body: Any = None,
    *,
    by: str | None = "HQ-01",
    seen: str | None = None,
    **more: Any,
) -> httpx.Response:
    said = headers(by, **more) | ({"If-Match": seen} if seen else {})
    return await desk.http.request(method, f"/api/v1/{path}", json=body, headers=said)


async def put(desk: Desk, path: str, body: Any, **more: Any) -> httpx.Response:
    return await ask(desk, "PUT", path, body, **more)


async def patch(desk: Desk, path: str, body: Any, **more: Any) -> httpx.Response:
    return await ask(desk, "PATCH", path, body, **more)


async def shown(desk: Desk, path: str) -> Any:
    return (await ask(desk, "GET", path)).json()


def problems(answer: httpx.Response) -> set[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    for one in answer.json()["problems"]:
        assert one["message"] and one["cure"] and "{" not in one["message"] + one["cure"]
    return {(one["field"], one["code"]) for one in answer.json()["problems"]}


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


PERSON = {"name": "周周", "role": "consultant", "dealer": "BJ01"}
DEALER = {"name": "新店", "region": "NORTH", "city": "北京"}
WORKED = [["09:00", "18:00"]]
HOURS = {"team": "head_office", "valid_from": "2026-12-01", "hours": [WORKED] * 7}


@pytest.mark.parametrize(
    ("path", "body", "wrong"),
    [
        # every field that is wrong is named, all at once
        ("dealers/N1", {}, {("name", "missing"), ("region", "missing"), ("city", "missing")}),
        (
            "dealers/N1",
            DEALER | {"region": "X", "models": ["outback", "zzz"], "name": "好店"},
            {("region", "unknown_region"), ("models/1", "unknown_model")},
        ),
        (
            "dealers/N1",
            DEALER | {"daily_capacity": -1, "performance": 101, "active": "yes", "more": 1},
            {
                ("daily_capacity", "too_small"),
                ("performance", "too_large_number"),
                ("active", "wrong_type"),
                ("more", "unknown_field"),
            },
        ),
        ("dealers/N1", DEALER | {"certificates": ["nev", "vip"]}, {("certificates/1", "unknown_certificate")}),
        ("dealers/N1", DEALER | {"latitude": 39.9}, {("longitude", "both_or_neither")}),
        ("dealers/N1", DEALER | {"latitude": 91, "longitude": 0}, {("latitude", "too_large_number")}),
        ("dealers/N1", DEALER | {"code": "N2"}, {("code", "unknown_field")}),
        ("dealers/N 1", DEALER, {("code", "bad_code")}),
        ("dealers/N%2C1", DEALER, {("code", "bad_code")}),
        # a consultant and a dealer's manager belong to one dealer, others to none
        ("staff/P1", PERSON | {"dealer": None}, {("dealer", "dealer_required")}),
        ("staff/P1", PERSON | {"dealer": None, "role": "dealer_manager"}, {("dealer", "dealer_required")}),
        ("staff/P1", PERSON | {"dealer": "BJ99"}, {("dealer", "unknown_dealer")}),
        ("staff/P1", PERSON | {"dealer": ["BJ01", "BJ02"]}, {("dealer", "wrong_type")}),
        ("staff/P1", PERSON | {"role": "hq"}, {("dealer", "no_dealer_for_role")}),
        ("staff/P1", {"name": "周", "role": "regional_manager"}, {("region", "region_required")}),
        ("staff/P1", PERSON | {"role": "system"}, {("role", "not_in_list")}),
        (
            "staff/P1",
            PERSON | {"rest_days": [0, 8]},
            {("rest_days/0", "too_small"), ("rest_days/1", "too_large_number")},
        ),
        ("staff/P1", PERSON | {"skills": ["zzz"], "certificates": ["x"]}, {("skills/0", "unknown_model")}),
        # spellings mean one model; a certificate stays as long as somebody holds it
        ("models/m1", {"name": "M1", "price": 1, "aliases": ["傲 虎"]}, {("aliases/0", "spelling_taken")}),
        ("models/m1", {"name": "傲虎", "price": 1}, {("name", "spelling_taken")}),
        ("models/m1", {"name": "M1", "price": -1}, {("price", "too_small")}),
        (
            "models/solterra",
            {"name": "Solterra 纯电", "price": 199_800, "certificate": "ev"},
            {("certificate", "certificate_held")},
        ),
        # a tree of three levels with two sides
        ("channels/x", {"name": "X"}, {("side", "not_in_list")}),
        ("channels/x", {"name": "X", "parent": "maker.vertical", "side": "dealer"}, {("side", "not_in_list")}),
        ("channels/x", {"name": "X", "parent": "maker.vertical.autohome"}, {("parent", "too_deep")}),
        ("channels/x", {"name": "X", "parent": "nowhere"}, {("parent", "unknown_channel")}),
        ("channels/x", {"name": "懂车帝", "parent": "maker.vertical"}, {("name", "name_taken")}),
        (
            "channels/maker.vertical.autohome",
            {"name": "汽车之家", "parent": "maker.social"},
            {("parent", "fixed_field")},
        ),
        (
            "channels/maker.vertical",
            {"name": "垂直媒体", "parent": "maker", "active": False},
            {("active", "channels_below")},
        ),
        (
            "channels/maker",
            {"name": "厂商", "active": False},
            {("active", "fixed_field"), ("active", "channels_below")},
        ),
        # periods and days
        (
            "closures/c",
            {"dealer": "BJ01", "starts_at": "2026-12-03", "ends_at": "2026-12-03"},
            {("ends_at", "ends_before_start")},
        ),
        ("closures/c", {"dealer": "BJ01", "starts_at": "soon"}, {("starts_at", "bad_instant"), ("ends_at", "missing")}),
        # hours
        (
            "hours/h",
            HOURS | {"hours": [[["8:30", "12:00"]], [], [], [["09:00", "18:00"], ["17:00", "19:00"]],
                               [["18:00", "02:00"]], [["09:00"]], []]},
            {("hours/0/0", "hours_time"), ("hours/3/1", "hours_overlap"), ("hours/4/0", "hours_order"),
             ("hours/5/0", "hours_time")},
        ),
        ("hours/h", HOURS | {"hours": [WORKED] * 5}, {("hours", "hours_days")}),
        ("hours/h", HOURS | {"hours": [[]] * 7}, {("hours", "hours_never")}),
        (
            "hours/h",
            HOURS | {"dealer": "BJ01", "region": "NORTH"},
            {("dealer", "not_of_team"), ("region", "not_of_team")},
        ),
        ("hours/h", HOURS | {"team": "dealer", "dealer": "NO"}, {("dealer", "unknown_dealer")}),
        ("hours/h", HOURS | {"valid_from": "2025-01-01"}, {("valid_from", "hours_taken")}),
        ("hours/h", HOURS | {"valid_from": "2026-13-01"}, {("valid_from", "bad_day")}),
        ("hours/h", {"team": "dealer"}, {("valid_from", "missing"), ("hours", "missing")}),
        ("calendar-days/2026-02-30", {"working": True}, {("code", "bad_day")}),
        ("calendar-days/20260203", {"working": True}, {("code", "bad_day")}),
        ("calendar-days/1999-12-31", {"working": True}, {("code", "bad_day")}),
        ("calendar-days/2026-02-03", {}, {("working", "missing")}),
        ("cities/新城", {"region": "X"}, {("region", "unknown_region")}),
    ],
)  # fmt: skip
async def test_what_breaks_a_law_is_refused_field_by_field(
    desk: Desk, path: str, body: Any, wrong: set[tuple[str, str]]
) -> None:
    assert problems(await put(desk, path, body)) == wrong
    assert (await shown(desk, "network/changes?by=HQ-01"))["items"] == []


@pytest.mark.parametrize(
    ("field", "written", "code"),
    [("region", "华北区", "NORTH"), ("region", "华 北区", "NORTH"), ("models", ["傲虎", "outback"], ["outback"])],
)
async def test_others_may_be_meant_by_an_unambiguous_name(desk: Desk, field: str, written: Any, code: Any) -> None:
    answer = await put(desk, "dealers/N1", DEALER | {field: written})
    assert answer.json()["entry"][field] == code


async def test_a_name_that_several_have_is_refused_with_their_codes(desk: Desk) -> None:
    await put(desk, "regions/N2", {"name": "华北区"})
    answer = await put(desk, "dealers/N1", DEALER | {"region": "华北区"})
    assert problems(answer) == {("region", "ambiguous_name")}
    assert "N2, NORTH" in answer.json()["problems"][0]["message"]


async def test_somebodys_region_is_that_of_their_dealer(desk: Desk) -> None:
    made = await put(desk, "staff/P1", PERSON | {"region": "SOUTH"})
    assert made.json()["entry"]["region"] == "NORTH"
    await patch(desk, "dealers/BJ01", {"region": "SOUTH"})
    assert {one["region"] for one in (await shown(desk, "staff?dealer=BJ01"))["items"]} == {"SOUTH"}
    assert (await shown(desk, "staff/BJ02-C1"))["region"] == "NORTH"


# -- leads in hand -----------------------------------------------------------------------------------------------------


async def test_a_dealer_with_leads_becomes_inactive_and_they_are_named(desk: Desk) -> None:
    leads = sorted([await desk.at_consultant("BJ01-C1"), await desk.at_consultant("BJ01-C2")], key=str)
    ended = await desk.in_status(Status.LOST, dealer_id=dealer_id("BJ01"))

    # it cannot be removed
    answer = await ask(desk, "DELETE", "dealers/BJ01")
    assert (answer.status_code, answer.json()["code"]) == (409, "entry_in_use")
    assert "leads 3" in answer.json()["detail"] and "staff 4" in answer.json()["detail"]

    # but made inactive, and the answer names what is still open
    answer = await patch(desk, "dealers/BJ01", {"active": False})
    assert answer.json()["left_behind"] == {"open_leads": 2, "leads": [str(one) for one in leads]}
    assert str(ended) not in answer.text

    # these can be given on at once
    moved = await ask(
        desk,
        "POST",
        "leads:reassign",
        {"leads": answer.json()["left_behind"]["leads"], "to_dealer": "BJ02", "reason": "停业"},
    )
    assert moved.json()["reassigned"] == 2, moved.text
    again = await patch(desk, "dealers/BJ01", {"active": True})
    assert again.json()["left_behind"] is None
    assert (await patch(desk, "dealers/BJ01", {"active": False})).json()["left_behind"] is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"dealer": "BJ02"}, "dealer"),
        ({"role": "dealer_manager"}, "role"),
        ({"role": "hq", "dealer": None}, "role"),
    ],
)
async def test_who_has_leads_stays_with_them(desk: Desk, change: dict[str, Any], field: str) -> None:
    await desk.at_consultant("BJ01-C1")
    assert (field, "person_has_leads") in problems(await patch(desk, "staff/BJ01-C1", change))
    assert (await patch(desk, "staff/BJ01-C2", change)).status_code == 200


async def test_the_leads_of_who_leaves_go_to_colleagues_at_once(desk: Desk) -> None:
    leads = [await desk.at_consultant("BJ01-C1") for _ in range(2)]
    answer = await patch(desk, "staff/BJ01-C1", {"active": False})
    assert (answer.json()["given_on"], answer.json()["left_behind"]) == (2, None), answer.text
    owners = await desk.rows("SELECT owner_id FROM leads WHERE id = ANY (:ids)", ids=leads)
    assert staff_id("BJ01-C1") not in {row["owner_id"] for row in owners}


async def test_a_channel_with_leads_retires_and_gives_no_more(desk: Desk) -> None:
    await desk.created(channel="maker.vertical.dongchedi")
    answer = await ask(desk, "DELETE", "channels/maker.vertical.dongchedi")
    assert (answer.status_code, answer.json()["code"]) == (409, "entry_in_use")
    assert (await patch(desk, "channels/maker.vertical.dongchedi", {"active": False})).status_code == 200

    for written in ("maker.vertical.dongchedi", "懂车帝", ["厂商", "垂直媒体", "懂车帝"]):
        refused = await desk.send(channel=written)
        assert problems(refused) == {("channel", "channel_retired")}
    assert (await desk.send(channel="maker.vertical.autohome")).status_code == 201
    await patch(desk, "channels/maker.vertical.dongchedi", {"active": True})
    assert (await desk.send()).status_code == 201


async def test_a_branch_of_channels_retires_from_its_leaves_up(desk: Desk) -> None:
    for leaf in ("sina", "sohu"):
        assert (await patch(desk, f"channels/maker.portal.{leaf}", {"active": False})).status_code == 200
    assert (await patch(desk, "channels/maker.portal", {"active": False})).status_code == 200
    assert problems(await patch(desk, "channels/maker.portal.sina", {"active": True})) == {("active", "channel_above")}


async def test_spellings_that_are_taken_away_are_not_read_any_more(desk: Desk) -> None:
    before = await desk.created(model="旭豹")
    xv = await shown(desk, "models/xv")
    rest = [one for one in xv["aliases"] if "旭豹" not in one]
    assert (await patch(desk, "models/xv", {"aliases": rest, "name": "Crosstrek (XV)"})).status_code == 200
    after = await desk.created(model="旭豹")
    models = {row["id"]: row["model"] for row in await desk.rows("SELECT id, model FROM leads")}
    assert (models[before], models[after]) == ("xv", None)


async def test_a_model_that_is_not_sold_any_more_is_not_read(desk: Desk) -> None:
    await patch(desk, "models/outback", {"active": False})
    lead = await desk.created(model="傲虎")
    assert await desk.rows("SELECT model FROM leads WHERE id = :lead", lead=lead) == [{"model": None}]
    assert (await ask(desk, "DELETE", "models/outback")).status_code == 409  # skills name it


async def test_head_office_never_locks_itself_out(desk: Desk) -> None:
    assert (await patch(desk, "staff/HQ-02", {"active": False})).status_code == 200
    assert problems(await patch(desk, "staff/HQ-01", {"active": False})) == {("active", "last_of_head_office")}
    assert problems(await patch(desk, "staff/HQ-01", {"role": "finance"})) == {("role", "last_of_head_office")}
    assert problems(await ask(desk, "DELETE", "staff/HQ-01")) == {("code", "last_of_head_office")}


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


# -- hours -------------------------------------------------------------------------------------------------------------


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


# -- two at a time -----------------------------------------------------------------------------------------------------


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
