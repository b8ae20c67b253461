"""A lead is found by what a person at the phone has of its customer: ends of numbers, parts of
names, their sound."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import aliased

from cases.actors import EVERYTHING, SYSTEM
from cases.ids import new_id
from domain.leads.reads.sought import read_sought
from store.leads import search
from store.leads.search import Sought
from store.models import Customer
from tests.api.conftest import Desk


async def found(desk: Desk, q: str, **more: Any) -> list[str]:
    return [line["customer"]["name"] for line in (await desk.get("/leads", q=q, **more))["items"]]


PEOPLE = {
    "王小明": {"phone": "13911662097", "wechat": "xiaoming_w88"},
    "小明明": {"phone": "13911662098"},
    "单雄信": {"phone": "13722093456"},
    "吕绿": {"phone": "021-61083457转8012"},
    "欧阳娜娜": {"phone": "18957123406", "wechat": "Nana2097"},
    "Sam O'Brien": {"phone": "+1 415 555 2671"},
    "重庆长江汽车租赁公司": {"phone": "17028461166"},
}

WAYS = [
    ("13911662097", ["王小明"]),
    ("139 1166 2097", ["王小明"]),
    ("+86139-1166-2097", ["王小明"]),
    ("2097", ["王小明"]),
    ("097", ["王小明"]),
    ("1391166", ["王小明", "小明明"]),
    ("139****2097", ["王小明"]),
    ("139xxxx2098", ["小明明"]),
    ("1166", ["重庆长江汽车租赁公司"]),
    ("3457", ["吕绿"]),
    ("021-61083457", ["吕绿"]),
    ("王小明", ["王小明"]),
    (" 王 小明", ["王小明"]),
    ("小明", ["王小明", "小明明"]),
    ("明明", ["小明明"]),
    ("明小明", []),
    ("王", ["王小明"]),
    ("长江汽车", ["重庆长江汽车租赁公司"]),
    ("wangxiaoming", ["王小明"]),
    ("Wang Xiaoming", ["王小明"]),
    ("xiaoming", ["王小明", "小明明"]),
    ("wangx", ["王小明"]),
    ("wxm", ["王小明"]),
    ("shanxiong", ["单雄信"]),
    ("danxiong", ["单雄信"]),
    ("lvlv", ["吕绿"]),
    ("lulv", ["吕绿"]),
    ("lyulv", ["吕绿"]),
    ("ouyangnana", ["欧阳娜娜"]),
    ("oynn", ["欧阳娜娜"]),
    ("chongqing", ["重庆长江汽车租赁公司"]),
    ("sam", ["Sam O'Brien"]),
    ("BRIEN", ["Sam O'Brien"]),
    ("o'brien", ["Sam O'Brien"]),
    ("xiaoming_w88", ["王小明"]),
    ("XIAOMING_", ["王小明"]),
    ("微信:xiaoming_w88", ["王小明"]),
    ("nana20", ["欧阳娜娜"]),
    ("xiaoming%", []),
    ("zhang", ["重庆长江汽车租赁公司"]),
    ("zhao", []),
    ("张", []),
]


@pytest.fixture
async def known(desk: Desk) -> Desk:
    for name, contact in PEOPLE.items():
        answer = await desk.send(name=name, **contact)
        assert answer.json()["verdict"] == "created", answer.text
    return desk


async def test_customers_are_found_by_whatever_is_known_of_them(known: Desk) -> None:
    assert {q: sorted(await found(known, q)) for q, _ in WAYS} == {q: sorted(names) for q, names in WAYS}


async def test_a_lead_is_found_by_its_id_or_the_beginning_of_it(known: Desk) -> None:
    lead = (await known.get("/leads", q="wxm"))["items"][0]["id"]

    assert await found(known, lead) == ["王小明"]
    assert await found(known, f"lead-{lead}") == ["王小明"]
    assert await found(known, lead.replace("-", "").upper()) == ["王小明"]
    assert "王小明" in await found(known, lead[:8])
    assert await found(known, "00000000") == []


async def test_what_is_sought_narrows_like_any_filter(known: Desk) -> None:
    assert await found(known, "小明", created_until="2026-11-01T00:00:00Z") == []
    assert len(await found(known, "小明", limit=1)) == 1


async def test_a_name_is_found_as_it_is_now(known: Desk) -> None:
    lead = (await known.get("/leads", q="wxm"))["items"][0]["id"]
    await known.execute("UPDATE customers SET name = '张伟' WHERE name = '王小明'")

    assert await found(known, "xiaom") == ["小明明", "张伟"]  # the WeChat id is as it was
    assert await found(known, "xiaomingm") == ["小明明"]
    assert await found(known, "zhangwei") == ["张伟"]

    await known.execute("UPDATE customers SET name = NULL, phone = NULL WHERE name = '张伟'")

    assert await found(known, "zw") == []
    assert await found(known, lead) == [None]
    rest = await known.rows("SELECT count(*) AS n FROM customer_keys k JOIN customers c ON c.id = k.customer_id")
    assert rest == [{"n": len(PEOPLE) - 1}]


WALKS = {
    "with known customers": {"FEW": 0},
    "with unknown ones": {"FEW": 0, "MANY": 0},
    "in vain": {"FEW": 0, "MANY": 0, "PATIENCE": 0},
}
"""How the list is walked for what many have."""


@pytest.mark.parametrize("walk", WALKS.values(), ids=WALKS.keys())
@pytest.mark.parametrize("expected", [0, 1_000_000])
async def test_what_many_have_is_found_by_walking_the_list(
    known: Desk, walk: dict[str, int], expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in walk.items():
        monkeypatch.setattr(search, name, value)

    async def told(*_: Any) -> int:
        return expected

    monkeypatch.setattr(search, "_expected", told)

    assert {q: sorted(await found(known, q)) for q, _ in WAYS} == {q: sorted(names) for q, names in WAYS}
    lead = (await known.get("/leads", q="wxm"))["items"][0]["id"]
    assert "王小明" in await found(known, lead[:8])


async def test_pages_of_what_is_sought_are_whole(known: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for sort in ("created", "-created", "-due"):
        lines = (await known.get("/leads", sort=sort))["items"]
        order = [name for line in lines if (name := line["customer"]["name"]) in ("王小明", "小明明")]
        for few in (0, 5_000):
            for patience in (0, 1, 400):
                monkeypatch.setattr(search, "FEW", few)
                monkeypatch.setattr(search, "PATIENCE", patience)
                asked = {"q": "139", "limit": 1, "sort": sort, "total": True}
                first = await known.get("/leads", **asked)
                second = await known.get("/leads", cursor=first["next"], **asked)

                shown = [page["items"][0]["customer"]["name"] for page in (first, second)]
                assert (shown, first["total"], second["next"]) == (order, 2, None), (sort, few, patience)


async def test_names_read_alike_in_the_database_and_by_the_reader(desk: Desk) -> None:
    """Each part of a name finds it, whatever signs stand between: one law for both sides."""
    names = ["阿卜杜拉·买买提", "司马 相如", "李(小)龙", "Anna-Maria", "赵A", "𠮷野家", "诸葛孔明先生"]
    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        for name in names:
            columns = "(id, name, do_not_call, created_at)"
            values = {"id": new_id(), "name": name}
            await tx.session.execute(text(f"INSERT INTO customers {columns} VALUES (:id, :name, false, now())"), values)
        for name in names:
            plain = "".join(sign for sign in name if sign not in " ·()-")
            for length in range(1, len(plain) + 1):
                for start in range(len(plain) - length + 1):
                    piece = plain[start : start + length]
                    if piece.isascii() and start:
                        continue  # Latin words are found from their beginnings
                    (meaning,) = search.meanings(Sought(part=piece.lower()))
                    having = select(Customer.name).where(Customer.id.in_(meaning.customers))
                    assert name in (await tx.session.execute(having)).scalars().all(), (name, piece)
                    one = aliased(Customer)
                    each = select(one.name).where(meaning.has(one.id))
                    assert name in (await tx.session.execute(each)).scalars().all(), (name, piece)


@given(st.text(max_size=60))
def test_whatever_is_typed_can_be_read(typed: str) -> None:
    sought = read_sought(typed)

    assert sought.tail is None or sought.tail.isdigit()
    assert sought.letters is None or (sought.letters.isascii() and sought.letters == sought.letters.lower())
