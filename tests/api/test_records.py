"""What is written about a lead can be read, by whoever may act on it and nobody else, until it is erased."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

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
