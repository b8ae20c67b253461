"""The law of the grade's validity, held against random lives at a dealer (A9).

A grade is valid until ``P + validity of the present grade``. ``P`` is the last progress: a stage
later, or a grade better, than all since the progress before. Whatever else people state, the end is
where the law has it; so it is never later than ``P`` and the validity of the worst grade since.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from cases.grades import rank
from store.models import SlaClock
from tests.activities.scene import Scene
from tests.api.conftest import NOW, Desk

VALID = {"H": 7, "A": 15, "B": 30, "C": 90, "N": 365}
STAGES = ("first", "next", "invite", "visit", "test-drive")
OWNER = "BJ01-C1"


@dataclass
class Law:
    """What the law makes of a life: worked out without the code that keeps it."""

    progress: datetime = NOW
    stage: int = 0
    furthest: int = 0
    grades: list[str] = field(default_factory=lambda: ["H"])

    def follow_up(self, what: str, grade: str | None, at: datetime) -> None:
        stage = max(self.stage, STAGES.index(what) if what in STAGES else 1)
        given = grade or self.grades[-1]
        if stage > self.furthest or rank(given) > max(map(rank, self.grades)):
            self.progress, self.grades, self.furthest = at, [], stage
        self.stage, self.furthest = stage, max(self.furthest, stage)
        self.grades.append(given)

    @property
    def due(self) -> datetime:
        return self.progress + timedelta(days=VALID[self.grades[-1]])

    @property
    def latest(self) -> datetime:
        return self.progress + timedelta(days=max(VALID[grade] for grade in self.grades))


@dataclass
class Life:
    desk: Desk
    scene: Scene
    lead: UUID
    dice: random.Random

    async def follows_up(self, law: Law) -> None:
        what = self.dice.choice(("follow-ups", "follow-ups", "follow-ups", "invite", "visit"))
        grade = self.dice.choice((None, "H", "A", "B", "C", "N"))
        body = {"content": f"第 {self.dice.random()} 次"} | ({"grade": grade} if grade else {})
        answer = await self.desk.say(self.lead, what, OWNER, body)
        assert answer.status_code == 200, answer.text
        law.follow_up(what, grade, self.desk.clock.now())

    async def tries(self, law: Law) -> None:
        await self.desk.say(self.lead, "follow-ups", OWNER, {"reached": False})

    async def changes_facts(self, law: Law) -> None:
        body = {"budget": self.dice.choice(("20万", "30万"))}
        path = f"/api/v1/leads/{self.lead}/customer"
        await self.desk.http.patch(path, json=body, headers={"Baton-Actor": OWNER})

    async def cools_and_takes_it_back(self, law: Law) -> None:
        """Nurtured for a moment and given back to the same consultant, who states the grade that it
        had."""
        grade, at = law.grades[-1], self.desk.clock.now()
        answer = await self.desk.say(self.lead, "cool", OWNER, {"content": f"放一放 {self.dice.random()}"})
        assert answer.status_code == 200, answer.text
        await self.scene.run("plan_nurture", self.lead, at, side="dealer")
        self.desk.clock.move(timedelta(minutes=1))
        at = self.desk.clock.now()
        answer = await self.desk.say(self.lead, "regrade", OWNER, {"grade": grade, "reason": "客户又来电"})
        assert answer.status_code == 200, answer.text
        for activity in ("grade", "dispatch", "assign"):
            await self.scene.run(activity, self.lead, at)
        law.stage = 0

    async def clock(self) -> SlaClock:
        rows = await self.scene.rows(SlaClock, self.lead, "started_at")
        (running,) = [one for one in rows if one.kind == "grade_validity" and one.stopped_at is None]
        return running


@pytest.mark.parametrize("seed", range(8))
async def test_nothing_but_progress_makes_a_grade_valid_for_longer(desk: Desk, seed: int) -> None:
    dice = random.Random(seed)
    scene = Scene(desk.database)
    await scene.only_dealer("BJ01", consultants=1)
    lead = await scene.working(NOW, horizon_days=5)
    await scene.chased(lead, NOW)
    life, law = Life(desk, scene, lead, dice), Law()
    acts = (life.follows_up, life.follows_up, life.follows_up, life.tries, life.changes_facts)
    for _ in range(12):
        desk.clock.move(timedelta(hours=dice.randrange(1, 60)))
        await dice.choice((*acts, life.cools_and_takes_it_back))(law)
        if not (await desk.get(f"/leads/{lead}"))["tasks"]:
            await scene.chased(lead, desk.clock.now())

        clock = await life.clock()

        assert clock.due_at <= law.latest
        assert (clock.grade, clock.started_at, clock.due_at) == (law.grades[-1], law.progress, law.due)


async def test_a_lead_that_goes_round_has_no_new_clock_from_who_had_it(desk: Desk) -> None:
    scene = Scene(desk.database)
    await scene.only_dealer("BJ01", consultants=2)
    lead = await scene.working(NOW, horizon_days=5)
    await scene.chased(lead, NOW)
    owner = (await desk.get(f"/leads/{lead}"))["lead"]["owner"]["code"]
    other = "BJ01-C2" if owner == "BJ01-C1" else "BJ01-C1"

    starts = list[int]()
    for days, to in ((8, other), (8, owner), (8, other), (8, owner)):
        desk.clock.move(timedelta(days=days))
        answer = await desk.say(lead, "reassign", "BJ01-M1", {"to_staff": to, "reason": "轮换"})
        assert answer.status_code == 200, answer.text
        await scene.run("take_over", lead, desk.clock.now())
        await scene.chased(lead, desk.clock.now())
        clock = await Life(desk, scene, lead, random.Random()).clock()
        starts.append((clock.started_at - NOW).days)

    assert starts == [8, 8, 8, 8]  # the colleague had the whole time once; then nobody does before there is progress
