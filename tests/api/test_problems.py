"""Bad input of any kind gets a clear error in the caller's language and changes nothing; so does a
missing database."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import httpx
import pytest

from api.app import create_app
from api.problems import told_safely
from cases.ids import new_id
from rules.feel import evaluate
from rules.feel.bounds import BOUNDS
from store import migrate
from store.session import Database
from tests.api.conftest import NOW, Desk, desk_over, headers, phone
from tests.servers import private_postgres
from tests.timetravel import TestClock

GOOD = {"name": "谢璐", "phone": "13309378657", "channel": "maker.vertical.yiche"}


def problem_of(answer: httpx.Response) -> dict[str, Any]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    found = answer.json()
    assert found["status"] == answer.status_code
    assert found["type"] == f"urn:baton:problem:{found['code']}"
    assert found["detail"] != found["code"]
    return found


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"{", "application/json", 400, "bad_json"),
        (b"\xff\xfe", "application/json", 400, "bad_json"),
        (b"[" * 100_000, "application/json", 400, "bad_json"),
        (b"name=x", "text/plain", 415, "not_json"),
        (b"name=x", "application/x-www-form-urlencoded", 422, "lead_rejected"),
        (b"<adf/>", "application/xml", 422, "xml_empty"),
        (b"<lead><name>x</name></lead>", "text/xml; charset=utf-8", 422, "lead_rejected"),
        (b"", "application/json", 422, "invalid_input"),
        (b"[]", "application/json", 422, "invalid_input"),
        (b"null", "application/json", 422, "invalid_input"),
        (b'"x"', "application/json", 422, "invalid_input"),
        (b'{"name": "' + b"x" * 300_000 + b'"}', "application/json", 413, "too_large"),
    ],
)
async def test_a_body_that_is_none(desk: Desk, body: bytes, kind: str, status: int, code: str) -> None:
    answer = await desk.http.post("/api/v1/leads", content=body, headers={"Content-Type": kind})

    assert (answer.status_code, problem_of(answer)["code"]) == (status, code)


async def test_an_expression_that_asks_for_too_much_names_its_bound(desk: Desk) -> None:
    app = create_app(desk.database, TestClock(NOW))
    app.add_api_route("/api/v1/endless", lambda: evaluate("count(for i in 1..9999, j in 1..9999 return i)", {}))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://baton") as http:
        answer = await http.get("/api/v1/endless")

    found = problem_of(answer)
    assert (answer.status_code, found["code"]) == (422, "too_much")
    assert found["params"] in [{"bound": one.name, "limit": f"{one.limit:,}"} for one in BOUNDS]
    assert found["cure"]


async def test_a_body_that_does_not_say_how_long_it_is(desk: Desk) -> None:
    async def endless() -> Any:
        for _ in range(100):
            yield b'{"x": "' + b"x" * 10_000

    answer = await desk.http.post("/api/v1/leads", content=endless(), headers={"Content-Type": "application/json"})

    assert (answer.status_code, problem_of(answer)["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"channel": []}, "channel", "missing"),
        ({"channel": ["a", "b", "c", "d"]}, "channel", "unknown_channel"),
        ({"channel": None}, "channel", "missing"),
        ({"channel": 7}, "channel", "wrong_type"),
        ({"phone": "123"}, "phone", "contact_malformed"),
    ],
)
async def test_each_field_is_named_with_message_and_cure_in_both_languages(
    desk: Desk, fields: dict[str, Any], field: str, code: str
) -> None:
    body = GOOD | fields
    answers = {
        language: await desk.http.post("/api/v1/leads", json=body, headers=headers(language=language))
        for language in ("zh-CN,zh;q=0.9,en;q=0.5", "en-GB,en;q=0.9")
    }

    texts = []
    for answer in answers.values():
        problem = problem_of(answer)
        assert (answer.status_code, problem["code"]) == (422, "lead_rejected")
        assert [(one["field"], one["code"]) for one in problem["problems"]] == [(field, code)]
        texts.append((problem["problems"][0]["message"], problem["problems"][0]["cure"]))
    assert all(message and cure and "{" not in message + cure for message, cure in texts)
    assert texts[0] != texts[1]
    assert len(await desk.rows("SELECT 1 FROM submissions WHERE verdict = 'rejected'")) == 2


async def test_all_wrong_fields_are_listed_at_once(desk: Desk) -> None:
    answer = await desk.http.post("/api/v1/leads", json=GOOD | {"phone": 1, "colour": 2, "grade": "Z"})

    assert {one["field"] for one in problem_of(answer)["problems"]} == {"phone", "colour", "grade"}


async def test_addresses_and_methods_that_do_not_exist(desk: Desk) -> None:
    unknown = await desk.http.get("/api/v1/nothing")
    method = await desk.http.put("/api/v1/leads")
    no_lead = await desk.http.get(f"/api/v1/leads/{new_id()}")
    no_id = await desk.http.get("/api/v1/leads/17")
    no_process = await desk.http.get("/api/v1/processes/lead/9.bpmn")

    assert (unknown.status_code, problem_of(unknown)["code"]) == (404, "unknown_path")
    assert (method.status_code, problem_of(method)["code"]) == (405, "method_not_allowed")
    assert (no_lead.status_code, problem_of(no_lead)["code"]) == (404, "lead_not_found")
    assert (no_id.status_code, problem_of(no_id)["problems"][0]["field"]) == (422, "lead_id")
    assert (no_process.status_code, problem_of(no_process)["code"]) == (404, "process_not_found")


@pytest.mark.parametrize(
    "query", ["status=asleep", "limit=0", "limit=201", "colour=white", "created_since=soon", "q=%00"]
)
async def test_a_filter_that_means_nothing(desk: Desk, query: str) -> None:
    answer = await desk.http.get(f"/api/v1/leads?{query}")

    assert (answer.status_code, problem_of(answer)["code"]) == (422, "invalid_input")


async def test_people_have_to_say_who_they_are(desk: Desk) -> None:
    lead = await desk.created()

    nobody = await desk.say(lead, "follow-ups", None)
    unknown = await desk.say(lead, "follow-ups", "BJ99-C9")
    unknown_sender = await desk.send(by="BJ99-C9")
    by_hand = await desk.send(by="CC-01", phone=phone())

    assert (nobody.status_code, problem_of(nobody)["code"]) == (403, "actor_required")
    assert (unknown.status_code, problem_of(unknown)["code"]) == (403, "actor_unknown")
    assert unknown_sender.status_code == 403
    assert by_hand.status_code == 201
    assert (await desk.list(f"/leads/{by_hand.json()['lead_id']}/timeline"))[0]["by"]["code"] == "CC-01"


@pytest.mark.parametrize("key", ["", "x" * 201, "two words"])
async def test_an_idempotency_key_has_a_form(desk: Desk, key: str) -> None:
    answer = await desk.http.post("/api/v1/leads", json=GOOD, headers={"Idempotency-Key": key})

    assert (answer.status_code, problem_of(answer)["code"]) == (422, "idempotency_key_invalid")


async def test_without_a_database_everybody_is_asked_to_come_back_and_it_recovers_by_itself() -> None:
    with private_postgres() as postgres:
        await migrate.upgrade(postgres.url("postgres"))
        database = Database(postgres.url("postgres"), patience=2.0)
        try:
            async with desk_over(database, TestClock(NOW)) as desk:
                assert (await desk.http.get("/health/ready")).status_code == 200
                await asyncio.to_thread(postgres.stop)
                answers = [
                    await desk.send(),
                    await desk.http.get("/api/v1/leads"),
                    await desk.http.get("/health/ready"),
                ]
                assert (await desk.http.get("/health/live")).status_code == 200
                for answer in answers:
                    assert (answer.status_code, problem_of(answer)["code"]) == (503, "database_unavailable")
                    assert int(answer.headers["retry-after"]) > 0
                await asyncio.to_thread(postgres.start)
                assert (await desk.http.get("/health/ready")).status_code == 200
        finally:
            await database.close()


async def test_figures_carry_no_ids(desk: Desk) -> None:
    lead = await desk.created()
    await desk.get(f"/leads/{lead}")

    text = (await desk.http.get("/metrics")).text

    assert 'route="/api/v1/leads/{lead_id}"' in text
    assert str(lead) not in text
    assert 'baton_submissions_total{verdict="created"}' in text


def test_an_unexpected_error_is_told_without_its_text() -> None:
    def work() -> None:
        try:
            raise asyncpg.UniqueViolationError("Key (phone)=(13912345678) already exists")
        except asyncpg.UniqueViolationError as failure:
            raise RuntimeError("华桂珍") from failure

    with pytest.raises(RuntimeError) as raised:
        work()
    told = told_safely(raised.value)
    assert (told["error"], told["because"]) == ("RuntimeError", ["UniqueViolationError 23505"])
    assert told["at"][0].startswith("test_problems.py:") and told["at"][0].endswith(" work")
    assert "13912345678" not in str(told) and "华桂珍" not in str(told)


def test_an_error_that_is_behind_itself_is_told_once() -> None:
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    assert told_safely(first)["because"] == ["KeyError"]
