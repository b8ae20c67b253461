"""``baton network``: the network set up and kept from a terminal."""

from __future__ import annotations

import asyncio

import pytest
from typer.testing import CliRunner, Result

from cli.app import app
from store.session import Database


async def ask(database: Database, *words: str) -> Result:
    env = {"BATON_DATABASE_URL": database.url}
    return await asyncio.to_thread(CliRunner().invoke, app, ["network", *words], env=env)


async def test_the_first_person_is_named_once(database: Database) -> None:
    first = await ask(database, "begin", " HQ-01 ", "王平")
    assert (first.exit_code, first.stdout) == (0, "HQ-01 王平 is of head office: --by HQ-01, or Baton-Actor: HQ-01\n")
    again = await ask(database, "begin", "HQ-02", "李娟")
    assert (again.exit_code, again.stderr.count("\n")) == (1, 1)
    assert "PUT /api/v1/staff" in again.stderr


@pytest.mark.parametrize("words", [("", "王平"), ("HQ-01", " "), ("HQ\x00", "王平"), ("H" * 101, "王平")])
async def test_what_is_no_code_or_name_costs_one_line(database: Database, words: tuple[str, str]) -> None:
    said = await ask(database, "begin", *words)
    assert (said.exit_code, said.stderr.count("\n")) == (1, 1)
