"""What the rows of a lead take when it sleeps behind its first task. The bounds are loose: a copy
of something that others say, too, breaks them."""

from __future__ import annotations

import pytest

from cases.contracts import ProcessRef
from store.models import Base
from tests.activities.scene import Scene
from tests.activities.test_ahead import advance, begun, refs, woken

__all__ = ["refs"]

OF_CASE = ("case_id", "lead_id")
MOST = {"decided": 1_450, "instances": 550, "timeline": 1_300, "cases": 650, "executed_steps": 850}
WHOLE = 6_500
"""Bytes of all rows, without indexes and pages."""


@pytest.fixture
async def weights(scene: Scene, refs: tuple[ProcessRef, ...]) -> dict[str, int]:
    """Bytes of a lead's rows by table. Another lead went before it, and left what they have in
    common."""
    for name in ("甲", "乙"):
        lead = await scene.lead(name=name)
        await advance(scene, woken(begun(lead, refs)))
    of = {table.name: column for table in Base.metadata.sorted_tables for column in OF_CASE if column in table.c}
    found: dict[str, int] = {}
    for table, column in {**of, "cases": "id", "leads": "id"}.items():
        query = f"SELECT coalesce(sum(pg_column_size(t.*)), 0) FROM {table} AS t WHERE {column} = :lead"
        ((found[table],),) = await scene.sql(query, lead=lead)
    return {table: size for table, size in found.items() if size}


async def test_a_sleeping_lead_takes_no_more_than_it_did(weights: dict[str, int]) -> None:
    assert {table: size for table, size in weights.items() if size > MOST.get(table, size)} == {}
    assert 4_000 < sum(weights.values()) < WHOLE, weights
