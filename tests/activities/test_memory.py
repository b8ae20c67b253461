"""A worker's memory does not grow with the leads that it has been at, beside what is bounded."""

from __future__ import annotations

import gc
import tracemalloc
from itertools import count

import pytest

from cases.actors import EVERYTHING, SYSTEM
from cases.contracts import ProcessRef
from domain import tables
from tests.activities.scene import START, Scene
from tests.activities.test_ahead import advance, begun, refs, woken

__all__ = ["refs"]

FIRST, FURTHER = 40, 50
A_LEAD = 3_000
"""Bytes that a further lead may leave: its name, instants and places in caches that have a bound,
some hundred bytes of each."""


async def test_what_a_lead_was_made_of_is_gone_when_it_sleeps(scene: Scene, refs: tuple[ProcessRef, ...]) -> None:
    numbers = count()

    async def leads(many: int) -> None:
        for number in (next(numbers) for _ in range(many)):
            lead = await scene.lead(name=f"{chr(0x4E00 + 7 * number)}{chr(0x5E00 + 11 * number)}")
            assert (await advance(scene, woken(begun(lead, refs, run=f"run {number}")))).rested

    # given a worker whose statements are prepared and whose tables are read
    await leads(FIRST)
    gc.collect()
    tracemalloc.start()
    try:
        # when further leads come to their first task
        await leads(FURTHER)
        scene.tables._made.clear()  # decisions have a bound of their own
        gc.collect()
        left, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    # then next to nothing of them is left
    assert left / FURTHER < A_LEAD


async def test_decisions_are_remembered_up_to_a_bound(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_MEMORY", 3)
    async with scene.db.transaction(SYSTEM, EVERYTHING) as tx:
        known = await tables.fresh(tx, scene.tables)
    asked = [{"kind": "first_follow_up", "grade": grade, "rung": rung} for grade in "HAB" for rung in (1, 2)]

    once = [known.decide("escalation-ladder", START, inputs) for inputs in asked]
    again = [known.decide("escalation-ladder", START, inputs) for inputs in asked]

    assert again == once
    assert len(known._made) <= 3
