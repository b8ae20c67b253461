"""S-FEEL: what expressions and table cells mean (DMN 1.5, chapter 10)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from rules.feel import YearMonthDuration, evaluate, literal, parse, parse_unary_tests, to_json, unary_test

NOW = datetime(2026, 1, 31, 8, tzinfo=UTC)
GIVEN = {
    "now": NOW,
    "grade": "H",
    "days": 7,
    "price": 199_800.5,
    "first name": "王",
    "a-b": 5,
    "customer": {"city": "上海", "cars": [{"age": 3}, {"age": 9}]},
    "nothing": None,
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # arithmetic, precedence and null
        ("10 + 20 / -5 - 3", Decimal(3)),
        ("2 ** 3 ** 2", Decimal(64)),
        ("-2 ** 2", Decimal(4)),
        ("0.1 + 0.2 = 0.3", True),
        ("1 / 3 * 3 = 1", False),
        ("1 / 0", None),
        ("10 ** 10000", None),
        ("1 + nothing", None),
        ('"a" + "b"', "ab"),
        ('"a" + 1', None),
        ("price * 2", Decimal(399601)),
        # three-valued logic
        ("true and nothing", None),
        ("false and nothing", False),
        ("true or nothing", True),
        ("not(nothing)", None),
        ('true and "yes"', None),
        ("nothing = null", True),
        ("unknown = null", True),
        ('"9" > 10', None),
        ('"" = 0', None),
        ("1.0 = 1", True),
        ("[1, 2] = [1, 2.0]", True),
        ("{a: 1} = {a: 2}", False),
        # names, paths, filters
        ('first name = "王"', True),
        ("a-b + 1", Decimal(6)),
        ("customer.city", "上海"),
        ("customer.cars.age", [Decimal(3), Decimal(9)]),
        ("customer.cars[age > 5].age", [Decimal(9)]),
        ("customer.cars[-1].age", Decimal(9)),
        ("customer.none.deeper", None),
        ("[1, 2, 3][item >= 2]", [Decimal(2), Decimal(3)]),
        ("[1, 2, 3][4]", None),
        ("{a: 1, b: a + 1}.b", Decimal(2)),
        # if, in, between, for, some, every
        ('if grade = "H" then 1 else 2', Decimal(1)),
        ("if nothing then 1 else 2", Decimal(2)),
        ("days in [1..7]", True),
        ("days in [1..7)", False),
        ("days in ]7..9[", False),
        ("days in (< 3, > 5)", True),
        ('grade in ("A", "H")', True),
        ("days between 1 and 7 and true", True),
        ("nothing in [1..7]", None),
        ("for i in 1..3 return i * 2", [Decimal(2), Decimal(4), Decimal(6)]),
        ("some car in customer.cars satisfies car.age > 5", True),
        ("every car in customer.cars satisfies car.age > 5", False),
        # dates, times, durations
        ('date("2026-02-30")', None),
        ('date and time("2026-01-01T08:00:00+08:00") = date and time("2026-01-01T00:00:00Z")', True),
        ('now + duration("P7D")', NOW + timedelta(days=7)),
        ('now - duration("PT24H")', NOW - timedelta(days=1)),
        ('now + duration("P1M")', datetime(2026, 2, 28, 8, tzinfo=UTC)),
        ("now() - now", timedelta(0)),
        ("today()", date(2026, 1, 31)),
        ('date("2026-01-31") - date("2026-01-01")', timedelta(days=30)),
        ('@"P1D" + @"PT1H"', timedelta(hours=25)),
        ('duration("P1Y2M") * 2', YearMonthDuration(28)),
        ('duration("P3D") / duration("P1D")', Decimal(3)),
        ('time("23:00:00") + duration("PT2H")', time(1)),
        ("now.weekday", Decimal(6)),
        ('duration("P2DT3H").hours', Decimal(3)),
        ('now < date and time("2026-02-01T00:00:00")', None),
        # functions
        ('number("1 234,5", " ", ",")', Decimal("1234.5")),
        ('number("abc")', None),
        ("string(1.50)", "1.5"),
        ("string(1e3)", "1000"),
        ('contains("foobar", "oba")', True),
        ('starts with("foobar", "foo") and ends with("foobar", "bar")', True),
        ('upper case("a") + lower case("B")', "Ab"),
        ('substring("线索管理", 2, 2)', "索管"),
        ('substring("foobar", -2)', "ar"),
        ('string length("线索")', Decimal(2)),
        ("count([1, null])", Decimal(2)),
        ("min(3, 1, 2) + max([3, 1])", Decimal(4)),
        ("sum([]) = null", True),
        ("mean(1, 2)", Decimal("1.5")),
        ("floor(-1.5) + ceiling(-1.5)", Decimal(-3)),
        ("abs(-2)", Decimal(2)),
        ("round(2.5)", Decimal(3)),
        ("decimal(2.5, 0)", Decimal(2)),
        ("modulo(-7, 3)", Decimal(2)),
        ("list contains([1, 2], 2)", True),
        ("append([1], 2, 3)", [Decimal(1), Decimal(2), Decimal(3)]),
        ("concatenate([1], [2])", [Decimal(1), Decimal(2)]),
        ("is defined(grade) and not(is defined(unknown))", True),
        ('"a\\n\\"\\u7ebf"', 'a\n"线'),
        ("1 // one\n + /* two */ 2", Decimal(3)),
    ],
)
def test_expression(text: str, value: object) -> None:
    assert evaluate(text, GIVEN) == value
    assert type(evaluate(text, GIVEN)) is type(value)


@pytest.mark.parametrize(
    ("cell", "value", "passes"),
    [
        ("-", None, True),
        ("", 5, True),
        ('"a", "b"', "b", True),
        ('not("a", "b")', "b", False),
        ('not("a", "b")', None, True),
        ("not(null)", 5, True),
        ("null", None, True),
        ("< 5", 4.5, True),
        ("< 5", None, None),
        (">= 18", "9", None),
        ("0", "", None),
        ('""', 0, None),
        ("-5", -5, True),
        ("[1..3]", 3, True),
        ("[1..3)", 3, False),
        ("]1..3]", 1, False),
        ("< 0, [5..7], > 90", 6, True),
        ("!= 5", 6, True),
        ("true", True, True),
        ("true", 1, None),
        ('[date("2026-01-01")..date("2026-02-01"))', date(2026, 1, 15), True),
        ('>= duration("P2D")', timedelta(hours=49), True),
        ("? > 5 and ? < 7", 6, True),
        ("days", 7, True),
    ],
)
def test_cell(cell: str, value: object, passes: bool | None) -> None:
    assert unary_test(cell, value, {"days": 7}) is passes


@pytest.mark.parametrize(
    "text",
    ['"a"', "1.5", "true", "null", '[1, "x"]', 'date("2026-01-01")', 'date and time("2026-01-01T00:00:00Z")',
     'duration("P1DT2H")', 'duration("P1Y")', '{"a": 1}', 'time("08:30:00")', "[1..5)"],
)  # fmt: skip
def test_literal_reads_back(text: str) -> None:
    assert literal(evaluate(text, {})) == text


def test_json_values() -> None:
    given = {"n": Decimal("2.0"), "f": Decimal("2.5"), "at": NOW, "in": timedelta(days=1), "m": YearMonthDuration(14)}
    assert to_json(given) == {"n": 2, "f": 2.5, "at": "2026-01-31T08:00:00Z", "in": "P1D", "m": "P1Y2M"}  # type: ignore[arg-type]


def test_names_that_an_expression_reads() -> None:
    assert parse("if a.b > c then [d][item = e] else {f: 1, g: f}").names == {"a", "c", "d", "e"}
    assert parse_unary_tests("< limit, ?").names == {"limit"}


def test_parsing_is_cached() -> None:
    assert parse("a + b") is parse("a + b")


def test_a_thread_s_decimal_context_changes_nothing() -> None:
    import decimal

    with decimal.localcontext(decimal.Context(prec=3)):
        assert evaluate("1 / 3", {}) == Decimal("0.3333333333333333333333333333333333")
