"""A dealer's own lead stays there: who entered it, what the cell says, who learns of a visit (A1,
A4, A6)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from cases.states import Status
from store.network.network_seed import dealer_id, staff_id
from tests.api.conftest import Desk, phone

WALK_IN = "dealer.showroom.walk_in"
MEDIUM = "maker.vertical.dongchedi"


async def home(desk: Desk, lead: UUID | str) -> tuple[str | None, str | None, str | None]:
    """The dealer that has it, the one whose own it is, and who is asked first."""
    (row,) = await desk.rows(
        "SELECT d.code AS dealer, h.code AS home, s.code AS first FROM whole_leads l"
        " LEFT JOIN dealers d ON d.id = l.dealer_id LEFT JOIN dealers h ON h.id = l.home_dealer_id"
        " LEFT JOIN staff s ON s.id = l.first_choice_id WHERE l.id = :id",
        id=UUID(str(lead)),
    )
    return row["dealer"], row["home"], row["first"]


async def notices(desk: Desk, lead: UUID) -> set[tuple[str, str]]:
    rows = await desk.rows(
        "SELECT n.code, s.code AS who FROM notifications n JOIN staff s ON s.id = n.to_staff_id"
        " WHERE n.case_id = :lead",
        lead=lead,
    )
    return {(row["code"], row["who"]) for row in rows}


@pytest.mark.parametrize(
    ("by", "channel", "fields", "stays", "first"),
    [
        ("BJ02-C1", WALK_IN, {}, "BJ02", "BJ02-C1"),
        ("BJ02-M1", WALK_IN, {}, "BJ02", None),
        ("BJ02-C1", "dealer.event.community", {"city": "上海"}, "BJ02", "BJ02-C1"),
        ("BJ02-C1", MEDIUM, {}, None, None),
        ("HQ-01", WALK_IN, {}, None, None),
        ("CC-01", WALK_IN, {}, None, None),
        (None, WALK_IN, {}, None, None),
        (None, MEDIUM, {}, None, None),
        (None, MEDIUM, {"dealer": "BJ02"}, "BJ02", None),
        ("CC-01", MEDIUM, {"dealer": " bj02 "}, "BJ02", None),
        ("BJ01-C1", WALK_IN, {"dealer": "BJ02"}, "BJ02", None),
        (None, WALK_IN, {"dealer": "BJ02", "consultant": "BJ02-C3"}, "BJ02", "BJ02-C3"),
        ("BJ02-C1", WALK_IN, {"consultant": "BJ02-C3"}, "BJ02", "BJ02-C3"),
        (None, WALK_IN, {"consultant": "BJ02-C3"}, "BJ02", "BJ02-C3"),
        (None, WALK_IN, {"dealer": "BJ02", "consultant": "BJ01-C1"}, "BJ02", None),
    ],
)
async def test_whose_own_a_lead_is(
    desk: Desk, by: str | None, channel: str, fields: dict[str, Any], stays: str | None, first: str | None
) -> None:
    lead = await desk.created(by=by, channel=channel, **fields)

    assert await home(desk, lead) == (stays, stays, first)
    decided = [one for one in await desk.list(f"/leads/{lead}/decisions") if one["table"] == "belonging"]
    line = [one for one in await desk.list(f"/leads/{lead}/timeline") if one["code"] == "belongs_to_dealer"]
    assert (len(decided), len(line)) == ((1, 1) if stays else (0, 0))
    if stays:
        assert line[0]["why"] and "北京" in line[0]["text"]


@pytest.mark.parametrize(
    ("written", "meant", "code"),
    [
        ("BJ01", "BJ01", None),
        ("北京翔鹰斯巴鲁4S店", "BJ01", None),
        ("北京翔鹰", "BJ01", None),
        ("翔鹰（BJ01）", "BJ01", None),
        ("北京 翔鹰 斯巴鲁 4S 店", "BJ01", None),
        ("ＢＪ０１", "BJ01", None),
        ("北京", None, "ambiguous_dealer"),
        ("某某店", None, "unknown_dealer"),
        ({"code": "BJ01"}, None, "wrong_type"),
        ("x" * 200, None, "too_long"),
        ("", None, None),
        ("—", None, None),
    ],
)
async def test_a_dealer_is_meant_by_code_or_a_name_that_only_one_has_and_costs_no_lead(
    desk: Desk, written: Any, meant: str | None, code: str | None
) -> None:
    answer = await desk.send(dealer=written)

    assert answer.status_code == 201, answer.text
    said = answer.json()
    assert [(one["field"], one["code"]) for one in said["unread"]] == ([("dealer", code)] if code else [])
    assert (await home(desk, said["lead_id"]))[0] == meant
    (row,) = await desk.rows("SELECT raw, unread FROM whole_leads WHERE id = :id", id=UUID(said["lead_id"]))
    assert row["raw"]["dealer"] == written
    assert row["unread"] == ([{"field": "dealer", "code": code}] if code else [])


async def test_in_a_batch_each_row_is_some_dealers_own(desk: Desk) -> None:
    rows = [{"phone": phone(), "name": "王敏", "channel": WALK_IN, "dealer": code} for code in ("BJ01", "SH01", "?")]

    answer = await desk.http.post("/api/v1/leads:batch", json={"leads": rows})

    found = [await home(desk, row["lead_id"]) for row in answer.json()["rows"]]
    assert [dealer for dealer, _, _ in found] == ["BJ01", "SH01", None]


async def test_what_speaks_against_the_dealer_is_named_and_changes_nothing(desk: Desk) -> None:
    await desk.execute("UPDATE dealers SET daily_capacity = 0, models = '{forester}' WHERE code = 'BJ02'")

    lead = await desk.created(by="BJ02-C1", channel=WALK_IN)

    assert (await home(desk, lead))[0] == "BJ02"
    (made,) = [one for one in await desk.list(f"/leads/{lead}/decisions") if one["table"] == "belonging"]
    shown = await desk.get(f"/decisions/{made['id']}")
    assert [(one["code"], one["outcome"]) for one in shown["candidates"]] == [("BJ02", "kept_despite")]


async def test_a_customer_who_is_worked_elsewhere_stays_there_and_all_concerned_learn_of_it(desk: Desk) -> None:
    number = phone()
    lead = await desk.at_consultant("BJ01-C1", phone=number)

    answer = await desk.send(by="BJ02-C1", channel=WALK_IN, phone=number)

    assert (answer.status_code, answer.json()["verdict"], answer.json()["lead_id"]) == (200, "duplicate", str(lead))
    shown = (await desk.get(f"/leads/{lead}"))["lead"]
    assert (shown["dealer"]["code"], shown["owner"]["code"], shown["badges"]) == ("BJ01", "BJ01-C1", ["duplicate"])
    assert await notices(desk, lead) == {
        ("visited_elsewhere", "BJ01-C1"),
        ("visited_elsewhere", "BJ01-M1"),
        ("visitor_of_another", "BJ02-M1"),
    }
    assert "visited_elsewhere" in [one["code"] for one in await desk.list(f"/leads/{lead}/timeline")]


async def test_at_their_own_dealer_nobody_has_to_be_told(desk: Desk) -> None:
    number = phone()
    lead = await desk.at_consultant("BJ01-C1", phone=number)

    await desk.send(by="BJ01-C2", channel=WALK_IN, phone=number)

    assert await notices(desk, lead) == set()
    assert (await desk.get(f"/leads/{lead}"))["lead"]["owner"]["code"] == "BJ01-C1"


async def test_a_lead_that_no_dealer_has_yet_is_the_one_s_that_the_customer_visits(desk: Desk) -> None:
    number = phone()
    lead = await desk.created(phone=number)

    await desk.send(by="BJ02-C1", channel=WALK_IN, phone=number)

    assert await home(desk, lead) == ("BJ02", "BJ02", "BJ02-C1")


@pytest.mark.parametrize(
    ("by", "channel", "comes_back"), [("BJ02-C1", WALK_IN, ("BJ02", "BJ02", "BJ02-C1")), (None, MEDIUM, None)]
)
async def test_a_lost_customer_who_walks_in_comes_back_with_that_dealer(
    desk: Desk, by: str | None, channel: str, comes_back: tuple[str, str, str] | None
) -> None:
    number = phone()
    lead = await desk.created(phone=number, by="BJ01-C1", channel=WALK_IN)
    from cases.actors import EVERYTHING, SYSTEM
    from store.leads import leads

    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        await leads.change(tx, lead, status=Status.LOST, owner_id=staff_id("BJ01-C1"), dealer_id=dealer_id("BJ01"))

    answer = await desk.send(by=by, channel=channel, phone=number)

    assert (answer.json()["lead_id"], answer.json()["reactivated"]) == (str(lead), True)
    if comes_back:
        assert await home(desk, lead) == comes_back
    else:
        assert (await home(desk, lead))[1:] == (None, None)
