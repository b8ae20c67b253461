"""Drafts: begun, saved by file and by cell, commented and given up; nobody writes over what
somebody else saved."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from api.tables.sentences import CODES
from api.tables.words import told
from domain.policy.breaches import SENTENCES
from domain.policy.review import review
from rules.analysis import CODES as FINDINGS
from tests.api.tables import ANNE, BEN, Office, dmn, office

__all__ = ["office"]


def problems(view: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["severity"], one["code"]) for one in view["review"]["problems"]]


# -- beginning -----------------------------------------------------------------------------------


async def test_a_draft_of_a_version_begins_with_its_file(office: Office) -> None:
    await office.ship()

    made = await office.ask("POST", "/drafts", reason="cheaper", **{"from": 1})

    view = made.json()
    assert made.status_code == 201
    assert made.headers["location"] == f"/api/v1/tables/{office.key}/drafts/{view['draft']['id']}"
    assert (await office.desk.http.get(view["draft"]["file"])).content == office.file()
    shown = view["draft"]
    assert (shown["based_on"], shown["revision"], shown["state"]) == (1, 1, "open")
    assert (shown["created_by"]["code"], shown["reason"]) == (ANNE, "cheaper")
    assert view["review"] == {"publishable": True, "examples": 1, "cut": [], "problems": []}
    assert await office.listed("/drafts") == [shown]


async def test_a_draft_from_a_file_is_measured_against_the_newest_version(office: Office) -> None:
    await office.ship()

    made = await office.got("POST", "/drafts", xml=office.file(middle="1", name="新名"), reason="new")

    assert (made["draft"]["based_on"], made["draft"]["name"]) == (1, "新名")


async def test_without_a_file_a_draft_needs_the_version_to_begin_with(office: Office) -> None:
    neither = await office.ask("POST", "/drafts", reason="?")
    missing = await office.ask("POST", "/drafts", reason="?", **{"from": 7})

    assert (neither.status_code, neither.json()["problems"][0]["field"]) == (422, "from")
    assert (missing.status_code, missing.json()["code"]) == (404, "table_not_found")


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (b"<a>", "not_xml"),
        (b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', "has_doctype"),
        (b"<html/>", "not_dmn"),
        (b"<a>" * 100_000, "not_xml"),
        (b'<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/"/>', "other_decision"),
    ],
)
async def test_what_is_no_file_of_this_table_is_refused_and_nothing_is_begun(
    office: Office, xml: bytes, code: str
) -> None:
    answer = await office.ask("POST", "/drafts", xml=xml, reason="?")

    assert (answer.status_code, answer.json()["code"]) == (422, "table_unreadable")
    assert [(one["code"], bool(one["cure"])) for one in answer.json()["problems"]] == [(code, True)]
    assert await office.listed("/drafts") == []


async def test_a_file_has_to_be_sent_as_one(office: Office) -> None:
    answer = await office.ask("POST", "/drafts", body={"xml": "<definitions/>"}, reason="?")

    assert (answer.status_code, answer.json()["code"]) == (415, "not_dmn")


async def test_only_head_office_changes_tables(office: Office) -> None:
    await office.ship()
    draft = await office.draft()

    for method, path, form in (
        ("POST", "/drafts", None),
        ("PATCH", draft, {"revision": 1, "cells": [{"row": "mid", "column": "points", "text": "1"}]}),
        ("POST", f"{draft}/comments", {"revision": 1, "text": "a"}),
        ("POST", f"{draft}/publication", {"revision": 1, "comment": "a"}),
        ("DELETE", draft, None),
        ("POST", "/rollback", {"to": 1, "reason": "a"}),
        ("DELETE", "/1", None),
    ):
        refused = await office.ask(method, path, "BJ01-C1", form, reason="a")
        assert (refused.status_code, refused.json()["code"]) == (403, "role_not_allowed"), path


# -- saving --------------------------------------------------------------------------------------


async def test_a_saved_file_is_the_next_revision_and_earlier_ones_stay(office: Office) -> None:
    await office.ship()
    draft = await office.draft()

    saved = await office.got("PUT", draft, BEN, xml=office.file(middle="600"), revision=1, note="six hundred")

    assert (saved["draft"]["revision"], saved["draft"]["edited_by"]["code"]) == (2, BEN)
    assert [(one["revision"], one["by"]["code"], one["note"]) for one in saved["revisions"]] == [
        (2, BEN, "six hundred"),
        (1, ANNE, ""),
    ]
    files = [(await office.ask("GET", f"{draft}.dmn", revision=number)).content for number in (1, 2)]
    assert files == [office.file(), office.file(middle="600")]
    assert (await office.ask("GET", f"{draft}.dmn")).content == files[1]


async def test_whoever_saves_on_top_of_an_older_revision_is_told_so(office: Office) -> None:
    await office.ship()
    draft = await office.draft()
    await office.got("PUT", draft, BEN, xml=office.file(middle="600"), revision=1)

    late = await office.ask("PUT", draft, xml=office.file(middle="700"), revision=1)

    assert (late.status_code, late.json()["code"], late.json()["params"]) == (409, "draft_changed", {"revision": "2"})
    assert (await office.ask("GET", f"{draft}.dmn")).content == office.file(middle="600")


async def test_of_two_who_save_at_once_one_is_told_to_look_again(office: Office) -> None:
    await office.ship()
    draft = await office.draft()

    answers = await asyncio.gather(
        *(office.ask("PUT", draft, by, xml=office.file(middle=by[-1]), revision=1) for by in (ANNE, BEN))
    )

    assert sorted(one.status_code for one in answers) == [200, 409]
    assert (await office.got("GET", draft))["draft"]["revision"] == 2


async def test_the_same_file_again_is_no_new_revision(office: Office) -> None:
    await office.ship()
    draft = await office.draft()

    again = await office.got("PUT", draft, xml=office.file(), revision=1)

    assert again["draft"]["revision"] == 1
    assert await office.told() == ["published", "drafted"]


async def test_a_draft_may_be_imperfect_and_says_so_with_an_example(office: Office) -> None:
    await office.ship()
    draft = await office.draft()

    saved = await office.got("PUT", draft, xml=office.file(below="< 90"), revision=1)

    assert problems(saved) == [("warning", "gap")]
    (gap,) = saved["review"]["problems"]
    assert 90 <= gap["example"]["price"] < 100 and saved["review"]["publishable"]
    chinese = (await office.got("GET", draft, language="zh"))["review"]["problems"][0]
    assert chinese["message"] == f"有输入不符合任何一行（例如 price = {gap['example']['price']}）"
    assert chinese["detail"] == gap["detail"]


@pytest.mark.parametrize(
    ("changes", "code", "row"),
    [
        ({"below": "< 101"}, "overlap", [1, 2]),
        ({"middle": "500", "expect": "600"}, "example_differs", []),
        ({"middle": "five hundred"}, "unreadable", [2]),
        ({"middle": '"a text"'}, "unreadable", [2]),
    ],
)
async def test_what_keeps_a_draft_from_publication_is_said_at_its_save(
    office: Office, changes: dict[str, str], code: str, row: list[int]
) -> None:
    await office.ship()
    draft = await office.draft()

    saved = await office.got("PUT", draft, xml=office.file(**changes), revision=1)

    assert saved["review"]["publishable"] is False
    found = [one for one in saved["review"]["problems"] if one["code"] == code]
    assert found and found[0]["rows"] == row and found[0]["message"] and found[0]["cure"]


async def test_a_file_that_cannot_be_read_leaves_the_draft_as_it_was(office: Office) -> None:
    await office.ship()
    draft = await office.draft()
    before = await office.got("GET", draft)

    refused = await office.ask("PUT", draft, xml=b"<definitions", revision=1)

    assert (refused.status_code, refused.json()["code"]) == (422, "table_unreadable")
    assert await office.got("GET", draft) == before


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"middle": "(600", "expect": "1"}, "第 2 行“points”列：表达式无法解析，第 5 个字符附近：(600▸"),
        ({"middle": '"a text"'}, '第 2 行“points”列："a text" 不是 number 类型'),
        ({"below": '"cheap"'}, '第 1 行“Price”列："cheap" 不可能等于 number 类型的值'),
        ({"below": "cheap"}, "文件：单元格引用了“cheap”，但没有这个输入"),
    ],
)
def test_what_the_reader_says_is_said_in_chinese(changes: dict[str, str], said: str) -> None:
    found = told(review(dmn("bands", **changes), "bands", sampled=False), "zh")

    assert [one.message for one in found] == [said]


def test_every_code_of_a_review_has_chinese_words() -> None:
    assert (
        CODES.keys()
        == {"unreadable", "review_cut", "example_differs", "evaluators_differ"} | SENTENCES.keys() | FINDINGS.keys()
    )


# -- cells ---------------------------------------------------------------------------------------


async def test_a_cell_is_changed_and_nothing_else_of_the_file(office: Office) -> None:
    await office.ship()
    draft = await office.draft()
    cells = [{"row": "mid", "column": "points", "text": "600"}]

    saved = await office.got("PATCH", draft, body={"revision": 1, "cells": cells, "note": "six"})

    after = (await office.ask("GET", f"{draft}.dmn")).content
    assert after == office.file().replace(b"<text>500</text>", b"<text>600</text>")
    assert (saved["draft"]["revision"], saved["revisions"][0]["note"]) == (2, "six")
    assert set(problems(saved)) == {("error", "example_differs")}  # it still says 500


async def test_a_cell_is_changed_together_with_the_example_that_holds_it(office: Office) -> None:
    await office.ship()
    draft = await office.draft()
    form = {
        "revision": 1,
        "cells": [{"row": "mid", "column": "points", "text": "600"}],
        "examples": [{"example": "in the middle", "name": "points", "text": "600"}],
    }

    saved = await office.got("PATCH", draft, body=form)

    assert saved["review"] == {"publishable": True, "examples": 1, "cut": [], "problems": []}
    assert (await office.ask("GET", f"{draft}.dmn")).content == office.file(middle="600")


@pytest.mark.parametrize("column", ["Price", "price", "in"])
async def test_a_column_goes_by_label_expression_or_id(office: Office, column: str) -> None:
    await office.ship()
    draft = await office.draft()
    cells = [{"row": "low", "column": column, "text": "< 50 & more"}]

    await office.got("PATCH", draft, body={"revision": 1, "cells": cells})

    assert b"<text>&lt; 50 &amp; more</text>" in (await office.ask("GET", f"{draft}.dmn")).content


async def test_addresses_that_lead_to_no_cell_are_all_told_and_nothing_is_saved(office: Office) -> None:
    await office.ship()
    draft = await office.draft()
    cells = [
        {"row": "mid", "column": "points", "text": "600"},
        {"row": "none", "column": "points", "text": "1"},
        {"row": "mid", "column": "colour", "text": "1"},
        {"row": "mid", "column": "points", "text": "1", "decision": "other"},
    ]

    examples = [
        {"example": "none", "name": "points", "text": "1"},
        {"example": "in the middle", "part": "given", "name": "points", "text": "1"},
    ]

    answer = await office.ask("PATCH", draft, body={"revision": 1, "cells": cells, "examples": examples})

    assert answer.status_code == 422
    assert [(one["field"], one["code"]) for one in answer.json()["problems"]] == [
        ("cells/1/row", "unknown_row"),
        ("cells/2/column", "unknown_column"),
        ("cells/3/decision", "unknown_table"),
        ("examples/0/example", "unknown_example"),
        ("examples/1/name", "unknown_name"),
    ]
    assert "Price, tier, Points" in answer.json()["problems"][1]["cure"]
    assert (await office.got("GET", draft))["draft"]["revision"] == 1


# -- comments, and the end -----------------------------------------------------------------------


async def test_a_comment_names_the_cell_that_it_is_about(office: Office) -> None:
    await office.ship()
    draft = await office.draft()
    form = {"revision": 1, "text": "预算够吗？", "row": "mid", "column": "points"}

    said = await office.got("POST", f"{draft}/comments", BEN, form)

    assert await office.listed(f"{draft}/comments") == [said]
    assert {name: said[name] for name in form} == form and said["by"]["code"] == BEN


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"row": "gone"}, 422, "unknown_row"),
        ({"column": "gone"}, 422, "unknown_column"),
        ({"revision": 2}, 404, "draft_not_found"),
    ],
)
async def test_a_comment_on_what_is_not_there_is_refused(
    office: Office, change: dict[str, Any], status: int, code: str
) -> None:
    await office.ship()
    draft = await office.draft()

    answer = await office.ask("POST", f"{draft}/comments", body={"revision": 1, "text": "a"} | change)

    body = answer.json()
    assert answer.status_code == status
    assert code in (body["code"], *(one["code"] for one in body["problems"]))
    assert await office.listed(f"{draft}/comments") == []


async def test_a_draft_that_was_given_up_can_be_looked_at_and_no_more(office: Office) -> None:
    await office.ship()
    draft = await office.draft()

    closed = await office.got("DELETE", draft, reason="not now")

    assert (closed["state"], closed["closed_by"]["code"]) == ("discarded", ANNE)
    assert await office.listed("/drafts") == []
    assert [one["state"] for one in await office.listed("/drafts", open=False)] == ["discarded"]
    for method, path, more in (
        ("PUT", draft, {"xml": office.file(middle="1"), "revision": 1}),
        ("POST", f"{draft}/comments", {"body": {"revision": 1, "text": "a"}}),
        ("POST", f"{draft}/publication", {"by": BEN, "body": {"revision": 1, "comment": "a"}}),
        ("DELETE", draft, {"reason": "again"}),
    ):
        late = await office.ask(method, path, **more)
        assert (late.status_code, late.json()["code"]) == (409, "draft_closed"), path


async def test_the_draft_of_another_table_is_none_of_this(office: Office) -> None:
    await office.ship()
    draft = await office.draft()

    answer = await Office(office.desk).ask("GET", draft)

    assert (answer.status_code, answer.json()["code"]) == (404, "draft_not_found")


async def test_a_request_that_comes_twice_begins_one_draft(office: Office) -> None:
    first, again = [
        await office.ask("POST", "/drafts", xml=office.file(), reason="once", key=f"begin-{office.key}") for _ in "12"
    ]

    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert len(await office.listed("/drafts")) == 1
