"""Erasure reaches every column that can hold a customer's words, and what was refused with their
contact in it (F3)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import ARRAY, String
from sqlalchemy.dialects.postgresql import JSONB

from cases.actors import EVERYTHING, SYSTEM
from domain.cleaning.trace import marks, trace
from domain.rounds import laws
from domain.rounds.laws import Every
from domain.rounds.registry import House, Part, Turn, refused_submissions
from store.engine import case_words
from store.models import Base
from tests.api.conftest import NOW, Desk, headers
from tests.personal import DECLARED, PERSONAL, RECORDS, words_of_schema

CANARY = "canary77"
OWNER, HQ = "BJ01-C1", "HQ-01"


def test_every_column_that_can_hold_words_is_declared_once() -> None:
    declared = [column for columns in DECLARED for column in columns]
    assert sorted(declared) == sorted(words_of_schema())


async def holding(desk: Desk, sign: str = CANARY) -> set[str]:
    """The columns in which it stands somewhere."""
    found = set[str]()
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            query = f'SELECT 1 FROM "{table.name}" WHERE "{column.name}"::text ~* :sign LIMIT 1'
            if f"{table.name}.{column.name}" in words_of_schema() and await desk.rows(query, sign=sign):
                found.add(f"{table.name}.{column.name}")
    return found


async def erased(desk: Desk, lead: UUID) -> httpx.Response:
    answer = await desk.http.delete(f"/api/v1/leads/{lead}/customer", headers=headers(HQ))
    assert answer.status_code == 200, answer.text
    return answer


async def written(desk: Desk) -> UUID:
    """A lead of which everybody says all that they can say, with a canary in each field that takes
    words."""
    lead = await desk.at_consultant(
        OWNER, name=CANARY, note=CANARY, wechat=CANARY, campaign=CANARY, external_id=CANARY, company=CANARY,
        city=CANARY, province=CANARY, district=CANARY, utm_term=CANARY, email=f"{CANARY}@example.cn",
        consent={"purposes": [CANARY], "version": CANARY},
    )  # fmt: skip
    by = headers(OWNER)
    about = {"name": f"{CANARY}甲", "labels": [CANARY], "company": f"{CANARY}2", "do_not_call": True, "reason": CANARY}
    answer = await desk.http.patch(f"/api/v1/leads/{lead}/customer", json=about, headers=by)
    assert answer.status_code == 200, answer.text
    for what, who, body in (
        ("follow-ups", OWNER, {"content": CANARY, "answer": CANARY}),
        ("reassign", HQ, {"to_staff": "BJ01-C2", "reason": CANARY}),
    ):
        said = await desk.say(lead, what, who, body)
        assert said.status_code == 200, said.text
    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:  # as a task of a kind without laws of its own
        await case_words.write(tx, lead, desk.clock.now(), {"remark": CANARY, "missing": [CANARY, CANARY]})
    return lead


async def test_words_of_people_stand_in_declared_columns_only_and_are_gone_after_erasure(desk: Desk) -> None:
    lead = await written(desk)
    before = await holding(desk)
    assert before <= PERSONAL | RECORDS, "a column that is declared to hold codes holds a word"
    assert len(before) > 15
    await erased(desk, lead)
    assert await holding(desk) == set()


async def test_every_personal_column_is_reached(desk: Desk) -> None:
    """Whatever stands in them, and whoever wrote it."""
    lead = await written(desk)
    (row,) = await desk.rows("SELECT customer_id FROM whole_leads WHERE id = :lead", lead=lead)
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if f"{table.name}.{column.name}" in PERSONAL:
                await plant(desk, table.name, column.name, column.type, lead, row["customer_id"])
    assert await holding(desk) >= PERSONAL
    await erased(desk, lead)
    assert await holding(desk) == set()


async def plant(desk: Desk, table: str, column: str, kind: Any, lead: UUID, customer: UUID) -> None:
    value = f"'{CANARY}'"
    if isinstance(kind, JSONB):
        value = f"""'{{"words": "{CANARY}"}}'"""
        value = f"""'["{CANARY}"]'""" if column == "consents" else value
    elif isinstance(kind, ARRAY):
        value = f"ARRAY['{CANARY}']"
    else:
        assert isinstance(kind, String)
    of_customer = {"customers": "id", "customer_keys": "customer_id", "customer_edits": "customer_id"}
    if table == "vehicles":
        await desk.execute("INSERT INTO vehicles (id, vin) VALUES (:lead, 'L') ON CONFLICT DO NOTHING", lead=lead)
        await desk.execute("UPDATE cases SET vehicle_id = :lead WHERE id = :lead", lead=lead)
    of_lead = "case_id" if "case_id" in Base.metadata.tables[table].c else "lead_id"
    owner = f"{of_customer[table]} = :customer" if table in of_customer else f"{of_lead} = :lead"
    owner = "id = :lead" if table in ("leads", "vehicles") else owner
    where = f"{owner} AND kind = 'reassign'" if table == "assignments" else owner
    await desk.execute(f'UPDATE "{table}" SET "{column}" = {value} WHERE {where}', lead=lead, customer=customer)


# -- what was refused ----------------------------------------------------------------------------

PHONE, NATIONAL = "+8613911662097", "13911662097"
SPELLINGS = [
    {"phone": "139 1166 2097"},
    {"phone": "１３９-１１６６-２０９７"},
    {"phone": "+86 (139) 1166.2097"},
    {"phone": "0086 139 1166 2097"},
    {"phone": "幺三九幺幺六六二零九七"},
    {"phone": 13911662097.0},
    {"phone": 13911662097},
    {"phone": "13911662097/13800001111"},
    {"phone": "1", "note": "请打 139-1166-2097，姓华"},
    {"phone": "1", "other": {"deep": ["电话", "139·1166·2097"]}},
    {"phone": "1", "note": "长" * 3_000 + NATIONAL},
    {"phone": "1", "wechat": "Hua_GuiZhen"},
    {"phone": "1", "note": "微信ＨＵＡ_ＧＵＩＺＨＥＮ，晚上联系"},
]
OTHERS = [
    {"phone": "139 1166 2098"},
    {"phone": "1391166209"},
    {"phone": "1", "wechat": "hua_guizhen2"},
    {"phone": "1", "note": "微信 xhua_guizhen"},
]


async def refused(desk: Desk, sent: dict[str, Any]) -> UUID:
    """A submission that is kept as refused, whatever is in it; named by the canary."""
    before = {one["id"] for one in await desk.rows("SELECT id FROM submissions")}
    answer = await desk.http.post("/api/v1/leads", json=sent | {"name": CANARY, "channel": "nowhere"})
    assert answer.status_code == 422, answer.text
    (new,) = {one["id"] for one in await desk.rows("SELECT id FROM submissions")} - before
    return new


async def test_what_was_refused_with_a_persons_contact_goes_with_them_in_whatever_spelling(desk: Desk) -> None:
    theirs = {await refused(desk, sent) for sent in SPELLINGS}
    others = {await refused(desk, sent) for sent in OTHERS}
    lead = await desk.created(phone=NATIONAL, wechat="hua_guizhen", name="华桂珍")
    await erased(desk, lead)
    left = {one["id"] for one in await desk.rows("SELECT id FROM submissions WHERE raw <> '{}' AND lead_id IS NULL")}
    assert left == others and not left & theirs
    rows = await desk.rows("SELECT verdict, reasons, trace FROM submissions WHERE id = ANY (:ids)", ids=sorted(theirs))
    assert {(one["verdict"], bool(one["reasons"]), one["trace"]) for one in rows} == {("rejected", True, None)}


async def test_numbers_that_a_person_had_before_count_too(desk: Desk) -> None:
    old, older = await refused(desk, {"phone": "138-2222-3333"}), await refused(desk, {"wechat": "former_id"})
    lead = await desk.at_consultant(OWNER, phone="13822223333", wechat="former_id")
    body = {"phone": NATIONAL, "wechat": "hua_guizhen"}
    answer = await desk.http.patch(f"/api/v1/leads/{lead}/customer", json=body, headers=headers(OWNER))
    assert answer.status_code == 200, answer.text
    await erased(desk, lead)
    left = await desk.rows("SELECT id FROM submissions WHERE raw <> '{}'")
    assert not {old, older} & {one["id"] for one in left}


async def test_rows_from_before_traces_were_kept_are_searched_as_they_were_sent(desk: Desk) -> None:
    theirs = await refused(desk, {"phone": "1", "note": "１３９ 1166-2097"})
    other = await refused(desk, {"phone": "1", "note": "139 1166 2098"})
    await desk.execute("UPDATE submissions SET trace = NULL")
    await erased(desk, await desk.created(phone=NATIONAL))
    left = await desk.rows("SELECT id FROM submissions WHERE raw <> '{}' AND lead_id IS NULL")
    assert [one["id"] for one in left] == [other] != [theirs]


async def test_who_was_settled_to_be_the_same_person_is_erased_with_them(desk: Desk) -> None:
    """From either end: of three leads that a call attached to one another, with three customers."""
    first, second, third, stranger = [await desk.created(name=CANARY) for _ in range(3)] + [await desk.created()]
    for lead, to in ((second, first), (third, second)):
        await desk.execute("UPDATE cases SET status = 'attached' WHERE id = :lead", lead=lead)
        await desk.execute("UPDATE leads SET attached_to = :to WHERE id = :lead", lead=lead, to=to)
    answer = await erased(desk, third)
    assert set(answer.json()["leads"]) == {str(one) for one in (first, second, third)}
    assert await holding(desk) == set()
    assert await desk.rows("SELECT 1 FROM whole_leads WHERE id = :lead AND status = 'erased'", lead=stranger) == []


@pytest.mark.parametrize(("days", "left"), [(29, 1), (31, 0)])
async def test_what_was_refused_is_emptied_when_its_time_is_over(desk: Desk, days: int, left: int) -> None:
    kept = await desk.created(name=CANARY)
    await refused(desk, {"phone": "1"})
    at = NOW + timedelta(days=days)

    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        tonight = laws.period_of(Every.DAY, at)
        turn = Turn(tx, at, tonight, None, timedelta(), timedelta(), House(refused_days=30), tell=print)
        emptied = [await refused_submissions(turn) for _ in range(2)]

    assert emptied == [Part(1 - left), Part(0)]
    rows = await desk.rows("SELECT received_at, verdict FROM submissions WHERE raw <> '{}' AND lead_id IS NULL")
    assert len(rows) == left
    (one,) = await desk.rows("SELECT received_at, verdict FROM submissions WHERE lead_id IS NULL")
    assert one == {"received_at": NOW, "verdict": "rejected"}, "it is still counted"
    assert kept and "leads.raw" in await holding(desk)


SEPARATORS = st.sampled_from(["", " ", "-", ".", " - ", "·", "/", "（", "）", "\u3000"])
SCRIPTS = st.sampled_from(["0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩"])


@given(data=st.data(), before=st.text(max_size=40), after=st.text(max_size=40))
def test_a_number_is_found_in_any_text_however_its_digits_are_written(
    data: st.DataObject, before: str, after: str
) -> None:
    typed = "".join(
        data.draw(SCRIPTS)[int(digit)] + data.draw(SEPARATORS)
        for digit in data.draw(st.sampled_from(["", "86"])) + NATIONAL
    )
    (mark,) = marks([PHONE], []).digits
    assert any(mark in line for line in trace({"x": [before + typed + after]}).split("\n"))


@given(
    sent=st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)
    )
)
def test_a_trace_is_made_of_anything_and_holds_no_number_that_is_not_there(sent: Any) -> None:
    assert NATIONAL not in trace(sent)
