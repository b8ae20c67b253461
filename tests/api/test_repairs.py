"""Incidents are retried, singly and many at once; variables are corrected and tokens moved, with
reason and audit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest

from cases.actors import EVERYTHING, SYSTEM
from cases.ids import new_id
from server.batches import Batches
from store.engine import incidents
from tests.api.conftest import Desk, headers
from tests.api.lives import Life, living
from workflows.bpmn import ActivityDone, TaskDone

PROCESS = "start -> a:service(ship) -> b:user -> end\nb -> c:user -> end2"


async def say(desk: Desk, path: str, body: dict[str, Any] | None = None, by: str = "HQ-01") -> httpx.Response:
    return await desk.http.post(f"/api/v1{path}", json=body, headers=headers(by))


async def report(desk: Desk, batch: str, **params: Any) -> dict[str, Any]:
    return await desk.get(f"/incidents/retries/{batch}", **params)


async def last_line(desk: Desk, lead: UUID) -> dict[str, Any]:
    """As people read it: with the words that came with it."""
    query = "SELECT t.*, w.text AS words FROM timeline t LEFT JOIN case_words w ON w.of_id = t.id"
    return (await desk.rows(f"{query} WHERE t.case_id = :lead ORDER BY number DESC LIMIT 1", lead=lead))[0]


def problem(answer: httpx.Response) -> tuple[int, str, list[tuple[str, str]]]:
    body = answer.json()
    return answer.status_code, body["code"], [(one["field"], one["code"]) for one in body["problems"]]


# -- one lead ------------------------------------------------------------------------------------


async def test_variables_are_corrected_with_a_reason_and_what_they_were(desk: Desk) -> None:
    life = await living(desk, PROCESS, {"grade": "B"})
    body = {"reason": "录入错误", "variables": {"grade": "A", "tries": 3}}

    answer = await say(desk, f"/instances/{life.lead}/variables", body)

    assert answer.status_code == 200, answer.text
    seq, kind, data = (await life.lead_messages())[-1]
    assert (kind, answer.json()["message"]) == ("variables_corrected", seq)
    assert data == {"life": 1, "execution": "1", "variables": {"grade": "A", "tries": 3}}
    line = await last_line(desk, life.lead)
    assert (line["code"], line["actor"].split(":")[0]) == ("variables_corrected", "staff")
    assert line["words"] == "录入错误"
    assert line["data"]["changes"] == {"grade": {"before": "B", "after": "A"}, "tries": {"before": None, "after": 3}}


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"variables": {"n": 1}}, "reason", "missing"),
        ({"reason": " ", "variables": {"n": 1}}, "reason", "too_short"),
        ({"reason": "x" * 501, "variables": {"n": 1}}, "reason", "too_long"),
        ({"reason": "x", "variables": {}}, "variables", "too_short"),
        ({"reason": "x", "variables": {"n": "y" * 17_000}}, "variables", "too_long"),
        ({"reason": "x", "variables": {"n": [[[[[[[[[[1]]]]]]]]]]}}, "variables", "too_deep"),
        ({"reason": "x", "variables": {"n": "a\u0000b"}}, "variables", "bad_characters"),
        ({"reason": "x", "variables": {"n": 2**60}}, "variables", "out_of_range"),
    ],
)
async def test_variables_are_bounded_and_a_reason_is_needed(
    desk: Desk, body: dict[str, Any], field: str, code: str
) -> None:
    life = await living(desk, PROCESS)
    answer = await say(desk, f"/instances/{life.lead}/variables", body)
    assert problem(answer) == (422, "invalid_input", [(field, code)])
    assert len(await life.lead_messages()) == 1


async def test_a_token_moves_within_its_scope_only(desk: Desk) -> None:
    inside = "start -> s:sub -> z:user -> end\ns {\nstart2 -> a:user -> b:user -> end2\n}"
    life = await living(desk, inside)
    token = life.execution("a")
    path = f"/instances/{life.lead}/tokens/{token}/move"

    for element in ("z", "nowhere"):
        refused = await say(desk, path, {"reason": "x", "element": element})
        assert problem(refused) == (422, "invalid_input", [("element", "no_such_element")])
        assert refused.json()["problems"][0]["cure"]
    moved = await say(desk, path, {"reason": "跳过", "element": "b"})

    assert moved.status_code == 200, moved.text
    assert (await life.lead_messages())[-1][1:] == ("token_moved", {"life": 1, "execution": token, "element": "b"})
    line = await last_line(desk, life.lead)
    assert (line["code"], line["data"]["former"], line["data"]["target"]) == ("token_moved", "a", "b")


async def test_what_is_no_token_or_has_gone_is_a_conflict(desk: Desk) -> None:
    life = await living(desk, PROCESS)
    for execution, code in (("1", "instance_not_a_token"), ("999", "execution_gone")):
        answer = await say(desk, f"/instances/{life.lead}/tokens/{execution}/move", {"reason": "x", "element": "b"})
        assert problem(answer)[:2] == (409, code)
    ended = await living(desk, "start -> end")
    answer = await say(desk, f"/instances/{ended.lead}/variables", {"reason": "x", "variables": {"n": 1}})
    assert problem(answer)[:2] == (409, "instance_ended")
    unknown = await say(desk, f"/instances/{await desk.created()}/variables", {"reason": "x", "variables": {"n": 1}})
    assert problem(unknown)[:2] == (404, "instance_not_found")


async def test_only_the_desk_repairs(desk: Desk) -> None:
    life = await living(desk, PROCESS)
    body = {"reason": "x", "variables": {"n": 1}}
    assert (await say(desk, f"/instances/{life.lead}/variables", body, by="BJ01-C1")).status_code == 403
    assert (await say(desk, "/incidents/retries", {"reason": "x", "filter": {}}, by="BJ01-C1")).status_code == 403


# -- one incident --------------------------------------------------------------------------------


async def test_an_incident_is_retried_with_corrected_variables(desk: Desk) -> None:
    life = await living(desk, PROCESS, {"n": 1})
    incident = await life.fail("a")
    path = f"/incidents/{incident}/retry"
    assert problem(await say(desk, path, {"variables": {"n": 2}})) == (422, "invalid_input", [("reason", "missing")])

    answer = await say(desk, path, {"reason": "价格缺失", "variables": {"n": 2}})

    assert answer.status_code == 200, answer.text
    key = f"{life.lead}:1:{life.execution('a')}"
    assert (await life.lead_messages())[-1][1:] == ("incident_retried", {"key": key, "variables": {"n": 2}})
    line = await last_line(desk, life.lead)
    assert line["data"]["changes"] == {"n": {"before": 1, "after": 2}}
    assert line["words"] == "价格缺失"
    assert problem(await say(desk, path))[:2] == (409, "incident_resolved")


async def test_an_incident_ends_when_its_token_goes_on_elsewhere(desk: Desk) -> None:
    life = await living(desk, PROCESS)
    incident = await life.fail("a")

    refused = await say(desk, f"/incidents/{incident}/move", {"reason": "x", "element": "nowhere"})
    assert problem(refused) == (422, "invalid_input", [("element", "no_such_element")])
    answer = await say(desk, f"/incidents/{incident}/move", {"reason": "不再需要", "element": "b"})

    assert answer.status_code == 200, answer.text
    assert (await life.lead_messages())[-1][1] == "token_moved"
    assert (await desk.get("/incidents"))["items"] == []


async def test_a_missing_definition_is_said_and_no_retry_pretends_to_mend_it(desk: Desk) -> None:
    life = await living(desk, PROCESS)
    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        assert await incidents.definition_missing(tx, life.ref.sha256, desk.clock.now()) == 1
        assert await incidents.definition_missing(tx, life.ref.sha256, desk.clock.now()) == 0
    (item,) = (await desk.get("/incidents"))["items"]
    assert item["kind"] == "missing_definition" and life.ref.sha256 in item["message"]
    assert problem(await say(desk, f"/incidents/{item['id']}/retry"))[:2] == (409, "definition_missing")

    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        await incidents.definition_found(tx, life.ref.sha256, desk.clock.now())
    assert (await desk.get("/incidents"))["items"] == []


# -- many incidents ------------------------------------------------------------------------------


async def three_stuck(desk: Desk) -> tuple[list[Life], list[UUID]]:
    lives = [await living(desk, PROCESS) for _ in range(3)]
    return lives, [await life.fail("a") for life in lives]


async def test_a_bulk_retry_reports_what_truly_became_of_each(desk: Desk) -> None:
    lives, ids = await three_stuck(desk)
    by_id = {str(one): life for one, life in zip(ids, lives, strict=True)}
    batches = Batches(desk.database, desk.clock)

    started = await say(desk, "/incidents/retries", {"reason": "表已修正", "filter": {"message": "KeyError"}})
    assert (started.status_code, started.json()["total"]) == (202, 3)
    batch = started.json()["id"]
    assert started.headers["location"] == f"/api/v1/incidents/retries/{batch}"
    # Asked before anybody was told, and before anybody has worked on it: all are waited for.
    assert (await report(desk, batch))["totals"] == {"waiting": 3}
    assert await batches.tell() == 3
    assert (await report(desk, batch))["totals"] == {"waiting": 3}

    first, second, third = [by_id[item["incident_id"]] for item in (await report(desk, batch))["items"]]
    seq = (await first.lead_messages())[-1][0]
    await first.tell(ActivityDone(first.execution("a"), {}), applied=seq)
    await second.fail("a", "activity: OverflowError")
    assert (await report(desk, batch))["totals"] == {"resolved": 1, "failed_again": 1, "waiting": 1}
    await second.tell(applied=seq)
    await third.tell(ActivityDone(third.execution("a"), {}), applied=seq)

    done = await report(desk, batch)
    assert done["totals"] == {"resolved": 2, "failed_again": 1}
    assert [(item["outcome"], item["message"]) for item in done["items"]] == [
        ("resolved", None),
        ("failed_again", "activity: OverflowError"),
        ("resolved", None),
    ]
    assert (done["told"], done["by"], done["reason"]) == (True, "HQ-01", "表已修正")
    assert [item["number"] for item in (await report(desk, batch, outcome="failed_again"))["items"]] == [2]


async def test_a_report_stays_true_when_somebody_retries_once_more(desk: Desk) -> None:
    life = await living(desk, PROCESS)
    incident = await life.fail("a")
    batch = (await say(desk, "/incidents/retries", {"reason": "x", "ids": [str(incident)]})).json()["id"]
    await Batches(desk.database, desk.clock).tell()
    await life.fail("a", "again")
    await life.tell(applied=(await life.lead_messages())[-1][0])

    await say(desk, f"/incidents/{incident}/retry", {"reason": "再试"})
    await life.tell(ActivityDone(life.execution("a"), {}), applied=(await life.lead_messages())[-1][0])

    assert [(one["outcome"], one["message"]) for one in (await report(desk, batch))["items"]] == [
        ("failed_again", "again")
    ]


async def test_what_was_resolved_or_ended_meanwhile_is_gone(desk: Desk) -> None:
    lives, ids = await three_stuck(desk)
    batches = Batches(desk.database, desk.clock)
    batch = (await say(desk, "/incidents/retries", {"reason": "x", "ids": [str(one) for one in ids]})).json()["id"]
    await say(desk, f"/incidents/{ids[0]}/retry", {"reason": "先试一条"})
    await batches.tell()
    ending = lives[1]
    await ending.tell(ActivityDone(ending.execution("a"), {}))
    await ending.tell(TaskDone(ending.execution("b"), {}), TaskDone(ending.execution("b"), {}))
    await ending.tell(TaskDone(next(one.id for one in ending.state.executions.values() if one.element == "c")))

    assert ending.state.ended
    assert (await report(desk, batch))["totals"] == {"gone": 2, "waiting": 1}


async def test_incidents_are_sought_by_what_they_have_in_common(desk: Desk) -> None:
    _, ids = await three_stuck(desk)
    other = await living(desk, "start -> q:service(call) -> end")
    await other.fail("q", "activity: ValueError 100%_off", kind="uncaught_error")
    for sought, total in (
        ({}, 4),
        ({"kind": "uncaught_error"}, 1),
        ({"element": "a"}, 3),
        ({"process": "p"}, 4),
        ({"process": "lead"}, 0),
        ({"message": "100%_"}, 1),
        ({"message": "1__%"}, 0),
        ({"element": "a", "kind": "uncaught_error"}, 0),
    ):
        answer = await say(desk, "/incidents/retries", {"reason": "x", "filter": sought})
        assert (answer.status_code, answer.json()["total"]) == (202, total), sought
    assert len(ids) == 3


async def test_a_bulk_retry_names_ids_or_a_filter(desk: Desk) -> None:
    for body in ({"reason": "x"}, {"reason": "x", "filter": {}, "ids": [str(new_id())]}):
        assert problem(await say(desk, "/incidents/retries", body)) == (422, "invalid_input", [("filter", "one_of")])
    unknown = await say(desk, "/incidents/retries", {"reason": "x", "ids": [str(new_id())]})
    assert problem(unknown) == (422, "invalid_input", [("ids/0", "unknown_incident")])
    assert (await desk.http.get(f"/api/v1/incidents/retries/{new_id()}")).status_code == 404


async def test_many_are_told_some_at_a_time_and_by_one_worker_at_a_time(desk: Desk) -> None:
    lives, _ = await three_stuck(desk)
    started = await say(desk, "/incidents/retries", {"reason": "x", "filter": {}, "batch_size": 2})
    batches = [Batches(desk.database, desk.clock) for _ in range(2)]

    assert [await batches[0].tell(), await batches[1].tell(), await batches[0].tell()] == [2, 1, 0]

    page = await report(desk, started.json()["id"], limit=2)
    rest = await report(desk, started.json()["id"], limit=2, cursor=page["next"])
    assert [item["number"] for item in (*page["items"], *rest["items"])] == [1, 2, 3]
    assert (page["told"], rest["next"]) == (True, None)
    assert [len(await life.lead_messages()) for life in lives] == [2, 2, 2]
