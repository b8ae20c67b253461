"""Whatever people do, in whatever order, a lead stays whole: it waits for exactly what its state
says."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from cases.states import ENDED, Status
from tests.scenarios.story import AGENT, HQ, Story
from tests.scenarios.world import WISHES, World

FOLLOW_UPS = {"first_follow_up", "next_follow_up"}
WAITS_FOR: dict[str, set[str]] = {
    "qualifying": {"outbound_call", "hq_decision"},
    "nurture": {"intent_check"},
    "pool": set(),
    "working": FOLLOW_UPS,
    "confirming": {"confirm_closing"},
    "lost": {"recall"},
}
"""The kinds of the one task that may be open, by the lead's status."""

OUTCOMES = {
    "call-result": ("qualified", "qualified", "unreachable", "invalid"),
    "intent": ("unchanged", "raised", "not_interested"),
    "recall-result": ("raised", "not_interested"),
}


class Monkey:
    """States at random what is possible, or lets time pass, or lets the customer act."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.random = world, Random(seed)
        self.phone = f"136222{seed:05}"
        self.contracts = 0

    async def born(self) -> Story:
        facts = {"model": None} if self.random.random() < 0.3 else {}
        return await self.world.new_lead(self.random.choice(sorted(WISHES)), phone=self.phone, **facts)

    async def act(self, lead: Story) -> str:
        """One thing happens; says what, for the failure's text."""
        dice = self.random.random()
        if dice < 0.3:
            hours = self.random.choice((1, 5, 25, 60, 24 * 8, 24 * 40))
            await lead.wait(timedelta(hours=hours))
            return f"{hours} h pass"
        if dice < 0.4:
            wish = self.random.choice(sorted(WISHES))
            answer = await self.world.submit(phone=self.phone, **WISHES[wish])
            assert answer["status"] in (200, 201), answer
            return f"submitted again as {wish}"
        if dice < 0.45:
            await self.world.state("PATCH", f"/leads/{lead.id}/customer", {"trade_in": True}, by=HQ)
            return "corrected"
        if dice < 0.46:
            await self.world.state("DELETE", f"/leads/{lead.id}/customer", by=HQ)
            return "erased"
        possible = (await lead.page())["possible"]
        if not possible:
            return "nothing is possible"
        what = self.random.choice(possible)
        body, by = await self.statement(lead, what)
        answer = await lead.post(what, body, by=by)
        assert answer.status_code < 500, answer.text
        return f"{what} {body} by {by}: {answer.status_code}"

    async def statement(self, lead: Story, what: str) -> tuple[dict[str, Any], str]:
        shown = await lead.show()
        owner = shown["owner"]["code"] if shown["owner"] else f"BJ0{self.random.randint(1, 3)}-C1"
        grade = {"grade": self.random.choice("HABCN")} if self.random.random() < 0.4 else {}
        match what:
            case "call-result" | "intent" | "recall-result":
                reason = {"reason": "other"} if what == "call-result" else {}
                return {"outcome": self.random.choice(OUTCOMES[what])} | reason | grade, AGENT
            case "hq-decision":
                decision = self.random.choice(("dispatch", "nurture", "lost", "invalid", "call_again"))
                return {"decision": decision} | ({"reason": "other"} if decision in ("lost", "invalid") else {}), HQ
            case "confirm":
                return {"approve": self.random.random() < 0.5}, HQ
            case "win":
                self.contracts += 1
                return {"number": f"{self.phone}-{self.contracts}", "price": 250_000}, owner
            case "lose" | "invalidate":
                return {"reason": "other"}, owner
            case "reassign":
                staff = self.random.random() < 0.5
                dealer = f"BJ0{self.random.randint(1, 3)}"
                return {"reason": "x"} | ({"to_staff": f"{dealer}-C2"} if staff else {"to_dealer": dealer}), HQ
            case "regrade":
                return {"grade": self.random.choice("HABCN")}, AGENT
            case "reactivate":
                return {"reason": "x"}, AGENT
            case "claim":
                return {}, owner
            case _:
                return grade, owner


async def is_whole(lead: Story) -> None:
    """At rest, tasks, clocks, status and workflow say the same."""
    page, tasks = await lead.page(), await lead.tasks()
    shown, status = page["lead"], page["lead"]["status"]
    open_tasks = [task for task in tasks if task["status"] == "open"]
    assert await lead.rows("SELECT * FROM incidents WHERE case_id = :lead") == []
    assert len(open_tasks) <= 1
    assert {task["kind"] for task in open_tasks} <= WAITS_FOR.get(status, set())
    assert await lead.lives() == (status not in ENDED or (status == "lost" and page["state"]["place"] != []))
    clocks = {clock["kind"] for clock in page["clocks"]}
    assert clocks <= {*(task["kind"] for task in open_tasks), "grade_validity"}
    if status in (Status.WORKING, Status.CONFIRMING):
        assert len(open_tasks) == 1
    if status == Status.WORKING:
        (task,) = open_tasks
        assert task["owner"] == shown["owner"]["code"]
        assert clocks == {task["kind"], "grade_validity"}
        assert task["due_at"] == next(c["due_at"] for c in await lead.clocks(task["kind"]) if c["stopped_at"] is None)
    else:
        assert "grade_validity" not in clocks or status == Status.CONFIRMING
    if status == Status.ARCHIVED:  # by no deadline alone
        assert {"called", "intent_checked", "recalled", "hq_decided"} & set(await lead.happened())
    if status in ENDED - {Status.LOST}:
        assert (open_tasks, clocks, shown["lamp"], shown["next_due_at"]) == ([], set(), "green", None)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_lead_stays_whole(world: World, seed: int) -> None:
    monkey = Monkey(world, seed)
    lead = await monkey.born()
    told: list[str] = []
    for number in range(20):
        told.append(await monkey.act(lead))
        if number < 19 and monkey.random.random() < 0.3:
            continue  # the next thing happens before the process has heard of this one
        await lead.rest()
        try:
            await is_whole(lead)
        except AssertionError as broken:
            raise AssertionError("\n".join([*told, *await lead.happened(), str(broken)])) from broken
