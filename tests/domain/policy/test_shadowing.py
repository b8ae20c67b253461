"""A draft beside the live table answers whatever it does, and never with what the store would
refuse."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cases.ids import new_id
from domain.policy.again import Again, Case
from domain.policy.shadowing import LONGEST, Beside

AT = datetime(2026, 3, 2, tzinfo=UTC)
FILE = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" namespace="test">
  <decision id="greeting" name="greeting">
    <decisionTable hitPolicy="FIRST">
      <input><inputExpression typeRef="string"><text>grade</text></inputExpression></input>
      <output name="word"/>
      <rule id="r"><inputEntry><text>"H"</text></inputEntry><outputEntry><text>%s</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""


def beside(cell: str = '"hello"', **more: Any) -> Beside:
    xml = (FILE % cell).encode()
    return Beside(
        **{"id": new_id(), "key": "greeting", "xml": xml, "since": datetime(2026, 1, 1, tzinfo=UTC), "until": None}
        | more
    )


def case(grade: object = "H", **result: Any) -> Case:
    return Case("greeting", {"grade": grade}, result)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (case(word="hello"), Again({"word": "hello"})),
        (case(word="hi"), Again({"word": "hello"}, ("word",))),
        (case("A", word="hi"), Again({}, ("word",))),
        (case("A"), Again({})),
        (case(7, word="hi"), Again(None, problem="input_refused")),
    ],
    ids=["the same", "another", "no row any more", "no row as before", "not accepted"],
)
def test_it_says_what_it_makes_of_a_decision(asked: Case, answer: Again) -> None:
    assert beside().judge(asked) == answer


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        (r'"\u0000"', False),
        (r'"a\uD83D"', False),
        (r'"\\u0000"', True),
        (r'"\U01F600"', True),
        (f'"{"x" * LONGEST}"', False),
        ("10 ** 5000", False),
    ],
    ids=["NUL", "half of a pair", "a backslash", "beyond 16 bits", "too long", "too large"],
)
def test_what_the_store_would_refuse_is_a_failure(cell: str, kept: bool) -> None:
    again = beside(cell).judge(case(word="hi"))

    assert (again.problem, again.changes) == ((None, ("word",)) if kept else ("failed", ()))


@pytest.mark.parametrize("more", [{"xml": b"<definitions/>"}, {"key": "grade"}], ids=["unreadable", "another table's"])
def test_a_file_that_cannot_be_used_is_a_failure_each_time(more: dict[str, Any]) -> None:
    shadow = beside(**more)

    assert [shadow.judge(case(word="hi")) for _ in range(2)] == [Again(None, problem="failed")] * 2


def test_it_is_asked_until_its_time_is_up() -> None:
    assert beside().asked_at(AT)
    assert [beside(until=AT).asked_at(AT + timedelta(seconds=s)) for s in (-1, 0)] == [True, False]


def test_a_draft_that_asks_for_too_much_is_counted_as_that() -> None:
    endless = "some i in 1..10000, j in 1..10000 satisfies string(i + j) = grade"
    assert beside(endless).judge(case(word="hi")) == Again(None, problem="too_much")
