"""A back-test's totals as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from domain.backtests.reads import BacktestCellView, BacktestView, DeadlineView, LoadView

MOST: Final = 10
"""Lines of a kind; the file of changes has all."""


def report(found: BacktestView) -> Iterator[str]:
    """What would have changed, in totals."""
    far, totals = found.backtest.progress, found.totals
    if found.backtest.problem is not None:
        yield f"{found.backtest.key}: {found.backtest.state}: {found.backtest.problem.text}"
    yield (
        f"{found.backtest.key}: {totals.decisions:,} decisions about {totals.leads:,} leads made again,"
        f" {totals.followed:,} more in consequence ({far.seconds:.1f} s, {far.per_second:,.0f} a second)"
    )
    changed = ", ".join(f"{kind} {count:,}" for kind, count in totals.changed.items()) or "nothing"
    yield f"leads that would have fared otherwise: {totals.leads_changed:,} (changes: {changed})"
    yield from _cells(totals.cells)
    yield from _loads("dealer", totals.dealers)
    yield from _loads("consultant", totals.consultants)
    yield from _deadlines("deadlines", totals.deadlines)
    yield from _deadlines("deadlines of", [one for one in totals.dealer_deadlines if one.newly_met or one.newly_missed])
    for one in totals.unknown:
        yield f"not known: {one.count:,}: {one.text}"
    for one in totals.problems:
        yield f"could not be made again: {one.count:,}: {one.text} (for example lead {one.example})"


def _cells(cells: Sequence[BacktestCellView]) -> Iterator[str]:
    for one in [one for one in cells if one.old != one.new][:MOST]:
        yield f"{one.output}: {one.old} → {one.new}: {one.count:,}"


def _loads(who: str, loads: Sequence[LoadView]) -> Iterator[str]:
    moved = [one for one in loads if one.difference]
    for one in moved[:MOST]:
        name = f"{one.who.code} {one.who.name}" if one.who else "nobody"
        yield f"{who} {name}: {one.was:,} → {one.would:,} ({one.difference:+,}){_peak(one)}"
    if len(moved) > MOST:
        yield f"and {len(moved) - MOST} more whose load would have been another"


def _peak(load: LoadView) -> str:
    peak = load.peak
    if peak is None:
        return ""
    text = f"; fullest day {peak.was:,} → {peak.would:,}"
    if peak.capacity is not None:
        text += f" of {peak.capacity:,}, more than that on {peak.days_over_was} → {peak.days_over_would} days"
    return text


def _deadlines(what: str, deadlines: Sequence[DeadlineView]) -> Iterator[str]:
    for one in deadlines[:MOST]:
        counts = ", ".join(
            f"{kept} {one.was.get(kept, 0):,} → {one.would.get(kept, 0):,}"
            for kept in ("met", "missed", "open", "none")
            if one.was.get(kept) or one.would.get(kept)
        )
        yield f"{what} {one.text}: {counts} (newly met {one.newly_met:,}, newly missed {one.newly_missed:,})"
