"""FEEL beyond S-FEEL: functions as values, types, names with spaces, ranges and lists in cells (DMN
1.5, 10.3)."""

from __future__ import annotations

import pytest

from rules.feel import FeelError, Function, evaluate, literal, parse, unary_test

EXPRESSIONS = [
    ("[{item: 1}, {item: 2}][item >= 2]", '[{"item": 2}]'),
    ('"foo"[true]', '["foo"]'),
    ('"foo"[0]', "null"),
    ('@"P1Y" / 3', 'duration("P4M")'),
    ('@"P10Y11M" / -2.5', 'duration("-P4Y4M")'),
    ('@"P10Y" / @"P0Y"', "null"),
    ('@"2021-01-02" - @"2021-01-01T10:10:10"', "null"),
    ('@"2021-01-02" - @"2021-01-02T00:00:00Z"', 'duration("PT0S")'),
    ('@"2021-01-02" - @"PT1H"', 'date("2021-01-01")'),
    ('@"10:10:10@Europe/Paris" - @"09:10:10@Europe/Paris"', 'duration("PT1H")'),
    ("[10] + 10", "null"),
    ("{a: 10} ** (function(a) a)", "null"),
    ('@"P1D" + @"P1Y"', "null"),
    ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", "[1, 1, 2, 6, 24]"),
    ("for i in -1..1, j in 1..2 return i*j", "[-1, -2, 0, 0, 1, 2]"),
    ("for i in 4..2 return i", "[4, 3, 2]"),
    (
        'for i in [@"2020-01-01"..@"2020-01-03"] return i',
        '[date("2020-01-01"), date("2020-01-02"), date("2020-01-03")]',
    ),
    ("1 instance of number", "true"),
    ("null instance of Null", "true"),
    ("null instance of Any", "false"),
    ("[1,2] instance of list<number>", "true"),
    ('[1,"a"] instance of list<number>', "false"),
    ("[] instance of list<Any>", "true"),
    ('{a: "foo"} instance of context<a: string>', "true"),
    ('{a: "foo"} instance of context<a: string, b: number>', "false"),
    ("[1..3] instance of range<number>", "true"),
    ("[1..3] instance of range<date>", "false"),
    ("(function(x: number) x) instance of function<number> -> number", "true"),
    ("(function(x: string) x) instance of function<number> -> number", "false"),
    ("(function(x: string) 5) instance of function<string> -> string", "false"),
    ("(function(x) x + 1) instance of function<number> -> number", "true"),
    ("(function(x: list) {y: 5, z: x}) instance of function<list<date>> -> context<y: number>", "true"),
    ("(function(x: list) {y: null}) instance of function<list> -> context<y: number, z: number>", "false"),
    ("(function(x: context<y: number>) x) instance of function<context> -> Any", "false"),
    ("(function(x: context<y: number>) x) instance of function<context<y: number, z: date>> -> Any", "true"),
    ("null instance of function<> -> Any", "false"),
    ("1 in [2,3,1]", "true"),
    ("1 in [[2..4], [1..3]]", "true"),
    ("1 in <= 10", "true"),
    ("10 in (1, < 5, >=10)", "true"),
    ("5 in (2..4]", "false"),
    ("1 in []", "false"),
    ("{a: 1} in [{b: 1}, {a: 1}]", "true"),
    ("[1,2,3] in [[1,2,3,4],[1,2,3]]", "true"),
    ("[1,2,3] in ([1,2,3,4],[1,2,3])", "true"),
    ("true in [false, 2, 3]", "false"),
    ('1 in [2, "x", null]', "false"),
    ("null in [1, null]", "true"),
    ("(< 10) = (< 10)", "true"),
    ("(< 10) = (null..10)", "false"),
    ("(<= 10) = (null..10]", "false"),
    ("(> 10) = (10..null)", "false"),
    ("(= 10) = [10..10]", "false"),
    ("(!= 10) = (!= 10)", "true"),
    ("(!= 10) = (= 10)", "false"),
    ('[time("10:00:00")..time("11:00:00.5")] = [time("10:00:00.1")..time("11:00:00")]', "true"),
    ("(1..2] = ]1..2]", "true"),
    ('range("(..10)") = (< 10)', "true"),
    ('range("[10..)") = (>= 10)', "true"),
    ("9 in (!= 10)", "true"),
    ("10 in (= 10)", "true"),
    ("10 in (!= 10)", "false"),
    ("5 in (null..10]", "null"),
    ("11 in (null..10]", "false"),
    ("5 in [1..null)", "null"),
    ("5 in (< null)", "null"),
    ("before(1, (> 5))", "true"),
    ("before(1, (null..5))", "null"),
    ("includes((< 5), 4)", "true"),
    ("includes((!= 5), 4)", "null"),
    ("for i in 1..null return i", "null"),
    ('for i in "a".."c" return i', "null"),
    ("for i in [1, 2], j in (< i) return j", "null"),
    ("some i in (> 1) satisfies true", "null"),
    ('[1, 2, 3]["no truth"]', "null"),
    ('[1, 2, 3][if item < 3 then true else "no truth"]', "null"),
    ("[1, 2, 3][if item < 3 then true else null]", "[1, 2]"),
    ('some i in [1, 2] satisfies if i = 2 then true else "no truth"', "null"),
    ('every i in [1, 2] satisfies if i = 2 then false else "no truth"', "null"),
    ("some i in [1, 2] satisfies if i = 2 then true else null", "true"),
    (
        '[(function(a: string, b: number) "x"), (function(c: string, d: string) "y")]'
        " instance of list<function<string, number> -> string>",
        "true",
    ),
    (
        '[(function(a: string) "x"), (function(a: string) 1)] instance of list<function<string> -> string>',
        "false",
    ),
    ("5 in (< 10)", "true"),
    ("(<10).end", "10"),
    ("(<10).start", "null"),
    ("[1..2].start included", "true"),
    ('{foo bar: "x", y: foo bar + "z"}.y', '"xz"'),
    ('{"foo+bar((!!],foo": "foo"}', '{"foo+bar((!!],foo": "foo"}'),
    ("{foo+bar: 1, y: foo+bar}", '{"foo+bar": 1, "y": 1}'),
    ("{a: 1, a: 2}", "null"),
    ('{🐎: "bar"}.🐎', '"bar"'),
    ('"\\U01F40E"', '"🐎"'),
    ('"\\uD83D\\uDC0E"', '"🐎"'),
    ("1 between null and 2", "null"),
    ("[1,2,3][item > 1]", "[2, 3]"),
    ("[1,2,3][-4]", "null"),
    ("[][1]", "null"),
    ("5[1]", "5"),
    ("[{x:1,y:2},{x:2,y:3}][x=1]", '[{"x": 1, "y": 2}]'),
    ("[{x:1,y:2},{x:null,y:3}].y", "[2, 3]"),
    ("if null then 1 else 2", "2"),
    ("some x in [1,2] satisfies x > 1", "true"),
    ("every x in [] satisfies false", "true"),
    ("1 = 1 = true", "true"),
    ("-5 ** 2", "25"),
    ("2 ** -1", "0.5"),
    ("1 != null", "true"),
    ("null = null", "true"),
    ('"a" < null', "null"),
    ("[1] = [1]", "true"),
    ('@"P1Y" = @"P12M"', "true"),
    ('@"PT24H" = @"P1D"', "true"),
    ("{a: 1, b: 2} = {b: 2, a: 1}", "true"),
    ('100 = "100"', "null"),
    ("(function(a) a)(5)", "5"),
    ('(function(a: date and time) a)(date("2026-11-21"))', 'date and time("2026-11-21T00:00:00Z")'),
    ('(function(a: time) a)(date("2026-11-21"))', "null"),
    ("{f: function(n) if n <= 1 then 1 else n * 2, r: f(4)}.r", "8"),
    ("{fn: function(a, b) a - b, r: fn(b: 1, a: 3)}.r", "2"),
    ("{fn: function(a, b) a - b, r: fn(b: 1, c: 3)}.r", "null"),
    ('{fn: function(a: number) a, r: fn("x")}.r', "null"),
    ('-duration("P1D")', 'duration("-P1D")'),
]


@pytest.mark.parametrize(("text", "value"), EXPRESSIONS)
def test_expression(text: str, value: str) -> None:
    assert literal(evaluate(text, {})) == value


def test_names_with_spaces_may_come_from_the_text_itself() -> None:
    text = "for big one in [1, 2], other+one in [3] return {a b: big one * other+one, c: a b + 1}.c"
    assert literal(evaluate(text, {})) == "[4, 7]"
    assert parse(text).names == frozenset()


def test_what_stands_in_a_filter_may_be_a_variable_or_a_member() -> None:
    cars = parse("cars[age > limit].age")
    assert (cars.names, cars.maybe) == ({"cars", "age", "limit"}, {"age", "limit"})
    assert literal(evaluate(cars, {"cars": [{"age": 3}, {"age": 9}], "limit": 5})) == "[9]"


def test_a_function_remembers_what_was_around_it() -> None:
    text = "{make: function(a) function(b) a * b, a: 100, double: make(2), r: double(21)}.r"
    assert literal(evaluate(text, {})) == "42"


def test_a_built_in_function_may_be_handed_over() -> None:
    text = "{twice: function(f, x) f(f(x)), r: [twice(sqrt, 16), twice(f: abs, x: -1)]}.r"
    assert literal(evaluate(text, {})) == "[2, 1]"


def test_a_variable_goes_before_the_built_in_function_of_its_name() -> None:
    assert literal(evaluate("{same: function(x) x, r: same(count)}.r", {"count": 5})) == "5"
    assert evaluate("count = null", {}) is True


def test_a_function_that_calls_itself_for_ever_is_stopped() -> None:
    with pytest.raises(FeelError, match="functions that call functions"):
        evaluate("{f: function(f) f(f), r: f(f)}.r", {})


def test_a_function_of_the_context_takes_names() -> None:
    minus = Function("minus", ("a", "b"), lambda a, b: a - b)
    assert literal(evaluate("[minus(5, 3), minus(b: 5, a: 3), minus(a: 1), minus(1, 2, 3)]", {"minus": minus})) == (
        "[2, -2, null, null]"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("abs(n: 1, 2)", "either all arguments have names or none"),
        ("function(x) external {java: 1}", "another language is not supported"),
        ("1 instance of", "a name is needed"),
        ("1 instance of and", "a type is needed"),
        ("[1] instance of list<number", "“>” is needed"),
        ('"\\ud83d"', "is no character"),
        ('"\\d"', "no known escape"),
    ],
)
def test_what_is_no_feel_is_said(text: str, reason: str) -> None:
    with pytest.raises(FeelError, match=reason):
        parse(text)


@pytest.mark.parametrize(
    ("cell", "value", "passes"),
    [
        ("(< 5)", 4, True),
        ("(>= 5)", 4, False),
        ("[1, 2]", [1, 2], True),
        ("not([1, 2])", [3, 4], True),
        ("[[1..3], 7]", 7, True),
        ("days > 5", "anything", True),
        ("days > 9", "anything", False),
        ("days > 5", True, True),
        ("days > 5", False, False),
        ("? instance of number", 5, True),
        ("some x in [1, 2] satisfies x = ?", 2, True),
    ],
)
def test_cell(cell: str, value: object, passes: bool | None) -> None:
    assert unary_test(cell, value, {"days": 7}) is passes
