"""``baton network begin``: the one person whom the API cannot add, since nobody could ask it to."""

from __future__ import annotations

import asyncio

import typer

from cases.actors import EVERYTHING, SYSTEM
from cases.errors import BatonError
from server.problems import StartProblem
from server.settings import load
from store import setup
from store.session import Database


def run(code: str, name: str) -> int:
    """Adds them; 0 if that was done. Raises StartProblem."""
    code, name = code.strip(), name.strip()
    for text in (code, name):
        if not (0 < len(text) <= 100 and text.isprintable()):
            raise StartProblem("code and name are texts of 1 to 100 printable characters")
    if not asyncio.run(_begin(code, name)):
        raise StartProblem(
            "there is somebody of head office already, or that code is taken",
            "they can add others: PUT /api/v1/staff/{code}, or baton network import",
        )
    typer.echo(f"{code} {name} is of head office: --by {code}, or Baton-Actor: {code}")
    return 0


async def _begin(code: str, name: str) -> bool:
    database = Database(load().database(), pool_size=1)
    try:
        async with database.transaction(SYSTEM, EVERYTHING) as tx:
            return await setup.begin(tx, code, name)
    except BatonError as error:
        raise StartProblem("the database does not answer", "start Baton first, or check BATON_DATABASE_URL") from error
    finally:
        await database.close()
