"""A second form counts: by a rule a field, with what is new said in the history (A4, A8; decision
0034)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.lead_facts import PLAIN, Reads
from domain.leads.intake.news import IDENTITY, WISHES, what_is_new
from domain.leads.intake.reading import read
from store.leads.births import Facts
from store.leads.repeats import Known
from store.network.network import ModelView, Reference
from tests.api.conftest import NOW, Desk, phone

FIRST = {"name": "王小明", "model": None}


async def twice(desk: Desk, first: dict[str, Any], second: dict[str, Any], **other: Any) -> UUID:
    """A lead, and a day later its customer's second form."""
    number = phone()
    lead = await desk.created(**{**FIRST, "phone": number, **first})
    desk.clock.set(NOW + timedelta(days=1))
    answer = await desk.send(**{**FIRST, "phone": number, **second, **other})
    assert answer.json()["lead_id"] == str(lead), answer.text
    return lead


async def line(desk: Desk, lead: UUID, code: str) -> dict[str, Any]:
    lines = [one["data"] for one in (await desk.get(f"/leads/{lead}/timeline"))["items"] if one["code"] == code]
    return lines[0] if lines else {}


@pytest.mark.parametrize(
    ("first", "second", "facts", "new"),
    [
        ({"model": "傲虎"}, {"model": "XV"}, {"model": "xv"}, ["model"]),
        ({}, {"budget": "20-25万"}, {"budget_min": 200_000, "budget_max": 250_000}, ["budget"]),
        ({"budget": "20-25万"}, {"budget": "30万以上"}, {"budget_min": 300_000, "budget_max": None}, ["budget"]),
        ({"purchase_time": "半年内"}, {"purchase_time": "3天内"}, {"horizon_days": 3}, ["purchase_time"]),
        ({}, {"test_drive": "是"}, {"test_drive_wish": True}, ["test_drive"]),
        ({"test_drive": "是"}, {"test_drive": "否"}, {"test_drive_wish": False}, ["test_drive"]),
        ({"test_drive": "是"}, {}, {"test_drive_wish": True}, None),
        ({"trade_in": True}, {"note": "想试驾"}, {"trade_in": True, "test_drive_wish": True}, ["test_drive", "note"]),
        ({}, {"trade_in": 1}, {"trade_in": True}, ["trade_in"]),
        ({"city": "北京"}, {"city": "上海"}, {"city": "上海", "region": "EAST"}, ["city"]),
        ({}, {"campaign": "周年庆"}, {"campaign": "周年庆"}, ["campaign"]),
        ({"campaign": "车展"}, {"campaign": "周年庆"}, {"campaign": "车展"}, ["campaign"]),
        ({}, {"utm_source": "dcd"}, {"utm": {"source": "dcd"}}, None),
        ({}, {"model": "没有的车"}, {"model": None}, None),
    ],
)
async def test_the_newest_word_about_the_car_wins(
    desk: Desk, first: dict[str, Any], second: dict[str, Any], facts: dict[str, Any], new: list[str] | None
) -> None:
    lead = await twice(desk, first, second)

    shown = (await desk.get(f"/leads/{lead}"))["facts"]
    assert shown | facts == shown
    assert (await line(desk, lead, "said_anew")).get("fields") == new


@pytest.mark.parametrize(
    ("first", "second", "customer", "new", "otherwise"),
    [
        ({"name": None}, {"name": "王小明"}, {"name": "王小明"}, ["name"], None),
        ({}, {"name": "李雷"}, {"name": "王小明", "further": ["name:李雷"]}, None, ["name"]),
        ({}, {"email": "a@b.com"}, {"email": "a@b.com"}, ["email"], None),
        ({"email": "a@b.com"}, {"email": "A@B.com"}, {"email": "a@b.com", "further": []}, None, None),
        ({"email": "a@b.com"}, {"email": "c@d.cn"}, {"email": "a@b.com", "further": ["email:c@d.cn"]}, ["email"], None),
        ({}, {"gender": "女"}, {"gender": "female"}, ["gender"], None),
        ({"gender": "男"}, {"gender": "女"}, {"gender": "male", "further": []}, None, ["gender"]),
        ({}, {"company": "甲公司"}, {"company": "甲公司"}, ["company"], None),
        ({"company": "甲公司"}, {"company": "乙"}, {"company": "甲公司", "further": ["company:乙"]}, None, ["company"]),
        ({}, {"wechat": "wang_88"}, {"wechat": "wang_88"}, ["wechat"], None),
        ({"wechat": "wang_88"}, {"wechat": "wang_99"}, {"further": ["wechat:wang_99"]}, ["wechat"], None),
        ({}, {"city": "北京"}, {"city": "北京"}, ["city"], None),
    ],
)
async def test_who_they_are_is_filled_and_never_overwritten(
    desk: Desk,
    first: dict[str, Any],
    second: dict[str, Any],
    customer: dict[str, Any],
    new: list[str] | None,
    otherwise: list[str] | None,
) -> None:
    lead = await twice(desk, first, second)

    shown = (await desk.get(f"/leads/{lead}"))["lead"]["customer"]
    assert shown | customer == shown
    assert (await line(desk, lead, "said_anew")).get("fields") == new
    assert (await line(desk, lead, "said_otherwise")).get("fields") == otherwise


async def test_a_second_number_that_proves_is_theirs_from_then_on(desk: Desk) -> None:
    second = phone()
    lead = await desk.created(phone=phone(), wechat="wang_77")
    await desk.send(phone=second, wechat="WANG_77")

    answer = (await desk.send(phone=second, wechat=None, name="别人")).json()

    assert answer["lead_id"] == str(lead)
    shown = (await desk.get(f"/leads/{lead}"))["lead"]["customer"]
    assert shown["further"] == [f"phone:+86{second}", "name:别人"]
    taken = await desk.http.patch(
        f"/api/v1/leads/{await desk.created(phone=phone())}/customer",
        json={"phone": second},
        headers={"Baton-Actor": "HQ-01"},
    )
    assert (taken.status_code, taken.json()["code"]) == (409, "contact_in_use")


async def test_a_second_number_that_others_share_proves_nothing(desk: Desk) -> None:
    lead = await desk.created(phone=phone(), wechat="wang_66")

    await desk.send(phone="010-65551234", wechat="wang_66", name=None)

    assert (await desk.get(f"/leads/{lead}"))["lead"]["customer"]["further"] == []
    assert (await line(desk, lead, "said_otherwise"))["fields"] == ["phone"]
    assert (await desk.send(phone="010-65551234", name=None)).json()["lead_id"] != str(lead)


async def test_free_words_stay_in_the_submission(desk: Desk) -> None:
    lead = await twice(
        desk, {}, {"note": "周五带父亲来", "campaign": "密语活动", "company": "密语公司", "city": "密语村"}
    )

    said = await line(desk, lead, "said_anew")
    kept = await desk.rows("SELECT raw FROM submissions WHERE id = CAST(:id AS uuid)", id=said["submission"])
    assert kept[0]["raw"]["note"] == "周五带父亲来"
    everywhere = str(await desk.rows("SELECT data FROM timeline")) + str(await desk.rows("SELECT data FROM outbox"))
    assert "密语" not in everywhere and "父亲" not in everywhere
    assert (await desk.messages(lead))[-1] == (
        "interest_repeated",
        {"channel": "maker.vertical.dongchedi", "fields": ["city", "campaign", "company", "note"]},
    )


async def test_consents_add_up(desk: Desk) -> None:
    lead = await twice(desk, {"consent": ["contact"]}, {"consent": False})

    found = (await desk.get(f"/leads/{lead}"))["facts"]["consents"]
    assert [(one["given"], one["purposes"]) for one in found] == [(True, ["contact"]), (False, [])]


async def test_what_is_said_readably_is_asked_no_more(desk: Desk) -> None:
    lead = await twice(desk, {"grade": "高", "test_drive": "嗯嗯"}, {"grade": "B"})

    assert [one["field"] for one in (await desk.get(f"/leads/{lead}"))["state"]["unread"]] == ["test_drive"]


async def test_an_older_statement_fills_but_does_not_win(desk: Desk) -> None:
    number = phone()
    lead = await desk.created(phone=number, model="傲虎", stated_at="2026-11-20 10:00")

    await desk.send(phone=number, model="XV", budget="20万", stated_at="2026-11-10 10:00")

    facts = (await desk.get(f"/leads/{lead}"))["facts"]
    assert (facts["model"], facts["budget_min"]) == ("outback", 200_000)
    assert (await line(desk, lead, "said_otherwise"))["fields"] == ["model"]


@pytest.mark.parametrize(("later", "model"), [(timedelta(hours=1), "xv"), (-timedelta(hours=1), "brz")])
async def test_what_a_person_corrected_holds_against_older_words(desk: Desk, later: timedelta, model: str) -> None:
    number = phone()
    lead = await desk.created(phone=number, model="傲虎", stated_at="2026-11-20 10:00")
    desk.clock.set(NOW + timedelta(days=2))
    await desk.http.patch(f"/api/v1/leads/{lead}/customer", json={"model": "BRZ"}, headers={"Baton-Actor": "HQ-01"})
    stated_at = (NOW + timedelta(days=2) + later).isoformat()
    desk.clock.set(NOW + timedelta(days=3))

    await desk.send(phone=number, model="XV", stated_at=stated_at)

    assert (await desk.get(f"/leads/{lead}"))["facts"]["model"] == model


@pytest.mark.parametrize(
    ("field", "value", "facts"),
    [
        ("model", "XV", {"model": "xv"}),
        ("purchase_time", "3天内", {"horizon_days": 3}),
        ("test_drive", True, {"test_drive_wish": True}),
        ("city", "上海", {"city": "北京", "region": "NORTH"}),
    ],
)
async def test_at_a_dealer_wishes_count_and_the_place_stays(
    desk: Desk, field: str, value: Any, facts: dict[str, Any]
) -> None:
    number = phone()
    lead = await desk.at_consultant(phone=number, city="北京", purchase_time="半年内")
    desk.clock.set(NOW + timedelta(hours=1))

    await desk.send(**{"phone": number, field: value})

    shown = (await desk.get(f"/leads/{lead}"))["facts"]
    assert shown | facts == shown


async def test_the_next_lead_of_a_customer_who_bought_says_more_about_them(desk: Desk) -> None:
    from cases.states import Status

    number = phone()
    lead = await desk.created(phone=number, name="王小明")
    await desk.execute("UPDATE cases SET status = :won, ended_at = :at WHERE id = :id", won=Status.WON, at=NOW, id=lead)
    desk.clock.set(NOW + timedelta(days=400))

    again = await desk.created(phone=number, name="王先生", email="a@b.com")

    customer = (await desk.get(f"/leads/{again}"))["lead"]["customer"]
    assert (customer["name"], customer["email"], customer["further"]) == ("王小明", "a@b.com", ["name:王先生"])
    assert (await line(desk, again, "said_otherwise"))["fields"] == ["name"]


WORDS = st.sampled_from([None, "王小明", "李雷", "王先生"])
SAID = st.fixed_dictionaries(
    {},
    optional={
        "name": WORDS,
        "model": st.sampled_from(["森林人", "XV", "没有的车"]),
        "budget": st.sampled_from(["20万", "25-30万", "-"]),
        "purchase_time": st.sampled_from(["3天内", "一个月内", "再说"]),
        "test_drive": st.booleans(),
        "trade_in": st.booleans(),
        "email": st.sampled_from(["a@b.com", "c@d.cn", "x"]),
        "company": st.sampled_from(["甲", "乙"]),
        "gender": st.sampled_from(["男", "女", "?"]),
        "wechat": st.sampled_from(["wang_01", "wang_02"]),
        "campaign": st.sampled_from(["车展", "周年庆"]),
        "consent": st.sampled_from([True, False, ["contact"]]),
        "note": st.sampled_from(["想试驾", "随便看看"]),
    },
)
"""What forms of one customer say, in any order."""

MODELS = (ModelView("forester", "森林人", [], 0), ModelView("xv", "XV", [], 0))
REFERENCE = Reference(models=MODELS, cities={}, region_places={}, channels=())


def _born(facts: Facts) -> tuple[dict[str, Any], dict[str, Any]]:
    lead = {name: facts.said(name) for wish in WISHES.values() for name in wish.columns}
    lead |= {fact.column: bool(lead[fact.column]) for fact in PLAIN if fact.reads is Reads.FLAG} | {"unread": []}
    lead |= {name: getattr(facts, name) for name in ("grade", "campaign", "external_id")}
    lead |= {"grade_reason": None, "graded_at": None, "utm": dict(facts.utm), "consents": list(facts.consents)}
    return lead, {**{name: getattr(facts, name) for name in (*IDENTITY, "city")}, "further": []}


@given(st.lists(SAID, min_size=2, max_size=6), st.booleans())
def test_whatever_is_said_identity_is_only_filled_and_the_last_word_stands(
    forms: list[dict[str, Any]], before_dealer: bool
) -> None:
    days = [NOW + timedelta(days=number) for number in range(len(forms))]
    said = [read({"phone": "13900000001", **form}, "c", REFERENCE, at) for form, at in zip(forms, days, strict=True)]
    lead, customer = _born(said[0].facts)
    for one, at in zip(said[1:], days[1:], strict=True):
        news = what_is_new(Known(lead, customer, at - timedelta(days=1), {}, before_dealer), one.facts, True, at)
        assert all(customer[name] is None for name in news.customer if name != "further")
        assert not set(news.fields) & set(news.otherwise)
        lead, customer = lead | news.lead, customer | news.customer
        again = what_is_new(Known(lead, customer, at, {}, before_dealer), one.facts, True, at)
        assert (again.lead, again.customer) == ({}, {})

    for wish in WISHES.values():
        if not wish.held:
            last = next((one for one in reversed(said) if one.facts.said(wish.columns[0]) is not None), None)
            assert last is None or lead[wish.columns[0]] == last.facts.said(wish.columns[0])


@pytest.mark.parametrize(
    ("said", "fingerprint"),
    [
        ({}, "0e89d9265e192f33"),
        ({"trade_in": "是", "test_drive": "否", "note": "想试驾", "email": "a@b.cn"}, "c526f6b6727ab45d"),
        ({"trade_in": "嗯嗯", "model": "XV", "note": "有置换"}, "51afe7362075ef22"),
    ],
)
def test_what_was_taken_before_a_fact_was_declared_is_known_again(said: dict[str, Any], fingerprint: str) -> None:
    def of(**more: Any) -> str:
        return read({"phone": "13900000001", **said, **more}, "c", REFERENCE, NOW).facts.fingerprint or ""

    assert of().startswith(fingerprint), "as it was counted when the first of them were taken"
    assert of(trade_in_plate=None) == of()
    assert len({of(), of(trade_in_plate="京A12345"), of(trade_in_plate="京A12346"), of(trade_in_plate="?")}) == 4
    assert of(trade_in_plate="京A12345") == of(trade_in_plate=" 京a·12345 "), "as read, not as typed"


@pytest.mark.parametrize(
    ("correction", "status"),
    [
        ({"email": "A@B.com", "gender": "female", "company": "甲公司"}, 200),
        ({"email": "nobody"}, 422),
        ({"gender": "x"}, 422),
    ],
)
async def test_people_correct_it(desk: Desk, correction: dict[str, str], status: int) -> None:
    lead = await desk.created()

    answer = await desk.http.patch(f"/api/v1/leads/{lead}/customer", json=correction, headers={"Baton-Actor": "HQ-01"})

    assert answer.status_code == status
    shown = (await desk.get(f"/leads/{lead}"))["lead"]["customer"]
    expected = {"email": "A@b.com", "gender": "female", "company": "甲公司"} if status == 200 else {}
    assert shown | expected == shown
