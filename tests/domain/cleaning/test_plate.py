"""Plates as people type them; what is none is not made one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cleaning import read_plate
from domain.cleaning.plate import PROVINCES

PLATES = {
    "京A12345": "京A12345 |京a12345|京A·12345|京A.12345|京A-12345|京 A 12345|京Ａ１２３４５|京A•12345|车牌：京A12345|"
    "旧车车牌号 京A12345|牌照为京A12345|plate: 京A12345|京A—12345|\u200b京A12345",
    "京AD12345": "京AD12345|京ad12345|京A·D12345|京A D1234 5|京ＡＤ１２３４５",
    "沪A12345D": "沪A12345D|滬A12345D|沪a·12345d",
    "沪A12345F": "沪A12345F|沪A-12345-F",
    "粤BA88888": "粤BA88888|粵B·A88888",
    "粤Z1234港": "粤Z1234港|粤Z·1234港",
    "京A1234学": "京A1234学|京A1234學",
    "浙AFA1234": "浙AFA1234",
    "苏E99P99": "苏E99P99|蘇E99P99",
}
NONE = [
    "京A1234",
    "京A123456",
    "京A1234567",
    "A12345",
    "京12345",
    "京I12345",
    "京O12345",
    "京A1O345",
    "京A1I345",
    "京AI12345",
    "京ABCDEF",
    "港A12345",
    "XX12345",
    "京A12345 沪B12345",
    "没有",
    "无",
    "待定",
    "不记得",
    "12345",
    "LFV2A21K8A3123456",
    "京AL12345",
    "京A12345L",
    "京A12345港",
    "ABC-1234",
    "B-MW 1234",
]


@pytest.mark.parametrize(
    ("typed", "plate"), [(one, plate) for plate, typed in PLATES.items() for one in typed.split("|")]
)
def test_a_plate_is_read_however_it_is_spelt(typed: str, plate: str) -> None:
    assert read_plate(typed) == plate
    assert read_plate(plate) == plate


@pytest.mark.parametrize("typed", [*NONE, "", None, 12345, 1.5, True, [], "京A12345" * 200])
def test_what_is_no_plate_is_none(typed: object) -> None:
    assert read_plate(typed) is None


LETTERS = st.sampled_from("ABCDEFGHJKLMNPQRSTUVWXYZ")
DIGITS = st.text("0123456789", min_size=5, max_size=5)
GAPS = st.sampled_from(["", " ", "·", ".", "-", "\u3000", " • ", "．"])


@given(st.sampled_from(PROVINCES), LETTERS, DIGITS, st.sampled_from(["{}", "D{}", "{}D", "F{}", "{}F"]), GAPS, GAPS)
def test_signs_between_width_and_case_are_no_meaning(
    province: str, office: str, digits: str, form: str, first: str, second: str
) -> None:
    plate = province + office + form.format(digits)
    spelt = f"{province}{first}{office}{second}{plate[2:4]}{first}{plate[4:]}"
    wide = "".join(chr(ord(sign) + 0xFEE0) if sign.isascii() and sign.isalnum() else sign for sign in spelt)

    assert [read_plate(typed) for typed in (spelt, spelt.lower(), wide)] == [plate] * 3


@given(st.text(max_size=30))
def test_any_text_is_a_plate_or_none(typed: str) -> None:
    found = read_plate(typed)

    assert found is None or (read_plate(found) == found and len(found) in (7, 8) and not set("IO") & set(found))
