"""What becomes of leads when a dealer, person, channel or model is there no more."""

from __future__ import annotations

from typing import Any

import pytest

from cases.states import Status
from store.network.network_seed import dealer_id, staff_id
from tests.api.conftest import Desk
from tests.api.networks import ask, patch, problems, shown


async def test_a_dealer_with_leads_becomes_inactive_and_they_go_on(desk: Desk) -> None:
    for consultant in ("BJ01-C1", "BJ01-C2"):
        await desk.at_consultant(consultant)
    await desk.in_status(Status.LOST, dealer_id=dealer_id("BJ01"))

    # it cannot be removed
    answer = await ask(desk, "DELETE", "dealers/BJ01")
    assert (answer.status_code, answer.json()["code"]) == (409, "entry_in_use")
    assert "leads 3" in answer.json()["detail"] and "staff 4" in answer.json()["detail"]

    # but made inactive, and the answer says how many go on (``test_departures``)
    said = (await patch(desk, "dealers/BJ01", {"active": False})).json()
    assert (said["going_on"], said["given_on"], said["left_behind"]) == (2, 0, None)
    assert (await patch(desk, "dealers/BJ01", {"active": False})).json()["going_on"] == 0
    assert (await patch(desk, "dealers/BJ01", {"active": True})).json()["going_on"] == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"dealer": "BJ02"}, "dealer"),
        ({"role": "dealer_manager"}, "role"),
        ({"role": "hq", "dealer": None}, "role"),
    ],
)
async def test_who_has_leads_stays_with_them(desk: Desk, change: dict[str, Any], field: str) -> None:
    await desk.at_consultant("BJ01-C1")
    assert (field, "person_has_leads") in problems(await patch(desk, "staff/BJ01-C1", change))
    assert (await patch(desk, "staff/BJ01-C2", change)).status_code == 200


async def test_the_leads_of_who_leaves_go_to_colleagues_at_once(desk: Desk) -> None:
    leads = [await desk.at_consultant("BJ01-C1") for _ in range(2)]
    answer = await patch(desk, "staff/BJ01-C1", {"active": False})
    assert (answer.json()["given_on"], answer.json()["left_behind"]) == (2, None), answer.text
    owners = await desk.rows("SELECT owner_id FROM whole_leads WHERE id = ANY (:ids)", ids=leads)
    assert staff_id("BJ01-C1") not in {row["owner_id"] for row in owners}


async def test_a_channel_with_leads_retires_and_gives_no_more(desk: Desk) -> None:
    await desk.created(channel="maker.vertical.dongchedi")
    answer = await ask(desk, "DELETE", "channels/maker.vertical.dongchedi")
    assert (answer.status_code, answer.json()["code"]) == (409, "entry_in_use")
    assert (await patch(desk, "channels/maker.vertical.dongchedi", {"active": False})).status_code == 200

    for written in ("maker.vertical.dongchedi", "懂车帝", ["厂商", "垂直媒体", "懂车帝"]):
        refused = await desk.send(channel=written)
        assert problems(refused) == {("channel", "channel_retired")}
    assert (await desk.send(channel="maker.vertical.autohome")).status_code == 201
    await patch(desk, "channels/maker.vertical.dongchedi", {"active": True})
    assert (await desk.send()).status_code == 201


async def test_a_branch_of_channels_retires_from_its_leaves_up(desk: Desk) -> None:
    for leaf in ("sina", "sohu"):
        assert (await patch(desk, f"channels/maker.portal.{leaf}", {"active": False})).status_code == 200
    assert (await patch(desk, "channels/maker.portal", {"active": False})).status_code == 200
    assert problems(await patch(desk, "channels/maker.portal.sina", {"active": True})) == {("active", "channel_above")}


async def test_spellings_that_are_taken_away_are_not_read_any_more(desk: Desk) -> None:
    before = await desk.created(model="旭豹")
    xv = await shown(desk, "models/xv")
    rest = [one for one in xv["aliases"] if "旭豹" not in one]
    assert (await patch(desk, "models/xv", {"aliases": rest, "name": "Crosstrek (XV)"})).status_code == 200
    after = await desk.created(model="旭豹")
    models = {row["id"]: row["model"] for row in await desk.rows("SELECT id, model FROM whole_leads")}
    assert (models[before], models[after]) == ("xv", None)


async def test_a_model_that_is_not_sold_any_more_is_not_read(desk: Desk) -> None:
    await patch(desk, "models/outback", {"active": False})
    lead = await desk.created(model="傲虎")
    assert await desk.rows("SELECT model FROM whole_leads WHERE id = :lead", lead=lead) == [{"model": None}]
    assert (await ask(desk, "DELETE", "models/outback")).status_code == 409  # skills name it
