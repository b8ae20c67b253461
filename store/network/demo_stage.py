"""Two corners of the demo network where routing finds nobody, so that a demo can show the pool soon
(A6, A17)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from cases.ids import new_id
from cases.states import Role
from store.models import Absence, City, Dealer, Region, Staff
from store.network.network_seed import dealer_id
from store.session import Tx

LONELY_CITY: Final = "海口"
"""Its region's one dealer sells a single model: a lead for any other one finds no dealer."""

AWAY_DEALER: Final = "WLMQ02"
"""All of its consultants are away."""


async def prepare(tx: Tx, at: datetime) -> None:
    """Adds both corners; what is there already stays."""
    rows = (
        (Region, {"code": "HAINAN", "name": "海南区"}),
        (City, {"name": LONELY_CITY, "region": "HAINAN"}),
        (
            Dealer,
            {
                "id": dealer_id("HK01"),
                "code": "HK01",
                "name": "海口昴星斯巴鲁BRZ展厅",
                "region": "HAINAN",
                "city": LONELY_CITY,
                "models": ["brz"],
                "daily_capacity": 20,
                "performance": 60,
                "active": True,
            },
        ),
    )
    for model, row in rows:
        await tx.session.execute(insert(model.__table__).values(**row).on_conflict_do_nothing())
    staff = Staff.__table__.c
    away = select(staff.id).where(staff.dealer_id == dealer_id(AWAY_DEALER), staff.role == Role.CONSULTANT)
    for person in (await tx.session.execute(away)).scalars():
        absence = {"id": new_id(), "staff_id": person, "starts_at": at, "ends_at": at + timedelta(days=365)}
        await tx.session.execute(insert(Absence.__table__).values(**absence, reason="training"))
