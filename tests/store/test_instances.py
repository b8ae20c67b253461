"""Lives are found by state, version, element and lead; a picture that is older than the store's
changes nothing."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from alembic import command
from sqlalchemy import select, text

from cases.actors import EVERYTHING, SYSTEM
from cases.contracts import ProcessRef
from cases.errors import NotFound
from store import migrate
from store.engine import incidents, instances
from store.engine.instances import InstanceFilters, InstanceRow
from store.listing import Window
from store.models import Case
from store.session import Database
from tests.store.births import AT, some_leads
from tests.store.rests import CHASE, LEAD, a_life, at_element, rest

HOUR = timedelta(hours=1)
SECOND = ProcessRef("lead", 2, "3" * 64)


async def one(database: Database, lead: UUID, life: int | None = None) -> InstanceRow:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        return await instances.one(tx, lead, life)


async def found(database: Database, **filters: Any) -> list[UUID]:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        lines = (await instances.find(tx, InstanceFilters(**filters), Window(100))).items
        return [line.lead_id for line in lines]


async def columns(database: Database, lead: UUID, *wanted: Any) -> tuple[Any, ...]:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        return tuple((await tx.session.execute(select(*wanted).where(Case.id == lead))).one())


async def fail(database: Database, key: str, lead: UUID) -> None:
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        await incidents.record(tx, lead, key, "a", "activity_failed", "code", AT)


async def test_a_life_is_kept_as_it_last_rested(database: Database) -> None:
    (lead,) = await some_leads(database, 1)
    with pytest.raises(NotFound):
        await one(database, lead)
    scope = at_element("sale", "lead", "scope")

    await rest(database, lead, place=(scope, at_element("work")), snapshot={"n": 1})
    await rest(database, lead, AT + HOUR, place=(scope, at_element("wait")), snapshot={"n": 2}, applied=2)

    kept = await one(database, lead)
    assert (kept.state, kept.started_at, kept.settled_at, kept.applied) == ("running", AT, AT + HOUR, 2)
    assert (kept.refs, kept.snapshot, [mark.element for mark in kept.place]) == (
        (LEAD, CHASE),
        {"n": 2},
        ["sale", "wait"],
    )
    (place,) = await columns(database, lead, Case.place)
    assert [mark["element"] for mark in place] == ["wait"]  # screens of leads show no scopes


async def test_an_older_picture_changes_nothing(database: Database) -> None:
    (lead,) = await some_leads(database, 1)
    await rest(database, lead, AT + HOUR, applied=3, outcome="won", ended=True)
    ended = await one(database, lead)

    await rest(database, lead, AT, applied=2)
    await rest(database, lead, AT + HOUR, applied=2)
    await rest(database, lead, AT + HOUR, applied=3)

    assert await one(database, lead) == ended
    assert (ended.state, ended.outcome, ended.ended_at) == ("ended", "won", AT + HOUR)


async def test_each_life_of_a_lead_is_one_of_its_own_and_the_latest_is_shown(database: Database) -> None:
    (lead,) = await some_leads(database, 1)
    await rest(database, lead, ended=True, outcome="lost")
    await rest(database, lead, AT + HOUR, life=5, started_at=AT + HOUR, applied=5)

    assert ((await one(database, lead)).life, (await one(database, lead, 1)).outcome) == (5, "lost")
    assert await found(database, case_id=lead) == [lead, lead]
    assert await found(database, case_id=lead, states=["ended"]) == [lead]


async def test_lives_are_found_by_version_element_and_state(database: Database) -> None:
    works, waits, stuck, over = await some_leads(database, 4)
    await rest(database, works, place=(at_element("work"),))
    await rest(database, waits, place=(at_element("work", "other"),), process=SECOND, called=())
    await rest(database, stuck, place=(at_element("dispatch", "lead"),))
    await fail(database, f"{stuck}:1:7", stuck)
    await rest(database, over, ended=True)

    assert await found(database) == [over, stuck, waits, works]
    assert await found(database, process="lead") == [over, stuck, waits, works]
    assert await found(database, process="lead", version=2) == [waits]
    assert await found(database, process="chase", version=1) == [over, stuck, works]
    assert await found(database, element="work") == [waits, works]
    assert await found(database, process="chase", element="work") == [works]
    assert await found(database, states=["running"]) == [waits, works]
    assert await found(database, states=["incident", "ended"]) == [over, stuck]


async def test_an_incident_of_an_earlier_life_is_not_one_of_the_present(database: Database) -> None:
    (lead,) = await some_leads(database, 1)
    await rest(database, lead, ended=True)
    await fail(database, f"{lead}:1:7", lead)
    await rest(database, lead, AT + HOUR, life=2, applied=2)

    assert [(await one(database, lead, life)).state for life in (1, 2)] == ["ended", "running"]


async def test_the_running_lives_of_a_version_are_given_in_batches_of_the_snapshot(database: Database) -> None:
    born = await some_leads(database, 5)
    for lead in born[:4]:
        await rest(database, lead, snapshot={"lead": str(lead)})
    await rest(database, born[1], AT + HOUR, ended=True)
    await rest(database, born[4], called=())

    seen: list[InstanceRow] = []
    async with database.transaction(SYSTEM, EVERYTHING) as tx:
        after = None
        while batch := await instances.of_version(tx, "chase", 1, after, 2):
            seen += batch
            after = (batch[-1].case_id, batch[-1].life)

    assert [row.case_id for row in seen] == [born[0], born[2], born[3]]
    assert [row.snapshot["lead"] for row in seen] == [str(row.case_id) for row in seen]


async def test_a_lead_that_went_on_in_another_version_begins_its_next_life_there(database: Database) -> None:
    (lead,) = await some_leads(database, 1)
    await rest(database, lead)
    await rest(database, lead, AT + HOUR, process=SECOND, called=(), applied=2)

    assert (await one(database, lead)).refs == (SECOND,)
    kept = await columns(database, lead, Case.process_key, Case.process_version, Case.process_sha256)
    assert kept == (SECOND.key, SECOND.version, SECOND.sha256)


def test_a_life_says_all_its_versions_its_own_first() -> None:
    assert instances.values(a_life(), ended=False)["runs"] == ["lead", "lead:1", "chase", "chase:1"]


async def test_lives_that_rested_before_places_were_kept_once_are_read_and_found_and_back(database: Database) -> None:
    before, after = await some_leads(database, 2)
    due = "2026-11-30T09:00:00Z"
    place = (at_element("sale", "lead", "scope"), replace(at_element("work"), due=due))
    for lead in (before, after):
        await rest(database, lead, place=place, snapshot={"n": 1, "lead": str(lead)})
    told = [await one(database, lead) for lead in (before, after)]
    form = "SELECT snapshot, place FROM instances ORDER BY case_id"

    async with database.engine.begin() as connection:
        await connection.run_sync(lambda inside: command.downgrade(migrate._config(inside), "0050"))
        as_before = [tuple(row) for row in await connection.execute(text(form))]
    await migrate.upgrade(database.url)
    assert as_before == [(row.snapshot, [asdict(mark) for mark in place]) for row in told], (
        "each says itself what it remembers and where it stands"
    )
    assert await migrate.differences(database.url) == []
    await rest(database, after, place=place, snapshot={"n": 1, "lead": str(after)})

    async with database.engine.begin() as connection:
        kept = "SELECT stand IS NULL, remembered IS NULL, snapshot FROM instances ORDER BY case_id"
        assert [tuple(row) for row in await connection.execute(text(kept))] == [
            (True, True, {"n": 1, "lead": str(before)}),
            (False, False, {}),
        ]
    assert [await one(database, lead) for lead in (before, after)] == told
    assert await found(database, element="work") == [after, before]
    assert await found(database, process="chase", element="work") == [after, before]
    assert await found(database, element="elsewhere") == []


async def test_what_tokens_stand_at_is_kept_once(database: Database) -> None:
    leads = await some_leads(database, 3)
    for hour, lead in enumerate(leads):
        await rest(database, lead, place=(replace(at_element("work"), due=f"2026-11-30T0{hour}:00:00Z"),))

    async with database.engine.begin() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM stands"))).scalar_one() == 1
    assert [(await one(database, lead)).place[0].due for lead in leads] == [
        f"2026-11-30T0{hour}:00:00Z" for hour in range(3)
    ]
