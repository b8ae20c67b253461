"""``POST /tasks/{id}/complete``: tasks of all kinds by one door, with the law of the leads' own
statements."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from cases.ids import new_id
from cases.messages import Words
from cases.states import Role, Status, TaskKind
from cases.task_kind import FormField, OutcomeDeclared, Says, TaskKindDeclared
from domain import kinds
from domain.leads.kind import LEAD
from domain.leads.statements import forms
from domain.leads.tasks import TASKS
from tests.api.conftest import NOW, Desk, headers

OWNER, COLLEAGUE, MANAGER, AGENT, HQ = "BJ01-C1", "BJ01-C2", "BJ01-M1", "CC-01", "HQ-01"


async def complete(
    desk: Desk,
    task: UUID | str,
    by: str | None,
    outcome: str,
    fields: Mapping[str, Any] | None = None,
    words: Mapping[str, Any] | None = None,
    **more: Any,
) -> httpx.Response:
    body = {"outcome": outcome, "fields": fields or {}, "words": words or {}}
    return await desk.http.post(f"/api/v1/tasks/{task}/complete", json=body, headers=headers(by, **more))


async def task_of(desk: Desk, lead: UUID) -> str:
    return (await desk.get(f"/leads/{lead}"))["tasks"][0]["id"]


def problems(answer: httpx.Response) -> list[tuple[str, str]]:
    return [(one["field"], one["code"]) for one in answer.json()["problems"]]


async def won(desk: Desk) -> UUID:
    """A lead whose purchase is agreed for a later day."""
    lead = await desk.at_consultant(OWNER)
    later = {"number": f"HT-{lead}", "price": 250_000, "payment": "later", "purchase_on": "2026-12-20T00:00:00+08:00"}
    answer = await desk.say(lead, "win", OWNER, {**later, "model": "森林人"})
    assert answer.status_code == 200, answer.text
    await desk.execute("UPDATE cases SET status = 'won' WHERE id = :lead", lead=lead)
    return lead


async def stands_before(desk: Desk, kind: TaskKind) -> tuple[UUID, str, str]:
    """A lead with an open task of this kind, and who may do it."""
    match kind:
        case TaskKind.FIRST_FOLLOW_UP:
            lead = await desk.at_consultant(OWNER)
            return lead, await task_of(desk, lead), OWNER
        case TaskKind.NEXT_FOLLOW_UP:
            lead = await desk.at_consultant(OWNER)
            await desk.say(lead, "follow-ups", OWNER)
            return lead, str(await desk.task(lead, kind, "consultant", owner=OWNER)), OWNER
        case TaskKind.CONFIRM_CLOSING:
            lead = await desk.at_consultant(OWNER)
            await desk.say(lead, "lose", OWNER, {"reason": "price"})
            return lead, str(await desk.task(lead, kind, "dealer_manager", dealer="BJ01")), MANAGER
        case TaskKind.CONFIRM_UNDO:
            lead = await won(desk)
            answer = await desk.say(lead, "wrong-win", OWNER, {"reason": "not_signed", "content": "客户没有签字"})
            assert answer.status_code == 200, answer.text
            return lead, str(await desk.task(lead, kind, "dealer_manager", dealer="BJ01")), MANAGER
        case TaskKind.FIRM_UP:
            lead = await won(desk)
            return lead, str(await desk.task(lead, kind, "consultant", owner=OWNER)), OWNER
        case TaskKind.HQ_DECISION:
            lead = await desk.at_consultant(OWNER)
            await desk.execute("UPDATE tasks SET status = 'withdrawn' WHERE case_id = :lead", lead=lead)
            return lead, str(await desk.task(lead, kind, "hq")), HQ
        case _:
            lead = await desk.in_status(Status.LOST if kind is TaskKind.RECALL else Status.NURTURE)
            return lead, str(await desk.task(lead, kind, "call_centre")), AGENT


def samples(other: UUID) -> dict[str, Any]:
    """What somebody could say in each field."""
    return {
        **{"channel": "wechat", "stage": "visited", "grade": "B", "number": "HT-7", "price": 260_000},
        **{"payment": "deposit", "deposit": 5_000, "test_drive": True, "trade_in": False, "insist": True},
        **{"next_at": "2026-11-22T10:00:00+08:00", "signed_at": "2026-11-20T10:00:00+08:00"},
        **{"purchase_on": "2026-12-24T00:00:00+08:00", "duplicate_of": str(other), "to_staff": COLLEAGUE},
        **{"content": "客户说月底再谈", "answer": "下周来看车", "comment": "同意他的看法", "labels": ["四驱"]},
        **{"name": "周敏", "phone": "13911662097", "wechat": "zhoumin_88", "model": "森林人", "budget": "28万左右"},
        **{
            "purchase_time": "两周内",
            "trade_in_plate": "京A12345",
            "province": "北京",
            "city": "北京",
            "district": "朝阳区",
        },
    }


ENDS = [(TaskKind(kind.kind), outcome) for kind in TASKS for outcome in kind.outcomes]


@pytest.mark.parametrize(("kind", "outcome"), ENDS, ids=[f"{kind}-{outcome.code}" for kind, outcome in ENDS])
async def test_every_task_about_a_lead_ends_in_each_of_its_outcomes(
    desk: Desk, kind: TaskKind, outcome: OutcomeDeclared
) -> None:
    lead, task, by = await stands_before(desk, kind)
    sample = samples(await desk.created()) | {"reason": "临时调整"}
    told_before = len(await desk.told(lead))
    answer: dict[str, dict[str, Any]] = {"fields": {}, "words": {}}
    for one in outcome.fields:
        if one.name in ("to_dealer",) or (kind is TaskKind.FIRM_UP and one.name == "grade"):
            continue
        value = one.codes[0] if one.name == "reason" and one.codes else sample[one.name]
        answer["words" if one.worded else "fields"][one.name] = value

    missing = {
        one.name: await complete(
            desk,
            task,
            by,
            outcome.code,
            *({name: value for name, value in part.items() if name != one.name} for part in answer.values()),
        )
        for one in outcome.needs
    }
    done = await complete(desk, task, by, outcome.code, answer["fields"], answer["words"])
    again = await complete(desk, task, by, outcome.code, answer["fields"], answer["words"])

    for one in outcome.needs:
        section = "words" if one.worded else "fields"
        assert problems(missing[one.name]) == [(f"{section}/{one.name}", "missing")]
    assert done.status_code == 200, done.text
    assert done.json() == {
        "task_id": task,
        "case_id": str(lead),
        "kind": kind.value,
        "outcome": outcome.code,
        "late": False,
        "at": "2026-11-21T08:00:00Z",
    }
    assert (again.status_code, again.json()["code"]) == (409, "task_done")
    told = (await desk.messages(lead))[told_before:]
    assert [kind for kind, _ in told] == ["task_completed"]
    assert (told[0][1]["task_id"], told[0][1]["outcome"]) == (task, outcome.code)
    shown = await desk.get(f"/tasks/{task}")
    assert (shown["status"], shown["refused"]["code"]) == ("done", "task_done")
    assert shown["result"]["outcome"] == outcome.code
    running = await desk.rows("SELECT kind FROM sla_clocks WHERE case_id = :lead AND stopped_at IS NULL", lead=lead)
    assert kind.value not in {row["kind"] for row in running}


BODIES = {
    (TaskKind.NEXT_FOLLOW_UP, "continue"): (forms.FollowUpBody, {"stage"}, {"reached"}),
    (TaskKind.NEXT_FOLLOW_UP, "won"): (forms.WinBody, set(), set()),
    (TaskKind.NEXT_FOLLOW_UP, "lost"): (forms.LoseBody, set(), set()),
    (TaskKind.NEXT_FOLLOW_UP, "invalid"): (forms.InvalidateBody, set(), set()),
    (TaskKind.NEXT_FOLLOW_UP, "cooled"): (forms.CoolBody, set(), set()),
    (TaskKind.CONFIRM_CLOSING, "confirmed"): (forms.ConfirmBody, set(), {"approve"}),
    (TaskKind.OUTBOUND_CALL, "qualified"): (forms.CallResultBody, set(), {"outcome", "duplicate_of", "reason"}),
    (TaskKind.INTENT_CHECK, "raised"): (forms.IntentBody, set(), {"outcome"}),
    (TaskKind.RECALL, "raised"): (forms.RecallBody, set(), {"outcome"}),
    (TaskKind.HQ_DECISION, "lost"): (forms.HqDecisionBody, set(), {"decision"}),
    (TaskKind.HQ_DECISION, "assigned"): (forms.ReassignBody, set(), set()),
}


@pytest.mark.parametrize(("kind", "outcome"), BODIES, ids=str)
def test_both_doors_take_the_same_fields(kind: TaskKind, outcome: str) -> None:
    """A field that a statement learns has to be one of its task's, too."""
    body, ours, theirs = BODIES[kind, outcome]
    declared = kinds.task_kinds()[kind].outcome(outcome)
    assert declared is not None

    assert {one.name for one in declared.fields} - ours == body.model_fields.keys() - {"task_id"} - theirs


async def test_both_doors_leave_the_same(desk: Desk) -> None:
    by_statement, by_task = await desk.at_consultant(OWNER), await desk.at_consultant(OWNER)

    await desk.say(by_statement, "visit", OWNER, {"content": "看了两款车", "grade": "A"})
    done = await complete(
        *(desk, await task_of(desk, by_task), OWNER, "continue", {"stage": "visited", "grade": "A"}),
        {"content": "看了两款车"},
    )

    assert done.status_code == 200, done.text
    left = []
    for lead in (by_statement, by_task):
        lines = await desk.rows("SELECT code, data FROM timeline WHERE case_id = :lead ORDER BY number", lead=lead)
        spoken = await desk.rows("SELECT channel, outcome, stage FROM follow_ups WHERE lead_id = :lead", lead=lead)
        kept = await desk.rows(
            "SELECT r.outcome, r.fields FROM task_results r JOIN tasks t ON t.id = r.task_id WHERE t.case_id = :lead",
            lead=lead,
        )
        told = (await desk.messages(lead))[-1]
        for one in (lines[-1]["data"], told[1], kept[0]["fields"]):
            one.pop("task_id", None)
        left.append((lines[-1], spoken, kept, told))
    assert left[0] == left[1]
    assert left[0][2] == [{"outcome": "continue", "fields": {"channel": "visit", "grade": "A", "stage": "visited"}}]


@pytest.mark.parametrize("first", ["statement", "task"])
async def test_of_both_doors_one_wins(desk: Desk, first: str) -> None:
    lead = await desk.at_consultant(OWNER)
    task = await task_of(desk, lead)
    doors = [
        desk.say(lead, "follow-ups", OWNER, {"content": "介绍了四驱系统", "task_id": task}),
        complete(desk, task, MANAGER, "cooled", words={"content": "客户想再等等"}),
    ]

    answers = await asyncio.gather(*(doors if first == "statement" else reversed(doors)))

    assert sorted(one.status_code for one in answers) == [200, 409]
    assert next(one for one in answers if one.status_code == 409).json()["code"] == "task_done"
    assert (await desk.told(lead)).count("task_completed") == 1
    assert len(await desk.rows("SELECT task_id FROM task_results")) == 1


async def test_the_same_request_is_answered_the_same_and_done_once(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)
    task = await task_of(desk, lead)

    answers = [
        await complete(desk, task, OWNER, "cooled", words={"content": "客户想再等等"}, key="k1") for _ in range(2)
    ]

    assert answers[0].json() == answers[1].json()
    assert [one.headers.get("Idempotency-Replayed") for one in answers] == [None, "true"]
    assert (await desk.told(lead)).count("task_completed") == 1


async def test_what_a_law_refuses_is_said_where_the_answer_has_it(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)
    task = await task_of(desk, lead)
    sold = {"number": "HT-9", "price": 1_000}

    refused = [
        await complete(desk, task, OWNER, "continue", words={"content": "。"}),
        await complete(desk, task, OWNER, "continue", {"next_at": "2026-11-01T10:00:00+08:00"}, {"content": "谈了"}),
        await complete(desk, task, OWNER, "won", sold, {"model": "高尔夫"}),
        await complete(desk, task, OWNER, "won", sold | {"payment": "deposit"}),
        await complete(desk, task, OWNER, "sold"),
    ]

    assert [problems(one) for one in refused] == [
        [("words/content", "says_nothing")],
        [("fields/next_at", "in_past")],
        [("words/model", "unknown_model")],
        [("fields/deposit", "deposit_required")],
        [("outcome", "not_in_list")],
    ]
    assert (await desk.get(f"/tasks/{task}"))["status"] == "open"
    allowed = refused[-1].json()["problems"][0]["cure"]
    assert allowed == "允许的值：continue, won, lost, invalid, cooled"


async def test_a_misspelt_field_has_its_cure_in_both_languages(desk: Desk) -> None:
    lead = await desk.at_consultant(OWNER)
    task = await task_of(desk, lead)

    said = [
        (await complete(desk, task, OWNER, "lost", {"raeson": "price"}, language=language)).json()["problems"]
        for language in ("zh", "en")
    ]

    assert [[one["cure"] for one in several] for several in said] == [
        ["请填写该字段", "是否应为 fields/reason？"],
        ["Give this field", "Did you mean fields/reason?"],
    ]


@pytest.mark.parametrize(
    ("by", "code"),
    [(COLLEAGUE, "not_yours"), ("SH01-C1", "other_dealer"), (AGENT, "role_not_allowed"), (None, "actor_required")],
)
async def test_who_may_not_do_it_is_told_so_by_the_sheet_and_by_the_door(desk: Desk, by: str | None, code: str) -> None:
    lead = await desk.at_consultant(OWNER)
    task = await task_of(desk, lead)

    sheet = (await desk.http.get(f"/api/v1/tasks/{task}", headers=headers(by, language="en"))).json()
    answer = await complete(desk, task, by, "cooled", words={"content": "想再等等"}, language="en")
    malformed = [
        await complete(desk, task, by, "no_such_outcome", language="en"),
        await complete(desk, task, by, "won", {"price": "?"}, language="en"),
        await complete(desk, task, by, "cooled", words={"no_such_field": "x"}, language="en"),
    ]

    assert (answer.status_code, answer.json()["code"]) == (403, code)
    # Whoever may not do it does not learn from a refusal what its form holds.
    assert [(one.status_code, one.json()["detail"]) for one in malformed] == [(403, answer.json()["detail"])] * 3
    if by is None:
        assert sheet["refused"] is None
    else:
        assert (sheet["refused"]["code"], sheet["refused"]["message"]) == (code, answer.json()["detail"])
    assert sheet["words"] == "first follow-up"
    assert [one["code"] for one in sheet["outcomes"]] == ["continue", "won", "lost", "invalid", "cooled"]
    assert sheet["outcomes"][1] == {
        "code": "won",
        "words": "won",
        "needs": ["number", "price"],
        "takes": ["model", "payment", "deposit", "purchase_on", "signed_at"],
    }


async def test_who_asked_for_an_undo_reads_that_another_decides(desk: Desk) -> None:
    lead = await won(desk)
    await desk.say(lead, "wrong-win", MANAGER, {"reason": "not_signed", "content": "客户没有签字"})
    task = str(await desk.task(lead, TaskKind.CONFIRM_UNDO, "regional_manager"))

    sheet = (await desk.http.get(f"/api/v1/tasks/{task}", headers=headers(MANAGER))).json()
    answer = await complete(desk, task, MANAGER, "confirmed")

    assert sheet["refused"]["code"] == answer.json()["code"] == "own_request"


async def test_a_task_that_there_is_not(desk: Desk) -> None:
    answer = await complete(desk, new_id(), OWNER, "continue")

    assert (answer.status_code, answer.json()["code"]) == (404, "task_not_found")


# -- a kind without laws of its own --------------------------------------------------------------

CHECK = TaskKindDeclared(
    "check_papers",
    Words("核对资料", "check of papers"),
    frozenset({Role.DEALER_MANAGER, Role.FINANCE, Role.REGIONAL_MANAGER, Role.MARKETING}),
    (
        OutcomeDeclared(
            "complete",
            Words("齐全", "complete"),
            needs=(FormField("pages", Words("页数", "Pages"), Says.WHOLE, least=1, most=999),),
            takes=(
                FormField("file", Words("卷宗号", "File number"), Says.KEY),
                FormField("remark", Words("备注", "Remark"), Says.TEXT),
            ),
        ),
        OutcomeDeclared(
            "lacking", Words("不齐", "lacking"), needs=(FormField("what", Words("缺什么", "What"), Says.TEXTS),)
        ),
    ),
    may_wait=True,
)


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(
        kinds, "KINDS", {"lead": LEAD, "papers": replace(LEAD, name="papers", tasks=(CHECK,), roles=CHECK.roles)}
    )
    kinds.task_kinds.cache_clear()
    yield
    kinds.task_kinds.cache_clear()


async def a_case(desk: Desk, about: UUID | None = None, dealer: str = "BJ01") -> UUID:
    """A case of a kind that is no lead, at a dealer, about the customer of a lead."""
    case = new_id()
    await desk.execute(
        "INSERT INTO cases (id, kind, process_key, process_version, process_sha256, place, customer_id, about_id,"
        " dealer_id, region, status, lamp, opened_at, life, facts, message_seq)"
        " SELECT :id, 'papers', 'papers', 1, '', '[]', (SELECT customer_id FROM cases WHERE id = :about), :about,"
        " d.id, d.region, 'open', 'green', :at, 1, '{}', 0 FROM dealers d WHERE d.code = :dealer",
        id=case,
        about=about,
        at=NOW,
        dealer=dealer,
    )
    return case


@pytest.mark.usefixtures("declared")
async def test_a_task_of_another_kind_of_case_is_completed_by_its_form(desk: Desk) -> None:
    case = await a_case(desk)
    task = await desk.task(case, "check_papers", "dealer_manager", dealer="BJ01")  # type: ignore[arg-type]
    desk.clock.move(timedelta(hours=25))

    lacking = await complete(desk, task, MANAGER, "complete")
    by_other = await complete(desk, task, "SH01-M1", "complete", {"leaves": 12})
    done = await complete(desk, task, MANAGER, "complete", {"pages": 12, "file": "BJ-7"}, {"remark": "王先生已补签"})

    assert problems(lacking) == [("fields/pages", "missing")]
    assert (by_other.status_code, by_other.json()["code"]) == (403, "other_dealer")
    assert (done.status_code, done.json()["late"]) == (200, True)
    assert await desk.rows("SELECT outcome, fields FROM task_results") == [
        {"outcome": "complete", "fields": {"pages": 12, "file": "BJ-7"}}
    ]
    (word,) = await desk.rows("SELECT case_id, by, field, text FROM case_words")
    assert (word["case_id"], word["field"], word["text"]) == (case, "remark", "王先生已补签")
    assert word["by"].startswith("staff:")
    # What somebody typed does not travel, whatever its field is called.
    assert await desk.messages(case) == [("task_completed", {"task_id": str(task), "outcome": "complete", "pages": 12})]
    (line,) = await desk.rows("SELECT code, data FROM timeline WHERE case_id = :case", case=case)
    assert (line["code"], line["data"]["late"]) == ("task_completed", True)
    assert await desk.rows("SELECT id FROM sla_clocks WHERE stopped_at IS NULL") == []


@pytest.mark.usefixtures("declared")
async def test_two_people_at_once_complete_it_once(desk: Desk) -> None:
    case = await a_case(desk)
    task = await desk.task(case, "check_papers", "dealer_manager", dealer="BJ01")  # type: ignore[arg-type]

    answers = await asyncio.gather(
        *(complete(desk, task, MANAGER, "lacking", words={"what": ["身份证", "保单"]}) for _ in range(3))
    )

    assert sorted(one.status_code for one in answers) == [200, 409, 409]
    assert [row["text"] for row in await desk.rows("SELECT text FROM case_words ORDER BY text")] == ["保单", "身份证"]


@pytest.mark.usefixtures("declared")
async def test_an_erasure_empties_what_was_written_about_the_customers_cases(desk: Desk) -> None:
    lead, stranger = await desk.at_consultant(OWNER), await desk.at_consultant(OWNER)
    cases = [await a_case(desk, about) for about in (lead, lead, stranger)]
    tasks = [
        await desk.task(case, "check_papers", "dealer_manager", dealer="BJ01")  # type: ignore[arg-type]
        for case in cases
    ]
    for task in (tasks[0], tasks[2]):
        await complete(desk, task, MANAGER, "lacking", words={"what": ["周敏的身份证"]})

    erased = await desk.http.delete(f"/api/v1/leads/{lead}/customer", headers=headers(HQ))
    later = await complete(desk, tasks[1], MANAGER, "lacking", words={"what": ["周敏的保单"]})

    assert erased.status_code == 200, erased.text
    words = await desk.rows("SELECT case_id, text FROM case_words")
    assert {row["case_id"]: row["text"] for row in words} == {cases[0]: "", cases[2]: "周敏的身份证"}
    assert (later.status_code, later.json()["code"]) == (409, "customer_erased")
