"""Whether Baton is alive, whether it can work, and its figures for Prometheus."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from api.context import services_of
from api.documented import example, problems
from cases.actors import EVERYTHING, SYSTEM
from store import setup
from store.setup import Lacking

router = APIRouter(tags=["health"])


Network = Literal["ok", "no_head_office", "no_dealers"]
_NETWORK: dict[Lacking | None, Network] = {None: "ok", "head_office": "no_head_office", "dealers": "no_dealers"}


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    """The database answers. The rest is told for information: the API accepts leads without
    Temporal, and without a network to hand them to (docs/how-to/keep-the-network.md)."""

    status: Literal["ok"] = "ok"
    database: Literal["ok"] = "ok"
    temporal: Literal["ok", "away", "unknown"]
    network: Network


@router.get("/health/live", responses=example({"status": "ok"}), summary="Is the process alive?")
async def live() -> Alive:
    """Answers as long as the process does; asks nobody else."""
    return Alive()


@router.get(
    "/health/ready",
    responses=problems(503) | example({"status": "ok", "database": "ok", "temporal": "ok", "network": "ok"}),
    summary="Can it work?",
)
async def ready(request: Request) -> Ready:
    """200 while the database answers, else 503."""
    services = services_of(request)
    await services.database.ping()
    async with services.database.transaction(SYSTEM, EVERYTHING) as tx:
        lacking = await setup.lacking(tx)
    network = _NETWORK[lacking]
    if services.temporal is None:
        return Ready(temporal="unknown", network=network)
    return Ready(temporal="ok" if await services.temporal() else "away", network=network)


@router.get(
    "/metrics",
    response_class=PlainTextResponse,
    responses={200: {"content": {"text/plain": {"example": 'baton_submissions_total{verdict="created"} 1.0'}}}},
    summary="Figures for Prometheus",
)
async def metrics() -> PlainTextResponse:
    """Counters and histograms of this process."""
    return PlainTextResponse(generate_latest(), media_type=CONTENT_TYPE_LATEST)
