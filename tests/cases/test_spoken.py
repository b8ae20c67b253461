"""Codes in sentences have words in both languages: none is shown to people as it stands in a
table."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from string import Formatter

import pytest

import rules
from cases.messages import NOTIFICATIONS, TIMELINE, Words, say
from cases.spoken import VALUES, sentence
from cases.states import HqFirst, HqWhy, InvalidReason, LostReason
from rules import read_table
from rules.model import Table

SAID = {
    ("cleaning", "reason"),
    ("contact-rules", "use"),
    ("grade", "reason"),
    ("hq-first", "first"),
    ("material", "channel"),
    ("material", "code"),
    ("nurture-plan", "channel"),
    ("nurture-plan", "first_material"),
}
"""Outputs of tables that lines and notices quote."""


def quoted() -> set[tuple[str, str, str]]:
    """Every text that a shipped table answers in one of these outputs."""
    found: set[tuple[str, str, str]] = set()
    for file in rules.shipped():
        for decision in read_table(Path(file).read_bytes()):
            if not isinstance(decision.logic, Table):
                continue
            for row in decision.logic.rules:
                for output, cell in zip(decision.logic.outputs, row.outputs, strict=True):
                    if (decision.key, output.name) in SAID and isinstance(value := cell.run({}), str):
                        found.add((decision.key, output.name, value))
    return found


def test_every_code_of_a_table_that_is_quoted_has_words() -> None:
    codes = quoted()

    assert {(table, output) for table, output, _ in codes} == SAID
    assert {code for code in codes if code[2] not in VALUES} == set()


@pytest.mark.parametrize("codes", [LostReason, InvalidReason, HqFirst, HqWhy])
def test_every_code_of_a_kind_that_is_quoted_has_words(codes: type[StrEnum]) -> None:
    assert {code for code in codes if code.value not in VALUES} == set()


def everything() -> list[tuple[str, Words, Words]]:
    tables = {"timeline": TIMELINE, "notifications": NOTIFICATIONS}
    return [
        (f"{name} {code} {case}", words, one)
        for name, table in tables.items()
        for code, words in table.items()
        for case, one in (("", words), *words.cases.items())
    ]


@pytest.mark.parametrize(("words", "one"), [pytest.param(words, one, id=name) for name, words, one in everything()])
def test_both_languages_say_the_same_and_a_case_asks_for_nothing_else(words: Words, one: Words) -> None:
    def asked(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert one.zh and one.en and one.zh != one.en
    assert asked(one.zh) == asked(one.en)
    assert asked(one.zh) <= asked(words.zh) | {"dealer", "staff"}


@pytest.mark.parametrize(
    ("table", "code", "case"),
    [
        pytest.param(table, code, case, id=f"{code} {case}")
        for table in (TIMELINE, NOTIFICATIONS)
        for code, words in table.items()
        for case in words.cases
        if case.startswith("without_")
    ],
)
def test_what_an_entry_has_not_is_not_spoken_of(table: dict[str, Words], code: str, case: str) -> None:
    words, missing = table[code], case.removeprefix("without_")
    data: dict[str, object] = {name: name for _, name, _, _ in Formatter().parse(words.zh) if name} | {"dealer": "BJ01"}
    assert missing in data

    for language in ("zh", "en"):
        whole, said = say(table, code, language, data), say(table, code, language, data | {missing: None})
        assert "—" not in said and said != whole


@pytest.mark.parametrize(
    ("case", "said"),
    [(None, "将于"), ("passed", "已于"), ("of a later version", "将于")],
)
def test_a_case_says_it_otherwise_and_an_unknown_one_does_not(case: str | None, said: str) -> None:
    data = {"kind": "outbound_call", "due": "2026-11-29T10:00:00+00:00", "case": case}

    words = sentence(NOTIFICATIONS, "reminder", data, {"outbound_call": "外呼"}, "zh")

    assert words == f"外呼 {said} 2026-11-29 18:00 到期，请尽快处理"
    assert "{" not in say(NOTIFICATIONS, "reminder", "en", data)
