"""Which version of a table decides: whoever asks, by whatever way, is told the same."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import text

from cases.actors import EVERYTHING, SYSTEM
from cases.errors import Conflict, NotFound, Unavailable
from domain.policy.laws.versions import VersionState, states
from domain.tables import Tables
from store.leads import leads
from store.listing import Window
from store.session import Database
from store.tables import definitions, drafts, table_events
from tests.store.births import AT, a_lead

HOUR = timedelta(hours=1)


async def test_of_those_whose_time_has_come_the_one_that_came_last_decides(database: Database) -> None:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        for number, hours in enumerate((0, 10, 5, 5), 1):
            await definitions.publish_table(
                tx, "grade", "级别", b"%d" % number, AT, "test", effective_from=AT + hours * HOUR
            )
        decided = [(await definitions.effective_table(tx, "grade", AT + hours * HOUR)).version for hours in (4, 5, 10)]

    assert decided == [1, 4, 2]


async def test_the_database_the_workers_and_the_screens_agree_at_every_instant(database: Database) -> None:
    dice = Random(4)
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        for number in range(12):
            at = AT + dice.randrange(8) * HOUR
            later = at + dice.choice((0, 0, 1, 5)) * HOUR
            await definitions.publish_table(tx, "grade", "级别", b"%d" % number, at, "test", effective_from=later)
        for version in dice.sample(range(1, 13), 4):
            await definitions.withdraw(tx, "grade", version, AT - HOUR, "test")
        tables = Tables()
        await tables.refresh(tx, await definitions.count_tables(tx))
        lines = await definitions.table_lines(tx, "grade")
        for hours in range(14):
            at = AT + hours * HOUR
            shown = [number for number, state in states(lines, at).items() if state is VersionState.IN_FORCE]
            found = (await definitions.effective_tables(tx, at)).get("grade")
            assert shown == ([found.version] if found else [])
            if found is not None:
                assert tables.version("grade", at) == found.version


async def test_what_is_published_decides_also_for_facts_that_are_a_little_older(database: Database) -> None:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        await definitions.publish_table(tx, "grade", "级别", b"<1/>", AT, "test")
        await definitions.publish_table(tx, "pool", "公海", b"<1/>", AT, "test", effective_from=AT + HOUR)
        tables = Tables()
        await tables.refresh(tx, await definitions.count_tables(tx))

    assert tables.version("grade", AT - HOUR) == 1
    with pytest.raises(Unavailable):
        tables.version("pool", AT)


async def test_every_change_changes_the_number_and_is_in_the_audit(database: Database) -> None:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        numbers = [await definitions.count_tables(tx)]
        await definitions.publish_table(tx, "grade", "级别", b"<1/>", AT, "system")
        numbers.append(await definitions.count_tables(tx))
        await definitions.publish_table(tx, "grade", "级别", b"<2/>", AT, "system", effective_from=AT + HOUR)
        await definitions.publish_table(tx, "grade", "级别", b"<2/>", AT, "system")  # it is the newest already
        numbers.append(await definitions.count_tables(tx))
        await definitions.withdraw(tx, "grade", 2, AT, "too early")
        numbers.append(await definitions.count_tables(tx))
        told = (await table_events.of_key(tx, "grade", Window(50))).items

    assert sorted(set(numbers)) == numbers
    assert [(one.code, one.version, one.reason) for one in told] == [
        ("withdrawn", 2, "too early"),
        ("scheduled", 2, ""),
        ("published", 1, ""),
    ]


async def test_a_step_learns_of_every_change_with_its_first_statement(database: Database) -> None:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        lead = await a_lead(tx)
        seen = [(await leads.open_step(tx, lead, "k")).tables]
        await definitions.publish_table(tx, "grade", "级别", b"<1/>", AT, "system", effective_from=AT + HOUR)
        seen.append((await leads.open_step(tx, lead, "k")).tables)
        await definitions.withdraw(tx, "grade", 1, AT, "a")
        seen.append((await leads.open_step(tx, lead, "k")).tables)
        now = await definitions.count_tables(tx)

    assert len(set(seen)) == 3 and seen[-1] == now


async def test_a_withdrawn_version_is_neither_withdrawn_again_nor_the_newest(database: Database) -> None:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        await definitions.publish_table(tx, "grade", "级别", b"<1/>", AT, "system")
        await definitions.publish_table(tx, "grade", "级别", b"<2/>", AT, "system", effective_from=AT + HOUR)
        await definitions.withdraw(tx, "grade", 2, AT, "a")
        newest = await definitions.newest_table(tx, "grade")
        assert newest is not None and newest.version == 1
        for version, error in ((1, Conflict), (2, Conflict), (3, NotFound)):
            with pytest.raises(error):
                await definitions.withdraw(tx, "grade", version, AT, "b")
        again = await definitions.publish_table(tx, "grade", "级别", b"<2/>", AT, "system")
        assert (again.version, again.withdrawn_at) == (3, None)


async def test_what_is_brought_back_is_a_new_version_though_the_newest_says_the_same(database: Database) -> None:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        await definitions.publish_table(tx, "grade", "级别", b"<1/>", AT, "system")
        await definitions.publish_table(tx, "grade", "级别", b"<2/>", AT, "system", effective_from=AT + 2 * HOUR)
        await definitions.publish_table(tx, "grade", "级别", b"<1/>", AT, "system", effective_from=AT + HOUR)

        back = await definitions.publish_table(tx, "grade", "级别", b"<1/>", AT + 3 * HOUR, "test", restores=1)

        assert (back.version, back.restores) == (4, 1)
        assert await definitions.effective_table(tx, "grade", AT + 3 * HOUR) == back


async def test_whoever_holds_a_draft_keeps_others_from_changing_it(database: Database) -> None:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        draft = await drafts.create(tx, "grade", "级别", b"<1/>", None, AT, "test")

    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        await drafts.hold(tx, draft.id)
        with pytest.raises(Unavailable):
            async with database.transaction(SYSTEM, EVERYTHING) as other:
                await other.session.execute(text("SET LOCAL lock_timeout = '20ms'"))
                await drafts.hold(other, draft.id)
        await drafts.discard(tx, draft, AT, "test")

    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        with pytest.raises(Conflict):
            await drafts.hold(tx, draft.id)
