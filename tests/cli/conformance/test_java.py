"""Java conditions become S-FEEL, or nothing: what has no certain equal is refused."""

from __future__ import annotations

import re

import pytest

from cli.conformance.java import Untranslatable, to_feel
from rules.feel import evaluate


@pytest.mark.parametrize(
    ("java", "feel"),
    [
        ('test.contains("a")', 'contains(test, "a")'),
        ('!test.contains("a")', 'not(contains(test, "a"))'),
        ("${integerVariable}", "integerVariable"),
        ("integerVariable<3", "integerVariable < 3"),
        ("\n  true ", "true"),
        ("activationCount >= 1", "activationCount >= 1"),
        ("test.equals(\"a\") || test == 'b'", '(test = "a") or (test = "b")'),
        ("a && b || !c && d != 1", "(a and b) or (not(c) and (d != 1))"),
        ("!(a == 1 || b)", "not((a = 1) or b)"),
        ("a - (b - -1) * 2", "a - ((b - (-1)) * 2)"),
        ('test.toLowerCase().startsWith("x y")', 'starts with(lower case(test), "x y")'),
        ("test.isEmpty() || test.length() > 1", '(test = "") or (string length(test) > 1)'),
        ("test == 'say \"x\"'", r'test = "say \"x\""'),
    ],
)
def test_what_is_the_same_in_both_languages_is_translated(java: str, feel: str) -> None:
    assert to_feel(java) == feel


@pytest.mark.parametrize(
    ("java", "value"),
    [
        ('test.contains("a") && !test.contains("c")', True),
        ("integerVariable + 2 * 3 == 7 && !(integerVariable > 1)", True),
        ('"ab".equals(test) && test != null', True),
        ('test.endsWith("a") || test.equalsIgnoreCase("B")', False),
        ("5 - integerVariable - 1", 3),
    ],
)
def test_a_translation_has_the_value_of_its_original(java: str, value: object) -> None:
    assert evaluate(to_feel(java), {"test": "ab", "integerVariable": 1}) == value


@pytest.mark.parametrize(
    ("java", "culprit"),
    [
        ("", "end"),
        ("a ? 1 : 2", "?"),
        ("a / b", "/"),
        ("a % 2 == 0", "%"),
        ("a = 1", "="),
        ('test.matches("a.*")', "matches"),
        ('execution.getVariable("a") > 1', "getVariable"),
        ("random()", "random"),
        ("list[0]", "[0]"),
        ("a.b", "end"),
        ("(a", "end"),
        ("a b", "b"),
        ("${a} > ${b}", "}"),
        ("new Foo()", "Foo"),
    ],
)
def test_what_is_not_surely_the_same_is_refused(java: str, culprit: str) -> None:
    with pytest.raises(Untranslatable, match=re.escape(culprit)):
        to_feel(java)
