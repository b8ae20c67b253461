"""Refusals in the caller's words: no code of ours inside a Chinese sentence, and the field that is
meant."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from cases.errors import FieldProblem
from cases.messages.named import ENTRIES, ROLES, STATEMENTS, STATUSES
from cases.states import Role, Status
from domain.leads.laws.kinds import KINDS as STATED
from domain.leads.statements import forms
from domain.malformed import as_field_problem
from store.network.keeping import KINDS
from tests.api.conftest import Desk, headers

OWNER, MANAGER = "BJ01-C1", "BJ01-M1"


async def said(desk: Desk, path: str, by: str, body: dict[str, Any], language: str) -> dict[str, Any]:
    answer = await desk.http.post(f"/api/v1{path}", json=body, headers=headers(by, language=language))
    assert answer.status_code >= 400, answer.text
    return answer.json()


async def test_a_refusal_says_states_roles_and_what_is_possible_in_the_callers_words(desk: Desk) -> None:
    lead, won = await desk.at_consultant(OWNER), await desk.in_status(Status.WON)

    by_call_centre, in_english = [
        await said(desk, f"/leads/{lead}/follow-ups", "CC-01", {"content": "谈了价格"}, language)
        for language in ("zh", "en")
    ]
    on_a_win = await said(desk, f"/leads/{won}/follow-ups", OWNER, {"content": "谈了价格"}, "zh")

    assert [(one["detail"], one["cure"]) for one in (by_call_centre, on_a_win, in_english)] == [
        ("该操作不允许由角色“呼叫中心”执行", "可执行的角色：销售顾问、经销商经理、总部、大区经理"),
        ("线索当前状态（已成交）不允许此操作", "当前可以：报退订（cancel-order）、报登记错误（wrong-win）"),
        (
            "The role “call centre” may not do this",
            "Roles that may: consultant, dealer manager, hq, regional manager",
        ),
    ]
    assert by_call_centre["params"]["role"] == "call_centre"


def test_whatever_a_refusal_names_has_a_chinese_word() -> None:
    at_any_time = {"regrade", "claim", "reassign", "reactivate", "cancel-order", "wrong-win"}

    assert ENTRIES.keys() == KINDS.keys()
    assert STATUSES.keys() == {status.value for status in Status}
    assert ROLES.keys() == {role.value for role in Role}
    assert STATEMENTS.keys() == {one.called for one in STATED.values()} | at_any_time


@pytest.mark.parametrize(
    ("field", "value", "zh", "en"),
    [
        ("price", "三十万", "类型不对，应为整数", "Wrong type, expected a whole number"),
        ("number", 7, "类型不对，应为文本", "Wrong type, expected a text"),
    ],
)
async def test_a_wrong_type_is_said_in_one_language(desk: Desk, field: str, value: Any, zh: str, en: str) -> None:
    lead = await desk.at_consultant(OWNER)
    body = {"number": "HT-2", "price": 1000, field: value}

    found = [await said(desk, f"/leads/{lead}/win", OWNER, body, language) for language in ("zh", "en")]

    assert [one["problems"][0]["message"] for one in found] == [zh, en]


@pytest.mark.parametrize(
    ("what", "by", "body", "field", "code"),
    [
        ("win", OWNER, {"number": "A", "price": 1, "payment": "deposit"}, "deposit", "deposit_required"),
        ("win", OWNER, {"number": "A", "price": 1, "payment": "later"}, "purchase_on", "purchase_on_required"),
        ("reassign", MANAGER, {"reason": "休假"}, "to_staff", "one_target"),
        ("hq-decision", "HQ-01", {"decision": "dispatch", "reason": "price"}, "reason", "reason_does_not_fit"),
        ("hq-decision", "HQ-01", {"decision": "lost"}, "reason", "closing_reason_required"),
        ("hq-decision", "HQ-01", {"decision": "nurture", "reason": "price"}, "reason", "reason_does_not_fit"),
    ],
)
async def test_what_does_not_fit_together_names_the_field_to_look_at(
    desk: Desk, what: str, by: str, body: dict[str, Any], field: str, code: str
) -> None:
    lead = await desk.at_consultant(OWNER)

    (problem,) = (await said(desk, f"/leads/{lead}/{what}", by, body, "en"))["problems"]

    assert (problem["field"], problem["code"]) == (field, code)


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({"stated_at": "2026-11-01", "channel": "x"}, "channel", "channel, stated_at 已锁定，不能修改"),
        ({"call_hours": ["evenings", "night"]}, "call_hours/1", "没有这样的联系时段"),
        ({"call_hours": ["not_before_25"]}, "call_hours/0", "没有这样的联系时段"),
    ],
)
async def test_what_cannot_be_corrected_is_named(desk: Desk, body: dict[str, Any], field: str, message: str) -> None:
    lead = await desk.at_consultant(OWNER)

    answer = await desk.http.patch(f"/api/v1/leads/{lead}/customer", json=body, headers=headers(OWNER, language="zh"))

    (problem,) = answer.json()["problems"]
    assert (answer.status_code, problem["field"], problem["message"]) == (422, field, message)
    assert field == "channel" or "evenings" in problem["cure"]


async def test_an_entry_that_is_not_there_is_said_in_words(desk: Desk) -> None:
    answer = await desk.http.get("/api/v1/regions/NIX", headers=headers("HQ-01", language="zh"))

    assert (answer.status_code, answer.json()["detail"]) == (404, "大区 中没有 NIX")


async def test_what_head_office_decides_is_said_in_words(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)

    answer = await said(desk, f"/leads/{lead}/hq-decision", "HQ-01", {"decision": "lost"}, "zh")

    assert answer["problems"][0]["message"] == "以“战败”结束须说明原因"


def refused(body: type[BaseModel]) -> list[FieldProblem]:
    """What is wrong with a body whose fields are all a text that is none of the words of any
    list."""
    try:
        body.model_validate(dict.fromkeys(body.model_fields, "nothing of the kind"))
    except ValidationError as error:
        return [as_field_problem(found) for found in error.errors()]
    return []


def test_what_is_allowed_is_listed_as_it_is_sent() -> None:
    bodies = [one for one in vars(forms).values() if isinstance(one, type) and issubclass(one, BaseModel)]
    listed = [problem for body in bodies for problem in refused(body) if problem.code == "not_in_list"]

    assert {problem.field for problem in listed} >= {"outcome", "decision", "reason", "payment", "grade", "channel"}
    for problem in listed:
        assert re.fullmatch(r"[\w-]+(, [\w-]+)*", problem.params["expected"]), problem
