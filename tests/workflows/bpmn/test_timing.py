"""What a timer takes for an instant: anything that FEEL can say, as long as Python's calendar has
it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from rules.feel import FeelError, evaluate
from rules.feel.moments import FarDate, FarDateTime
from workflows.bpmn.timing import instant, later


@pytest.mark.parametrize(
    ("told", "due"),
    [
        ("2026-11-21T08:00:00.123456789Z", datetime(2026, 11, 21, 8, 0, 0, 123_456, UTC)),
        ("2026-11-21T16:00:00.123456789+08:00", datetime(2026, 11, 21, 8, 0, 0, 123_456, UTC)),
        ("2026-11-21T08:00:00", datetime(2026, 11, 21, 8, tzinfo=UTC)),
        ("2026-07-01T08:00:00@Europe/Paris", datetime(2026, 7, 1, 6, tzinfo=UTC)),
        (date(2026, 11, 21), datetime(2026, 11, 21, tzinfo=UTC)),
        ("10000-01-01T00:00:00+08:00", datetime(9999, 12, 31, 16, tzinfo=UTC)),
    ],
)
def test_an_instant(told: object, due: datetime) -> None:
    assert instant(told) == due


@pytest.mark.parametrize(
    "told",
    ["12026-11-21T08:00:00Z", "0001-01-01T00:00:00+08:00", FarDate(-44, 3, 15), FarDateTime(FarDate(0, 1, 1), time())],
)
def test_what_lies_beyond_the_calendar_is_refused(told: object) -> None:
    with pytest.raises(FeelError, match="between the years 1 and 9999"):
        instant(told)


def test_months_that_lead_beyond_it_are_refused_too() -> None:
    months = evaluate('duration("P8000Y")', {})

    with pytest.raises(FeelError, match="between the years 1 and 9999"):
        later(datetime(2026, 11, 21, tzinfo=UTC), months)  # pyright: ignore[reportArgumentType]
