"""Under load each class of requests has its own slots and queue; the surplus is refused at once,
and nobody else is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from api.admission import LONGEST, Bound, Gate, RequestClass, Surplus, bounds, kind_of, pool_size
from cases.actors import EVERYTHING, SYSTEM
from store.leads import intake
from tests.api.conftest import NOW, Desk, desk_over, headers, phone
from tests.timetravel import TestClock

NARROW = {
    RequestClass.STATEMENTS: Bound(slots=1, queue=0, seconds=30),
    RequestClass.READS: Bound(slots=1, queue=0, seconds=30),
    RequestClass.INTAKE: Bound(slots=2, queue=0, seconds=30),
    RequestClass.HEAVY: Bound(slots=1, queue=0, seconds=30),
}
"""Nobody waits: who finds no slot is refused."""


@asynccontextmanager
async def narrow(desk: Desk, **changed: Bound) -> AsyncIterator[Desk]:
    """The same Baton with little room."""
    bounds: Mapping[RequestClass, Bound] = NARROW | {RequestClass(name): bound for name, bound in changed.items()}
    async with desk_over(desk.database, TestClock(NOW), bounds) as small:
        yield small


@asynccontextmanager
async def held(desk: Desk, number: str) -> AsyncIterator[None]:
    """Whoever asks for this phone number waits in the database until the block ends."""
    async with desk.database.transaction(SYSTEM, EVERYTHING) as tx:
        await intake.serialise(tx, intake.contact_keys(f"+86{number}", None))
        yield


Sending = Callable[[], Coroutine[Any, Any, httpx.Response]]


async def filled(desk: Desk, group: asyncio.TaskGroup, count: int, send: Sending) -> list[asyncio.Task[httpx.Response]]:
    """Requests that are at the lock, all of them."""
    sent = [group.create_task(send()) for _ in range(count)]
    while (await desk.rows(_AT_THE_LOCK))[0]["count"] < count:
        pass
    return sent


_AT_THE_LOCK = """
    SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def shed(kind: RequestClass, reason: str) -> float:
    return REGISTRY.get_sample_value("baton_http_shed_total", {"kind": kind, "reason": reason}) or 0.0


def gauge(name: str, kind: RequestClass) -> float:
    return REGISTRY.get_sample_value(name, {"kind": kind}) or 0.0


async def test_a_full_intake_is_told_at_once_and_stops_nobody_else(desk: Desk) -> None:
    number, lead, before = phone(), await desk.created(), shed(RequestClass.INTAKE, "full")
    async with narrow(desk) as small, asyncio.TaskGroup() as group:
        async with held(desk, number):
            sent = await filled(desk, group, 2, lambda: small.send(phone=number))

            refused = await small.send()
            english = await small.http.post("/api/v1/leads", headers=headers(language="en"))
            live, ready = await small.http.get("/health/live"), await small.http.get("/health/ready")
            figures = await small.http.get("/metrics")
            read = await small.http.get(f"/api/v1/leads/{lead}")
            stated = await small.http.patch(
                f"/api/v1/leads/{lead}/customer", json={"city": "上海"}, headers=headers("HQ-01")
            )

        assert {answer.status_code for answer in (live, ready, figures, read, stated)} == {200}
        assert gauge("baton_http_working", RequestClass.INTAKE) >= 2
        for answer in (refused, english):
            assert answer.status_code == 503
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["code"] == "overloaded"
            assert 1 <= int(answer.headers["retry-after"]) <= LONGEST
        assert refused.headers["retry-after"] in refused.json()["cure"]
        assert english.json()["detail"] == "Too much is asked at once; nothing of this request was done"
        assert 'baton_http_shed_total{kind="intake",reason="full"}' in figures.text

    assert {(await one).status_code for one in sent} == {200, 201}
    assert shed(RequestClass.INTAKE, "full") == before + 2
    assert len(await desk.rows("SELECT 1 FROM whole_leads")) == 2, "what was refused left nothing behind"


async def test_a_full_class_of_statements_leaves_the_intake_open(desk: Desk) -> None:
    number, lead = phone(), await desk.created()
    async with narrow(desk) as small, asyncio.TaskGroup() as group:

        async def correct() -> httpx.Response:
            body = {"phone": number}
            return await small.http.patch(f"/api/v1/leads/{lead}/customer", json=body, headers=headers("HQ-01"))

        async with held(desk, number):
            (sent,) = await filled(desk, group, 1, correct)
            refused, taken = await correct(), await small.send()

        assert (refused.status_code, taken.status_code) == (503, 201)
    assert (await sent).status_code == 200


async def test_the_body_of_a_surplus_request_is_not_read(desk: Desk) -> None:
    number = phone()

    async def body() -> AsyncIterator[bytes]:
        raise AssertionError("read")
        yield b""

    async with narrow(desk) as small, asyncio.TaskGroup() as group:
        async with held(desk, number):
            await filled(desk, group, 2, lambda: small.send(phone=number))
            answer = await small.http.post("/api/v1/leads", content=body())

        assert answer.status_code == 503


async def test_who_waits_gets_the_slot_that_becomes_free(desk: Desk) -> None:
    number = phone()
    async with (
        narrow(desk, intake=Bound(slots=1, queue=1, seconds=30)) as small,
        asyncio.TaskGroup() as group,
    ):
        async with held(desk, number):
            await filled(desk, group, 1, lambda: small.send(phone=number))
            waiting = group.create_task(small.send())
            await asyncio.sleep(0)
            assert gauge("baton_http_waiting", RequestClass.INTAKE) == 1
            beyond = await small.send()
        assert (beyond.status_code, (await waiting).status_code) == (503, 201)


async def test_nobody_waits_longer_than_the_class_allows(desk: Desk) -> None:
    number, before = phone(), shed(RequestClass.INTAKE, "late")
    async with (
        narrow(desk, intake=Bound(slots=1, queue=1, seconds=0.05)) as small,
        asyncio.TaskGroup() as group,
    ):
        async with held(desk, number):
            await filled(desk, group, 1, lambda: small.send(phone=number))
            late = await small.send()
        assert (late.status_code, late.json()["code"]) == (503, "overloaded")
    assert shed(RequestClass.INTAKE, "late") == before + 1


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/health/live", None),
        ("GET", "/health/ready", None),
        ("GET", "/metrics", None),
        ("GET", "/docs", None),
        ("POST", "/api/v1/leads", RequestClass.INTAKE),
        ("GET", "/api/v1/leads", RequestClass.READS),
        ("POST", "/api/v1/leads:batch", RequestClass.HEAVY),
        ("POST", "/api/v1/leads:reassign", RequestClass.HEAVY),
        ("POST", "/api/v1/leads/x/follow-ups", RequestClass.STATEMENTS),
        ("PATCH", "/api/v1/leads/x/customer", RequestClass.STATEMENTS),
        ("POST", "/api/v1/processes", RequestClass.HEAVY),
        ("POST", "/api/v1/tables/checks", RequestClass.HEAVY),
        ("PATCH", "/api/v1/tables/grade/drafts/x", RequestClass.HEAVY),
        ("POST", "/api/v1/tables/grade/drafts/x/comments", RequestClass.STATEMENTS),
        ("GET", "/api/v1/tables/grade/drafts/x", RequestClass.READS),
        ("GET", "/api/v1/tables/grade/difference", RequestClass.HEAVY),
        ("GET", "/api/v1/backtests/x/lines.csv", RequestClass.HEAVY),
        ("GET", "/api/v1/processes/lead/1/heat", RequestClass.HEAVY),
    ],
)
def test_each_request_has_its_class(method: str, path: str, kind: RequestClass | None) -> None:
    assert kind_of(method, path) == kind


@given(st.integers(1, 200))
def test_the_pool_has_a_connection_for_every_slot_and_one_to_spare(connections: int) -> None:
    found = bounds(connections)

    assert set(found) == set(RequestClass)
    assert all(bound.slots >= 1 for bound in found.values())
    assert pool_size(found) == sum(bound.slots for bound in found.values()) + 1


# -- one class by itself -------------------------------------------------------------------------


async def test_the_queue_is_bounded_by_time_as_well_as_by_length() -> None:
    gate = Gate(RequestClass.HEAVY, Bound(slots=1, queue=1000, seconds=0.1))
    await gate.enter()
    # A request is taken to need 20 ms: the fifth would still come in time, the sixth would not.
    waiting = [asyncio.create_task(gate.enter()) for _ in range(5)]
    await asyncio.sleep(0)

    with pytest.raises(Surplus, match="full"):
        await gate.enter()

    for one in waiting:
        one.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_slots_are_handed_on_in_the_order_of_arrival() -> None:
    gate, order = Gate(RequestClass.HEAVY, Bound(slots=1, queue=3, seconds=30)), list[int]()
    begun = await gate.enter()

    async def wait(number: int) -> None:
        got = await gate.enter()
        order.append(number)
        gate.leave(got)

    waiting = [asyncio.create_task(wait(number)) for number in range(3)]
    await asyncio.sleep(0)
    gate.leave(begun)
    await asyncio.gather(*waiting)

    assert order == [0, 1, 2]


@pytest.mark.parametrize("given", [False, True], ids=["while it waits", "when it has just got the slot"])
async def test_a_request_that_is_given_up_takes_no_slot_with_it(given: bool) -> None:
    gate = Gate(RequestClass.HEAVY, Bound(slots=1, queue=3, seconds=30))
    begun = await gate.enter()
    waiting = asyncio.create_task(gate.enter())
    await asyncio.sleep(0)
    if given:
        gate.leave(begun)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    if not given:
        gate.leave(begun)

    async with asyncio.timeout(5):
        gate.leave(await gate.enter())


async def test_the_time_to_come_back_grows_with_the_queue_and_is_spread() -> None:
    async def refused(queue: int) -> list[int]:
        gate = Gate(RequestClass.HEAVY, Bound(slots=1, queue=queue, seconds=1e9))
        await gate.enter()
        waiting = [asyncio.create_task(gate.enter()) for _ in range(queue)]
        await asyncio.sleep(0)
        found = list[int]()
        for _ in range(50):
            with pytest.raises(Surplus) as surplus:
                await gate.enter()
            found.append(surplus.value.retry_after)
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return found

    short, long, endless = await refused(0), await refused(499), await refused(10_000)

    assert set(short) == {2}  # a second at least, spread over the next
    assert min(long) >= 10 and max(long) <= 21 and len(set(long)) > 1  # 500 requests of 20 ms are before them
    assert set(endless) == {LONGEST}
