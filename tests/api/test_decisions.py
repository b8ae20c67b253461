"""A stored decision explains itself: rows and cells of the version that decided, and every
candidate of a choice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from api.app import create_app
from cases.actors import EVERYTHING, PROCESS, SYSTEM
from cases.ids import new_id
from cases.messages import BRIEFLY, CANDIDATES, EXPLAINED, RULED_OUT
from domain.leads.nearness import NO_PLACE, TOO_FAR
from domain.leads.ruling_out import CONSULTANT_RULED_OUT, DEALER_RULED_OUT, FAIRNESS
from store.network.network_seed import dealer_id, staff_id
from store.tables import definitions
from tests.activities.scene import Scene
from tests.api.conftest import NOW, Desk, headers
from tests.rules.drawing import drawn
from tests.rules.test_explaining import CHAINED
from tests.store import kept as records

INPUTS = {"horizon_days": 14, "budget_clear": False, "model_known": True, "stated_grade": ""}
ASKED = {"region": "NORTH", "city": "北京", "model": "outback", "grade": "A", "urgent": False}


async def kept(desk: Desk, key: str, inputs: dict[str, Any], result: Any, **more: Any) -> UUID:
    """A decision about a lead, as its process keeps it."""
    lead = await desk.created()
    matched, version = more.pop("matched", ()), more.pop("version", 1)
    async with desk.database.transaction(PROCESS, EVERYTHING) as tx:
        return await records.decision(tx, lead, desk.clock.now(), key, version, inputs, matched, result, **more)


async def graded(desk: Desk) -> UUID:
    result = {"grade": "A", "reason": "within_15_days"}
    return await kept(desk, "grade", INPUTS, result, matched=["grade-a-15"], element="grade")


async def ask(desk: Desk, decision: UUID, language: str = "zh") -> httpx.Response:
    return await desk.http.get(f"/api/v1/decisions/{decision}", headers=headers(language=language))


async def shown(desk: Desk, decision: UUID, language: str = "zh") -> dict[str, Any]:
    answer = await ask(desk, decision, language)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_decision_says_which_row_matched_and_what_made_the_others_fail(desk: Desk) -> None:
    found = await shown(desk, await graded(desk))

    assert (found["table"], found["name"], found["version"], found["element"]) == ("grade", "线索定级", 1, "grade")
    assert (found["inputs"], found["agrees"], found["unexplained"]) == (INPUTS, True, None)
    why = found["why"]
    assert (why["hit_policy"], why["matched"], why["result"]) == ("FIRST", ["grade-a-15"], found["result"])
    assert [row["number"] for row in why["rows"]] == list(range(1, 12))
    assert [row["id"] for row in why["rows"] if row["speaks"]] == ["grade-a-15"]
    stated = why["rows"][0]
    assert stated["failing"] == [
        {"column": "人工定级", "input": "stated_grade", "cell": '"H"', "value": "", "verdict": False}
    ]


async def test_the_documented_example_is_what_is_answered(desk: Desk) -> None:
    operation = create_app(desk.database).openapi()["paths"]["/api/v1/decisions/{decision_id}"]["get"]
    example = operation["responses"]["200"]["content"]["application/json"]["example"]

    found = await shown(desk, await graded(desk))

    found["why"]["rows"] = [row for row in found["why"]["rows"] if row["number"] in (6, 7)]
    assert without_nulls(found) == {**example, **{name: found[name] for name in ("id", "lead_id", "at")}}


def without_nulls(value: Any) -> Any:
    """As FastAPI writes examples into the document."""
    if isinstance(value, dict):
        return {name: without_nulls(item) for name, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


async def test_rows_are_told_in_the_callers_language(desk: Desk) -> None:
    decision = await graded(desk)

    def third(found: dict[str, Any]) -> list[str]:
        return [row["text"] for row in found["why"]["rows"] if row["number"] in (6, 7, 8)]

    assert third(await shown(desk, decision, "en")) == [
        "Row 6 does not apply: 预计购车天数 is 14, wanted is [0..7]",
        "Row 7 matched",
        "Row 8 applies, but an earlier one spoke",
    ]
    assert third(await shown(desk, decision))[1:] == ["第 7 行命中", "第 8 行符合条件，但已有更靠前的行命中"]


async def test_the_version_that_decided_explains_whatever_was_published_since(desk: Desk) -> None:
    decision = await graded(desk)
    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        used = await definitions.effective_table(tx, "grade", NOW)
        changed = used.xml.replace(b"[0..15]", b"[0..10]")
        await definitions.publish_table(tx, "grade", "线索定级", changed, NOW + timedelta(days=1), "HQ-01")

    found = await shown(desk, decision)

    assert (found["version"], found["agrees"], found["why"]["matched"]) == (1, True, ["grade-a-15"])


async def test_a_table_without_a_matching_row_and_a_list_of_rows_agree_with_what_was_kept(desk: Desk) -> None:
    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        for hit in ("UNIQUE", "COLLECT"):
            xml = drawn(["x"], [["> 1", "1"], ["> 5", "2"]], hit=hit)
            await definitions.publish_table(tx, "drawn", "drawn", xml, NOW, "system")
    nothing = await kept(desk, "drawn", {"x": None}, {})
    both = await kept(desk, "drawn", {"x": 6}, [{"out": 1}, {"out": 2}], matched=["r1", "r2"], version=2)

    silent, loud = await shown(desk, nothing, "en"), await shown(desk, both)

    assert (silent["agrees"], silent["why"]["result"]) == (True, None)
    assert silent["why"]["rows"][0]["text"] == "Row 1 cannot be said: x is null, wanted is > 1"
    assert (loud["agrees"], loud["result"]) == (True, {"list": [{"out": 1}, {"out": 2}]})


async def test_chained_decisions_are_told_as_a_tree(desk: Desk) -> None:
    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        await definitions.publish_table(tx, "lane", "lane", CHAINED, NOW, "system")
    decision = await kept(desk, "lane", {"days": 20, "budget": 300}, {"lane": "desk"}, matched=["l2"])

    found = await shown(desk, decision, "en")

    assert found["agrees"] is True
    grade, worth = found["why"]["requires"]
    assert (grade["key"], grade["result"]) == ("grade", {"grade": "B"})
    assert grade["rows"][0]["text"] == "Row 1 does not apply: days is 20, wanted is <= 7"
    assert (worth["key"], worth["result"], worth["rows"]) == ("worth", {"worth": 600}, [])


async def test_a_result_that_the_table_would_not_give_is_not_passed_off_as_its_own(desk: Desk) -> None:
    decision = await kept(desk, "grade", INPUTS, {"grade": "H", "reason": "stated"}, matched=["grade-stated-h"])

    assert (await shown(desk, decision))["agrees"] is False


async def test_inputs_that_the_version_cannot_read_are_shown_without_rows(desk: Desk) -> None:
    decision = await kept(desk, "grade", {"horizon_days": "soon"}, {"grade": "H"})

    found = await shown(desk, decision, "en")

    assert (found["why"], found["agrees"], found["unexplained"]["code"]) == (None, None, "not_repeatable")
    assert found["inputs"] == {"horizon_days": "soon"}


async def test_whatever_the_activities_decide_is_explained(desk: Desk) -> None:
    scene = Scene(desk.database)
    await scene.sql("UPDATE dealers SET daily_capacity = 0 WHERE code = 'BJ02'")
    lead = await scene.working()
    await scene.run("plan_task", lead, kind="follow_up")

    found = [await shown(desk, one["id"]) for one in await desk.list(f"/leads/{lead}/decisions")]

    tables = {one["table"]: one for one in found}
    assert {"grade", "grade-scale", "dispatch", "assignment"} <= tables.keys()
    assert all(one["agrees"] and one["why"]["rows"] for one in tables.values())
    for choice in (tables["dispatch"], tables["assignment"]):
        (chosen,) = [one for one in choice["candidates"] if one["outcome"] == "chosen"]
        assert chosen["id"] == chosen["code"] == choice["result"]["code"]
        assert choice["why_of"] == chosen["code"]
        for one in choice["candidates"]:
            assert one["points"] is None or sum(float(row["points"]) for row in one["points_from"]) == one["points"]
        assert chosen["points"] == max(one["points"] or 0 for one in choice["candidates"])
    refused = next(one for one in tables["dispatch"]["candidates"] if one["code"] == "BJ02")
    assert (refused["outcome"], refused["text"]) == ("ruled_out", "未参与评分：今日已满额")


async def dispatched(desk: Desk) -> dict[str, Any]:
    """A choice among Beijing's dealers and one of Qingdao that has moved near, as the process makes
    it."""
    scene = Scene(desk.database)
    await scene.near_beijing("QD01")
    await scene.sql("UPDATE dealers SET active = false WHERE code = 'BJ03'")
    lead = await scene.working()
    (made,) = [one for one in await desk.list(f"/leads/{lead}/decisions") if one["table"] == "dispatch"]
    return made


async def test_the_points_of_any_candidate_are_explained_like_a_decision_of_its_own(desk: Desk) -> None:
    made = await dispatched(desk)
    path = f"/decisions/{made['id']}"

    chosen, other = await desk.get(path), await desk.get(path, candidate="QD01")

    assert (chosen["agrees"], chosen["unexplained"], other["agrees"]) == (True, None, True)
    city = [next(row for row in found["why"]["rows"] if row["id"] == "dispatch-city") for found in (chosen, other)]
    assert [row["speaks"] for row in city] == [True, False]
    assert city[1]["text"] == "第 9 行不符合：同城 为 false，要求 true"
    assert (chosen["why_of"], other["why_of"]) == (made["result"]["code"], "QD01")
    points = next(one for one in chosen["candidates"] if one["code"] == "QD01")["points_from"]
    assert {"row": 3, "id": "dispatch-distance-near", "points": "85", "note": ""} in points
    assert "dispatch-city" not in {row["id"] for row in points}
    assert "dispatch-base" not in {row["id"] for row in points}, "nothing is not worth a line"


async def test_who_was_given_no_points_is_told_instead(desk: Desk) -> None:
    made = await dispatched(desk)
    path = f"/decisions/{made['id']}"

    found = await desk.get(path, candidate="BJ03")
    nobody = await desk.http.get(f"/api/v1{path}?candidate=SH01", headers=headers(language="en"))

    assert (found["why"], found["unexplained"]) == (None, {"code": "ruled_out", "text": "未参与评分：已停用"})
    assert (nobody.status_code, nobody.json()["code"]) == (404, "candidate_not_found")


async def test_dealers_that_are_farther_are_told_as_the_network_was_then(desk: Desk) -> None:
    made = await dispatched(desk)
    await Scene(desk.database).near_beijing("SH01")

    found = await desk.get(f"/decisions/{made['id']}")

    considered = {one["code"] for one in found["candidates"]}
    elsewhere = found["elsewhere"]
    far = {
        one["code"]: one["distance_km"] for one in made["candidates"] if one.get("reason") == "too_far" and "id" in one
    }
    assert considered == {"BJ01", "BJ02", "BJ03", "QD01", *far}
    assert (len(far), far["QD02"]) == (5, 551)
    assert elsewhere["count"] == len(elsewhere["dealers"]) == 33 - 4 - 5
    assert {"code": "SH01", "name": "上海昴星斯巴鲁4S店"} in elsewhere["dealers"]
    assert elsewhere["reason"] == {"code": "too_far", "text": "太远"}
    assert elsewhere["text"] == "另有 24 家更远，未参与"


async def test_points_that_the_table_would_not_give_are_not_passed_off_as_its_own(desk: Desk) -> None:
    made = await dispatched(desk)
    line = next(one for one in made["candidates"] if one.get("code") == "QD01")
    identity = str(dealer_id("QD01"))
    lines = [{**line, "id": identity, "points": line["points"] + 1}]
    other = await kept(desk, "dispatch", ASKED, {"chosen": identity, "code": "QD01"}, candidates=lines)

    assert (await shown(desk, other))["agrees"] is False


async def test_a_requirement_graph_that_a_diagram_asks_is_told_as_a_tree(desk: Desk) -> None:
    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        await definitions.publish_table(tx, "lane", "lane", CHAINED, NOW, "system")
    scene = Scene(desk.database)
    lead = await scene.lead(at=NOW)

    result = await scene.run("decide", lead, NOW, decision="lane", days=5, budget=300)

    (made,) = await desk.list(f"/leads/{lead}/decisions")
    found = await desk.get(f"/decisions/{made['id']}")
    assert (result, found["inputs"], found["agrees"]) == ({"lane": "dealer"}, {"days": 5, "budget": 300}, True)
    assert found["matched"] == ["l1"]
    assert [(one["key"], one["result"], one["matched"]) for one in found["why"]["requires"]] == [
        ("grade", {"grade": "H"}, ["g1"]),
        ("worth", {"worth": 600}, []),
    ]


async def test_the_timeline_says_why_in_half_a_sentence(desk: Desk) -> None:
    scene = Scene(desk.database)
    await scene.sql("UPDATE dealers SET active = false WHERE code = 'BJ02'")
    lead = await scene.working()
    await scene.chased(lead)
    await scene.sql("UPDATE dealers SET daily_capacity = 0")
    lost = await scene.lead(grade="A", grade_reason="stated")  # does not wait for tomorrow
    await scene.run("dispatch", lost, lane="dispatch")

    chinese = {one["code"]: one for one in await desk.list(f"/leads/{lead}/timeline")}
    english = {one["code"]: one for one in await told_in_english(desk, lead)}
    (nobody,) = [one for one in await desk.list(f"/leads/{lost}/timeline") if one["code"] == "no_dealer"]

    assert chinese["graded"]["why"] == "线索定级第 7 行：15 天内，需求明确"
    assert english["graded"]["why"] == "线索定级, row 7: 15 天内，需求明确"
    assert chinese["dispatched"]["why"] == "选中 BJ01，得分 150；另有 1 个落选，6 个未参与（太远 5，已停用 1）"
    assert (
        english["dispatched"]["why"]
        == "BJ01 chosen with 150 points; 1 came after, 6 ruled out (too far away 5, not active 1)"
    )
    assert str(chinese["assigned"]["why"]).startswith("选中 BJ01-C")
    assert chinese["task_planned"]["why"] == "跟进频率第 1 行：分配后 24 小时内首次跟进"
    assert nobody["why"] == "8 个候选均未参与（太远 5，今日已满额 2，已停用 1）"
    for entry in chinese.values():
        decision = await desk.get(f"/decisions/{entry['decision_id']}")
        assert decision["agrees"], entry["code"]


async def test_a_dealer_without_any_consultant_is_said_to_have_none(desk: Desk) -> None:
    scene = Scene(desk.database)
    await scene.sql("UPDATE staff SET role = 'dealer_manager' WHERE role = 'consultant'")
    lead = await scene.lead(grade="A", grade_reason="stated")
    await scene.run("dispatch", lead, lane="dispatch")
    await scene.run("assign", lead, lane="dispatch")

    (chinese,) = [one for one in await desk.list(f"/leads/{lead}/timeline") if one["code"] == "no_consultant"]
    (english,) = [one for one in await told_in_english(desk, lead) if one["code"] == "no_consultant"]

    assert (chinese["why"], english["why"]) == ("没有任何候选", "There is no candidate at all")


async def told_in_english(desk: Desk, lead: UUID) -> list[dict[str, Any]]:
    return (await desk.http.get(f"/api/v1/leads/{lead}/timeline", headers=headers(language="en"))).json()["items"]


async def test_an_entry_without_a_decision_has_no_reason(desk: Desk) -> None:
    (entry, *_) = await desk.list(f"/leads/{await desk.created()}/timeline")

    assert (entry["code"], entry["decision_id"], entry["why"]) == ("lead_created", None, None)


async def test_a_decision_outlives_its_table(desk: Desk) -> None:
    decision = await kept(desk, "grade", INPUTS, {"grade": "A"}, version=9)

    found = await shown(desk, decision)

    assert (found["name"], found["result"], found["why"]) == ("grade", {"grade": "A"}, None)
    assert found["unexplained"]["code"] == "not_repeatable"


async def test_a_choice_lists_every_candidate_with_points_or_the_reason_against_it(desk: Desk) -> None:
    people = [str(staff_id(f"BJ01-C{number}")) for number in (1, 2, 3, 4)]
    lines = [
        {"id": people[0], "code": "BJ01-C1", "points": 40.0},
        {"id": people[1], "code": "BJ01-C2", "reason": "absent"},
        {"id": people[2], "code": "BJ01-C3", "points": 55.0},
        {"id": people[3], "code": "BJ01-C4", "points": 55.0},
    ]
    chosen = {"chosen": people[2], "code": "BJ01-C3"}
    decision = await kept(desk, "assignment", ASKED, chosen, candidates=lines, element="assign")

    found = await shown(desk, decision, "en")

    assert [(one["code"], one["outcome"], one["points"]) for one in found["candidates"]] == [
        ("BJ01-C1", "outscored", 40.0),
        ("BJ01-C2", "ruled_out", None),
        ("BJ01-C3", "chosen", 55.0),
        ("BJ01-C4", "tied", 55.0),
    ]
    assert found["candidates"][1]["reason"] == {"code": "absent", "text": "absent"}
    assert [one["text"] for one in found["candidates"]] == [
        "40 points, fewer than the one chosen",
        "Ruled out: absent",
        "Chosen with 55 points",
        "55 points, as many as the one chosen; fairness decided: more load or a shorter wait",
    ]
    assert found["candidates"][2]["name"] == "刘超"
    assert (found["why"], found["unexplained"]["code"]) == (None, "scored_apart")
    chinese = await shown(desk, decision)
    assert [one["text"] for one in chinese["candidates"]][:2] == ["得分 40，低于选中者", "未参与评分：不在岗"]


async def test_a_choice_that_found_nobody_says_why_not_for_each(desk: Desk) -> None:
    lines = [{"id": str(dealer_id("BJ01")), "code": "BJ01", "reason": "at_capacity"}]
    decision = await kept(desk, "dispatch", ASKED, {"chosen": None, "code": None}, candidates=lines)

    (only,) = (await shown(desk, decision))["candidates"]

    assert (only["outcome"], only["reason"]["text"], only["name"]) == (
        "ruled_out",
        "今日已满额",
        "北京翔鹰斯巴鲁4S店",
    )


async def test_suspected_duplicates_are_candidates_of_their_own_kind(desk: Desk) -> None:
    other = await desk.created()
    decision = await kept(desk, "grade", INPUTS, {"grade": "A"}, candidates=[{"lead": str(other)}])

    (only,) = (await shown(desk, decision))["candidates"]

    assert (only["id"], only["outcome"], only["code"], only["points"]) == (str(other), "suspected", None, None)


async def test_what_the_leads_list_names_can_be_asked_for(desk: Desk) -> None:
    lead = await desk.created()
    (listed,) = await desk.list(f"/leads/{lead}/decisions")

    found = await desk.get(f"/decisions/{listed['id']}")

    assert (found["table"], found["lead_id"], found["agrees"]) == ("validity", str(lead), True)


async def test_an_unknown_decision_is_a_problem(desk: Desk) -> None:
    answer = await ask(desk, new_id())

    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"]) == (404, "decision_not_found")


def test_every_reason_against_a_candidate_has_words_in_both_languages() -> None:
    recorded = {"area", TOO_FAR, NO_PLACE, FAIRNESS, *(code for code, _ in (*DEALER_RULED_OUT, *CONSULTANT_RULED_OUT))}

    assert recorded <= RULED_OUT.keys()
    for texts in (RULED_OUT, CANDIDATES, EXPLAINED, BRIEFLY):
        assert all(words.zh and words.en and words.zh != words.en for words in texts.values())
