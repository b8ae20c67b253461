"""Which car is meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cleaning import read_model
from tests.domain.cleaning.known import KnownModel

KNOWN = (
    KnownModel("forester", "森林人 Forester", ("森林人", "Forester", "新森林人", "森林人 2.5i")),
    KnownModel("outback", "傲虎 Outback", ("傲虎", "Outback", "傲虎2.5")),
    KnownModel("legacy", "力狮 Legacy", ("力狮", "Legacy")),
    KnownModel("xv", "旭豹 Crosstrek (XV)", ("XV", "Crosstrek", "旭豹", "斯巴鲁XV")),
    KnownModel("wrx", "翼豹 WRX", ("WRX", "WRX STI", "翼豹", "翼豹WRX")),
    KnownModel("brz", "BRZ", ()),
)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("森林人", "forester"),
        ("森林人 2.5i", "forester"),
        ("新森林人", "forester"),
        ("forester", "forester"),
        ("ＦＯＲＥＳＴＥＲ", "forester"),
        ("2026款森林人2.5i 豪华版", "forester"),
        ("subaru forester 2.0i-L", "forester"),
        ("OUTBACK", "outback"),
        ("斯巴鲁 傲虎", "outback"),
        ("看看傲虎", "outback"),
        ("wrx sti", "wrx"),
        ("翼豹WRX", "wrx"),
        ("BRZ", "brz"),
        ("brz 手动", "brz"),
        ("斯巴鲁XV", "xv"),
        ("旭豹 e-Boxer", "xv"),
        ("cross trek", "xv"),
    ],
)
def test_exact_and_contained(typed: str, code: str) -> None:
    assert read_model(typed, KNOWN) == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [("深林人", "forester"), ("forestor", "forester"), ("outbak", "outback"), ("力师", "legacy"), ("Leagcy", "legacy")],
)
def test_slips_that_sound_or_look_alike(typed: str, code: str) -> None:
    assert read_model(typed, KNOWN) == code


@pytest.mark.parametrize(
    "typed", ["", None, "不限", "宝马X5", "CR-V", "奥迪", "翼虎", "汉兰达", "XY", "brs", "虎", "傲虎或森林人"]
)
def test_another_car_or_two_cars_need_a_person(typed: str | None) -> None:
    assert read_model(typed, KNOWN) is None


def test_without_models_nothing_is_known() -> None:
    assert read_model("森林人", ()) is None


@given(st.text() | st.none() | st.integers())
def test_no_text_breaks_it(typed: object) -> None:
    assert read_model(typed, KNOWN) in {None, *(model.code for model in KNOWN)}
