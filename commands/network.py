"""``baton network …``: the network set up and kept, by head office."""

from __future__ import annotations

from typing import Annotated

import typer

from commands.running import command

app = typer.Typer(help="Regions, dealers, people, models, channels, calendar: set up and kept.", no_args_is_help=True)


@app.command()
@command
def begin(
    code: Annotated[str, typer.Argument(help="The staff code, as HQ-01.")],
    name: Annotated[str, typer.Argument(help="The person's name.")],
) -> int:
    """Name the first person of head office, straight in the database: from then on the API does all else."""
    from commands import beginning

    return beginning.run(code, name)
