"""``GET /processes/{key}/{version}/heat``: how often and how long tokens were where, for a map over
the diagram."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from api.context import ReadCall
from api.documented import READ_ONE, example, problems
from api.instances import names
from domain.forms import Moment
from domain.instances import reads
from store.engine import visits
from store.session import Tx

router = APIRouter(tags=["instances"])


class Period(BaseModel):
    """Query parameters of the heat map."""

    model_config = ConfigDict(extra="forbid")

    start: Moment | None = Field(default=None, alias="from", description="30 days before `to` unless said")
    end: Moment | None = Field(default=None, alias="to", description="Up to before this instant; now unless said")


@dataclass(frozen=True, slots=True)
class ElementHeat:
    """One element in the period; durations are of the visits that were finished in it, in
    seconds."""

    element: str
    name: str
    visits: int
    running: int
    finished: int
    cancelled: int
    p50_seconds: float | None
    p90_seconds: float | None
    breaches: int


@dataclass(frozen=True, slots=True)
class HeatMap:
    """All elements of a version that tokens have been at in the period."""

    process: str
    version: int
    start: datetime
    end: datetime
    elements: tuple[ElementHeat, ...]


@router.get(
    "/processes/{key}/{version}/heat",
    responses=problems(*READ_ONE)
    | example(
        {
            "process": "chase",
            "version": 1,
            "start": "2026-11-01T00:00:00Z",
            "end": "2026-12-01T00:00:00Z",
            "elements": [
                {
                    "element": "work",
                    "name": "有人办理",
                    "visits": 4210,
                    "running": 312,
                    "finished": 3630,
                    "cancelled": 268,
                    "p50_seconds": 16020.0,
                    "p90_seconds": 81300.5,
                    "breaches": 97,
                }
            ],
        }
    ),
    summary="How each element of a version does",
)
async def show_heat(
    key: Annotated[str, Path(pattern=r"^[A-Za-z0-9_.-]{1,100}$")],
    version: Annotated[int, Path(ge=1, le=2**31 - 1)],
    call: ReadCall,
    period: Annotated[Period, Query()],
) -> HeatMap:
    """Visits that began in the period, tokens that stood there at its end, what was finished or
    cancelled in it, and deadlines that fell in it and were missed. Periods laid side by side count
    everything once."""

    async def read(tx: Tx) -> HeatMap:
        found = await reads.heat(tx, call.speaker, key, version, period.start, period.end)
        called = (await names.of_versions(call, tx, [(key, version)]))[key, version]
        return HeatMap(key, version, found.start, found.end, tuple(_element(one, called) for one in found.elements))

    return await call.read(read)


def _element(heat: visits.Heat, called: names.Names) -> ElementHeat:
    return ElementHeat(
        heat.element,
        called.get(heat.element, ""),
        heat.visits,
        heat.running,
        heat.finished,
        heat.cancelled,
        heat.p50_seconds,
        heat.p90_seconds,
        heat.breaches,
    )
