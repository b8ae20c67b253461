"""Cities as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaning import read_city

CITIES = ("杭州", "北京", "长春", "吉林", "西安", "重庆", "乌鲁木齐")


@pytest.mark.parametrize(
    ("typed", "city"),
    [
        ("杭州", "杭州"),
        ("杭州市", "杭州"),
        ("浙江省杭州市西湖区", "杭州"),
        ("吉林省长春市", "长春"),
        ("重庆北京路", "重庆"),
        ("西安市 雁塔区", "西安"),
        ("hangzhou", "杭州"),
        ("Xi'an City", "西安"),
        ("", None),
        (None, None),
        ("拉萨", None),
        ("London", None),
    ],
)
def test_cities(typed: str | None, city: str | None) -> None:
    assert read_city(typed, CITIES) == city


@given(st.text() | st.none() | st.integers())
def test_no_text_breaks_it(typed: object) -> None:
    assert read_city(typed, CITIES) in {None, *CITIES}
