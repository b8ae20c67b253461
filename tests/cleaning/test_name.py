"""Names: a person, nobody, a tester."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaning import Honorific, NameKind, read_name


@pytest.mark.parametrize(
    ("typed", "core", "key", "honorific"),
    [
        ("王莉", "王莉", "wangli", None),
        ("欧阳晶", "欧阳晶", "ouyangjing", None),
        ("吴女士", "吴", "wu", Honorific.MS),
        ("梁先生", "梁", "liang", Honorific.MR),
        ("李小姐", "李", "li", Honorific.MS),
        ("Mr. Smith", "Smith", "smith", Honorific.MR),
        ("John Smith", "John Smith", "johnsmith", None),
        ("Олег", "Олег", "олег", None),
        ("张三", "张三", "zhangsan", None),
        ("Testa", "Testa", "testa", None),
    ],
)
def test_people(typed: str, core: str, key: str, honorific: Honorific | None) -> None:
    reading = read_name(typed)
    assert (reading.kind, reading.name) == (NameKind.PERSON, typed)
    assert (reading.core, reading.key, reading.honorific) == (core, key, honorific)


@pytest.mark.parametrize(
    "typed", ["测试", "张三测试", "测试客户", "test", "TEST1", "asdf", "ａｓｄｆ", "qwerty", "aaa", "abc"]
)
def test_testers(typed: str) -> None:
    assert read_name(typed).kind is NameKind.TEST


@pytest.mark.parametrize("typed", ["", None, "  ", "无", "-", "匿名", "先生", "客户女士", "13981590830", "🚗", "!!!"])
def test_nobody(typed: str | None) -> None:
    assert read_name(typed).kind is NameKind.MISSING


@given(st.text() | st.none() | st.integers())
def test_no_text_breaks_it(typed: object) -> None:
    reading = read_name(typed)
    assert (reading.kind is NameKind.PERSON) == bool(reading.core) == bool(reading.key)
