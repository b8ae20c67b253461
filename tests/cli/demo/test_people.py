"""What simulated people decide is possible, in character, and a function of what they see and of
the dice."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from cases.states import Outcome, TaskKind
from cases.zone import CHINA
from cli.demo.people import OPEN, Act, SeenTask, Temperament, by_day, decide, temperament, who
from domain.kinds import task_kinds
from domain.leads.statements import forms

BODIES: dict[str, type[BaseModel]] = {
    "follow-ups": forms.FollowUpBody,
    "invite": forms.FollowUpBody,
    "visit": forms.FollowUpBody,
    "test-drive": forms.FollowUpBody,
    "win": forms.WinBody,
    "lose": forms.LoseBody,
    "invalidate": forms.InvalidateBody,
    "cool": forms.CoolBody,
    "confirm": forms.ConfirmBody,
    "firm-up": forms.FirmUpBody,
    "call-result": forms.CallResultBody,
    "intent": forms.IntentBody,
    "recall-result": forms.RecallBody,
    "hq-decision": forms.HqDecisionBody,
}
ADDRESSES = {
    "follow-ups": Outcome.CONTINUE,
    "invite": Outcome.CONTINUE,
    "visit": Outcome.CONTINUE,
    "test-drive": Outcome.CONTINUE,
    "win": Outcome.WON,
    "lose": Outcome.LOST,
    "invalidate": Outcome.INVALID,
    "cool": Outcome.COOLED,
}
"""The outcome that a follow-up's address stands for; the others say theirs in the body."""
ROLES = {
    TaskKind.OUTBOUND_CALL: "call_centre",
    TaskKind.INTENT_CHECK: "call_centre",
    TaskKind.RECALL: "call_centre",
    TaskKind.CONFIRM_CLOSING: "dealer_manager",
    TaskKind.HQ_DECISION: "hq",
}


@given(minutes=st.integers(0, 40_000), seed=st.integers())
def test_nobody_acts_at_night_and_nobody_acts_sooner_than_they_would(minutes: int, seed: int) -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    when = by_day(at, random.Random(seed))

    assert at <= when < at + timedelta(hours=16)
    assert when.astimezone(CHINA).hour in OPEN
    assert by_day(when, random.Random(seed)) == when


def outcome_of(act: Act) -> Outcome:
    """How the process will read an act."""
    if act.statement == "confirm":
        return Outcome.CONFIRMED if act.body["approve"] else Outcome.REFUSED
    if act.statement == "hq-decision":
        return Outcome(act.body["decision"])
    return ADDRESSES[act.statement] if act.statement in ADDRESSES else Outcome(act.body["outcome"])


def task(kind: TaskKind, owner: str | None = None, stage: str | None = None) -> SeenTask:
    return SeenTask(kind, ROLES.get(kind, "consultant"), owner, "BJ01", timedelta(hours=24), stage)


def acts(seen: SeenTask, count: int = 200) -> list[Act]:
    dice = random.Random(7)
    return [decide(seen, dice) for _ in range(count)]


@pytest.mark.parametrize("kind", list(TaskKind))
def test_every_decision_is_an_outcome_that_the_task_can_have_and_a_body_that_the_api_takes(kind: TaskKind):
    for act in acts(task(kind, stage="visited" if kind is TaskKind.NEXT_FOLLOW_UP else None)):
        assert outcome_of(act) in task_kinds()[kind].codes()
        BODIES[act.statement].model_validate(act.body)


def test_the_same_dice_make_the_same_decision():
    assert acts(task(TaskKind.FIRST_FOLLOW_UP)) == acts(task(TaskKind.FIRST_FOLLOW_UP))


def test_the_prompt_act_in_time_the_late_after_it_and_the_silent_not_at_all():
    codes = [f"{city}{number:02}-C{who}" for city in ("BJ", "SH", "GZ", "XA") for number in (1, 2) for who in (1, 2, 3)]
    natures = Counter(temperament(code) for code in codes)
    assert natures[Temperament.PROMPT] > natures[Temperament.LATE] > 0 and natures[Temperament.SILENT] > 0

    for code in codes:
        seen = task(TaskKind.FIRST_FOLLOW_UP, owner=code)
        waits = {act.after for act in acts(seen, 20)}
        match temperament(code):
            case Temperament.PROMPT:
                assert max(waits) < seen.span
            case Temperament.LATE:
                assert seen.span < min(waits) and max(waits) < 2 * seen.span
            case Temperament.SILENT:
                assert min(waits) > 5 * seen.span


def test_nobody_waits_for_a_cadence_of_weeks():
    seen = SeenTask("next_follow_up", "consultant", "BJ01-C2", "BJ01", timedelta(days=14))
    prompt = next(code for code in ("BJ01-C1", "BJ01-C2", "BJ01-C3", "SH01-C1") if temperament(code) == "prompt")

    assert all(act.after <= timedelta(hours=36) for act in acts(SeenTask(**{**vars_of(seen), "owner": prompt})))


def vars_of(seen: SeenTask) -> dict[str, object]:
    return {name: getattr(seen, name) for name in SeenTask.__slots__}


def test_the_owner_acts_else_somebody_with_the_role():
    dice = random.Random(1)
    assert who(task(TaskKind.FIRST_FOLLOW_UP, owner="BJ01-C2"), dice) == "BJ01-C2"
    assert who(task(TaskKind.CONFIRM_CLOSING), dice) == "BJ01-M1"
    assert who(task(TaskKind.OUTBOUND_CALL), dice).startswith("CC-0")


def test_work_goes_from_stage_to_stage():
    statements = {stage: {act.statement for act in acts(task(TaskKind.NEXT_FOLLOW_UP, stage=stage))} for stage in
                  ("next_follow_up_due", "invited", "visited", "test_drive")}  # fmt: skip
    assert "invite" in statements["next_follow_up_due"]
    assert "visit" in statements["invited"]
    assert {"test-drive", "win"} <= statements["visited"]
    assert Outcome.WON in {outcome_of(act) for act in acts(task(TaskKind.NEXT_FOLLOW_UP, stage="test_drive"))}
