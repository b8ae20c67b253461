"""Grade (A5), and any other table that a diagram asks (business rule tasks)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cases.grades import rank
from cases.progress import Event, Happened
from cases.states import Status
from domain.work import Recorded, Result, Work
from store.engine import timeline

PRESUMED = "presumed"
"""The reason of a grade that the rules gave before the outbound call, which confirms or corrects
it."""


def presume(work: Work) -> None:
    """A first grade by what is known (table ``grade``), so that the call centre knows whom to call
    first (A5)."""
    if work.lead.grade is None:
        given = str(_by_rules(work, "").get("grade") or "N")
        work.change(grade=given, grade_reason=PRESUMED, graded_at=work.at)


async def grade(work: Work) -> Result:
    """How soon they buy (table ``grade``), and where such a lead goes (table ``grade-scale``).

    What a person stated holds against what the rules would say; the table has it first.
    """
    lead = work.lead
    stated = work.data.get("stated_grade") or (lead.grade if lead.grade_reason == "stated" else "")
    made = _by_rules(work, str(stated or ""))
    given = str(made.get("grade") or "N")
    scale = work.decide("grade-scale", scale="distribution", grade=given)
    lane = str(scale.get("lane") or "nurture")
    graded = Happened(Event.GRADING, given, reason_given=not stated)
    if lead.progress_at is not None:  # else it is the first grade of this life, which everything is counted from
        graded = replace(graded, present=lead.grade, best=lead.best_grade)
    if lead.progress_at is None or work.look("progress", **graded.asked()).get("progress"):
        work.change(**graded.marks(work.at))
    work.change(status=Status.QUALIFYING, grade=given, grade_reason=made.get("reason"), graded_at=work.at)
    work.note("graded", because=made.id, grade=given, reason=made.get("reason"), former=lead.grade, lane=lane)
    return {"grade": given, "lane": lane}


async def raised(work: Work) -> bool:
    """Grades a lead anew if the customer has said more since it was graded and the table finds it
    more urgent now.

    A grade that is no higher changes nothing: whoever works on the lead has seen more than a form
    says.
    """
    lead = work.lead
    if lead.grade is None or not await timeline.weighs_since(work.tx, lead.id, lead.graded_at or lead.created_at):
        return False
    better = work.look("grade", **_facts(work, "")).get("grade")
    if rank(better) <= rank(lead.grade):
        return False
    made = _by_rules(work, "")
    if lead.grade_reason == PRESUMED:
        work.change(grade=better, graded_at=work.at)
        return False
    scale = work.decide("grade-scale", scale="distribution", grade=better)
    graded = Happened(Event.GRADING, str(better), lead.grade, lead.best_grade)
    if work.look("progress", **graded.asked()).get("progress"):
        work.change(**graded.marks(work.at, lead.stage))
    work.change(grade=better, grade_reason=made.get("reason"), graded_at=work.at)
    work.note(
        "graded", because=made.id, grade=better, reason=made.get("reason"), former=lead.grade, lane=scale.get("lane")
    )
    return True


def _by_rules(work: Work, stated: str) -> Recorded:
    return work.decide("grade", **_facts(work, stated))


def _facts(work: Work, stated: str) -> dict[str, Any]:
    lead = work.lead
    return {
        "horizon_days": -1 if lead.horizon_days is None else lead.horizon_days,
        "budget_clear": lead.budget_min is not None or lead.budget_max is not None,
        "model_known": lead.model is not None,
        "stated_grade": stated,
    }


async def decide(work: Work) -> Result:
    """Asks the table that the diagram names, with the inputs that the diagram maps."""
    inputs = {name: value for name, value in work.data.items() if name != "decision"}
    made = work.decide(str(work.data["decision"]), **inputs)
    work.note("decided", because=made.id, decision=made.key, version=made.version)
    return dict(made.outputs) if isinstance(made.outputs, dict) else {"result": made.outputs}
