"""A customer's data have a version: ``If-Match`` lets nobody write over what they have not seen;
the 412 says what."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from cases.states import TaskKind
from tests.api.conftest import Desk, headers, phone

HQ, CALLER = "HQ-01", "CC-01"


def path(lead: UUID) -> str:
    return f"/api/v1/leads/{lead}/customer"


async def correct(
    desk: Desk, lead: UUID, seen: str | None = None, by: str = HQ, key: str | None = None, **fields: Any
) -> httpx.Response:
    condition = {} if seen is None else {"If-Match": seen}
    return await desk.http.patch(path(lead), json=fields, headers=headers(by, key) | condition)


async def seen(desk: Desk, lead: UUID) -> str:
    answer = await desk.http.get(path(lead))
    assert answer.status_code == 200, answer.text
    return answer.headers["etag"]


async def test_a_correction_under_the_tag_that_was_read_is_made_and_gives_the_next_tag(desk: Desk) -> None:
    lead = await desk.created(city="北京")
    tag = await seen(desk, lead)

    answer = await correct(desk, lead, tag, city="上海")

    assert (answer.status_code, answer.json()["changed"]) == (200, ["city"])
    assert answer.headers["etag"] == await seen(desk, lead) != tag
    assert (await desk.http.get(path(lead))).json()["customer"]["city"] == "上海"


async def test_whoever_saw_less_is_told_what_was_changed_by_whom_and_when(desk: Desk) -> None:
    lead = await desk.created(name="华桂珍", city="北京", budget="20-25万")
    tag = await seen(desk, lead)
    await correct(desk, lead, name="华桂贞")
    desk.clock.move(timedelta(minutes=5))
    await correct(desk, lead, by=CALLER, name="华贵珍", budget="25-30万", labels=["老客户"])

    answer = await correct(desk, lead, tag, name="花桂珍")

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (412, "changed_meanwhile")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["etag"] == problem["etag"] == await seen(desk, lead)
    changes = {one["field"]: one for one in problem["changes"]}
    assert set(changes) == {
        "customer/name",
        "customer/labels",
        "facts/budget_min",
        "facts/budget_max",
    }
    name = changes["customer/name"]
    assert (name["before"], name["now"], name["by"]["code"]) == ("华桂珍", "华贵珍", CALLER)
    assert name["at"].startswith("2026-11-21T08:05:00")
    assert (changes["facts/budget_min"]["before"], changes["facts/budget_min"]["now"]) == (200_000, 250_000)
    assert (await desk.http.get(path(lead))).json()["customer"]["name"] == "华贵珍"


async def test_a_tag_is_of_the_data_not_of_a_language_and_not_of_the_process(desk: Desk) -> None:
    lead = await desk.at_consultant()
    chinese, english = [
        (await desk.http.get(path(lead), headers=headers(language=language))).headers["etag"]
        for language in ("zh", "en")
    ]
    await desk.say(lead, "follow-ups", "BJ01-C1", {"content": "聊了试驾"})

    assert chinese == english == await seen(desk, lead)
    assert (await correct(desk, lead, chinese, city="上海")).status_code == 200


async def test_without_a_condition_the_last_one_wins_as_ever(desk: Desk) -> None:
    lead = await desk.created()
    for city in ("上海", "广州"):
        assert (await correct(desk, lead, city=city)).status_code == 200


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ("*", 200),
        ("{tag}", 200),
        ('"nothing", {tag}', 200),
        (' {tag} , , W/"x",', 200),
        ("W/{tag}", 412),
        ('"nothing"', 412),
        ('"99999999999999999999999"', 412),
        ('""', 412),
        ("", 422),
        ("0", 422),
        ('"0', 422),
        ('"a" "b"', 422),
        ('*, "a"', 422),
    ],
)
async def test_a_condition_is_read_as_the_standard_says(desk: Desk, condition: str, status: int) -> None:
    lead = await desk.created()
    tag = await seen(desk, lead)

    answer = await correct(desk, lead, condition.format(tag=tag), city="上海")

    assert answer.status_code == status, answer.text
    if status == 422:
        assert [one["field"] for one in answer.json()["problems"]] == ["If-Match"]
    assert (await seen(desk, lead) != tag) == (status == 200)


async def test_several_lines_of_a_condition_are_one(desk: Desk) -> None:
    lead = await desk.created()
    lines = [("If-Match", '"nothing"'), ("If-Match", await seen(desk, lead)), ("Baton-Actor", HQ)]

    answer = await desk.http.patch(path(lead), json={"city": "上海"}, headers=lines)

    assert answer.status_code == 200


@pytest.mark.parametrize("other_lead", [False, True], ids=["of one lead", "of two leads of one customer"])
async def test_of_two_who_edit_at_once_one_wins_and_the_other_learns_of_it(desk: Desk, other_lead: bool) -> None:
    lead = await desk.created()
    second = lead
    if other_lead:
        second = await desk.created()
        same = "UPDATE cases SET customer_id = (SELECT customer_id FROM cases WHERE id = :lead) WHERE id = :second"
        await desk.execute(same, lead=lead, second=second)
    tags = await seen(desk, lead), await seen(desk, second)

    answers = await asyncio.gather(
        correct(desk, lead, tags[0], name="华桂贞"), correct(desk, second, tags[1], by=CALLER, name="花桂珍")
    )

    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert (won.status_code, lost.status_code) == (200, 412)
    assert lost.headers["etag"] == won.headers["etag"]
    (change,) = lost.json()["changes"]
    assert change["field"] == "customer/name"
    assert change["now"] == (await desk.http.get(path(lead))).json()["customer"]["name"]


async def test_a_repeated_request_gets_its_answer_again_and_no_412(desk: Desk) -> None:
    lead = await desk.created()
    tag = await seen(desk, lead)
    first = await correct(desk, lead, tag, key="k1", city="上海")
    await correct(desk, lead, city="广州")

    again = await correct(desk, lead, tag, key="k1", city="上海")

    assert (first.status_code, again.status_code) == (200, 200)
    assert (again.json(), again.headers["etag"]) == (first.json(), first.headers["etag"])
    assert again.headers["idempotency-replayed"] == "true"
    assert (await desk.http.get(path(lead))).json()["customer"]["city"] == "广州"


async def test_a_refused_correction_leaves_its_key_free(desk: Desk) -> None:
    lead = await desk.created()
    refused = await correct(desk, lead, '"nothing"', key="k2", city="上海")

    answer = await correct(desk, lead, refused.headers["etag"], key="k2", city="上海")

    assert (refused.status_code, answer.status_code) == (412, 200)


async def test_a_change_to_and_fro_is_none_and_whoever_may_not_is_told_only_that(desk: Desk) -> None:
    lead = await desk.at_consultant(city="北京")
    tag = await seen(desk, lead)
    for city in ("上海", "北京"):
        await correct(desk, lead, city=city)

    fro = await correct(desk, lead, tag, city="广州")
    stranger = await correct(desk, lead, tag, by="SH01-C1", city="广州")

    assert (fro.status_code, [one["field"] for one in fro.json()["changes"]]) == (412, [])
    assert stranger.status_code == 403
    assert "changes" not in stranger.json()


@pytest.mark.parametrize("who", ["a channel", "the call centre", "by hand"])
async def test_whoever_changes_the_data_makes_a_new_version(desk: Desk, who: str) -> None:
    number = phone()
    lead = await desk.created(phone=number)
    tag = await seen(desk, lead)
    match who:
        case "a channel":
            await desk.send(phone=number, city="成都")
        case "the call centre":
            await desk.task(lead, TaskKind.OUTBOUND_CALL, "call_centre")
            answer = await desk.say(lead, "call-result", CALLER, {"outcome": "qualified", "city": "成都"})
            assert answer.status_code == 200, answer.text
        case _:
            await desk.execute("UPDATE leads SET city = '成都' WHERE id = :lead", lead=lead)

    refused = await correct(desk, lead, tag, city="上海")

    assert refused.status_code == 412
    assert "成都" in [one["now"] for one in refused.json()["changes"]]


async def test_erasure_leaves_nothing_of_what_was_changed(desk: Desk) -> None:
    lead = await desk.created(name="华桂珍", city="北京")
    await correct(desk, lead, name="王秀英", budget="25-30万", city="上海")
    tag = await seen(desk, lead)

    await desk.http.delete(path(lead), headers=headers(HQ))

    assert [row["field"] for row in await desk.rows("SELECT field FROM customer_edits")] == ["erased_at"]
    assert await seen(desk, lead) != tag
    assert (await correct(desk, lead, tag, city="广州")).json()["code"] == "customer_erased"


async def test_what_is_known_already_is_not_sent_again(desk: Desk) -> None:
    lead = await desk.created()
    tag = await seen(desk, lead)

    async def ask(condition: str) -> httpx.Response:
        return await desk.http.get(path(lead), headers={"If-None-Match": condition})

    for condition in (tag, f"W/{tag}", "*", f'"x", {tag}'):
        same = await ask(condition)
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    assert (await ask('"x"')).status_code == 200
    await correct(desk, lead, city="上海")
    assert (await ask(tag)).status_code == 200
    assert (await desk.http.get(path(UUID(int=0)), headers={"If-None-Match": "*"})).status_code == 404
