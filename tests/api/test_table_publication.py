"""A second person publishes, for a day that may lie ahead; what was published can be withdrawn or
rolled back."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from cases.actors import EVERYTHING, SYSTEM
from cases.errors import Unavailable
from domain.tables import Tables, fresh
from store.tables import definitions
from tests.api.conftest import NOW
from tests.api.tables import ANNE, BEN, Office, office

__all__ = ["office"]

DAY = timedelta(days=1)


async def worker(office: Office, tables: Tables | None = None) -> Tables:
    """The tables as a worker's next step finds them."""
    async with office.desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        return await fresh(tx, tables or Tables())


def points(tables: Tables, office: Office, after: timedelta = timedelta()) -> Any:
    return tables.decide(office.key, NOW + after, {"price": 150}).get("points")


def codes(answer: Any) -> list[str]:
    return [one["code"] for one in answer.json()["problems"]]


# -- publication ---------------------------------------------------------------------------------


async def test_what_a_second_person_publishes_decides_from_then_on(office: Office) -> None:
    await office.ship()
    tables = await worker(office)
    before = points(tables, office)

    published = await office.version(office.file(middle="600"), comment="六百")

    assert (before, points(await worker(office, tables), office)) == (500, 600)
    assert (published["version"], published["state"], published["comment"]) == (2, "in_force", "六百")
    assert published["published_by"]["code"] == BEN
    (draft,) = await office.listed("/drafts", open=False)
    assert (draft["state"], draft["version"], draft["closed_by"]["code"]) == ("published", 2, BEN)


async def test_whoever_has_touched_a_draft_cannot_publish_it(office: Office) -> None:
    await office.ship()
    draft = await office.draft()
    await office.got("PUT", draft, BEN, xml=office.file(middle="600"), revision=1)

    refused = [await office.publish(draft, by, revision=2) for by in (ANNE, BEN)]

    assert [(one.status_code, one.json()["code"]) for one in refused] == [(403, "same_person")] * 2
    assert refused[0].json()["cure"] == "Ask a colleague to look at it and to publish it"
    assert await office.states() == {1: "in_force"}


async def test_only_the_revision_that_was_looked_at_is_published(office: Office) -> None:
    await office.ship()
    draft = await office.draft()
    await office.got("PUT", draft, xml=office.file(middle="600"), revision=1)

    answer = await office.publish(draft, revision=1)

    assert (answer.status_code, answer.json()["code"]) == (409, "draft_changed")
    assert await office.states() == {1: "in_force"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"below": "< 101"}, "overlap"), ({"expect": "600"}, "example_differs"), ({"middle": "a b"}, "unreadable")],
)
async def test_a_draft_with_an_error_is_not_published_and_every_problem_is_listed(
    office: Office, changes: dict[str, str], code: str
) -> None:
    await office.ship()
    draft = await office.draft(office.file(**changes))

    answer = await office.publish(draft)

    assert (answer.status_code, answer.json()["code"]) == (422, "table_refused")
    assert code in codes(answer)
    assert await office.states() == {1: "in_force"}
    assert (await office.got("GET", draft))["draft"]["state"] == "open"


async def test_a_warning_forbids_nothing(office: Office) -> None:
    published = await office.version(office.file(below="< 90"))

    assert published["state"] == "in_force"


async def test_of_two_who_publish_a_draft_at_once_one_does(office: Office) -> None:
    await office.ship()
    draft = await office.draft(office.file(middle="600"))

    answers = await asyncio.gather(*(office.publish(draft) for _ in range(4)))

    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]
    assert await office.states() == {2: "in_force", 1: "past"}
    assert (await office.told()).count("published") == 2


async def test_of_two_drafts_published_at_once_the_second_has_to_look_at_the_first(office: Office) -> None:
    await office.ship()
    drafts = [await office.draft(office.file(middle=middle)) for middle in ("600", "700")]

    answers = await asyncio.gather(*map(office.publish, drafts))

    assert sorted(one.status_code for one in answers) == [201, 409]
    assert {one.json()["code"] for one in answers if one.status_code == 409} == {"draft_outdated"}
    assert await office.states() == {2: "in_force", 1: "past"}


async def test_a_draft_that_was_overtaken_is_published_by_those_who_know(office: Office) -> None:
    await office.ship()
    slow = await office.draft(office.file(middle="700"))
    await office.version(office.file(middle="600"))

    unaware = await office.publish(slow)
    wrong = await office.publish(slow, replaces=1)
    aware = await office.publish(slow, replaces=2)

    assert [(one.status_code, one.json()["code"]) for one in (unaware, wrong)] == [(409, "draft_outdated")] * 2
    assert unaware.json()["params"] == {"version": "2", "based_on": "1"}
    assert (aware.status_code, aware.json()["version"]) == (201, 3)


async def test_a_draft_that_changes_nothing_is_not_published(office: Office) -> None:
    await office.ship()

    answer = await office.publish(await office.draft())

    assert (answer.status_code, answer.json()["code"]) == (409, "draft_unchanged")


async def test_a_publication_that_comes_twice_is_one(office: Office) -> None:
    await office.ship()
    draft = await office.draft(office.file(middle="600"))
    form = {"revision": 1, "comment": "once"}

    first, again = [
        await office.ask("POST", f"{draft}/publication", BEN, form, key=f"publish-{office.key}") for _ in "12"
    ]

    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert await office.states() == {2: "in_force", 1: "past"}


# -- the time it takes effect --------------------------------------------------------------------


async def test_a_scheduled_version_decides_from_its_instant_without_anybody_telling_the_workers(office: Office) -> None:
    await office.ship()
    published = await office.version(office.file(middle="600"), effective_from=(NOW + DAY).isoformat())

    tables = await worker(office)

    assert published["state"] == "scheduled"
    assert [points(tables, office, after) for after in (timedelta(), DAY - timedelta(seconds=1), DAY)] == [
        500,
        500,
        600,
    ]
    office.clock.set(NOW + DAY)
    assert await office.states() == {2: "in_force", 1: "past"}


async def test_what_is_scheduled_takes_over_from_a_later_publication_only_if_that_is_meant(office: Office) -> None:
    await office.ship()
    await office.version(office.file(middle="600"), effective_from=(NOW + DAY).isoformat())
    hotfix = await office.draft(office.file(middle="550"))

    unaware = await office.publish(hotfix, replaces=2)
    aware = await office.publish(hotfix, replaces=2, keep_scheduled=True)

    assert (unaware.status_code, unaware.json()["code"]) == (409, "version_scheduled")
    assert unaware.json()["params"] == {"version": "2"}
    assert aware.status_code == 201
    tables = await worker(office)
    assert [points(tables, office), points(tables, office, DAY)] == [550, 600]


async def test_the_first_version_of_a_table_decides_nothing_before_its_day(office: Office) -> None:
    await office.version(office.file(), effective_from=(NOW + DAY).isoformat())

    tables = await worker(office)

    with pytest.raises(Unavailable):
        points(tables, office)
    assert points(tables, office, DAY) == 500


async def test_nothing_takes_effect_in_the_past(office: Office) -> None:
    await office.ship()
    draft = await office.draft(office.file(middle="600"))

    answer = await office.publish(draft, effective_from=(NOW - timedelta(seconds=1)).isoformat())

    assert (answer.status_code, codes(answer)) == (422, ["in_past"])
    assert answer.json()["problems"][0]["field"] == "effective_from"
    assert (await office.publish(draft, effective_from=NOW.isoformat())).json()["state"] == "in_force"


# -- taking back ---------------------------------------------------------------------------------


async def test_what_was_withdrawn_never_decides(office: Office) -> None:
    await office.ship()
    await office.version(office.file(middle="600"), effective_from=(NOW + DAY).isoformat())
    tables = await worker(office)

    gone = await office.got("DELETE", "/2", reason="too early")

    assert (gone["state"], gone["withdrawn_by"]["code"]) == ("withdrawn", ANNE)
    assert points(await worker(office, tables), office, DAY) == 500
    office.clock.set(NOW + DAY)
    assert await office.states() == {2: "withdrawn", 1: "in_force"}
    last = (await office.got("GET", "/history"))["items"][0]
    assert (last["code"], last["reason"], last["by"]["code"]) == ("withdrawn", "too early", ANNE)


async def test_after_a_withdrawal_the_same_file_can_be_published_again(office: Office) -> None:
    await office.ship()
    await office.version(office.file(middle="600"), effective_from=(NOW + DAY).isoformat())
    await office.got("DELETE", "/2", reason="wrong day")

    again = await office.version(office.file(middle="600"))

    assert (again["version"], again["state"]) == (3, "in_force")


async def test_what_decides_or_did_cannot_be_withdrawn(office: Office) -> None:
    await office.ship()
    await office.version(office.file(middle="600"), effective_from=(NOW + DAY).isoformat())
    await office.got("DELETE", "/2", reason="a")

    answers = [await office.ask("DELETE", f"/{version}", reason="a") for version in (1, 2, 3)]

    assert [(one.status_code, one.json()["code"]) for one in answers] == [
        (409, "version_effective"),
        (409, "version_withdrawn"),
        (404, "table_not_found"),
    ]


async def test_a_roll_back_brings_an_earlier_file_back_at_once_and_withdraws_what_was_to_come(office: Office) -> None:
    await office.ship()
    await office.version(office.file(middle="600"))
    await office.version(office.file(middle="700"), effective_from=(NOW + DAY).isoformat())
    tables = await worker(office)
    office.clock.move(timedelta(minutes=1))

    back = await office.got("POST", "/rollback", BEN, {"to": 1, "reason": "六百太多"})

    assert (back["version"], back["restores"], back["state"], back["comment"]) == (4, 1, "in_force", "六百太多")
    assert await office.states() == {4: "in_force", 3: "withdrawn", 2: "past", 1: "past"}
    refreshed = await worker(office, tables)
    assert [points(refreshed, office, after) for after in (timedelta(), timedelta(minutes=1), 2 * DAY)] == [
        600,
        500,
        500,
    ]
    assert (await office.told())[-2:] == ["withdrawn", "rolled_back"]
    assert (await office.desk.http.get(back["file"])).content == office.file()


async def test_there_is_no_going_back_to_what_is_in_force_or_never_was(office: Office) -> None:
    await office.ship()
    await office.version(office.file(middle="600"), effective_from=(NOW + DAY).isoformat())

    answers = [await office.ask("POST", "/rollback", BEN, {"to": to, "reason": "a"}) for to in (1, 2, 9)]

    assert [(one.status_code, one.json()["code"]) for one in answers] == [
        (409, "version_in_force"),
        (409, "version_never_effective"),
        (404, "table_not_found"),
    ]
    assert await office.states() == {2: "scheduled", 1: "in_force"}


async def test_a_roll_back_that_waited_for_another_sees_it_in_force(office: Office) -> None:
    await office.ship()
    await office.version(office.file(middle="600"))
    office.clock.move(timedelta(minutes=1))
    async with office.desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        await definitions.hold_table(tx, office.key)
        second = asyncio.create_task(office.ask("POST", "/rollback", BEN, {"to": 1, "reason": "a"}))
        await asyncio.sleep(0.5)  # it waits for the table by now
        office.clock.move(timedelta(minutes=1))
        await definitions.publish_table(tx, office.key, "价位", office.file(), office.clock.now(), "system", restores=1)

    answer = await second

    assert (answer.status_code, answer.json()["code"]) == (409, "version_in_force")
    assert await office.states() == {3: "in_force", 2: "past", 1: "past"}


async def test_a_file_that_this_baton_cannot_run_is_not_brought_back(office: Office) -> None:
    await office.ship(b"<of-an-older-baton/>")
    await office.version(office.file())

    answer = await office.ask("POST", "/rollback", BEN, {"to": 1, "reason": "a"})

    assert (answer.status_code, answer.json()["code"]) == (422, "table_refused")
    assert codes(answer) == ["unreadable"]
    assert await office.states() == {2: "in_force", 1: "past"}
