"""What the shipped tables say, held against the requirement rows: a change of policy has to change
a line here."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from cases.states import GRADE_VALIDITY, Outcome, Role, Rung, Stage, TaskKind
from rules import Decision, examples, read_table, shipped
from rules.errors import NoRuleMatched
from rules.model import Table
from rules.reference import decide

TABLES: dict[str, Decision] = {file.stem: read_table(file.read_bytes())[0] for file in shipped()}
GRADES = ("H", "A", "B", "C", "N")


def asked(key: str, **inputs: Any) -> dict[str, Any]:
    outputs = decide(TABLES[key], inputs).outputs
    assert isinstance(outputs, dict)
    return outputs


@pytest.mark.parametrize("key", TABLES)
def test_the_examples_hold_in_every_evaluator(key: str) -> None:
    assert not examples.check(TABLES[key])


@pytest.mark.parametrize("key", TABLES)
def test_every_row_has_an_example_that_reaches_it(key: str) -> None:
    table = TABLES[key]
    assert isinstance(table.logic, Table)
    reached: set[str] = set()
    for example in table.examples:
        reached |= set(decide(table, {name: literal.run({}) for name, literal in example.given}).matched)
    assert reached == {rule.id for rule in table.logic.rules}


@pytest.mark.parametrize(
    ("grade", "days", "lane"),
    [
        ("H", 7, "urgent"),
        ("A", 15, "dispatch"),
        ("B", 30, "dispatch"),
        ("C", 90, "nurture"),
        ("N", 365, "nurture"),
    ],
)
def test_the_distribution_scale(grade: str, days: int, lane: str) -> None:
    assert asked("grade-scale", scale="distribution", grade=grade) == {"validity_days": days, "lane": lane}


@pytest.mark.parametrize(
    ("grade", "days", "lane"),
    [
        ("H", 14, "urgent"),
        ("A", 30, "dispatch"),
        ("B", 90, "nurture"),
        ("C", 180, "nurture"),
        ("N", 365, "nurture"),
    ],
)
def test_the_nurture_scale(grade: str, days: int, lane: str) -> None:
    assert asked("grade-scale", scale="nurture", grade=grade) == {"validity_days": days, "lane": lane}


def test_every_horizon_has_a_grade() -> None:
    for days, budget, model in product(range(-1, 400), (True, False), (True, False)):
        graded = asked("grade", horizon_days=days, budget_clear=budget, model_known=model, stated_grade="")
        assert graded["grade"] in GRADES


@pytest.mark.parametrize("grade", [*GRADES, ""])
def test_the_first_follow_up_is_due_within_a_day(grade: str) -> None:
    first = asked("cadence", kind="first_follow_up", grade=grade, stage=Stage.FIRST_FOLLOW_UP_DUE.value)
    assert first == {"due_hours": 24, "calendar": "elapsed", "open_hours": 4}


def test_every_task_has_a_deadline() -> None:
    for kind, grade, stage in product(TaskKind, (*GRADES, ""), (*Stage, "")):
        assert asked("cadence", kind=kind.value, grade=grade, stage=str(stage))["due_hours"] > 0


LADDERS = {
    ("first_follow_up", True): [("remind", -12), ("tell_manager", 0), ("hand_over", 12), ("back_to_hq", 36)],
    ("first_follow_up", False): [("remind", -4), ("tell_manager", 0), ("hand_over", 24), ("back_to_hq", 72)],
    ("next_follow_up", True): [("remind", 0), ("tell_manager", 12), ("hand_over", 36), ("back_to_hq", 72)],
    ("next_follow_up", False): [("remind", 0), ("tell_manager", 24), ("hand_over", 72), ("back_to_hq", 144)],
    ("grade_validity", True): [("tell_manager", 0), ("hand_over", 24), ("back_to_hq", 72)],
    ("grade_validity", False): [("tell_manager", 0), ("hand_over", 48), ("back_to_hq", 120)],
    ("outbound_call", None): [("remind", 0), ("tell_manager", 4), ("ask_hq", 24)],
    ("confirm_closing", None): [("remind", 0), ("tell_manager", 24), ("ask_hq", 72)],
    ("confirm_undo", None): [("remind", 0), ("tell_manager", 24)],
    ("firm_up", None): [("remind", -4), ("tell_manager", 0)],
    ("hq_decision", None): [("remind", 0), ("tell_manager", 24)],
    ("intent_check", None): [("remind", 0), ("tell_manager", 48), ("ask_hq", 96)],
    ("recall", None): [("remind", 0), ("tell_manager", 48)],
}


@pytest.mark.parametrize("grade", [*GRADES, ""])
@pytest.mark.parametrize("kind", [*(kind.value for kind in TaskKind), GRADE_VALIDITY])
def test_the_ladder_climbs_and_ends(kind: str, grade: str) -> None:
    expected = LADDERS.get((kind, None)) or LADDERS[kind, grade == "H"]
    rungs = [asked("escalation-ladder", kind=kind, grade=grade, rung=rung) for rung in range(1, len(expected) + 1)]
    assert [(rung["action"], rung["offset_hours"]) for rung in rungs] == expected
    assert {rung["action"] for rung in rungs} <= set(Rung)
    lamps = [rung["lamp"] for rung in rungs]
    assert lamps == sorted(lamps)  # amber before red
    with pytest.raises(NoRuleMatched):
        asked("escalation-ladder", kind=kind, grade=grade, rung=len(expected) + 1)


def test_a_nurture_plan_and_the_choice_of_material_agree_on_the_first_one() -> None:
    for grade, days, side in product(
        (*GRADES, ""), (-1, 0, 20, 30, 31, 60, 90, 180, 181, 400), (Role.HQ.value, "dealer")
    ):
        plan = asked("nurture-plan", grade=grade, horizon_days=days, side=side)
        assert plan["check_every_days"] == 60
        assert plan["first_material"] == asked("material", grade=grade, number=1, horizon_days=days)["code"]


@pytest.mark.parametrize(
    ("grade", "days", "every", "keep"),
    [
        ("C", 60, 14, 90),
        ("C", 180, 14, 90),
        ("C", 181, 30, 90),
        ("N", 180, 14, 365),
        ("N", 181, 30, 365),
        ("B", 20, 14, 30),
    ],
)
def test_materials_go_out_fortnightly_or_monthly(grade: str, days: int, every: int, keep: int) -> None:
    plan = asked("nurture-plan", grade=grade, horizon_days=days, side="hq")
    assert (plan["material_every_days"], plan["keep_days"]) == (every, keep)


def test_a_nearer_freer_better_dealer_always_scores_more() -> None:
    here = dict(
        distance_km=12, same_city=True, same_region=True, sells_model=True, load_percent=20, performance=60, grade="B"
    )
    best = asked("dispatch", **here)["points"]
    for worse in (
        {"distance_km": 45},
        {"same_city": False},
        {"sells_model": False},
        {"load_percent": 60},
        {"load_percent": 100},
        {"performance": 40},
    ):
        assert asked("dispatch", **here | worse)["points"] < best


def test_a_skilled_able_free_rested_consultant_always_scores_more() -> None:
    here = dict(
        has_skill=True,
        ability=85,
        load_percent=20,
        hours_since_last=30,
        grade="H",
        today=0,
        this_hour=0,
        first_choice=False,
    )
    best = asked("assignment", **here)["points"]
    for worse in (
        {"has_skill": False},
        {"ability": 50},
        {"load_percent": 50},
        {"load_percent": 100},
        {"hours_since_last": 0},
        {"today": 3},
        {"today": 6},
        {"this_hour": 1},
        {"this_hour": 2},
    ):
        assert asked("assignment", **here | worse)["points"] < best


def test_every_grade_has_pool_rules_and_every_loss_an_answer() -> None:
    for grade in (*GRADES, ""):
        assert min(asked("pool", grade=grade).values()) > 0
    assert asked("recall", outcome=Outcome.LOST.value, reason="something new") == {"recall": True, "after_days": 30}
    assert asked("recall", outcome=Outcome.INVALID.value, reason="other") == {"recall": False, "after_days": 0}
