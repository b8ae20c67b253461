"""How a lead was stated lost or invalid, or its win questioned, and what was answered (A13, A14):
read off its history.

What is stated is on the lead only while it waits for its answer; the lines of the history stay,
with the words of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from cases.stated import UNDO_REASONS, CancelReason, Statement, WrongWinReason
from cases.states import CLOSING_REASONS, HqWhy, InvalidReason, LostReason, TaskOutcome, word
from store.engine import timeline
from store.engine.case_words import WORDS, written
from store.engine.timeline import Entry
from store.leads.views import Named, named_in
from store.models import FollowUp
from store.session import Tx

Reason = LostReason | InvalidReason | CancelReason | WrongWinReason

STATED: Final[Mapping[str, Statement]] = {
    "lost_stated": Statement.LOSE,
    "invalid_stated": Statement.INVALIDATE,
    "called": Statement.CALL_RESULT,
    "hq_decided": Statement.HQ_DECISION,
    "cancel_stated": Statement.CANCEL_ORDER,
    "wrong_win_stated": Statement.WRONG_WIN,
}
"""Lines that may state a closing."""
ANSWERED: Final = frozenset({"closing_decided", "undo_decided"})
CLOSES: Final = frozenset({TaskOutcome.LOST.value, TaskOutcome.INVALID.value})


@dataclass(frozen=True, slots=True)
class ClosingLine:
    """One time that a lead was stated lost or invalid, or its win questioned, and the answer of
    whoever had to agree.

    ``content`` and ``comment`` are the words of the one and of the other, empty after erasure.
    ``answer`` is confirmed or refused; None while nobody has answered, and where nobody has to.
    Personal data.
    """

    number: int
    at: datetime
    by: Named | None
    statement: Statement
    reason: Reason | None
    content: str
    answer: TaskOutcome | None = None
    decided_at: datetime | None = None
    decided_by: Named | None = None
    comment: str = ""


async def of_lead(tx: Tx, lead_id: UUID) -> tuple[ClosingLine, ...]:
    """A lead's closings, oldest first."""
    entries = await timeline.with_codes(tx, lead_id, [*STATED, *ANSWERED])
    people = await named_in(tx, (entry.actor for entry in entries))
    tasks = {UUID(entry.data["task_id"]) for entry in entries if "task_id" in entry.data}
    return tuple(_closings(entries, people, await _contents(tx, tasks)))


async def _contents(tx: Tx, tasks: Iterable[UUID]) -> Mapping[str, str]:
    """What was written with the statements that answered these tasks."""
    table = FollowUp.__table__
    query = select(table.c.task_id, written(table.c.id, "content")).where(table.c.task_id.in_(list(tasks)))
    query = query.order_by(table.c.at)
    return {str(row.task_id): row.content for row in await tx.session.execute(query)}


def _closings(
    entries: Iterable[Entry], people: Mapping[str, Named], contents: Mapping[str, str]
) -> Iterable[ClosingLine]:
    found: list[ClosingLine] = []
    for entry in entries:
        by = people.get(entry.actor.removeprefix("staff:"))
        waits = bool(found) and found[-1].answer is None
        if waits and (answer := _answer(entry)) is not None:
            words = str(entry.data.get(WORDS) or "")
            found[-1] = replace(found[-1], answer=answer, decided_at=entry.at, decided_by=by, comment=words)
        elif _states(entry):
            content = contents.get(str(entry.data.get("task_id"))) or str(entry.data.get(WORDS) or "")
            found.append(ClosingLine(entry.number, entry.at, by, STATED[entry.code], _reason(entry), content))
    return found


def _states(entry: Entry) -> bool:
    """A call and a decision of head office close a lead only if that is what they came to."""
    if entry.code not in STATED:
        return False
    return entry.code not in ("called", "hq_decided") or entry.data.get("outcome") in CLOSES


def _answer(entry: Entry) -> TaskOutcome | None:
    """What a line says of the closing that waits. Head office answers for a manager who has not."""
    outcome: Any = entry.data.get("outcome")
    if entry.code in ANSWERED:
        return word(TaskOutcome, outcome)
    if entry.code == "hq_decided" and entry.data.get("why") == HqWhy.CONFIRMATION_MISSED:
        return TaskOutcome.CONFIRMED if outcome in CLOSES else TaskOutcome.REFUSED
    return None


def _reason(entry: Entry) -> Reason | None:
    said: str = str(entry.data.get("reason") or "")
    statement = STATED[entry.code]
    known = UNDO_REASONS.get(statement) or CLOSING_REASONS.get(str(entry.data.get("outcome"))) or ()
    return next((one for one in known if one == said), None)
