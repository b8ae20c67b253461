"""Names: a person, nobody, a tester."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cleaning import Honorific, NameKind, read_name


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
        ("Bar Refaeli", "Bar Refaeli", "barrefaeli", None),
        ("Foo Chan", "Foo Chan", "foochan", None),
        ("Demo Wang", "Demo Wang", "demowang", None),
        ("李老板娘", "李", "li", Honorific.MS),
        ("王老板", "王", "wang", Honorific.MR),
    ],
)
def test_people(typed: str, core: str, key: str, honorific: Honorific | None) -> None:
    reading = read_name(typed)
    assert (reading.kind, reading.name) == (NameKind.PERSON, typed)
    assert (reading.core, reading.key, reading.honorific) == (core, key, honorific)


@pytest.mark.parametrize(
    "typed",
    [
        "测试",
        "张三测试",
        "测试客户",
        "test",
        "TEST1",
        "asdf",
        "ａｓｄｆ",
        "qwerty",
        "aaa",
        "abc",
        "demo",
        "foo123",
        "bar",
    ],
)
def test_testers(typed: str) -> None:
    assert read_name(typed).kind is NameKind.TEST


@pytest.mark.parametrize(
    "typed",
    [
        *("用户1234567890", "抖音用户", "懂车帝用户", "手机用户2389", "微信用户", "user_8812", "Unknown", "Anonymous"),
        *("不方便透露", "保密客户", "nan", "老板娘"),
    ],
)
def test_what_platforms_write_for_nobody(typed: str) -> None:
    assert read_name(typed).kind is NameKind.MISSING


@pytest.mark.parametrize("typed", ["", None, "  ", "无", "-", "匿名", "先生", "客户女士", "13981590830", "🚗", "!!!"])
def test_nobody(typed: str | None) -> None:
    assert read_name(typed).kind is NameKind.MISSING


@given(st.text() | st.none() | st.integers())
def test_no_text_breaks_it(typed: object) -> None:
    reading = read_name(typed)
    assert (reading.kind is NameKind.PERSON) == bool(reading.core) == bool(reading.key)
