"""A blank name is no name: an expression is read as if nobody had given it."""

from __future__ import annotations

import pytest

from rules.feel import parse


@pytest.mark.timeout(20)
@pytest.mark.parametrize("blank", ["", " ", "\t", "\u3000"])
def test_a_blank_name_among_the_known_ones_does_not_hold_the_reader_up(blank: str) -> None:
    parse("n + 1", names={blank, "n"})
