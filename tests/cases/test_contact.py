"""Hours in which a customer wants to be called."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.calendar import WorkCalendar
from cases.contact import NAMED_HOURS, CallWish, due_within, marked, next_open
from cases.zone import CHINA

OFFICE = WorkCalendar()


def china(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("hours", "at", "opens"),
    [
        ((), "2026-11-23T03:00", "2026-11-23T03:00"),
        (("evenings",), "2026-11-23T10:00", "2026-11-23T18:00"),
        (("evenings",), "2026-11-23T19:30", "2026-11-23T19:30"),
        (("evenings",), "2026-11-23T21:00", "2026-11-24T18:00"),
        (("evenings",), "2026-11-27T22:00", "2026-11-30T18:00"),  # not on days off
        (("not_before_11",), "2026-11-23T09:30", "2026-11-23T11:00"),
        (("not_after_15",), "2026-11-23T16:00", "2026-11-24T09:00"),
        (("not_noon",), "2026-11-23T12:00", "2026-11-23T14:00"),
        (("weekends",), "2026-11-23T12:00", "2026-11-28T09:00"),
        (("not_weekends",), "2026-11-28T12:00", "2026-11-30T09:00"),
        (("next_week",), "2026-11-23T12:00", "2026-11-30T09:00"),
        (("next_month",), "2026-11-23T12:00", "2026-12-01T09:00"),
        (("tomorrow",), "2026-11-23T12:00", "2026-11-24T09:00"),
        (("later",), "2026-11-23T12:00", "2026-11-30T09:00"),
        (("weekends", "not_weekends"), "2026-11-23T12:00", "2026-11-23T12:00"),  # no such hour: as if not said
    ],
)
def test_the_first_hours(hours: tuple[str, ...], at: str, opens: str) -> None:
    wish = CallWish(hours=hours, since=china("2026-11-23T08:00"))
    assert next_open(china(at), wish, OFFICE) == china(opens)


def test_a_deadline_outside_the_hours_is_an_hour_into_the_next() -> None:
    wish = CallWish(hours=("evenings",))
    start = china("2026-11-23T10:00")

    assert due_within(start, start + timedelta(hours=2), wish, OFFICE) == china("2026-11-23T19:00")
    assert due_within(start, china("2026-11-23T20:00"), wish, OFFICE) == china("2026-11-23T20:00")


@given(
    st.lists(st.sampled_from([*sorted(NAMED_HOURS), "not_before_11", "not_after_16"]), max_size=4),
    st.integers(0, 365 * 24).map(lambda hours: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)),
    st.integers(0, 400),
)
def test_a_deadline_is_never_moved_forward(hours: list[str], start: datetime, ahead: int) -> None:
    wish = CallWish(hours=tuple(hours), since=start)
    due = start + timedelta(hours=ahead)

    moved = due_within(start, due, wish, OFFICE)

    assert moved >= due
    assert next_open(next_open(due, wish, OFFICE), wish, OFFICE) == next_open(due, wish, OFFICE)


def test_the_mark() -> None:
    assert marked(False, [], None, None) is None
    never, evenings = marked(True, [], None, "勿扰"), marked(False, ["evenings"], None, None)
    assert never is not None and (never.call, never.said) == ("no", "勿扰")
    assert evenings is not None and (evenings.call, evenings.hours) == ("evenings", ["evenings"])
