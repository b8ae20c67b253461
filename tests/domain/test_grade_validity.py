"""For how long a grade is valid: the law, by values and for any."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.grade_validity import Validity

SINCE = datetime(2026, 3, 2, 2, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("days", "got", "start", "until"),
    [
        (15, None, 0, 15),  # nobody has it, or they had it before
        (15, 0, 0, 15),
        (15, 14.9, 0, 15),  # not over: the new owner has what is left
        (15, 15, 15, 30),  # over at its very last instant
        (15, 20, 20, 35),
        (7, 10, 10, 17),
        (30, 10, 0, 30),  # a lower grade is valid for longer, from the same instant
        (0.5, 1, 1, 1.5),
        (0, 0, 0, 0),
    ],
)
def test_a_grade_is_valid_from_the_last_progress_or_from_who_got_it_too_late(
    days: float, got: float | None, start: float, until: float
) -> None:
    validity = Validity.read({"validity_days": days})
    got_at = None if got is None else SINCE + got * DAY

    assert validity is not None
    assert (validity.start(SINCE, got_at), validity.until(SINCE, got_at)) == (SINCE + start * DAY, SINCE + until * DAY)


@pytest.mark.parametrize(("row", "lasts"), [({}, None), ({"validity_days": None}, None), ({"validity_days": "7"}, 7)])
def test_a_grade_may_have_no_end(row: dict[str, Any], lasts: int | None) -> None:
    found = Validity.read(row)
    assert (None if found is None else found.lasts) == (None if lasts is None else lasts * DAY)


@pytest.mark.parametrize("days", ["soon", float("nan"), 1e12])
def test_what_is_no_number_of_days_is_refused(days: Any) -> None:
    with pytest.raises((ValueError, OverflowError)):
        Validity.read({"validity_days": days})


@given(st.integers(0, 400), st.integers(0, 400), st.one_of(st.none(), st.integers(0, 800)))
def test_more_days_never_end_sooner_than_fewer_and_who_gets_it_has_some_of_them(
    days: int, more: int, got: int | None
) -> None:
    shorter, longer = Validity(days * DAY), Validity((days + more) * DAY)
    got_at = None if got is None else SINCE + got * DAY

    assert shorter.until(SINCE, got_at) - shorter.start(SINCE, got_at) == days * DAY
    assert longer.until(SINCE, None) >= shorter.until(SINCE, None)
    if got_at is not None and days:
        assert shorter.until(SINCE, got_at) > got_at
