"""What a start brings up to date before anyone may work: schema, clock, processes, tables, legal
holidays.

Every step asks what is there and does only what is missing, so a start that was cut short is
completed by the next.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from cases.actors import EVERYTHING, SYSTEM
from cases.clock import ClockSpec, SystemClock
from cases.errors import BatonError
from domain.rounds import opening
from domain.tables import Tables
from server import deployment
from server.problems import StartProblem
from server.settings import Settings
from store import migrate, setup
from store.engine import clock
from store.network import groundwork, network_seed
from store.session import Database, Tx
from store.tables import definitions

_LACKING = {
    "head_office": "nobody of head office yet; leads are accepted and wait",
    "dealers": "no dealers yet; leads are accepted and wait for head office",
}


async def complete(settings: Settings, say: Callable[[str], None]) -> None:
    """Bring the database of ``settings`` up to date.

    Raises:
        StartProblem: the database does not answer, or a shipped definition is refused.
    """
    await migrated(settings)
    database = Database(settings.database(), pool_size=1)
    try:
        async with database.transaction(SYSTEM, EVERYTHING) as tx:
            now = await set_clock(tx, settings.clock_speed)
            done = await deployment.deploy_shipped(tx, now)
            await groundwork.load(tx)
            await _open_rounds(tx, now)
            rows = await network_seed.load(tx) if settings.demo_network else 0
            lacking = await setup.lacking(tx)
    except BatonError as error:
        raise StartProblem("the database cannot be brought up to date", error.code) from error
    finally:
        await database.close()
    for warning in done.warnings:
        say(warning)
    if done.new:
        say(f"deployed: {done.new} new of {done.processes} processes and {done.tables} tables")
    if rows:
        say(f"loaded the demo network ({rows} rows)")
    if lacking is not None:
        say(f"the network has {_LACKING[lacking]}: docs/how-to/keep-the-network.md says how to set it up")


async def migrated(settings: Settings) -> None:
    """Bring the schema to the newest version, making the database if there is none.

    Raises:
        StartProblem: the database does not answer, or its schema is none that this code knows.
    """
    try:
        await migrate.create_database(settings.database())
        await migrate.upgrade(settings.database())
    except BatonError as error:
        raise StartProblem("the database does not answer", "check BATON_DATABASE_URL") from error
    except Exception as error:  # Alembic's own, which only the store may name
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        problem = f"the database's schema cannot be brought up to date ({reason})"
        raise StartProblem(problem, "was it made by a newer Baton? use that one, or another database") from error


async def _open_rounds(tx: Tx, at: datetime) -> None:
    tables = Tables()
    await tables.refresh(tx, await definitions.count_tables(tx))
    await opening.open_missing(tx, tables, at)


async def set_clock(tx: Tx, speed: float) -> datetime:
    """Store the application clock at ``speed``, going on from where it stood; returns its now.

    A clock that already has this speed stays as it is: its line is in running workflows.
    """
    spec = await clock.load(tx)
    wall = datetime.now(UTC)
    if spec.speed != speed:
        spec = ClockSpec(wall=wall, app=spec.at(wall), speed=speed)
        await clock.save(tx, spec)
    return SystemClock(spec).now()
