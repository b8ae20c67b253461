"""The plate of the car that a customer gives in return: from every door to the consultant, and
nowhere else (F3)."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from cases.states import TaskKind
from tests.api.conftest import NOW, Desk, headers, phone
from tests.cli.importer.files import leads

OWNER, COLLEAGUE, STRANGER, HQ = "BJ01-C1", "BJ01-M1", "SH01-C1", "HQ-01"
PLATE, ENERGY = "京A12345", "沪AD12345"


async def plate_of(desk: Desk, lead: UUID | str) -> str | None:
    return (await desk.get(f"/leads/{lead}"))["facts"]["trade_in_plate"]


async def corrected(desk: Desk, lead: UUID, typed: str, by: str = OWNER) -> Any:
    body = {"trade_in_plate": typed}
    return await desk.http.patch(f"/api/v1/leads/{lead}/customer", json=body, headers=headers(by))


@pytest.mark.parametrize(
    ("typed", "plate"),
    [
        *((typed, PLATE) for typed in (PLATE, "京a·12345", " 京A-１２３４５ ", "车牌：京A 12345")),
        *((typed, ENERGY) for typed in (ENERGY, "滬A·D12345", "沪ad 12345")),
        *((typed, None) for typed in ("", "无", "-", None)),
    ],
)
async def test_it_is_read_at_the_door(desk: Desk, typed: str | None, plate: str | None) -> None:
    answer = (await desk.send(trade_in_plate=typed)).json()

    assert (answer["unread"], await plate_of(desk, answer["lead_id"])) == ([], plate)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        *((typed, "bad_plate") for typed in ("京A1O345", "A12345", "待定", 12345)),
        *((typed, "wrong_type") for typed in ([PLATE], {"plate": PLATE}, True)),
        (PLATE * 20, "too_long"),
    ],
)
async def test_what_is_no_plate_costs_no_lead_is_kept_and_asked(desk: Desk, typed: Any, code: str) -> None:
    row = {"phone": phone(), "channel": "maker.vertical.yiche", "trade_in_plate": typed}
    batch = (await desk.http.post("/api/v1/leads:batch", json={"leads": [row]})).json()["rows"][0]

    for answer in ((await desk.send(trade_in_plate=typed)).json(), batch):
        assert [(one["field"], one["code"]) for one in answer["unread"]] == [("trade_in_plate", code)]
        (kept,) = await desk.rows("SELECT raw FROM submissions WHERE lead_id = :lead", lead=answer["lead_id"])
        assert kept["raw"]["trade_in_plate"] == typed
        state = (await desk.get(f"/leads/{answer['lead_id']}"))["state"]
        assert state["unread"] == [{"field": "trade_in_plate", "code": code}]
        assert await plate_of(desk, answer["lead_id"]) is None


@pytest.mark.parametrize(
    ("body", "media"),
    [
        (
            "<lead><phone>{}</phone><channel>maker.app.owner</channel><trade_in_plate>京A·12345</trade_in_plate></lead>",
            "xml",
        ),
        ("phone={}&channel=maker.app.owner&trade_in_plate=%E4%BA%ACa12345", "x-www-form-urlencoded"),
    ],
)
async def test_xml_and_forms_have_it(desk: Desk, body: str, media: str) -> None:
    content = body.format(phone()).encode()
    answer = await desk.http.post("/api/v1/leads", content=content, headers={"Content-Type": f"application/{media}"})

    assert await plate_of(desk, answer.json()["lead_id"]) == PLATE


@pytest.mark.parametrize("heading", ["置换车牌", "旧车车牌", "旧车车牌号（选填）", "trade_in_plate", "Trade-in Plate"])
async def test_files_have_it(desk: Desk, tmp_path: Path, heading: str) -> None:
    (row,) = leads(tmp_path, f"手机,渠道,{heading}\n{phone()},maker.app.owner,京a·12345\n")
    answer = await desk.http.post("/api/v1/leads", json=row)

    assert await plate_of(desk, answer.json()["lead_id"]) == PLATE


async def test_a_next_form_has_the_newest_word_and_what_was_unread_is_answered(desk: Desk) -> None:
    number = phone()
    lead = await desk.at_consultant(OWNER, phone=number, trade_in_plate="京A1O345")
    for hours, typed, plate in ((1, PLATE, PLATE), (2, ENERGY, ENERGY), (3, "不记得", ENERGY)):
        desk.clock.set(NOW + timedelta(hours=hours))
        await desk.send(phone=number, trade_in_plate=typed)
        assert await plate_of(desk, lead) == plate
        assert (await desk.get(f"/leads/{lead}"))["state"]["unread"] == []


async def test_people_correct_it_and_whoever_may_act_sees_from_what_to_what(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER, trade_in_plate=PLATE)
    refused = await corrected(desk, lead, "京A1O345")
    assert (refused.status_code, refused.json()["problems"][0]["code"]) == (422, "bad_plate")
    assert (await corrected(desk, lead, "沪a·d12345")).status_code == 200
    assert await plate_of(desk, lead) == ENERGY
    assert (await corrected(desk, lead, "")).status_code == 200
    assert await plate_of(desk, lead) is None

    address = f"/api/v1/leads/{lead}/edits"
    seen = (await desk.http.get(address, headers=headers(COLLEAGUE))).json()["items"]
    assert [(one["field"], one["before"], one["after"]) for one in seen] == [
        ("trade_in_plate", PLATE, ENERGY),
        ("trade_in_plate", ENERGY, None),
    ]
    assert (await desk.http.get(address, headers=headers(STRANGER))).status_code == 403


async def test_the_call_brings_it_and_it_is_asked_no_more(desk: Desk) -> None:
    lead = await desk.created(trade_in_plate="京A1O345")
    await desk.task(lead, TaskKind.OUTBOUND_CALL, "call_centre")
    body = {"outcome": "qualified", "model": "傲虎", "purchase_time": "两周内", "trade_in_plate": "京A·12345"}
    answer = await desk.say(lead, "call-result", "CC-01", body)

    assert answer.status_code == 200, answer.text
    assert (await plate_of(desk, lead), (await desk.get(f"/leads/{lead}"))["state"]["unread"]) == (PLATE, [])


async def test_the_plate_stands_in_no_message_and_no_line_and_is_gone_after_an_erasure(desk: Desk) -> None:
    number = phone()
    lead = await desk.at_consultant(OWNER, phone=number, trade_in_plate=PLATE)
    await desk.send(phone=number, trade_in_plate=ENERGY)
    await corrected(desk, lead, PLATE)

    lines = await desk.list(f"/leads/{lead}/timeline")
    told = json.dumps([await desk.messages(lead), lines], ensure_ascii=False, default=str)
    assert "trade_in_plate" in told and "置换车车牌" in told
    assert not any(plate in told for plate in (PLATE, ENERGY))

    await desk.http.delete(f"/api/v1/leads/{lead}/customer", headers=headers(HQ))
    assert await plate_of(desk, lead) is None
    edits = await desk.rows("SELECT before, after FROM customer_edits WHERE field = 'trade_in_plate'")
    kept = await desk.rows("SELECT raw FROM submissions")
    assert (edits, kept) == ([], [{"raw": {}}, {"raw": {}}])
