"""People state what they did: the task is completed, facts change, the process is told (A5, A8,
A12–A15)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cases.actors import EVERYTHING, SYSTEM
from cases.states import Status, TaskKind
from store.leads import leads
from store.leads.assignments import AssignmentKind, transfer
from store.network import network_seed
from tests.api.conftest import NOW, Desk

OWNER, COLLEAGUE, MANAGER = "BJ01-C1", "BJ01-C2", "BJ01-M1"


async def test_a_follow_up_completes_the_task_and_tells_the_process(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)
    task = (await desk.get(f"/leads/{lead}"))["tasks"][0]["id"]

    answer = await desk.say(lead, "follow-ups", OWNER, {"channel": "wechat", "answer": "下周来看车", "grade": "A"})

    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "lead_id": str(lead),
        "task_id": task,
        "statement": "follow_up",
        "outcome": "continue",
        "late": False,
        "stage": "next_follow_up_due",
        "grade": "A",
        "at": "2026-11-21T08:00:00Z",
    }
    told = {"task_id": task, "outcome": "continue", "grade": "A", "stage": "next_follow_up_due"}
    assert (await desk.messages(lead))[-1] == ("task_completed", told)
    shown = await desk.get(f"/leads/{lead}")
    assert (shown["lead"]["grade"], shown["state"]["progress_at"]) == ("A", "2026-11-21T08:00:00Z")
    assert shown["tasks"] == []
    written = await desk.rows("SELECT channel, late, grade FROM follow_ups WHERE lead_id = :lead", lead=lead)
    assert written == [{"channel": "wechat", "late": False, "grade": "A"}]
    words = await desk.rows("SELECT field, text FROM case_words WHERE case_id = :lead AND field = 'answer'", lead=lead)
    assert words == [{"field": "answer", "text": "下周来看车"}]


async def test_a_follow_up_after_the_deadline_counts_and_is_recorded_as_late(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)
    desk.clock.move(timedelta(hours=24, minutes=1))

    answer = await desk.say(lead, "follow-ups", OWNER)

    assert (answer.status_code, answer.json()["late"]) == (200, True)
    assert (await desk.rows("SELECT late FROM follow_ups"))[0]["late"] is True


@pytest.mark.parametrize(("what", "stage"), [("invite", "invited"), ("visit", "visited"), ("test-drive", "test_drive")])
async def test_a_later_stage_is_progress(desk: Desk, what: str, stage: str) -> None:
    lead = await desk.at_consultant(OWNER)

    answer = await desk.say(lead, what, OWNER)

    assert (answer.status_code, answer.json()["stage"]) == (200, stage)
    assert (await desk.get(f"/leads/{lead}"))["state"]["progress_at"] is not None


async def test_an_earlier_stage_does_not_take_the_sale_back(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)
    await desk.say(lead, "visit", OWNER)
    await desk.task(lead, TaskKind.NEXT_FOLLOW_UP, "consultant", owner=OWNER)

    answer = await desk.say(lead, "invite", OWNER)

    assert answer.json()["stage"] == "visited"


async def test_a_won_lead_has_a_contract(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)
    contract = {"number": "HT-1", "model": "森林人", "price": 269_800, "payment": "deposit", "deposit": 5_000}

    answer = await desk.say(lead, "win", OWNER, contract)

    assert (answer.status_code, answer.json()["outcome"]) == (200, "won")
    assert (await desk.rows("SELECT number, model, price FROM contracts")) == [
        {"number": "HT-1", "model": "forester", "price": 269_800}
    ]
    other = await desk.at_consultant(COLLEAGUE)
    twice = await desk.say(other, "win", COLLEAGUE, contract)
    assert (twice.status_code, twice.json()["code"]) == (409, "contract_number_used")
    assert (await desk.get(f"/leads/{other}"))["tasks"][0]["status"] == "open"


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"number": "HT-2", "price": 0}, "price", "too_small"),
        ({"number": "HT-2", "price": "269800"}, "price", "wrong_type"),
        ({"number": "HT-2", "price": 1000, "deposit": 2000, "payment": "deposit"}, "deposit", "deposit_too_large"),
        ({"number": "HT-2", "price": 1000, "payment": "deposit"}, "deposit", "deposit_required"),
        ({"number": "HT-2", "price": 1000, "payment": "later"}, "purchase_on", "purchase_on_required"),
        ({"number": "HT-2", "price": 1000, "payment": "barter"}, "payment", "not_in_list"),
        ({"price": 1000}, "number", "missing"),
        ({"number": "HT-2", "price": 1000, "model": "高尔夫"}, "model", "unknown_model"),
    ],
)
async def test_an_impossible_contract_is_refused_and_changes_nothing(
    desk: Desk, body: dict[str, Any], field: str, code: str
) -> None:
    lead = await desk.at_consultant(OWNER)

    answer = await desk.say(lead, "win", OWNER, body)

    assert answer.status_code == 422
    assert [(one["field"], one["code"]) for one in answer.json()["problems"]] == [(field, code)]
    assert (await desk.get(f"/leads/{lead}"))["tasks"][0]["status"] == "open"


async def test_lost_needs_a_reason_and_then_a_managers_word(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)
    without = await desk.say(lead, "lose", OWNER, {"reason": "just so"})
    assert (without.status_code, without.json()["problems"][0]["code"]) == (422, "not_in_list")

    stated = await desk.say(lead, "lose", OWNER, {"reason": "bought_rival"})
    await desk.task(lead, TaskKind.CONFIRM_CLOSING, "dealer_manager", dealer="BJ01")
    by_consultant = await desk.say(lead, "confirm", OWNER, {"approve": True})
    by_other_manager = await desk.say(lead, "confirm", "SH01-M1", {"approve": True})
    by_manager = await desk.say(lead, "confirm", MANAGER, {"approve": True})

    assert stated.json()["outcome"] == "lost"
    assert (by_consultant.status_code, by_consultant.json()["code"]) == (403, "role_not_allowed")
    assert (by_other_manager.status_code, by_other_manager.json()["code"]) == (403, "other_dealer")
    assert by_manager.json()["outcome"] == "confirmed"
    assert (await desk.get(f"/leads/{lead}"))["state"]["closing"]["reason"] == "bought_rival"


async def test_the_manager_may_send_it_back(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)
    await desk.say(lead, "invalidate", OWNER, {"reason": "wrong_number"})
    await desk.task(lead, TaskKind.CONFIRM_CLOSING, "dealer_manager", dealer="BJ01")

    answer = await desk.say(lead, "confirm", MANAGER, {"approve": False, "comment": "换个时间再打"})

    assert answer.json()["outcome"] == "refused"
    assert (await desk.get(f"/leads/{lead}"))["state"]["closing"] == {}


async def test_the_call_completes_the_facts(desk: Desk) -> None:
    lead = await desk.created(model=None)
    await desk.task(lead, TaskKind.OUTBOUND_CALL, "call_centre")
    facts = {"model": "森林人", "budget": "25万左右", "purchase_time": "一个月内", "city": "青岛", "grade": "B"}

    answer = await desk.say(lead, "call-result", "CC-01", {"outcome": "qualified", **facts})

    assert answer.status_code == 200, answer.text
    shown = await desk.get(f"/leads/{lead}")
    assert (shown["facts"]["model"], shown["facts"]["horizon_days"]) == ("forester", 30)
    assert (shown["facts"]["city"], shown["lead"]["grade"], shown["state"]["grade_reason"]) == ("青岛", "B", "stated")


async def test_a_call_that_cannot_be_understood_is_refused(desk: Desk) -> None:
    lead = await desk.created()
    await desk.task(lead, TaskKind.OUTBOUND_CALL, "call_centre")

    answer = await desk.say(lead, "call-result", "CC-01", {"outcome": "qualified", "model": "高尔夫", "budget": "很多"})

    codes = [(one["field"], one["code"]) for one in answer.json()["problems"]]
    assert (answer.status_code, codes) == (422, [("model", "unknown_model"), ("budget", "unreadable")])


async def test_the_call_may_find_that_it_is_a_duplicate(desk: Desk) -> None:
    first, second = await desk.created(), await desk.created()
    await desk.task(second, TaskKind.OUTBOUND_CALL, "call_centre")

    of_nothing = await desk.say(second, "call-result", "CC-01", {"outcome": "duplicate"})
    of_itself = await desk.say(second, "call-result", "CC-01", {"outcome": "duplicate", "duplicate_of": str(second)})
    answer = await desk.say(second, "call-result", "CC-01", {"outcome": "duplicate", "duplicate_of": str(first)})

    assert (of_nothing.status_code, of_nothing.json()["problems"][0]["field"]) == (422, "duplicate_of")
    assert (of_itself.status_code, of_itself.json()["code"]) == (409, "duplicate_of_itself")
    assert answer.status_code == 200
    assert (await desk.get(f"/leads/{second}"))["state"]["attached_to"] == str(first)


async def test_intent_and_recall_are_answered_by_the_call_centre(desk: Desk) -> None:
    warm = await desk.in_status(Status.NURTURE)
    await desk.task(warm, TaskKind.INTENT_CHECK, "call_centre")
    lost = await desk.in_status(Status.LOST)
    await desk.task(lost, TaskKind.RECALL, "call_centre")

    raised = await desk.say(warm, "intent", "CC-01", {"outcome": "raised", "grade": "A", "labels": ["四驱"]})
    cold = await desk.say(lost, "recall-result", "CC-02", {"outcome": "not_interested"})

    assert (raised.json()["outcome"], cold.json()["outcome"]) == ("raised", "not_interested")
    assert (await desk.get(f"/leads/{warm}"))["lead"]["customer"]["labels"] == ["四驱"]


async def test_the_former_owner_is_told_to_whom_the_lead_went_and_when(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)
    desk.clock.move(timedelta(hours=25))
    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        to = network_seed.staff_id(COLLEAGUE)
        dealer = network_seed.dealer_id("BJ01")
        row = await leads.lock(tx, lead)
        at = desk.clock.now()
        await transfer(tx, row, to_dealer=dealer, to_staff=to, kind=AssignmentKind.HAND_OVER, by="process", at=at)

    before_the_next_task = await desk.say(lead, "follow-ups", OWNER)
    await desk.task(lead, TaskKind.FIRST_FOLLOW_UP, "consultant", owner=COLLEAGUE)
    after = await desk.say(lead, "follow-ups", OWNER)

    for answer in (before_the_next_task, after):
        assert (answer.status_code, answer.json()["code"]) == (409, "task_handed_over")
        assert answer.json()["params"] == {"to": COLLEAGUE, "when": "2026-11-22 17:00"}
    assert (await desk.say(lead, "follow-ups", COLLEAGUE)).status_code == 200


async def test_only_the_owner_and_those_above_may_follow_up(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)

    refusals = {
        by: (await desk.say(lead, "follow-ups", by)).json().get("code") for by in (COLLEAGUE, "SH01-C1", "CC-01")
    }
    by_manager = await desk.say(lead, "follow-ups", MANAGER)

    assert refusals == {COLLEAGUE: "not_yours", "SH01-C1": "other_dealer", "CC-01": "role_not_allowed"}
    assert by_manager.status_code == 200


async def test_a_statement_that_fits_no_open_task_is_told_what_is_possible(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)
    await desk.say(lead, "follow-ups", OWNER)

    twice = await desk.say(lead, "follow-ups", OWNER)
    ended = await desk.say(await desk.in_status(Status.ARCHIVED), "follow-ups", OWNER)

    assert (twice.status_code, twice.json()["code"]) == (409, "no_open_task")
    assert (ended.status_code, ended.json()["code"]) == (409, "not_now")
    assert ended.json()["params"] == {"status": "archived", "possible": "reactivate"}


async def test_a_named_task_that_is_done_is_refused(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)
    task = (await desk.get(f"/leads/{lead}"))["tasks"][0]["id"]
    await desk.say(lead, "follow-ups", OWNER, {"task_id": task, "content": "介绍了四驱"})

    answer = await desk.say(lead, "follow-ups", OWNER, {"task_id": task, "content": "介绍了四驱"})
    unknown = await desk.say(lead, "follow-ups", OWNER, {"task_id": str(lead)})

    assert (answer.status_code, answer.json()["code"]) == (409, "task_done")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "task_not_found")


async def test_the_same_statement_with_a_key_counts_once(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)

    first = await desk.say(lead, "follow-ups", OWNER, key="f-1")
    again = await desk.say(lead, "follow-ups", OWNER, key="f-1")
    by_other = await desk.say(lead, "follow-ups", MANAGER, key="f-1")

    assert (again.status_code, again.json()) == (200, first.json())
    assert (by_other.status_code, by_other.json()["code"]) == (409, "idempotency_key_reused")
    assert (await desk.told(lead)).count("task_completed") == 1


async def test_history_reads_as_business_words_in_both_languages(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)
    await desk.say(lead, "lose", OWNER, {"reason": "bought_rival", "content": "客户的话"})

    chinese = [entry["text"] for entry in await desk.list(f"/leads/{lead}/timeline")]
    answer = await desk.http.get(f"/api/v1/leads/{lead}/timeline", headers={"Accept-Language": "en"})
    english = answer.json()["items"]

    assert chinese == ["收到线索，来自 懂车帝", "顾问报战败：购买竞品"]
    assert [entry["text"] for entry in english] == [
        "Lead received from 懂车帝",
        "Consultant states the loss: bought a rival's car",
    ]
    assert english[1]["by"]["code"] == OWNER
    assert english[1]["at"] == NOW.isoformat().replace("+00:00", "Z")
