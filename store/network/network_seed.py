"""The demo network: who leads can be dispatched to, loaded where it is asked for and nothing else
is there (A1, A6).

Codes are readable and stable: dealer ``BJ01``, its manager ``BJ01-M1``, its consultants ``BJ01-C1``
…, call-centre agents ``CC-01`` …, HQ ``HQ-01``, the regional manager ``RM-NORTH``, channel
``maker.vertical.autohome``. Ids are derived from codes, so that the same network has the same ids
everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import exists, func, select
from sqlalchemy.dialects.postgresql import insert

from cases.states import Role
from store.models import CarModel, Channel, City, Dealer, Region, RegionPlace, Staff
from store.session import Tx

Row = dict[str, Any]

_FAMILY = UUID("6f0a2f52-9d0e-4f0c-8f7e-0b6a6c0a5b17")


def dealer_id(code: str) -> UUID:
    """The id of the demo dealer with this code."""
    return uuid5(_FAMILY, f"dealer:{code}")


def staff_id(code: str) -> UUID:
    """The id of the demo person with this code."""
    return uuid5(_FAMILY, f"staff:{code}")


async def load(tx: Tx) -> int:
    """Loads the demo network in this transaction if no network is there yet; returns the number of
    new rows."""
    # Two processes that start together would wait for each other's rows in different orders.
    await tx.session.execute(select(func.pg_advisory_xact_lock(func.hashtext("demo network"))))
    # What people have taken out of it, or have instead of it, must not come back with the next
    # start.
    if await tx.session.scalar(select(exists(select(Region.code)) | exists(select(Dealer.id)))):
        return 0
    dealers = list(_dealers())
    loaded = 0
    for model, rows in (
        (Region, [{"code": code, "name": name} for code, name in _data()["regions"].items()]),
        (City, [{"name": city["name"], "region": city["region"]} for city in _data()["cities"]]),
        (RegionPlace, [{"place": place, "region": region} for place, region in _region_places()]),
        (CarModel, [{"certificate": None} | model for model in _data()["models"]]),
        (Channel, list(_channels())),
        (Dealer, dealers),
        (Staff, [*_head_office(), *_regional_managers(), *_dealer_staff(dealers)]),
    ):
        statement = insert(model.__table__).on_conflict_do_nothing().returning(*model.__table__.primary_key)
        loaded += len((await tx.session.execute(statement, rows)).all())
    return loaded


@cache
def _data() -> dict[str, Any]:
    return json.loads((Path(__file__).parent / "demo_network.json").read_text(encoding="utf-8"))


def _region_places() -> Iterator[tuple[str, str]]:
    for region, provinces in _data()["provinces"].items():
        for province in provinces.split():
            yield f"{province}0000", region


def _channels() -> Iterator[Row]:
    """Parents before their children: the database checks each row's parent."""
    level1: dict[str, Any] = _data()["channels"]
    for side, (name, _) in level1.items():
        yield {"code": side, "name": name, "level": 1, "parent": None, "side": side}
    for side, (_, groups) in level1.items():
        for group, (name, _) in groups.items():
            yield {"code": f"{side}.{group}", "name": name, "level": 2, "parent": side, "side": side}
    for side, (_, groups) in level1.items():
        for group, (_, channels) in groups.items():
            for channel, name in channels.items():
                parent = f"{side}.{group}"
                yield {"code": f"{parent}.{channel}", "name": name, "level": 3, "parent": parent, "side": side}


def _dealers() -> Iterator[Row]:
    names: list[str] = _data()["dealer_names"]
    models = [model["code"] for model in _data()["models"]]
    certificates = sorted({model["certificate"] for model in _data()["models"] if "certificate" in model})
    count = 0
    for city in _data()["cities"]:
        for number in range(1, city["dealers"] + 1):
            code = f"{city['code']}{number:02}"
            yield {
                "id": dealer_id(code),
                "code": code,
                "name": f"{city['name']}{names[count % len(names)]}斯巴鲁4S店",
                "region": city["region"],
                "city": city["name"],
                # A city's second dealer leaves the sports cars to its neighbours, so that routing
                # has a reason against.
                "models": [code for code in models if code not in ("wrx", "brz")] if number == 2 else [],
                # The first one sells what needs a certificate.
                "certificates": certificates if number == 1 else [],
                "daily_capacity": 40 + 10 * (count % 4),
                "performance": 55 + (count * 7) % 40,
                "active": True,
            }
            count += 1


def _dealer_staff(dealers: list[Row]) -> Iterator[Row]:
    # Who is certified for a model is not told by skills: those are for what everybody may sell.
    models = [model["code"] for model in _data()["models"] if "certificate" not in model]
    person = 100
    for count, dealer in enumerate(dealers):
        own = [code for code in models if code in (dealer["models"] or models)]
        yield _person(f"{dealer['code']}-M1", Role.DEALER_MANAGER, person, dealer=dealer, ability=80)
        for number in range(1, 4 + count % 2):
            person += 1
            skills = sorted({own[(count + number) % len(own)], own[(count + 2 * number + 1) % len(own)]})
            ability = 50 + (count * 5 + number * 13) % 45
            code = f"{dealer['code']}-C{number}"
            certified = dealer["certificates"] if number <= 2 else []
            yield _person(
                code, Role.CONSULTANT, person, dealer=dealer, ability=ability, skills=skills, certificates=certified
            )
        person += 1


def _regional_managers() -> Iterator[Row]:
    for number, region in enumerate(_data()["regions"]):
        yield _person(f"RM-{region}", Role.REGIONAL_MANAGER, 50 + number, region=region)


def _head_office() -> Iterator[Row]:
    person = 0
    for group in _data()["head_office"]:
        for number in range(1, group["count"] + 1):
            yield _person(f"{group['code']}-{number:02}", Role(group["role"]), person)
            person += 1


def _person(
    code: str,
    role: Role,
    number: int,
    *,
    dealer: Row | None = None,
    region: str | None = None,
    ability: int = 60,
    skills: list[str] | None = None,
    certificates: list[str] | None = None,
) -> Row:
    surnames, given = _data()["surnames"], _data()["given_names"]
    return {
        "id": staff_id(code),
        "code": code,
        "name": surnames[number % len(surnames)] + given[(number * 7 + number // len(surnames)) % len(given)],
        "role": str(role),
        "dealer_id": dealer["id"] if dealer else None,
        "region": dealer["region"] if dealer else region,
        "skills": skills or [],
        "certificates": certificates or [],
        "ability": ability,
        "max_open": 60,
        "active": True,
    }
