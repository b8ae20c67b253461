"""A back-test's lines: a page of them, and all of them as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from cases.actors import Actor, Scope
from cases.messages import Language, Words, catalogue, chosen, say
from cases.states import word
from cases.zone import CHINA
from domain.backtests import words
from domain.coded import coded
from domain.policy.findings import ChangeKind
from store.leads import views
from store.leads.views import Named
from store.listing import Window
from store.session import Database, Tx
from store.tables import backtest_lines
from store.tables.backtest_lines import BacktestLineRow

AT_A_TIME: Final = 2_000
BOM: Final = "\ufeff"
"""Without it Excel takes UTF-8 for something else."""

HEADINGS: Final = catalogue(
    "backtest_headings",
    {
        "lead": Words("线索编号", "lead"),
        "at": Words("决策时间", "decided at"),
        "table": Words("决策表", "table"),
        "kind": Words("类别", "kind"),
        "was": Words("原来", "was"),
        "would": Words("试算", "would have been"),
        "dealer": Words("经销商", "dealer"),
        "decision": Words("决策编号", "decision"),
    },
)
_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One decision that would have had another effect: ``old`` and ``new``, and in words ``was``
    and ``would``.

    ``dealer`` is the one that the lead was with or went to.
    """

    decision_id: UUID
    lead_id: UUID
    at: datetime
    table: str
    kind: ChangeKind
    text: str
    was: str
    would: str
    dealer: Named | None
    old: dict[str, Any]
    new: dict[str, Any]


async def changes(tx: Tx, found: Sequence[BacktestLineRow], language: Language) -> list[ChangeView]:
    """Lines in words."""
    names = await views.named_in(tx, ((line.old, line.new) for line in found))
    return [
        ChangeView(
            line.decision_id,
            line.case_id,
            line.at,
            line.key,
            word(ChangeKind, line.kind),
            say(words.KINDS, line.kind, language),
            *words.sides(line, names, language),
            words.dealer_of(line, names),
            coded(line.old, names),
            coded(line.new, names),
        )
        for line in found
    ]


async def table(
    database: Database, actor: Actor, scope: Scope, backtest_id: UUID, language: Language, **sought: Any
) -> AsyncIterator[str]:
    """All lines as CSV, some at a time, each read in a transaction of its own: whoever reads slowly
    holds up nobody."""
    yield BOM + _row([chosen(one, language) for one in HEADINGS.values()])
    window = Window(AT_A_TIME)
    while True:
        async with database.transaction(actor, scope) as tx:
            found = await backtest_lines.lines(tx, backtest_id, window, **sought)
            some = await changes(tx, found.items, language)
        yield "".join(_row(_cells(one)) for one in some)
        if found.last is None:
            return
        window = Window(AT_A_TIME, found.last)


def _cells(one: ChangeView) -> tuple[str, ...]:
    dealer = f"{one.dealer.code} {one.dealer.name}" if one.dealer else ""
    at = one.at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
    return (str(one.lead_id), at, one.table, one.text, one.was, one.would, dealer, str(one.decision_id))


def _row(cells: Sequence[str]) -> str:
    text = io.StringIO()
    # What begins like a formula would be one in a spreadsheet.
    csv.writer(text).writerow([f"'{cell}" if cell.startswith(_FORMULAS) else cell for cell in cells])
    return text.getvalue()
