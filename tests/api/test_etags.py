"""What people edit has a version: ``If-Match`` lets nobody write over what they have not seen; the 412 says what."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.conditions import Versions, etag, parsed
from leads.errors import Invalid
from leads.states import Status, TaskKind
from tests.api.conftest import Desk, headers, phone
from tests.api.lives import living
from tests.api.tables import ANNE, BEN, Office, office

__all__ = ["office"]

HQ, CALLER = "HQ-01", "CC-01"


def path(lead: UUID) -> str:
    return f"/api/v1/leads/{lead}/customer"


async def correct(
    desk: Desk, lead: UUID, seen: str | None = None, by: str = HQ, key: str | None = None, **fields: Any
) -> httpx.Response:
    condition = {} if seen is None else {"If-Match": seen}
    return await desk.http.patch(path(lead), json=fields, headers=headers(by, key) | condition)


async def seen(desk: Desk, lead: UUID) -> str:
    answer = await desk.http.get(path(lead))
    assert answer.status_code == 200, answer.text
    return answer.headers["etag"]


# -- a customer's data -------------------------------------------------------------------------------------------------


async def test_a_correction_under_the_tag_that_was_read_is_made_and_gives_the_next_tag(desk: Desk) -> None:
    lead = await desk.created(city="北京")
    tag = await seen(desk, lead)

    answer = await correct(desk, lead, tag, city="上海")

    assert (answer.status_code, answer.json()["changed"]) == (200, ["city"])
    assert answer.headers["etag"] == await seen(desk, lead) != tag
    assert (await desk.http.get(path(lead))).json()["customer"]["city"] == "上海"


async def test_whoever_saw_less_is_told_what_was_changed_by_whom_and_when(desk: Desk) -> None:
    lead = await desk.created(name="华桂珍", city="北京", budget="20-25万")
    tag = await seen(desk, lead)
    await correct(desk, lead, name="华桂贞")
    desk.clock.move(timedelta(minutes=5))
    await correct(desk, lead, by=CALLER, name="华贵珍", budget="25-30万", labels=["老客户"])

    answer = await correct(desk, lead, tag, name="花桂珍")

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (412, "changed_meanwhile")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["etag"] == problem["etag"] == await seen(desk, lead)
    changes = {one["field"]: one for one in problem["changes"]}
    assert set(changes) == {
        "customer/name",
        "customer/labels",
        "facts/budget_min",
        "facts/budget_max",
    }
    name = changes["customer/name"]
    assert (name["before"], name["now"], name["by"]["code"]) == ("华桂珍", "华贵珍", CALLER)
    assert name["at"].startswith("2026-11-21T08:05:00")
    assert (changes["facts/budget_min"]["before"], changes["facts/budget_min"]["now"]) == (200_000, 250_000)
    assert (await desk.http.get(path(lead))).json()["customer"]["name"] == "华贵珍"


async def test_a_tag_is_of_the_data_not_of_a_language_and_not_of_the_process(desk: Desk) -> None:
    lead = await desk.at_consultant()
    chinese, english = [
        (await desk.http.get(path(lead), headers=headers(language=language))).headers["etag"]
        for language in ("zh", "en")
    ]
    await desk.say(lead, "follow-ups", "BJ01-C1", {"content": "聊了试驾"})

    assert chinese == english == await seen(desk, lead)
    assert (await correct(desk, lead, chinese, city="上海")).status_code == 200


async def test_without_a_condition_the_last_one_wins_as_ever(desk: Desk) -> None:
    lead = await desk.created()
    for city in ("上海", "广州"):
        assert (await correct(desk, lead, city=city)).status_code == 200


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ("*", 200),
        ("{tag}", 200),
        ('"nothing", {tag}', 200),
        (' {tag} , , W/"x",', 200),
        ("W/{tag}", 412),
        ('"nothing"', 412),
        ('"99999999999999999999999"', 412),
        ('""', 412),
        ("", 422),
        ("0", 422),
        ('"0', 422),
        ('"a" "b"', 422),
        ('*, "a"', 422),
    ],
)
async def test_a_condition_is_read_as_the_standard_says(desk: Desk, condition: str, status: int) -> None:
    lead = await desk.created()
    tag = await seen(desk, lead)

    answer = await correct(desk, lead, condition.format(tag=tag), city="上海")

    assert answer.status_code == status, answer.text
    if status == 422:
        assert [one["field"] for one in answer.json()["problems"]] == ["If-Match"]
    assert (await seen(desk, lead) != tag) == (status == 200)


async def test_several_lines_of_a_condition_are_one(desk: Desk) -> None:
    lead = await desk.created()
    lines = [("If-Match", '"nothing"'), ("If-Match", await seen(desk, lead)), ("Baton-Actor", HQ)]

    answer = await desk.http.patch(path(lead), json={"city": "上海"}, headers=lines)

    assert answer.status_code == 200


@pytest.mark.parametrize("other_lead", [False, True], ids=["of one lead", "of two leads of one customer"])
async def test_of_two_who_edit_at_once_one_wins_and_the_other_learns_of_it(desk: Desk, other_lead: bool) -> None:
    lead = await desk.created()
    second = lead
    if other_lead:
        second = await desk.created()
        same = "UPDATE leads SET customer_id = (SELECT customer_id FROM leads WHERE id = :lead) WHERE id = :second"
        await desk.execute(same, lead=lead, second=second)
    tags = await seen(desk, lead), await seen(desk, second)

    answers = await asyncio.gather(
        correct(desk, lead, tags[0], name="华桂贞"), correct(desk, second, tags[1], by=CALLER, name="花桂珍")
    )

    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert (won.status_code, lost.status_code) == (200, 412)
    assert lost.headers["etag"] == won.headers["etag"]
    (change,) = lost.json()["changes"]
    assert change["field"] == "customer/name"
    assert change["now"] == (await desk.http.get(path(lead))).json()["customer"]["name"]


async def test_a_repeated_request_gets_its_answer_again_and_no_412(desk: Desk) -> None:
    lead = await desk.created()
    tag = await seen(desk, lead)
    first = await correct(desk, lead, tag, key="k1", city="上海")
    await correct(desk, lead, city="广州")

    again = await correct(desk, lead, tag, key="k1", city="上海")

    assert (first.status_code, again.status_code) == (200, 200)
    assert (again.json(), again.headers["etag"]) == (first.json(), first.headers["etag"])
    assert again.headers["idempotency-replayed"] == "true"
    assert (await desk.http.get(path(lead))).json()["customer"]["city"] == "广州"


async def test_a_refused_correction_leaves_its_key_free(desk: Desk) -> None:
    lead = await desk.created()
    refused = await correct(desk, lead, '"nothing"', key="k2", city="上海")

    answer = await correct(desk, lead, refused.headers["etag"], key="k2", city="上海")

    assert (refused.status_code, answer.status_code) == (412, 200)


async def test_a_change_to_and_fro_is_none_and_whoever_may_not_is_told_only_that(desk: Desk) -> None:
    lead = await desk.at_consultant(city="北京")
    tag = await seen(desk, lead)
    for city in ("上海", "北京"):
        await correct(desk, lead, city=city)

    fro = await correct(desk, lead, tag, city="广州")
    stranger = await correct(desk, lead, tag, by="SH01-C1", city="广州")

    assert (fro.status_code, [one["field"] for one in fro.json()["changes"]]) == (412, [])
    assert stranger.status_code == 403
    assert "changes" not in stranger.json()


@pytest.mark.parametrize("who", ["a channel", "the call centre", "by hand"])
async def test_whoever_changes_the_data_makes_a_new_version(desk: Desk, who: str) -> None:
    number = phone()
    lead = await desk.created(phone=number)
    tag = await seen(desk, lead)
    match who:
        case "a channel":
            await desk.send(phone=number, city="成都")
        case "the call centre":
            await desk.task(lead, TaskKind.OUTBOUND_CALL, "call_centre")
            answer = await desk.say(lead, "call-result", CALLER, {"outcome": "qualified", "city": "成都"})
            assert answer.status_code == 200, answer.text
        case _:
            await desk.execute("UPDATE leads SET city = '成都' WHERE id = :lead", lead=lead)

    refused = await correct(desk, lead, tag, city="上海")

    assert refused.status_code == 412
    assert "成都" in [one["now"] for one in refused.json()["changes"]]


async def test_erasure_leaves_nothing_of_what_was_changed(desk: Desk) -> None:
    lead = await desk.created(name="华桂珍", city="北京")
    await correct(desk, lead, name="王秀英", budget="25-30万", city="上海")
    tag = await seen(desk, lead)

    await desk.http.delete(path(lead), headers=headers(HQ))

    assert [row["field"] for row in await desk.rows("SELECT field FROM customer_edits")] == ["erased_at"]
    assert await seen(desk, lead) != tag
    assert (await correct(desk, lead, tag, city="广州")).json()["code"] == "customer_erased"


async def test_what_is_known_already_is_not_sent_again(desk: Desk) -> None:
    lead = await desk.created()
    tag = await seen(desk, lead)

    async def ask(condition: str) -> httpx.Response:
        return await desk.http.get(path(lead), headers={"If-None-Match": condition})

    for condition in (tag, f"W/{tag}", "*", f'"x", {tag}'):
        same = await ask(condition)
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    assert (await ask('"x"')).status_code == 200
    await correct(desk, lead, city="上海")
    assert (await ask(tag)).status_code == 200
    assert (await desk.http.get(path(UUID(int=0)), headers={"If-None-Match": "*"})).status_code == 404


# -- a lead, and its process -------------------------------------------------------------------------------------------


async def lead_tag(desk: Desk, lead: UUID) -> str:
    return (await desk.http.get(f"/api/v1/leads/{lead}")).headers["etag"]


async def state(desk: Desk, lead: UUID, what: str, seen: str | None, **body: Any) -> httpx.Response:
    condition = {} if seen is None else {"If-Match": seen}
    return await desk.http.post(f"/api/v1/leads/{lead}/{what}", json=body, headers=headers(HQ) | condition)


async def test_a_lead_is_reassigned_as_it_was_seen_or_the_lines_since_are_told(desk: Desk) -> None:
    lead = await desk.at_consultant()
    tag = await lead_tag(desk, lead)
    first = await state(desk, lead, "reassign", tag, to_staff="BJ01-C2", reason="请假")

    late = await state(desk, lead, "reassign", tag, to_staff="BJ01-C1", reason="熟客")

    assert (first.status_code, late.status_code) == (200, 412)
    (line,) = late.json()["changes"]
    assert (line["code"], line["by"]["code"]) == ("reassigned", HQ)
    assert "请假" in line["text"] or line["data"]["words"] == "请假"
    again = await state(desk, lead, "reassign", late.headers["etag"], to_staff="BJ01-C1", reason="熟客")
    assert again.status_code == 200


async def test_of_two_who_reassign_at_once_one_wins(desk: Desk) -> None:
    lead = await desk.at_consultant()
    tag = await lead_tag(desk, lead)

    answers = await asyncio.gather(
        *(state(desk, lead, "reassign", tag, to_staff=staff, reason="调整") for staff in ("BJ01-C2", "BJ01-C3"))
    )

    assert sorted(answer.status_code for answer in answers) == [200, 412]


async def test_a_grade_that_was_seen_is_stated_anew_or_not_at_all(desk: Desk) -> None:
    lead = await desk.in_status(Status.NURTURE, grade="C")
    tag = await lead_tag(desk, lead)
    assert (await state(desk, lead, "regrade", tag, grade="B")).status_code == 200

    late = await state(desk, lead, "regrade", tag, grade="A")

    assert (late.status_code, [line["code"] for line in late.json()["changes"]]) == (412, ["regraded"])
    assert (await state(desk, lead, "regrade", None, grade="A")).status_code == 200


async def test_of_two_who_correct_variables_one_is_told_what_the_other_made_of_them(desk: Desk) -> None:
    life = await living(desk, "start -> b:user -> end", {"grade": "B"})
    tag = (await desk.http.get(f"/api/v1/instances/{life.lead}", headers=headers(HQ))).headers["etag"]

    async def say(grade: str) -> httpx.Response:
        body = {"reason": "录入错误", "variables": {"grade": grade}}
        address = f"/api/v1/instances/{life.lead}/variables"
        return await desk.http.post(address, json=body, headers=headers(HQ) | {"If-Match": tag})

    first, late = await say("A"), await say("C")

    assert (first.status_code, late.status_code) == (200, 412)
    assert late.json()["changes"][0]["data"]["changes"] == {"grade": {"before": "B", "after": "A"}}


async def test_an_incident_is_mended_as_it_was_seen(desk: Desk) -> None:
    life = await living(desk, "start -> a:service(ship) -> b:user -> end")
    incident = await life.fail("a")
    tag = (await desk.http.get(f"/api/v1/instances/{life.lead}", headers=headers(HQ))).headers["etag"]
    body = {"reason": "修正", "variables": {"grade": "A"}}
    await desk.http.post(f"/api/v1/instances/{life.lead}/variables", json=body, headers=headers(HQ))

    async def retry(seen: str) -> httpx.Response:
        address = f"/api/v1/incidents/{incident}/retry"
        return await desk.http.post(address, headers=headers(HQ) | {"If-Match": seen})

    late = await retry(tag)
    assert (late.status_code, [line["code"] for line in late.json()["changes"]]) == (412, ["variables_corrected"])
    assert (await retry(late.headers["etag"])).status_code == 200


# -- drafts of tables --------------------------------------------------------------------------------------------------


async def save(
    office: Office, draft: str, seen: str | None, by: str = ANNE, points: str = "600", **more: Any
) -> httpx.Response:
    """What the row ``mid`` brings is another."""
    body = {"cells": [{"row": "mid", "column": "points", "text": points}]} | more
    return await office.ask("PATCH", draft, by, body, match=seen)


async def test_a_draft_is_saved_under_its_tag_instead_of_its_revision(office: Office) -> None:
    draft = await office.draft(office.file())
    shown = await office.ask("GET", draft)

    saved = await save(office, draft, shown.headers["etag"])
    file = await office.ask("PUT", draft, xml=office.file(middle="700"), match=saved.headers["etag"])

    assert (shown.headers["etag"], saved.headers["etag"], file.headers["etag"]) == ('"1"', '"2"', '"3"')
    assert (await office.ask("GET", f"{draft}.dmn")).headers["etag"] == '"3"'


async def test_whoever_saw_an_earlier_revision_is_told_the_cells_that_changed(office: Office) -> None:
    draft = await office.draft(office.file())
    await save(office, draft, '"1"', BEN, note="six hundred")
    body = {"examples": [{"example": "in the middle", "name": "points", "text": "600"}], "revision": 2}
    await office.got("PATCH", draft, ANNE, body)

    late = await save(office, draft, '"1"', points="700")

    problem = late.json()
    assert (late.status_code, problem["code"], late.headers["etag"]) == (412, "changed_meanwhile", '"3"')
    assert [(one["revision"], one["by"]["code"], one["note"]) for one in problem["saves"]] == [
        (3, ANNE, ""),
        (2, BEN, "six hundred"),
    ]
    assert [(one["field"], one["before"], one["now"], one["by"]["code"]) for one in problem["changes"]] == [
        ("rows/mid/points", "500", "600", BEN),
        ("examples/in the middle/expect points", "500", "600", ANNE),
    ]


@pytest.mark.parametrize("below", ["< 90", "< ("], ids=["readable", "unfinished"])
async def test_a_file_that_was_saved_meanwhile_is_told_as_far_as_it_can_be_read(office: Office, below: str) -> None:
    draft = await office.draft(office.file())
    await office.got("PUT", draft, xml=office.file(below=below), revision=1)

    late = await office.ask("PUT", draft, xml=office.file(middle="700"), match='"1"')

    assert (late.status_code, len(late.json()["saves"])) == (412, 1)
    assert [one["before"] for one in late.json()["changes"]] in ([], ["< 100"])


async def test_of_two_who_save_at_once_under_one_tag_one_wins(office: Office) -> None:
    draft = await office.draft(office.file())

    answers = await asyncio.gather(*(save(office, draft, '"1"', by, points=by[-1]) for by in (ANNE, BEN)))

    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert (await office.ask("GET", draft)).headers["etag"] == '"2"'


async def test_a_repeated_save_gets_its_answer_again(office: Office) -> None:
    draft = await office.draft(office.file())
    body = {"cells": [{"row": "mid", "column": "points", "text": "600"}]}
    first = await office.ask("PATCH", draft, body=body, match='"1"', key=f"{office.key}-1")
    await save(office, draft, first.headers["etag"], points="700")

    again = await office.ask("PATCH", draft, body=body, match='"1"', key=f"{office.key}-1")

    assert (again.status_code, again.json(), again.headers["etag"]) == (200, first.json(), '"2"')


async def test_one_of_the_two_has_to_say_which_revision_was_seen(office: Office) -> None:
    draft = await office.draft(office.file())
    for answer in (
        await save(office, draft, None),
        await office.ask("PUT", draft, xml=office.file()),
        await office.ask("POST", f"{draft}/publication", BEN, {"comment": "a"}),
    ):
        assert answer.status_code == 422
        assert [(one["field"], one["code"]) for one in answer.json()["problems"]] == [("revision", "missing")]
    assert (await save(office, draft, "*")).status_code == 200
    contradictory = await save(office, draft, '"2"', revision=1, points="1")
    assert (contradictory.status_code, contradictory.json()["code"]) == (409, "draft_changed")


@pytest.mark.parametrize("what", ["discard", "publish", "comment"])
async def test_what_is_done_to_a_draft_is_done_to_the_one_that_was_seen(office: Office, what: str) -> None:
    draft = await office.draft(office.file())
    await save(office, draft, '"1"')

    async def do(seen: str) -> httpx.Response:
        match what:
            case "discard":
                return await office.ask("DELETE", draft, reason="no", match=seen)
            case "publish":
                body: dict[str, Any] = {"comment": "looked at it"}
                return await office.ask("POST", f"{draft}/publication", BEN, body, match=seen)
            case _:
                body = {"revision": 1, "text": "a"}
                return await office.ask("POST", f"{draft}/comments", BEN, body, match=seen)

    late = await do('"1"')
    good = await do(late.headers["etag"])

    assert (late.status_code, [one["now"] for one in late.json()["changes"]]) == (412, ["600"])
    if what == "publish":  # the example still expects what the draft does not give any more
        assert (good.status_code, good.json()["code"]) == (422, "table_refused")
    else:
        assert good.status_code in (200, 201)
    if what == "discard":
        assert good.headers["etag"] == (await office.ask("GET", draft)).headers["etag"] == '"2.discarded"'


# -- reading conditions ------------------------------------------------------------------------------------------------

_OPAQUE = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0xFF, exclude_characters='"\x7f').filter(
        lambda sign: not 0x7F <= ord(sign) < 0x80
    ),
    max_size=10,
)


@given(st.lists(st.tuples(st.booleans(), _OPAQUE), min_size=1), st.sampled_from([",", " , ", ",,", ", ,\t"]))
def test_every_list_of_tags_is_read_as_it_was_written(tags: list[tuple[bool, str]], comma: str) -> None:
    line = comma.join(f"{'W/' if weak else ''}{etag(opaque)}" for weak, opaque in tags)

    assert parsed("If-Match", [line]) == Versions(any=False, tags=tuple(tags))


@given(st.text(max_size=20))
def test_whatever_is_sent_is_read_or_refused(line: str) -> None:
    try:
        parsed("If-Match", [line])
    except Invalid as refused:
        assert [one.field for one in refused.problems] == ["If-Match"]
