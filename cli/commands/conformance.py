"""``baton conformance …``: cases that others have written, run through the engine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.commands.running import command

app = typer.Typer(help="Run others' cases through the engine.", no_args_is_help=True)


@app.command()
@command
def bpmn(folder: Annotated[Path, typer.Argument(help="A folder with cases.json and models.")]) -> int:
    """Run every case of a folder; prints a line for each that is not right, and how many were."""
    from cli.conformance.bpmn import main

    return main(folder, typer.echo)


@app.command()
@command
def dmn(folder: Annotated[Path, typer.Argument(help="A folder with models and their *-test-*.xml below it.")]) -> int:
    """Run every test file below a folder; prints a line for each result that is not right, and how
    many were."""
    from cli.conformance.dmn import main

    return main(folder, typer.echo)
