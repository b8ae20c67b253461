"""Who goes on with a lead that nobody further down went on with (A10): the table ``hq-first``, and
its limit."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

import rules
from cases.actors import EVERYTHING, SYSTEM
from cases.ids import new_id
from store.models import Assignment, Notification, TimelineEntry
from store.tables import definitions
from tests.activities.scene import START, Scene


async def lost(scene: Scene, lead_id: UUID, times: int) -> None:
    """Dealers have lost the lead so often."""
    for number in range(times):
        await scene.sql(
            "INSERT INTO assignments (id, lead_id, at, kind, by, reason)"
            " VALUES (:id, :lead, :at, 'return', 'process', '')",
            id=new_id(),
            lead=lead_id,
            at=START + timedelta(days=number),
        )


@pytest.mark.parametrize("grade", ["H", "A", "B", "C", "N", ""])
@pytest.mark.parametrize("times", [1, 2, 3, 5])
async def test_a_lead_that_came_back_twice_is_never_sent_out_unseen(scene: Scene, times: int, grade: str) -> None:
    lead_id = await scene.working(grade=grade or None)
    await scene.sql("UPDATE cases SET level = :grade WHERE id = :id", grade=grade or None, id=lead_id)
    await lost(scene, lead_id, times)

    weighed = await scene.run("hq_first", lead_id, why="returned")

    at_once = times == 1 and grade in ("H", "A")
    assert weighed["first"] == ("dispatch" if at_once else "person")
    assert weighed["why"] == (None if at_once else "returned" if times == 1 else "returned_twice")
    told = [(one.code, one.to_role) for one in await scene.rows(Notification, lead_id)]
    assert (("sent_again", "hq") in told) is at_once


async def test_not_even_a_table_sends_it_out_unseen(scene: Scene) -> None:
    lead_id = await scene.working()
    await lost(scene, lead_id, 2)
    (path,) = [one for one in rules.shipped() if one.stem == "hq-first"]
    unseen = path.read_bytes().replace(b'<outputEntry><text>"person"', b'<outputEntry><text>"dispatch"')
    async with scene.db.transaction(SYSTEM, EVERYTHING) as tx:
        await definitions.publish_table(tx, "hq-first", "hq-first", unseen, START - timedelta(days=1), "test")

    assert (await scene.run("hq_first", lead_id, why="returned"))["first"] == "person"


@pytest.mark.parametrize(
    ("why", "grade", "seen", "first"),
    [
        ("nobody_claimed", "H", False, "person"),
        ("nobody_claimed", "A", True, "person"),
        ("nobody_claimed", "B", False, "let_go"),
        ("nurture_over", "A", True, "person"),
        ("nurture_over", "C", False, "person"),
        ("nurture_over", "C", True, "let_go"),
        ("confirmation_missed", "N", True, "person"),
        ("intent_missed", "N", False, "person"),
        ("call_missed", "C", True, "person"),
        ("no_dealer_near", "C", True, "person"),
    ],
)
async def test_the_reason_the_grade_and_who_has_seen_it_decide(
    scene: Scene, why: str, grade: str, seen: bool, first: str
) -> None:
    lead_id = await scene.working()
    await scene.sql("UPDATE cases SET level = :grade WHERE id = :id", grade=grade, id=lead_id)
    called = await scene.chased(lead_id, kind="outbound_call", role="call_centre")
    if seen:
        await scene.sql("UPDATE tasks SET status = 'done' WHERE id = :id", id=called["task_id"])

    weighed = await scene.run("hq_first", lead_id, why=why)

    assert weighed == {"first": first, "why": why}
    (line,) = [one for one in await scene.rows(TimelineEntry, lead_id) if one.code == "hq_weighed"]
    assert (line.data["why"], line.data["first"]) == (why, first)


async def test_returns_of_an_earlier_life_do_not_count(scene: Scene) -> None:
    lead_id = await scene.working()
    await lost(scene, lead_id, 2)
    await scene.settle(lead_id, START + timedelta(days=9), life=7, started_at=START + timedelta(days=8))

    assert (await scene.run("hq_first", lead_id, START + timedelta(days=9), why="returned"))["first"] == "dispatch"
    assert len([one for one in await scene.rows(Assignment, lead_id) if one.kind == "return"]) == 2
