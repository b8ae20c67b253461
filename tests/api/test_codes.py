"""Dealers and people leave the API by their codes: nobody outside knows their ids."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

from api.app import create_app
from cases.actors import EVERYTHING, Actor
from cases.states import TaskKind
from store.engine import timeline
from store.network.network_seed import dealer_id, staff_id
from tests.activities.scene import Scene
from tests.api.conftest import NOW, Desk, headers
from tests.api.lives import living
from tests.api.test_backtests import dispatched
from tests.api.test_shadows import started

DOCUMENT: dict[str, Any] = create_app(None).openapi()  # type: ignore[arg-type]
ADDRESSES = sorted(path for path, operations in DOCUMENT["paths"].items() if "get" in operations)
SECRET = ("staff", "dealers", "closures", "working_hours")
"""Tables whose rows are known by codes outside."""


async def lived(desk: Desk) -> None:
    """A world in which every kind of thing has happened that remembers dealers and people."""
    await dispatched(desk, "BJ01", "QD01")
    scene = Scene(desk.database)
    for say in ("approve", "refuse"):
        lead = await desk.at_consultant()
        await ok(desk.say(lead, "lose", "BJ01-C1", {"reason": "price", "content": "嫌贵，订了别家"}))
        await desk.task(lead, TaskKind.CONFIRM_CLOSING, "dealer_manager", dealer="BJ01")
        await ok(desk.say(lead, "confirm", "BJ01-M1", {"approve": say == "approve", "comment": "再谈一次"}))
    won = await desk.at_consultant()
    await ok(desk.say(won, "win", "BJ01-C1", {"number": "HT-1", "price": 269800}))
    await desk.execute("UPDATE cases SET status = 'won' WHERE id = :lead", lead=won)
    await ok(desk.say(won, "cancel-order", "BJ01-C1", {"reason": "price", "content": "客户退订，不买了"}))
    moved = await desk.at_consultant()
    await ok(desk.say(moved, "reassign", "BJ01-M1", {"to_staff": "BJ01-C2", "reason": "休假"}))
    await ok(desk.http.patch(f"/api/v1/leads/{moved}/customer", json={"city": "天津"}, headers=headers("BJ01-M1")))
    await scene.working()
    life = await living(
        desk, "start -> u:user -> end", {"dealer": str(dealer_id("BJ01")), "deep": [{"a": str(staff_id("BJ01-C1"))}]}
    )
    incident = await life.fail("u")
    await ok(desk.http.post(f"/api/v1/incidents/{incident}/retry", headers=headers("HQ-01")))
    await life.fail("u", "again")
    body = {"filter": {}, "reason": "all of them"}
    await ok(desk.http.post("/api/v1/incidents/retries", json=body, headers=headers("HQ-01")))
    away = {"starts_at": "2026-11-22T00:00:00+08:00", "ends_at": "2026-11-24T00:00:00+08:00"}
    await ok(desk.http.post("/api/v1/network/staff/BJ01-C3/absences", json=away, headers=headers("BJ01-M1")))
    await ok(desk.http.patch("/api/v1/dealers/BJ02", json={"performance": 61}, headers=headers("HQ-01")))
    await started(desk)


async def ok(sending: Any) -> None:
    answer = await sending
    assert answer.is_success, answer.text


async def secrets(desk: Desk) -> set[str]:
    found: set[str] = set()
    for table in SECRET:
        found |= {str(row["id"]) for row in await desk.rows(f"SELECT id FROM {table}")}
    return found


FILLED = {
    "lead_id": "SELECT id FROM whole_leads",
    "task_id": "SELECT id FROM tasks",
    "decision_id": "SELECT id FROM decisions",
    "backtest_id": "SELECT id FROM backtests",
    "shadow_id": "SELECT id FROM shadows",
    "draft_id": "SELECT id FROM table_drafts",
    "batch_id": "SELECT id FROM batches",
    "version": "SELECT 1",
    "other": "SELECT 1",
}
"""What is put into the addresses."""


async def addresses(desk: Desk) -> list[str]:
    known = {name: [str(next(iter(row.values()))) for row in await desk.rows(query)] for name, query in FILLED.items()}
    found: list[str] = []
    for path in ADDRESSES:
        names = re.findall(r"\{(\w+)\}", path)
        values = [known.get(name) or await codes(desk, path, name) for name in names]
        found += [path.format(**dict(zip(names, chosen, strict=True))) for chosen in product(*values)]
    return found


async def codes(desk: Desk, path: str, name: str) -> list[str]:
    """Codes in the address of an entry of the network, keys of tables and processes."""
    if "tables" in path:
        return ["grade", "dispatch"]
    if "processes" in path:
        return ["lead", "p"]
    return {"staff": ["BJ01-C3", "HQ-01"], "dealers": ["BJ01", "BJ02"]}.get(path.split("/")[-2], ["NORTH"])


async def test_no_answer_holds_the_id_of_a_dealer_or_a_person(desk: Desk) -> None:
    await lived(desk)
    hidden = await secrets(desk)
    leaks: dict[str, set[str]] = {}
    answered: set[str] = set()

    for address in await addresses(desk):
        answer = await desk.http.get(address, headers=headers("HQ-01"))
        assert answer.status_code < 500, (address, answer.text)
        if answer.is_success:
            answered.add(address)
        if found := {one for one in hidden if one in answer.text}:
            leaks[address] = found

    assert {re.sub(r"[0-9a-f-]{36}", "ID", one) for one in leaks} == set()
    assert len(answered) > 100


async def test_a_line_of_long_ago_says_the_code_that_the_person_has_today(desk: Desk) -> None:
    lead, consultant = await desk.at_consultant(), str(staff_id("BJ01-C1"))
    async with desk.database.transaction(Actor("staff", consultant), EVERYTHING) as tx:
        await timeline.record(tx, lead, NOW, "handed_over", from_staff=consultant, to_staff=str(staff_id("BJ01-C2")))

    await desk.execute("UPDATE staff SET code = 'BJ01-X9' WHERE code = 'BJ01-C1'")

    line = (await desk.list(f"/leads/{lead}/timeline"))[-1]
    assert (line["by"]["code"], line["data"]) == ("BJ01-X9", {"from_staff": "BJ01-X9", "to_staff": "BJ01-C2"})


async def test_a_variable_that_names_a_dealer_is_corrected_by_code(desk: Desk) -> None:
    life = await living(desk, "start -> u:user -> end", {"dealer": str(dealer_id("BJ01")), "note": "BJ01"})

    body = {"variables": {"dealer": "BJ02", "note": "BJ02"}, "reason": "the other shop"}
    answer = await desk.http.post(f"/api/v1/instances/{life.lead}/variables", json=body, headers=headers("HQ-01"))

    assert answer.status_code == 200, answer.text
    _, _, told = (await life.lead_messages())[-1]
    assert told["variables"] == {"dealer": str(dealer_id("BJ02")), "note": "BJ02"}
    changes = (await desk.list(f"/leads/{life.lead}/timeline"))[-1]["data"]["changes"]
    assert changes["dealer"] == {"before": "BJ01", "after": "BJ02"}
