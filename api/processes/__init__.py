"""Deployed processes and their diagrams."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response

from api.context import ReadCall
from api.documented import READ, READ_ONE, example, problems
from leads.errors import NotFound
from store import definitions
from store.session import Tx

router = APIRouter(tags=["processes"])

Key = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.-]{1,100}$")]


@dataclass(frozen=True, slots=True)
class ProcessView:
    """One deployed version of a process."""

    key: str
    version: int
    name: str
    sha256: str
    calls: tuple[str, ...]
    deployed_at: datetime
    comment: str
    diagram: str


@router.get(
    "/processes",
    responses=problems(*READ)
    | example(
        [
            {
                "key": "lead",
                "version": 1,
                "name": "销售线索",
                "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "calls": ["chase", "nurture", "sale"],
                "deployed_at": "2026-11-21T08:00:00Z",
                "comment": "",
                "diagram": "/api/v1/processes/lead/1.bpmn",
            }
        ]
    ),
    summary="Deployed processes",
)
async def list_processes(call: ReadCall) -> list[ProcessView]:
    """Every version of every process, newest first within its key."""

    async def read(tx: Tx) -> list[ProcessView]:
        return [
            ProcessView(
                p.key,
                p.version,
                p.name,
                p.sha256,
                p.calls,
                p.deployed_at,
                p.comment,
                f"/api/v1/processes/{p.key}/{p.version}.bpmn",
            )
            for p in await definitions.processes(tx)
        ]

    return await call.read(read)


@router.get(
    "/processes/{key}/{version}.bpmn",
    response_class=Response,
    responses=problems(*READ_ONE) | {200: {"content": {"application/xml": {"example": "<bpmn:definitions …/>"}}}},
    summary="A process as BPMN",
)
async def show_process(key: Key, version: Annotated[int, Path(ge=1, le=2**31 - 1)], call: ReadCall) -> Response:
    """The file as it was deployed; versions never change, so it may be kept for ever."""

    async def read(tx: Tx) -> bytes:
        for process in await definitions.processes(tx):
            if (process.key, process.version) == (key, version):
                return process.xml
        raise NotFound("process_not_found", key=key)

    xml = await call.read(read)
    return Response(xml, media_type="application/xml", headers={"Cache-Control": "public, max-age=31536000, immutable"})
