"""Head office tries a draft on the past: asks, looks on, reads lead by lead, takes it along,
cancels."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from cases.actors import EVERYTHING, PROCESS, Actor
from cases.ids import new_id
from server.backtest_hands import Hands
from store.network.network_seed import dealer_id, staff_id
from store.tables import drafts
from tests.api.conftest import NOW, Desk, headers
from tests.domain.policy.pasts import draft
from tests.store import kept

ANNE = Actor("staff", str(staff_id("HQ-01")))
SHORTER_A = ("<text>[0..15]</text>", "<text>[0..10]</text>")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SINCE, UNTIL = (NOW - 10 * DAY).isoformat(), NOW.isoformat()


async def drafted(desk: Desk, xml: bytes | None = None, key: str = "grade") -> str:
    async with desk.database.transaction(ANNE, EVERYTHING) as tx:
        return str((await drafts.create(tx, key, key, xml or draft(key, SHORTER_A), 1, NOW, "fewer A")).id)


async def graded(desk: Desk, *days: int) -> list[UUID]:
    """Leads that were graded A within the period, an hour apart."""
    leads = [await desk.created() for _ in days]
    async with desk.database.transaction(PROCESS, EVERYTHING) as tx:
        for number, (lead, horizon) in enumerate(zip(leads, days, strict=True)):
            asked = {"horizon_days": horizon, "budget_clear": False, "model_known": True, "stated_grade": ""}
            result = {"grade": "A", "reason": "within_15_days"}
            await kept.decision(tx, lead, NOW - DAY + number * HOUR, "grade", 1, asked, [], result)
    return leads


async def ask(desk: Desk, body: dict[str, Any], by: str | None = "HQ-01", key: str = "grade") -> httpx.Response:
    body = {"since": SINCE, "until": UNTIL} | body
    return await desk.http.post(f"/api/v1/tables/{key}/backtests", json=body, headers=headers(by, language="en"))


async def asked(desk: Desk) -> str:
    answer = await ask(desk, {"draft": await drafted(desk)})
    assert answer.status_code == 202, answer.text
    return answer.headers["location"].removeprefix("/api/v1")


async def worked(desk: Desk) -> None:
    """What a worker does meanwhile."""
    hands = Hands(desk.database)
    while await hands.part() is not None:
        pass


def problem(answer: httpx.Response) -> tuple[int, str, list[tuple[str, str]]]:
    body = answer.json()
    return answer.status_code, body["code"], [(one["field"], one["code"]) for one in body["problems"]]


async def test_a_draft_is_tried_and_its_totals_are_told(desk: Desk) -> None:
    await graded(desk, 9, 12, 14)
    draft_id = await drafted(desk)

    answer = await ask(desk, {"draft": draft_id})

    assert answer.status_code == 202, answer.text
    waiting = answer.json()["backtest"]
    assert (waiting["state"], waiting["progress"]["total"], waiting["draft"]) == ("waiting", None, draft_id)
    await worked(desk)
    found = await desk.get(answer.headers["location"].removeprefix("/api/v1"))
    assert found["backtest"]["state"] == "done"
    assert found["backtest"]["asked_by"]["code"] == "HQ-01"
    assert (found["backtest"]["progress"]["done"], found["backtest"]["progress"]["total"]) == (3, 3)
    totals = found["totals"]
    assert (totals["leads"], totals["leads_changed"], totals["changed"]) == (3, 2, {"grade": 2})
    assert totals["cells"] == [
        {"output": "grade", "old": "A", "new": "B", "count": 2},
        {"output": "grade", "old": "A", "new": "A", "count": 1},
    ]
    (listed,) = await desk.list("/tables/grade/backtests")
    assert listed == found["backtest"] | {"progress": listed["progress"]}
    (event,) = (await desk.get("/tables/grade/history"))["items"][:1]
    assert (event["code"], event["draft"]) == ("backtest_asked", draft_id)


async def test_a_published_version_can_be_tried_too(desk: Desk) -> None:
    await graded(desk, 12)

    answer = await ask(desk, {"version": 1})

    await worked(desk)
    found = await desk.get(answer.headers["location"].removeprefix("/api/v1"))
    assert (found["backtest"]["version"], found["totals"]["leads_changed"]) == (1, 0)


async def test_changes_are_read_lead_by_lead_in_words(desk: Desk) -> None:
    leads = await graded(desk, 12, 13, 14)
    path = await asked(desk)
    await worked(desk)

    first = await desk.get(f"{path}/lines", limit=2)
    rest = await desk.get(f"{path}/lines", limit=2, cursor=first["next"])

    assert [one["lead_id"] for one in (*first["items"], *rest["items"])] == [str(lead) for lead in leads]
    assert rest["next"] is None
    line = first["items"][0]
    assert (line["kind"], line["text"], line["was"], line["would"]) == ("grade", "级别", "A", "B")
    (only,) = (await desk.get(f"{path}/lines", lead=str(leads[1])))["items"]
    assert only == first["items"][1]
    assert (await desk.get(f"{path}/lines", kind="dealer"))["items"] == []


async def dispatched(desk: Desk, *codes: str) -> str:
    """A lead that the first of two dealers got for being in its city; the path of a trial of that
    counting nothing."""
    lead = await desk.created()
    near, far = codes
    lines = [
        {
            "id": str(dealer_id(code)),
            "code": code,
            "inputs": {
                "distance_km": 5 if code == near else 45,
                "same_city": code == near,
                "same_region": True,
                "sells_model": True,
                "load_percent": 60,
                "performance": 90 if code == far else 60,
                "grade": "B",
            },
            "rank": [0.1, 0.0],
            "capacity": 1,
        }
        for code in codes
    ]
    async with desk.database.transaction(PROCESS, EVERYTHING) as tx:
        result = {"chosen": str(dealer_id(near)), "code": near}
        await kept.decision(tx, lead, NOW - DAY, "dispatch", 1, {"grade": "B"}, [], result, candidates=lines)
    draft_id = await drafted(desk, draft("dispatch", ("<text>100</text>", "<text>0</text>")), "dispatch")
    answer = await ask(desk, {"draft": draft_id}, key="dispatch")
    await worked(desk)
    return answer.headers["location"].removeprefix("/api/v1")


async def test_the_choice_of_another_dealer_is_told_by_names_and_found_by_dealer(desk: Desk) -> None:
    path = await dispatched(desk, "BJ01", "QD01")

    totals = (await desk.get(path))["totals"]
    assert [(one["who"]["code"], one["was"], one["would"], one["difference"]) for one in totals["dealers"]] == [
        ("BJ01", 1, 0, -1),
        ("QD01", 0, 1, 1),
    ]
    peak = {"was": 0, "would": 1, "capacity": 1, "days_over_was": 0, "days_over_would": 0}
    assert totals["dealers"][1]["peak"] == peak
    for code, count in (("BJ01", 1), ("QD01", 1), ("SH01", 0), ("nobody", 0)):
        found = (await desk.get(f"{path}/lines", dealer=code))["items"]
        assert len(found) == count, code
    (line,) = (await desk.get(f"{path}/lines", dealer="QD01"))["items"]
    assert line["was"].startswith("BJ01 ") and line["would"].startswith("QD01 ")
    assert line["dealer"]["code"] == "BJ01"


async def test_the_export_is_a_table_that_a_spreadsheet_reads(desk: Desk) -> None:
    leads = await graded(desk, 12, 13)
    path = await asked(desk)
    await worked(desk)

    answer = await desk.http.get(f"/api/v1{path}/lines.csv", headers=headers(language="en"))

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head[:2] == ["lead", "decided at"]
    assert [(row[0], *row[3:6]) for row in rows] == [(str(lead), "grade", "A", "B") for lead in leads]


async def test_what_looks_like_a_formula_is_none_in_the_export(desk: Desk) -> None:
    path = await dispatched(desk, "=1+1", "@SUM(A1)")

    text = (await desk.http.get(f"/api/v1{path}/lines.csv")).text

    assert ",'=1+1,'@SUM(A1)," in text


async def test_a_cancelled_one_goes_no_further(desk: Desk) -> None:
    await graded(desk, 12)
    path = await asked(desk)

    answer = await desk.http.delete(f"/api/v1{path}", headers=headers("HQ-02"))

    assert (answer.status_code, answer.json()["backtest"]["state"]) == (200, "cancelled")
    await worked(desk)
    assert (await desk.get(path))["totals"]["decisions"] == 0
    again = await desk.http.delete(f"/api/v1{path}", headers=headers("HQ-02"))
    assert problem(again)[:2] == (409, "backtest_ended")
    (event,) = (await desk.get("/tables/grade/history"))["items"][:1]
    assert (event["code"], event["by"]["code"]) == ("backtest_cancelled", "HQ-02")


async def test_what_cannot_be_tried_is_refused_with_the_field_and_the_cure(desk: Desk) -> None:
    await graded(desk, 12)
    own, other = await drafted(desk), await drafted(desk, draft("grade").replace(b"horizon_days", b"age"))
    version: dict[str, Any] = {"version": 1}
    for body, field, code in (
        ({}, "draft", "one_of"),
        ({"draft": own, "version": 1}, "draft", "one_of"),
        (version | {"since": UNTIL, "until": SINCE}, "until", "period_backwards"),
        (version | {"until": (NOW + HOUR).isoformat()}, "until", "in_future"),
        (version | {"until": (NOW - 5 * DAY).isoformat()}, "since", "nothing_decided"),
        (version | {"since": "yesterday-ish"}, "since", "bad_instant"),
        ({"draft": other}, "draft", "inputs_not_stored"),
    ):
        answer = await ask(desk, body)
        assert problem(answer) == (422, "invalid_input", [(field, code)])
        assert answer.json()["problems"][0]["cure"]
    endless = await drafted(desk, draft("grade").replace(b'"stated"', b"string(count(for i in 1..100000000 return i))"))
    assert problem(await ask(desk, {"draft": endless}))[:2] == (422, "draft_unreadable")
    assert await desk.list("/tables/grade/backtests") == []


async def test_drafts_of_other_tables_and_strangers_are_refused(desk: Desk) -> None:
    await graded(desk, 12)
    of_cadence = await drafted(desk, draft("cadence"), "cadence")

    assert problem(await ask(desk, {"draft": of_cadence}))[:2] == (404, "draft_not_found")
    assert problem(await ask(desk, {"draft": str(new_id())}))[:2] == (404, "draft_not_found")
    assert problem(await ask(desk, {"version": 9}))[:2] == (404, "table_not_found")
    assert problem(await ask(desk, {"version": 1}, by="BJ01-C1"))[:2] == (403, "role_not_allowed")
    assert problem(await ask(desk, {"version": 1}, by=None))[:2] == (403, "actor_required")
    assert problem(await ask(desk, {"version": 1}, key="validity"))[:2] == (422, "table_unrecorded")
    assert (await desk.http.get(f"/api/v1/backtests/{new_id()}")).status_code == 404
    assert (await desk.http.get(f"/api/v1/backtests/{new_id()}/lines.csv")).status_code == 404
