"""How a lead was closed stays readable: what was stated, what was answered, and the words of
both."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from cases.states import TaskKind
from tests.activities.scene import Scene
from tests.api.conftest import Desk, headers

CONSULTANT, MANAGER = "BJ01-C1", "BJ01-M1"
WORDS, ANSWER = "嫌贵，订了别家", "再谈一次价格"


async def closings(desk: Desk, lead: UUID, by: str = MANAGER) -> list[dict[str, Any]]:
    answer = await desk.http.get(f"/api/v1/leads/{lead}/closings", headers=headers(by))
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def stated(desk: Desk, **body: Any) -> UUID:
    """A lead that its consultant has stated lost, before the manager has answered."""
    lead = await desk.at_consultant()
    said = await desk.say(lead, "lose", CONSULTANT, {"reason": "price", "content": WORDS} | body)
    assert said.status_code == 200, said.text
    await desk.task(lead, TaskKind.CONFIRM_CLOSING, "dealer_manager", dealer="BJ01")
    return lead


async def answered(desk: Desk, lead: UUID, approve: bool) -> None:
    desk.clock.move(timedelta(hours=1))
    said = await desk.say(lead, "confirm", MANAGER, {"approve": approve, "comment": ANSWER})
    assert said.status_code == 200, said.text


@pytest.mark.parametrize(("approve", "answer"), [(True, "confirmed"), (False, "refused")])
async def test_the_managers_answer_and_words_are_read_after_the_lead_went_on(
    desk: Desk, approve: bool, answer: str
) -> None:
    lead = await stated(desk)
    (waiting,) = await closings(desk, lead)

    await answered(desk, lead, approve)
    await Scene(desk.database).run("close" if approve else "reopen", lead, desk.clock.now(), outcome="lost")

    (found,) = await closings(desk, lead)
    assert (waiting["answer"], waiting["decided_by"], waiting["comment"]) == (None, None, "")
    assert (found["statement"], found["reason"], found["content"]) == ("lose", "price", WORDS)
    assert (found["by"]["code"], found["decided_by"]["code"]) == (CONSULTANT, MANAGER)
    assert (found["answer"], found["comment"]) == (answer, ANSWER)
    assert found["decided_at"] > found["at"]


async def test_each_statement_has_the_answer_that_it_got(desk: Desk) -> None:
    lead = await stated(desk)
    await answered(desk, lead, approve=False)
    await desk.task(lead, TaskKind.NEXT_FOLLOW_UP, "consultant", owner=CONSULTANT)
    await desk.say(lead, "invalidate", CONSULTANT, {"reason": "wrong_number", "content": "空号，联系不上"})

    first, second = await closings(desk, lead)

    assert (first["statement"], first["answer"]) == ("lose", "refused")
    assert (second["statement"], second["reason"], second["answer"]) == ("invalidate", "wrong_number", None)


async def test_a_questioned_win_is_told_with_its_answer(desk: Desk) -> None:
    lead = await desk.at_consultant()
    await desk.say(lead, "win", CONSULTANT, {"number": "HT-7", "price": 269800})
    await desk.execute("UPDATE cases SET status = 'won' WHERE id = :lead", lead=lead)
    await desk.say(lead, "cancel-order", CONSULTANT, {"reason": "finance_refused", "content": "贷款未批"})
    await desk.task(lead, TaskKind.CONFIRM_UNDO, "dealer_manager", dealer="BJ01")
    await answered(desk, lead, approve=False)

    (found,) = await closings(desk, lead)

    assert (found["statement"], found["reason"], found["content"]) == ("cancel_order", "finance_refused", "贷款未批")
    assert (found["answer"], found["comment"], found["decided_by"]["code"]) == ("refused", ANSWER, MANAGER)


async def test_head_office_answers_for_a_manager_who_did_not(desk: Desk) -> None:
    lead = await stated(desk)
    await desk.execute("UPDATE tasks SET status = 'withdrawn' WHERE case_id = :lead AND status = 'open'", lead=lead)
    await desk.task(lead, TaskKind.HQ_DECISION, "hq")
    await desk.execute("UPDATE tasks SET why = 'confirmation_missed' WHERE kind = 'hq_decision'")
    await desk.say(lead, "hq-decision", "HQ-01", {"decision": "lost", "reason": "price", "comment": "同意"})

    (found,) = await closings(desk, lead)

    assert (found["statement"], found["answer"], found["decided_by"]["code"]) == ("lose", "confirmed", "HQ-01")


async def test_whoever_may_not_act_on_the_lead_reads_nothing(desk: Desk) -> None:
    lead = await stated(desk)

    path = f"/api/v1/leads/{lead}/closings"
    answers = [await desk.http.get(path, headers=headers(by)) for by in (None, "BJ02-M1", "BJ01-C2")]

    assert [one.status_code for one in answers] == [403, 403, 403]


async def test_nothing_of_the_words_is_left_after_erasure(desk: Desk) -> None:
    lead = await stated(desk)
    await answered(desk, lead, approve=True)
    await desk.http.delete(f"/api/v1/leads/{lead}/customer", headers=headers("HQ-01"))

    (found,) = await closings(desk, lead, "HQ-01")

    assert (found["answer"], found["content"], found["comment"]) == ("confirmed", "", "")
    for table in ("timeline", "follow_ups", "leads"):
        assert ANSWER not in str(await desk.rows(f"SELECT * FROM {table}"))
        assert WORDS not in str(await desk.rows(f"SELECT * FROM {table}"))
