"""What a person states about a lead, done with an activity's means: decisions, words and changes,
written at the end.

A statement is no step of a process: nothing repeats it, and it names no element.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from cases.contracts import Step
from domain.tables import Tables
from domain.telling import put_off
from domain.work import Work
from store.engine import ledger
from store.engine.ledger import Ledger
from store.leads.leads import LeadRow
from store.session import Tx


@asynccontextmanager
async def stating(tx: Tx, tables: Tables, lead: LeadRow, at: datetime) -> AsyncIterator[Work]:
    """Work on a lead that the caller has locked, in the name of the transaction's actor."""
    work = Work(tx, Step(str(lead.id), "", "", at), lead, tables, Ledger(at, None, str(tx.actor)))
    yield work
    await put_off(work)
    await ledger.write(tx, lead.id, work.ledger)
