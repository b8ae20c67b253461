"""Budgets as people type them, in yuan (A3)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cleaning import BudgetReading, read_budget
from domain.cleaning.numerals import number


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
    ("typed", "low", "high"),
    [
        ("20万以上25万以下", 200_000, 250_000),
        ("最低20万最高25万", 200_000, 250_000),
        ("不低于20万不高于30万", 200_000, 300_000),
        ("至少20万，最多30万", 200_000, 300_000),
        ("大于20万小于30万", 200_000, 300_000),
        ("预算20万左右,最多25万", 200_000, 250_000),
        ("不低于20万", 200_000, None),
        ("不高于20万", None, 200_000),
        ("30个以内", None, 300_000),
        ("15万/20万/25万", 150_000, 250_000),
        ("15、20、25万", 150_000, 250_000),
        ("10-15万；15-20万", 100_000, 200_000),
        ("[20万,30万)", 200_000, 300_000),
        ("(20-30万]", 200_000, 300_000),
    ],
)
def test_several_figures_give_their_span(typed: str, low: int | None, high: int | None) -> None:
    assert read_budget(typed) == BudgetReading(low, high, clear=True)


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [
        ("贷款 预算30万", 300_000),
        ("可贷款，预算30万", 300_000),
        ("首付5万 预算20万", 200_000),
        ("预算25万，首付5万，月供5000", 250_000),
        ("X5 60万", 600_000),
        ("Q5 40万", 400_000),
        ("CX-5 20万", 200_000),
        ("问界M7 30万", 300_000),
        ("Model 3 25万", 250_000),
        ("3系 30万", 300_000),
        ("2.0T 20万", 200_000),
        ("7座SUV 30万", 300_000),
        ("2026款 30万", 300_000),
        ("X5 60", 600_000),
        ("RMB300000", 300_000),
    ],
)
def test_what_stands_beside_the_figure_is_no_money(typed: str, yuan: int) -> None:
    assert read_budget(typed) == BudgetReading(yuan, yuan, clear=True)


def test_a_trade_in_beside_the_budget_does_not_swallow_it() -> None:
    assert read_budget("旧车置换 30万左右") == read_budget("30万左右") == BudgetReading(270_000, 330_000, clear=True)


@pytest.mark.parametrize("typed", ["$30000", "3万美元", "30万日元", "€30,000", "30万港币", "USD 30000", "贷款20万"])
def test_other_money_is_unclear(typed: str) -> None:
    assert not read_budget(typed).clear


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
