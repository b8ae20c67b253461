"""What a statement about a contact counts as (A7, A8): a contact, an attempt that nobody answered,
or nothing at all.

What counts is the table ``follow-up-rules``. It sees how much was written and whether it was
written before, never the words.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from cases.errors import FieldProblem, Invalid
from cases.stated import ContactWay, Counts
from cases.states import STAGE_ORDER, Stage
from cases.zone import minute_shown
from domain.tables import Made, Tables
from store.engine.tasks import TaskRow
from store.leads import contacts
from store.leads.leads import LeadRow
from store.session import Tx

_NEVER = 9_999
"""Hours since an attempt where there was none."""


async def counted(
    tx: Tx,
    tables: Tables,
    at: datetime,
    *,
    statement: str,
    lead: LeadRow,
    task: TaskRow,
    by: object,
    channel: ContactWay = ContactWay.PHONE,
    content: str = "",
    answer: str = "",
    reached: bool = True,
    stage: Stage | None = None,
) -> Counts:
    """A contact or an attempt. Raises ``Invalid`` with what is missing where it is neither."""
    tried, last = await contacts.attempts(tx, task.id)
    said = await contacts.said_by(tx, lead.id, by)
    made = tables.decide(
        "follow-up-rules",
        at,
        {
            "statement": statement,
            "channel": channel,
            "reached": reached,
            "forward": is_later(stage, lead.stage),
            "content": signs(content),
            "answer": signs(answer),
            "repeated": bool(_gist(content, answer)) and _gist(content, answer) in {_gist(*one) for one in said},
            "attempts": tried,
            "hours_since": _NEVER if last is None else min(_NEVER, max(0, int((at - last) / timedelta(hours=1)))),
        },
    )
    counts = Counts(made.get("counts") or Counts.NO)
    if counts is Counts.NO:
        raise Invalid("invalid_input", problems=(_missing(made, last),))
    return counts


def is_later(stage: Stage | None, present: str | None) -> bool:
    """Whether a stage takes the sale forward."""
    return stage is not None and (present is None or STAGE_ORDER[stage] > STAGE_ORDER[Stage(present)])


def signs(text: str) -> int:
    """How many different letters, digits or characters a text has; blanks and punctuation are
    none."""
    return len(set(_gist(text)))


def _gist(*texts: str) -> str:
    return "".join(sign for text in texts for sign in text.casefold() if sign.isalnum())


def _missing(made: Made, last: datetime | None) -> FieldProblem:
    why = str(made.get("why") or "empty")
    if why == "too_many_attempts":
        return FieldProblem("reached", why, {"limit": str(made.get("most"))})
    if why == "attempt_too_soon" and last is not None:
        free = last + timedelta(hours=float(made.get("gap_hours") or 0))
        return FieldProblem("reached", why, {"after": minute_shown(free)})
    return FieldProblem("content", "says_the_same" if why == "repeated" else "says_nothing")
