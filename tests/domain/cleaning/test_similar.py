"""Whether two records are one person although no field proves it (A4)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cleaning import Person, is_suspect, likeness

LIANG = Person("梁金凤", "+8613967513613", None, "武汉")


@pytest.mark.parametrize(
    "other",
    [
        Person("梁先生", "+8613967513613"),
        Person("王伟", "+8613967513613", None, "北京"),
    ],
)
def test_the_same_number_is_proof(other: Person) -> None:
    assert likeness(LIANG, other) == 1.0


def test_the_same_wechat_is_proof() -> None:
    assert likeness(Person("A", None, "Liang_1"), Person("B", None, "liang_1")) == 1.0


@pytest.mark.parametrize(
    "other",
    [
        Person("梁金凤", "+8613967513614"),
        Person("梁金风", "+8613967513614", None, "北京"),
        Person("梁金凤", "+8613967513631", None, "武汉"),
        Person("梁女士", "+8613967513631", None, "武汉"),
        Person("梁金凤", "+8613967513644", None, "武汉"),
    ],
)
def test_a_slip_in_the_number_and_a_name_that_agrees(other: Person) -> None:
    assert is_suspect(LIANG, other)


@pytest.mark.parametrize(
    "other",
    [
        Person("梁金凤", None, None, "武汉"),
        Person("梁金凤", "+8615836537056", None, "武汉"),
        Person("王伟", "+8613967513614", None, "武汉"),
        Person("梁金凤", "+8613967513644", None, "北京"),
        Person(None, "+8613967513614", None, "武汉"),
        Person(),
    ],
)
def test_less_than_that_is_chance(other: Person) -> None:
    assert not is_suspect(LIANG, other)


maybe = st.none() | st.text(max_size=12)
people = st.builds(Person, maybe, st.none() | st.from_regex(r"\+[0-9]{8,13}", fullmatch=True), maybe, maybe)


@given(people, people)
def test_no_pair_breaks_it_and_order_does_not_matter(one: Person, other: Person) -> None:
    assert 0.0 <= likeness(one, other) <= 1.0
    assert likeness(one, other) == likeness(other, one)
