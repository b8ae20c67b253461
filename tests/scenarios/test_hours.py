"""People sleep (A10): deadlines, rungs and notices keep to the hours of whom they are for, over
holidays too."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

import pytest

from cases.actors import EVERYTHING, SYSTEM
from cases.calendar import Hours, Week, is_open
from cases.parties import Party, Team, at_work, concerned
from cases.zone import CHINA
from store.engine import notifications
from store.network import hours, people
from tests.scenarios.story import DAY, HOUR, MINUTE, Story
from tests.scenarios.world import World

DAILY: Hours = ((time(8, 30), time(18)),)
EVE = datetime(2027, 2, 4, 17, 50, tzinfo=CHINA)
"""The evening before 春节 2027 (a Thursday), as far as the law has it: four days."""


async def keep(world: World, party: Party, week: Week) -> None:
    async with world.db.transaction(SYSTEM, EVERYTHING) as tx:
        await hours.keep(tx, party, week)


async def dealers_holiday(world: World, holidays: bool) -> None:
    await keep(world, Party(Team.DEALER), Week((DAILY,) * 7, holidays, date(2026, 1, 1)))


async def in_their_hours(lead: Story) -> list[str]:
    """Every rung that was climbed and every notice that was given outside the hours of whom it
    concerned."""
    outside: list[str] = []
    async with lead.world.db.transaction(SYSTEM, EVERYTHING) as tx:
        for line in await lead.rows(
            "SELECT n.code, n.created_at, n.not_before, n.to_role, n.to_staff_id, l.dealer_id, l.region"
            " FROM notifications n JOIN whole_leads l ON l.id = n.case_id WHERE n.case_id = :lead"
        ):
            at = line["not_before"] or line["created_at"]
            if (staff := line["to_staff_id"]) is not None:
                (one,) = await people.persons(tx, [staff])
                party = at_work(one.role, one.dealer_id, one.region)
            else:
                party = at_work(line["to_role"], line["dealer_id"], line["region"])
            if not is_open(at, (await hours.calendar(tx, party, lead.born)).calendar):
                outside.append(f"{line['code']} at {at.astimezone(CHINA)}")
        dealers = (await hours.calendar(tx, Party(Team.DEALER), lead.born)).calendar
        for code, at in await lead.climbed():
            if not is_open(lead.born + at, dealers):
                outside.append(f"{code} at {(lead.born + at).astimezone(CHINA)}")
    return outside


@pytest.mark.parametrize(
    ("open_on_holidays", "due"),
    [(False, datetime(2027, 2, 9, 12, 20, tzinfo=CHINA)), (True, datetime(2027, 2, 5, 17, 50, tzinfo=CHINA))],
    ids=["closed", "open"],
)
async def test_a_lead_of_the_eve_of_a_holiday(world: World, open_on_holidays: bool, due: datetime) -> None:
    await dealers_holiday(world, open_on_holidays)
    world.clock.set(EVE)
    lead = await world.new_lead("A")

    assert (await lead.task())["due_at"] == due - EVE
    for language, said in (("zh", "请在 {} 前首次跟进"), ("en", "first contact by {}")):
        headers = {"Baton-Actor": await lead.owner(), "Accept-Language": language}
        answer = await world.http.get("/api/v1/notifications", params={"lead": lead.id}, headers=headers)
        (notice,) = answer.json()["items"]
        assert notice["text"].endswith(said.format(f"{due:%Y-%m-%d %H:%M}"))

    await lead.until(due - EVE)
    reminded = due - 4 * HOUR if open_on_holidays else datetime(2027, 2, 9, 8, 30, tzinfo=CHINA)
    assert await lead.climbed() == [("reminded", reminded - EVE), ("manager_told", due - EVE)]


@pytest.mark.parametrize("grade", ["H", "A", "B"])
async def test_over_two_months_nobody_is_woken_about_a_lead_that_nobody_touches(world: World, grade: str) -> None:
    world.clock.set(datetime(2026, 12, 18, 19, 40, tzinfo=CHINA))  # a Friday evening; 元旦 and 春节 are to come
    lead = await world.new_lead(grade)

    await lead.until(60 * DAY)

    climbed = await lead.climbed()
    assert {code for code, _ in climbed} == {"reminded", "manager_told", "handed_over", "back_to_hq"}
    assert max(at for _, at in climbed) > 50 * DAY
    assert await in_their_hours(lead) == []


async def test_who_gets_a_lead_at_two_in_the_night_hears_of_it_in_the_morning(world: World) -> None:
    world.clock.set(datetime(2026, 11, 24, 2, tzinfo=CHINA))
    lead = await world.new_lead("H")

    (told,) = await lead.rows("SELECT code, created_at, not_before FROM notifications WHERE case_id = :lead")
    assert told == {"code": "lead_assigned", "created_at": lead.born, "not_before": lead.born + 6.5 * HOUR}
    assert (await lead.task())["due_at"] == DAY, "24 hours stay 24 hours"


async def test_hours_that_change_while_a_clock_runs_hold_from_the_next_rung_on(world: World) -> None:
    lead = await world.new_lead("A")  # a Monday, 10:00
    late: Hours = ((time(12), time(21)),)
    dealer = concerned(Team.DEALER, (await _dealer(lead)))
    await keep(world, dealer, Week((late,) * 7, since=date(2026, 11, 1)))

    await lead.until(2 * DAY + 2 * HOUR)

    assert (await lead.clocks("first_follow_up"))[0]["due_at"] == DAY
    assert await lead.climbed() == [
        ("reminded", 7 * HOUR),  # as it was planned
        ("manager_told", DAY + 2 * HOUR),  # 10:00 is not worked any more
        ("handed_over", 2 * DAY + 2 * HOUR),
    ]


async def test_what_waits_for_people_goes_out_when_they_come(world: World) -> None:
    """Until then the notice is there and nobody has it."""
    world.clock.set(datetime(2026, 11, 24, 2, tzinfo=CHINA))
    lead = await world.new_lead("H")

    spread = [await _spread(world, lead.born + at) for at in (HOUR, 6.5 * HOUR - MINUTE, 6.5 * HOUR, 7 * HOUR)]

    assert spread == [0, 0, 1, 0]


async def _spread(world: World, at: datetime) -> int:
    async with world.db.transaction(SYSTEM, EVERYTHING) as tx:
        return await notifications.spread(tx, ["log"], at, {})


async def _dealer(lead: Story) -> UUID:
    (row,) = await lead.rows("SELECT dealer_id FROM whole_leads WHERE id = :lead")
    return row["dealer_id"]
