"""What is published, since when it decides, and who did what to a table."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.messages import TABLE_EVENTS
from tests.api.conftest import NOW
from tests.api.tables import ANNE, BEN, Office, office

__all__ = ["office"]

DAY = timedelta(days=1)


async def test_a_table_shows_what_decides_what_will_and_what_did(office: Office) -> None:
    await office.ship()
    await office.version(office.file(middle="600"), comment="six hundred")
    later = await office.version(office.file(middle="700"), effective_from=(NOW + DAY).isoformat())
    await office.draft()

    table = await office.got("GET", "")

    assert (table["name"], table["in_force"]["version"], table["drafts"]) == ("价位", 2, 1)
    assert [(one["version"], one["effective_from"]) for one in table["scheduled"]] == [(3, "2026-11-22T08:00:00Z")]
    assert await office.states() == {3: "scheduled", 2: "in_force", 1: "past"}
    shipped, second = table["versions"][2], table["versions"][1]
    assert (shipped["published_by"], shipped["draft"]) == (None, None)
    assert (second["published_by"]["code"], second["comment"], second["restores"]) == (BEN, "six hundred", None)
    assert second["draft"] != later["draft"]
    assert {one["key"] for one in await office.desk.list("/tables")} >= {office.key}


async def test_a_file_is_given_back_as_it_was_published(office: Office) -> None:
    await office.ship()
    second = await office.version(office.file(middle="600"))

    answer = await office.desk.http.get(second["file"])

    assert answer.content == office.file(middle="600")
    assert "immutable" in answer.headers["cache-control"]


async def test_a_table_of_which_there_is_only_a_draft_is_listed(office: Office) -> None:
    await office.draft(office.file(name="新表"))

    (listed,) = [one for one in await office.desk.list("/tables") if one["key"] == office.key]

    assert listed == {"key": office.key, "name": "新表", "in_force": None, "scheduled": [], "drafts": 1}
    assert (await office.got("GET", ""))["versions"] == []


@pytest.mark.parametrize("path", ["", "/1.dmn", "/history"])
async def test_a_table_that_is_not_there(office: Office, path: str) -> None:
    answer = await office.ask("GET", path)

    assert (answer.status_code, answer.json()["code"]) == (404, "table_not_found")


async def test_the_history_says_who_did_what_and_why_in_both_languages(office: Office) -> None:
    await office.ship()
    draft = await office.draft()
    await office.got("PUT", draft, xml=office.file(middle="600"), revision=1, note="six hundred")
    await office.got("POST", f"{draft}/comments", BEN, {"revision": 2, "text": "why?"})
    published = await office.publish(draft, revision=2)

    newest_first = (await office.got("GET", "/history"))["items"]
    chinese = (await office.got("GET", "/history", language="zh"))["items"]

    assert published.status_code == 201
    assert [(one["by"] and one["by"]["code"], one["code"], one["text"], one["reason"]) for one in newest_first] == [
        (BEN, "published", "Version 2 published, in force at once", "looked at it"),
        (BEN, "commented", "Comment on revision 2", ""),
        (ANNE, "saved", "Draft saved as revision 2", "six hundred"),
        (ANNE, "drafted", "Draft begun (from version 1)", "try"),
        (None, "published", "Version 1 published, in force at once", ""),
    ]
    assert chinese[0]["text"] == "发布第 2 版，立即生效"
    assert {one["draft"] for one in newest_first[:-1]} == {draft.rpartition("/")[2]}
    assert {one["code"] for one in newest_first} <= TABLE_EVENTS.keys()


async def test_a_long_history_comes_in_pages_without_gap_or_double(office: Office) -> None:
    await office.ship()
    draft = await office.draft()
    for number in range(5):
        await office.got("POST", f"{draft}/comments", BEN, {"revision": 1, "text": f"{number}"})

    pages = [await office.got("GET", "/history", limit=3)]
    while pages[-1]["next"]:
        pages.append(await office.got("GET", "/history", limit=3, cursor=pages[-1]["next"]))

    together = [one["id"] for page in pages for one in page["items"]]
    assert [len(page["items"]) for page in pages] == [3, 3, 1]
    assert together == [one["id"] for one in (await office.got("GET", "/history"))["items"]]
