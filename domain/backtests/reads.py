"""Back-tests as they are answered: how far they are, and what they have found in totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from cases.actors import staff_id
from cases.messages import Language, say
from cases.states import word
from domain.backtests import words
from domain.policy.totals import added
from store.leads import views
from store.leads.views import Named, people_of
from store.session import Tx
from store.tables import backtests
from store.tables.backtests import Backtest, BacktestState

MOST: Final = 1_000
"""Dealers and consultants in an answer, those whose load would change most first; the lines have
all."""


@dataclass(frozen=True, slots=True)
class ProgressView:
    """Decisions read so far and in all (null until they are counted), wall seconds since it
    began."""

    done: int
    total: int | None
    seconds: float
    per_second: float


@dataclass(frozen=True, slots=True)
class CountView:
    """So many, for a reason that ``code`` and ``text`` give; ``example`` is a lead to look at."""

    code: str
    text: str
    count: int
    example: UUID | None = None


@dataclass(frozen=True, slots=True)
class BacktestLineView:
    """A back-test. Of a draft's ``revision``, of a published ``version``, or of a file that is
    neither.

    ``problem``: why it failed.
    """

    id: UUID
    key: str
    draft: UUID | None
    revision: int | None
    version: int | None
    since: datetime
    until: datetime
    state: BacktestState
    asked_at: datetime
    asked_by: Named | None
    progress: ProgressView
    problem: CountView | None


@dataclass(frozen=True, slots=True)
class BacktestCellView:
    """So many decisions went from one value to another (or stayed)."""

    output: str
    old: str
    new: str
    count: int


@dataclass(frozen=True, slots=True)
class PeakView:
    """A dealer's fullest day then and under the draft, and on how many days it had more than its
    capacity of the day (null where that was not stored)."""

    was: int
    would: int
    capacity: int | None
    days_over_was: int
    days_over_would: int


@dataclass(frozen=True, slots=True)
class LoadView:
    """Leads given to somebody: as it was, as it would have been. ``who`` is null for nobody.

    At consultants ``would`` leaves out the leads that another dealer would have had.
    """

    who: Named | None
    was: int
    would: int
    difference: int
    peak: PeakView | None = None


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """Deadlines of a kind, or of a dealer: met, missed and still open, as they were and as they
    would have been."""

    code: str | None
    text: str
    was: dict[str, int]
    would: dict[str, int]
    newly_met: int
    newly_missed: int


@dataclass(frozen=True, slots=True)
class TotalsView:
    """What has been found so far.

    ``decisions`` were made again by the draft, ``followed`` by their own versions in consequence.
    ``unknown`` and ``problems`` are what stored decisions cannot tell; nothing is left out in
    silence.
    """

    leads: int
    leads_changed: int
    decisions: int
    followed: int
    changed: dict[str, int]
    cells: tuple[BacktestCellView, ...]
    dealers: tuple[LoadView, ...]
    consultants: tuple[LoadView, ...]
    deadlines: tuple[DeadlineView, ...]
    dealer_deadlines: tuple[DeadlineView, ...]
    unknown: tuple[CountView, ...]
    problems: tuple[CountView, ...]


@dataclass(frozen=True, slots=True)
class BacktestView:
    """A back-test with its totals."""

    backtest: BacktestLineView
    totals: TotalsView


async def lines(tx: Tx, found: Sequence[Backtest], language: Language) -> list[BacktestLineView]:
    """Back-tests as lists show them."""
    names = await people_of(tx, [one.asked_by for one in found])
    return [await _line(tx, one, names, language) for one in found]


async def whole(tx: Tx, backtest: Backtest, language: Language) -> BacktestView:
    """A back-test with what it has found so far."""
    (line,) = await lines(tx, [backtest], language)
    done, parts = await backtests.totals(tx, backtest.id)
    tree = done or added(parts)
    named = {*tree.get("dealers", ()), *tree.get("consultants", ()), *tree.get("dealer_deadlines", ())} - {"none"}
    names = await views.names_of(tx, [UUID(one) for one in named])
    return BacktestView(line, _totals(tree, names, language))


async def _line(tx: Tx, one: Backtest, names: Mapping[str, Named], language: Language) -> BacktestLineView:
    far = await backtests.progress(tx, one)
    seconds = ((one.ended_at or datetime.now(UTC)) - one.began_at).total_seconds() if one.began_at else 0.0
    speed = far.done / seconds if seconds > 0 else 0.0
    problem = None
    if one.problem is not None:
        problem = CountView(one.problem["code"], say(words.FAILURES, one.problem["code"], language), 1)
    return BacktestLineView(
        one.id,
        one.key,
        one.draft_id,
        one.revision,
        one.version,
        one.since,
        one.until,
        word(BacktestState, one.state),
        one.asked_at,
        names.get(staff_id(one.asked_by)),
        ProgressView(far.done, far.total, round(seconds, 1), round(speed, 1)),
        problem,
    )


def _totals(tree: Mapping[str, Any], names: Mapping[str, Named], language: Language) -> TotalsView:
    return TotalsView(
        tree.get("leads", 0),
        tree.get("leads_changed", 0),
        tree.get("decisions", 0),
        tree.get("followed", 0),
        tree.get("changed", {}),
        tuple(_cells(tree.get("matrix", {}))),
        _loads(tree.get("dealers", {}), names, tree.get("peaks", {})),
        _loads(tree.get("consultants", {}), names, {}),
        tuple(
            _deadline(code, words.value(code, language), counts) for code, counts in tree.get("deadlines", {}).items()
        ),
        tuple(
            _deadline(names[one].code if one in names else None, names[one].name if one in names else "—", counts)
            for one, counts in tree.get("dealer_deadlines", {}).items()
        ),
        tuple(
            CountView(code, say(words.WORDS, code, language), many) for code, many in tree.get("unknown", {}).items()
        ),
        tuple(
            CountView(code, say(words.FAILURES, code, language), one["count"], UUID(one["example"]))
            for code, one in tree.get("problems", {}).items()
        ),
    )


def _cells(matrix: Mapping[str, Mapping[str, Mapping[str, int]]]) -> Iterator[BacktestCellView]:
    for output, rows in matrix.items():
        counted = [BacktestCellView(output, old, new, many) for old, row in rows.items() for new, many in row.items()]
        yield from sorted(counted, key=lambda cell: (cell.old == cell.new, -cell.count, cell.old, cell.new))


def _loads(
    tree: Mapping[str, Mapping[str, int]], names: Mapping[str, Named], peaks: Mapping[str, Mapping[str, Any]]
) -> tuple[LoadView, ...]:
    made = [
        _load(names.get(one), counts.get("was", 0), counts.get("would", 0), peaks.get(one))
        for one, counts in tree.items()
    ]
    return tuple(sorted(made, key=lambda load: (-abs(load.difference), load.who.code if load.who else ""))[:MOST])


def _load(who: Named | None, was: int, would: int, peak: Mapping[str, Any] | None) -> LoadView:
    return LoadView(who, was, would, would - was, _peak(peak))


def _peak(peak: Mapping[str, Any] | None) -> PeakView | None:
    if peak is None:
        return None
    over = peak["days_over"]
    return PeakView(peak["was"], peak["would"], peak["capacity"], over["was"], over["would"])


def _deadline(code: str | None, text: str, counts: Mapping[str, Any]) -> DeadlineView:
    return DeadlineView(
        code,
        text,
        counts.get("was", {}),
        counts.get("would", {}),
        counts.get("newly_met", 0),
        counts.get("newly_missed", 0),
    )
