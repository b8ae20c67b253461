"""What simulated people do about a task, as pure functions: a person, a task and the dice in, an
act out."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from cases.states import Role, TaskKind
from cases.zone import CHINA
from domain.leads.tasks import TASKS


class Temperament(StrEnum):
    """How somebody treats deadlines."""

    PROMPT = "prompt"
    LATE = "late"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class SeenTask:
    """A task as it stands in somebody's inbox. ``span``: from its opening to its due instant."""

    kind: str
    role: str
    owner: str | None
    dealer: str | None
    span: timedelta
    stage: str | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """A statement to make: who, which address under the lead, what, and how long after the task was
    opened."""

    actor: str
    statement: str
    body: Mapping[str, Any] = field(default_factory=dict[str, Any])
    after: timedelta = timedelta(0)


PATIENCE: Final[dict[Temperament, tuple[float, float]]] = {
    Temperament.PROMPT: (0.05, 0.6),
    Temperament.LATE: (1.05, 1.3),
    Temperament.SILENT: (9.0, 9.0),
}
"""When they act, as parts of the time that they are given."""

LONGEST: Final = timedelta(hours=36)
"""Nobody in a demo waits longer than this before acting in time, whatever the cadence allows."""

OPEN: Final = range(9, 20)
"""Hours of a day in China in which people act."""

NEXT_STAGE: Final = {None: "follow-ups", "first_follow_up_due": "follow-ups", "next_follow_up_due": "invite"} | {
    "invited": "visit",
    "visited": "test-drive",
}


def temperament(code: str) -> Temperament:
    """A person's nature follows from the staff code: most are prompt, some late, a few silent."""
    place = sum(ord(sign) * (number + 7) for number, sign in enumerate(code)) % 10
    return Temperament.SILENT if place == 0 else Temperament.LATE if place <= 2 else Temperament.PROMPT


def decide(task: SeenTask, dice: random.Random) -> Act:
    """What the person in charge of a task will do about it, and when."""
    actor = who(task, dice)
    statement, body = ANSWERS[TaskKind(task.kind)](task, dice)
    nature = temperament(actor) if task.role == Role.CONSULTANT else Temperament.PROMPT
    low, high = PATIENCE[nature]
    span = task.span if nature is not Temperament.PROMPT else min(task.span, LONGEST)
    return Act(actor, statement, body, span * dice.uniform(low, high))


def by_day(at: datetime, dice: random.Random) -> datetime:
    """When somebody acts who would at ``at``: nobody calls a customer at night."""
    local = at.astimezone(CHINA)
    if OPEN.start <= local.hour < OPEN.stop:
        return at
    day = local if local.hour < OPEN.start else local + timedelta(days=1)
    return day.replace(hour=OPEN.start, minute=0, second=0) + timedelta(minutes=dice.uniform(0, 150))


def who(task: SeenTask, dice: random.Random) -> str:
    """Who acts: the owner, else somebody with the role."""
    if task.owner is not None:
        return task.owner
    if task.role == Role.DEALER_MANAGER and task.dealer is not None:
        return f"{task.dealer}-M1"
    return f"CC-{dice.randint(1, 8):02}" if task.role == Role.CALL_CENTRE else "HQ-01"


def _call(_: SeenTask, dice: random.Random) -> tuple[str, dict[str, Any]]:
    outcome = dice.choices(("qualified", "unreachable", "invalid"), (75, 17, 8))[0]
    body: dict[str, Any] = {"outcome": outcome, "content": "外呼"}
    if outcome == "qualified":
        body |= {"model": "傲虎", "budget": "28万左右", "purchase_time": dice.choice(("一周内", "两周内", "三个月内"))}
    if outcome == "invalid":
        body["reason"] = "not_a_buyer"
    return "call-result", body


def _follow_up(task: SeenTask, dice: random.Random) -> tuple[str, dict[str, Any]]:
    turn = dice.random()
    if task.stage in ("visited", "test_drive") and turn < 0.5:
        return "win", contract(dice)
    if turn < 0.72:
        return NEXT_STAGE.get(task.stage, "follow-ups"), _talk(dice)
    if turn < 0.84:
        return "lose", {"reason": dice.choice(("price", "bought_rival", "gave_up")), "content": "客户放弃"}
    if turn < 0.90:
        return "invalidate", {"reason": "not_a_buyer"}
    return "cool", {"content": "过阵子再说", "grade": "C"}


def _talk(dice: random.Random) -> dict[str, Any]:
    """What was spoken of; seldom the same twice, which would be no follow-up."""
    topics = ("四驱系统", "油耗与保养", "空间与座椅", "驾驶辅助", "金融方案", "置换补贴", "交车周期", "竞品对比")
    answers = ("再考虑一下", "要和家人商量", "想先看看实车", "价格再谈谈", "等发工资", "周末有空", "比较满意")
    spoken = "、".join(dice.sample(topics, 3))
    return {"content": f"介绍了{spoken}", "answer": dice.choice(answers)}


def _confirm(_: SeenTask, dice: random.Random) -> tuple[str, dict[str, Any]]:
    return "confirm", {"approve": dice.random() < 0.8}


def _firm_up(_: SeenTask, dice: random.Random) -> tuple[str, dict[str, Any]]:
    if dice.random() < 0.8:
        return "firm-up", {"outcome": "confirmed"}
    return "firm-up", {"outcome": "fallen_through", "reason": "customer_withdrew", "content": "客户改变主意"}


def _intent(_: SeenTask, dice: random.Random) -> tuple[str, dict[str, Any]]:
    outcome = dice.choices(("unchanged", "raised", "not_interested"), (45, 35, 20))[0]
    return "intent", {"outcome": outcome} | ({"grade": "A"} if outcome == "raised" else {})


def _recall(_: SeenTask, dice: random.Random) -> tuple[str, dict[str, Any]]:
    outcome = dice.choices(("raised", "not_interested"), (30, 70))[0]
    return "recall-result", {"outcome": outcome} | ({"grade": "B"} if outcome == "raised" else {})


def _hq(_: SeenTask, dice: random.Random) -> tuple[str, dict[str, Any]]:
    decision = dice.choices(("dispatch", "nurture", "call_again", "lost", "invalid"), (50, 15, 15, 15, 5))[0]
    reason = {"lost": {"reason": "gave_up"}, "invalid": {"reason": "not_a_buyer"}}.get(decision, {})
    return "hq-decision", {"decision": decision} | reason


ANSWERS: Final[dict[TaskKind, Callable[[SeenTask, random.Random], tuple[str, dict[str, Any]]]]] = {
    TaskKind.OUTBOUND_CALL: _call,
    TaskKind.FIRST_FOLLOW_UP: _follow_up,
    TaskKind.NEXT_FOLLOW_UP: _follow_up,
    TaskKind.CONFIRM_CLOSING: _confirm,
    TaskKind.CONFIRM_UNDO: _confirm,
    TaskKind.FIRM_UP: _firm_up,
    TaskKind.INTENT_CHECK: _intent,
    TaskKind.RECALL: _recall,
    TaskKind.HQ_DECISION: _hq,
}
assert ANSWERS.keys() == {one.kind for one in TASKS}


def contract(dice: random.Random) -> dict[str, Any]:
    """A contract for whatever the customer wanted."""
    price = dice.choice((219_800, 269_800, 309_800, 349_800))
    number = f"YS{dice.randrange(10**9):09}"
    return {"number": number, "model": "森林人", "price": price, "payment": "deposit", "deposit": 10_000}
