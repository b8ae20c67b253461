"""Which rows are of a region: their dealer's, or their own while no dealer has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.sql import ColumnElement

from store.listing import any_of
from store.models import Dealer

_dealers = Dealer.__table__


def in_regions(dealer_id: Any, region: Any, values: Sequence[str]) -> ColumnElement[bool]:
    """The condition, for the columns of a row's dealer and own region.

    The dealers are found first. Asked as ``coalesce(dealers.region, region)``, PostgreSQL takes one
    row of 200 to be there, and reads and sorts all of them instead of walking the list.
    """
    theirs = dealer_id.in_(select(_dealers.c.id).where(any_of(_dealers.c.region, values)))
    return or_(theirs, and_(dealer_id.is_(None), any_of(region, values)))
