"""``baton table …``: check and compare decision tables, in files before anybody publishes them, or
as published."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.commands.running import command

app = typer.Typer(help="Check and compare decision tables.", no_args_is_help=True)


@app.command()
@command
def check(files: Annotated[list[Path], typer.Argument(help="DMN files.")]) -> int:
    """Say what is wrong with tables, one line a finding; the exit code is 1 if one should not be
    deployed."""
    from cli.commands import analysing

    return analysing.run(files)


@app.command()
@command
def diff(
    what: Annotated[list[str], typer.Argument(help="KEY OLD NEW (published versions), or OLD.dmn NEW.dmn.")],
    url: Annotated[str | None, typer.Option(help="The API; this machine's if not given.")] = None,
) -> int:
    """Say what changed from one version to another, cell by cell."""
    from cli.commands import differing
    from cli.commands.door import Door

    if len(what) == 2:
        return differing.files(Path(what[0]), Path(what[1]))
    with Door(url) as door:
        return differing.versions(what, door)
