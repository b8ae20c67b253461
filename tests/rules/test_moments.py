"""Moments with an offset, without one, and in a zone: compared the same by both evaluators."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

import rules
from rules import Decided, reference
from rules.feel import evaluate, literal
from tests.rules.drawing import table

both = pytest.mark.parametrize("decide", [rules.decide, reference.decide], ids=["durable-rules", "reference"])
Decide = Callable[..., Decided]
NAIVE, AWARE = datetime(2026, 1, 31, 8), datetime(2026, 1, 31, 8, tzinfo=UTC)  # noqa: DTZ001


@both
@pytest.mark.parametrize(
    ("cell", "value", "passes"),
    [
        ('not(date and time("2026-01-31T08:00:00"))', AWARE, True),
        ('not(date and time("2026-01-31T08:00:00"))', NAIVE, False),
        ('not(date and time("2026-01-31T08:00:00Z"))', NAIVE, True),
        ('!= date and time("2026-01-31T08:00:00Z")', NAIVE, True),
        ('date and time("2026-01-31T16:00:00+08:00")', AWARE, True),
        ('<= date and time("2026-01-31T08:00:00Z")', NAIVE, False),
        ('not(< date and time("2026-01-31T08:00:00Z"))', NAIVE, False),
        ('not(time("08:00:00"))', time(8, tzinfo=UTC), True),
        ('not(time("08:00:00"))', time(8), False),
        ('time("08:00:00@Europe/Paris")', time(8), False),
        ('time("08:00:00@Europe/Paris")', time(7, tzinfo=UTC), True),
        ('not(time("08:00:00"))', time(8, tzinfo=ZoneInfo("Asia/Shanghai")), True),
    ],
)
def test_a_cell_of_moments(decide: Decide, cell: str, value: object, passes: bool) -> None:
    decision = table(["at"], [[cell, '"yes"']], default='"no"')
    assert decide(decision, {"at": value}).value == ("yes" if passes else "no")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('time("10:30:00@Europe/Paris") = time("10:30:00@Europe/Paris")', "true"),
        ('time("10:30:00@Europe/Paris") = time("10:30:00@Asia/Dhaka")', "false"),
        ('time("10:30:00@Europe/Paris") = time("10:30:00+01:00")', "true"),
        ('time("10:30:00@Europe/Paris") = time("10:30:00")', "false"),
        ('time("10:30:00@Europe/Paris") < time("10:30:00")', "null"),
        ('time("10:30:00@Europe/Paris") < time("10:30:00Z")', "true"),
        ('date and time("2018-12-08T00:00:00") = date and time("2018-12-08T00:00:00@Asia/Dhaka")', "false"),
        ('date and time("2018-12-08T01:00:00@Europe/Paris") = date and time("2018-12-08T00:00:00Z")', "true"),
    ],
)
def test_equality_and_order(text: str, value: str) -> None:
    assert literal(evaluate(text, {})) == value
