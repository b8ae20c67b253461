"""Head office lets a draft of the grades run beside the live table: it is counted, and no lead
feels it."""

from __future__ import annotations

import rules
from tests.scenarios.world import World

GRADE = next(path.read_bytes() for path in rules.shipped() if path.stem == "grade")
STRICTER = GRADE.replace(b'<outputEntry><text>"A"</text></outputEntry>', b'<outputEntry><text>"B"</text></outputEntry>')
"""Nobody is graded A."""


async def test_a_draft_decides_beside_the_table_and_no_lead_feels_it(world: World) -> None:
    # given a lead of grade A, and a draft by which it would be a B
    before = await world.new_lead("A", name="李静")
    head = {"Content-Type": "application/xml", "Baton-Actor": "HQ-01"}
    drafted = await world.http.post("/api/v1/tables/grade/drafts?reason=stricter", content=STRICTER, headers=head)
    draft = drafted.json()["draft"]["id"]

    # when it runs beside the live table while two more leads arrive, and is then given up
    start = {"draft": draft, "reason": "how many fewer"}
    started = await world.state("POST", "/tables/grade/shadows", start, by="HQ-01")
    assert started.status_code == 201, started.text
    warm, hot = await world.new_lead("A", name="王建军"), await world.new_lead("H", name="赵敏")
    await world.state("DELETE", f"/tables/grade/drafts/{draft}?reason=too+few", by="HQ-02")
    after = await world.new_lead("A", name="陈思远")

    # then all of them went the way that they would have gone
    assert [(await lead.show())["grade"] for lead in (before, warm, hot, after)] == ["A", "A", "H", "A"]
    ways = [(await lead.happened(), len((await world.histories(lead))[0].events)) for lead in (before, warm, after)]
    assert ways[0] == ways[1] == ways[2]

    # and the difference is on record
    shadow = (await world.state("GET", f"/shadows/{started.json()['shadow']['id']}")).json()
    assert (shadow["shadow"]["state"], shadow["shadow"]["seen"], shadow["shadow"]["differing"]) == ("stopped", 2, 1)
    assert shadow["changes"] == [{"output": "grade", "old": "A", "new": "B", "count": 1}]
