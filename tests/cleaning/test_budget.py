"""Budgets as people type them, in yuan (A3)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaning import BudgetReading, read_budget
from cleaning.numerals import number


@pytest.mark.parametrize(
    ("typed", "low", "high"),
    [
        ("25-30w", 250_000, 300_000),
        ("20-25万", 200_000, 250_000),
        ("15～20万", 150_000, 200_000),
        ("20w-25w", 200_000, 250_000),
        ("20万到25万", 200_000, 250_000),
        ("30-25万", 250_000, 300_000),
        ("200000-300000", 200_000, 300_000),
        ("十五到二十万", 150_000, 200_000),
        ("二三十万", 200_000, 300_000),
        ("十七八万", 170_000, 180_000),
        ("二十多万", 200_000, 300_000),
        ("20几万", 200_000, 300_000),
        ("250000", 250_000, 250_000),
        ("¥250,000", 250_000, 250_000),
        ("250000元", 250_000, 250_000),
        ("28万", 280_000, 280_000),
        ("28", 280_000, 280_000),
        ("25.5万", 255_000, 255_000),
        ("２８万", 280_000, 280_000),
        ("两百万", 2_000_000, 2_000_000),
        ("20万左右", 180_000, 220_000),
        ("大概20万", 180_000, 220_000),
        ("三十万以内", None, 300_000),
        ("30万以下", None, 300_000),
        ("不超过30万", None, 300_000),
        ("30万+", 300_000, None),
        ("30万以上", 300_000, None),
        ("至少20万", 200_000, None),
        ("贷款，首付5万，总价20万", 200_000, 200_000),
    ],
)
def test_clear_budgets(typed: str, low: int | None, high: int | None) -> None:
    assert read_budget(typed) == BudgetReading(low, high, clear=True)


@pytest.mark.parametrize(
    "typed",
    ["", None, "不限", "面议", "贷款，首付5万", "首付5万", "月供3000", "3000", "13981590830", "无", "=1+1", "便宜点"],
)
def test_what_names_no_price_is_unclear(typed: str | None) -> None:
    assert read_budget(typed) == BudgetReading(None, None, clear=False)


@given(st.text() | st.from_regex(r"[0-9一二三十百万wk\-~+,.以内左右]{0,20}") | st.none() | st.integers() | st.floats())
def test_no_text_breaks_it(typed: object) -> None:
    reading = read_budget(typed)
    assert reading.clear == (reading.min is not None or reading.max is not None)
    assert reading.min is None or reading.max is None or 10_000 <= reading.min <= reading.max


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("三十", 30),
        ("十", 10),
        ("十二", 12),
        ("一百零五", 105),
        ("两百五", 250),
        ("二〇二七", 2027),
        ("1,250", 1250),
        ("0.5", 0.5),
    ],
)
def test_numerals(written: str, value: float) -> None:
    assert number(written) == value


@given(st.text(alphabet="零〇一二两三四五六七八九十百千x", max_size=40))
def test_no_numeral_breaks_it(written: str) -> None:
    assert number(written) is None or number(written) is not None
