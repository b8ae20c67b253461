"""A diagram opens another case, about the one that it runs for."""

from __future__ import annotations

from cases.signatures import Signature
from cases.states import OPENED_ABOUT
from domain.kinds import KINDS
from domain.work import InputRefused, Result, Work
from store.engine import cases, opening
from store.engine.opening import NewCase

BORN: str = "new"
"""The status of a case that nobody has looked at yet."""


async def open_case(work: Work) -> Result:
    """Opens a case of another kind about this one: of its customer, at its dealer, with its
    owner."""
    kind, facts = KINDS[str(work.data["kind"])], dict(work.data.get("facts") or {})
    known = {one.name for one in kind.facts}
    for name in facts.keys() - known:
        raise InputRefused(f"facts.{name}", f"one of {', '.join(sorted(known))}")
    for name, needed in Signature(kind.facts).faults(facts):
        raise InputRefused(f"facts.{name}", needed)
    about = await cases.get(work.tx, work.case.id)
    opened = await opening.open_case(work.tx, kind, NewCase.about(about, BORN, facts), work.at, work.step.element)
    work.note(OPENED_ABOUT, opened=opened, kind=kind.name)
    return {"case": str(opened)}
