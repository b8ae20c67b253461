"""Deployed processes, their versions and their diagrams."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from fastapi.responses import Response

from api.context import ReadCall
from api.documented import READ, READ_ONE, example, listed, problems
from api.paging import AskedMany, Page, cut
from api.problems import PREFIX
from cases.errors import NotFound
from store.leads import views
from store.leads.views import Named
from store.session import Tx
from store.tables import definitions
from store.tables.definitions import ProcessLine

router = APIRouter(tags=["processes"])

Key = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.-]{1,100}$")]
Version = Annotated[int, Path(ge=1, le=2**31 - 1)]

EXAMPLE = {
    "key": "lead",
    "version": 2,
    "name": "销售线索",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "calls": ["chase", "nurture", "sale"],
    "deployed_at": "2026-11-21T08:00:00Z",
    "deployed_by": {"code": "HQ-01", "name": "周丽"},
    "comment": "呼叫中心四小时后再试",
    "instances": 40,
    "diagram": "/api/v1/processes/lead/2.bpmn",
}


@dataclass(frozen=True, slots=True)
class ProcessView:
    """One deployed version of a process.

    ``deployed_by`` is None for what Baton ships. ``instances`` counts the leads that run on this
    version now, also as a process that theirs calls.
    """

    key: str
    version: int
    name: str
    sha256: str
    calls: tuple[str, ...]
    deployed_at: datetime
    deployed_by: Named | None
    comment: str
    instances: int
    diagram: str


@router.get("/processes", responses=problems(*READ) | example(listed(EXAMPLE)), summary="Deployed processes")
async def list_processes(call: ReadCall, asked: AskedMany) -> Page[ProcessView]:
    """Every version of every process, newest first within its key."""
    return cut("processes", await call.read(_listed), asked, _place)


@router.get(
    "/processes/{key}/versions",
    responses=problems(*READ_ONE) | example(listed(EXAMPLE)),
    summary="Versions of a process",
)
async def list_versions(key: Key, call: ReadCall, asked: AskedMany) -> Page[ProcessView]:
    """Every version of one process, newest first: checksum, who deployed it, when and why."""

    async def read(tx: Tx) -> list[ProcessView]:
        found = await _listed(tx, key)
        if not found:
            raise NotFound("process_not_found", key=key)
        return found

    return cut("versions", await call.read(read), asked, _place)


@router.get(
    "/processes/{key}/{version}.bpmn",
    response_class=Response,
    responses=problems(*READ_ONE) | {200: {"content": {"application/xml": {"example": "<bpmn:definitions …/>"}}}},
    summary="A process as BPMN",
)
async def show_process(key: Key, version: Version, call: ReadCall) -> Response:
    """The file as it was deployed; versions never change, so it may be kept for ever."""
    found = await call.read(lambda tx: definitions.process(tx, key, version))
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(found.xml, media_type="application/xml", headers=headers)


def _place(one: ProcessView) -> tuple[str, int]:
    return one.key, -one.version


def diagram_path(key: str, version: int) -> str:
    """Where the file of a version is."""
    return f"{PREFIX}/processes/{key}/{version}.bpmn"


async def _listed(tx: Tx, key: str | None = None) -> list[ProcessView]:
    lines = await definitions.process_lines(tx, key)
    people = await views.names_of(tx, [*{UUID(actor) for line in lines if (actor := _staff(line))}])
    return [
        ProcessView(
            line.key,
            line.version,
            line.name,
            line.sha256,
            line.calls,
            line.deployed_at,
            people.get(_staff(line)),
            line.comment,
            line.instances,
            diagram_path(line.key, line.version),
        )
        for line in lines
    ]


def _staff(line: ProcessLine) -> str:
    """The id of the person who deployed it; "" for the system."""
    kind, _, name = line.deployed_by.partition(":")
    return name if kind == "staff" else ""
