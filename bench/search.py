"""Search: how long people wait for a lead by what they know of its customer, among very many."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from random import Random
from uuid import UUID

import httpx

from bench.report import Cell, Result
from bench.samples import a_lead
from bench.stack import Stack, spent
from cases.ids import new_id

AIM = 50.0
"""Milliseconds until the answer, of everything that is sought."""

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢傅钟"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉建国志文小红春梅海燕雪峰鹏辉鑫波斌宇浩凯健俊帆雨婷晨佳怡子轩涵梓"
)

ASKED: Mapping[str, str] = {
    "a whole number": "{phone}",
    "the last four digits": "{last}",
    "the last eight digits": "{eight}",
    "the first seven digits": "{first}",
    "the first three digits": "{begin}",
    "a masked number": "{masked}",
    "a whole name": "{name}",
    "a given name": "{given}",
    "a family name that many have": "王",
    "a family name that one in 140 has": "杜",
    "a name that one in 500 has": "王伟",
    "a name in pinyin": "wangxiaoming",
    "a family name in pinyin": "wang",
    "a family name and a letter": "wangw",
    "three initials": "wxm",
    "two initials": "xm",
    "how each WeChat id begins": "wx",
    "a WeChat id": "{wechat}",
    "the lead's id": "{lead}",
    "letters that are not there": "zzzyyyxxx",
    "a name that is not there": "王啊",
    "digits that are not there": "12345678",
}


NAME_KEYS = """
INSERT INTO customer_keys
SELECT c.id, named.keys FROM customers c
JOIN (SELECT name, name_keys(name) AS keys FROM (SELECT DISTINCT name FROM customers) each) named USING (name)
ORDER BY c.id ON CONFLICT DO NOTHING
"""
"""The pieces of all names at once, as the trigger of ``customers`` makes them one by one."""

_CASES = """
INSERT INTO cases SELECT made.* FROM cases k CROSS JOIN customers c CROSS JOIN LATERAL
jsonb_populate_record(k, jsonb_build_object('id', c.id, 'customer_id', c.id, 'status', 'archived', 'next_due_at', NULL,
                                            'opened_at', now() - random() * interval '900 days')) made
WHERE k.id = $1 AND c.id <> (SELECT customer_id FROM whole_leads WHERE id = $1)
"""
_LEADS = """
INSERT INTO leads SELECT made.* FROM leads l CROSS JOIN customers c CROSS JOIN LATERAL
jsonb_populate_record(l, jsonb_build_object('id', c.id)) made
WHERE l.id = $1 AND c.id <> (SELECT customer_id FROM cases WHERE id = $1)
"""


async def measure(stack: Stack, *, customers: int, rounds: int) -> Result:
    """Asks for each kind of knowledge ``rounds`` times, about another customer each time."""
    known = await _fill(stack, customers)
    rows: list[Mapping[str, Cell]] = []
    async with httpx.AsyncClient(base_url=stack.api, timeout=60) as http:
        floor, cpu = await _waits(stack, http, [{} for _ in range(rounds)])
        rows.append(_row("the newest leads, nothing sought (floor)", floor, floor, cpu))
        for what, pattern in ASKED.items():
            asked = [{"q": pattern.format(**known[number % len(known)])} for number in range(rounds)]
            waits, cpu = await _waits(stack, http, asked)
            rows.append(_row(what, waits, floor, cpu))
    worst = max(float(row["median ms"] or 0) for row in rows)
    return Result(
        "search",
        f"Search among {customers:,} customers: the slowest kind takes {worst:.1f} ms (aim {AIM:.0f})",
        tuple(rows),
        {"worst_ms": worst},
        ("through the API, a page of 50, one request at a time; the floor is the same list without a search",),
    )


def _row(what: str, waits: list[float], floor: list[float], cpu: float) -> Mapping[str, Cell]:
    middle = statistics.median(waits)
    return {
        "sought": what,
        "median ms": middle,
        "slowest ms": max(waits),
        "times the floor": middle / statistics.median(floor),
        "CPU ms: api + postgres": cpu,
    }


async def _waits(stack: Stack, http: httpx.AsyncClient, asked: list[dict[str, str]]) -> tuple[list[float], float]:
    """Milliseconds until each answer but the first, and how many of CPU one took on average."""
    waits: list[float] = []
    before = stack.cpu()
    for params in [asked[0], *asked]:
        begun = time.perf_counter()
        answer = await http.get("/api/v1/leads", params=params)
        waits.append((time.perf_counter() - begun) * 1000)
        assert answer.status_code == 200, answer.text
    used = spent(before, stack.cpu())
    return waits[1:], (used["api"] + used["postgres"]) * 1000 / len(waits)


async def _fill(stack: Stack, customers: int) -> list[dict[str, str]]:
    """Archived leads of as many customers; gives some of them to look for."""
    async with httpx.AsyncClient(base_url=stack.api) as http:
        answer = await http.post("/api/v1/leads", json=a_lead(98_000))
        lead = UUID(answer.json()["lead_id"])
    people, now = list(_people(customers)), datetime.now(UTC)
    async with stack.rows() as rows:
        await rows.execute("SET session_replication_role = replica")  # without triggers: pieces of names come below
        await rows.copy_records_to_table(
            "customers",
            records=[(one["id"], one["name"], one["phone"], one["wechat"], False, now) for one in people],
            columns=("id", "name", "phone", "wechat", "do_not_call", "created_at"),
        )
        index = await rows.fetchval("SELECT pg_get_indexdef('ix_customer_keys_keys'::regclass)")
        await rows.execute(f"DROP INDEX ix_customer_keys_keys; {NAME_KEYS}; {index}")
        await rows.execute(_CASES, lead)
        await rows.execute(_LEADS, lead)
        await rows.execute("VACUUM ANALYZE customers, customer_keys, cases, leads")
    return [_known(one) for one in people[:: max(1, customers // 100)]]


def _people(count: int) -> Iterator[dict[str, str]]:
    dice = Random(7)
    weights = [1 / (3 + rank) for rank in range(len(SURNAMES))]
    for number, surname in enumerate(dice.choices(SURNAMES, weights, k=count)):
        given = "".join(dice.choices(GIVEN, k=dice.choice((1, 2, 2, 2))))
        national = f"1{dice.choice((3, 5, 7, 8, 9))}{dice.randrange(10**9):09}"
        yield {
            "id": str(new_id()),
            "name": surname + given,
            "given": given,
            "phone": f"+86{national}",
            "wechat": f"wx{dice.randrange(16**6):06x}_{number}",
        }


def _known(one: dict[str, str]) -> dict[str, str]:
    national = one["phone"].removeprefix("+86")
    digits = {"first": national[:7], "last": national[-4:], "eight": national[-8:], "begin": national[:3]}
    digits |= {"masked": f"{national[:3]}****{national[-4:]}"}
    return one | digits | {"lead": one["id"]}
