"""The network to look at: dealers, staff, models, channels."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.context import ReadCall
from api.documented import READ, example, listed, problems
from api.paging import AskedMany, Page, cut, page
from cases.states import Role
from domain.forms import Code
from store.network import network
from store.network.network import ChannelView, DealerView, ModelView, StaffView

router = APIRouter(tags=["network"])


@router.get(
    "/dealers",
    responses=problems(*READ)
    | example(
        listed(
            {
                "code": "BJ01",
                "name": "北京翔鹰斯巴鲁4S店",
                "region": "NORTH",
                "city": "北京",
                "models": [],
                "certificates": ["nev"],
                "daily_capacity": 40,
                "performance": 55,
                "active": True,
                "latitude": 39.99,
                "longitude": 116.47,
            }
        )
    ),
    summary="Dealers",
)
async def list_dealers(
    call: ReadCall, asked: AskedMany, region: Annotated[Code | None, Query()] = None
) -> Page[DealerView]:
    """All dealers, or those of a region."""
    window = asked.window(network.DEALERS)
    return page(await call.read(lambda tx: network.dealers(tx, window, region=region)))


@router.get(
    "/staff",
    responses=problems(*READ)
    | example(
        listed(
            {
                "code": "BJ01-C1",
                "name": "李晓东",
                "role": "consultant",
                "dealer": "BJ01",
                "region": "NORTH",
                "skills": ["legacy", "outback"],
                "certificates": ["nev"],
                "rest_days": [],
                "active": True,
                "ability": 63,
                "max_open": 60,
                "language": "zh",
            }
        )
    ),
    summary="People",
)
async def list_staff(
    call: ReadCall,
    asked: AskedMany,
    dealer: Annotated[Code | None, Query()] = None,
    role: Annotated[Role | None, Query()] = None,
) -> Page[StaffView]:
    """People, of a dealer or a role; their codes go into the header ``Baton-Actor``."""
    window = asked.window(network.STAFF)
    return page(await call.read(lambda tx: network.staff(tx, window, dealer=dealer, role=role)))


@router.get(
    "/models",
    responses=problems(*READ)
    | example(
        listed(
            {
                "code": "solterra",
                "name": "Solterra 纯电",
                "aliases": ["Solterra"],
                "price": 199800,
                "certificate": "nev",
                "active": True,
            }
        )
    ),
    summary="Car models",
)
async def list_models(call: ReadCall, asked: AskedMany) -> Page[ModelView]:
    """Car models with the spellings that customers use; prices in yuan."""
    return cut("models", await call.read(network.models), asked, lambda one: (one.code,))


@router.get(
    "/channels",
    responses=problems(*READ)
    | example(
        listed(
            {
                "code": "maker.vertical.dongchedi",
                "name": "懂车帝",
                "level": 3,
                "parent": "maker.vertical",
                "side": "maker",
                "active": True,
            }
        )
    ),
    summary="Channels",
)
async def list_channels(call: ReadCall, asked: AskedMany) -> Page[ChannelView]:
    """The tree of channels, parents first."""
    return cut("channels", await call.read(network.channels), asked, lambda one: (one.level, one.code))
