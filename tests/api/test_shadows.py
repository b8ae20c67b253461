"""People of head office let a draft run beside a table, look at what it makes otherwise, and stop
it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

import rules
from cases.actors import EVERYTHING, Actor
from cases.ids import new_id
from store.engine.ledger import Ledger, write
from store.network.network_seed import staff_id
from store.tables import definitions, drafts
from tests.api.conftest import NOW, Desk, headers

WHO = Actor("staff", str(staff_id("HQ-01")))
GRADE = next(path.read_bytes() for path in rules.shipped() if path.stem == "grade")
WEEK = timedelta(days=7)


async def drafted(desk: Desk, xml: bytes = GRADE, key: str = "grade") -> str:
    """An open draft of a table, just as its author saved it."""
    async with desk.database.transaction(WHO, EVERYTHING) as tx:
        return str((await drafts.create(tx, key, key, xml, 1, NOW, "try it")).id)


async def start(desk: Desk, draft: str, by: str = "HQ-01", table: str = "grade", **more: Any) -> httpx.Response:
    body = {"draft": draft, "reason": "less A"} | more
    return await desk.http.post(f"/api/v1/tables/{table}/shadows", json=body, headers=headers(by, language="en"))


async def stop(desk: Desk, shadow: str, by: str = "HQ-02", **params: str) -> httpx.Response:
    head = headers(by, language="en")
    return await desk.http.delete(f"/api/v1/shadows/{shadow}", params={"reason": "enough"} | params, headers=head)


async def started(desk: Desk, **more: Any) -> str:
    answer = await start(desk, await drafted(desk), **more)
    assert answer.status_code == 201, answer.text
    return answer.json()["shadow"]["id"]


async def decided(desk: Desk, shadow: str, *results: tuple[str, str | None, str | None]) -> UUID:
    """Decisions of one step (live grade, the shadow's, or its problem), as a step leaves them."""
    lead = await desk.created()
    ledger = Ledger(NOW, "grade", "process")
    for grade, other, problem in results:
        ledger.decided("grade", 1, {}, (), {"grade": grade})
        new = {"grade": other} if other else None
        changes = ("grade",) if other not in (None, grade) else ()
        ledger.shadowed(ledger.decisions[-1], UUID(shadow), new, changes, problem)
    async with desk.database.transaction(WHO, EVERYTHING) as tx:
        await write(tx, lead, ledger)
    return lead


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_what_a_shadow_saw_is_told_in_totals_and_lead_by_lead(desk: Desk) -> None:
    shadow = await started(desk, until="2026-12-05T08:00:00Z")
    lead = await decided(desk, shadow, ("A", "B", None), ("A", "B", None), ("H", "B", None), ("C", "C", None))
    other = await decided(desk, shadow, ("N", None, "input_refused"))

    told = await desk.get(f"/shadows/{shadow}")
    (listed,) = await desk.list("/tables/grade/shadows")
    first = await desk.get(f"/shadows/{shadow}/lines", limit=3)
    last = await desk.get(f"/shadows/{shadow}/lines", limit=3, cursor=first["next"])

    line = told["shadow"]
    assert listed == line
    assert (line["state"], line["reason"], line["started_by"]["code"]) == ("running", "less A", "HQ-01")
    assert (line["seen"], line["differing"], line["failed"], line["share"]) == (5, 3, 1, 0.6)
    assert [tuple(one.values()) for one in told["changes"]] == [("grade", "A", "B", 2), ("grade", "H", "B", 1)]
    assert [(one["code"], one["count"]) for one in told["problems"]] == [("input_refused", 1)]
    assert (len(first["items"]), len(last["items"]), last["next"]) == (3, 1, None)
    lines = first["items"] + last["items"]
    assert [one["lead_id"] for one in lines] == [str(lead)] * 3 + [str(other)]
    assert (lines[0]["old"], lines[0]["new"], lines[0]["changes"]) == ({"grade": "A"}, {"grade": "B"}, ["grade"])
    assert (lines[3]["problem"]["text"], lines[3]["new"]) == ("该版本不接受决策的某个输入值", {})


async def test_a_shadow_is_stopped_once_by_anybody_of_head_office(desk: Desk) -> None:
    shadow = await started(desk)
    before = await changes(desk)

    answer = await stop(desk, shadow)

    assert answer.status_code == 200
    assert (answer.json()["shadow"]["state"], answer.json()["shadow"]["stopped_by"]["code"]) == ("stopped", "HQ-02")
    assert await changes(desk) > before
    assert code(await stop(desk, shadow)) == (409, "shadow_over")
    assert (await start(desk, await drafted(desk))).status_code == 201
    history = (await desk.get("/tables/grade/history"))["items"]
    said = [(one["code"], one["by"]["code"], one["reason"]) for one in history if one["code"].startswith("shadow")]
    again, stopped, first = said
    assert (stopped, again == first) == (("shadow_stopped", "HQ-02", "enough"), True)


async def test_a_shadow_ends_when_its_time_is_up(desk: Desk) -> None:
    shadow = await started(desk, until=(NOW + WEEK).isoformat())
    desk.clock.move(WEEK)

    assert (await desk.get(f"/shadows/{shadow}"))["shadow"]["state"] == "ended"
    assert code(await stop(desk, shadow)) == (409, "shadow_over")
    await started(desk)
    ended = (await desk.get(f"/shadows/{shadow}"))["shadow"]
    assert (ended["state"], ended["stopped_at"], ended["stopped_by"]) == ("ended", "2026-11-28T08:00:00Z", None)


async def test_one_draft_at_a_time_runs_beside_a_table(desk: Desk) -> None:
    first, second = await drafted(desk), await drafted(desk)

    answers = await asyncio.gather(start(desk, first), start(desk, second))

    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert {answer.json().get("code") for answer in answers} == {None, "shadow_running"}
    assert len(await desk.list("/tables/grade/shadows")) == 1


async def test_a_draft_given_up_at_the_moment_that_it_is_started_does_not_run(desk: Desk) -> None:
    draft = await drafted(desk)
    given_up = f"/api/v1/tables/grade/drafts/{draft}?reason=no"

    answer, _ = await asyncio.gather(start(desk, draft), desk.http.delete(given_up, headers=headers("HQ-02")))

    assert answer.status_code == 201 or code(answer) == (409, "draft_closed")
    assert [one["state"] for one in await desk.list("/tables/grade/shadows")] in ([], ["stopped"])


@pytest.mark.parametrize("how", ["discarded", "published"])
async def test_a_closed_draft_has_no_shadow(desk: Desk, how: str) -> None:
    draft = await drafted(desk, GRADE.replace(b'"within_15_days"', b'"soon"'))
    shadow = (await start(desk, draft)).json()["shadow"]["id"]

    async with desk.database.transaction(WHO, EVERYTHING) as tx:
        held = await drafts.hold(tx, UUID(draft))
        await (drafts.discard(tx, held, NOW, "no") if how == "discarded" else drafts.published(tx, held, 2, NOW))

    assert (await desk.get(f"/shadows/{shadow}"))["shadow"]["state"] == "stopped"
    assert code(await start(desk, draft)) == (409, "draft_closed")


async def test_what_cannot_run_is_refused_and_nothing_is_started(desk: Desk) -> None:
    draft = await drafted(desk)
    of_another = await drafted(desk, GRADE.replace(b"grade", b"rank"), "rank")
    asking = await drafted(desk, GRADE.replace(b"horizon_days", b"mileage"))

    refused = {
        "a consultant": code(await start(desk, draft, by="BJ01-C1")),
        "of another table": code(await start(desk, of_another)),
        "of a table that never decided": code(await start(desk, of_another, table="rank")),
        "of a table that no lead is asked about": code(await start(desk, draft, table="validity")),
        "no such revision": code(await start(desk, draft, revision=2)),
        "in the past": code(await start(desk, draft, until=NOW.isoformat())),
        "without a reason": code(await start(desk, draft, reason=" ")),
        "an input that nobody supplies": code(await start(desk, asking)),
    }

    assert refused == {
        "a consultant": (403, "role_not_allowed"),
        "of another table": (404, "draft_not_found"),
        "of a table that never decided": (404, "table_not_found"),
        "of a table that no lead is asked about": (422, "table_unrecorded"),
        "no such revision": (404, "draft_not_found"),
        "in the past": (422, "invalid_input"),
        "without a reason": (422, "invalid_input"),
        "an input that nobody supplies": (422, "shadow_refused"),
    }
    assert await desk.list("/tables/grade/shadows") == []
    assert (await desk.http.get(f"/api/v1/shadows/{new_id()}/lines")).status_code == 404
    assert code(await stop(desk, str(new_id()))) == (404, "shadow_not_found")


async def changes(desk: Desk) -> int:
    """The number by which workers know that there is something new."""
    async with desk.database.transaction(WHO, EVERYTHING) as tx:
        return await definitions.count_tables(tx)
