"""``baton table …``: check decision tables in files, before anybody publishes them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.running import command

app = typer.Typer(help="Check decision tables.", no_args_is_help=True)


@app.callback()
def table() -> None:
    """Keeps ``check`` a command with a name: typer takes an app of one command for that command."""


@app.command()
@command
def check(files: Annotated[list[Path], typer.Argument(help="DMN files.")]) -> int:
    """Say what is wrong with tables, one line a finding; the exit code is 1 if one should not be deployed."""
    from commands import analysing

    return analysing.run(files)
