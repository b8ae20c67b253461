"""What had worked is started again at once, however often it is killed; what keeps dying is not."""

from __future__ import annotations

import pytest

from server.restarts import BACK_OFF, STEADY, Restarts


def test_a_part_that_never_answers_is_started_ever_more_slowly() -> None:
    restarts = Restarts()

    assert [restarts.pause(at=100.0 * number) for number in range(len(BACK_OFF) + 2)] == [*BACK_OFF, *BACK_OFF[-1:] * 2]
    assert list(BACK_OFF) == sorted(BACK_OFF)


@pytest.mark.parametrize("answered_for", [STEADY, 10 * STEADY])
def test_a_part_that_had_worked_is_started_at_once_each_time(answered_for: float) -> None:
    restarts, now = Restarts(), 0.0

    for _ in range(20):
        restarts.answered(now)
        now += answered_for
        assert restarts.pause(now) == BACK_OFF[0]


def test_a_part_that_dies_soon_after_its_answer_has_not_worked() -> None:
    restarts = Restarts()

    for number, expected in enumerate(BACK_OFF):
        restarts.answered(100.0 * number)
        assert restarts.pause(100.0 * number + STEADY / 2) == expected


def test_an_answer_of_an_earlier_life_does_not_count() -> None:
    restarts = Restarts()
    restarts.answered(0.0)
    assert restarts.pause(100.0) == BACK_OFF[0]

    assert restarts.pause(200.0) == BACK_OFF[1]


def test_every_pause_leaves_time_to_be_whole_within_the_aim() -> None:
    assert max(BACK_OFF) <= 10
