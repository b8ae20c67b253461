"""What breaks a law of the network is refused field by field; others are meant by code or name."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Desk
from tests.api.networks import DEALER, PERSON, ask, patch, problems, put, shown

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
        (
            "absences/a",
            {"staff": "BJ01-C1", "starts_at": "2026-12-03", "ends_at": "2026-12-02"},
            {("ends_at", "ends_before_start")},
        ),
        (
            "absences/a",
            {"staff": "NOBODY", "starts_at": "2026-12-03", "ends_at": "2026-12-04"},
            {("staff", "unknown_person")},
        ),
        ("contact-points/c", {"staff": "BJ01-M1", "address": "not an address"}, {("address", "bad_mail_address")}),
        ("contact-points/c", {"staff": "NOBODY", "address": "a@example.com"}, {("staff", "unknown_person")}),
        ("contact-points/c", {"staff": "BJ01-M1", "channel": "sms", "address": "a@b.cn"}, {("channel", "not_in_list")}),
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


async def test_head_office_never_locks_itself_out(desk: Desk) -> None:
    assert (await patch(desk, "staff/HQ-02", {"active": False})).status_code == 200
    assert problems(await patch(desk, "staff/HQ-01", {"active": False})) == {("active", "last_of_head_office")}
    assert problems(await patch(desk, "staff/HQ-01", {"role": "finance"})) == {("role", "last_of_head_office")}
    assert problems(await ask(desk, "DELETE", "staff/HQ-01")) == {("code", "last_of_head_office")}


async def test_a_person_has_one_address_on_a_channel(desk: Desk) -> None:
    body = {"staff": "BJ01-M1", "address": "one@example.com"}
    assert (await put(desk, "contact-points/c1", body)).status_code == 201
    assert problems(await put(desk, "contact-points/c2", body)) == {("channel", "channel_taken")}
    assert (await put(desk, "contact-points/c1", body | {"address": "two@example.com"})).status_code == 200
