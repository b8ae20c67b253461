"""Nobody acts, on whatever way: no lead ends as lost or archived without a person of head office
having had a task.

The diagrams, cadences, ladders and the table ``hq-first`` are the shipped ones; what else
activities find is made up.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.states import Outcome, Role, TaskKind
from rules import Decision, read_table, shipped
from rules.errors import NoRuleMatched
from rules.reference import decide
from tests.workflows.processes.office import Office
from tests.workflows.processes.play import Play, days, hours, iso, program

TABLES: dict[str, Decision] = {file.stem: read_table(file.read_bytes())[0] for file in shipped()}
LONGEST = days(3 * 365)


def asked(key: str, **inputs: Any) -> dict[str, Any]:
    """What a shipped table answers; nothing where no row applies."""
    try:
        outputs = decide(TABLES[key], inputs).outputs
    except NoRuleMatched:
        return {}
    assert isinstance(outputs, dict)
    return outputs


class Unattended(Office):
    """An office in which nobody does anything: ladders are climbed to their ends, as the shipped
    tables say."""

    def __init__(self, grade: str) -> None:
        super().__init__()
        self._grade = grade
        self._rung: dict[str, tuple[datetime, int]] = {}
        self._handed_over = False
        self.returns = 0
        self.unseen = 0
        """Dispatches after a return that no person of head office has seen."""

    def plan_task(self, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
        kind = TaskKind.FIRST_FOLLOW_UP if data["kind"] == "follow_up" else TaskKind(data["kind"])
        cadence = asked("cadence", kind=kind.value, grade=self._grade, stage="")
        due = at + hours(float(cadence["due_hours"]))
        self._rung[kind] = (due, 0)
        return {"kind": kind.value, "due": iso(due), "rung_at": self._next(kind)}

    def climb(self, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
        kind = data["kind"]
        due, rung = self._rung[kind]
        row = asked("escalation-ladder", kind=kind, grade=self._grade, rung=rung + 1)
        self._rung[kind] = (due, rung + 1)
        action = row["action"]
        if action == "hand_over" and self._handed_over:
            action = "tell_manager"  # whoever got it by a hand-over is not followed by a third
        self._handed_over = action == "hand_over" or (self._handed_over and action != "back_to_hq")
        if action == "back_to_hq":
            self.returns += 1
        if action == "ask_hq" and not data["asks_hq"]:
            action = "tell_manager"
        return {"action": action, "rung_at": self._next(kind)}

    def hq_first(self, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
        why = "returned_twice" if data["why"] == "returned" and self.returns > 1 else data["why"]
        first = asked("hq-first", why=why, returns=self.returns, grade=self._grade, seen=False)["first"]
        if first == "dispatch":
            self.unseen += 1
        return {"first": first, "why": None if first == "dispatch" else why}

    def _next(self, kind: str) -> str | None:
        due, rung = self._rung[kind]
        offset = asked("escalation-ladder", kind=kind, grade=self._grade, rung=rung + 1).get("offset_hours")
        return None if offset is None else iso(due + hours(float(offset)))


def play(grade: str, lane: str, *, call: bool, dealer: bool, consultant: bool) -> tuple[Play, Unattended]:
    office = Unattended(grade)
    plan = asked("nurture-plan", grade=grade, horizon_days=60, side="hq")
    pool = asked("pool", grade=grade)
    answers = office.answers(
        hq_first=office.hq_first,
        clean={"needs_call": call},
        grade={"grade": grade or None, "lane": lane},
        dispatch={"dealer": "d1" if dealer else None},
        assign={"consultant": "c1" if consultant else None},
        enter_pool=lambda at, _: {"pool_until": iso(at + hours(float(pool["keep_hours"])))},
        plan_nurture=lambda at, _: {
            "material_at": iso(at + days(20_000)),
            "check_at": iso(at + days(float(plan["check_every_days"]))),
            "keep_until": iso(at + days(float(plan["keep_days"]))),
        },
    )
    return Play("lead", answers), office


def live(lead: Play, until: timedelta = LONGEST) -> list[str]:
    """Deadlines fire one after the other until the end, or until a person of head office has a
    task."""
    begun, roles = lead.at, set[str]()
    while lead.timers and not lead.ended and lead.at - begun < until:
        roles |= {task.role for task in lead.tasks.values()}
        if Role.HQ in roles:
            break
        lead.next_deadline()
    return sorted(roles | {task.role for task in lead.tasks.values()})


@settings(max_examples=150)
@given(
    grade=st.sampled_from(["H", "A", "B", "C", "N", ""]),
    lane=st.sampled_from(["urgent", "dispatch", "nurture"]),
    call=st.booleans(),
    dealer=st.booleans(),
    consultant=st.booleans(),
)
def test_no_lead_ends_by_deadlines_alone_before_a_person_of_head_office_has_a_task(
    grade: str, lane: str, call: bool, dealer: bool, consultant: bool
) -> None:
    lead, office = play(grade, lane, call=call, dealer=dealer, consultant=consultant)

    roles = live(lead)

    assert Role.HQ in roles and not lead.ended, (lead.outcome, roles)
    assert office.unseen <= 1


@pytest.mark.parametrize("outcome", [Outcome.LOST, Outcome.INVALID])
def test_a_stated_end_that_nobody_confirms_is_no_end(outcome: Outcome) -> None:
    lead, _ = play("B", "dispatch", call=False, dealer=True, consultant=True)
    lead.complete(outcome)

    live(lead)

    assert (lead.task.role, lead.task.why) == ("hq", "confirmation_missed") and not lead.ended


def test_a_lead_that_cooled_is_not_archived_unseen() -> None:
    for grade in ("H", "A", "B", "C", "N"):
        lead, _ = play(grade, "dispatch", call=False, dealer=True, consultant=True)
        lead.complete("cooled")

        live(lead)

        assert lead.task.role == "hq" and lead.task.why in ("nurture_over", "intent_missed"), grade


def test_whoever_may_be_asked_for_head_office_is_caught_where_it_is_asked() -> None:
    """A shipped call of ``chase`` that says so has the boundary event, and the other way round."""
    for process in program().values():
        for element in process.elements.values():
            if element.work.called == "chase":
                asks = any(one.name == "asks_hq" for one in element.inputs)
                caught = {process.elements[one].triggers[0].ref for one in element.boundary}
                assert ("ask_hq" in caught) is asks, (process.id, element.id)
