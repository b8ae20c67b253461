"""``GET /processes/{key}/difference``: what changed from one version to another, element by
element."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query

from api.context import ReadCall
from api.documented import READ_ONE, example, problems
from api.processes.comparing import between
from api.processes.show import Key
from store.session import Tx
from store.tables import definitions
from workflows.bpmn.difference import DiagramChange

router = APIRouter(tags=["processes"])


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """All that changed. How the picture is drawn says nothing."""

    key: str
    old: int
    new: int
    changes: tuple[DiagramChange, ...]


_EXAMPLE = {
    "key": "lead",
    "old": 1,
    "new": 2,
    "changes": [
        {
            "kind": "changed",
            "tag": "intermediateCatchEvent",
            "id": "try_again_at",
            "name": "4 小时后",
            "line": 102,
            "properties": [
                {"name": "name", "old": "24 小时后", "new": "4 小时后"},
                {"name": "timerEventDefinition timeDuration", "old": "PT24H", "new": "PT4H"},
            ],
        }
    ],
}


@router.get(
    "/processes/{key}/difference",
    responses=problems(*READ_ONE) | example(_EXAMPLE),
    summary="What changed between two versions",
)
async def show_process_difference(
    key: Key,
    call: ReadCall,
    old: Annotated[int, Query(alias="from", ge=1, le=2**31 - 1)],
    new: Annotated[int, Query(alias="to", ge=1, le=2**31 - 1)],
) -> DifferenceView:
    """Elements and flows added, removed or changed, in the order of the newer file; a renamed id is
    one of each."""

    async def read(tx: Tx) -> tuple[bytes, bytes]:
        return (await definitions.process(tx, key, old)).xml, (await definitions.process(tx, key, new)).xml

    files = await call.read(read)
    return DifferenceView(key, old, new, await call.aside(between, key, *files))
