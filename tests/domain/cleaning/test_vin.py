"""The number of a vehicle as people type it, and what is wrong with one that is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cleaning.vin import check_digit, plain_vin, vin_fault

SIGNS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
VINS = ("1M8GDM9AXKP042788", "5GZCZ43D13S812715", "11111111111111111")
"""As authorities print them: with X, with a digit, and the one whose sum is plain."""

whole = st.text(SIGNS, min_size=17, max_size=17).map(lambda some: some[:8] + check_digit(some) + some[9:])


@pytest.mark.parametrize("vin", VINS)
def test_a_vin_that_proves_itself(vin: str) -> None:
    assert vin_fault(vin) is None


@pytest.mark.parametrize(
    "typed",
    [
        "1m8gdm9axkp042788",
        " 1M8GDM9AXKP042788 ",
        "１Ｍ８ＧＤＭ９ＡＸＫＰ０４２７８８",
        "1M8-GDM9A-XKP-042788",
        "1M8G DM9A XKP0 4278 8",
        "车架号：1M8GDM9AXKP042788",
        "车辆识别代号 1M8GDM9AXKP042788",
        "VIN: 1M8GDM9AXKP042788",
        "vin no. 1M8GDM9AXKP042788",
        "\u200b1M8GDM9AXKP042788",
    ],
)
def test_it_is_read_however_it_is_typed(typed: str) -> None:
    assert plain_vin(typed) == "1M8GDM9AXKP042788"


@pytest.mark.parametrize(
    ("vin", "code", "said"),
    [
        ("", "vin_length", {"count": "0", "limit": "17"}),
        ("1M8GDM9AXKP04278", "vin_length", {"count": "16", "limit": "17"}),
        ("1M8GDM9AXKP0427881", "vin_length", {"count": "18", "limit": "17"}),
        ("1M8GDM9AXKPO42788", "vin_sign", {"place": "12"}),
        ("IM8GDM9AXKP042788", "vin_sign", {"place": "1"}),
        ("1M8GDM9AXKQ042788", "vin_sign", {"place": "11"}),
        ("1M8GDM9AXKP0427é8", "vin_sign", {"place": "16"}),
        ("京M8GDM9AXKP042788", "vin_sign", {"place": "1"}),
        ("1M8GDM9A1KP042788", "vin_check_digit", {"place": "9"}),
        ("1M8GDM9AXKP042787", "vin_check_digit", {"place": "9"}),
    ],
)
def test_what_is_wrong_is_said_without_the_number(vin: str, code: str, said: dict[str, str]) -> None:
    fault = vin_fault(vin)

    assert fault is not None and (fault.code, fault.said) == (code, said)


@given(vin=whole, place=st.integers(0, 16), sign=st.sampled_from(SIGNS))
def test_one_sign_of_another_value_is_found(vin: str, place: int, sign: str) -> None:
    changed = vin[:place] + sign + vin[place + 1 :]

    # Signs of one value (A, J and 1) cannot be told from one another, except where the check digit
    # itself stands.
    same_value = check_digit(vin[:8] + "0" + vin[9:]) == check_digit(changed[:8] + "0" + changed[9:])
    assert (vin_fault(changed) is None) == (changed[8] == vin[8] and same_value)


@given(text=st.text(max_size=60))
def test_anything_is_read_and_at_most_one_thing_is_said(text: str) -> None:
    fault = vin_fault(plain_vin(text))

    assert fault is None or text not in str(fault.said) or len(text) < 3
