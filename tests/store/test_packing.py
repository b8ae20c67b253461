"""Packed values come back as they were, whichever words they were packed with."""

from __future__ import annotations

import json
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from store.engine import packing
from store.engine.packing import WORDS, packed, unpacked

SUMS = [238397642]
"""Of the words of each number. What was packed with others could not be read any more."""

VALUES = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text(max_size=9),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=9), inner, max_size=3),
    max_leaves=9,
)


def test_words_that_were_packed_with_never_change() -> None:
    assert [zlib.adler32(words) for words in WORDS] == SUMS


@given(VALUES)
def test_a_value_comes_back(value: Any) -> None:
    assert unpacked(packed(value)) == value


def test_what_was_packed_with_earlier_words_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    before, further = packed(["rung_due"]), b"further words"
    monkeypatch.setattr(packing, "WORDS", (*WORDS, further))
    monkeypatch.setitem(packing._BY_SUM, zlib.adler32(further), further)

    assert packed(["rung_due"]) != before
    assert [unpacked(one) for one in (before, packed(["rung_due"]))] == [["rung_due"]] * 2


def test_what_is_damaged_or_packed_with_unknown_words_is_not_read() -> None:
    kept = packed({"n": 1})
    with pytest.raises(KeyError):
        unpacked(kept[:2] + b"\0\0\0\0" + kept[6:])
    with pytest.raises(zlib.error):
        unpacked(kept[:-1] + bytes((kept[-1] ^ 1,)))


def test_a_life_at_its_first_task_is_a_quarter() -> None:
    life = {
        "v": 2,
        "n": 31,
        "i": {
            "1": ["lead", {"suspected": False, "incomplete": False, "grade": "A", "lane": "dispatch"}],
            "12": ["sale", {"lane": "dispatch", "dealer": "b6460529-be30-5bea-bfa1-2f29285b1ffc", "why": None}],
        },
        "x": [
            ["1", "lead", "", "1", "a", "new_lead", "scope", "销售线索"],
            ["12", "at_dealer", "1", "1", "a", "to_dealer_to_at_dealer", "scope", "在经销商跟进"],
            ["25", "follow_up", "12", "12", "a", "to_follow_up_to_follow_up", "scope", "跟进客户"],
            ["27", "work", "25", "25", "a", "both_to_work", "task", "有人办理", "2026-11-30T22:03:53.541903Z"],
        ],
    }
    assert len(packed(life)) < len(json.dumps(life)) / 4
