"""A submission leaves the door as a new lead, a repeat of a known one, or a refusal with reasons
(A2–A4)."""

from __future__ import annotations

import asyncio

import pytest

from cases.states import Status
from tests.api.conftest import NOW, Desk, phone


async def test_a_decent_lead_is_created_and_its_process_is_told(desk: Desk) -> None:
    answer = await desk.send(
        phone="+86 139 8159 0830",
        budget="25-30w",
        purchase_time="两周内",
        city="北京市",
        channel=["厂商", "垂直媒体", "懂车帝"],
        note="想试驾，有置换，旧车09年飞度",
        stated_at="2026/11/14 02:15",
    )

    assert answer.status_code == 201
    lead = answer.json()["lead_id"]
    assert answer.json() == {"verdict": "created", "lead_id": lead, "reactivated": False, "code": None, "unread": []}
    assert answer.headers["location"] == f"/api/v1/leads/{lead}"
    shown = await desk.get(f"/leads/{lead}")
    assert shown["lead"]["customer"]["phone"] == "+8613981590830"
    assert shown["lead"]["channel"] == {"code": "maker.vertical.dongchedi", "name": "懂车帝"}
    assert shown["lead"]["stated_at"] == "2026-11-13T18:15:00Z"
    assert shown["facts"] == {
        "model": "outback",
        "budget_min": 250_000,
        "budget_max": 300_000,
        "horizon_days": 7,
        "province": "北京",
        "city": "北京",
        "district": None,
        "place_code": "110000",
        "region": "NORTH",
        "trade_in": True,
        "trade_in_plate": None,
        "test_drive_wish": True,
        "campaign": None,
        "external_id": None,
        "utm": {},
        "consents": [],
    }
    assert await desk.messages(lead) == [("lead_created", {})]
    assert [made["table"] for made in await desk.list(f"/leads/{lead}/decisions")] == ["validity"]


async def test_the_same_customer_again_is_attached_and_badged(desk: Desk) -> None:
    number = phone()
    lead = await desk.created(phone=number)

    again = await desk.send(
        phone=f"{number[:3]}-{number[3:7]}-{number[7:]}（微信同号）", channel="dealer.showroom.walk_in"
    )

    assert (again.status_code, again.json()["verdict"], again.json()["lead_id"]) == (200, "duplicate", str(lead))
    shown = await desk.get(f"/leads/{lead}")
    assert shown["lead"]["badges"] == ["duplicate"]
    assert shown["lead"]["channel"]["code"] == "maker.vertical.dongchedi"
    assert await desk.told(lead) == ["lead_created", "interest_repeated"]
    assert len((await desk.get("/leads"))["items"]) == 1
    assert len(await desk.rows("SELECT 1 FROM submissions WHERE lead_id = :lead", lead=lead)) == 2


@pytest.mark.parametrize("status", [Status.NURTURE, Status.POOL, Status.WORKING, Status.CONFIRMING])
async def test_the_newest_wish_counts_also_at_a_dealer(desk: Desk, status: Status) -> None:
    lead = await desk.in_status(status, model="outback", horizon_days=80, budget_min=200_000, budget_max=250_000)
    number = (await desk.get(f"/leads/{lead}"))["lead"]["customer"]["phone"]

    await desk.send(phone=number, model="森林人", purchase_time="一周内", budget="30万以上")

    facts = (await desk.get(f"/leads/{lead}"))["facts"]
    assert (facts["horizon_days"], facts["model"]) == (7, "forester")
    assert (facts["budget_min"], facts["budget_max"]) == (300_000, None)


async def test_a_known_wechat_id_is_enough_to_be_the_same_customer(desk: Desk) -> None:
    lead = await desk.created(phone=None, wechat="Gui_Zhen88")

    again = await desk.send(phone=phone(), wechat="gui_zhen88")

    assert again.json()["lead_id"] == str(lead)
    assert (await desk.get(f"/leads/{lead}"))["lead"]["customer"]["phone"] is not None


@pytest.mark.parametrize("end", [Status.LOST, Status.INVALID, Status.ARCHIVED])
async def test_a_customer_whose_lead_had_ended_brings_it_back(desk: Desk, end: Status) -> None:
    lead = await desk.in_status(end, ended_at=NOW, closing={"outcome": "lost"})
    number = (await desk.get(f"/leads/{lead}"))["lead"]["customer"]["phone"]

    back = await desk.send(phone=number)
    once_more = await desk.send(phone=number, note="请尽快联系")

    assert (back.json()["verdict"], back.json()["lead_id"], back.json()["reactivated"]) == (
        "duplicate",
        str(lead),
        True,
    )
    assert (once_more.json()["lead_id"], once_more.json()["reactivated"]) == (str(lead), False)
    assert await desk.told(lead) == ["lead_created", "reactivated", "interest_repeated"]
    shown = await desk.get(f"/leads/{lead}")
    assert (shown["state"]["life"], shown["state"]["ended_at"]) == (2, None)


async def test_a_customer_who_has_bought_gets_a_new_lead(desk: Desk) -> None:
    won = await desk.in_status(Status.WON, ended_at=NOW)
    customer = (await desk.get(f"/leads/{won}"))["lead"]["customer"]

    answer = await desk.send(phone=customer["phone"])

    assert answer.status_code == 201
    assert answer.json()["lead_id"] != str(won)
    assert (await desk.get(f"/leads/{answer.json()['lead_id']}"))["lead"]["customer"]["id"] == customer["id"]


async def test_a_repeat_of_an_attached_lead_goes_to_the_lead_that_it_was_attached_to(desk: Desk) -> None:
    first = await desk.created()
    attached = await desk.in_status(Status.ATTACHED, attached_to=first)
    number = (await desk.get(f"/leads/{attached}"))["lead"]["customer"]["phone"]

    answer = await desk.send(phone=number)

    assert answer.json()["lead_id"] == str(first)


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"phone": "13800138000"}, "phone", "test_number"),
        ({"phone": "1380013800"}, "phone", "contact_malformed"),
        ({"phone": ""}, "phone", "contact_missing"),
        ({"phone": None}, "phone", "contact_missing"),
        ({"name": "张三测试"}, "name", "test_name"),
        ({"channel": "nowhere"}, "channel", "unknown_channel"),
        ({"channel": ["厂商", "展厅"]}, "channel", "unknown_channel"),
    ],
)
async def test_what_rules_refuse_is_rejected_with_field_message_and_cure(
    desk: Desk, fields: dict[str, object], field: str, code: str
) -> None:
    answer = await desk.send(**fields)

    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert (problem["code"], problem["verdict"]) == ("lead_rejected", "rejected")
    assert [(one["field"], one["code"]) for one in problem["problems"]] == [(field, code)]
    assert problem["problems"][0]["message"] != code
    assert problem["problems"][0]["cure"]
    assert (await desk.get("/leads"))["items"] == []
    assert [row["verdict"] for row in await desk.rows("SELECT verdict FROM submissions")] == ["rejected"]


async def test_a_foreign_number_or_a_landline_is_a_lead_that_somebody_has_to_call(desk: Desk) -> None:
    assert (await desk.send(phone="+1 (415) 555-2671")).status_code == 201
    assert (await desk.send(phone="010-85324243")).status_code == 201


async def test_the_same_key_gets_the_same_answer_and_another_body_is_refused(desk: Desk) -> None:
    number = phone()
    first = await desk.send(phone=number, key="k-1")

    again = await desk.send(phone=number, key="k-1")
    other = await desk.send(phone=number, name="谢璐", key="k-1")

    assert (again.status_code, again.json(), again.headers["location"]) == (
        201,
        first.json(),
        first.headers["location"],
    )
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    assert len(await desk.rows("SELECT 1 FROM submissions")) == 1


async def test_a_rejection_is_repeated_too(desk: Desk) -> None:
    first = await desk.send(phone="1234", key="k-2")
    again = await desk.send(phone="1234", key="k-2")

    assert (again.status_code, again.json()) == (422, first.json())
    assert len(await desk.rows("SELECT 1 FROM submissions")) == 1


async def test_the_same_key_in_parallel_does_the_work_once(desk: Desk) -> None:
    number = phone()

    answers = await asyncio.gather(*(desk.send(phone=number, key="k-3") for _ in range(12)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["lead_id"] for answer in answers}) == 1
    assert len(await desk.rows("SELECT 1 FROM submissions")) == 1


async def test_the_same_customer_in_parallel_makes_one_lead(desk: Desk) -> None:
    number = phone()

    answers = await asyncio.gather(*(desk.send(phone=number) for _ in range(20)))

    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.json()["lead_id"] for answer in answers}) == 1
    assert len(await desk.rows("SELECT 1 FROM customers")) == 1


async def test_a_batch_gives_a_verdict_a_row(desk: Desk) -> None:
    number = phone()
    lead = {"name": "谢璐", "phone": number, "channel": "maker.vertical.yiche"}
    rows = [
        lead,
        lead,
        {**lead, "phone": "1234"},
        {**lead, "phone": phone(), "colour": "白"},
        {**lead, "phone": phone()},
    ]

    answer = await desk.http.post("/api/v1/leads:batch", json={"leads": rows})

    verdicts = answer.json()
    assert answer.status_code == 200
    assert [row["verdict"] for row in verdicts["rows"]] == ["created", "duplicate", "rejected", "created", "created"]
    assert (verdicts["created"], verdicts["duplicate"], verdicts["rejected"]) == (3, 1, 1)
    assert verdicts["rows"][0]["lead_id"] == verdicts["rows"][1]["lead_id"]
    assert verdicts["rows"][3]["unread"][0]["code"] == "unknown_field"


async def test_two_batches_with_the_same_customers_in_other_orders_do_not_block_each_other(desk: Desk) -> None:
    rows = [{"name": "谢璐", "phone": phone(), "channel": "maker.vertical.yiche"} for _ in range(40)]

    one, two = await asyncio.gather(
        desk.http.post("/api/v1/leads:batch", json={"leads": rows}),
        desk.http.post("/api/v1/leads:batch", json={"leads": rows[::-1]}),
    )

    assert (one.status_code, two.status_code) == (200, 200)
    assert one.json()["created"] + two.json()["created"] == 40


async def test_before_anything_is_deployed_the_door_says_so(network: object) -> None:
    from tests.api.conftest import desk_over
    from tests.timetravel import TestClock

    async with desk_over(network, TestClock(NOW)) as desk:  # type: ignore[arg-type]
        answer = await desk.send()

    assert (answer.status_code, answer.json()["code"]) == (503, "not_deployed")
    assert "retry-after" in answer.headers


@pytest.mark.parametrize(
    ("first", "then", "never", "hours"),
    [
        ("", "请勿致电", True, []),
        ("请勿致电", "", True, []),
        ("请勿致电", "想试驾", True, []),
        ("请勿致电", "晚上联系", True, ["evenings"]),
        ("请勿致电", "可以打电话了", False, []),
        ("晚上联系", "周末不要", False, ["not_weekends"]),
        ("晚上联系", "别再打电话", True, []),
        ("晚上联系", "可以打电话了", False, []),
    ],
)
async def test_the_newest_word_about_calls_counts(
    desk: Desk, first: str, then: str, never: bool, hours: list[str]
) -> None:
    number = phone()
    for note in (first, then):
        await desk.send(phone=number, note=note)

    (known,) = await desk.rows("SELECT do_not_call, call_hours FROM customers")

    assert (known["do_not_call"], known["call_hours"]) == (never, hours)
