"""Where a lead is: read from three cells, asked where it cannot be told, and refused from people
who write nonsense."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Desk

WHERE = ("province", "city", "district", "place_code", "region")
HQ = "HQ-01"


def where(facts: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(facts[name] for name in WHERE)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"city": "大理"}, ("云南", "大理", None, "532900", "WEST")),
        ({"city": "江苏省苏州市工业园区星湖街"}, ("江苏", "苏州", None, "320500", "EAST")),
        ({"city": "北京", "district": "朝阳区"}, ("北京", "北京", "朝阳区", "110105", "NORTH")),
        ({"province": "辽宁", "city": "朝阳"}, ("辽宁", "朝阳", None, "211300", "NORTHEAST")),
        ({"city": "青岛"}, ("山东", "青岛", None, "370200", "NORTH")),
        ({"city": "香港"}, ("香港", "香港", None, "810000", None)),
        ({"city": None}, (None, None, None, None, None)),
    ],
)
async def test_a_place_is_read_with_its_region(desk: Desk, cells: dict[str, Any], expected: tuple[Any, ...]) -> None:
    answer = (await desk.send(**cells)).json()

    shown = await desk.get(f"/leads/{answer['lead_id']}")
    assert (where(shown["facts"]), answer["unread"]) == (expected, [])
    assert shown["lead"]["customer"]["city"] == expected[1]


@pytest.mark.parametrize(
    ("cells", "field", "code", "text"),
    [
        ({"city": "朝阳区"}, "city", "place_ambiguous", "可能是几个地方：北京 朝阳区、吉林 长春 朝阳区"),
        ({"city": None, "district": "鼓楼区"}, "district", "place_ambiguous", "可能是几个地方：江苏 南京 鼓楼区"),
        ({"city": None, "province": "河南"}, "province", "place_too_wide", "只写了省份"),
        ({"city": "火星"}, "city", "place_unknown", "没有这个地方"),
    ],
)
async def test_what_cannot_be_told_is_kept_as_typed_and_named(
    desk: Desk, cells: dict[str, Any], field: str, code: str, text: str
) -> None:
    answer = (await desk.send(**cells)).json()

    (named,) = answer["unread"]
    assert (named["field"], named["code"]) == (field, code)
    assert named["message"].startswith(text)
    shown = await desk.get(f"/leads/{answer['lead_id']}")
    assert (shown["facts"][field], shown["facts"]["place_code"]) == (cells[field], None)
    assert shown["state"]["unread"] == [{"field": field, "code": code}]


async def test_people_correct_a_place_and_are_told_what_it_is_not(desk: Desk) -> None:
    lead = await desk.created(city="朝阳区")
    address, actor = f"/api/v1/leads/{lead}/customer", {"Baton-Actor": HQ}

    refused = await desk.http.patch(address, json={"city": "朝阳区"}, headers=actor)
    settled = await desk.http.patch(address, json={"province": "吉林", "city": "朝阳区"}, headers=actor)

    assert (refused.status_code, refused.json()["problems"][0]["code"]) == (422, "place_ambiguous")
    assert settled.status_code == 200
    shown = await desk.get(f"/leads/{lead}")
    assert where(shown["facts"]) == ("吉林", "长春", "朝阳区", "220104", "NORTHEAST")
    assert (shown["lead"]["customer"]["city"], shown["state"]["unread"]) == ("长春", [])
    edits = await desk.rows("SELECT field, after FROM customer_edits WHERE lead_id = :lead", lead=lead)
    assert {(one["field"], one["after"]) for one in edits} == {
        ("province", "吉林"),
        ("city", "长春"),
        ("district", "朝阳区"),
    }


async def test_who_asks_again_and_says_where_is_placed(desk: Desk) -> None:
    number = "13981590837"
    lead = await desk.created(phone=number, city=None)

    again = await desk.send(phone=number, city="大理市", purchase_time="一周内", note="again")

    assert again.json()["lead_id"] == str(lead)
    assert where((await desk.get(f"/leads/{lead}"))["facts"]) == ("云南", "大理", "大理市", "532901", "WEST")


async def test_an_erased_customers_own_words_about_a_place_go(desk: Desk) -> None:
    told, typed = await desk.created(city="杭州"), await desk.created(city="火星基地")

    for lead in (told, typed):
        await desk.http.delete(f"/api/v1/leads/{lead}/customer", headers={"Baton-Actor": HQ})

    assert (await desk.get(f"/leads/{told}"))["facts"]["city"] == "杭州"
    assert (await desk.get(f"/leads/{typed}"))["facts"]["city"] is None
