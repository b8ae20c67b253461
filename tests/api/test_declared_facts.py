"""A fact that is declared is understood, kept, shown, corrected, asked for and erased, and nothing
else names it."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from typing import Any

import pytest

from cases.lead_facts import FACTS, PLAIN
from cases.lead_facts.fact import Reads
from domain.leads.plain import HOW, read_plain
from domain.leads.statements import forms
from tests.api.conftest import Desk
from tests.databases import clone
from tests.servers import SharedPostgres

FOLLOWS = {"place_code", "region"}
"""Codes that follow from a place: nobody corrects them by themselves."""


@pytest.fixture(scope="module")
async def told(pg: SharedPostgres, desk_template: str) -> dict[str, Any]:
    async with clone(pg, desk_template) as url:
        run = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.api.declared", url), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        out, problems = await run.communicate()
    assert run.returncode == 0, problems.decode()[-3_000:]
    return json.loads(out.splitlines()[-1])


async def test_a_declared_fact_is_kept_as_read_and_shown(told: dict[str, Any]) -> None:
    assert told["differs"] == []
    shown = {"colour": "珍珠白", "seats": 7, "insured": True}
    assert told["born"] | shown == told["born"]
    assert told["xml"] == "灰"


async def test_what_cannot_be_read_of_it_is_named_and_asked_for(told: dict[str, Any]) -> None:
    assert told["unread"] == [["colour", "wrong_type"], ["seats", "unreadable"], ["insured", "unreadable"]]
    assert told["asked"] == ["colour", "seats"]


async def test_in_a_repeat_its_newest_word_wins_and_the_history_says_so(told: dict[str, Any]) -> None:
    verdict, facts = told["again"]
    assert (verdict, facts["colour"], facts["seats"], facts["insured"]) == ("duplicate", "黑", 5, True)
    text, fields, values = told["line"]
    assert "外观颜色" in text and "座位数" in text
    assert (fields, values) == (["colour", "seats"], {"seats": 5}), "words of a customer stay out of the history's data"


async def test_people_correct_it_or_cannot_and_corrections_are_kept(told: dict[str, Any]) -> None:
    assert told["changes"] == [
        [200, []],
        [200, []],
        [422, [["seats", "unreadable"]]],
        [422, [["insured", "locked_field"]]],
    ]
    changed = [
        ["colour", "珍珠白", "黑"],
        ["seats", 7, 5],
        ["colour", "黑", "红"],
        ["colour", "红", None],
        ["seats", 5, 6],
    ]
    assert told["edits"] == changed


async def test_an_erasure_blanks_what_is_personal(told: dict[str, Any]) -> None:
    assert (told["erased"]["colour"], told["erased"]["seats"], told["erased"]["insured"]) == (None, 6, True)
    assert told["declared"] and told["personal"] == ["leads.colour"]


async def test_requests_answers_files_and_the_reference_have_it(told: dict[str, Any]) -> None:
    assert told["schemas"] == {
        "SubmissionBody": ["colour", "insured", "seats"],
        "CustomerBody": ["colour", "seats"],
        "CallResultBody": ["colour", "seats"],
        "LeadFacts": ["colour", "insured", "seats"],
    }
    assert told["file"] == [{"colour": "珍珠白", "seats": "七座"}, []]
    assert (told["word"], told["reference"]) == ("座位数", True)


# -- what is declared is so ----------------------------------------------------------------------


async def test_the_database_keeps_corrections_of_what_people_may_correct(desk: Desk) -> None:
    (row,) = await desk.rows(
        "SELECT encode(tgargs, 'escape') AS said FROM pg_trigger"
        " WHERE tgname = 'keep_edits' AND tgrelid = 'leads'::regclass"
    )
    corrected = {column for fact in FACTS if fact.corrected for column in fact.columns}

    assert set(row["said"].split("\\000")[:-1]) == corrected - FOLLOWS


def test_people_are_given_the_fields_that_are_declared_to_be_corrected() -> None:
    declared = {fact.name for fact in FACTS if fact.corrected}
    given = set(forms.CustomerBody.model_fields) - {"do_not_call", "call_hours", "reason", "labels"}

    assert given == declared
    assert not forms.LOCKED & declared


def test_each_plain_fact_has_a_reader_and_an_example_that_it_understands() -> None:
    assert set(HOW) == set(Reads) - {Reads.OWN}
    for fact in PLAIN:
        read = read_plain(fact, fact.example)
        assert read.problem is None and read.value is not None, fact.name
        assert read_plain(fact, read.value).value == read.value, fact.name


def test_names_and_columns_are_declared_once() -> None:
    names = [fact.name for fact in FACTS]
    columns = [fact.column for fact in PLAIN]
    assert len(set(names)) == len(names) and len(set(columns)) == len(columns)
