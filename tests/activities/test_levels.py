"""Deadlines and ladders go by the level of the case, whatever its kind."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import rules
from activities.registry import perform
from activities.rest import settle
from cases.actors import EVERYTHING, SYSTEM
from cases.contracts import Settlement, Step, TaskToOpen
from cases.ids import new_id
from domain.kinds import levels
from store.models import DecisionRecord, SlaClock
from store.tables import definitions
from tests.activities.scene import START, Scene, resting

H = timedelta(hours=1)


class Ticket:
    """A ticket of a severity at BJ01, whose task is planned and chased."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.id = scene, new_id()

    async def planned(self, level: str | None, kind: str, **said: Any) -> SlaClock:
        await self.scene.sql(
            "INSERT INTO cases (id, kind, process_key, process_version, process_sha256, place, dealer_id, owner_id,"
            " region, status, level, lamp, opened_at, life, facts, message_seq)"
            " SELECT :id, 'ticket', 'ticket', 1, '', '[]', d.id, s.id, d.region, 'working', :level, 'green', :at, 1,"
            " '{}', 0 FROM dealers d JOIN staff s ON s.code = 'BJ01-C1' WHERE d.code = 'BJ01'",
            **{"id": self.id, "at": START, "level": level},
        )
        planned = await self.run("plan_task", START, kind, **said)
        task = TaskToOpen(str(new_id()), "work", kind, "consultant", planned["due"], about=planned["about"])
        rest = Settlement(str(self.id), START, resting(), open=(task,), kind="ticket")
        await settle(self.scene.db, self.scene.tables, rest)
        (clock,) = await self.scene.rows(SlaClock, self.id)
        return clock

    async def rungs(self, kind: str, clock: SlaClock, count: int) -> list[tuple[timedelta, str]]:
        """The first rungs, counted from the due instant: when each was climbed and what it did."""
        done: list[tuple[timedelta, str]] = []
        due, at = clock.due_at, clock.next_rung_at
        while at is not None and len(done) < count:
            gone = await self.run("climb", at, kind)
            done.append((at - due, gone["action"]))
            (now,) = await self.scene.rows(SlaClock, self.id)
            at = now.next_rung_at
        return done

    async def run(self, name: str, at: Any, kind: str, **said: Any) -> dict[str, Any]:
        data = {"kind": kind, "role": "consultant", "about": "it", **said}
        step = Step(str(self.id), f"{self.id}:1:{name}-{at}", name, at, data, "ticket")
        return await perform(self.scene.db, self.scene.tables, name, step)


@pytest.mark.parametrize(
    ("level", "kind", "hours"),
    [
        ("red", "ticket_act", 24),
        ("amber", "ticket_act", 72),
        ("normal", "ticket_act", 72),
        (None, "ticket_act", 72),
        ("red", "ticket_confirm", 8),  # a working day
        ("amber", "ticket_confirm", 30.5),  # two
    ],
)
async def test_a_cadence_asks_for_the_severity(scene: Scene, level: str | None, kind: str, hours: float) -> None:
    ticket = Ticket(scene)

    clock = await ticket.planned(level, kind)

    assert (clock.due_at - START, clock.grade) == (hours * H, level)
    asked = {one.key: one.inputs["grade"] for one in await scene.rows(DecisionRecord, ticket.id)}
    assert asked["cadence"] == (level or "")


@pytest.mark.parametrize(
    ("level", "rungs"),
    [
        # Eight hours later nobody is at work; head office has it from the next opening on.
        ("red", [(-1 * H, "remind"), (0 * H, "tell_manager"), (21.5 * H, "passed_on"), (24 * H, "tell_manager")]),
        ("amber", [(0 * H, "remind"), (4 * H, "tell_manager"), (28 * H, "tell_manager"), (52 * H, "tell_manager")]),
        (None, [(0 * H, "remind"), (4 * H, "tell_manager"), (28 * H, "tell_manager"), (52 * H, "tell_manager")]),
    ],
)
async def test_a_ladder_asks_for_the_severity(
    scene: Scene, level: str | None, rungs: list[tuple[timedelta, str]]
) -> None:
    ticket = Ticket(scene)
    clock = await ticket.planned(level, "ticket_act", hours=1)

    assert await ticket.rungs("ticket_act", clock, len(rungs)) == rungs


@pytest.mark.parametrize("key", ["cadence", "escalation-ladder"])
async def test_a_table_that_was_published_before_there_were_severities_goes_on(scene: Scene, key: str) -> None:
    text = next(Path(path) for path in rules.shipped() if Path(path).stem == key).read_text("utf-8")
    listed, added = '"N", "normal", "amber", "red", ""', r'<rule id="\S*-red\S*">.*?</rule>|"normal", "amber", (?="")'
    assert listed in text and re.search(added, text, re.DOTALL)
    of_then = re.sub(added, "", text.replace(listed, '"N", ""'), flags=re.DOTALL)
    async with scene.db.transaction(SYSTEM, EVERYTHING) as tx:
        await definitions.publish_table(tx, key, key, of_then.encode(), START - timedelta(days=20), "test")
    ticket = Ticket(scene)

    clock = await ticket.planned("red", "ticket_act")

    assert [action for _, action in await ticket.rungs("ticket_act", clock, 2)] == ["remind", "tell_manager"]


def test_every_level_that_there_is() -> None:
    assert levels() == ("H", "A", "B", "C", "N", "normal", "amber", "red")
