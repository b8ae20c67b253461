"""What asks for more than FEEL's bounds allow ends with the bound's name, at the same count each
time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

import rules
from rules import reference
from rules.feel import FeelTooMuch, bounds, evaluate, handed_on, parse, parse_unary_tests, unary_test
from rules.feel.bounds import BOUNDS, STEPS, steps_of
from rules.sampling import samples
from tests.rules.drawing import drawn

ASCII = "abcdefghij"


def chained(first: str, more: Callable[[int], str], count: int) -> str:
    """A context in which each entry is made of the one before."""
    return "{a0: " + first + "".join(f", a{place}: {more(place - 1)}" for place in range(1, count)) + "}"


def numbers(count: int) -> str:
    return f"for i in 1..{count} return i"


HOSTILE = [
    # loops
    ("count(for a in 1..10000, b in 1..10000 return a)", "items"),
    ("for a in 1..10000 return count(for b in 1..10000 return b)", "steps"),
    ("some a in 1..10000, b in 1..10000 satisfies a = -b", "steps"),
    ("every a in 1..10000, b in 1..10000 satisfies a > 0", "steps"),
    ("for a in 1..10000, b in (for q in 1..1000 return q)[item < 0] return b", "steps"),
    ("for a in 1..10001 return a", "items"),
    ("for a in 1..10**30 return a", "items"),
    ('for a in date("1000-01-01")..date("9000-01-01") return a', "items"),
    ("for i in 1..9000 return count(partial)", "steps"),
    (f"({numbers(10000)})[count(({numbers(1000)})[item > 3]) > 1]", "steps"),
    # functions
    ("{f: function(f, n) f(f, n + 1), r: f(f, 1)}.r", "depth"),
    ("{f: function(f, n) if n = 0 then 0 else f(f, n-1) + f(f, n-1), r: f(f, 40)}.r", "steps"),
    ("for i in 1..10000 return exp(log(i))", "steps"),
    ("for i in 1..10000 return 1.0000001 ** 99999.37", "steps"),
    # texts
    (chained(f'"{ASCII}"', lambda n: "+".join([f"a{n}"] * 10), 12), "characters"),
    (f'string join(for i in 1..10000 return "{ASCII * 4}")', "characters"),
    ("string(for i in 1..10000 return 1234567890123)", "characters"),
    (f'replace(string join(for i in 1..9000 return "a"), "a", "{ASCII * 2}")', "characters"),
    (f'{{s: string join(for i in 1..9000 return "{ASCII}"), n: for i in 1..10000 return s + "a" = s + "b"}}', "steps"),
    (f'{{s: string join(for i in 1..9000 return "{ASCII}"), n: for i in 1..10000 return split(s, "e")}}', "steps"),
    # lists and contexts
    (chained("[1]", lambda n: f"concatenate(a{n}, a{n}, a{n}, a{n})", 12), "items"),
    (chained("[1]", lambda n: f"append(a{n}, a{n}, a{n}, a{n})", 20), "steps"),
    (chained("[1]", lambda n: f"[a{n}, a{n}, a{n}, a{n}]", 20), "steps"),
    (chained("{b: 1}", lambda n: f"{{b: a{n}, c: a{n}, d: a{n}}}", 20), "steps"),
    (chained("{b: 1}", lambda n: f'context put(context put(a{n}, "c", a{n}), "b", a{n})', 30), "steps"),
    (chained("{b: 1}", lambda n: f"context merge([{{b: a{n}}}, {{c: a{n}}}])", 30), "steps"),
    ("flatten(for i in 1..120 return for j in 1..120 return j)", "items"),
    (chained("[1]", lambda n: f"[a{n}]", 150), "levels"),
    ("sort(for i in 1..10000 return modulo(i * 7919, 10007), function(a, b) a < b)", "steps"),
    (f"distinct values({numbers(10000)})", "steps"),
    (f"union({numbers(9000)}, [0])", "steps"),
    (f"list replace({numbers(1000)}, function(a, b) true, {numbers(1000)})", "steps"),
    (f"for i in 1..1000 return index of({numbers(1000)}, i)", "steps"),
    # patterns
    ('matches("a", "(a{50}){50}")', "repeats"),
    ('matches("a", "a{1001}")', "repeats"),
    (f'matches("a", "{"a" * 1001}")', "pattern"),
    (f'matches("a", "{"(" * 31}a{")" * 31}")', "nesting"),
    ('matches(string join(for i in 1..300 return "a"), "(a+)(a+)(a+)(a+)\\\\1\\\\2\\\\3\\\\4b")', "steps"),
    # reading
    ("(" * 5000 + "1" + ")" * 5000, "nesting"),
    ("(<" * 5000 + "1" + ")" * 5000, "nesting"),
    ("[" * 5000 + "]" * 5000, "nesting"),
    ("[1.." * 3000 + "1" + "]" * 3000, "nesting"),
    ("-" * 5000 + "1", "nesting"),
    ("1 instance of " + "list<" * 3000 + "number" + ">" * 3000, "nesting"),
    ("1 in (" * 29 + "1..2]" + "..2]" * 28, "nesting"),
    ("if true then " * 1500 + "1" + " else 1" * 10, "nesting"),
    ("+".join(["1"] * 5000), "chain"),
    ("a" + ".b" * 5000, "chain"),
    ("[1]" + "[1]" * 5000, "chain"),
    ("for " + ", ".join(f"a{n} in [1]" for n in range(1200)) + " return 1", "depth"),
    ("1+" * 15000 + "1", "text"),
]


def bound_of(text: str) -> str:
    with pytest.raises(FeelTooMuch) as caught:
        evaluate(text, {})
    return caught.value.bound.name


@pytest.mark.parametrize(("text", "bound"), HOSTILE, ids=[f"{bound}: {text[:50]}" for text, bound in HOSTILE])
def test_a_hostile_expression_ends_with_the_bound_that_it_meets(text: str, bound: str) -> None:
    assert bound_of(text) == bound


def test_every_bound_is_met_by_a_hostile_expression_or_by_a_process() -> None:
    assert {bound for _, bound in HOSTILE} | {"activation", "digits"} == {bound.name for bound in BOUNDS}


def test_the_message_says_the_bound_and_the_place_and_shows_no_value() -> None:
    with pytest.raises(FeelTooMuch) as caught:
        evaluate("1 + count(for a in 1..10000, b in secret return a)", {"secret": ["Wei"] * 50})

    assert str(caught.value) == (
        "more than 10,000 items of a list that FEEL makes, at 11 in: "
        "1 + count(▸for a in 1..10000, b in secret return a)"
    )


def test_a_number_that_nobody_else_could_read_is_not_handed_on() -> None:
    with pytest.raises(FeelTooMuch) as caught:
        handed_on(evaluate("10 ** 6000", {}))
    assert caught.value.bound is bounds.DIGITS


@pytest.mark.parametrize("stack", [0, 300])
@pytest.mark.parametrize("text", ["+".join(["a"] * 190), "(" * 28 + "a" + ")" * 28, "abs(" * 28 + "a" + ")" * 28])
def test_what_is_within_the_bounds_is_read_and_evaluated_however_deep_its_host_is(text: str, stack: int) -> None:
    def down(levels: int) -> object:
        return down(levels - 1) if levels else evaluate(text + " ", {"a": 1})

    assert down(stack) is not None


@settings(max_examples=30)
@given(some.integers(1, 20), some.integers(0, 20), some.text(ASCII, max_size=200))
def test_the_same_expression_with_the_same_input_takes_the_same_steps(most: int, less: int, word: str) -> None:
    text = 'sort(for i in 1..most, j in 0..less return replace(word, "a+", string(i * j)), function(a, b) a < b)'
    context = {"most": most, "less": less, "word": word}
    counts: list[int] = []

    def count() -> None:
        counts.append(steps_of(evaluate, text, context))

    count()
    other = threading.Thread(target=count)
    other.start()
    other.join()

    assert counts[0] == counts[1] > most * less


def test_a_count_is_exact() -> None:
    # Going from 1 to 10 takes 10 steps, and each round 1 for itself and 3 for its part of the text.
    assert steps_of(evaluate, "some i in 1..n satisfies i < 0", {"n": 10}) == 10 + 10 * (1 + 3) + 10


def test_an_evaluation_after_one_that_was_stopped_has_all_its_steps_again() -> None:
    for _ in range(3):
        assert bound_of("some a in 1..10000, b in 1..10000 satisfies a = -b") == "steps"
        assert evaluate("count(for i in 1..10000 return i)", {}) == 10_000


def test_a_cell_is_bounded_as_an_expression_is() -> None:
    with pytest.raises(FeelTooMuch):
        unary_test("count(for a in 1..1000 return count(for b in 1..1000 return b)) > ?", 1, {})
    with pytest.raises(FeelTooMuch):
        parse_unary_tests("(" * 1000)


LOOP = "count(for a in 1..times return count(for b in 1..times return b)) >= 0"


def test_both_evaluators_agree_on_what_is_too_much() -> None:
    (cells,) = rules.read_table(drawn([("n", "number"), ("times", "number")], [[f"? > 1 and {LOOP}", "-", "1"]]))
    (outputs,) = rules.read_table(
        drawn([("n", "number"), ("times", "number")], [["1", "-", f"if {LOOP} then 1 else 2"]])
    )

    for decision in (cells, outputs):
        for decide in (rules.decide, reference.decide):
            assert decide(decision, {"n": 1 if decision is outputs else 2, "times": 10}).outputs
            with pytest.raises(FeelTooMuch) as caught:
                decide(decision, {"n": 1 if decision is outputs else 2, "times": 1000})
            assert caught.value.bound is STEPS


def test_a_decision_with_all_its_cells_is_one_evaluation() -> None:
    cell = "count(for a in 1..5000 return a) + ? > 0"
    few, many = (rules.read_table(drawn([("n", "number")], [[cell, "1"]] * rows, hit="COLLECT"))[0] for rows in (3, 30))

    assert rules.decide(few, {"n": 1}).outputs
    with pytest.raises(FeelTooMuch):
        rules.decide(many, {"n": 1})


@pytest.mark.parametrize("path", rules.shipped(), ids=lambda path: path.stem)
def test_a_shipped_table_takes_less_than_a_hundredth_of_the_steps(path: object) -> None:
    for decision in rules.read_table(path.read_bytes()):  # type: ignore[attr-defined]
        for inputs in samples(decision, 30):

            def decide(decision: rules.Decision = decision, inputs: dict[str, object] = inputs) -> None:
                with suppress(rules.RulesError):
                    reference.decide(decision, inputs)

            assert steps_of(decide) < STEPS.limit / 100


def test_what_only_compares_is_not_counted() -> None:
    assert not parse('a > 5 and b = "x" and c.d < date("2026-11-21")').size.counted
    assert not parse_unary_tests('[1..5), "a", > date("2026-01-01")').size.counted
    assert parse("[x, x][1]").size.counted
