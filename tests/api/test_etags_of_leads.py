"""A lead and its process have a version: what was seen is changed, or the lines since are told."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import httpx

from cases.states import Status
from tests.api.conftest import Desk, headers
from tests.api.lives import living

HQ = "HQ-01"


async def lead_tag(desk: Desk, lead: UUID) -> str:
    return (await desk.http.get(f"/api/v1/leads/{lead}")).headers["etag"]


async def state(desk: Desk, lead: UUID, what: str, seen: str | None, **body: Any) -> httpx.Response:
    condition = {} if seen is None else {"If-Match": seen}
    return await desk.http.post(f"/api/v1/leads/{lead}/{what}", json=body, headers=headers(HQ) | condition)


async def test_a_lead_is_reassigned_as_it_was_seen_or_the_lines_since_are_told(desk: Desk) -> None:
    lead = await desk.at_consultant()
    tag = await lead_tag(desk, lead)
    first = await state(desk, lead, "reassign", tag, to_staff="BJ01-C2", reason="请假")

    late = await state(desk, lead, "reassign", tag, to_staff="BJ01-C1", reason="熟客")

    assert (first.status_code, late.status_code) == (200, 412)
    (line,) = late.json()["changes"]
    assert (line["code"], line["by"]["code"]) == ("reassigned", HQ)
    assert "请假" in line["text"] or line["data"]["words"] == "请假"
    again = await state(desk, lead, "reassign", late.headers["etag"], to_staff="BJ01-C1", reason="熟客")
    assert again.status_code == 200


async def test_of_two_who_reassign_at_once_one_wins(desk: Desk) -> None:
    lead = await desk.at_consultant()
    tag = await lead_tag(desk, lead)

    answers = await asyncio.gather(
        *(state(desk, lead, "reassign", tag, to_staff=staff, reason="调整") for staff in ("BJ01-C2", "BJ01-C3"))
    )

    assert sorted(answer.status_code for answer in answers) == [200, 412]


async def test_a_grade_that_was_seen_is_stated_anew_or_not_at_all(desk: Desk) -> None:
    lead = await desk.in_status(Status.NURTURE, grade="C")
    tag = await lead_tag(desk, lead)
    assert (await state(desk, lead, "regrade", tag, grade="B")).status_code == 200

    late = await state(desk, lead, "regrade", tag, grade="A")

    assert (late.status_code, [line["code"] for line in late.json()["changes"]]) == (412, ["regraded"])
    assert (await state(desk, lead, "regrade", None, grade="A")).status_code == 200


async def test_of_two_who_correct_variables_one_is_told_what_the_other_made_of_them(desk: Desk) -> None:
    life = await living(desk, "start -> b:user -> end", {"grade": "B"})
    tag = (await desk.http.get(f"/api/v1/instances/{life.lead}", headers=headers(HQ))).headers["etag"]

    async def say(grade: str) -> httpx.Response:
        body = {"reason": "录入错误", "variables": {"grade": grade}}
        address = f"/api/v1/instances/{life.lead}/variables"
        return await desk.http.post(address, json=body, headers=headers(HQ) | {"If-Match": tag})

    first, late = await say("A"), await say("C")

    assert (first.status_code, late.status_code) == (200, 412)
    assert late.json()["changes"][0]["data"]["changes"] == {"grade": {"before": "B", "after": "A"}}


async def test_an_incident_is_mended_as_it_was_seen(desk: Desk) -> None:
    life = await living(desk, "start -> a:service(ship) -> b:user -> end")
    incident = await life.fail("a")
    tag = (await desk.http.get(f"/api/v1/instances/{life.lead}", headers=headers(HQ))).headers["etag"]
    body = {"reason": "修正", "variables": {"grade": "A"}}
    await desk.http.post(f"/api/v1/instances/{life.lead}/variables", json=body, headers=headers(HQ))

    async def retry(seen: str) -> httpx.Response:
        address = f"/api/v1/incidents/{incident}/retry"
        return await desk.http.post(address, headers=headers(HQ) | {"If-Match": seen})

    late = await retry(tag)
    assert (late.status_code, [line["code"] for line in late.json()["changes"]]) == (412, ["variables_corrected"])
    assert (await retry(late.headers["etag"])).status_code == 200
