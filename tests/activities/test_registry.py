"""What a failure of an activity becomes on its way to Temporal."""

from __future__ import annotations

from activities import registry
from cases.contracts import TOO_MUCH
from rules.feel import FeelTooMuch
from rules.feel.bounds import STEPS


def test_a_table_that_asks_for_too_much_is_not_asked_again_and_says_which_bound() -> None:
    said = registry._said(FeelTooMuch(STEPS, text="secret"), attempt=1)

    assert (said.type, said.message, said.non_retryable) == (TOO_MUCH, "steps", True)
