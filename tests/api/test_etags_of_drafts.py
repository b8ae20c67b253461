"""A draft of a table has a version: nobody saves over what somebody else has saved."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from tests.api.tables import ANNE, BEN, Office, office

__all__ = ["office"]


async def save(
    office: Office, draft: str, seen: str | None, by: str = ANNE, points: str = "600", **more: Any
) -> httpx.Response:
    """What the row ``mid`` brings is another."""
    body = {"cells": [{"row": "mid", "column": "points", "text": points}]} | more
    return await office.ask("PATCH", draft, by, body, match=seen)


async def test_a_draft_is_saved_under_its_tag_instead_of_its_revision(office: Office) -> None:
    draft = await office.draft(office.file())
    shown = await office.ask("GET", draft)

    saved = await save(office, draft, shown.headers["etag"])
    file = await office.ask("PUT", draft, xml=office.file(middle="700"), match=saved.headers["etag"])

    assert (shown.headers["etag"], saved.headers["etag"], file.headers["etag"]) == ('"1"', '"2"', '"3"')
    assert (await office.ask("GET", f"{draft}.dmn")).headers["etag"] == '"3"'


async def test_whoever_saw_an_earlier_revision_is_told_the_cells_that_changed(office: Office) -> None:
    draft = await office.draft(office.file())
    await save(office, draft, '"1"', BEN, note="six hundred")
    body = {"examples": [{"example": "in the middle", "name": "points", "text": "600"}], "revision": 2}
    await office.got("PATCH", draft, ANNE, body)

    late = await save(office, draft, '"1"', points="700")

    problem = late.json()
    assert (late.status_code, problem["code"], late.headers["etag"]) == (412, "changed_meanwhile", '"3"')
    assert [(one["revision"], one["by"]["code"], one["note"]) for one in problem["saves"]] == [
        (3, ANNE, ""),
        (2, BEN, "six hundred"),
    ]
    assert [(one["field"], one["before"], one["now"], one["by"]["code"]) for one in problem["changes"]] == [
        ("rows/mid/points", "500", "600", BEN),
        ("examples/in the middle/expect points", "500", "600", ANNE),
    ]


@pytest.mark.parametrize("below", ["< 90", "< ("], ids=["readable", "unfinished"])
async def test_a_file_that_was_saved_meanwhile_is_told_as_far_as_it_can_be_read(office: Office, below: str) -> None:
    draft = await office.draft(office.file())
    await office.got("PUT", draft, xml=office.file(below=below), revision=1)

    late = await office.ask("PUT", draft, xml=office.file(middle="700"), match='"1"')

    assert (late.status_code, len(late.json()["saves"])) == (412, 1)
    assert [one["before"] for one in late.json()["changes"]] in ([], ["< 100"])


async def test_of_two_who_save_at_once_under_one_tag_one_wins(office: Office) -> None:
    draft = await office.draft(office.file())

    answers = await asyncio.gather(*(save(office, draft, '"1"', by, points=by[-1]) for by in (ANNE, BEN)))

    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert (await office.ask("GET", draft)).headers["etag"] == '"2"'


async def test_a_repeated_save_gets_its_answer_again(office: Office) -> None:
    draft = await office.draft(office.file())
    body = {"cells": [{"row": "mid", "column": "points", "text": "600"}]}
    first = await office.ask("PATCH", draft, body=body, match='"1"', key=f"{office.key}-1")
    await save(office, draft, first.headers["etag"], points="700")

    again = await office.ask("PATCH", draft, body=body, match='"1"', key=f"{office.key}-1")

    assert (again.status_code, again.json(), again.headers["etag"]) == (200, first.json(), '"2"')


async def test_one_of_the_two_has_to_say_which_revision_was_seen(office: Office) -> None:
    draft = await office.draft(office.file())
    for answer in (
        await save(office, draft, None),
        await office.ask("PUT", draft, xml=office.file()),
        await office.ask("POST", f"{draft}/publication", BEN, {"comment": "a"}),
    ):
        assert answer.status_code == 422
        assert [(one["field"], one["code"]) for one in answer.json()["problems"]] == [("revision", "missing")]
    assert (await save(office, draft, "*")).status_code == 200
    contradictory = await save(office, draft, '"2"', revision=1, points="1")
    assert (contradictory.status_code, contradictory.json()["code"]) == (409, "draft_changed")


@pytest.mark.parametrize("what", ["discard", "publish", "comment"])
async def test_what_is_done_to_a_draft_is_done_to_the_one_that_was_seen(office: Office, what: str) -> None:
    draft = await office.draft(office.file())
    await save(office, draft, '"1"')

    async def do(seen: str) -> httpx.Response:
        match what:
            case "discard":
                return await office.ask("DELETE", draft, reason="no", match=seen)
            case "publish":
                body: dict[str, Any] = {"comment": "looked at it"}
                return await office.ask("POST", f"{draft}/publication", BEN, body, match=seen)
            case _:
                body = {"revision": 1, "text": "a"}
                return await office.ask("POST", f"{draft}/comments", BEN, body, match=seen)

    late = await do('"1"')
    good = await do(late.headers["etag"])

    assert (late.status_code, [one["now"] for one in late.json()["changes"]]) == (412, ["600"])
    if what == "publish":  # the example still expects what the draft does not give any more
        assert (good.status_code, good.json()["code"]) == (422, "table_refused")
    else:
        assert good.status_code in (200, 201)
    if what == "discard":
        assert good.headers["etag"] == (await office.ask("GET", draft)).headers["etag"] == '"2.discarded"'
