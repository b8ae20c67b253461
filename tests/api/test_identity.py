"""Who a contact proves: one id at one customer, shared numbers nobody's, extensions part of the
number (A3, A4)."""

from __future__ import annotations

import asyncio

import pytest

from tests.api.conftest import Desk, phone

DOUBLED = """
    SELECT 1 FROM customers WHERE wechat IS NOT NULL GROUP BY lower(wechat) HAVING count(*) > 1
    UNION ALL SELECT 1 FROM customers WHERE phone LIKE '+861%' GROUP BY phone HAVING count(*) > 1
"""


async def test_the_phone_of_one_with_the_wechat_of_another_is_for_a_person_to_settle(desk: Desk) -> None:
    number = phone()
    a, b = await desk.created(phone=number), await desk.created(phone=None, wechat="Bei_2026")

    both = await desk.send(phone=number, wechat="bei_2026", note="两个人的")

    assert both.json()["lead_id"] == str(a)
    shown = await desk.get(f"/leads/{a}")
    assert shown["state"]["suspects"] == [str(b)]
    assert shown["lead"]["customer"]["wechat"] is None
    lines = await desk.list(f"/leads/{a}/timeline")
    assert [line["data"] for line in lines if line["code"] == "contact_of_another"] == [{"lead": str(b)}]
    assert (await desk.send(phone=None, wechat="BEI_2026", note="再来")).json()["lead_id"] == str(b)
    assert await desk.rows(DOUBLED) == []


async def test_in_parallel_and_in_one_batch_one_id_never_stands_at_two_customers(desk: Desk) -> None:
    number, other = phone(), phone()
    channel = {"channel": "maker.vertical.yiche"}
    rows = [
        {"phone": number} | channel,
        {"wechat": "wei_xin_1"} | channel,
        {"phone": number, "wechat": "wei_xin_1"} | channel,
        {"wechat": "WEI_XIN_1", "phone": other} | channel,
        {"wechat": "wei_xin_1", "note": "again"} | channel,
    ]

    batch = desk.http.post("/api/v1/leads:batch", json={"leads": rows})
    await asyncio.gather(batch, *(desk.http.post("/api/v1/leads", json=row) for row in rows[::-1] * 2))

    assert await desk.rows(DOUBLED) == []


@pytest.mark.parametrize("shared", ["0755-86551234", "400-820-1234", "95588", "虚拟号 17012349876"])
async def test_a_number_that_others_share_proves_nobody(desk: Desk, shared: str) -> None:
    first = await desk.created(phone=shared, name="谢璐")

    second = await desk.send(phone=shared, name="李明")
    again = await desk.send(phone=shared, name="李明")

    assert (second.status_code, second.json()["verdict"]) == (201, "created")
    assert second.json()["lead_id"] != str(first)
    assert (again.json()["lead_id"], again.json()["code"]) == (second.json()["lead_id"], "already_taken")


@pytest.mark.parametrize(
    ("one", "same", "other", "stored"),
    [
        ("0755-86551234转801", "0755-86551234-801", "0755-86551234转802", "+8675586551234;ext=801"),
        ("400-820-1234转5", "4008201234-5", "4008201234-6", "+864008201234;ext=5"),
        ("17012349876转1234", "17012349876-1234", "17012349876转5678", "+8617012349876;ext=1234"),
    ],
)
async def test_an_extension_is_part_of_the_number(desk: Desk, one: str, same: str, other: str, stored: str) -> None:
    lead = await desk.created(phone=one)

    assert (await desk.send(phone=same, note="again")).json()["lead_id"] == str(lead)
    assert (await desk.send(phone=other)).json()["verdict"] == "created"
    assert (await desk.get(f"/leads/{lead}"))["lead"]["customer"]["phone"] == stored
    found = (await desk.get("/leads", q=same))["items"]
    assert [item["id"] for item in found] == [str(lead)]


@pytest.mark.parametrize("first", ["abc_2026", "微信:abc_2026", "vx abc_2026", "WeChat: ABC_2026"])
async def test_a_wechat_id_is_the_same_with_its_label(desk: Desk, first: str) -> None:
    lead = await desk.created(phone=None, wechat=first)

    again = await desk.send(phone=None, wechat="微信号：abc_2026", note="again")

    assert again.json()["lead_id"] == str(lead)


@pytest.mark.parametrize("written", ["{0}", "vx{0}", "微信：+86 {0}"])
async def test_a_wechat_id_that_is_a_number_is_one(desk: Desk, written: str) -> None:
    number = phone()
    lead = await desk.created(phone=None, wechat=written.format(number))

    customer = (await desk.get(f"/leads/{lead}"))["lead"]["customer"]
    assert (customer["phone"], customer["wechat"]) == (f"+86{number}", number)
    assert (await desk.send(phone=number, note="again")).json()["lead_id"] == str(lead)
