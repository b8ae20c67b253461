"""What partners send beside the wish is kept; their own id makes a submission the same one (A1, A2,
F3)."""

from __future__ import annotations

import asyncio
import itertools
import json
from typing import Any

import pytest

from domain.leads.intake.cells import KNOWN
from tests.api.conftest import Desk, phone

ME = "maker.vertical.dongchedi"
OTHER = "maker.vertical.yiche"


@pytest.mark.parametrize(
    ("sent", "customer"),
    [
        ({"email": "邮箱：Zhang.San@QQ.com"}, {"email": "Zhang.San@qq.com"}),
        ({"email": ["", "a＠b．com"]}, {"email": "a@b.com"}),
        ({"email": "-"}, {"email": None}),
        ({"gender": "女士"}, {"gender": "female"}),
        ({"gender": "M"}, {"gender": "male"}),
        ({"gender": 2}, {"gender": "female"}),
        ({"gender": 0}, {"gender": None}),
        ({"gender": "保密", "name": "王先生"}, {"gender": "male"}),
        ({"name": "李女士"}, {"gender": "female"}),
        ({"name": "Mr. Smith", "gender": "f"}, {"gender": "female"}),
        ({"company": " 上海某某  有限公司 "}, {"company": "上海某某 有限公司"}),
        ({"company": "无"}, {"company": None}),
    ],
)
async def test_what_is_said_of_the_person_is_read(desk: Desk, sent: dict[str, Any], customer: dict[str, Any]) -> None:
    answer = (await desk.send(**sent)).json()

    assert answer["unread"] == []
    shown = (await desk.get(f"/leads/{answer['lead_id']}"))["lead"]["customer"]
    assert {name: shown[name] for name in customer} == customer


@pytest.mark.parametrize(
    ("sent", "facts"),
    [
        ({"campaign": "双十一试驾周"}, {"campaign": "双十一试驾周", "utm": {}}),
        ({"campaign": 2026}, {"campaign": "2026"}),
        (
            {"utm": {"source": "dcd", "medium": "cpc", "campaign": "q4", "term": "suv", "content": 7, "id": "x"}},
            {
                "campaign": "q4",
                "utm": {"source": "dcd", "medium": "cpc", "campaign": "q4", "term": "suv", "content": "7"},
            },
        ),
        ({"utm_source": "dcd", "utm": {"utm_medium": "cpc"}}, {"utm": {"source": "dcd", "medium": "cpc"}}),
        (
            {"utm": "https://a.cn/?utm_source=dcd&utm_term=%E5%9B%9B%E9%A9%B1"},
            {"utm": {"source": "dcd", "term": "四驱"}},
        ),
        ({"utm_campaign": "x" * 300}, {"utm": {"campaign": "x" * 200}, "campaign": "x" * 100}),
        ({"external_id": 42.0}, {"external_id": "42"}),
    ],
)
async def test_where_it_came_from_is_kept(desk: Desk, sent: dict[str, Any], facts: dict[str, Any]) -> None:
    answer = (await desk.send(**sent)).json()

    assert answer["unread"] == []
    shown = (await desk.get(f"/leads/{answer['lead_id']}"))["facts"]
    assert {name: shown[name] for name in facts} == facts
    kept = await desk.rows("SELECT campaign FROM submissions WHERE lead_id = :lead", lead=answer["lead_id"])
    assert kept == [{"campaign": shown["campaign"]}]


NOW = "2026-11-21T08:00:00+00:00"
MAY = "2026-05-01T01:00:00+00:00"


@pytest.mark.parametrize(
    ("consent", "kept"),
    [
        (True, [(True, [], NOW, None)]),
        ("是", [(True, [], NOW, None)]),
        ("不同意", [(False, [], NOW, None)]),
        ("我已阅读并同意隐私政策", [(True, [], NOW, None)]),
        (0, [(False, [], NOW, None)]),
        ("marketing, contact", [(True, ["marketing", "contact"], NOW, None)]),
        (["marketing", "contact"], [(True, ["marketing", "contact"], NOW, None)]),
        ({"purposes": "contact", "at": "2026-05-01 09:00", "version": 3}, [(True, ["contact"], MAY, "3")]),
        (
            [{"purpose": "contact", "given": True}, {"purpose": "marketing", "granted": "否", "text_version": "v2"}],
            [(True, ["contact"], NOW, None), (False, ["marketing"], NOW, "v2")],
        ),
        (None, []),
        ("-", []),
    ],
)
async def test_a_consent_is_kept_with_source_and_time(desk: Desk, consent: Any, kept: list[Any]) -> None:
    answer = (await desk.send(consent=consent)).json()

    assert answer["unread"] == []
    found = (await desk.get(f"/leads/{answer['lead_id']}"))["facts"]["consents"]
    assert [(one["given"], one["purposes"], one["at"], one["version"]) for one in found] == kept
    assert {one["channel"] for one in found} <= {ME}


JSON = {"Content-Type": "application/json"}
VALUES: dict[str, Any] = {
    "text": "甲",
    "empty": "",
    "number": 7,
    "fraction": 25.5,
    "negative": -1,
    "huge": 10**120,
    "long": "a=b&" * 2_000,
    "odd": "%zz&=&;?\ud800\x00",
    "true": True,
    "false": False,
    "null": None,
    "list": ["甲", 1],
    "mixed": [None, {"a": [1]}, [True]],
    "nothing": [],
    "object": {"a": {"b": [1]}},
    "void": {},
}


@pytest.mark.parametrize("field", sorted(KNOWN - {"channel", "phone"}))
async def test_no_field_of_no_json_type_costs_the_lead(desk: Desk, field: str) -> None:
    for value in VALUES.values():
        row = {"phone": phone(), "channel": ME, field: value}
        answer = await desk.http.post("/api/v1/leads", content=json.dumps(row), headers=JSON)

        assert (answer.status_code, answer.json()["verdict"]) == (201, "created"), (field, value)
        assert {one["field"] for one in answer.json()["unread"]} <= {field}


@pytest.mark.parametrize("field", ["channel", "phone"])
async def test_what_a_lead_needs_is_refused_by_name(desk: Desk, field: str) -> None:
    for value in VALUES.values():
        row = {"phone": phone(), "channel": ME} | {field: value}
        answer = await desk.http.post("/api/v1/leads", content=json.dumps(row), headers=JSON)

        assert answer.status_code == 422
        assert field in {one["field"] for one in answer.json()["problems"]}


@pytest.mark.parametrize(
    ("sent", "facts"),
    [
        ({"budget": 25.5}, {"budget_min": 255_000}),
        ({"budget": 30}, {"budget_min": 300_000}),
        ({"budget": [250_000, 300_000]}, {"budget_min": 250_000, "budget_max": 300_000}),
        ({"model": ["没有的车", "森林人", "傲虎"]}, {"model": "forester"}),
        ({"model": []}, {"model": None}),
    ],
)
async def test_numbers_and_lists_are_read(desk: Desk, sent: dict[str, Any], facts: dict[str, Any]) -> None:
    answer = (await desk.send(**sent)).json()

    assert answer["unread"] == []
    shown = (await desk.get(f"/leads/{answer['lead_id']}"))["facts"]
    assert shown | facts == shown


@pytest.mark.parametrize(
    ("again", "code"),
    [
        ({}, "already_taken"),
        ({"phone": "13800000001"}, "already_taken"),
        ({"phone": None}, "already_taken"),
        ({"phone": "1234567", "model": "XV", "stated_at": "2026-11-20 10:00"}, "already_taken"),
        ({"external_id": " A－1 "}, "already_taken"),
    ],
)
async def test_the_same_id_of_a_channel_is_the_same_submission(
    desk: Desk, again: dict[str, Any], code: str | None
) -> None:
    lead = await desk.created(external_id="A-1", phone=phone())

    answer = (await desk.send(**{"external_id": "A-1", "phone": phone(), **again})).json()

    assert (answer["verdict"], answer["code"], answer["lead_id"]) == ("duplicate", code, str(lead))
    assert await desk.told(lead) == ["lead_created"]


async def test_an_id_is_a_channels_own(desk: Desk) -> None:
    leads = {await desk.created(external_id="A-2", phone=phone(), channel=channel) for channel in (ME, OTHER)}

    assert len(leads) == 2


async def test_a_refused_submission_may_come_again_under_its_id(desk: Desk) -> None:
    refused = await desk.send(external_id="A-3", phone="123")
    taken = await desk.send(external_id="A-3")

    assert (refused.status_code, taken.status_code) == (422, 201)


async def test_a_repeat_has_an_id_of_its_own(desk: Desk) -> None:
    number = phone()
    lead = await desk.created(external_id="A-4", phone=number)
    repeat = await desk.send(external_id="A-5", phone=number, model="XV")

    again = (await desk.send(external_id="A-5", phone=phone())).json()

    assert repeat.json()["code"] is None
    assert (again["code"], again["lead_id"]) == ("already_taken", str(lead))


async def test_an_id_is_known_within_a_batch_and_across_requests_at_once(desk: Desk) -> None:
    row = {"channel": ME, "external_id": "A-6"}
    batch = (
        await desk.http.post("/api/v1/leads:batch", json={"leads": [{**row, "phone": phone()} for _ in "abc"]})
    ).json()
    at_once = await asyncio.gather(*(desk.send(external_id="A-7", phone=phone()) for _ in range(5)))

    assert (batch["created"], batch["duplicate"]) == (1, 2)
    assert sorted(one.status_code for one in at_once) == [200, 200, 200, 200, 201]
    assert len({one.json()["lead_id"] for one in at_once}) == 1


async def test_erasure_leaves_nothing_of_it(desk: Desk) -> None:
    mine = {
        "email": "a@b.com",
        "company": "某公司",
        "external_id": "A-8",
        "campaign": "周年庆",
        "utm_term": "四驱",
        "consent": ["contact"],
        "name": "王先生",
    }
    lead = await desk.created(**mine)

    await desk.http.delete(f"/api/v1/leads/{lead}/customer", headers={"Baton-Actor": "HQ-01"})

    shown = await desk.get(f"/leads/{lead}")
    customer, facts = shown["lead"]["customer"], shown["facts"]
    assert [customer[name] for name in ("email", "gender", "company", "further")] == [None, None, None, []]
    assert [facts[name] for name in ("campaign", "external_id", "utm", "consents")] == [None, None, {}, []]
    for table in itertools.chain(("customers", "leads", "submissions", "customer_edits", "timeline")):
        kept = str(await desk.rows(f"SELECT * FROM {table}"))
        assert not [word for word in ("a@b.com", "某公司", "A-8", "周年庆", "四驱") if word in kept], table


@pytest.mark.parametrize("sent", [{"email": "nobody"}, {"gender": "甲"}, {"consent": 7}, {"utm": 5}, {"company": []}])
async def test_what_cannot_be_read_of_it_asks_for_no_call(desk: Desk, sent: dict[str, Any]) -> None:
    answer = (await desk.send(**sent)).json()

    assert [one["field"] for one in answer["unread"]] == list(sent)
    assert (await desk.get(f"/leads/{answer['lead_id']}"))["state"]["unread"] == []
