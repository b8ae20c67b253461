"""What the last steps leave and the rest that follows them are one statement: its parts see one
another's news, and a later rest keeps nobody's changes back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from activities.rest import come_to_rest
from cases.actors import EVERYTHING, PROCESS
from cases.contracts import Settlement, TaskToOpen
from cases.ids import new_id
from store.engine import settling
from store.engine.clocks import NewClock
from store.engine.ledger import Ledger
from store.models import Task
from tests.activities.scene import START, Scene, resting

DUE = START + timedelta(hours=24)


def task(role: str = "consultant") -> TaskToOpen:
    return TaskToOpen(str(new_id()), "work", "first_follow_up", role, DUE.isoformat())


def left(at: datetime = START, **changes: Any) -> Ledger:
    """What a step leaves that changes these columns."""
    book = Ledger(at, "assign", "process")
    book.change(**changes)
    return book


async def rest(
    scene: Scene, lead: UUID, behind: Ledger, *opened: TaskToOpen, at: datetime = START, **more: Any
) -> None:
    settlement = Settlement(str(lead), at, resting(), open=opened, **more)
    async with scene.db.transaction(PROCESS, EVERYTHING) as tx:
        await come_to_rest(tx, scene.tables, settlement, behind)


async def the_task(scene: Scene, lead: UUID) -> Any:
    (found,) = await scene.rows(Task, lead)
    return found


async def somebody(scene: Scene) -> tuple[UUID, UUID, str]:
    """A consultant, their dealer and its region."""
    ((staff, dealer, region),) = await scene.sql(
        "SELECT staff.id, dealers.id, dealers.region FROM staff JOIN dealers ON dealers.id = staff.dealer_id"
        " WHERE role = 'consultant' ORDER BY staff.code LIMIT 1"
    )
    return staff, dealer, region


async def test_a_task_has_the_owner_and_the_dealer_that_the_same_statement_gives(scene: Scene) -> None:
    # given a lead that is nobody's, and a step that gives it to somebody
    lead = await scene.lead()
    staff, dealer, _ = await somebody(scene)
    # when its process comes to rest at a task of the owner's
    await rest(scene, lead, left(dealer_id=dealer, owner_id=staff, next_due_at=START), task())
    # then the task is theirs, and what is due next is the task, whatever the step has said
    opened, row = await the_task(scene, lead), await scene.row(lead)
    assert (opened.owner_id, opened.dealer_id) == (staff, dealer) == (row.owner_id, row.dealer_id)
    assert row.next_due_at == DUE


async def test_a_task_is_dealt_within_the_region_of_the_new_dealer(scene: Scene) -> None:
    # given a lead of no region, and a step that gives it to a dealer
    lead = await scene.lead(region=None, city=None)
    _, dealer, region = await somebody(scene)
    wanted = {"id": str(new_id()), "kind": "hq_decision", "element": "work", "role": "regional_manager", "about": ""}
    whose = {"due": None, "why": None, "scope": "region", "spread": "least_loaded"}
    async with scene.db.transaction(PROCESS, EVERYTHING) as tx:
        await settling.write(
            tx,
            lead,
            START,
            opened=[wanted | whose],
            withdrawn=(),
            rest=resting(),
            ended=False,
            behind=left(dealer_id=dealer),
        )
    # then one of the dealer's region has the task
    owner = (await the_task(scene, lead)).owner_id
    assert await scene.sql("SELECT region FROM staff WHERE id = :owner", owner=owner) == [(region,)]


@pytest.mark.parametrize("runs_already", [False, True], ids=["started here", "that runs already"])
async def test_a_task_has_its_clock(scene: Scene, *, runs_already: bool) -> None:
    lead = await scene.lead()
    clock = NewClock("first_follow_up", "A", None, START, DUE, None)
    if runs_already:
        before = left(lamp="green")
        before.run(clock)
        await rest(scene, lead, before)
    behind = left(lamp="green")
    behind.run(clock)
    await rest(scene, lead, behind, task())
    ((running,),) = await scene.sql("SELECT id FROM sla_clocks WHERE case_id = :lead", lead=lead)
    assert (await the_task(scene, lead)).clock_id == running


@pytest.mark.parametrize("ended", [False, True])
async def test_a_later_rest_stands_and_what_steps_leave_is_written(scene: Scene, *, ended: bool) -> None:
    # given a rest of a later instant
    lead = await scene.lead()
    await scene.settle(lead, START + timedelta(hours=1))
    staff, dealer, _ = await somebody(scene)
    behind = left(dealer_id=dealer, owner_id=staff)
    behind.keep(f"{lead}:1:7", {"staff_id": str(staff)})
    # when an older one comes, with steps
    await rest(scene, lead, behind, task(), ended=ended)
    # then the steps count, the rest does not
    row = await scene.row(lead)
    assert (row.dealer_id, row.owner_id, row.settled_at) == (dealer, staff, START + timedelta(hours=1))
    assert await scene.rows(Task, lead) == []
    assert await scene.sql("SELECT key FROM executed_steps WHERE case_id = :lead", lead=lead) == [("1:7",)]


async def test_of_two_that_do_one_step_the_second_leaves_neither_changes_nor_a_rest(scene: Scene) -> None:
    lead = await scene.lead()
    staff, dealer, _ = await somebody(scene)
    for again in (False, True):
        behind = left(dealer_id=dealer, owner_id=staff, lamp="red" if again else "green")
        behind.keep(f"{lead}:1:7", {})
        if again:
            with pytest.raises(IntegrityError):
                await rest(scene, lead, behind, task())
        else:
            await rest(scene, lead, behind)
    assert (await scene.row(lead)).lamp == "green"
    assert await scene.rows(Task, lead) == []


async def test_what_tasks_leave_that_are_withdrawn_is_written_before_them(scene: Scene) -> None:
    # given a task that is open
    lead, first = await scene.lead(), task()
    staff, dealer, _ = await somebody(scene)
    await rest(scene, lead, left(dealer_id=dealer, owner_id=staff), first)
    # when the process leaves it for another one, after a step
    await rest(scene, lead, left(lamp="red"), task(), withdraw=(first.task_id,))
    # then one is withdrawn, one is open, and lamps follow the clocks
    states = sorted(one.status for one in await scene.rows(Task, lead))
    assert (states, (await scene.row(lead)).lamp) == (["open", "withdrawn"], "green")
