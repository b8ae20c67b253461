"""More leads at once than a city's dealers may have in a day: none crosses the country, none is
lost (A6)."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from sqlalchemy import text

from cases.actors import EVERYTHING, SYSTEM
from tests.scenarios.story import MINUTE, Story
from tests.scenarios.world import WISHES, World

CITIES = {"GZ": 15, "SZ": 10}
"""What the dealers of 广州, and those of 深圳 100 km away, may have in a day here: five each."""

OPENING = datetime.fromisoformat("2026-11-24T00:30:00+00:00")
"""08:30 in China, the day after."""


async def burst(world: World) -> dict[str, list[Story]]:
    """45 leads of 广州 in one request, grades A and B in turn; by grade, come to rest."""
    async with world.db.transaction(SYSTEM, EVERYTHING) as tx:
        await tx.session.execute(text("UPDATE dealers SET daily_capacity = 5"))
    names = ["".join(name) for name in product("赵钱孙李周吴郑王冯", "子丹岚博宇")]
    leads = [
        WISHES["AB"[number % 2]]
        | {"name": name, "phone": str(13_611_000_000 + 7_654_321 * number), "model": "傲虎", "budget": "25-30万"}
        | {"city": "广州", "channel": "maker.vertical.dongchedi"}
        for number, name in enumerate(names)
    ]
    answer = await world.state("POST", "/leads:batch", {"leads": leads})
    stories: dict[str, list[Story]] = {"A": [], "B": []}
    for number, row in enumerate(answer.json()["rows"]):
        assert row["verdict"] == "created", row
        stories["AB"[number % 2]].append(Story(world, row["lead_id"], world.clock.now()))
    for story in (*stories["A"], *stories["B"]):
        await story.rest()
    return stories


async def where(stories: list[Story]) -> tuple[Counter[str], list[Story]]:
    """How many went to which city, to head office or to tomorrow's opening; and those that wait."""
    went, waiting = Counter[str](), list[Story]()
    for story in stories:
        page = await story.page()
        if page["lead"]["dealer"] is not None:
            went[page["lead"]["dealer"]["code"][:2]] += 1
        elif page["tasks"]:
            went[page["tasks"][0]["why"]] += 1
        else:
            went["waits"] += 1
            waiting.append(story)
    return went, waiting


async def shares(world: World) -> dict[tuple[str, bool], list[int]]:
    """Per dealer that has leads and per skill in the model: how many each of its consultants
    got."""
    async with world.db.transaction(SYSTEM, EVERYTHING) as tx:
        rows: Any = await tx.session.execute(
            text(
                "SELECT d.code, 'outback' = ANY(s.skills) AS skilled, count(l.id) AS got FROM staff s"
                " JOIN dealers d ON d.id = s.dealer_id LEFT JOIN whole_leads l ON l.owner_id = s.id"
                " WHERE s.role = 'consultant' AND d.code ~ '^(GZ|SZ)' GROUP BY d.code, s.id, skilled"
            )
        )
    found: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for code, skilled, got in rows:
        found[code, skilled].append(got)
    return {group: got for group, got in found.items() if any(got)}


async def test_forty_five_leads_of_a_city_whose_dealers_may_have_fifteen(world: World) -> None:
    stories = await burst(world)

    urgent, _ = await where(stories["A"])
    patient, waiting = await where(stories["B"])

    # the table ``overflow``: a higher grade goes to the next dealer within the limit or to a
    # person, a lower one waits
    assert urgent.keys() <= {"GZ", "SZ", "all_full"}
    assert patient.keys() <= {"GZ", "waits"}
    assert (urgent["GZ"] + patient["GZ"], urgent["SZ"]) == (CITIES["GZ"], min(CITIES["SZ"], 23 - urgent["GZ"]))
    assert urgent.total() + patient.total() == 45
    for (dealer, skilled), got in (await shares(world)).items():
        assert max(got) - min(got) <= 1, (dealer, skilled, got)
    lines = [line["data"]["until"] for line in await waiting[0].timeline() if line["code"] == "waits_for_opening"]
    assert [datetime.fromisoformat(until) for until in lines] == [OPENING]

    for story in waiting:
        await story.until(OPENING + MINUTE)
    in_the_morning, still = await where(waiting)

    assert still == [] and in_the_morning.keys() <= {"GZ", "SZ"}
    assert in_the_morning["GZ"] == min(CITIES["GZ"], len(waiting))
    first = await waiting[0].task()
    assert (first["kind"], first["due_at"]) == ("first_follow_up", OPENING - waiting[0].born + timedelta(days=1))
