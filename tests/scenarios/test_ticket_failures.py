"""What comes between about a ticket: deaths, failures, a newer diagram, a part that is ordered;
nobody's words leak."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from google.protobuf.json_format import MessageToJson
from temporalio.testing import WorkflowEnvironment

from server import versions
from store.session import Database
from tests.databases import clone
from tests.scenarios import victims
from tests.scenarios.canaries import Canaries
from tests.scenarios.picture import Picture, differences, picture
from tests.scenarios.stack import Stack, stack
from tests.scenarios.story import DAY, HOUR, HQ
from tests.scenarios.test_failures import HOT, UNDISTURBED, named
from tests.scenarios.test_repairs import deploy, order, read
from tests.scenarios.tickets import opened
from tests.scenarios.victims import LOUD
from tests.scenarios.world import MORNING, World, living_world
from tests.servers import TIME_SKIPPING, SharedPostgres, TemporalServer
from workflows import processes

VIN = "1M8GDM9AXKP042788"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TemporalServer]:
    """A server with a namespace a story."""
    names = [part for point in (UNDISTURBED, *victims.TICKETS) for part in ("-n", named(point))]
    found = TemporalServer(tmp_path_factory.mktemp("temporal"), *TIME_SKIPPING, *names)
    found.start()
    yield found
    found.stop()


async def state(here: Stack, path: str, body: dict[str, Any], by: str) -> dict[str, Any]:
    answer = await here.http.post(f"/api/v1{path}", json=body, headers={"Baton-Actor": by})
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


async def raised(here: Stack, **body: Any) -> str:
    """A ticket that came to rest; gives its id."""
    ticket = str((await state(here, "/tickets", body, HQ))["ticket_id"])
    here.kinds[ticket] = "ticket"
    await here.rest(ticket)
    return ticket


async def complete(here: Stack, ticket: str, outcome: str, by: str, **said: Any) -> None:
    """Its one open task."""
    query = "SELECT id FROM tasks WHERE case_id = :case AND status = 'open'"
    (row,) = await here.rows(query, case=UUID(ticket))
    await state(here, f"/tasks/{row['id']}/complete", {"outcome": outcome, **said}, by)
    await here.rest(ticket)


async def told(
    pg: SharedPostgres, shipped_template: str, server: TemporalServer, directory: Path, point: str
) -> tuple[Picture, list[int]]:
    """A complaint from its first answer to its close, with a worker that dies at a point: what the
    store shows."""
    dies = None if point == UNDISTURBED else point
    async with (
        clone(pg, shipped_template) as url,
        stack(url, server, directory, namespace=named(point), point=dies) as here,
    ):
        (lead,) = await here.send(HOT)
        await here.rest(lead)
        ticket = await raised(here, kind="complaint", about=lead, title="空调异响")
        here.clock.set(MORNING + HOUR)
        await complete(here, ticket, "answered", HQ)
        await complete(here, ticket, "done", HQ)
        await here.travel(ticket, 3 * DAY + HOUR)
        here.clock.set(MORNING + 3 * DAY + 2 * HOUR)
        await complete(here, ticket, "satisfied", "CC-01", fields={"score": 9})
        await here.everybody_is_told()
        assert len(await here.runs(ticket)) == 1, f"{point}: started once"
        await here.replay(ticket)
        shown = await picture(here.db, {"lead": lead, "ticket": ticket}, MORNING)
        about_it = {table: [line for line in lines if line.startswith("ticket")] for table, lines in shown.items()}
        return about_it, here.workers.ends


async def test_a_worker_killed_at_a_ticket_s_steps_leaves_no_trace(
    pg: SharedPostgres, shipped_template: str, server: TemporalServer, tmp_path: Path
) -> None:
    points = (UNDISTURBED, *victims.TICKETS)
    found = await asyncio.gather(*(told(pg, shipped_template, server, tmp_path, point) for point in points))
    stories = dict(zip(points, found, strict=True))

    shown, ends = stories.pop(UNDISTURBED)
    assert ends == []
    elements = Counter(line.split()[-1] for line in shown["steps"])
    assert {elements[once] for once in ("classify", "await_confirmation", "close")} == {1}
    assert [line.split()[1] for line in shown["tasks"]] == ["ticket_act", "ticket_answer", "ticket_confirm"]
    assert shown["incidents"] == []
    for point, (picture_of_killed, ends) in stories.items():
        assert (point, differences(shown, picture_of_killed), ends) == (point, [], [-signal.SIGKILL])


# -- in one world ------------------------------------------------------------------------------------------------------


@pytest.fixture
async def world(deployed: Database, temporal: WorkflowEnvironment) -> AsyncIterator[World]:
    """One whose worker takes up what is deployed."""
    async with living_world(deployed, temporal, task_timeout=timedelta(seconds=1)) as world:
        looking = asyncio.create_task(versions.Versions(world.db, world.clock).run())
        yield world
        looking.cancel()


async def test_a_step_that_fails_for_good_is_an_incident_and_goes_on_when_it_is_tried_again(world: World) -> None:
    # given a diagram that says no task's kind
    wrong = processes.shipped()["ticket"].replace(
        b'<baton:input name="kind">=step.kind</baton:input>', b'<baton:input name="kind">=ended_as</baton:input>'
    )
    await deploy(world, wrong)
    ticket = await opened(world, kind="problem", dealer="BJ01")
    (incident,) = (await read(world, "/incidents"))["items"]
    assert (incident["lead_id"], incident["kind"], incident["element"]) == (ticket.id, "activity_failed", "plan_task")

    # when it is tried again with what it lacked
    await order(world, f"/incidents/{incident['id']}/retry", {"variables": {"kind": "ticket_answer"}}, 200)
    await ticket.rest()

    # then it goes on to its end
    assert (await read(world, "/incidents"))["items"] == []
    assert (await ticket.step())[:2] == ("ticket_answer", "hq")
    await ticket.complete("solved", HQ, words={"content": "重发了说明"})
    assert (await ticket.show())["outcome"] == "solved"


async def test_a_running_ticket_goes_on_in_a_newer_version_with_the_deadline_that_it_had(world: World) -> None:
    # given a ticket whose first step is under way
    lead = await world.new_lead()
    ticket = await opened(world, kind="complaint", about=lead.id)
    (before,) = await ticket.tasks()
    await ticket.wait(HOUR)
    await deploy(world, processes.shipped()["ticket"].replace(b'duration("P1D")', b'duration("P2D")'))

    # when head office migrates whatever runs on the old version
    migration = {"process": "ticket", "from_version": 1, "to_version": 2}
    batch = (await order(world, "/migrations", migration))["id"]
    await ticket.rest()

    # then it runs on the new one, its task and deadline as they were
    report = await read(world, f"/migrations/{batch}")
    assert report["totals"] == {"done": 1}, report
    (row,) = await ticket.rows("SELECT process_version FROM instances WHERE case_id = :lead")
    assert row["process_version"] == 2 and (await ticket.happened())[-2:] == ["migration_stated", "migrated"]
    (after,) = await ticket.tasks()
    assert (after["id"], after["due_at"], after["status"]) == (before["id"], before["due_at"], "open")
    # and what the new version says holds: the customer is asked after twice the days
    await ticket.complete("solved", HQ, words={"content": "当场解决"})
    await ticket.wait(3 * DAY + HOUR)
    assert [one for one in await ticket.tasks() if one["status"] == "open"] == []
    await ticket.wait(3 * DAY)
    assert (await ticket.step())[0] == "ticket_confirm"


async def test_acting_waits_for_a_part_and_goes_on_at_the_agreed_instant(world: World) -> None:
    # given a complaint: its first answer may not wait, what is done about it may
    lead = await world.new_lead()
    ticket = await opened(world, kind="complaint", about=lead.id)
    manager = await lead.manager()
    until = {"until": (ticket.born + 5 * DAY).isoformat(), "reason": "parts"}
    refused = await world.state("POST", f"/tasks/{(await ticket.task())['id']}/hold", until, by=HQ)
    assert (refused.status_code, refused.json()["code"]) == (409, "may_not_wait")
    await ticket.complete("answered", HQ)
    due = (await ticket.task())["due_at"]

    # when it is held for a part that is ordered
    held = await world.state("POST", f"/tasks/{(await ticket.task())['id']}/hold", until, by=manager)
    assert held.status_code == 200, held.text
    await ticket.rest()

    # then nobody is reminded until the agreed instant, when it goes on with all that was left
    await ticket.until(4 * DAY)
    assert await ticket.climbed() == [] and (await ticket.show())["lamp"] == "grey"
    await ticket.until(5 * DAY)
    assert await ticket.when("held", "hold_over") == [("held", timedelta(0)), ("hold_over", 5 * DAY)]
    assert (await ticket.task())["due_at"] == due + 5 * DAY
    await ticket.complete("done", manager)
    assert await ticket.status() == "confirming"


# -- nobody's words ----------------------------------------------------------------------------------------------------


def everywhere(directory: Path, words: Canaries) -> dict[str, list[str]]:
    """Which files of the worker's, the API's and Temporal's have which words."""
    files = [*directory.glob("default-*.log"), *directory.glob("temporal.*")]
    assert {"default-worker.log", "default-api.log", "temporal.db"} <= {file.name for file in files}
    found = {file.name: words.found_in(file.read_bytes()) for file in files}
    return {name: said for name, said in found.items() if said}


def holding(directory: Path, text: str) -> list[str]:
    """Which files of a directory have it."""
    files = [file for file in directory.glob("*.*") if file.is_file()]
    return [file.name for file in files if text.encode() in file.read_bytes()]


async def test_what_people_write_about_a_ticket_stays_in_postgresql_until_it_is_erased(
    pg: SharedPostgres, shipped_template: str, tmp_path: Path
) -> None:
    server = TemporalServer(tmp_path, *TIME_SKIPPING)
    server.start()
    words = Canaries()
    try:
        async with (
            clone(pg, shipped_template) as url,
            stack(url, server, tmp_path, api_too=True, BATON_LOG_LEVEL="debug", **{LOUD: "1"}) as here,
        ):
            # given a word in everything that can be written about a ticket
            (lead,) = await here.send(HOT)
            await here.rest(lead)
            said = {name: words.text(name) for name in ("title", "description")}
            ticket = await raised(here, kind="risk", about=lead, vin=VIN, plate="京A12345", **said)
            await state(here, f"/tickets/{ticket}/signal", {"description": words.text("signal")}, HQ)
            await here.rest(ticket)
            await complete(here, ticket, "real", HQ, words={"content": words.text("verified")})
            agreed = {"fields": {"responsible": "BJ01-M1"}, "words": {"measures": words.text("measures")}}
            await complete(here, ticket, "agreed", HQ, **agreed)
            await complete(here, ticket, "done", HQ, words={"content": words.text("done")})
            kept = await here.rows("SELECT text FROM case_words WHERE case_id = :case", case=UUID(ticket))
            assert sorted(row["text"] for row in kept) == sorted(words.planted.values())

            # when the customer is erased
            answer = await here.http.delete(f"/api/v1/leads/{lead}/customer", headers={"Baton-Actor": HQ})
            assert answer.status_code == 200, answer.text
            await here.rest(lead, ticket)

            # then they are in no history, no log and no file of Temporal's, and no column any more
            events = (await here.handle(ticket).fetch_history()).events
            history = "\n".join(MessageToJson(one) for one in events).encode()
            history += b"".join(one.SerializeToString() for one in events)
            assert b"closed_erased" in history and words.found_in(history) == []
            assert everywhere(tmp_path, words) == {}
            kept = await here.rows("SELECT text FROM case_words WHERE case_id = :case", case=UUID(ticket))
            assert words.found_in(str(kept).encode()) == []
            assert VIN.encode() not in history
            assert holding(tmp_path, VIN) == []
            assert await here.rows("SELECT vin FROM vehicles") == []
    finally:
        server.stop()
