"""Ids sort by birth, also within a millisecond."""

from __future__ import annotations

from cases.ids import new_id


def test_ids_made_one_after_the_other_sort_so() -> None:
    made = [new_id() for _ in range(200)]
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}
    assert [one.bytes[:8] for one in made] == sorted(one.bytes[:8] for one in made)
    assert len({*made}) == len(made)
