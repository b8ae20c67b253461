"""Two leads are never attached to each other, nor does a chain lose its end, however statements
race (A4, A5)."""

from __future__ import annotations

import asyncio
from itertools import permutations
from uuid import UUID

import pytest

from cases.states import TaskKind
from tests.api.conftest import Desk, phone


async def _called(desk: Desk, count: int) -> list[UUID]:
    leads = [await desk.created(phone=phone()) for _ in range(count)]
    for lead in leads:
        await desk.task(lead, TaskKind.OUTBOUND_CALL, "call_centre")
    return leads


async def _merge(desk: Desk, one: UUID, other: UUID) -> tuple[int, str]:
    body = {"outcome": "duplicate", "duplicate_of": str(other)}
    answer = await desk.say(one, "call-result", "CC-01", body)
    return answer.status_code, answer.json().get("code", "")


@pytest.mark.parametrize("size", [2, 3, 4])
async def test_merges_at_once_leave_one_lead_standing(desk: Desk, size: int) -> None:
    leads = await _called(desk, size)
    ring = [(leads[at], leads[(at + 1) % size]) for at in range(size)]

    answers = await asyncio.gather(*(_merge(desk, one, other) for one, other in ring))

    assert sorted(status for status, _ in answers) == [200] * (size - 1) + [409]
    assert [code for status, code in answers if status == 409] == ["attached_to_this"]
    rows = await desk.rows("SELECT id, attached_to FROM whole_leads")
    to = {row["id"]: row["attached_to"] for row in rows}
    (standing,) = [lead for lead in leads if to[lead] is None]
    for lead in leads:
        steps = 0
        while to[lead] is not None and steps <= size:
            lead, steps = to[lead], steps + 1
        assert lead == standing


async def test_everybody_with_everybody_at_once(desk: Desk) -> None:
    leads = await _called(desk, 3)

    answers = await asyncio.gather(*(_merge(desk, one, other) for one, other in permutations(leads, 2)))

    assert 500 not in {status for status, _ in answers}
    assert len(await desk.rows("SELECT 1 FROM whole_leads WHERE attached_to IS NULL")) == 1


async def test_a_repeat_goes_to_the_end_of_a_chain(desk: Desk) -> None:
    first, second, third = await _called(desk, 3)
    number = (await desk.get(f"/leads/{first}"))["lead"]["customer"]["phone"]
    assert (await _merge(desk, first, second))[0] == 200
    assert (await _merge(desk, second, third))[0] == 200

    assert (await desk.send(phone=number, note="again")).json()["lead_id"] == str(third)
    assert await _merge(desk, third, first) == (409, "attached_to_this")
    assert await _merge(desk, third, third) == (409, "duplicate_of_itself")
