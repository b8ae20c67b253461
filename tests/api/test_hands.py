"""A lead changes hands because a person says so; a customer's data are corrected and erased (A11,
A16, A17, F3)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from unittest.mock import ANY
from uuid import UUID

from cases.actors import EVERYTHING, SYSTEM
from cases.ids import new_id
from cases.states import Status
from store.leads import leads
from store.listing import Window
from store.network import network, network_seed
from tests.api.conftest import Desk, phone

OWNER, COLLEAGUE, MANAGER = "BJ01-C1", "BJ01-C2", "BJ01-M1"


async def in_pool(desk: Desk, **columns: object) -> UUID:
    return await desk.in_status(Status.POOL, **{"grade": "B", "region": "NORTH", **columns})


async def test_a_supervisor_reassigns_at_once(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)

    answer = await desk.say(lead, "reassign", MANAGER, {"to_staff": COLLEAGUE, "reason": "休假"})
    late = await desk.say(lead, "follow-ups", OWNER)

    assert answer.status_code == 200, answer.text
    shown = await desk.get(f"/leads/{lead}")
    assert shown["lead"]["owner"]["code"] == COLLEAGUE
    ids = {"dealer": str(network_seed.dealer_id("BJ01")), "staff": str(network_seed.staff_id(COLLEAGUE))}
    assert (await desk.messages(lead))[-1] == ("reassigned", ids)
    assert (late.status_code, late.json()["code"], late.json()["params"]["to"]) == (409, "task_reassigned", COLLEAGUE)
    line = (await desk.list(f"/leads/{lead}/timeline"))[-1]["text"]
    assert line.startswith("主管改派给") and line.endswith("（休假）")


async def test_who_may_reassign_what_to_whom(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)

    async def refusal(by: str, **body: str) -> tuple[int, str]:
        answer = await desk.say(lead, "reassign", by, {"reason": "x", **body})
        return answer.status_code, answer.json()["code"]

    assert await refusal(OWNER, to_staff=COLLEAGUE) == (403, "role_not_allowed")
    assert await refusal("SH01-M1", to_staff="SH01-C1") == (403, "other_dealer")
    assert await refusal(MANAGER, to_staff="BJ02-C1") == (403, "other_dealer")
    assert await refusal("RM-EAST", to_dealer="SH01") == (403, "other_dealer")
    assert await refusal("HQ-01", to_staff="nobody") == (404, "staff_not_found")
    assert await refusal("HQ-01", to_dealer="nowhere") == (404, "dealer_not_found")
    assert await refusal("HQ-01", to_staff=OWNER) == (409, "already_owner")
    assert await refusal("HQ-01", to_staff=OWNER, to_dealer="BJ01") == (422, "invalid_input")
    assert (await desk.say(lead, "reassign", "HQ-01", {"to_dealer": "SH01", "reason": "客户搬家"})).status_code == 200
    assert await refusal("HQ-01", to_dealer="SH01") == (409, "already_owner")


async def test_many_leads_are_reassigned_with_a_verdict_each(desk: Desk) -> None:
    good, other = await desk.at_consultant(OWNER), await desk.at_consultant(OWNER)
    ended = await desk.in_status(Status.WON)
    ids = [str(good), str(ended), str(other), str(new_id())]

    answer = await desk.http.post(
        "/api/v1/leads:reassign",
        json={"leads": ids, "to_staff": COLLEAGUE, "reason": "超负荷"},
        headers={"Baton-Actor": "HQ-01"},
    )

    found = answer.json()
    assert (found["reassigned"], found["refused"]) == (2, 2)
    assert [one["lead_id"] for one in found["leads"]] == ids
    assert [one["code"] for one in found["leads"]] == [None, "not_now", None, "lead_not_found"]


async def test_fifty_claim_one_lead_and_one_gets_it(desk: Desk) -> None:
    lead = await in_pool(desk)
    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        claimants = [one.code for one in (await network.staff(tx, Window(50), role="consultant")).items]
    assert len(claimants) == 50

    answers = await asyncio.gather(*(desk.say(lead, "claim", by) for by in claimants))

    winners = [by for by, answer in zip(claimants, answers, strict=True) if answer.status_code == 200]
    refusals = [answer.json()["code"] for answer in answers if answer.status_code == 409]
    assert (len(winners), refusals) == (1, ["already_claimed"] * 49)
    shown = await desk.get(f"/leads/{lead}")
    assert (shown["lead"]["owner"]["code"], shown["lead"]["badges"]) == (winners[0], ["claimed"])
    assert (await desk.told(lead)).count("claimed") == 1


async def test_the_pool_has_its_limits(desk: Desk) -> None:
    taken = [await in_pool(desk, grade="H") for _ in range(6)]

    answers = [await desk.say(lead, "claim", OWNER) for lead in taken]
    desk.clock.move(timedelta(days=1))
    next_day = await desk.say(taken[-1], "claim", OWNER)

    assert [answer.status_code for answer in answers] == [200] * 5 + [409]
    assert answers[-1].json()["code"] == "claim_limit"
    assert next_day.status_code == 200


async def test_five_at_once_do_not_outrun_the_limit(desk: Desk) -> None:
    pool = [await in_pool(desk, grade="H") for _ in range(9)]

    answers = await asyncio.gather(*(desk.say(lead, "claim", OWNER) for lead in pool))

    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [409] * 4


async def test_a_former_owner_has_to_cool_down(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)
    await desk.say(lead, "reassign", "HQ-01", {"to_dealer": "BJ01", "reason": "超时"})
    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        await leads.change(tx, lead, status=Status.POOL, owner_id=None)

    early = await desk.say(lead, "claim", OWNER)
    desk.clock.move(timedelta(hours=169))
    later = await desk.say(lead, "claim", OWNER)

    assert (early.status_code, early.json()["code"]) == (409, "cooling_down")
    assert later.status_code == 200


async def test_only_pool_leads_and_only_by_consultants(desk: Desk) -> None:
    working = await desk.at_consultant(OWNER)
    pool = await in_pool(desk)

    assert (await desk.say(working, "claim", COLLEAGUE)).json()["code"] == "not_in_pool"
    assert (await desk.say(pool, "claim", MANAGER)).json()["code"] == "role_not_allowed"
    elsewhere = await in_pool(desk, dealer_id=network_seed.dealer_id("SH01"))
    assert (await desk.say(elsewhere, "claim", OWNER)).json()["code"] == "other_dealer"


async def test_a_lost_lead_comes_back_when_somebody_hears_of_it(desk: Desk) -> None:
    lead = await desk.in_status(Status.LOST)

    answer = await desk.say(lead, "reactivate", "CC-01", {"reason": "来电咨询新车"})
    again = await desk.say(lead, "reactivate", "CC-01", {"reason": "再次"})

    assert (answer.status_code, answer.json()["status"]) == (200, "qualifying")
    assert (await desk.messages(lead))[-1] == ("reactivated", {"life": 2})
    assert (again.status_code, again.json()["code"]) == (409, "not_now")
    assert (await desk.get(f"/leads/{lead}"))["lead"]["badges"] == ["reactivated"]


async def test_a_nurtured_lead_is_regraded(desk: Desk) -> None:
    lead = await desk.in_status(Status.NURTURE, grade="N")

    answer = await desk.say(lead, "regrade", "CC-01", {"grade": "A"})
    elsewhere = await desk.say(await desk.at_consultant(OWNER), "regrade", OWNER, {"grade": "A"})

    assert answer.status_code == 200
    assert (await desk.messages(lead))[-1] == ("regraded", {"grade": "A"})
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (409, "not_now")


async def patch(desk: Desk, lead: UUID, by: str, **body: object) -> tuple[int, dict[str, object]]:
    answer = await desk.http.patch(f"/api/v1/leads/{lead}/customer", json=body, headers={"Baton-Actor": by})
    return answer.status_code, answer.json()


async def test_customer_facts_are_editable_and_source_and_times_are_locked(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)

    status, changed = await patch(desk, lead, OWNER, name="华女士", city="天津", budget="30万以内")
    locked = await patch(desk, lead, OWNER, stated_at="2020-01-01")
    nothing = await patch(desk, lead, OWNER)

    assert (status, changed["changed"]) == (200, ["budget", "city", "name"])
    shown = await desk.get(f"/leads/{lead}")
    assert (shown["lead"]["customer"]["name"], shown["facts"]["budget_max"]) == ("华女士", 300_000)
    assert (await desk.messages(lead))[-1] == ("customer_updated", {"fields": ["budget", "city", "name"]})
    assert (locked[0], locked[1]["problems"][0]["code"]) == (422, "locked_field")  # type: ignore[index]
    assert (nothing[0], nothing[1]["code"]) == (422, "nothing_to_change")


async def test_another_customers_number_cannot_be_taken(desk: Desk) -> None:
    number = phone()
    await desk.created(phone=number)
    lead = await desk.at_consultant(OWNER)

    taken = await patch(desk, lead, OWNER, phone=number)
    test_number = await patch(desk, lead, OWNER, phone="13800138000")
    fresh = await patch(desk, lead, OWNER, phone=phone())

    assert (taken[0], taken[1]["code"]) == (409, "contact_in_use")
    assert (test_number[0], test_number[1]["code"]) == (422, "contact_unusable")
    assert fresh[0] == 200


async def test_erasure_leaves_nothing_of_the_person(desk: Desk) -> None:
    canary = "卡纳瑞鸟"
    lead = await desk.at_consultant(OWNER, name=canary, note=canary, wechat="canary_9")
    await desk.say(lead, "follow-ups", OWNER, {"content": canary, "answer": canary})
    await desk.say(lead, "reassign", "HQ-01", {"to_staff": COLLEAGUE, "reason": canary})
    by = {"Baton-Actor": "HQ-01"}

    refused = await desk.http.delete(f"/api/v1/leads/{lead}/customer", headers={"Baton-Actor": OWNER})
    answer = await desk.http.delete(f"/api/v1/leads/{lead}/customer", headers=by)

    assert (refused.status_code, answer.status_code) == (403, 200)
    assert (await desk.told(lead))[-1] == "erased"
    tables = [row["t"] for row in await desk.rows("SELECT tablename t FROM pg_tables WHERE schemaname = 'public'")]
    for table in tables:
        found = await desk.rows(f'SELECT 1 FROM "{table}" row WHERE row::text ~ :c', c=f"{canary}|canary_9")
        assert found == [], table
    assert (await patch(desk, lead, "HQ-01", name="谁"))[1]["code"] == "customer_erased"
    assert (await desk.say(lead, "follow-ups", COLLEAGUE)).json()["code"] == "not_now"


async def test_a_person_says_when_to_call_and_takes_a_refusal_back(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)

    async def mark() -> object:
        return (await desk.get(f"/leads/{lead}"))["lead"]["contact"]

    refused = await patch(desk, lead, OWNER, do_not_call=True, reason="到店时说明")
    never = await mark()
    await patch(desk, lead, OWNER, do_not_call=False, call_hours=["evenings", "not_before_19"], reason="晚上可以")
    evenings = await mark()
    wrong = await patch(desk, lead, OWNER, call_hours=["at_midnight"])
    await patch(desk, lead, OWNER, call_hours=[])

    assert refused[1]["changed"] == ["do_not_call"]
    assert never == {"call": "no", "hours": [], "since": ANY, "said": "到店时说明"}
    assert evenings == {"call": "evenings", "hours": ["evenings", "not_before_19"], "since": ANY, "said": "晚上可以"}
    assert (wrong[0], await mark()) == (422, None)
    lines = {line["code"]: line["text"] for line in await desk.list(f"/leads/{lead}/timeline")}
    assert lines["call_hours_asked"] == "客户约定联系时段：晚间、19 点后"
    assert {"call_refused", "call_allowed"} <= lines.keys()


async def test_what_a_customer_said_about_calls_goes_with_them(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)
    await patch(desk, lead, OWNER, do_not_call=True, reason="王女士不要电话")

    await desk.http.delete(f"/api/v1/leads/{lead}/customer", headers={"Baton-Actor": "HQ-01"})

    assert await desk.rows("SELECT call_said FROM customers WHERE call_said IS NOT NULL") == []
