"""Whether Baton is alive, whether it can work, and its figures for Prometheus."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from api.context import services_of
from api.documented import example, problems

router = APIRouter(tags=["health"])


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    """The database answers. Temporal is told for information: the API accepts leads without it."""

    status: Literal["ok"] = "ok"
    database: Literal["ok"] = "ok"
    temporal: Literal["ok", "away", "unknown"]


@router.get("/health/live", responses=example({"status": "ok"}), summary="Is the process alive?")
async def live() -> Alive:
    """Answers as long as the process does; asks nobody else."""
    return Alive()


@router.get(
    "/health/ready",
    responses=problems(503) | example({"status": "ok", "database": "ok", "temporal": "ok"}),
    summary="Can it work?",
)
async def ready(request: Request) -> Ready:
    """200 while the database answers, else 503."""
    services = services_of(request)
    await services.database.ping()
    if services.temporal is None:
        return Ready(temporal="unknown")
    return Ready(temporal="ok" if await services.temporal() else "away")


@router.get(
    "/metrics",
    response_class=PlainTextResponse,
    responses={200: {"content": {"text/plain": {"example": 'baton_submissions_total{verdict="created"} 1.0'}}}},
    summary="Figures for Prometheus",
)
async def metrics() -> PlainTextResponse:
    """Counters and histograms of this process."""
    return PlainTextResponse(generate_latest(), media_type=CONTENT_TYPE_LATEST)
