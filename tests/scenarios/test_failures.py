"""What happens to leads when parts of Baton die: nothing is lost, nothing is done twice (7)."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from cases.actors import EVERYTHING, SYSTEM
from cases.contracts import Message
from store import migrate
from store.network import groundwork, network_seed
from store.session import Database
from tests.databases import clone
from tests.scenarios import victims
from tests.scenarios.picture import Picture, differences, picture
from tests.scenarios.stack import Stack, eventually, stack
from tests.scenarios.story import DAY, HOUR
from tests.scenarios.world import MORNING, WISHES
from tests.servers import TIME_SKIPPING, SharedPostgres, TemporalServer, private_postgres
from tests.timetravel import A_MOMENT

AT_ONCE = 6
"""Stories told side by side: most of their time they wait for Temporal to give up a dead worker's
task."""

SLACK = timedelta(seconds=5)
"""How late a busy Temporal may be; by its own default it would wait for ten seconds."""

COMPLETE = {"model": "傲虎", "budget": "25-30万", "channel": "maker.vertical.dongchedi"}
HOT = COMPLETE | WISHES["A"] | {"name": "华桂珍", "phone": "15810012345", "city": "北京"}
SOLD = COMPLETE | WISHES["H"] | {"name": "欧阳立", "phone": "13671898765", "city": "上海"}
COLD = COMPLETE | WISHES["C"] | {"name": "谢璐", "phone": "18922754321", "city": "广州"}
"""In three regions, so that none stands in another's way when dealers and consultants are
chosen."""

REMINDER = 7 * HOUR
"""Due at ten tomorrow, so reminded at five today: four hours before would be six in the morning."""
OPEN_AGAIN = 23 * HOUR
"""Nine tomorrow: dealers are at work, so that their notices go out at once, and the first deadline
is still ahead."""

ONCE_EACH = {"hot": 1, "sold": 1, "cold": 1}
REFUSED = "SELECT 1 FROM outbox WHERE last_error = 'temporal_unavailable'"

UNDISTURBED = "undisturbed"
TIMER_WAITS = "timer_waits"
TAKEN_OVER = "taken_over"
OVERTAKEN = "overtaken"


@pytest.fixture(scope="module")
def temporal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TemporalServer]:
    """A server with a namespace a point, so that every story has its worker to itself."""
    namespaces = [
        argument
        for point in (UNDISTURBED, TIMER_WAITS, TAKEN_OVER, OVERTAKEN, *victims.POINTS)
        for argument in ("-n", named(point))
    ]
    server = TemporalServer(tmp_path_factory.mktemp("temporal"), *TIME_SKIPPING, *namespaces)
    server.start()
    yield server
    server.stop()


def named(point: str) -> str:
    return point.replace("_", "-")


# -- the worker is killed ------------------------------------------------------------------------


async def tell(here: Stack, killed_while_waiting: bool = False) -> dict[str, str]:
    """One story with everything in it that a lead can need a worker for; gives the three leads by
    name.

    Three come in at once. One is followed up, test-driven and sold; one is left lying until the
    ladder hands it over, and is then followed up by its new owner; one is nurtured.
    """
    hot, sold, cold = await here.send(HOT, SOLD, COLD)
    await here.rest(hot, sold, cold)

    here.clock.set(MORNING + 2 * HOUR)
    consultant = await here.owner(sold)
    await here.say(sold, "test-drive", {"content": "试驾满意"}, by=consultant)
    await here.say(sold, "win", {"number": "HT-1", "price": 268000}, by=consultant)

    if killed_while_waiting:
        here.workers.kill()
    nurturing = asyncio.create_task(here.travel(cold, 15 * DAY))
    passing = asyncio.create_task(here.travel(hot, 49 * HOUR))
    if killed_while_waiting:
        await eventually("the reminder falls due", lambda: _passed(here, hot, REMINDER - HOUR))
        here.workers.succeed()
    await asyncio.gather(nurturing, passing)

    here.clock.set(MORNING + 49 * HOUR)
    await here.say(hot, "follow-ups", {"content": "介绍"}, by=await here.owner(hot))
    await here.rest(hot, sold, cold)
    await here.everybody_is_told()
    return {"hot": hot, "sold": sold, "cold": cold}


async def _passed(here: Stack, lead: str, offset: timedelta) -> bool:
    return await here.now(lead) > MORNING + offset


async def told(
    pg: SharedPostgres, shipped_template: str, temporal: TemporalServer, directory: Path, point: str
) -> tuple[Picture, list[int]]:
    """The story with a worker that dies at a point: what the store shows in the end, and how
    workers ended."""
    dies = point if point in victims.POINTS else None
    async with (
        clone(pg, shipped_template) as url,
        stack(url, temporal, directory, namespace=named(point), point=dies) as here,
    ):
        leads = await tell(here, killed_while_waiting=point == TIMER_WAITS)
        shown = await picture(here.db, leads, MORNING)
        for lead in leads.values():
            assert len(await here.runs(lead)) == 1, f"{point}: started once"
            await here.replay(lead)
        said = here.workers.said()
        for (notification,) in await _values(here, "SELECT id FROM notifications"):
            assert str(notification) in said, f"{point}: a notification was marked and never delivered"
        return shown, here.workers.ends


async def _values(here: Stack, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in await here.rows(query)]


@pytest.fixture(scope="module")
async def undisturbed(
    pg: SharedPostgres,
    shipped_template: str,
    temporal: TemporalServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Picture:
    """What the store shows when nobody is killed."""
    shown, ends = await told(pg, shipped_template, temporal, tmp_path_factory.mktemp("logs"), UNDISTURBED)
    assert ends == []
    return shown


async def test_a_killed_workers_task_is_anothers_as_soon_as_its_time_is_over(
    pg: SharedPostgres, shipped_template: str, temporal: TemporalServer, tmp_path: Path
) -> None:
    async with (
        clone(pg, shipped_template) as url,
        stack(url, temporal, tmp_path, namespace=named(TAKEN_OVER), point="committed") as here,
    ):
        # given a worker that dies while it is at a lead
        (lead,) = await here.send(HOT)
        await here.rest(lead)
        assert here.workers.ends == [-signal.SIGKILL]

        events = (await here.handle(lead).fetch_history()).events
        taken = {one.event_id: one for one in events if one.HasField("workflow_task_started_event_attributes")}
        (lost,) = [one for one in events if one.HasField("workflow_task_timed_out_event_attributes")]
        by_the_dead = taken.pop(lost.workflow_task_timed_out_event_attributes.started_event_id)
        by_another = min((one for one in taken.values() if one.event_id > lost.event_id), key=lambda one: one.event_id)

        # then the task is given up in time, by the server's own instants, and somebody else does it
        waited = lost.event_time.ToDatetime() - by_the_dead.event_time.ToDatetime()
        assert victims.SOON <= waited < victims.SOON + SLACK
        worked = (one.workflow_task_started_event_attributes.identity for one in (by_the_dead, by_another))
        assert len(set(worked)) == 2


async def test_what_is_stated_after_a_deadline_that_the_store_has_taken_comes_after_it(
    pg: SharedPostgres, shipped_template: str, temporal: TemporalServer, tmp_path: Path
) -> None:
    """The next worker hears of both at once, and would take the statement first."""
    async with (
        clone(pg, shipped_template) as url,
        stack(url, temporal, tmp_path, namespace=named(OVERTAKEN), point="deadline_committed") as here,
    ):
        # given a worker that dies when the reminder is in the store, and Temporal does not know
        (lead,) = await here.send(HOT)
        await here.rest(lead)
        owner = await here.owner(lead)
        here.workers.stay_alone()
        passing = asyncio.create_task(here.travel(lead, REMINDER + A_MOMENT))
        await eventually("it dies", _is(lambda: here.workers.ends == [-signal.SIGKILL]))

        # when the owner follows up, and Temporal has that before anybody takes over
        here.clock.set(MORNING + REMINDER + A_MOMENT)
        assert (await here.post(lead, "follow-ups", {"content": "介绍"}, by=owner)).status_code == 200
        (said,) = await here.rows("SELECT seq, kind, at, data FROM outbox WHERE delivered_at IS NULL")
        await here.handle(lead).signal("tell", Message(**said))
        here.workers.succeed()
        await passing

        # then both have taken effect once, and the history can be gone over
        codes = Counter(row["code"] for row in await here.rows("SELECT code FROM timeline"))
        assert (codes["reminded"], codes["followed_up"], codes["task_planned"]) == (1, 1, 2)
        assert await here.rows("SELECT 1 FROM incidents") == []
        causes = [row["cause"]["what"] for row in await here.rows("SELECT cause FROM wake_ups ORDER BY number")]
        assert causes == ["began", "timer", "message"]
        await here.replay(lead)


def _is(what: Callable[[], bool]) -> Callable[[], Awaitable[bool]]:
    async def asked() -> bool:
        return what()

    return asked


async def test_the_story_has_everything_in_it(undisturbed: Picture) -> None:
    """What the stories of the killed are compared with: every kind of step, told in full once."""
    story = [line for line in undisturbed["timeline"] if line.startswith("hot")]
    assert story == [
        "hot +0h assigned assign",
        "hot +0h cleaned clean",
        "hot +0h dispatched dispatch",
        "hot +0h graded grade",
        "hot +0h lead_created -",
        "hot +0h task_planned plan_task",
        "hot +24h manager_told climb",
        "hot +48h handed_over climb",
        "hot +48h task_planned plan_task",
        "hot +49h followed_up work",
        "hot +49h task_planned plan_task",
        "hot +7h reminded climb",
    ]
    assert undisturbed["materials"] == ["cold +0h model_comparison edm 1", "cold +336h buying_guide edm 2"]
    assert undisturbed["contracts"] == ["sold HT-1 middle"]
    assert [line.split()[1] for line in undisturbed["leads"]] == ["nurture", "working", "won"]
    assert undisturbed["incidents"] == []


@pytest.mark.parametrize("points", [victims.RELAY, victims.STEPS, (TIMER_WAITS, *victims.TIME)], ids=", ".join)
async def test_a_worker_killed_anywhere_leaves_no_trace(
    points: Iterable[str],
    undisturbed: Picture,
    pg: SharedPostgres,
    shipped_template: str,
    temporal: TemporalServer,
    tmp_path: Path,
) -> None:
    """The ten points and some: nothing is lost, doubled or at another instant; each lead was
    started once."""
    in_hand = asyncio.Semaphore(AT_ONCE)

    async def one(point: str) -> tuple[list[str], list[int]]:
        async with in_hand:
            shown, ends = await told(pg, shipped_template, temporal, tmp_path, point)
            return differences(undisturbed, shown), ends

    stories = dict(zip(points, await asyncio.gather(*map(one, points)), strict=True))
    assert stories == {point: ([], [0 if point == "asked_to_stop" else -signal.SIGKILL]) for point in points}


# -- the servers are gone for a while ------------------------------------------------------------


async def test_temporal_is_away_for_a_while(pg: SharedPostgres, shipped_template: str, tmp_path: Path) -> None:
    server = TemporalServer(tmp_path, *TIME_SKIPPING)
    server.start()
    try:
        async with clone(pg, shipped_template) as url, stack(url, server, tmp_path) as here:
            # given a lead at work
            (before,) = await here.send(HOT)
            await here.rest(before)
            owner = await here.owner(before)

            # when Temporal is killed and much is stated meanwhile
            server.stop()
            during = await here.send(SOLD, COLD)
            again = await here.http.post("/api/v1/leads", json=COLD)
            followed = await here.post(before, "follow-ups", {"content": "介绍"}, by=owner)
            # then the API accepts all of it and can show it
            assert (again.status_code, again.json()["lead_id"]) == (200, during[1])
            assert (followed.status_code, followed.json()["late"]) == (200, False)
            assert [(await here.show(lead))["status"] for lead in (before, *during)] == ["working", "new", "new"]
            assert (await here.http.get("/health/ready")).status_code == 200
            await eventually("the relay has tried", lambda: here.rows(REFUSED))

            # and when it is back
            await asyncio.to_thread(server.start)
            await here.rest(before, *during)
            await here.everybody_is_told()
            # then each lead was started once and everything took effect, by the same worker, which
            # nobody restarted
            shown = await picture(here.db, {"hot": before, "sold": during[0], "cold": during[1]}, MORNING)
            assert [line.split()[1] for line in shown["leads"]] == ["nurture", "working", "working"]
            assert Counter(line.split()[0] for line in shown["steps"] if line.endswith(" clean")) == ONCE_EACH
            assert Counter(line.split()[0] for line in shown["messages"] if "lead_created" in line) == ONCE_EACH
            assert "hot next_follow_up open" in "\n".join(shown["tasks"])
            for lead in (before, *during):
                assert len(await here.runs(lead)) == 1
                await here.replay(lead)
            assert here.workers.ends == []
    finally:
        server.stop()


async def test_postgresql_is_away_for_a_while(tmp_path: Path, temporal: TemporalServer) -> None:
    with private_postgres() as postgres:
        url = postgres.url("outage")
        await _with_demo_network(url)
        async with stack(url, temporal, tmp_path) as here:
            # given a lead at work, whose reminder comes in the afternoon
            (lead,) = await here.send(HOT)
            await here.rest(lead)
            owner = await here.owner(lead)

            # when PostgreSQL is gone
            await asyncio.to_thread(postgres.stop)
            key = {"Idempotency-Key": "the-form-that-was-sent-again"}
            refused = [
                await here.http.post("/api/v1/leads", json=SOLD, headers=key),
                await here.http.get(f"/api/v1/leads/{lead}"),
                await here.post(lead, "follow-ups", {"content": "介绍"}, by=owner),
                await here.http.get("/api/v1/tasks"),
                await here.http.get("/health/ready"),
            ]
            # then every answer is a clean refusal that says when to come again, in the caller's
            # language
            for answer in refused:
                body = answer.json()
                assert (answer.status_code, body["status"], body["code"]) == (503, 503, "database_unavailable")
                assert answer.headers["content-type"] == "application/problem+json"
                assert int(answer.headers["retry-after"]) > 0
                assert body["detail"] and body["cure"]
            english = await here.http.get("/api/v1/tasks", headers={"Accept-Language": "en"})
            assert english.json()["detail"].isascii()
            assert (await here.http.get("/health/live")).status_code == 200

            # and when the reminder falls due without it, and it comes back
            passing = asyncio.create_task(here.travel(lead, OPEN_AGAIN))
            await eventually("the reminder falls due", lambda: _passed(here, lead, REMINDER - HOUR))
            await eventually("the worker feels it", lambda: _has(here, "activity failed"))
            await asyncio.to_thread(postgres.start)
            await passing

            # then the reminder was given once at its instant, and what was refused is accepted,
            # once
            shown = await picture(here.db, {"hot": lead}, MORNING)
            assert [line for line in shown["timeline"] if "reminded" in line] == ["hot +7h reminded climb"]
            reminders = [line for line in shown["notifications"] if "reminder" in line]
            assert [line.split()[:3] for line in reminders] == [["hot", "+7h", "reminder"]]
            assert shown["incidents"] == []
            here.clock.set(MORNING + OPEN_AGAIN)
            answers = [await here.http.post("/api/v1/leads", json=SOLD, headers=key) for _ in range(2)]
            assert [answer.status_code for answer in answers] == [201, 201]
            assert len({answer.json()["lead_id"] for answer in answers}) == 1
            await here.say(lead, "follow-ups", {"content": "介绍"}, by=owner)
            sold = str(answers[0].json()["lead_id"])
            await here.rest(lead, sold)
            assert (await here.show(sold))["status"] == "working"
            await here.everybody_is_told()
            # by the same worker, which nobody restarted
            assert here.workers.ends == []


async def test_postgresql_goes_while_leads_come_in(tmp_path: Path, temporal: TemporalServer) -> None:
    with private_postgres() as postgres:
        url = postgres.url("rush")
        await _with_demo_network(url)
        async with stack(url, temporal, tmp_path) as here:
            # given channels that send one lead after the other, each under a key of its own
            numbers, first = count(1), dict[int, httpx.Response]()

            async def send(number: int) -> httpx.Response:
                body = COMPLETE | {"name": "谢璐", "phone": f"1891{number * 30_011:07}"}
                return await here.http.post("/api/v1/leads", json=body, headers={"Idempotency-Key": f"form-{number}"})

            async def channel() -> None:
                for number in numbers:
                    first[number] = await send(number)
                    if not first[number].is_success:
                        return

            # when PostgreSQL goes in the middle
            channels = [asyncio.create_task(channel()) for _ in range(8)]
            await eventually("some are accepted", lambda: _accepted(first, 8))
            await asyncio.to_thread(postgres.stop)
            await asyncio.gather(*channels)
            # then every channel is told so
            told = {(answer.status_code, answer.json().get("code")) for answer in first.values()}
            assert told <= {(201, None), (503, "database_unavailable"), (503, "database_busy")}

            # and when everything is sent again, as senders do who cannot know, each lead is there
            # once
            await asyncio.to_thread(postgres.start)
            second = {number: await send(number) for number in first}
            leads = {number: answer.json()["lead_id"] for number, answer in second.items()}
            assert {answer.status_code for answer in second.values()} == {201}
            assert all(first[number].json()["lead_id"] == leads[number] for number in first if first[number].is_success)
            assert len(set(leads.values())) == len(leads)
            assert await here.rows("SELECT count(*) FROM whole_leads") == [{"count": len(leads)}]
            await here.rest(*leads.values())
            assert here.workers.ends == []


async def _accepted(answers: dict[int, httpx.Response], enough: int) -> bool:
    return sum(answer.is_success for answer in answers.values()) >= enough


async def _has(here: Stack, words: str) -> bool:
    return words in here.workers.said()


async def _with_demo_network(url: str) -> None:
    await migrate.create_database(url)
    await migrate.upgrade(url)
    db = Database(url, pool_size=1)
    async with db.transaction(SYSTEM, EVERYTHING) as tx:
        await groundwork.load(tx)
        await network_seed.load(tx)
    await db.close()
