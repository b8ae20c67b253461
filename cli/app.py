"""The ``baton`` command. Thin: each command reads the settings and calls a module; problems come as
one line."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.commands import GROUPS
from cli.commands.running import command
from server import collecting

if TYPE_CHECKING:
    from server.settings import Settings

app = typer.Typer(
    name="baton",
    help="Lead management for car makers and dealer groups: every lead a durable process.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for name, group in GROUPS.items():
    app.add_typer(group, name=name)


def _settings(part: str) -> Settings:
    """The settings of a process that logs under the name of its part."""
    from server import logging
    from server.settings import load

    settings = load()
    logging.configure(part, settings.log_level, settings.log_format)
    return settings


def _follow(parent: bool) -> None:
    """Have this process end with the one that called it: make."""
    if parent:
        from server.parent import follow

        follow()


@app.command()
@command
def up(
    demo_network: Annotated[
        bool, typer.Option("--demo-network", help="Load the demo network if there is no network yet.")
    ] = False,
    end_with_parent: Annotated[bool, typer.Option(hidden=True)] = False,
) -> int:
    """Run everything on this machine: PostgreSQL, Temporal, worker and API, until Ctrl-C."""
    _follow(end_with_parent)
    from server import supervisor
    from server.settings import load

    return supervisor.run(load(demo_network=True) if demo_network else load())


@app.command()
@command
def demo(
    seconds: Annotated[float | None, typer.Option(help="Stop by itself after so many seconds.", min=1)] = None,
    end_with_parent: Annotated[bool, typer.Option(hidden=True)] = False,
) -> int:
    """Run everything with a day in ten seconds, generated leads and simulated people."""
    _follow(end_with_parent)
    from cli.demo import run

    return run(seconds=seconds)


@app.command(name="import")
@command
def import_(
    file: Annotated[Path, typer.Argument(help="A file of leads: CSV and its kin, .xlsx, .xls, .xlsb, .ods.")],
    url: Annotated[str | None, typer.Option(help="The API; this machine's if not given.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where verdicts go; FILE.result.csv if not given.")] = None,
    concurrency: Annotated[int, typer.Option(help="Requests at a time.", min=1, max=16)] = 1,
    mapping: Annotated[
        list[str] | None, typer.Option("--map", help="What a heading means, as 客户电话=phone; may be repeated.")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="Of a workbook; the first with known headings.")] = None,
    channel: Annotated[
        str | None, typer.Option(help="Of rows that name none: a code, a name, or names as 厂商/垂直媒体/懂车帝.")
    ] = None,
    template: Annotated[bool, typer.Option("--template", help="Write an empty workbook to FILE instead.")] = False,
) -> int:
    """Send a file of leads through the same door as the API; gives a verdict and a reason per row.

    An import that was interrupted goes on where it stopped when the same command is given again.
    """
    from cli.importer import run, write_template
    from server.settings import load

    if template:
        return write_template(file)
    return run(
        file,
        url or load().api_url,
        out=out,
        concurrency=concurrency,
        mapping=mapping or (),
        sheet=sheet,
        channel=channel,
    )


@app.command()
@command
def backtest(
    file: Annotated[Path, typer.Argument(help="A DMN file: the draft.")],
    since: Annotated[str, typer.Option(help="From when on, as 2026-10-01.")],
    until: Annotated[str | None, typer.Option(help="Up to when, that day no more; now if not given.")] = None,
    table: Annotated[str | None, typer.Option(help="Which of the file's decisions, if it holds several.")] = None,
    out: Annotated[Path | None, typer.Option(help="A CSV file for the changes, lead by lead.")] = None,
) -> int:
    """Try a table's draft on past decisions as they were; says whose grade, dealer or deadline
    would have changed."""
    from cli.commands import backtesting

    return backtesting.run(file, since, until, key=table, out=out)


@app.command()
@command
def migrate() -> None:
    """Bring the database's schema to the newest version."""
    from server import first_start

    asyncio.run(first_start.migrated(_settings("migrate")))


@app.command()
@command
def deploy() -> None:
    """Bring schema, clock, shipped processes and tables, and legal holidays up to date."""
    from server import first_start

    asyncio.run(first_start.complete(_settings("deploy"), typer.echo))


@app.command()
@command
def worker(in_reserve: Annotated[bool, typer.Option(hidden=True)] = False) -> None:
    """Run one worker until SIGTERM: Temporal's work, the relay, notifications."""
    collecting.hold()
    import uvloop

    from worker import run

    settings = _settings("worker")
    if in_reserve:
        from server.reserve import told_to_work

        if not told_to_work():
            return
    uvloop.run(run(settings))


@app.command()
@command
def api() -> None:
    """Serve the API until SIGTERM."""
    collecting.hold()
    import uvloop

    from server.serving import serve

    uvloop.run(serve(_settings("api")))


@app.command()
@command
def status(
    part: Annotated[str | None, typer.Option(help="Ask one part only: database, temporal, worker or api.")] = None,
) -> int:
    """Say which parts answer; the exit code is 0 if all that were asked do."""
    from server import status as asked
    from server.settings import load

    settings = load()
    parts = asked.parts(part)
    answers = asyncio.run(asked.ask(settings, parts))
    if part is None:
        typer.echo(f"{settings.home}: {asked.holder(settings) or 'no baton up here'}")
    for answer in answers:
        typer.echo(f"{answer.part:<9} {'answers' if answer.well else 'silent':<8} {answer.where}")
        if answer.remark:
            typer.echo(f"{'':<9} {answer.remark}")
    return 0 if all(answer.well for answer in answers) else 1


@app.command()
@command
def version() -> None:
    """Print the version."""
    from importlib.metadata import version as installed

    typer.echo(f"baton {installed('baton')}")


if __name__ == "__main__":
    app()
