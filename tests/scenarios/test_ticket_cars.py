"""A ticket may be about a car: named by its VIN, shown, found, and gone with whose it is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scenarios.story import HQ
from tests.scenarios.tickets import opened
from tests.scenarios.world import World

VIN, OTHER = "1M8GDM9AXKP042788", "5GZCZ43D13S812715"


async def found(world: World, vin: str) -> list[str]:
    answer = await world.state("GET", f"/tickets?vin={vin}", by=HQ)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["items"]]


async def cars(world: World) -> list[dict[str, Any]]:
    return await (await opened(world, kind="problem", dealer="BJ01")).rows(
        "SELECT vin, plate, (SELECT count(*) FROM cases WHERE vehicle_id = vehicles.id) AS cases FROM vehicles"
        " WHERE CAST(:lead AS uuid) IS NOT NULL ORDER BY vin"
    )


async def test_a_ticket_shows_its_car_and_is_found_by_it(world: World) -> None:
    lead = await world.new_lead()
    ticket = await opened(world, kind="complaint", about=lead.id, vin="１m8gdm9a-xkp042788", plate="京a12345")
    other = await opened(world, kind="problem", dealer="BJ01", vin=OTHER)
    again = await opened(world, kind="problem", dealer="BJ01", vin=VIN)  # says no plate: it keeps the one that it has

    car = {"vin": VIN, "plate": "京A12345", "model": None}
    assert [(await one.show())["vehicle"] for one in (ticket, again)] == [car, car]
    assert await found(world, VIN.lower()) == [again.id, ticket.id]
    assert await found(world, OTHER) == [other.id]
    assert [one["cases"] for one in await cars(world)] == [2, 1]


async def test_another_car_of_the_same_customer_is_another_matter(world: World) -> None:
    lead = await world.new_lead()
    first = await opened(world, kind="complaint", about=lead.id, vin=VIN)

    second = await opened(world, kind="complaint", about=lead.id, vin=OTHER)
    merged = [
        await world.state("POST", "/tickets", {"kind": "complaint", "about": lead.id, "vin": VIN}, by=HQ),
        await world.state("POST", "/tickets", {"kind": "complaint", "about": lead.id}, by=HQ),
    ]
    for one in (first, second):
        await one.rest()

    assert [(one.status_code, one.json()["ticket_id"]) for one in merged] == [(200, first.id), (200, second.id)]
    nameless = await opened(world, kind="risk", about=lead.id)
    named = await world.state("POST", "/tickets", {"kind": "risk", "about": lead.id, "vin": VIN}, by=HQ)
    await nameless.rest()
    assert named.json()["ticket_id"] == nameless.id and (await nameless.show())["vehicle"]["vin"] == VIN


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ({"vin": "1M8GDM9AXKP04278"}, "vin", "vin_length"),
        ({"vin": "1M8GDM9AXKPO42788"}, "vin", "vin_sign"),
        ({"vin": "1M8GDM9A1KP042788"}, "vin", "vin_check_digit"),
        ({"vin": 17}, "vin", "vin_length"),
        ({"vin": VIN, "plate": "A12345"}, "plate", "bad_plate"),
        ({"plate": "京A12345"}, "plate", "needs_vin"),
        ({"vin": VIN, "model": "nothing"}, "model/0", "unknown_model"),
    ],
)
async def test_a_car_that_cannot_be_is_refused_with_a_cure(
    world: World, said: dict[str, Any], field: str, code: str
) -> None:
    answer = await world.state("POST", "/tickets", {"kind": "problem", "dealer": "BJ01", **said}, by=HQ)

    assert answer.status_code == 422, answer.text
    (problem,) = answer.json()["problems"]
    assert (problem["field"], problem["code"], bool(problem["cure"])) == (field, code, True)
    assert VIN not in answer.text
    if code.startswith("vin") and isinstance(said["vin"], str):
        listed = await world.state("GET", f"/tickets?vin={said['vin']}", by=HQ)
        assert (listed.status_code, listed.json()["problems"][0]["code"]) == (422, code)


async def test_an_erased_customer_s_car_is_gone_unless_it_is_another_s_too(world: World) -> None:
    lead, stranger = await world.new_lead(), await world.new_lead()
    theirs = [
        await opened(world, kind="complaint", about=lead.id, vin=VIN, plate="京A12345"),
        await opened(world, kind="risk", about=lead.id, vin=OTHER),
    ]
    sold_on = await opened(world, kind="complaint", about=stranger.id, vin=OTHER)

    answer = await world.state("DELETE", f"/leads/{lead.id}/customer", by=HQ)
    assert answer.status_code == 200, answer.text
    for one in (lead, *theirs):
        await one.rest()

    assert [(await one.show())["vehicle"] for one in theirs] == [None, None]
    assert (await sold_on.show())["vehicle"]["vin"] == OTHER
    assert [(one["vin"], one["cases"]) for one in await cars(world)] == [(OTHER, 1)]
