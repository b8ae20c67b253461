"""Who may question a win, with what, and what an ended lead allows (A13, E1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from cases.actors import EVERYTHING, SYSTEM
from cases.contracts import ProcessRef
from cases.states import Status, TaskKind
from store.network.network_seed import dealer_id, staff_id
from store.tables import definitions
from tests.api.conftest import Desk
from tests.store.rests import rest
from workflows import processes

OWNER, COLLEAGUE, MANAGER = "BJ01-C1", "BJ01-C2", "BJ01-M1"
BODY = {"reason": "customer_withdrew", "content": "客户家里有事，退订"}


async def won(desk: Desk) -> UUID:
    place = {"dealer_id": dealer_id("BJ01"), "owner_id": staff_id(OWNER), "region": "NORTH"}
    return await desk.in_status(Status.WON, closing={"outcome": "won"}, **place)


@pytest.mark.parametrize(
    ("by", "status", "code"),
    [
        (OWNER, 200, None),
        (MANAGER, 200, None),
        ("HQ-01", 200, None),
        (COLLEAGUE, 403, "not_yours"),
        ("SH01-C1", 403, "other_dealer"),
        ("CC-01", 403, "role_not_allowed"),
    ],
)
async def test_the_owner_and_those_above_may_question_a_win(desk: Desk, by: str, status: int, code: str | None) -> None:
    answer = await desk.say(await won(desk), "cancel-order", by, BODY)

    assert (answer.status_code, answer.json().get("code")) == (status, code)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"content": "退订了"}, ("reason", "missing")),
        ({"reason": "wrong_lead", "content": "退订了"}, ("reason", "not_in_list")),
        ({"reason": "price"}, ("content", "missing")),
        ({"reason": "price", "content": "。。。"}, ("content", "says_nothing")),
    ],
)
async def test_a_reason_from_the_list_and_words_are_needed(
    desk: Desk, body: dict[str, Any], problem: tuple[str, str]
) -> None:
    lead = await won(desk)

    answer = await desk.say(lead, "cancel-order", OWNER, body)

    assert answer.status_code == 422
    assert [(one["field"], one["code"]) for one in answer.json()["problems"]] == [problem]
    assert (await desk.get(f"/leads/{lead}"))["lead"]["status"] == "won"


@pytest.mark.parametrize(
    ("asks", "decides", "code"),
    [
        (OWNER, MANAGER, None),
        (OWNER, "HQ-01", None),
        (OWNER, OWNER, "own_request"),
        (OWNER, COLLEAGUE, "role_not_allowed"),
        (MANAGER, MANAGER, "own_request"),
        (MANAGER, "HQ-01", None),
        ("HQ-01", "HQ-01", "own_request"),
        ("HQ-01", MANAGER, None),
        ("HQ-01", "HQ-02", None),
    ],
)
async def test_who_asks_never_agrees(desk: Desk, asks: str, decides: str, code: str | None) -> None:
    lead = await won(desk)
    await desk.say(lead, "wrong-win", asks, {"reason": "not_signed", "content": "客户没有签字"})
    await desk.task(lead, TaskKind.CONFIRM_UNDO, "dealer_manager", dealer="BJ01")

    answer = await desk.say(lead, "confirm", decides, {"approve": True})

    found = answer.json().get("code")
    assert found == code or (decides == OWNER and found == "role_not_allowed")


async def test_two_questions_make_one(desk: Desk) -> None:
    lead = await won(desk)
    key = "undo-1"

    first = await desk.say(lead, "cancel-order", OWNER, BODY, key=key)
    same = await desk.say(lead, "cancel-order", OWNER, BODY, key=key)
    other = await desk.say(lead, "cancel-order", MANAGER, BODY)

    assert (first.json(), other.json()["code"]) == (same.json(), "not_now")
    assert (await desk.told(lead)).count("win_questioned") == 1


@pytest.mark.parametrize(
    ("status", "possible"),
    [
        (Status.WON, "cancel-order, wrong-win"),
        (Status.LOST, "reactivate"),
        (Status.INVALID, "reactivate"),
        (Status.ARCHIVED, "reactivate"),
    ],
)
async def test_an_ended_lead_says_what_is_possible(desk: Desk, status: Status, possible: str) -> None:
    lead = await desk.in_status(status)

    answer = await desk.say(lead, "follow-ups", "HQ-01")

    assert (answer.status_code, answer.json()["code"]) == (409, "not_now")
    assert answer.json()["params"] == {"status": str(status), "possible": possible}


STATEMENTS = {
    "cancel-order": (Status.WON, "win_questioned", BODY),
    "wrong-win": (Status.WON, "win_questioned", {"reason": "not_signed", "content": "客户没有签字"}),
    "reactivate": (Status.LOST, "reactivated", {"reason": "来电咨询新车"}),
}


@pytest.mark.parametrize("statement", STATEMENTS)
async def test_what_no_process_would_hear_is_refused_with_what_to_do(desk: Desk, statement: str) -> None:
    status, message, body = STATEMENTS[statement]
    place = {"dealer_id": dealer_id("BJ01"), "owner_id": staff_id(OWNER), "region": "NORTH"}
    lead = await desk.in_status(status, closing={"outcome": str(status)}, **place)
    shipped = processes.shipped()["lead"]
    await deploy(desk, shipped.replace(f'name="{message}"'.encode(), b'name="unheard"'))

    answer = await desk.say(lead, statement, OWNER, body)

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "process_cannot_begin")
    assert problem["params"] == {"process": "lead", "version": "2", "message": message}
    assert (await desk.get(f"/leads/{lead}"))["lead"]["status"] == status
    assert await desk.told(lead) == ["lead_created"]
    # the next version begins with it, and the lead's next life runs on the newest
    await deploy(desk, shipped)
    assert (await desk.say(lead, statement, OWNER, body)).status_code == 200


async def test_a_life_that_waits_and_does_not_listen_is_migrated_first(desk: Desk) -> None:
    lead = await won(desk)
    shipped = processes.shipped()["lead"]
    deaf = await deploy(desk, shipped.replace(b'name="win_questioned"', b'name="unheard"'))
    await rest(desk.database, lead, desk.clock.now(), process=deaf, called=())
    newest = await deploy(desk, shipped)

    answer = await desk.say(lead, "cancel-order", OWNER, BODY)

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "life_cannot_hear")
    assert problem["params"] == {"process": "lead", "version": "2", "message": "win_questioned"}
    # when its life goes on in a version that listens
    await rest(desk.database, lead, desk.clock.now() + timedelta(minutes=1), process=newest, called=(), applied=2)
    assert (await desk.say(lead, "cancel-order", OWNER, BODY)).status_code == 200


async def deploy(desk: Desk, xml: bytes) -> ProcessRef:
    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        version = await definitions.deploy_process(tx, "lead", "销售线索", xml, ["chase"], desk.clock.now(), "system")
    return version.ref
