"""A wake-up in one transaction: the steps and rows of one step after the other, told once, whoever
asks how often."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from activities import ahead, executing, registry, rest
from cases.contracts import Advanced, CaseInput, Cause, Message, ProcessRef, WakeUp, Withdrawal
from cases.errors import NotFound
from cases.ids import new_id
from cases.kind import Offered
from cases.states import MessageKind
from domain import kinds
from domain.work import Work
from tests.activities.scene import START, Scene
from tests.scenarios.picture import Picture, picture
from workflows import bpmn, definitions, processes
from workflows.errands import Errand
from workflows.stretch import Stretch

BEGAN, WENT_ON = Cause("began"), Cause("went_on")
STEPS = ["clean", "find_duplicates", "grade", "dispatch", "assign", "plan_task"]


@pytest.fixture(scope="module")
def refs() -> tuple[ProcessRef, ...]:
    """The shipped processes as a worker has them in memory, the lead's first."""
    found: dict[str, ProcessRef] = {}
    for xml in processes.shipped().values():
        read, sha256 = bpmn.read(xml), hashlib.sha256(xml).hexdigest()
        definitions.keep(sha256, read.processes.values())
        found |= {key: ProcessRef(key, 1, sha256) for key in read.processes}
    return found.pop("lead"), *found.values()


def begun(lead: UUID, refs: tuple[ProcessRef, ...], run: str = "run") -> Stretch:
    """The lead's life as its workflow begins it."""
    first = Message(1, MessageKind.LEAD_CREATED, START, {})
    return Stretch.begun(CaseInput(str(lead), refs[0], refs[1:], first), run, 1)


def woken(stretch: Stretch, number: int = 1, cause: Cause = BEGAN, claim: Withdrawal | None = None) -> WakeUp:
    wake = stretch.wake_up(number, cause, claim)
    assert wake is not None
    return wake


async def advance(scene: Scene, wake: WakeUp) -> Advanced:
    return await ahead.advance(scene.db, scene.tables, wake)


async def step_by_step(scene: Scene, stretch: Stretch) -> None:
    """As lives of the former shape go on."""
    while (todo := stretch.next()) is not None:
        if isinstance(todo, Errand):
            step = stretch.step(todo)
            stretch.done(todo, await registry.perform(scene.db, scene.tables, todo.activity, step))
    settlement = stretch.settlement()
    assert settlement is not None
    await rest.settle(scene.db, scene.tables, settlement)


async def elements(scene: Scene, lead: UUID) -> list[str]:
    """The steps that are stored, in order."""
    found = await scene.sql("SELECT element, key FROM executed_steps WHERE case_id = :lead", lead=lead)
    return [element for element, key in sorted(found, key=lambda row: int(row[1].split(":")[1]))]


async def everything(scene: Scene, lead: UUID) -> list[Any]:
    """All that the store has of a lead, to find what changed."""
    counted = ("timeline", "decisions", "tasks", "sla_clocks", "visits", "executed_steps", "wake_ups", "notifications")
    sums = [await scene.sql(f"SELECT count(*) FROM {table} WHERE case_id = :lead", lead=lead) for table in counted]
    return [sums, await scene.sql("SELECT message_seq, settled_at, place FROM cases WHERE id = :lead", lead=lead)]


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"horizon_days": 400, "budget_max": None, "budget_min": None},
        {"city": None, "region": None},
        {"model": None, "horizon_days": None},
        {"channel": "dealer.showroom"},
    ],
    ids=["hot", "nurtured", "nowhere", "unclear", "walked in"],
)
async def test_ahead_leaves_what_one_step_after_the_other_leaves(
    scene: Scene, refs: tuple[ProcessRef, ...], facts: dict[str, Any]
) -> None:
    one, other = await scene.lead(name="甲", **facts), await scene.lead(name="乙", **facts)
    # given a network in which nobody has to take turns
    await scene.only_dealer("BJ01", consultants=1)
    await scene.sql("UPDATE staff SET active = (code = 'CC-01') WHERE role = 'call_centre'")

    await step_by_step(scene, begun(one, refs))
    told = await advance(scene, woken(begun(other, refs)))

    assert told.rested
    shown = await picture(scene.db, {"one": str(one), "other": str(other)}, START)
    assert _about("one", shown) == _about("other", shown)


def _about(name: str, shown: Picture) -> Picture:
    return {
        table: [line.removeprefix(f"{name} ") for line in lines if line.startswith(f"{name} ")]
        for table, lines in shown.items()
    }


async def test_the_workflow_comes_to_the_same_place_by_what_it_is_told(
    scene: Scene, refs: tuple[ProcessRef, ...]
) -> None:
    lead = await scene.lead()
    stretch = begun(lead, refs)

    told = await advance(scene, woken(stretch))

    names: list[str] = []
    results = iter(told.ran)
    while (todo := stretch.next()) is not None:
        if isinstance(todo, Errand):
            ran = next(results)
            assert todo.name == ran.name
            names.append(todo.activity)
            stretch.done(todo, ran.result)
    assert (names, list(results)) == (STEPS, [])
    (place,) = await scene.sql("SELECT place FROM cases WHERE id = :lead", lead=lead)
    assert [mark["element"] for mark in place[0]] == [mark.element for mark in stretch.state.place()]


async def test_leads_of_one_instant_may_all_be_the_first_to_say_something(
    scene: Scene, refs: tuple[ProcessRef, ...]
) -> None:
    # given that nobody has decided anything, gone a way or called a process
    leads = [await scene.lead(name=f"王{sign}") for sign in "甲乙丙丁戊己"]
    wakes = [woken(begun(lead, refs)) for lead in leads]

    told = await asyncio.gather(*(advance(scene, wake) for wake in wakes))

    assert all(one.rested for one in told)
    counted = "SELECT count(*) FROM decisions WHERE case_id = :lead AND key = 'grade' AND matched <> '[]'"
    assert [await scene.sql(counted, lead=lead) for lead in leads] == [[(1,)]] * len(leads)
    (shared,) = await scene.sql("SELECT count(*) - count(DISTINCT content) FROM decided WHERE key = 'grade'")
    assert shared[0] >= len(leads) / 2


async def test_a_repetition_is_told_the_same_and_changes_nothing(scene: Scene, refs: tuple[ProcessRef, ...]) -> None:
    lead = await scene.lead()
    wake = woken(begun(lead, refs))
    told = await advance(scene, wake)
    left = await everything(scene, lead)

    assert await advance(scene, wake) == told
    assert await everything(scene, lead) == left


async def test_who_asks_with_another_event_is_told_what_the_store_has_gone_on_with(
    scene: Scene, refs: tuple[ProcessRef, ...]
) -> None:
    lead = await scene.lead()
    told = await advance(scene, woken(begun(lead, refs)))
    left = await everything(scene, lead)
    otherwise = woken(begun(lead, refs), cause=Cause("message", seq=2))

    assert await advance(scene, otherwise) == told
    assert told.cause == BEGAN
    assert await everything(scene, lead) == left


async def test_steps_that_somebody_did_one_by_one_are_not_done_again(
    scene: Scene, refs: tuple[ProcessRef, ...]
) -> None:
    # given a worker that died in the middle, one step after the other
    lead = await scene.lead()
    stretch = begun(lead, refs)
    for _ in range(3):
        todo = stretch.next()
        assert isinstance(todo, Errand)
        stretch.done(todo, await registry.perform(scene.db, scene.tables, todo.activity, stretch.step(todo)))

    told = await advance(scene, woken(begun(lead, refs, run="reset")))

    assert told.rested
    assert await elements(scene, lead) == STEPS
    assert len(await scene.sql("SELECT 1 FROM timeline WHERE case_id = :lead AND code = 'graded'", lead=lead)) == 1


async def _mistaken(work: Work) -> dict[str, Any]:
    await work.tx.session.execute(text("SELECT 1 / 0"))
    return {}


@pytest.fixture
def a_step_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    mistaken = {**executing.ACTIVITIES, "dispatch": _mistaken}
    monkeypatch.setattr(executing, "ACTIVITIES", MappingProxyType(mistaken))


@pytest.mark.usefixtures("a_step_that_fails")
async def test_what_came_before_a_step_that_fails_is_kept(scene: Scene, refs: tuple[ProcessRef, ...]) -> None:
    lead = await scene.lead()
    wake = woken(begun(lead, refs))

    told = await advance(scene, wake)

    assert (len(told.ran), told.rested) == (3, False)
    assert await elements(scene, lead) == STEPS[:3]
    assert await advance(scene, wake) == told


async def test_what_the_store_refuses_is_the_step_that_leaves_it(scene: Scene, refs: tuple[ProcessRef, ...]) -> None:
    lead = await scene.lead()
    await scene.sql("ALTER TABLE cases ADD CONSTRAINT stumble CHECK (level IS NULL) NOT VALID")

    told = await advance(scene, woken(begun(lead, refs)))

    assert (len(told.ran), told.rested) == (2, False)
    assert await elements(scene, lead) == STEPS[:2]


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """``dispatch`` may not be done with other steps."""
    offered: dict[str, Offered] = dict(kinds.working_on("lead"))
    offered["dispatch"] = replace(offered["dispatch"], alone=True)
    monkeypatch.setattr(kinds, "working_on", lambda name: offered)
    yield


@pytest.mark.usefixtures("alone")
async def test_a_step_that_is_done_alone_ends_the_stretch(scene: Scene, refs: tuple[ProcessRef, ...]) -> None:
    lead = await scene.lead()

    told = await advance(scene, woken(begun(lead, refs)))

    assert (len(told.ran), told.rested) == (3, False)
    assert await elements(scene, lead) == STEPS[:3]


@pytest.mark.parametrize("most", [0, 1, 4])
async def test_a_long_stretch_is_several(
    scene: Scene, refs: tuple[ProcessRef, ...], most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = await scene.lead()
    monkeypatch.setattr(ahead, "STEPS", most)

    told = await advance(scene, woken(begun(lead, refs)))

    assert (len(told.ran), told.rested) == (most, False)
    assert await elements(scene, lead) == STEPS[:most]


async def test_a_claim_that_a_person_was_faster_than_leaves_nothing(scene: Scene, refs: tuple[ProcessRef, ...]) -> None:
    lead = await scene.lead()
    await scene.sql("UPDATE cases SET message_seq = 7 WHERE id = :lead", lead=lead)
    left = await everything(scene, lead)
    claim = Withdrawal(str(lead), (), START, applied=6)

    told = await advance(scene, woken(begun(lead, refs), claim=claim))

    assert not told.granted
    assert await everything(scene, lead) == left


async def test_without_the_case_nothing_is_done(scene: Scene, refs: tuple[ProcessRef, ...]) -> None:
    with pytest.raises(NotFound):
        await advance(scene, woken(begun(new_id(), refs)))


async def test_old_wake_ups_are_swept(scene: Scene, refs: tuple[ProcessRef, ...]) -> None:
    lead = await scene.lead()
    for run, number, cause in (("former", 1, BEGAN), ("former", 2, WENT_ON), ("run", 1, WENT_ON)):
        await advance(scene, replace(woken(begun(lead, refs)), run=run, number=number, cause=cause, todo=()))

    kept = await scene.sql("SELECT run, number FROM wake_ups WHERE case_id = :lead", lead=lead)
    assert [tuple(row) for row in kept] == [("run", 1)]
