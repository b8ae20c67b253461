"""A diagram is deployed by a plain function: no request, the same laws as at the API."""

from __future__ import annotations

import pytest

from cases.actors import EVERYTHING, SYSTEM
from cases.errors import Forbidden
from domain.processes import deploying
from domain.processes.checking import deployed
from domain.processes.deploying import ProcessRefused
from domain.speaker import Speaker
from store.network import people
from store.session import Database
from tests.timetravel import MORNING, TestClock
from tests.workflows.bpmn.diagrams import bpmn

CLOCK = TestClock(MORNING)
GOOD = bpmn("start -> end")


async def test_a_file_becomes_the_newest_version_once(network: Database) -> None:
    async with network.transaction(SYSTEM, EVERYTHING) as tx:
        hq = Speaker(await people.person(tx, "HQ-01"), CLOCK)
        manager = Speaker(await people.person(tx, "BJ01-M1"), CLOCK)
        now = await deployed(tx, MORNING)
        seen = await deploying.judged(hq, GOOD, now)

        would_be = await deploying.would_be(tx, hq, GOOD, seen)
        made = await deploying.deploy(tx, hq, GOOD, seen, "first")
        again = await deploying.deploy(tx, hq, GOOD, seen, "again")

        told = [[(one.key, one.version, one.new) for one in which.processes] for which in (would_be, made, again)]
        assert told == [[("p", 1, True)], [("p", 1, True)], [("p", 1, False)]]
        with pytest.raises(Forbidden, match="role_not_allowed"):
            await deploying.deploy(tx, manager, GOOD, seen, "…")


async def test_what_cannot_be_run_is_refused_with_every_problem(network: Database) -> None:
    async with network.transaction(SYSTEM, EVERYTHING) as tx:
        hq = Speaker(await people.person(tx, "HQ-01"), CLOCK)
        broken = b"<definitions"
        seen = await deploying.judged(hq, broken, await deployed(tx, MORNING))

        for stated in (deploying.deploy(tx, hq, broken, seen, ""), deploying.would_be(tx, hq, broken, seen)):
            with pytest.raises(ProcessRefused, match="process_refused") as refused:
                await stated
            assert refused.value.found.errors
