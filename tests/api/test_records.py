"""What is written about a lead can be read, by whoever may act on it and nobody else, until it is
erased."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from cases.actors import EVERYTHING, SYSTEM
from store.leads import sales
from store.leads.statements import write_contract
from store.network.network_seed import staff_id
from tests.api.conftest import Desk, headers

OWNER, MANAGER = "BJ01-C1", "BJ01-M1"
WORDS = ("想要全景天窗", "介绍了四驱", "周末带家人来", "张先生换了号")
LISTS = ("follow-ups", "submissions", "contracts", "edits")


async def read(desk: Desk, lead: UUID, what: str, by: str | None = OWNER, **params: Any) -> Any:
    answer = await desk.http.get(f"/api/v1/leads/{lead}/{what}", params=params, headers=headers(by))
    return answer.status_code, answer.json()


async def items(desk: Desk, lead: UUID, what: str) -> list[dict[str, Any]]:
    status, body = await read(desk, lead, what)
    assert status == 200, body
    return body["items"]


async def written(desk: Desk) -> UUID:
    """A lead about which everybody has said something."""
    lead = await desk.at_consultant(OWNER, phone="13911662097", name="旧名", note=WORDS[0])
    body = {"channel": "wechat", "content": WORDS[1], "answer": WORDS[2], "next_at": "2026-11-22T02:00:00Z"}
    assert (await desk.say(lead, "follow-ups", OWNER, body)).status_code == 200
    await desk.send(phone="13911662097", note=WORDS[0] + "，白色", grade="看情况", channel="dealer.showroom.walk_in")
    path = f"/api/v1/leads/{lead}/customer"
    assert (await desk.http.patch(path, json={"name": WORDS[3]}, headers=headers(OWNER))).status_code == 200
    return lead


async def test_what_was_written_is_read(desk: Desk) -> None:
    lead = await written(desk)

    (contact,) = await items(desk, lead, "follow-ups")
    said = ("wechat", WORDS[1], WORDS[2], "2026-11-22T02:00:00Z", OWNER)
    assert (*(contact[name] for name in ("channel", "content", "answer", "next_at")), contact["by"]["code"]) == said

    first, again = await items(desk, lead, "submissions")
    assert (first["verdict"], first["raw"]["note"]) == ("created", WORDS[0])
    assert (again["verdict"], again["channel"]["code"]) == ("duplicate", "dealer.showroom.walk_in")
    assert [one["field"] for one in again["unread"]] == ["grade"]

    (edit,) = [one for one in await items(desk, lead, "edits") if one["field"] == "name" and one["before"] == "旧名"]
    assert (edit["of"], edit["after"], edit["by"]["code"]) == ("customer", WORDS[3], OWNER)


async def test_a_contract_is_read(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)
    body = {"number": "HT-9", "price": 269_800, "payment": "deposit", "deposit": 5_000, "model": "森林人"}
    assert (await desk.say(lead, "win", OWNER, body)).status_code == 200

    (contract,) = await items(desk, lead, "contracts")

    assert body | {"model": "forester"} == {name: contract[name] for name in body}
    assert contract["by"]["code"] == OWNER


async def test_a_contract_that_was_undone_is_read_beside_the_one_that_stands(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)
    body = {"number": "HT-9", "price": 269_800, "payment": "full", "model": "森林人"}
    assert (await desk.say(lead, "win", OWNER, body)).status_code == 200
    signed, undone = desk.clock.now(), desk.clock.now() + timedelta(days=1)
    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        sale = await sales.standing(tx, lead)
        assert sale is not None
        await sales.reward(tx, lead, sale, "middle", 500, signed)
        await sales.cancel(tx, lead, replace(sale, incentive=500), "cancel_order", "price", undone)
        await write_contract(
            tx, lead, number="HT-10", model="outback", price=300_000, payment="full", deposit=0, purchase_on=None,
            signed_at=undone + timedelta(days=1), by_id=staff_id(OWNER),
        )  # fmt: skip

    first, second = await items(desk, lead, "contracts")

    at = [one.isoformat().replace("+00:00", "Z") for one in (signed, undone)]
    assert (first["cancelled_at"], first["cancelled_as"], first["cancel_reason"]) == (at[1], "cancel_order", "price")
    assert first["incentive_entries"] == [
        {"kind": "accrued", "amount": 500, "at": at[0]},
        {"kind": "reversed", "amount": -500, "at": at[1]},
    ]
    assert (second["number"], second["cancelled_at"], second["incentive_entries"]) == ("HT-10", None, [])


@pytest.mark.parametrize(
    ("by", "status"),
    [(OWNER, 200), (MANAGER, 200), ("HQ-01", 200), ("CC-01", 200), ("BJ01-C2", 403), ("SH01-M1", 403), (None, 403)],
)
async def test_only_whoever_may_act_on_the_lead_reads_it(desk: Desk, by: str | None, status: int) -> None:
    lead = await desk.at_consultant(OWNER)

    for what in LISTS:
        assert (await read(desk, lead, what, by))[0] == status, what


async def test_erasure_empties_all_that_was_written(desk: Desk) -> None:
    lead = await written(desk)
    before = str([(await read(desk, lead, what, "HQ-01"))[1] for what in LISTS])
    assert all(word in before for word in WORDS)

    answer = await desk.http.delete(f"/api/v1/leads/{lead}/customer", headers=headers("HQ-01"))
    assert answer.status_code == 200, answer.text

    after = str([(await read(desk, lead, what, "HQ-01"))[1] for what in LISTS])
    assert not any(word in after for word in (*WORDS, "旧名", "13911662097"))
    assert (await read(desk, lead, "follow-ups", "HQ-01"))[1]["items"][0]["content"] == ""


async def lines(desk: Desk, lead: UUID, by: str | None) -> list[dict[str, Any]]:
    answer = await desk.http.get(f"/api/v1/leads/{lead}/timeline", headers=headers(by))
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_the_timeline_shows_what_was_written_beside_its_lines(desk: Desk) -> None:
    # given an attempt and a contact at one instant, news of a channel, and a correction
    lead = await desk.at_consultant(OWNER, phone="13911662097", name="旧名", model=None)
    tried = {"reached": False, "channel": "phone", "content": "无人接听"}
    assert (await desk.say(lead, "follow-ups", OWNER, tried)).status_code == 200
    body = {"content": WORDS[1], "answer": WORDS[2]}
    assert (await desk.say(lead, "follow-ups", OWNER, body)).status_code == 200
    desk.clock.move(timedelta(minutes=1))
    await desk.send(phone="13911662097", model="森林人")
    desk.clock.move(timedelta(minutes=1))
    path = f"/api/v1/leads/{lead}/customer"
    assert (await desk.http.patch(path, json={"name": WORDS[3]}, headers=headers(OWNER))).status_code == 200

    shown = await lines(desk, lead, MANAGER)

    said = {one["code"]: one["follow_up"]["content"] for one in shown if one["follow_up"]}
    assert said == {"attempted": "无人接听", "followed_up": WORDS[1]}
    assert next(one for one in shown if one["code"] == "followed_up")["follow_up"]["answer"] == WORDS[2]
    edited = {one["code"]: [(e["field"], e["before"], e["after"]) for e in one["edits"]] for one in shown}
    assert ("name", "旧名", WORDS[3]) in edited["customer_updated"]
    assert ("model", None, "forester") in edited["said_anew"]
    assert not any(made for code, made in edited.items() if code not in ("customer_updated", "said_anew"))


@pytest.mark.parametrize("by", ["BJ01-C2", "SH01-M1", None])
async def test_who_may_not_act_on_the_lead_reads_a_timeline_without_what_was_written(
    desk: Desk, by: str | None
) -> None:
    lead = await written(desk)

    shown = await lines(desk, lead, by)

    assert {"followed_up", "customer_updated"} <= {one["code"] for one in shown}
    assert all(one["follow_up"] is None and one["edits"] == [] for one in shown)


async def test_the_timeline_has_no_words_after_erasure(desk: Desk) -> None:
    lead = await written(desk)
    before = str(await lines(desk, lead, "HQ-01"))
    assert all(word in before for word in WORDS[1:])

    await desk.http.delete(f"/api/v1/leads/{lead}/customer", headers=headers("HQ-01"))

    after = str(await lines(desk, lead, "HQ-01"))
    assert not any(word in after for word in (*WORDS, "旧名"))


async def test_a_long_timeline_is_read_in_as_many_queries_as_a_short_one(desk: Desk) -> None:
    short, long = await written(desk), await desk.at_consultant(OWNER, phone="13911662098")
    for _ in range(3):  # as many attempts as a task may have
        body = {"reached": False, "channel": "phone", "content": "无人接听"}
        answer = await desk.say(long, "follow-ups", OWNER, body)
        assert answer.status_code == 200, answer.text
        desk.clock.move(timedelta(hours=3))
        fields = {"name": f"张{desk.clock.now():%d%H}"}
        path = f"/api/v1/leads/{long}/customer"
        assert (await desk.http.patch(path, json=fields, headers=headers(OWNER))).status_code == 200

    asked: list[str] = []
    event.listen(desk.database.engine.sync_engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    counted = []
    for lead in (short, long):
        asked.clear()
        await lines(desk, lead, OWNER)
        counted.append(len(asked))

    assert counted[0] == counted[1]
