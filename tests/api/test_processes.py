"""People of head office deploy diagrams, compare versions and try drafts out; nobody deploys what
cannot run."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import insert

from api.processes.words import CODES
from cases.actors import EVERYTHING, SYSTEM
from cases.ids import new_id
from domain.processes.checking import MOST_ELEMENTS
from store.models import Bundle, ProcessInstance
from store.tables import definitions
from tests.api.conftest import NOW, Desk, headers
from tests.workflows.bpmn.diagrams import bpmn
from workflows import processes
from workflows.bpmn import read
from workflows.bpmn.checks.codes import CODES as CHECKS

HQ = "HQ-01"
XML = {"Content-Type": "application/xml"}
SHORT = bpmn("start -> a:service(clean) -> end", name="short")


async def post(
    desk: Desk, what: str, xml: bytes, by: str | None = HQ, language: str = "en", key: str | None = None, **params: str
) -> httpx.Response:
    head = XML | headers(by, key, language)
    return await desk.http.post(f"/api/v1/processes{what}", content=xml, headers=head, params=params)


async def deployed(desk: Desk, xml: bytes, **params: str) -> dict[str, Any]:
    answer = await post(desk, "", xml, **params)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def codes(answer: httpx.Response) -> list[str]:
    return [one["code"] for one in answer.json()["problems"]]


# -- deploying -----------------------------------------------------------------------------------


async def test_a_deployed_diagram_is_the_newest_version_with_who_when_and_why(desk: Desk) -> None:
    answer = await post(desk, "", SHORT, comment="ein Versuch 试用")

    assert answer.status_code == 201, answer.text
    (made,) = answer.json()["processes"]
    (version,) = await desk.list("/processes/short/versions")
    assert (made["version"], made["new"]) == (1, True)
    assert version["sha256"] == made["sha256"]
    assert (version["deployed_by"]["code"], version["comment"]) == (HQ, "ein Versuch 试用")
    assert version["deployed_at"] == "2026-11-21T08:00:00Z"
    assert (await desk.http.get(version["diagram"])).content == SHORT


async def test_the_file_that_is_the_newest_already_stays_that_version(desk: Desk) -> None:
    first = await deployed(desk, SHORT)

    again = await post(desk, "", SHORT)

    assert again.status_code == 200
    assert again.json()["processes"] == [first["processes"][0] | {"new": False}]


async def test_an_older_file_deployed_again_is_a_new_version(desk: Desk) -> None:
    await deployed(desk, SHORT)
    await deployed(desk, SHORT.replace(b'name="N"', b'name="M"'))

    back = await deployed(desk, SHORT)

    assert [(one["version"], one["new"]) for one in back["processes"]] == [(3, True)]


async def test_all_processes_of_a_file_are_deployed_or_none(desk: Desk) -> None:
    two = "start -> b:call(other) -> end\n=== other\nstart2 -> c:service({}) -> end2"

    refused = await post(desk, "", bpmn(two.format("nonsense"), name="two"))
    after = {one["key"] for one in await desk.list("/processes")}
    taken = await deployed(desk, bpmn(two.format("clean"), name="two"))

    assert (refused.status_code, after & {"two", "other"}) == (422, set())
    assert [one["key"] for one in taken["processes"]] == ["two", "other"]


async def test_every_problem_is_listed_with_element_line_and_cure(desk: Desk) -> None:
    draft = bpmn("start -> a:service(nonsense) -> b:rule(nothing) -> c:call(nowhere) -> end", name="draft")

    answer = await post(desk, "", draft)

    assert (answer.status_code, answer.json()["code"]) == (422, "process_refused")
    assert answer.headers["content-type"] == "application/problem+json"
    assert codes(answer) == ["unknown_activity", "unknown_decision", "unknown_process"]
    first = answer.json()["problems"][0]
    assert (first["element"], first["field"], first["name"], first["severity"]) == ("a", "a", "a!", "error")
    assert first["line"] > 1
    assert "nonsense" in first["message"] and first["cure"]
    assert "3 problems" in answer.json()["detail"]


async def test_a_problem_is_said_in_chinese_too(desk: Desk) -> None:
    answer = await post(desk, "", bpmn("start -> a:service(nonsense) -> end", name="draft"), language="zh")

    (problem,) = answer.json()["problems"]
    assert (problem["message"], problem["cure"]) == ("没有这个活动", "请改正名称")
    assert "nonsense" in problem["detail"]


MISNAMED = (
    "start -> a:service(plan_task) -> u:user -> m:catch(message reasigned) -> end\n"
    "a.in knd = recall\nu.kind recal\nu.role call_centre"
)


async def test_names_that_nobody_knows_are_refused_with_the_ones_that_were_meant(desk: Desk) -> None:
    answer = await post(desk, "", bpmn(MISNAMED, name="draft"))

    assert (answer.status_code, answer.json()["code"]) == (422, "process_refused")
    found = {one["element"]: (one["code"], one["proposal"]) for one in answer.json()["problems"]}
    assert found == {
        "a": ("unknown_input", "kind"),
        "u": ("unknown_kind", "recall"),
        "m": ("unknown_message", "reassigned"),
    }
    assert "draft" not in {one["key"] for one in await desk.list("/processes")}


async def test_the_name_that_was_meant_is_said_in_chinese_too(desk: Desk) -> None:
    answer = await post(desk, "/checks", bpmn(MISNAMED, name="draft"), language="zh")

    cures = {one["element"]: (one["message"], one["cure"]) for one in answer.json()["problems"]}
    assert cures["m"] == ("等待的消息没有任何人发送", "是不是“reassigned”？请改正名称")


async def test_what_a_deployed_process_wants_and_sets_binds_those_that_call_it(desk: Desk) -> None:
    call = (
        'start -> c:call({}) -> x:xor -[answer = "raised"]-> end\nx -[else]-> end2\n'
        "c.in {} = recall\nc.out answer = ={}"
    )
    inner = "start -> u:user -> end\nu.kind =what\nu.role call_centre"
    await deployed(desk, bpmn(inner, name="inner"))

    wrong = await post(desk, "", bpmn(call.format("inner", "whta", "outcom"), name="outer"))
    await deployed(desk, bpmn(call.format("inner", "what", "outcome"), name="outer"))

    assert {(one["code"], one["proposal"]) for one in wrong.json()["problems"]} == {
        ("unknown_input", "what"),
        ("unknown_output", "outcome"),
    }


async def test_a_table_in_force_binds_those_that_ask_it(desk: Desk) -> None:
    asks = "start -> a:rule(price-tier) -> x:xor -[{} = null]-> end\nx -[else]-> end2\na.in {} = =1"

    wrong = await post(desk, "/checks", bpmn(asks.format("teir", "prize"), name="draft"))

    assert [(one["element"], one["code"], one["proposal"]) for one in wrong.json()["problems"]] == [
        ("a", "unknown_input", "price"),
        ("x", "outer_variable", "tier"),
    ]
    assert (await post(desk, "/checks", bpmn(asks.format("tier", "price"), name="draft"))).status_code == 200


async def test_a_draft_that_is_rehearsed_says_what_its_deployment_would(desk: Desk) -> None:
    body = {"xml": bpmn(MISNAMED, name="draft").decode()}

    played = await desk.http.post("/api/v1/processes/rehearsals", json=body, headers=headers(HQ, None, "en"))

    assert played.status_code == 200, played.text
    assert {one["proposal"] for one in played.json()["problems"]} == {"kind", "recall", "reassigned"}


def test_every_code_has_chinese_words() -> None:
    assert CODES.keys() == CHECKS.keys() | {"too_many_elements", "bad_key", "lead_start"}


async def test_what_is_doubtful_is_accepted_and_said(desk: Desk) -> None:
    answer = await deployed(desk, bpmn("start -> a:service(clean)", name="short"))

    assert [(one["code"], one["element"]) for one in answer["warnings"]] == [("implicit_end", "a")]


@pytest.mark.parametrize(
    ("diagram", "missing"),
    [
        ("{back} -> end\n{undo} -> end", ["plain start event"]),
        ("start -> end\n{undo} -> end", ["message reactivated"]),
        ("start -> end\n{back} -> end", ["message win_questioned"]),
        ("start -> end", ["message reactivated", "message win_questioned"]),
        ("start -> end\n{back} -> end\n{undo} -> end", []),
    ],
)
async def test_leads_must_be_able_to_begin_and_to_come_back(desk: Desk, diagram: str, missing: list[str]) -> None:
    starts = {"back": "back:start(message reactivated)", "undo": "undo:start(message win_questioned)"}
    answer = await post(desk, "/checks", bpmn(diagram.format(**starts), name="lead"))

    assert answer.status_code == (422 if missing else 200), answer.text
    said = [(one["code"], one["detail"]) for one in answer.json().get("problems", [])]
    assert [code for code, _ in said] == ["lead_start"] * len(missing)
    assert all(detail.endswith(start) for (_, detail), start in zip(said, missing, strict=True))


async def test_a_key_that_fits_into_no_address_is_refused(desk: Desk) -> None:
    answer = await post(desk, "", bpmn("start -> end", name="线索"))

    assert codes(answer) == ["bad_key"]


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (b"", "no_xml"),
        (b"<a>", "no_xml"),
        (b"<html/>", "no_bpmn"),
        (b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', "doctype"),
        (b"<a>" * 5_000, "no_xml"),
        (SHORT.replace(b"</process>", b'<task id="a"/>' * MOST_ELEMENTS + b"</process>"), "too_many_elements"),
    ],
    ids=["empty", "broken", "no diagram", "entity", "deep", "endless"],
)
async def test_a_hostile_file_is_one_clear_problem(desk: Desk, xml: bytes, code: str) -> None:
    answer = await post(desk, "", xml)

    assert (answer.status_code, codes(answer)) == (422, [code])


async def test_a_body_that_is_too_large_or_no_xml_is_refused_unread(desk: Desk) -> None:
    large = await post(desk, "", b" " * 5_000_000)
    as_json = await desk.http.post("/api/v1/processes", json={}, headers=headers(HQ))

    assert (large.status_code, large.json()["code"]) == (413, "too_large")
    assert (as_json.status_code, as_json.json()["code"]) == (415, "not_bpmn")


@pytest.mark.parametrize("what", ["", "/checks"])
@pytest.mark.parametrize(("by", "code"), [("BJ01-C1", "role_not_allowed"), (None, "actor_required")])
async def test_only_head_office_deploys(desk: Desk, what: str, by: str | None, code: str) -> None:
    answer = await post(desk, what, SHORT, by=by)

    assert (answer.status_code, answer.json()["code"]) == (403, code)


async def test_the_same_request_deploys_once(desk: Desk) -> None:
    first = await post(desk, "", SHORT, key="k1")
    await deployed(desk, SHORT.replace(b'name="N"', b'name="M"'))

    again = await post(desk, "", SHORT, key="k1")

    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    assert len(await desk.list("/processes/short/versions")) == 2


# -- checking ------------------------------------------------------------------------------------


async def test_a_check_says_what_a_deployment_would_and_changes_nothing(desk: Desk) -> None:
    checked = await post(desk, "/checks", SHORT)
    before = await desk.list("/processes")
    made = await deployed(desk, SHORT)
    now_checked = await post(desk, "/checks", SHORT)
    refused = await post(desk, "/checks", bpmn("start -> a:service(nonsense) -> end"))

    assert (checked.status_code, checked.json()) == (200, made)
    assert "short" not in {one["key"] for one in before}
    assert now_checked.json()["processes"][0] == made["processes"][0] | {"new": False}
    assert (refused.status_code, codes(refused)) == (422, ["unknown_activity"])


# -- versions ------------------------------------------------------------------------------------


async def test_a_version_says_how_many_leads_run_on_it(desk: Desk) -> None:
    running, other, ended = [await desk.created() for _ in range(3)]
    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        for lead, runs, end in (
            (running, ["lead", "lead:1", "short", "short:1"], None),
            (other, ["lead", "lead:2"], None),
            (ended, ["lead", "lead:1"], NOW),
        ):
            bundle = new_id()
            await tx.session.execute(insert(Bundle).values(id=bundle, called=[], runs=runs))
            await tx.session.execute(insert(ProcessInstance).values(_life(lead, bundle, end)))
    await deployed(desk, SHORT)

    versions = {(one["key"], one["version"]): one for one in await desk.list("/processes")}

    assert (versions["lead", 1]["instances"], versions["short", 1]["instances"]) == (1, 1)
    assert versions["lead", 1]["deployed_by"] is None


def _life(lead: UUID, bundle: UUID, ended_at: datetime | None) -> dict[str, Any]:
    return {
        "case_id": lead,
        "life": 1,
        "process_key": "lead",
        "process_version": 1,
        "process_sha256": "",
        "bundle": bundle,
        "started_at": NOW,
        "settled_at": NOW,
        "ended_at": ended_at,
        "applied": 1,
        "snapshot": {},
        "place": [],
    }


async def test_a_process_that_nobody_deployed_has_no_versions(desk: Desk) -> None:
    for path in ("/processes/nothing/versions", "/processes/lead/9.bpmn", "/processes/lead/difference?from=1&to=9"):
        answer = await desk.http.get(f"/api/v1{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "process_not_found"), path


async def test_two_versions_are_compared_element_by_element(desk: Desk) -> None:
    await deployed(desk, SHORT)
    await deployed(desk, bpmn("start -> a:service(grade) -> more:task -> end", name="short"))

    answer = await desk.http.get("/api/v1/processes/short/difference", params={"from": 1, "to": 2})

    changes = {one["id"]: one for one in answer.json()["changes"]}
    assert changes["a"]["properties"] == [{"name": "baton:activity", "old": "clean", "new": "grade"}]
    assert changes["more"]["kind"] == "added"


# -- rehearsals ----------------------------------------------------------------------------------


async def rehearsed(desk: Desk, **body: Any) -> httpx.Response:
    return await desk.http.post("/api/v1/processes/rehearsals", json=body, headers=headers(HQ, language="en"))


async def test_a_draft_is_played_through_without_being_deployed(desk: Desk) -> None:
    draft = bpmn('start -> a:service(not_written_yet) -> u:user -> end\nu.due =now + duration("P2D")', name="draft")
    script = {"at": "2026-11-23T02:00:00Z", "people": {"u": [{"after": "P1D", "data": {"outcome": "won"}}]}}

    answer = await rehearsed(desk, xml=draft.decode(), script=script)

    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert (said["ending"], said["outcome"], said["stopped_at"]) == ("ended", "end", "2026-11-24T02:00:00Z")
    assert said["variables"] == {"outcome": "won"}
    assert said["assumed"] == ["draft/a"]
    assert [(one["kind"], one["due"], one["fate"]) for one in said["deadlines"]] == [
        ("due", "2026-11-25T02:00:00Z", "done")
    ]
    assert "draft" not in {one["key"] for one in await desk.list("/processes")}
    assert await desk.rows("SELECT 1 FROM tasks") == []


async def test_a_deployed_version_is_played_with_what_it_calls_now(desk: Desk) -> None:
    await deployed(desk, bpmn("start -> b:service(clean) -> end", name="inner"))
    await deployed(desk, bpmn("start -> c:call(inner) -> end", name="outer"))
    await deployed(desk, bpmn("start -> end", name="outer"))

    old = (await rehearsed(desk, key="outer", version=1)).json()
    new = (await rehearsed(desk, key="outer")).json()

    assert (old["assumed"], new["assumed"]) == (["inner/b"], [])
    assert old["began_at"] == NOW.isoformat().replace("+00:00", "Z")


async def test_the_shipped_processes_can_be_played(desk: Desk) -> None:
    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        for key, xml in processes.shipped().items():
            calls = read(xml).processes[key].calls
            await definitions.deploy_process(tx, key, key, xml, calls, NOW, "system")
    script = {
        "answers": {"grade": [{"result": {"lane": "nurture", "grade": "N"}}]},
        "span": "P10D",
    }

    answer = await rehearsed(desk, key="lead", script=script)

    assert answer.status_code == 200, answer.text
    assert {"lead/clean", "lead/find_duplicates"} <= set(answer.json()["assumed"])
    assert any(one["process"] == "nurture" for one in answer.json()["path"])


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "", "one_of"),
        ({"xml": SHORT.decode(), "version": 1}, "version", "one_of"),
        ({"xml": SHORT.decode(), "key": "other"}, "key", "not_in_list"),
        ({"xml": SHORT.decode(), "script": {"answers": {"b": []}}}, "script/b", "unknown_element"),
        ({"xml": SHORT.decode(), "script": {"span": "soon"}}, "script/span", "bad_duration"),
        ({"xml": SHORT.decode(), "script": {"span": "-P1D"}}, "script/span", "bad_duration"),
        ({"xml": SHORT.decode(), "script": {"events": [{"message": "m"}]}}, "script/events/0", "one_of"),
        ({"xml": SHORT.decode(), "script": {"start": {"message": "m"}}}, "script/start", "no_such_start"),
        ({"xml": SHORT.decode(), "script": {"start": {"message": "m", "element": "start"}}}, "script/start", "one_of"),
        (
            {"xml": SHORT.decode(), "script": {"answers": {"a": [{"error": "x", "failure": "y"}]}}},
            "script/answers/a/0",
            "one_of",
        ),
    ],
)
async def test_a_script_that_cannot_be_meant_is_refused(
    desk: Desk, body: dict[str, Any], field: str, code: str
) -> None:
    answer = await rehearsed(desk, **body)

    assert answer.status_code == 422, answer.text
    assert [(one["field"], one["code"]) for one in answer.json()["problems"]] == [(field, code)]
    assert answer.json()["problems"][0]["message"] != code


async def test_what_is_no_json_in_a_script_is_refused(desk: Desk) -> None:
    for value in ("NaN", "1e999", '"\\ud800"'):
        body = '{"key": "lead", "script": {"start": {"variables": {"x": VALUE}}}}'.replace("VALUE", value)
        head = {"Content-Type": "application/json"} | headers(HQ)
        answer = await desk.http.post("/api/v1/processes/rehearsals", content=body, headers=head)
        assert (answer.status_code, answer.json()["problems"][0]["field"]) == (422, "script/start/variables"), value


async def test_a_draft_that_cannot_be_read_or_calls_nothing_is_refused(desk: Desk) -> None:
    broken = await rehearsed(desk, xml="<a>")
    alone = await rehearsed(desk, xml=bpmn("start -> c:call(nowhere) -> end").decode())

    assert (broken.status_code, broken.json()["code"], codes(broken)) == (422, "process_refused", ["no_xml"])
    assert (alone.status_code, alone.json()["params"]) == (404, {"key": "nowhere"})
