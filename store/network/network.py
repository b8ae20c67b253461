"""The network to read: what the readers of intake know, and what screens list (A1, A6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cases.messages import Language
from cases.parties import ChannelSide
from cases.states import Role, word
from store.listing import Order, Rows, Window, part
from store.models import CarModel, Channel, City, Dealer, Region, RegionPlace, Staff
from store.session import Tx


@dataclass(frozen=True, slots=True)
class ModelView:
    """A car model with the spellings that customers use; ``price`` in yuan. ``certificate``: what
    selling it takes."""

    code: str
    name: str
    aliases: list[str]
    price: int
    certificate: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class ChannelView:
    """A channel on its level (1–3) of the tree. One that is not ``active`` gives no leads any
    more."""

    code: str
    name: str
    level: int
    parent: str | None
    side: ChannelSide
    active: bool = True


@dataclass(frozen=True, slots=True)
class DealerView:
    """A dealer."""

    code: str
    name: str
    region: str
    city: str
    models: list[str]
    certificates: list[str]
    daily_capacity: int
    performance: int
    active: bool
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class StaffView:
    """A member of staff. ``rest_days``: ISO weekdays, 1 = Monday."""

    code: str
    name: str
    role: Role
    dealer: str | None
    region: str | None
    skills: list[str]
    certificates: list[str]
    rest_days: list[int]
    active: bool
    ability: int = 60
    max_open: int = 60
    language: Language = "zh"


@dataclass(frozen=True, slots=True)
class Member:
    """A person of a dealer who works leads, as they are called."""

    id: UUID
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Shop:
    """An active dealer as it is called, with its active consultants."""

    id: UUID
    code: str
    name: str
    consultants: tuple[Member, ...]


@dataclass(frozen=True)
class Reference:
    """What intake reads against: known models, cities and other places with their region codes,
    channels, dealers."""

    models: tuple[ModelView, ...]
    cities: Mapping[str, str]
    channels: tuple[ChannelView, ...]
    region_places: Mapping[str, str]
    regions: frozenset[str] = frozenset()
    model_codes: frozenset[str] = frozenset()
    """With those that are not sold any more: leads keep them."""
    shops: tuple[Shop, ...] = ()
    read_before: dict[str, str | None] = field(default_factory=dict[str, str | None], compare=False)
    """What readers have made of spellings of models: reading one anew costs a millisecond."""

    @cached_property
    def _named(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for channel in (one for one in self.channels if one.active):
            found.setdefault(channel.name, []).append(channel.code)
        for channel in self.channels:
            found.setdefault(channel.name, [channel.code])
            found[channel.code] = [channel.code]
        return found

    @cached_property
    def sides(self) -> Mapping[str, str]:
        """Each channel's side: ``maker`` or ``dealer``."""
        return {channel.code: channel.side for channel in self.channels}

    @cached_property
    def retired(self) -> frozenset[str]:
        """The codes of channels that give no leads any more."""
        return frozenset(channel.code for channel in self.channels if not channel.active)

    @cached_property
    def _bare(self) -> bool:
        return len(self.channels) > 0 and all(channel.level == 1 for channel in self.channels)

    def _side(self, name: str) -> str:
        """The side that a name or code begins with; the maker's for any other."""
        sides = {channel.name: channel.code for channel in self.channels}
        code = sides.get(name, name.partition(".")[0])
        return code if code in sides.values() else "maker"

    @cached_property
    def _children(self) -> dict[tuple[str | None, str], str]:
        return {(channel.parent, channel.name): channel.code for channel in self.channels}

    def channel(self, written: str | Sequence[str]) -> str | None:
        """The code of the channel that is meant: by its code, a name that only one has, or the
        names on its levels.

        While the tree has nothing but its two sides, whatever is written means one of them: a lead
        that comes before the network is set up is not lost.
        """
        names = [written] if isinstance(written, str) else list(written)
        if self._bare:
            return self._side(names[0])
        if len(names) == 1:
            meant = self._named.get(names[0], [])
            return meant[0] if len(meant) == 1 else None
        code: str | None = None
        for name in names:
            code = self._children.get((code, name))
            if code is None:
                return None
        return code


DEALERS = Order("dealers", (Dealer.code.expression,))
STAFF = Order("staff", (Staff.code.expression,))


async def reference(tx: Tx) -> Reference:
    """Loads what intake reads against: a few dozen rows."""
    cities = await tx.session.execute(select(City.name, City.region))
    places = await tx.session.execute(select(RegionPlace.place, RegionPlace.region))
    every, regions = await models(tx), await tx.session.execute(select(Region.code))
    return Reference(
        tuple(model for model in every if model.active),
        {row.name: row.region for row in cities},
        await channels(tx),
        {row.place: row.region for row in places},
        frozenset(regions.scalars()),
        frozenset(model.code for model in every),
        await shops(tx),
    )


async def shops(tx: Tx) -> tuple[Shop, ...]:
    """All active dealers with their active consultants, by code."""
    people = select(Staff.dealer_id, Staff.id, Staff.code, Staff.name).where(
        Staff.active, Staff.role == Role.CONSULTANT, Staff.dealer_id.is_not(None)
    )
    of: dict[UUID, list[Member]] = {}
    for row in await tx.session.execute(people.order_by(Staff.code)):
        of.setdefault(row.dealer_id, []).append(Member(row.id, row.code, row.name))
    found = await tx.session.execute(select(Dealer.id, Dealer.code, Dealer.name).where(Dealer.active))
    return tuple(
        Shop(row.id, row.code, row.name, tuple(of.get(row.id, ()))) for row in sorted(found, key=lambda row: row.code)
    )


async def models(tx: Tx) -> tuple[ModelView, ...]:
    """All car models."""
    columns = (CarModel.code, CarModel.name, CarModel.aliases, CarModel.price, CarModel.certificate, CarModel.active)
    rows = await tx.session.execute(select(*columns).order_by(CarModel.code))
    return tuple(ModelView(*row) for row in rows)


async def channels(tx: Tx) -> tuple[ChannelView, ...]:
    """All channels, parents first."""
    columns = (Channel.code, Channel.name, Channel.level, Channel.parent, Channel.side, Channel.active)
    rows = await tx.session.execute(select(*columns).order_by(Channel.level, Channel.code))
    return tuple(replace(made, side=word(ChannelSide, made.side)) for made in (ChannelView(*row) for row in rows))


async def dealers(tx: Tx, window: Window, *, region: str | None = None) -> Rows[DealerView]:
    """Dealers by their codes, of one region if given."""
    columns = [getattr(Dealer, name) for name in DealerView.__dataclass_fields__]
    query = select(*columns)
    if region is not None:
        query = query.where(Dealer.region == region)
    return await part(tx, query, DEALERS, window, lambda row: DealerView(*row[: len(columns)]))


async def staff(tx: Tx, window: Window, *, dealer: str | None = None, role: str | None = None) -> Rows[StaffView]:
    """Members of staff by their codes, of one dealer (code) or role if given."""
    columns = [
        Dealer.code.label("dealer") if name == "dealer" else getattr(Staff, name)
        for name in StaffView.__dataclass_fields__
    ]
    query = select(*columns).select_from(Staff).outerjoin(Dealer, Dealer.id == Staff.dealer_id)
    if dealer is not None:
        query = query.where(Dealer.code == dealer)
    if role is not None:
        query = query.where(Staff.role == role)
    return await part(tx, query, STAFF, window, lambda row: _person(row, len(columns)))


def _person(row: Any, columns: int) -> StaffView:
    made = StaffView(*row[:columns])
    return replace(made, role=word(Role, made.role))
