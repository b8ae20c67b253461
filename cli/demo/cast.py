"""The cast: one scripted story for each path that chance would not bring within two minutes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from cli.demo.customers import Customers, Submission
from cli.demo.people import contract
from cli.demo.town import GLANCE, Case, Town
from store.network.demo_stage import AWAY_DEALER, LONELY_CITY


@dataclass
class Scene:
    """What a story has at hand, and the leads that it has ``sent``."""

    town: Town
    customers: Customers
    dice: Any
    sent: list[str] = field(default_factory=list[str])

    async def send(self, submission: Submission) -> Case:
        """A channel sends a lead; the story goes on with it."""
        while True:
            answer = await self.town.api.say("POST", "/leads", submission)
            if "lead_id" in answer:
                self.sent.append(str(answer["lead_id"]))
                return Case(self.town, self.sent[-1], submission)
            await asyncio.sleep(GLANCE * 5)

    async def again(self, case: Case, channel: str = "maker.vertical.yiche") -> None:
        """The same customer leaves their number once more, elsewhere."""
        await self.town.api.say("POST", "/leads", case.submission | {"channel": channel})

    async def lost(self, reason: str) -> Case:
        """A lead that a consultant lost and the manager let go."""
        case = await self.send(self.customers.clear())
        await case.answer("follow_up", "lose", reason=reason)
        await case.answer("confirm_closing", "confirm", approve=True)
        return case

    async def archived(self) -> Case:
        """A lead whose customer gave up during nurture."""
        case = await self.send(self.customers.patient())
        await case.answer("intent_check", "intent", outcome="not_interested")
        await case.is_now("archived")
        return case


Story = Callable[[Scene], Awaitable[None]]


async def bought_after_a_test_drive(scene: Scene) -> None:
    case = await scene.send(scene.customers.clear(purchase_time="一周内", test_drive=True))
    for statement in ("follow-ups", "invite", "visit", "test-drive"):
        await case.answer("follow_up", statement, content=statement)
    await case.answer("follow_up", "win", **contract(scene.dice))


async def cancelled_an_order_and_bought_after_all(scene: Scene) -> None:
    case = await scene.send(scene.customers.clear(purchase_time="一周内"))
    await case.answer("follow_up", "win", **contract(scene.dice))
    await case.is_now("won")
    await case.say("wrong-win", case.owner or "HQ-01", reason="wrong_contract", content="合同号录错")
    await case.answer("confirm_undo", "confirm", approve=False, comment="合同号可更正，不必撤销")
    await case.is_now("won")
    await case.say("cancel-order", case.owner or "HQ-01", reason="finance_refused", content="贷款未批，退订")
    await case.answer("confirm_undo", "confirm", approve=True)
    await case.answer("follow_up", "win", **contract(scene.dice))


async def _agrees_to_buy_later(scene: Scene) -> Case:
    """A lead that is won, to be bought in four days."""
    case = await scene.send(scene.customers.clear(purchase_time="两周内"))
    task = await case.task("follow_up")
    await case.answer("follow_up", "win", **contract(scene.dice), purchase_on=_in_days(task, 4))
    return case


def _in_days(task: Mapping[str, Any], days: int) -> str:
    return (datetime.fromisoformat(str(task["opened_at"])) + timedelta(days=days)).isoformat()


async def bought_later_than_agreed(scene: Scene) -> None:
    case = await _agrees_to_buy_later(scene)
    task = await case.task("firm_up")
    await case.answer("firm_up", "firm-up", outcome="moved", purchase_on=_in_days(task, 3), content="等牌照")
    await case.answer("firm_up", "firm-up", outcome="confirmed", content="周末来提车")


async def held_to_an_agreed_purchase(scene: Scene) -> None:
    case = await _agrees_to_buy_later(scene)
    withdrew = {"reason": "customer_withdrew", "content": "客户改变主意"}
    await case.answer("firm_up", "firm-up", outcome="fallen_through", **withdrew)
    await case.answer("confirm_undo", "confirm", approve=False, comment="再谈一次")
    await case.answer("firm_up", "firm-up", outcome="confirmed")


async def cancelled_before_an_agreed_purchase(scene: Scene) -> None:
    case = await _agrees_to_buy_later(scene)
    await case.saw("purchase_awaited")
    await case.say("cancel-order", case.owner or "HQ-01", reason="finance_refused", content="贷款未批，退订")
    await case.answer("confirm_undo", "confirm", approve=True)


async def called_late_then_cooled_then_bought(scene: Scene) -> None:
    case = await scene.send(scene.customers.vague())
    await case.saw("manager_told")
    facts = {"model": "傲虎", "budget": "28万", "purchase_time": "两周内", "grade": "A"}
    await case.answer("outbound_call", "call-result", outcome="qualified", **facts)
    await case.answer("follow_up", "cool", content="年底再说", grade="C")
    await case.answer("intent_check", "intent", outcome="unchanged")
    await case.answer("intent_check", "intent", outcome="raised", grade="A")
    await case.answer("follow_up", "win", **contract(scene.dice))


async def the_call_finds_a_duplicate(scene: Scene) -> None:
    first = await scene.send(scene.customers.clear())
    second = await scene.send(scene.customers.vague())
    await second.answer("outbound_call", "call-result", outcome="duplicate", duplicate_of=first.id)


async def the_call_finds_nobody_who_buys(scene: Scene) -> None:
    case = await scene.send(scene.customers.vague())
    await case.answer("outbound_call", "call-result", outcome="invalid", reason="not_a_buyer")


async def nobody_answers_three_times(scene: Scene) -> None:
    case = await scene.send(scene.customers.vague())
    for _ in range(3):
        await case.answer("outbound_call", "call-result", outcome="unreachable")
    await case.is_now("nurture")
    await case.say("regrade", "HQ-01", grade="B", reason="来电咨询")


async def raised_in_nurture_refused_once_then_lost_recalled_and_invalid(scene: Scene) -> None:
    case = await scene.send(scene.customers.patient())
    await case.is_now("nurture")
    await case.say("regrade", "HQ-01", grade="A", reason="要报价")
    await case.answer("follow_up", "lose", reason="price")
    await case.answer("confirm_closing", "confirm", approve=False, comment="再争取一次")
    await case.answer("follow_up", "lose", reason="price")
    await case.answer("confirm_closing", "confirm", approve=True)
    await case.answer("recall", "recall-result", outcome="raised", grade="B")
    await case.answer("follow_up", "invalidate", reason="already_bought")
    await case.answer("confirm_closing", "confirm", approve=True)


async def archived_and_back_then_erased(scene: Scene) -> None:
    case = await scene.archived()
    await scene.again(case)
    await case.task("outbound_call")
    await scene.town.api.say("DELETE", f"/leads/{case.id}/customer", actor="HQ-01")


async def nurtured_to_the_end(scene: Scene) -> None:
    case = await scene.send(scene.customers.patient())
    for _ in range(2):
        await case.answer("intent_check", "intent", outcome="unchanged")


async def nobody_asks_for_the_intent(scene: Scene) -> None:
    case = await scene.send(scene.customers.patient())
    await case.answer("hq_decision", "hq-decision", decision="lost", reason="gave_up")


async def nurtured_by_head_office_and_looked_at_again(scene: Scene) -> None:
    case = await scene.send(scene.customers.clear(city=LONELY_CITY, purchase_time="两周内"))
    await case.answer("hq_decision", "hq-decision", decision="nurture")
    await case.answer("intent_check", "intent", outcome="unchanged")
    await case.answer("intent_check", "intent", outcome="unchanged")
    await case.task("hq_decision")
    await case.say("reassign", "HQ-01", to_staff="GZ01-C1", reason="客户指定顾问")
    await case.answer("follow_up", "win", **contract(scene.dice))


async def nobody_calls(scene: Scene) -> None:
    case = await scene.send(scene.customers.vague())
    await case.answer("hq_decision", "hq-decision", decision="call_again")
    await case.answer("outbound_call", "call-result", outcome="qualified", model="傲虎", purchase_time="一周内")


async def nobody_confirms(scene: Scene) -> None:
    case = await scene.send(scene.customers.clear())
    await case.answer("follow_up", "lose", reason="price")
    await case.answer("hq_decision", "hq-decision", decision="lost", reason="price")


async def forgotten_by_two_dealers(scene: Scene) -> None:
    case = await scene.send(scene.customers.clear(city="北京", purchase_time="两周内"))
    await case.answer("hq_decision", "hq-decision", decision="dispatch", comment="两家店都没有联系")
    await case.answer("follow_up", "win", **contract(scene.dice))


async def asks_again_during_nurture(scene: Scene) -> None:
    case = await scene.send(scene.customers.patient())
    await case.is_now("nurture")
    await scene.again(case)


async def picked_by_a_supervisor_during_nurture(scene: Scene) -> None:
    case = await scene.send(scene.customers.patient())
    await case.is_now("nurture")
    await case.say("reassign", "HQ-01", to_staff="BJ01-C1", reason="老客户，指定顾问")
    await case.answer("follow_up", "win", **contract(scene.dice))


async def lost_for_good(scene: Scene) -> None:
    await scene.lost("bought_rival")


async def recalled_without_interest(scene: Scene) -> None:
    case = await scene.lost("price")
    await case.answer("recall", "recall-result", outcome="not_interested")


async def back_before_the_recall(scene: Scene) -> None:
    case = await scene.lost("price")
    await case.saw("recall_planned")
    await scene.again(case)
    await case.answer("outbound_call", "call-result", outcome="qualified", purchase_time="一周内")


async def claimed_from_the_pool(scene: Scene) -> None:
    case = await scene.send(scene.customers.clear(city=LONELY_CITY))
    await case.is_now("pool")
    claimers = ("GZ01-C1", "SZ01-C1", "GZ02-C2", "SZ02-C1")
    await asyncio.gather(*(case.say("claim", claimer) for claimer in claimers))
    await case.answer("follow_up", "follow-ups", content="抢到后联系")
    await case.answer("follow_up", "win", **contract(scene.dice))


async def picked_from_the_pool(scene: Scene) -> None:
    case = await scene.send(scene.customers.clear(city=LONELY_CITY))
    await case.is_now("pool")
    await case.say("reassign", "HQ-01", to_dealer="GZ01", reason="就近安排")
    await case.answer("follow_up", "follow-ups", content="已联系")


async def left_in_the_pool(scene: Scene) -> None:
    case = await scene.send(scene.customers.clear(city=LONELY_CITY))
    await case.answer("hq_decision", "hq-decision", decision="nurture")


async def given_to_a_dealer_where_everybody_is_away(scene: Scene) -> None:
    case = await scene.send(scene.customers.vague(city="乌鲁木齐"))
    await case.task("outbound_call")
    await case.say("reassign", "HQ-01", to_dealer=AWAY_DEALER, reason="客户指定门店")
    await case.answer("outbound_call", "call-result", outcome="qualified", model="傲虎", purchase_time="一周内")
    await case.is_now("pool")
    await case.say("reassign", "HQ-01", to_staff="WLMQ01-C1", reason="该店无人")
    await case.answer("follow_up", "follow-ups", content="已联系")


async def forgotten_by_everybody(scene: Scene) -> None:
    case = await scene.send(scene.customers.clear(city="北京", purchase_time="一周内"))
    await case.saw("back_to_hq")
    await case.answer("follow_up", "follow-ups", content="抱歉久等")
    await case.task("follow_up")
    to = "BJ01-C1" if case.owner != "BJ01-C1" else "BJ01-C2"
    await case.say("reassign", "HQ-01", to_staff=to, reason="客户投诉，换人")
    await case.answer("follow_up", "win", **contract(scene.dice))


async def changes_facts_and_asks_again(scene: Scene) -> None:
    case = await scene.send(scene.customers.clear())
    task = await case.task("follow_up")
    facts = {"city": "上海", "budget": "30万左右"}
    await scene.town.api.say("PATCH", f"/leads/{case.id}/customer", facts, actor=task["owner"]["code"])
    await scene.again(case)
    await case.saw("@on_interest_done")
    await case.answer("follow_up", "follow-ups", content="确认了新需求")


async def answered_after_the_reminder(scene: Scene) -> None:
    case = await scene.send(scene.customers.clear())
    await case.saw("manager_told")
    await case.answer("follow_up", "follow-ups", content="已联系")
    await case.answer("follow_up", "cool", content="过年后再看")


async def two_people_regrade_at_once(scene: Scene) -> None:
    case = await scene.send(scene.customers.patient())
    await case.is_now("nurture")
    await asyncio.gather(case.say("regrade", "HQ-01", grade="A"), case.say("regrade", "HQ-02", grade="A"))


async def recalled_and_back_at_once(scene: Scene) -> None:
    case = await scene.lost("gave_up")
    task = await case.task("recall")
    await case.say("recall-result", "CC-02", task_id=task["id"], outcome="raised", grade="A")
    await case.say("reactivate", "HQ-01", reason="客户同时来电")


CAST: Final[tuple[Story, ...]] = (
    forgotten_by_two_dealers,
    nurtured_by_head_office_and_looked_at_again,
    nobody_confirms,
    forgotten_by_everybody,
    nurtured_to_the_end,
    nobody_asks_for_the_intent,
    nobody_calls,
    nobody_answers_three_times,
    called_late_then_cooled_then_bought,
    archived_and_back_then_erased,
    raised_in_nurture_refused_once_then_lost_recalled_and_invalid,
    bought_later_than_agreed,
    held_to_an_agreed_purchase,
    cancelled_before_an_agreed_purchase,
    bought_after_a_test_drive,
    cancelled_an_order_and_bought_after_all,
    left_in_the_pool,
    claimed_from_the_pool,
    picked_from_the_pool,
    given_to_a_dealer_where_everybody_is_away,
    recalled_without_interest,
    back_before_the_recall,
    lost_for_good,
    the_call_finds_a_duplicate,
    the_call_finds_nobody_who_buys,
    asks_again_during_nurture,
    picked_by_a_supervisor_during_nurture,
    changes_facts_and_asks_again,
    answered_after_the_reminder,
    two_people_regrade_at_once,
    two_people_regrade_at_once,
    recalled_and_back_at_once,
    recalled_and_back_at_once,
)
"""In the order of their entrance, those that take longest first. A rare moment is tried twice."""
