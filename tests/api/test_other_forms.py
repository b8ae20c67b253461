"""``POST /leads`` takes ADF, XML and posted forms, and answers in XML whoever asks for it (A2,
F4)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import httpx
import pytest
from lxml import etree

from api.media.door import AT_ONCE
from tests.api.conftest import Desk, phone

ADF = "application/x-adf+xml"
FORM = "application/x-www-form-urlencoded"
PROSPECT = (
    "<prospect><id>{id}</id><vehicle><model>森林人</model></vehicle><customer><contact>"
    "<name part='full'>华桂珍</name><phone type='mobile'>{phone}</phone></contact>"
    "<comments>{note}</comments></customer>"
    "<provider><name>{provider}</name></provider></prospect>"
)


LEVELS = "?" + urlencode([("channel", level) for level in ("厂商", "垂直媒体", "易车")])


def adf(*prospects: str) -> bytes:
    return f"<?xml version='1.0'?><?adf version='1.0'?><adf>{''.join(prospects)}</adf>".encode()


def prospect(identity: str = "", provider: str = "懂车帝", note: str = "") -> str:
    return PROSPECT.format(id=identity, phone=phone(), provider=provider, note=note)


async def post(desk: Desk, body: bytes, media: str = ADF, path: str = "/leads", **headers: str) -> httpx.Response:
    sent = {"Content-Type": media} | {name.replace("_", "-"): value for name, value in headers.items()}
    return await desk.http.post(f"/api/v1{path}", content=body, headers=sent)


@pytest.mark.parametrize("media", [ADF, "application/xml", "text/xml; charset=UTF-8", "application/adf+xml"])
async def test_an_adf_file_is_a_lead(desk: Desk, media: str) -> None:
    answer = await post(desk, adf(prospect(f"P-{media}")), media)

    assert (answer.status_code, answer.json()["verdict"], answer.json()["unread"]) == (201, "created", [])
    shown = await desk.get(f"/leads/{answer.json()['lead_id']}")
    assert shown["lead"]["channel"]["code"] == "maker.vertical.dongchedi"
    assert (shown["facts"]["model"], shown["facts"]["external_id"]) == ("forester", f"P-{media}")
    kept = await desk.rows("SELECT raw FROM submissions WHERE lead_id = :id", id=UUID(answer.json()["lead_id"]))
    assert kept[0]["raw"]["details"]["provider"] == [{"name": ["懂车帝"]}]


async def test_several_prospects_are_a_batch(desk: Desk) -> None:
    answer = await post(desk, adf(prospect("1"), prospect("2"), prospect("1"), prospect("3", provider="谁")))

    found = answer.json()
    assert answer.status_code == 200
    assert [row["verdict"] for row in found["rows"]] == ["created", "created", "duplicate", "rejected"]
    assert found["rows"][3]["problems"][0]["code"] == "unknown_channel"


@pytest.mark.parametrize(
    ("query", "provider", "channel"),
    [
        ("?channel=maker.vertical.yiche", "懂车帝", "maker.vertical.yiche"),
        ("?channel=maker.vertical.yiche", "谁", "maker.vertical.yiche"),
        (
            LEVELS,
            "谁",
            "maker.vertical.yiche",
        ),
        ("?channel=nobody", "懂车帝", "maker.vertical.dongchedi"),
        ("", "maker.vertical.dongchedi", "maker.vertical.dongchedi"),
    ],
)
async def test_the_address_or_the_provider_names_the_channel(
    desk: Desk, query: str, provider: str, channel: str
) -> None:
    answer = await post(desk, adf(prospect(provider=provider)), path=f"/leads{query}")

    assert (await desk.get(f"/leads/{answer.json()['lead_id']}"))["lead"]["channel"]["code"] == channel


async def test_who_asks_for_xml_is_answered_in_xml(desk: Desk) -> None:
    taken = await post(desk, adf(prospect()), Accept="application/xml")
    batch = await post(desk, adf(prospect(), prospect(provider="谁")), Accept="text/xml, application/json;q=0.5")
    refused = await post(desk, b"<lead><phone>123</phone></lead>", "application/xml", Accept="application/xml")
    broken = await post(desk, b"<html/>", "application/xml", Accept="application/xml", Accept_Language="en")

    assert [one.headers["content-type"] for one in (taken, batch, refused, broken)] == [
        "application/xml",
        "application/xml",
        "application/problem+xml",
        "application/problem+xml",
    ]
    assert taken.status_code == 201 and taken.headers["location"].endswith(_text(taken, "lead_id"))
    assert _text(taken, "verdict") == "created"
    assert [one.text for one in etree.fromstring(batch.content).iterfind("rows/item/verdict")] == [
        "created",
        "rejected",
    ]
    assert (refused.status_code, _text(refused, "{*}code")) == (422, "lead_rejected")
    assert (broken.status_code, _text(broken, "{*}code")) == (422, "xml_unknown_root")
    assert etree.fromstring(broken.content).tag == "{urn:ietf:rfc:7807}problem"


def _text(answer: httpx.Response, name: str) -> str:
    return str(etree.fromstring(answer.content).findtext(name))


async def test_who_asks_for_nothing_is_answered_in_json(desk: Desk) -> None:
    for accept in ("*/*", "application/json", "text/html"):
        assert (await post(desk, adf(prospect()), Accept=accept)).json()["verdict"] == "created"


async def test_our_own_fields_as_xml(desk: Desk) -> None:
    body = f"""<lead><name>华桂珍</name><phone>{phone()}</phone><budget>25-30万</budget><test_drive>是</test_drive>
      <channel><level>厂商</level><level>垂直媒体</level><level>懂车帝</level></channel>
      <utm><source>dcd</source></utm><consent><given>true</given><purposes>contact</purposes></consent></lead>"""

    answer = await post(desk, body.encode(), "application/xml")

    assert answer.json()["unread"] == []
    facts = (await desk.get(f"/leads/{answer.json()['lead_id']}"))["facts"]
    assert (facts["budget_min"], facts["test_drive_wish"], facts["utm"]) == (250_000, True, {"source": "dcd"})
    assert facts["consents"][0]["purposes"] == ["contact"]


async def test_a_posted_form_is_a_lead(desk: Desk) -> None:
    channel = "maker.website.test_drive"
    body = f"name=%E5%8D%8E&phone={phone()}&model=XV&utm_source=dcd&test_drive=on&channel={channel}&email="

    answer = await post(desk, body.encode(), FORM)

    assert (answer.status_code, answer.json()["unread"]) == (201, [])
    shown = await desk.get(f"/leads/{answer.json()['lead_id']}")
    assert (shown["facts"]["model"], shown["facts"]["test_drive_wish"]) == ("xv", True)


async def test_a_large_file_is_read_beside_the_api(desk: Desk) -> None:
    many = adf(*(prospect(f"B-{n}", note="长" * 300) for n in range(60)))
    assert len(many) > AT_ONCE

    answer = await post(desk, many, path="/leads:batch")

    assert (answer.status_code, answer.json()["created"]) == (200, 60)


@pytest.mark.parametrize("size", [100, AT_ONCE * 2])
async def test_harm_is_refused_at_once_and_beside(desk: Desk, size: int) -> None:
    answer = await post(desk, b"<!DOCTYPE adf [<!ENTITY a 'ha'>]><adf>" + b" " * size + b"&a;</adf>")

    assert (answer.status_code, answer.json()["code"]) == (422, "xml_refused")


async def test_the_same_request_again_gets_the_same_answer(desk: Desk) -> None:
    body = adf(prospect())
    first, again = [await post(desk, body, Idempotency_Key="adf-1") for _ in range(2)]

    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"


@pytest.mark.parametrize("path", ["/leads", "/leads:batch"])
async def test_more_than_fits_is_refused(desk: Desk, path: str) -> None:
    answer = await post(desk, b"<adf>" + b" " * 5_000_000, path=path)

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_only_leads_take_other_forms(desk: Desk) -> None:
    lead = await desk.created()

    answer = await post(desk, b"<grade>H</grade>", "application/xml", f"/leads/{lead}/regrade", Baton_Actor="HQ-01")

    assert (answer.status_code, answer.json()["code"]) == (415, "not_json")


async def test_a_channel_may_be_the_first_known_of_several(desk: Desk) -> None:
    answers: list[Any] = [
        (await desk.send(channel={"any_of": several})).json()
        for several in (["谁", "懂车帝"], [["厂商", "垂直媒体", "易车"]], ["谁"], [], [None, 5], "懂车帝")
    ]

    assert [one["verdict"] for one in answers] == ["created", "created", *["rejected"] * 4]
