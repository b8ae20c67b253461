"""What a ticket's process does: how bad it is, who does what by when, whether it is over.

The tables are ``ticket-severity``, ``ticket-policy`` and ``ticket-steps``. A ticket's facts are
``ticket`` (its kind), ``signals``, ``round`` and ``moot``.
"""

from __future__ import annotations

from typing import Any, Final

from cases.grades import GRADES
from cases.states import Role
from domain.tickets.words import ClosedAs, TicketStatus
from domain.work import InputRefused, Result, Work
from store.engine import cases
from store.engine.cases import CaseRow

MOST_STEPS: Final = 9
AT_DEALER: Final = frozenset({Role.CONSULTANT, Role.DEALER_MANAGER, Role.AFTER_SALES})


async def classify_ticket(work: Work) -> Result:
    """How bad it is by now, who does what by when, and whether the customer is asked afterwards."""
    return await _classify(work, int(_facts(work).get("round") or 1))


async def reopen_ticket(work: Work) -> Result:
    """The customer is not satisfied: one more round, classified anew."""
    again = int(_facts(work).get("round") or 1) + 1
    work.note("ticket_reopened", round=again)
    return await _classify(work, again)


async def await_confirmation(work: Work) -> Result:
    """All steps are done: now the customer has the word."""
    work.change(status=TicketStatus.CONFIRMING.value)
    return {}


async def note_about_ended(work: Work) -> Result:
    """The case that it came from has ended: whether this is over with it (table ``ticket-policy``,
    as it was asked)."""
    moot = bool(_facts(work).get("moot"))
    work.note("ticket_about_ended", case="moot" if moot else "goes_on")
    return {"moot": moot}


async def close_ticket(work: Work) -> Result:
    """Closes it: nobody has to do anything any more."""
    outcome = ClosedAs(str(work.data["outcome"]))
    await work.put_down()
    work.change(status=TicketStatus.CLOSED.value, outcome=outcome.value, ended_at=work.at)
    work.note("ticket_closed", case=outcome.value)
    return {}


def _ticket(work: Work) -> CaseRow:
    """The case, if it is a ticket."""
    if isinstance(work.case, CaseRow):
        return work.case
    raise TypeError("only a ticket has this, no lead")


def _facts(work: Work) -> dict[str, Any]:
    return _ticket(work).facts


async def _classify(work: Work, turn: int) -> Result:
    facts = _facts(work)
    kind, signals = str(facts["ticket"]), int(facts.get("signals") or 1)
    before = str(_ticket(work).level or facts.get("severity") or "")
    made = work.decide(
        "ticket-severity", kind=kind, severity=before, level=await _level(work), signals=signals, round=turn
    )
    severity = str(made.get("severity"))
    policy = work.decide("ticket-policy", kind=kind, severity=severity)
    steps = _steps(work, kind, severity)
    work.change(
        status=TicketStatus.WORKING.value,
        level=severity,
        facts={**facts, "signals": signals, "round": turn, "moot": bool(policy.get("moot"))},
    )
    work.note("ticket_classified", because=made.id, kind=kind, case=severity, former=before or None, steps=len(steps))
    if (tell := policy.get("tell")) and severity != before:
        work.tell("ticket_told", role=Role(str(tell)), kind=kind, case=severity)
    days = policy.get("confirm_days")
    if work.case.customer_id is None:  # nobody to ask
        days = None
    every = policy.get("report_days")
    return {
        "severity": severity,
        "steps": steps,
        "confirm_days": None if days is None else float(days),
        "report_days": None if every is None else float(every),
        "report_role": _doer(work, str(policy.get("report_role") or Role.HQ)),
    }


def _steps(work: Work, kind: str, severity: str) -> list[dict[str, Any]]:
    """One after the other, until the table has no further one. Raises ``InputRefused`` where it has
    none at all."""
    steps: list[dict[str, Any]] = []
    for number in range(1, MOST_STEPS + 1):
        row = work.look("ticket-steps", kind=kind, severity=severity, number=number)
        if not row.get("step"):
            break
        work.record(row)
        hours = row.get("hours")
        steps.append(
            {
                "kind": str(row.get("step")),
                "role": _doer(work, str(row.get("role") or Role.HQ)),
                "hours": None if hours is None else float(hours),
                "calendar": row.get("calendar"),
            }
        )
    if not steps:
        raise InputRefused("steps", f"given: the table ticket-steps has no first step for {kind}, {severity}")
    return steps


def _doer(work: Work, role: str) -> str:
    """Whoever of the dealer is not there is stood in for: the owner by the manager, a dealer by
    head office."""
    if role in AT_DEALER and work.case.dealer_id is None:
        return Role.HQ.value
    if role == Role.CONSULTANT and work.case.owner_id is None:
        return Role.DEALER_MANAGER.value
    return role


async def _level(work: Work) -> str:
    """The grade of the lead that it is about."""
    about = _ticket(work).about_id
    level = (await cases.get(work.tx, about)).level if about is not None else None
    return level if level in GRADES else ""
