"""Texts that are no FEEL: said where and why, and never a crash."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.feel import FeelError, evaluate, parse, parse_unary_tests


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("1 +", 3, "something is missing"),
        ('"abc', 0, "a string is not closed"),
        ("foo(1)", 0, "there is no function “foo”"),
        ('substring("a")', 0, "substring() takes 2 to 3 arguments, not 1"),
        ("if a then b", 11, "“else” is needed before “the end”"),
        ("a b", 2, "“b” does not belong here"),
        ("1 $ 2", 2, "the character '$' means nothing here"),
        ('@"soon"', 0, "after @ stands a date, time, date and time or duration"),
        ("[1..2", 5, "a range ends with ], ) or ["),
        ("{a 1}", 4, "“:” is needed before “}”"),
        ("1e999999999999", 0, "the number is too large"),
        ("", 0, "something is missing"),
    ],
)
def test_reason_and_place(text: str, position: int, reason: str) -> None:
    with pytest.raises(FeelError) as raised:
        parse(text)
    assert (raised.value.reason, raised.value.position) == (reason, position)


def test_not_in_a_list_of_tests_is_refused() -> None:
    with pytest.raises(FeelError, match="must stand alone"):
        parse_unary_tests('not("a"), "b"')


@pytest.mark.parametrize(
    "text",
    ["(" * 5_000, "-" * 5_000 + "1", "+".join("1" * 5_000), "[" * 500 + "]" * 500, "not(" * 500, "a" * 20_001],
    ids=["brackets", "minus", "sum", "lists", "calls", "long"],
)
def test_monsters_are_refused(text: str) -> None:
    with pytest.raises(FeelError):
        parse(text)


def test_runaway_loops_are_stopped() -> None:
    with pytest.raises(FeelError, match="more than 10,000 items"):
        evaluate("for x in 1..100, y in 1..100, z in 1..100 return x", {})


def test_messages_show_no_values() -> None:
    with pytest.raises(FeelError) as raised:
        evaluate("phone", {"phone": object()})
    assert str(raised.value) == "a value of type object has no meaning in FEEL"


@settings(max_examples=300)
@given(st.text(alphabet='ab1."[](){}<>=!+-*/,:?@ notifandredate', max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (parse, parse_unary_tests):
        try:
            found = read(text)
        except FeelError as problem:
            assert 0 <= problem.position <= len(text)
        else:
            assert found.text == text


def test_feel_stands_alone() -> None:
    code = "import rules.feel, sys; print([m for m in ('lxml', 'durable', 'durable_rules_engine') if m in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
