"""People read what they were told, and nobody else does; about a lead, whoever may act on it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from cases.actors import EVERYTHING, SYSTEM
from cases.ids import new_id
from cases.states import Role
from server.channels import Log
from server.notices import Notices
from store.models import ContactPoint, Notification
from store.network.network_seed import dealer_id, staff_id
from tests.api.conftest import Desk, headers
from tests.server.test_notices import Recorder

OWNER, MANAGER, OTHER = "BJ01-C1", "BJ01-M1", "SH01-M1"


async def tell(desk: Desk, lead: UUID, *, to: str | None = None, role: Role | None = None, **values: Any) -> str:
    """Something that a process tells; its id."""
    row = {"id": new_id(), "case_id": lead, "code": "incident", "data": {"element": "grade"}} | values
    row |= {"to_staff_id": to and staff_id(to), "to_role": role and role.value, "created_at": desk.clock.now()}
    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        tx.session.add(Notification(**row))
    desk.clock.move(timedelta(minutes=1))
    return str(row["id"])


async def inbox(desk: Desk, by: str, *, language: str = "zh", **params: Any) -> list[dict[str, Any]]:
    answer = await desk.http.get("/api/v1/notifications", params=params, headers=headers(by, language=language))
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def ids(desk: Desk, by: str, **params: Any) -> list[str]:
    return [one["id"] for one in await inbox(desk, by, **params)]


async def test_own_ones_and_those_of_the_role_within_reach_the_newest_first(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)
    own = await tell(desk, lead, to=OWNER)
    managers = await tell(desk, lead, role=Role.DEALER_MANAGER)
    regional = await tell(desk, lead, role=Role.REGIONAL_MANAGER)
    office = await tell(desk, lead, role=Role.HQ)
    mine_too = await tell(desk, lead, to=MANAGER)

    assert await ids(desk, OWNER) == [own]
    assert await ids(desk, MANAGER) == [mine_too, managers]
    assert await ids(desk, "HQ-01") == [office]
    regions = await desk.rows("SELECT code, region FROM staff WHERE role = 'regional_manager' ORDER BY code")
    home = (await desk.rows("SELECT region FROM dealers WHERE code = 'BJ01'"))[0]["region"]
    assert {one["region"] == home for one in regions} == {True, False}
    for one in regions:
        assert await ids(desk, one["code"]) == ([regional] if one["region"] == home else []), one
    assert await ids(desk, OTHER) == await ids(desk, "BJ01-C2") == []


async def test_who_was_sent_something_still_reads_it_when_the_lead_has_gone_elsewhere(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)
    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        tx.session.add(ContactPoint(staff_id=staff_id(MANAGER), channel="mail", address="m1@example.com"))
    sent = await tell(desk, lead, role=Role.DEALER_MANAGER)
    assert (await inbox(desk, MANAGER))[0]["delivered_at"] is None
    await Notices(desk.database, desk.clock, [Log(), Recorder("mail")]).deliver()
    reached = desk.clock.now().isoformat().replace("+00:00", "Z")

    await desk.execute("UPDATE cases SET dealer_id = :to WHERE id = :id", to=dealer_id("SH01"), id=lead)

    (shown,) = await inbox(desk, MANAGER)
    assert (shown["id"], shown["delivered_at"]) == (sent, reached)
    (theirs,) = await inbox(desk, OTHER)  # the manager who has it now reads it, and it was never sent to them
    assert (theirs["id"], theirs["delivered_at"]) == (sent, None)


async def test_the_text_is_in_the_callers_language_with_names_for_ids(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)
    data = {"from_staff": str(staff_id(OWNER)), "to_staff": str(staff_id("BJ01-C2"))}
    await tell(desk, lead, to=MANAGER, code="handed_over", data=data, not_before=desk.clock.now() + timedelta(hours=9))
    people = {row["code"]: row["name"] for row in await desk.rows("SELECT code, name FROM staff")}

    (zh,), (en,) = await inbox(desk, MANAGER), await inbox(desk, MANAGER, language="en")

    assert zh["text"] == f"超期线索已由 {people[OWNER]} 转交 {people['BJ01-C2']}"
    assert en["text"] == f"An overdue lead went from {people[OWNER]} to {people['BJ01-C2']}"
    assert en["to"] == {"code": MANAGER, "name": people[MANAGER]}
    assert en["not_before"] == "2026-11-21T17:00:00Z" and en["created_at"] == "2026-11-21T08:00:00Z"


async def test_it_is_narrowed_by_lead_code_and_time_and_read_in_pages(desk: Desk) -> None:
    one, other = await desk.at_consultant(OWNER), await desk.at_consultant(OWNER)
    first = await tell(desk, one, to=OWNER)  # 08:00
    second = await tell(desk, other, to=OWNER, code="closing_refused", data={})  # 08:01
    third = await tell(desk, one, to=OWNER)  # 08:02

    assert await ids(desk, OWNER, lead=str(one)) == [third, first]
    assert await ids(desk, OWNER, code="closing_refused") == [second]
    assert await ids(desk, OWNER, since="2026-11-21T08:01:00Z", until="2026-11-21T08:02:00Z") == [second]
    answer = await desk.http.get("/api/v1/notifications?limit=2&total=true", headers=headers(OWNER))
    page = answer.json()
    assert ([line["id"] for line in page["items"]], page["total"]) == ([third, second], 3)
    assert await ids(desk, OWNER, limit=2, cursor=page["next"]) == [first]


async def test_an_inbox_is_somebodys(desk: Desk) -> None:
    answer = await desk.http.get("/api/v1/notifications")

    assert (answer.status_code, answer.json()["code"]) == (403, "actor_required")


@pytest.mark.parametrize(
    ("by", "status"),
    [(OWNER, 200), (MANAGER, 200), ("HQ-01", 200), ("CC-01", 200), ("BJ01-C2", 403), (OTHER, 403), (None, 403)],
)
async def test_whoever_may_act_on_a_lead_reads_what_was_told_about_it(desk: Desk, by: str | None, status: int) -> None:
    lead = await desk.at_consultant(OWNER)
    told = [await tell(desk, lead, to=OWNER), await tell(desk, lead, role=Role.FINANCE)]

    answer = await desk.http.get(f"/api/v1/leads/{lead}/notifications", headers=headers(by))

    assert answer.status_code == status, answer.text
    if status == 200:
        assert [(one["id"], one["role"]) for one in answer.json()["items"]] == [(told[0], None), (told[1], "finance")]
