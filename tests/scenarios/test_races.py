"""Many at once: one winner of a pool lead (5), one process for one customer however often they are
sent (6)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import text
from temporalio.client import WorkflowExecution

from cases.actors import EVERYTHING, SYSTEM
from server.relay import Relay
from tests.scenarios.story import DAY, HQ, MINUTE, Story
from tests.scenarios.world import WISHES, World

COMPLETE: dict[str, Any] = WISHES["A"] | {
    "name": "谢璐",
    "channel": "maker.vertical.dongchedi",
    "model": "森林人",
    "budget": "25-30万",
    "city": "北京",
}
"""A submission that needs no call."""

OTHER_CHANNEL = ["厂商", "垂直媒体", "汽车之家"]
SPELLINGS = (
    "{0}",
    "+86{0}",
    "0086{0}",
    "86-{0}",
    "+86 (0){0}",
    "{1} {2} {3}",
    "{1}-{2}-{3}",
    "{1}{2} {3}",
    "（{1}）{2}{3}",
    "{0}（微信同号）",
    "电话：{0}",
    "{4}",
)
"""How people type one number; {0} whole, {1} {2} {3} in parts, {4} in full-width digits."""


@pytest.fixture
def anew(world: World) -> Number:
    return Number(world)


class Number:
    """A phone number that nobody has used yet, and what Baton made of all that came in under it."""

    _next = iter(range(15_810_020_000, 15_899_999_999, 13))
    _forms = iter(range(1, 1_000_000))

    def __init__(self, world: World) -> None:
        self.world = world
        self.digits = str(next(self._next))

    def spelt(self, spelling: str) -> str:
        one = self.digits
        wide = one.translate({ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789"})
        return spelling.format(one, one[:3], one[3:7], one[7:], wide)

    async def send(self, spelling: str = "{0}", **facts: Any) -> dict[str, Any]:
        return await self.world.submit(phone=self.spelt(spelling), **WISHES["A"] | self.unlike() | facts)

    def unlike(self) -> dict[str, str]:
        """Words that no other submission has: else it would be the same one again, and no news."""
        return {"note": f"第 {next(self._forms)} 张表单"}

    async def count(self, query: str) -> int:
        async with self.world.db.transaction(SYSTEM, EVERYTHING) as tx:
            return int(await tx.session.scalar(text(f"SELECT count(*) FROM {query}")) or 0)

    async def codes(self, query: str) -> Counter[str]:
        async with self.world.db.transaction(SYSTEM, EVERYTHING) as tx:
            return Counter(await tx.session.scalars(text(query)))


@asynccontextmanager
async def pool_lead(world: World) -> AsyncIterator[Story]:
    """A lead that came in while no dealer nearby sold its model; now all do, so that anybody may
    claim it."""
    await _sell(world, ["none"])
    lead = await world.new_lead("A")
    await _sell(world, [])
    assert await lead.status() == "pool"
    yield lead


async def _sell(world: World, models: list[str]) -> None:
    """What every dealer sells; an empty list is every model."""
    async with world.db.transaction(SYSTEM, EVERYTHING) as tx:
        await tx.session.execute(text("UPDATE dealers SET models = :models"), {"models": models})


async def consultants(world: World, count: int) -> list[str]:
    async with world.db.transaction(SYSTEM, EVERYTHING) as tx:
        query = "SELECT code FROM staff WHERE role = 'consultant' AND active ORDER BY code LIMIT :count"
        return list(await tx.session.scalars(text(query), {"count": count}))


async def runs(world: World, lead: Story) -> list[WorkflowExecution]:
    """Every run of this lead's workflow that Temporal has ever seen."""
    seen: list[WorkflowExecution] = []
    while not seen:  # the list may be a moment behind
        seen = [one async for one in world.temporal.list_workflows(f'WorkflowId = "{lead.handle.id}"')]
    return seen


# -- 5: the public pool --------------------------------------------------------------------------


async def test_fifty_claims_at_once_have_one_winner(world: World) -> None:
    # given a lead in the public pool and fifty consultants all over the country
    async with pool_lead(world) as lead:
        claimers = await consultants(world, 50)
        assert len(claimers) == 50
        # when all claim it at once
        answers = await asyncio.gather(*(lead.post("claim", by=code) for code in claimers))
        await lead.rest()

    # then one has it, and the others are told that somebody was faster
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 49}
    (winner,) = [code for code, answer in zip(claimers, answers, strict=True) if answer.status_code == 200]
    for answer in answers:
        if answer.status_code == 409:
            _says_that_somebody_was_faster(answer)
    # and everything else knows the one owner only
    assert await lead.owner() == winner
    assert (await lead.show())["badges"] == ["claimed"]
    assert Counter(await lead.happened())["claimed"] == 1
    assert (await lead.task())["owner"] == winner
    taken = await lead.rows(
        "SELECT s.code FROM assignments a JOIN staff s ON s.id = a.staff_id WHERE a.lead_id = :lead AND kind = 'claim'"
    )
    assert taken == [{"code": winner}]
    assert await lead.rows("SELECT seq FROM outbox WHERE case_id = :lead AND kind = 'claimed'") == [{"seq": 2}]


def _says_that_somebody_was_faster(answer: httpx.Response) -> None:
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (body["code"], body["status"]) == ("already_claimed", 409)
    assert body["detail"] and body["cure"] and body["problems"] == []


async def test_one_consultant_who_clicks_fifty_times_has_it_once(world: World) -> None:
    async with pool_lead(world) as lead:
        (impatient,) = await consultants(world, 1)
        answers = await asyncio.gather(*(lead.post("claim", by=impatient) for _ in range(50)))
        await lead.rest()

    assert Counter((answer.status_code, answer.json().get("code")) for answer in answers) == {
        (200, None): 1,
        (409, "already_claimed"): 49,
    }
    assert len(await lead.tasks()) == 1


async def test_claims_and_a_supervisor_at_once_leave_one_owner(world: World) -> None:
    # given a pool lead that twenty consultants want and HQ gives to somebody else in the same
    # moment
    async with pool_lead(world) as lead:
        *claimers, chosen = await consultants(world, 21)
        given = asyncio.ensure_future(lead.post("reassign", {"to_staff": chosen, "reason": "老客户"}, by=HQ))
        claims = await asyncio.gather(*(lead.post("claim", by=code) for code in claimers))
        await lead.rest()

    # then the supervisor's word stands, whoever was first, and nobody has a claim beside it
    assert (await given).status_code == 200
    assert sum(answer.status_code == 200 for answer in claims) <= 1
    assert await lead.owner() == chosen
    assert [task["owner"] for task in await lead.tasks() if task["status"] == "open"] == [chosen]


async def test_claims_in_the_moment_in_which_the_pool_closes(world: World) -> None:
    # given a pool lead whose two days run out while ten claim it
    async with pool_lead(world) as lead:
        claimers = await consultants(world, 10)
        await lead.until(2 * DAY - MINUTE)
        claims = asyncio.gather(*(lead.post("claim", by=code) for code in claimers))
        _, answers = await asyncio.gather(lead.until(2 * DAY), claims)
        await lead.rest()

    # then either one consultant works on it or head office is asked; never both, never two
    won = [code for code, answer in zip(claimers, answers, strict=True) if answer.status_code == 200]
    shown = await lead.show()
    if won:
        assert (shown["status"], [shown["owner"]["code"]]) == ("working", won)
        assert (await lead.task())["owner"] == won[0]
    else:
        assert (shown["status"], shown["owner"]) == ("qualifying", None)
        assert (await lead.task())["why"] == "nobody_claimed"
        assert {answer.json()["code"] for answer in answers} <= {"not_in_pool", "already_claimed"}


# -- 6: the same lead again ----------------------------------------------------------------------


async def test_sent_again_by_the_same_and_by_another_channel(world: World, anew: Number) -> None:
    # given a lead at work
    first = await anew.send()
    lead = Story(world, first["lead_id"], world.clock.now())
    await lead.rest()
    before = await lead.task()

    # when it comes in again, from the same channel and from another one, spelt otherwise
    again = [await anew.send(), await anew.send("{1} {2} {3}", channel=OTHER_CHANNEL)]
    await lead.rest()

    # then both are attached and the owner is told, once for each; nothing is started, asked or
    # given twice
    assert [(one["status"], one["verdict"], one["lead_id"]) for one in again] == [(200, "duplicate", lead.id)] * 2
    assert (await lead.show())["badges"] == ["duplicate"]
    assert Counter(await lead.happened())["interest_repeated"] == 2
    assert [whom for _, whom, _ in await lead.told("interest_again")] == [await lead.owner()] * 2
    assert [task["id"] for task in await lead.tasks()] == [before["id"]]
    await _one_process(world, anew, lead, submissions=3)


async def test_sent_in_every_spelling_at_once(world: World, anew: Number) -> None:
    # given a customer whom nobody knows, when every channel sends them in the same moment
    channels = (["厂商", "垂直媒体", "懂车帝"], OTHER_CHANNEL)
    answers = await asyncio.gather(
        *(anew.send(spelling, channel=channel) for spelling in SPELLINGS for channel in channels)
    )
    # then one submission made the lead, all the others found it
    assert Counter(one["verdict"] for one in answers) == {"created": 1, "duplicate": 2 * len(SPELLINGS) - 1}
    (lead_id,) = {one["lead_id"] for one in answers}
    lead = Story(world, lead_id, world.clock.now())
    await lead.rest()
    assert (await lead.show())["badges"] == ["duplicate"]
    assert len(await lead.tasks()) == 1
    await _one_process(world, anew, lead, submissions=len(answers))


async def test_sent_by_phone_and_by_wechat_at_once(world: World, anew: Number) -> None:
    # given submissions that overlap in pairs only: phone, phone and WeChat, WeChat
    wechat = f"wx_{anew.digits}"
    first = await anew.send(wechat=wechat)
    answers = await asyncio.gather(
        anew.send(),
        world.submit(phone=None, wechat=wechat.upper()),
        world.submit(phone=None, wechat=f" {wechat} ", channel=OTHER_CHANNEL),
        anew.send(wechat="wx_another_one"),
    )
    assert {(one["verdict"], one["lead_id"]) for one in answers} == {("duplicate", first["lead_id"])}
    lead = Story(world, first["lead_id"], world.clock.now())
    await lead.rest()
    await _one_process(world, anew, lead, submissions=5)


async def test_sent_twice_in_one_file_and_by_a_form_beside_it(world: World, anew: Number) -> None:
    files = [
        world.state(
            "POST",
            "/leads:batch",
            {"leads": [COMPLETE | {"phone": anew.spelt(spelling)} | anew.unlike() for spelling in SPELLINGS]},
        )
        for _ in range(3)
    ]
    filed, formed = await asyncio.gather(asyncio.gather(*files), anew.send())
    verdicts = Counter(row["verdict"] for answer in filed for row in answer.json()["rows"])
    assert verdicts + Counter([formed["verdict"]]) == {"created": 1, "duplicate": 3 * len(SPELLINGS)}
    lead = Story(world, formed["lead_id"], world.clock.now())
    await lead.rest()
    await _one_process(world, anew, lead, submissions=3 * len(SPELLINGS) + 1)


async def test_an_impatient_sender_with_a_key_sends_once(world: World, anew: Number) -> None:
    body, key = COMPLETE | {"phone": anew.digits}, {"Idempotency-Key": f"form-{anew.digits}"}
    answers = await asyncio.gather(*(world.http.post("/api/v1/leads", json=body, headers=key) for _ in range(10)))
    # one submission, and the same answer for everybody: not even a duplicate
    assert {(answer.status_code, answer.json()["verdict"]) for answer in answers} == {(201, "created")}
    assert len({answer.json()["lead_id"] for answer in answers}) == 1
    lead = Story(world, answers[0].json()["lead_id"], world.clock.now())
    await lead.rest()
    assert (await lead.show())["badges"] == []
    await _one_process(world, anew, lead, submissions=1)


async def test_two_relays_and_a_second_delivery_start_nothing_again(world: World, anew: Number) -> None:
    # given what was stated about a lead before anybody carried it
    answers = [await anew.send(spelling) for spelling in SPELLINGS[:4]]
    lead = Story(world, answers[0]["lead_id"], world.clock.now())
    # when several relays carry it at once
    relays = [
        Relay(world.db, world.temporal, clock=world.clock, task_queue=world.queue, registry=CollectorRegistry())
        for _ in range(4)
    ]
    await asyncio.gather(*(relay.drain() for relay in relays))
    await lead.rest()
    at_rest = await lead.happened()
    # and everything is delivered once more, as after a relay's death between delivering and marking
    async with world.db.transaction(SYSTEM, EVERYTHING) as tx:
        await tx.session.execute(text("UPDATE outbox SET delivered_at = NULL"))
    await asyncio.gather(*(relay.drain() for relay in relays))
    await lead.rest()
    # then nothing has happened twice
    assert await lead.happened() == at_rest
    assert await anew.codes("SELECT coalesce(last_error, 'plain') FROM outbox WHERE seq = 1") == {"already_started": 1}
    await _one_process(world, anew, lead, submissions=4)


async def _one_process(world: World, number: Number, lead: Story, *, submissions: int) -> None:
    """Whatever came in: one customer, one lead, one start, one run, one dispatch, one
    assignment."""
    assert len(await runs(world, lead)) == 1
    assert await number.count("customers") == 1
    assert await number.count("leads") == 1
    assert await number.count("submissions") == submissions
    assert await number.codes("SELECT kind FROM assignments") == {"dispatch": 1, "assign": 1}
    told = {"lead_created": 1, "interest_repeated": submissions - 1}
    assert await number.codes("SELECT kind FROM outbox") == {kind: count for kind, count in told.items() if count}
    steps = await number.codes("SELECT element FROM executed_steps")
    assert {
        element: steps[element] for element in ("clean", "grade", "dispatch", "assign", "plan_task")
    } == dict.fromkeys(("clean", "grade", "dispatch", "assign", "plan_task"), 1)
