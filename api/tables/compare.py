"""What differs between two versions of a table, or between a version and a draft: cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.context import ReadCall
from api.documented import READ_ONE, example, problems
from api.tables.views import Key
from domain.policy.between import between_versions, to_a_draft
from rules.difference import Difference
from store.session import Tx
from store.tables import definitions, drafts

router = APIRouter(tags=["tables"])

Number = Annotated[int, Query(ge=1, le=2**31 - 1)]


@dataclass(frozen=True, slots=True)
class TableDifference:
    """All that changed from version ``old`` to version ``new``, or to a revision of a draft."""

    key: str
    old: int
    new: int | None
    draft: UUID | None
    revision: int | None
    difference: Difference


_CELL = {
    "row": "tier-middle",
    "old_row": 2,
    "new_row": 2,
    "side": "output",
    "column": "incentive",
    "old": "500",
    "new": "600",
}
_DIFFERENCE = {
    "kind": "changed",
    "element": "decision",
    "name": "价位与激励",
    "properties": [],
    "columns": [],
    "rows": [],
    "cells": [_CELL],
    "examples": [
        {
            "kind": "changed",
            "name": "middle from 200,000",
            "properties": [{"name": "expect incentive", "old": "500", "new": "600"}],
        }
    ],
    "within": [],
}
_BETWEEN = {"key": "price-tier", "old": 1, "new": 2, "draft": None, "revision": None, "difference": _DIFFERENCE}
_DRAFTED = _BETWEEN | {"new": None, "draft": "0192f0c1-2b3e-7a10-9c00-abcdefabcdef", "revision": 2}


@router.get(
    "/tables/{key}/difference",
    responses=problems(*READ_ONE) | example(_BETWEEN),
    summary="What changed between two versions of a table",
)
async def show_table_difference(
    key: Key, call: ReadCall, old: Annotated[Number, Query(alias="from")], new: Annotated[Number, Query(alias="to")]
) -> TableDifference:
    """Hit policy, columns, rows, cells, examples and what the decision requires. Rows are told by
    their ids, or by what they say where ids were lost; cells that mean the same are no
    difference."""

    async def read(tx: Tx) -> tuple[bytes, bytes]:
        return (await definitions.table_version(tx, key, old)).xml, (await definitions.table_version(tx, key, new)).xml

    before, after = await call.read(read)
    found = await call.aside(between_versions, key, before, after)
    return TableDifference(key, old, new, None, None, found)


@router.get(
    "/tables/{key}/drafts/{draft_id}/difference",
    responses=problems(*READ_ONE) | example(_DRAFTED),
    summary="What a draft changes",
)
async def show_draft_difference(
    key: Key,
    draft_id: UUID,
    call: ReadCall,
    version: Annotated[
        Number | None, Query(alias="with", description="A version; the one in force if left out")
    ] = None,
    revision: Number | None = None,
) -> TableDifference:
    """From a version to the draft's newest revision, or to an earlier one."""

    async def read(tx: Tx) -> tuple[int, bytes, int, bytes]:
        await drafts.one(tx, draft_id, key)
        saved = await drafts.file(tx, draft_id, revision)
        if version is None:
            base = await definitions.effective_table(tx, key, call.now())
        else:
            base = await definitions.table_version(tx, key, version)
        return base.version, base.xml, saved.number, saved.xml

    old, before, number, after = await call.read(read)
    found = await call.aside(to_a_draft, key, before, after)
    return TableDifference(key, old, None, draft_id, number, found)
