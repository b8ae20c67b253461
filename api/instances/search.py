"""``GET /instances``: lives of leads by state, process and version, element, lead."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from api.context import ReadCall
from api.documented import READ, example, listed, problems
from api.paging import Page, Paging, page
from cases.errors import FieldProblem, Invalid
from domain.forms import Code
from domain.instances import reads
from store.engine import instances
from store.engine.instances import InstanceFilters, InstanceLine, InstanceState

router = APIRouter(tags=["instances"])

LINE: dict[str, Any] = {
    "lead_id": "0192f0c1-2b3c-7d4e-8f50-123456789abc",
    "life": 1,
    "state": "running",
    "process": {
        "key": "lead",
        "version": 2,
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    },
    "called": [
        {"key": "chase", "version": 1, "sha256": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"}
    ],
    "started_at": "2026-11-21T08:00:00Z",
    "settled_at": "2026-11-21T08:00:01Z",
    "ended_at": None,
    "outcome": None,
    "place": [
        {"process": "lead", "element": "sale", "name": "在经销商跟进", "waits_for": "scope", "due": None},
        {
            "process": "chase",
            "element": "work",
            "name": "有人办理",
            "waits_for": "task",
            "due": "2026-11-22T08:00:01+00:00",
        },
    ],
}


class InstanceQuery(Paging):
    """Query parameters of ``GET /instances``."""

    state: list[InstanceState] = Field(
        default_factory=list, max_length=3, description="incident: stuck until somebody helps; running: all others"
    )
    process: Code | None = Field(default=None, description="Key of the process or of one that it calls")
    version: int | None = Field(default=None, ge=1, le=2**31 - 1, description="Of `process`")
    element: Code | None = Field(default=None, description="Where a token stands; of `process`, if that is given")
    lead: UUID | None = None

    def filters(self) -> InstanceFilters:
        """As the store takes them. Raises ``Invalid`` for a version of nothing."""
        if self.version is not None and self.process is None:
            raise Invalid("invalid_input", problems=(FieldProblem("process", "missing"),))
        return InstanceFilters(self.state, self.process, self.version, self.element, self.lead)


@router.get("/instances", responses=problems(*READ) | example(listed(LINE)), summary="Instances")
async def list_instances(call: ReadCall, query: Annotated[InstanceQuery, Query()]) -> Page[InstanceLine]:
    """Lives of leads as they last came to rest, those of the newest leads first."""
    filters, window = query.filters(), query.window(instances.FOUND)
    return page(await call.read(lambda tx: reads.find(tx, call.speaker, filters, window)))
