"""Whose a task is, and who hears of it when it is left lying: of any role, about a case that is no
lead."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

import rules
from activities.registry import perform
from activities.rest import settle
from cases.actors import EVERYTHING, SYSTEM
from cases.contracts import Settlement, Step, TaskToOpen
from cases.ids import new_id
from cases.states import Role
from store.models import Task, TimelineEntry
from store.tables import definitions
from tests.activities.scene import START, Scene, resting

H = timedelta(hours=1)
KIND = "ticket_act"
LADDER = ("remind", "tell_manager", "hand_over", "back_to_hq")
ROW = """
      <rule id="all-{number}">
        <inputEntry><text>"ticket_act"</text></inputEntry>
        <inputEntry><text>-</text></inputEntry>
        <inputEntry><text>{number}</text></inputEntry>
        <outputEntry><text>"{action}"</text></outputEntry>
        <outputEntry><text>{number}</text></outputEntry>
        <outputEntry><text>"red"</text></outputEntry>
        <outputEntry><text>"elapsed"</text></outputEntry>
        <outputEntry><text>null</text></outputEntry>
        <outputEntry><text>null</text></outputEntry>
      </rule>"""


class Ticket:
    """A case that is no lead, at BJ01, and one task of a role about it."""

    def __init__(self, scene: Scene, role: str) -> None:
        self.scene, self.role, self.case, self.task_id = scene, role, new_id(), new_id()

    async def open(self, owner: str | None, facts: str) -> None:
        """Plans the task and settles at it, as the process ``chase`` does."""
        await self.scene.sql(
            "INSERT INTO cases (id, kind, process_key, process_version, process_sha256, place, dealer_id, owner_id,"
            " region, status, lamp, opened_at, life, facts, message_seq)"
            " SELECT :id, 'ticket', 'ticket', 1, '', '[]', d.id, (SELECT id FROM staff WHERE code = :owner), d.region,"
            " 'open', 'green', :at, 1, CAST(:facts AS jsonb), 0 FROM dealers d WHERE d.code = 'BJ01'",
            **{"id": self.case, "at": START, "owner": owner, "facts": facts},
        )
        planned = await self.run("plan_task", hours=1)
        task = TaskToOpen(str(self.task_id), "work", KIND, self.role, planned["due"], about=planned["about"])
        rest = Settlement(str(self.case), START, resting(), open=(task,), kind="ticket")
        await settle(self.scene.db, self.scene.tables, rest)

    async def run(self, name: str, hours_later: int = 0, **said: Any) -> dict[str, Any]:
        at = START + hours_later * H
        data = {"kind": KIND, "role": self.role, "about": "it"} | said
        step = Step(str(self.case), f"{self.case}:1:{name}-{hours_later}", name, at, data, "ticket")
        return await perform(self.scene.db, self.scene.tables, name, step)

    async def climb(self, rung: int) -> str:
        """Climbs this rung of ``LADDER``. The role that the diagram names stays what it was."""
        at = START + (rung + 1) * H
        clock = "UPDATE sla_clocks SET next_rung_at = :at, rung = :rung WHERE case_id = :id"
        await self.scene.sql(clock, at=at, rung=rung - 1, id=self.case)
        await self.scene.sql("DELETE FROM notifications WHERE case_id = :id", id=self.case)
        return (await self.run("climb", rung + 1))["action"]

    async def task(self) -> Task:
        (task,) = await self.scene.rows(Task, self.case)
        return task

    async def has_it(self) -> str | None:
        rows = await self.scene.sql(
            "SELECT staff.code FROM tasks JOIN staff ON staff.id = owner_id WHERE tasks.id = :id", id=self.task_id
        )
        return rows[0][0] if rows else None

    async def told(self) -> set[tuple[str, str]]:
        """What the last rung told, and whom: a person or a role."""
        rows = await self.scene.sql(
            "SELECT told.code, coalesce(staff.code, told.to_role) FROM notifications told"
            " LEFT JOIN staff ON staff.id = told.to_staff_id WHERE told.case_id = :id",
            id=self.case,
        )
        return {(code, whom) for code, whom in rows}

    async def last_line(self) -> tuple[str, str | None]:
        line = (await self.scene.rows(TimelineEntry, self.case, "number"))[-1]
        return line.code, line.data.get("case")


@pytest.fixture
async def opened(scene: Scene) -> Any:
    """Opens a ticket under a ladder that has every rung."""
    xml = next(Path(path) for path in rules.shipped() if Path(path).stem == "escalation-ladder").read_text("utf-8")
    rows = "".join(ROW.format(number=number, action=action) for number, action in enumerate(LADDER, 1))
    one_kind = xml.replace('"ticket_verify", "ticket_agree", "ticket_act", ', '"ticket_verify", "ticket_agree", ')
    text = one_kind.replace('"ticket_agree", "ticket_report"', '"ticket_agree", "ticket_act", "ticket_report"', 1)
    text = text.replace("    </decisionTable>", f"{rows}\n    </decisionTable>")
    async with scene.db.transaction(SYSTEM, EVERYTHING) as tx:
        at = START - timedelta(days=20)
        await definitions.publish_table(tx, "escalation-ladder", "ladder", text.encode(), at, "test")

    async def ticket(role: str, owner: str | None = "BJ01-C1", facts: str = "{}") -> Ticket:
        found = Ticket(scene, role)
        await found.open(owner, facts)
        return found

    return ticket


@pytest.mark.parametrize(
    ("role", "at_dealer", "name"),
    [
        ("consultant", True, "BJ01-C1"),
        ("dealer_manager", True, None),
        ("finance", True, None),
        ("after_sales", True, None),
        ("regional_manager", False, None),
        ("marketing", False, None),
        ("auditor", False, None),
    ],
)
async def test_whose_a_new_task_is(opened: Any, role: str, at_dealer: bool, name: str | None) -> None:
    ticket = await opened(role)

    assert ((await ticket.task()).dealer_id is not None, await ticket.has_it()) == (at_dealer, name)


@pytest.mark.parametrize("role", ["call_centre", "hq"])
async def test_what_goes_round_has_the_name_of_whoever_has_the_fewest(scene: Scene, opened: Any, role: str) -> None:
    agents = await scene.sql("SELECT code FROM staff WHERE role = :role AND active", role=role)

    names = [await (await opened(role)).has_it() for _ in range(2 * len(agents))]

    assert sorted(map(str, names)) == sorted(2 * [code for (code,) in agents])


async def test_the_cases_facts_name_a_person_where_the_table_asks_for_one(scene: Scene, opened: Any) -> None:
    xml = next(Path(path) for path in rules.shipped() if Path(path).stem == "who").read_text("utf-8")
    begin, end = xml.index('<rule id="who-region">'), xml.index('<rule id="who-desk-lead">')
    named = xml[begin:end].replace('"region"', '"named"')
    async with scene.db.transaction(SYSTEM, EVERYTHING) as tx:
        text = (xml[:begin] + named + xml[end:]).encode()
        await definitions.publish_table(tx, "who", "who", text, START - timedelta(days=20), "test")

    ticket = await opened("regional_manager", facts='{"regional_manager": "BJ01-C2"}')
    nobody = await opened("regional_manager")

    assert (await ticket.has_it(), await nobody.has_it()) == ("BJ01-C2", None)


@pytest.mark.parametrize(
    ("role", "reminded", "over", "case"),
    [
        ("consultant", "BJ01-C1", {"BJ01-M1"}, "overdue"),
        ("dealer_manager", "BJ01-M1", {"regional_manager"}, "region"),
        ("regional_manager", "regional_manager", {"hq"}, "head_office"),
        ("marketing", "hq", {"hq"}, "head_office"),  # the demo network has nobody in marketing
        ("hq", None, {"hq", "regional_manager"}, "head_office_and_region"),
        ("call_centre", None, {"hq"}, "head_office"),
    ],
)
async def test_who_is_reminded_and_who_is_over_them(
    scene: Scene, opened: Any, role: str, reminded: str | None, over: set[str], case: str
) -> None:
    await scene.sql("DELETE FROM staff WHERE role = 'marketing'")
    ticket = await opened(role)

    assert await ticket.climb(1) == "remind"
    assert await ticket.told() == {("reminder", reminded or await ticket.has_it())}
    assert await ticket.climb(2) == "tell_manager"
    assert await ticket.told() == {("overdue", whom) for whom in over}
    assert await ticket.last_line() == ("manager_told", case)


@pytest.mark.parametrize("role", ["consultant", "call_centre"])
async def test_a_task_is_handed_on_and_stays_the_same_open_one(scene: Scene, opened: Any, role: str) -> None:
    ticket = await opened(role)
    before, former = await ticket.task(), await ticket.has_it()

    assert await ticket.climb(3) == "passed_on"

    after, now = await ticket.task(), await ticket.has_it()
    assert now not in (None, former) and (after.status, after.role) == ("open", role)
    assert (after.id, after.due_at, after.clock_id) == (before.id, before.due_at, before.clock_id)
    assert await ticket.told() == {("task_handed_to_you", now), ("task_handed_from_you", former)}
    (same,) = await scene.sql("SELECT count(*) FROM staff WHERE code = :code AND role = :role", code=now, role=role)
    assert same == (1,) and (await ticket.last_line())[0] == "task_handed_on"


async def test_without_a_next_one_the_manager_is_told_and_it_stays(scene: Scene, opened: Any) -> None:
    await scene.only_dealer("BJ01", consultants=1)
    ticket = await opened("consultant")

    assert await ticket.climb(3) == "tell_manager"
    assert (await ticket.told(), await ticket.has_it()) == ({("no_successor", "BJ01-M1")}, "BJ01-C1")


async def test_at_the_end_it_is_head_offices_and_the_ladder_climbs_for_them(scene: Scene, opened: Any) -> None:
    ticket = await opened("consultant")

    assert await ticket.climb(4) == "passed_on"

    task, owner = await ticket.task(), await ticket.has_it()
    assert (task.status, task.role, task.dealer_id) == ("open", Role.HQ, None)
    assert await ticket.told() == {("task_at_head_office", "hq"), ("task_handed_from_you", "BJ01-C1")}
    assert await scene.sql("SELECT role FROM staff WHERE code = :code", code=owner) == [("hq",)]
    await ticket.climb(1)
    assert await ticket.told() == {("reminder", owner)}


async def test_a_worker_that_has_done_no_step_yet_reads_the_tables_for_its_rest(scene: Scene, opened: Any) -> None:
    ticket = await opened("finance")
    scene.tables = type(scene.tables)()
    task = TaskToOpen(str(new_id()), "work", KIND, "finance")

    rest = Settlement(str(ticket.case), START, resting(), open=(task,), kind="ticket")
    await settle(scene.db, scene.tables, rest)

    assert all([one.dealer_id is not None for one in await scene.rows(Task, ticket.case)])
    assert UUID(task.task_id) in {one.id for one in await scene.rows(Task, ticket.case)}
