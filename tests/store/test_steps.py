"""Results of steps are found by their keys, whether they were kept before or after keys lost their
case."""

from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from cases.actors import EVERYTHING, PROCESS
from cases.states import CaseKind
from store import migrate
from store.engine import cases, ledger, wake_ups
from store.engine.ledger import Ledger
from store.session import Database
from tests.store.births import AT, some_leads


async def keep(database: Database, lead: object, key: str, result: str) -> None:
    book = Ledger(AT, "grade", "process")
    book.keep(key, {"grade": result})
    async with database.transaction(PROCESS, EVERYTHING) as tx:
        await ledger.write(tx, lead, book)  # type: ignore[arg-type]


async def test_a_key_is_one_cases_and_is_taken_once(database: Database) -> None:
    first, second = await some_leads(database, 2)
    for lead, result in ((first, "A"), (second, "B")):
        await keep(database, lead, f"{lead}:1:4", result)
    with pytest.raises(IntegrityError):
        await keep(database, first, f"{first}:1:4", "C")

    async with database.transaction(PROCESS, EVERYTHING) as tx:
        for lead, result in ((first, "A"), (second, "B")):
            opened = await cases.open_step(tx, lead, CaseKind.LEAD, f"{lead}:1:4")
            assert opened.before == await wake_ups.result_of(tx, f"{lead}:1:4") == {"grade": result}
            assert (await cases.open_step(tx, lead, CaseKind.LEAD, f"{lead}:2:4")).before is None


async def test_what_was_kept_before_is_found_afterwards_and_back(database: Database) -> None:
    (lead,) = await some_leads(database, 1)
    await keep(database, lead, f"{lead}:1:4", "A")
    whole = "SELECT key, case_id, element, at, result FROM executed_steps ORDER BY key"
    async with database.engine.begin() as connection:
        await connection.run_sync(lambda inside: command.downgrade(migrate._config(inside), "0047"))
        before = (await connection.execute(text(whole))).all()
    await migrate.upgrade(database.url)

    assert [(key, result) for key, *_, result in before] == [(f"{lead}:1:4", {"grade": "A"})]
    async with database.transaction(PROCESS, EVERYTHING) as tx:
        assert await wake_ups.result_of(tx, f"{lead}:1:4") == {"grade": "A"}
    assert await migrate.differences(database.url) == []
