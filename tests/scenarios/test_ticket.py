"""A ticket's whole life: opened through the API, worked on by the people whom the tables name,
asked about, closed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from activities.registry import perform
from cases.contracts import Step
from domain.tables import Tables
from domain.work import InputRefused, NotOffered
from tests.scenarios.story import DAY, HOUR, HQ
from tests.scenarios.tickets import Ticket, opened
from tests.scenarios.world import World


async def test_a_complaint_is_answered_put_right_and_asked_about(world: World) -> None:
    # given a lead with a consultant, whose customer complains
    lead = await world.new_lead()
    dealer = await lead.dealer()
    ticket = await opened(world, kind="complaint", about=lead.id, title="空调异响")
    shown = await ticket.show()
    assert (shown["kind"], shown["severity"], shown["status"]) == ("complaint", "amber", "working")
    assert shown["dealer"]["code"] == dealer and shown["number"].startswith("T-")

    # when the steps of the table are done by their people
    assert (await ticket.step())[:2] == ("ticket_answer", "after_sales")
    inbox = await world.state("GET", f"/tasks?case_kind=ticket&dealer={dealer}")
    assert [task["case_id"] for task in inbox.json()["items"]] == [ticket.id]
    await ticket.complete("answered", HQ)
    assert await ticket.step() == ("ticket_act", "dealer_manager", 48 * HOUR)
    await ticket.complete("done", await lead.manager(), words={"content": "换了压缩机"})
    assert await ticket.status() == "confirming"

    # then the customer is asked three days later, by the call centre
    await ticket.wait(3 * DAY + HOUR)
    assert (await ticket.step())[:2] == ("ticket_confirm", "call_centre")
    await ticket.complete("satisfied", "CC-01", fields={"score": 9})
    shown = await ticket.show()
    assert (shown["status"], shown["outcome"]) == ("closed", "solved")
    assert (await ticket.happened())[:2] == ["case_opened", "ticket_classified"]
    assert (await ticket.happened())[-1] == "ticket_closed"
    assert {one["text"] for one in (await ticket.page())["words"]} == {"空调异响", "换了压缩机"}


async def test_whoever_is_late_is_reminded_and_the_manager_told_and_the_ladder_goes_on(world: World) -> None:
    lead = await world.new_lead()
    ticket = await opened(world, kind="risk", about=lead.id)
    assert await ticket.step() == ("ticket_verify", "consultant", 4 * HOUR)

    await ticket.until(4 * HOUR + 20 * HOUR)

    assert [code for code, _ in await ticket.climbed()][:2] == ["reminded", "manager_told"]
    told = {(code, whom) for code, whom, _ in await ticket.told("reminder", "overdue")}
    assert {("reminder", await lead.owner()), ("overdue", await lead.manager())} <= told
    (task,) = await ticket.tasks()
    assert (task["status"], task["owner"]) == ("open", await lead.owner())


async def test_a_red_ticket_that_nobody_works_on_climbs_to_head_office(world: World) -> None:
    lead = await world.new_lead()
    ticket = await opened(world, kind="risk", about=lead.id, severity="red")
    assert await ticket.step() == ("ticket_verify", "consultant", 4 * HOUR)

    await ticket.until(4 * HOUR + 20 * HOUR)

    assert [code for code, _ in await ticket.climbed()][:2] == ["reminded", "manager_told"]
    assert (await ticket.step())[:2] == ("ticket_verify", "hq")
    assert "task_at_head_office" in {code for code, _, _ in await ticket.told()}
    await ticket.complete("real", HQ)
    assert (await ticket.step())[:2] == ("ticket_agree", "hq")


async def test_of_a_red_ticket_somebody_reports_every_three_days_until_it_is_over(world: World) -> None:
    lead = await world.new_lead()
    ticket = await opened(world, kind="complaint", about=lead.id, severity="red")
    await ticket.complete("answered", HQ)
    (act,) = await ticket.tasks_open()
    held = {"until": (ticket.born + 10 * DAY).isoformat(), "reason": "parts"}
    assert (await world.state("POST", f"/tasks/{act['id']}/hold", held, by=HQ)).status_code == 200
    await ticket.rest()

    await ticket.until(3 * DAY + HOUR)

    (report,) = [task for task in await ticket.tasks_open() if task["kind"] == "ticket_report"]
    assert report["opened_at"] == 3 * DAY
    said = {"outcome": "reported", "words": {"content": "等配件，客户已知情"}}
    answer = await world.state("POST", f"/tasks/{report['id']}/complete", said, by=await lead.manager())
    assert answer.status_code == 200, answer.text
    await ticket.rest()
    assert [task["kind"] for task in await ticket.tasks_open()] == ["ticket_act"]
    await ticket.until(6 * DAY + 2 * HOUR)
    assert sorted(task["kind"] for task in await ticket.tasks_open()) == ["ticket_act", "ticket_report"]

    done = {"outcome": "solved", "words": {"content": "已更换"}}
    answer = await world.state("POST", f"/tasks/{act['id']}/complete", done, by=await lead.manager())
    assert answer.status_code == 200, answer.text
    await ticket.rest()
    await ticket.until(9 * DAY + 3 * HOUR)
    assert {task["kind"] for task in await ticket.tasks_open()} <= {"ticket_report", "ticket_confirm"}


async def test_a_second_report_of_the_same_is_no_second_ticket_but_makes_it_worse(world: World) -> None:
    lead = await world.new_lead()
    ticket = await opened(world, kind="risk", about=lead.id)

    again = await world.state("POST", "/tickets", {"kind": "risk", "about": lead.id}, by=HQ)
    await ticket.rest()

    assert (again.status_code, again.json()["merged"], again.json()["ticket_id"]) == (200, True, ticket.id)
    shown = await ticket.show()
    assert (shown["severity"], shown["signals"]) == ("red", 2)
    assert sorted(task["status"] for task in await ticket.tasks()) == ["open", "withdrawn"]
    other = await opened(world, kind="complaint", about=lead.id)
    assert other.id != ticket.id
    third = await world.state("POST", f"/tickets/{ticket.id}/signal", {"description": "又来"}, by=HQ)
    assert (third.status_code, third.json()["signals"]) == (200, 3)
    await ticket.rest()


async def test_a_dissatisfied_customer_opens_it_again(world: World) -> None:
    lead = await world.new_lead()
    ticket = await opened(world, kind="complaint", about=lead.id)
    await ticket.complete("solved", HQ, words={"content": "当场解决"})
    await ticket.wait(3 * DAY + HOUR)
    await ticket.complete("dissatisfied", "CC-01", words={"content": "又坏了"})

    shown = await ticket.show()

    assert (shown["status"], shown["severity"], shown["round"]) == ("working", "red", 2)
    assert (await ticket.step())[0] == "ticket_answer"
    assert ("ticket_told", "hq") in {(code, whom) for code, whom, _ in await ticket.told()}


async def test_a_report_is_seen_by_auditors_and_head_office_alone(world: World) -> None:
    ticket = await opened(world, by=None, kind="report", dealer="BJ01", title="飞单")

    seen = {
        who: (await world.state("GET", f"/tickets/{ticket.id}", by=who)).status_code
        for who in (HQ, "CC-01", "BJ01-M1", "BJ01-C1", None)
    }
    listed = {who: len((await world.state("GET", "/tickets", by=who)).json()["items"]) for who in (HQ, "BJ01-M1", None)}

    assert seen == {HQ: 200, "CC-01": 404, "BJ01-M1": 404, "BJ01-C1": 404, None: 404}
    assert listed == {HQ: 1, "BJ01-M1": 0, None: 0}
    assert (await ticket.step())[:2] == ("ticket_verify", "auditor")


async def test_what_is_moot_closes_with_the_lead_and_the_rest_goes_on(world: World) -> None:
    lead = await world.new_lead()
    risk = await opened(world, kind="risk", about=lead.id)
    complaint = await opened(world, kind="complaint", about=lead.id)

    answer = await world.state("POST", f"/leads/{lead.id}/invalidate", {"reason": "test_data"}, by=await lead.owner())
    assert answer.status_code == 200, answer.text
    await lead.rest()
    task = await lead.task()
    answer = await world.state(
        "POST", f"/tasks/{task['id']}/complete", {"outcome": "confirmed"}, by=await lead.manager()
    )
    assert answer.status_code == 200, answer.text
    for one in (lead, risk, complaint):
        await one.rest()

    assert [(await one.show())["outcome"] for one in (risk, complaint)] == ["moot", None]
    assert (await complaint.happened())[-1] == "ticket_about_ended"
    assert not [task for task in await risk.tasks() if task["status"] == "open"]


async def test_an_erased_customer_s_ticket_closes_and_keeps_no_words(world: World) -> None:
    lead = await world.new_lead()
    ticket = await opened(world, kind="complaint", about=lead.id, title="华桂珍的车", description="打 13900010000")

    answer = await world.state("DELETE", f"/leads/{lead.id}/customer", by=HQ)
    assert answer.status_code == 200, answer.text
    await lead.rest()
    await ticket.rest()

    page = await ticket.page()
    assert (page["ticket"]["status"], page["ticket"]["outcome"], page["words"]) == ("closed", "erased", [])
    assert page["ticket"]["customer_name"] in (None, "")
    refused = await world.state("POST", f"/tickets/{ticket.id}/signal", {}, by=HQ)
    assert (refused.status_code, refused.json()["code"]) == (409, "ticket_closed")


async def test_a_diagram_opens_a_ticket_about_its_lead_once(world: World) -> None:
    lead = await world.new_lead()
    asked = {"kind": "ticket", "facts": {"ticket": "risk"}}
    step = Step(lead.id, f"{lead.id}:1:ticket", "alarm", world.clock.now(), asked)

    first = await perform(world.db, Tables(), "open_case", step)
    again = await perform(world.db, Tables(), "open_case", step)

    assert first == again
    ticket = Ticket(world, first["case"], world.clock.now())
    await ticket.rest()
    shown = await ticket.show()
    assert (shown["kind"], shown["about"], shown["severity"]) == ("risk", lead.id, "amber")
    assert "case_opened_about" in await lead.happened()
    for facts, field in (({"ticket": "risc"}, "facts.ticket"), ({"ticket": "risk", "colour": "red"}, "facts.colour")):
        with pytest.raises(InputRefused, match=field):
            wrong = replace(step, key=f"{lead.id}:1:{field}", data=asked | {"facts": facts})
            await perform(world.db, Tables(), "open_case", wrong)


async def test_a_ticket_does_not_do_what_is_a_lead_s(world: World) -> None:
    lead = await world.new_lead()
    ticket = await opened(world, kind="risk", about=lead.id)

    with pytest.raises(NotOffered, match="grade"):
        await perform(
            world.db, Tables(), "grade", Step(ticket.id, f"{ticket.id}:1:x", "grade", world.clock.now(), kind="ticket")
        )
