"""Whether a person of head office looks at a lead before it goes on: nobody at a dealer or a desk
did (A10, A15).

Where it would go without one is the table ``hq-first``. What the person decides is a statement
(``domain.leads.statements.head_office``); the task and its ladder are those of any other kind
(``activities.planning``, ``activities.escalation``).
"""

from __future__ import annotations

from cases.states import HqFirst, HqWhy, Role
from domain.work import Result, Work
from store.engine import tasks
from store.leads import assignments

SEEN_FROM = 2
"""A lead that dealers have lost so often is never sent to another one unseen, whatever the table
says."""


async def hq_first(work: Work) -> Result:
    """Whether a person of head office decides what becomes of the lead, or the process at once
    (table ``hq-first``)."""
    returns = await assignments.returns(work.tx, work.lead.id)
    why = HqWhy(str(work.data["why"]))
    if why is HqWhy.RETURNED and returns >= SEEN_FROM:
        why = HqWhy.RETURNED_TWICE
    made = work.decide(
        "hq-first",
        why=why.value,
        returns=returns,
        grade=work.lead.grade or "",
        seen=await tasks.seen_by(work.tx, work.lead.id, (Role.HQ, Role.CALL_CENTRE)),
    )
    first = HqFirst(str(made.get("first") or HqFirst.PERSON))
    if first is HqFirst.DISPATCH and returns >= SEEN_FROM:
        first = HqFirst.PERSON
    if first is HqFirst.DISPATCH:
        work.tell("sent_again", role=Role.HQ, why=why)
    work.note("hq_weighed", because=made.id, why=why, first=first)
    return {"first": first.value, "why": None if first is HqFirst.DISPATCH else why.value}
