"""A process version that is deployed nowhere: said at every lead that waits for it, until it is
there."""

from __future__ import annotations

from cases.actors import EVERYTHING, SYSTEM
from server import versions
from store.engine import incidents
from store.engine.incidents import MISSING_DEFINITION
from store.session import Database
from store.tables import definitions
from tests.store import kept
from tests.store.births import AT, some_leads
from tests.timetravel import TestClock
from tests.workflows.bpmn.diagrams import bpmn
from workflows import definitions as loaded


async def test_a_stored_file_that_cannot_be_read_stops_nobody_and_is_said(database: Database) -> None:
    xml = b"<definitions/>"
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        sha256 = (await definitions.deploy_process(tx, "old", "流程", xml, [], AT, "system")).sha256
    (waiting,) = await some_leads(database, 1, process=("old", 1, sha256))

    await versions.load_newest(database)
    assert not await versions.load_or_say(database, TestClock(AT), sha256)

    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        assert [one.case_id for one in await kept.open_incidents(tx)] == [waiting]


async def test_what_is_deployed_later_is_loaded_before_anybody_asks(database: Database) -> None:
    known = await versions.load_newest(database)
    xml = bpmn("start -> late:user -> end", name="later")
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        ref = (await definitions.deploy_process(tx, "later", "流程", xml, [], AT, "system")).ref

    assert ref.sha256 in await versions.load_newest(database, known)
    assert "later" in loaded.program([ref])


async def test_leads_whose_version_is_nowhere_have_an_incident_until_it_is_deployed(database: Database) -> None:
    xml = bpmn("start -> a:user -> end")
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        sha256 = (await definitions.deploy_process(tx, "p", "流程", xml, [], AT, "system")).sha256
    absent = "0" * 64
    waiting = await some_leads(database, 2, process=("p", 7, absent))
    await some_leads(database, 1, process=("p", 1, sha256))

    for _ in range(2):  # the second look adds nothing
        assert not await versions.load_or_say(database, TestClock(AT), absent)
        async with database.transaction(SYSTEM, EVERYTHING) as tx:
            found = await kept.open_incidents(tx)
        assert sorted(one.case_id for one in found) == sorted(waiting)
        assert {one.kind for one in found} == {MISSING_DEFINITION}
        assert all(absent in one.message for one in found)

    assert await versions.load_or_say(database, TestClock(AT), sha256)
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        assert len(await kept.open_incidents(tx)) == 2
        await incidents.definition_found(tx, absent, AT)
        assert await kept.open_incidents(tx) == ()
