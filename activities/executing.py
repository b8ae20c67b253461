"""One step of a process: its activity on its case, inside a transaction that is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from prometheus_client import Histogram

from activities import shadow
from activities.catalogue import ACTIVITIES
from activities.shadow import Asked
from cases.contracts import Step
from domain import kinds, telling
from domain.rounds.registry import House
from domain.tables import Tables
from domain.work import InputRefused, NotOffered, Result, Work
from store.engine import ledger
from store.engine.cases import CaseRow
from store.engine.ledger import Ledger
from store.leads.leads import LeadRow
from store.session import Tx

Known = dict[tuple[object, ...], Any]
"""What steps of one instant have asked the store (``Work.once``)."""

SECONDS: Final = Histogram(
    "baton_activity_seconds",
    "Time that an activity took; with its transaction, if it was done by itself",
    ["activity"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


@dataclass(frozen=True, slots=True)
class Executed:
    """What came of a step: nothing of the ledger is written yet."""

    result: Result
    case: LeadRow | CaseRow
    ledger: Ledger
    asked: Asked


async def execute(
    tx: Tx, name: str, step: Step, case: LeadRow | CaseRow, tables: Tables, house: House, known: Known
) -> Executed:
    """Runs the activity ``name``; ``known`` is what earlier steps of the same instant have asked.

    Raises what it raises; ``NotOffered`` if it does not work on this kind of case;
    ``InputRefused`` if the input is not what the activity declares.
    """
    offered = kinds.working_on(step.kind).get(name)
    if offered is None:
        raise NotOffered(name, step.kind)
    for wrong, needed in offered.signature.faults(step.data):
        raise InputRefused(wrong, needed)
    book = Ledger(step.at, step.element, str(tx.actor))
    work = Work(tx, step, case, tables, book, house, offered.reaches, known)
    result = ledger.plain(await ACTIVITIES[name](work))
    await telling.put_off(work)
    asked = shadow.ask(tables, work.ledger)
    book.keep(step.key, result)
    return Executed(result, work.case, book, asked)
