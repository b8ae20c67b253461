"""Files are checked and versions compared through the API; nothing comes of it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.conftest import headers
from tests.api.tables import ANNE, XML, Office, dmn, office

__all__ = ["office"]


async def check(office: Office, xml: bytes, by: str | None = ANNE, language: str = "en", **head: str) -> httpx.Response:
    sent = headers(by, None, language) | XML | head
    return await office.desk.http.post("/api/v1/tables/checks", content=xml, headers=sent)


async def checked(office: Office, xml: bytes, **more: Any) -> dict[str, Any]:
    answer = await check(office, xml, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


# -- checking ------------------------------------------------------------------------------------


async def test_a_check_tells_what_the_file_holds_and_that_it_may_be_published(office: Office) -> None:
    found = await checked(office, office.file())

    held = {"key": office.key, "name": "价位", "rows": 3, "inputs": ["price"], "outputs": ["tier", "points"]}
    assert found == {"decisions": [held], "review": {"publishable": True, "examples": 1, "cut": [], "problems": []}}
    assert (await office.ask("GET", "")).status_code == 404


async def test_a_check_lists_everything_with_place_and_cure(office: Office) -> None:
    found = await checked(office, office.file(below="< 90", expect="7"))

    told = [(one["code"], one["severity"], one["example"]) for one in found["review"]["problems"]]
    assert [code for code, _, _ in told] == ["example_differs", "gap"]
    assert told[-1] == ("gap", "warning", {"price": 90})
    assert all(one["message"] and one["cure"] and one["detail"] for one in found["review"]["problems"])
    assert not found["review"]["publishable"]


async def test_a_check_of_what_code_asks_says_what_it_needs_in_both_languages(office: Office) -> None:
    pool = dmn("pool")

    (english, *_), (chinese, *_) = [
        (await checked(office, pool, language=language))["review"]["problems"] for language in ("en", "zh")
    ]

    assert (english["code"], english["field"], english["decision"]) == ("input_not_given", "price", "pool")
    assert "Baton does not give it" in english["message"] and "grade" in english["cure"]
    assert (chinese["message"], chinese["cure"]) == ("表中使用了“price”，但系统不提供该输入", "请只使用：grade")


@pytest.mark.parametrize("xml", [b"", b"<a>", b"<html/>", b"<a>" * 5_000], ids=["empty", "broken", "no table", "deep"])
async def test_a_file_that_cannot_be_read_is_said_and_no_error(office: Office, xml: bytes) -> None:
    found = await checked(office, xml)

    assert (found["decisions"], found["review"]["publishable"]) == ([], False)
    assert [one["code"] for one in found["review"]["problems"]] == ["unreadable"]


async def test_a_file_of_a_thousand_rows_is_no_request_too_large(office: Office) -> None:
    padded = office.file().replace(b"<!-- kept -->", b"<!--" + b" " * 400_000 + b"-->")

    assert (await checked(office, padded))["review"]["publishable"]


async def test_who_may_check_and_what_as(office: Office) -> None:
    nobody, consultant = [await check(office, office.file(), by=by) for by in (None, "BJ01-C1")]
    as_json = await check(office, office.file(), **{"Content-Type": "application/json"})

    assert [answer.status_code for answer in (nobody, consultant, as_json)] == [403, 403, 415]
    assert as_json.json()["code"] == "not_dmn"


# -- comparing -----------------------------------------------------------------------------------


def cells(found: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    return [(one["row"], one["column"], one["old"], one["new"]) for one in found["difference"]["cells"]]


async def test_two_versions_differ_cell_by_cell(office: Office) -> None:
    await office.ship()
    await office.version(office.file(middle="600"))

    found = await office.got("GET", "/difference", **{"from": 1, "to": 2})

    assert (found["key"], found["old"], found["new"], found["draft"]) == (office.key, 1, 2, None)
    assert cells(found) == [("mid", "points", "500", "600")]
    (example,) = found["difference"]["examples"]
    assert example["properties"] == [{"name": "expect points", "old": "500", "new": "600"}]


async def test_a_draft_is_compared_with_what_is_in_force_or_with_any_version(office: Office) -> None:
    await office.ship()
    await office.version(office.file(middle="600"))
    draft = await office.draft(office.file(middle="700"))

    in_force = await office.got("GET", f"{draft}/difference")
    first = await office.got("GET", f"{draft}/difference", **{"with": 1, "revision": 1})

    assert cells(in_force) == [("mid", "points", "600", "700")]
    assert cells(first) == [("mid", "points", "500", "700")]
    assert (first["old"], first["new"], first["revision"], draft.endswith(first["draft"])) == (1, None, 1, True)


@pytest.mark.parametrize("middle", ["5 +", "count(for i in 1..100000000 return i)"])
async def test_a_draft_that_cannot_be_read_cannot_be_compared(office: Office, middle: str) -> None:
    await office.ship()
    draft = await office.draft(office.file(middle=middle, expect="5"))

    answer = await office.ask("GET", f"{draft}/difference")

    assert (answer.status_code, answer.json()["code"]) == (422, "draft_unreadable")


@pytest.mark.parametrize(
    ("path", "params", "status"),
    [
        ("/difference", {"from": 1, "to": 9}, 404),
        ("/difference", {"from": 1}, 422),
        ("/difference", {"from": 0, "to": 1}, 422),
        ("/drafts/0192f0c1-2b3e-7a10-9c00-abcdefabcdef/difference", {}, 404),
        ("/drafts/first/difference", {}, 422),
    ],
)
async def test_what_is_not_there_is_not_compared(
    office: Office, path: str, params: dict[str, Any], status: int
) -> None:
    await office.ship()

    assert (await office.ask("GET", path, **params)).status_code == status
