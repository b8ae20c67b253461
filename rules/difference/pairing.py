"""Which row and which column of one version is which of the other."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import pairwise
from typing import TypeAlias, TypeVar

from rules.model import Column, Output, Rule
from rules.sameness import meaning

Pair: TypeAlias = tuple[int | None, int | None]
"""Places in the old and in the new version, from 0; None: not there."""

Item = TypeVar("Item")

_COMPARISONS = 250_000
"""More rows than these (old by new) are not compared cell by cell: what is not the same came or
went."""


def pair_columns(old: Sequence[Column], new: Sequence[Column]) -> list[Pair]:
    """Columns that look at the same; else those of the same name. New ones in their order, then
    those that went."""
    return _pairs(
        old,
        new,
        (
            lambda column: (meaning(column.expression), column.name),
            lambda column: meaning(column.expression),
            lambda column: column.name,
        ),
    )


def pair_outputs(old: Sequence[Output], new: Sequence[Output]) -> list[Pair]:
    """Outputs of the same name; a table with one output keeps it under another name."""
    if len(old) == len(new) == 1:
        return [(0, 0)]
    return _pairs(old, new, (lambda output: output.name,))


def pair_rows(old: Sequence[Rule], new: Sequence[Rule]) -> list[Pair]:
    """Rows with the same id; of the others those that say the same.

    Where ids were lost also those with the same condition, then those between the same neighbours
    of which at least half the cells are the same.
    """
    pairs = _pairs(old, new, (_own_id, _content))
    if {rule.id for rule in old if _own_id(rule)} & {rule.id for rule in new if _own_id(rule)}:
        return pairs
    return _similar(old, new, _pairs(old, new, (_content, _condition)))


def stayed(pairs: Iterable[Pair]) -> frozenset[tuple[int, int]]:
    """Of the pairs, as many as can be that are in the same order in both versions; the others were
    moved."""
    common = sorted((mine, yours) for mine, yours in pairs if mine is not None and yours is not None)
    ends: list[int] = []  # the least new place at which a rising row of that length ends
    last: list[int] = []
    before: list[int | None] = []
    for at, (_, yours) in enumerate(common):
        length = bisect_left(ends, yours)
        before.append(last[length - 1] if length else None)
        if length == len(ends):
            ends.append(yours)
            last.append(at)
        else:
            ends[length], last[length] = yours, at
    chain: list[tuple[int, int]] = []
    step = last[-1] if last else None
    while step is not None:
        chain.append(common[step])
        step = before[step]
    return frozenset(chain)


def _own_id(rule: Rule) -> Hashable | None:
    return None if rule.id.isdecimal() else rule.id  # a row without an id was given its number


def _content(rule: Rule) -> Hashable:
    return _condition(rule), tuple(map(meaning, rule.outputs))


def _condition(rule: Rule) -> Hashable:
    return tuple(map(meaning, rule.cells))


def _pairs(old: Sequence[Item], new: Sequence[Item], keys: Sequence[Callable[[Item], Hashable | None]]) -> list[Pair]:
    """By the first key that two have in common; of several with the same key the first with the
    first."""
    partner: dict[int, int] = {}
    left = list(range(len(old)))
    for key in keys:
        waiting: dict[Hashable, list[int]] = {}
        for at in left:
            if (known := key(old[at])) is not None:
                waiting.setdefault(known, []).append(at)
        for at, one in enumerate(new):
            if at not in partner and (found := waiting.get(key(one))):
                partner[at] = found.pop(0)
        taken = set(partner.values())
        left = [at for at in left if at not in taken]
    return [*((partner.get(at), at) for at in range(len(new))), *((at, None) for at in left)]


def _similar(old: Sequence[Rule], new: Sequence[Rule], pairs: list[Pair]) -> list[Pair]:
    mine = [one for one, other in pairs if other is None and one is not None]
    yours = [other for one, other in pairs if one is None and other is not None]
    if not mine or not yours or len(mine) * len(yours) > _COMPARISONS:
        return pairs
    cells = {("old", at): _cells(old[at]) for at in mine} | {("new", at): _cells(new[at]) for at in yours}
    fences = [(-1, -1), *sorted(stayed(pairs)), (len(old), len(new))]
    partner: dict[int, int] = {}
    for (low, floor), (high, ceiling) in pairwise(fences):
        free = [at for at in mine if low < at < high]
        for at in (at for at in yours if floor < at < ceiling):
            best = max(free, key=lambda one: _alike(cells["old", one], cells["new", at]), default=None)
            if best is not None and 2 * _alike(cells["old", best], cells["new", at]) >= len(cells["new", at]):
                partner[at] = best
                free.remove(best)
    taken = set(partner.values())
    kept = [(partner.get(other, one) if other is not None else one, other) for one, other in pairs]
    return [pair for pair in kept if not (pair[1] is None and pair[0] in taken)]


def _cells(rule: Rule) -> tuple[Hashable, ...]:
    return (*map(meaning, rule.cells), *map(meaning, rule.outputs))


def _alike(one: Sequence[Hashable], other: Sequence[Hashable]) -> int:
    return sum(mine == yours for mine, yours in zip(one, other, strict=False))
