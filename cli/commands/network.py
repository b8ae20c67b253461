"""``baton network …``: the network set up and kept, by head office."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.commands.running import command
from server.problems import StartProblem

By = Annotated[str | None, typer.Option(help="The staff code of whoever does it: somebody of head office.")]
Url = Annotated[str | None, typer.Option(help="The API; this machine's if not given.")]

app = typer.Typer(help="Regions, dealers, people, models, channels, calendar: set up and kept.", no_args_is_help=True)


@app.command()
@command
def begin(
    code: Annotated[str, typer.Argument(help="The staff code, as HQ-01.")],
    name: Annotated[str, typer.Argument(help="The person's name.")],
) -> int:
    """Name the first person of head office, straight in the database: from then on the API does all
    else."""
    from cli.commands import beginning

    return beginning.run(code, name)


@app.command(name="import")
@command
def import_(
    path: Annotated[Path, typer.Argument(help="A folder of CSV files, one such file, or a workbook.")],
    by: By = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, change nothing.")] = False,
    all_or_nothing: Annotated[bool, typer.Option("--all-or-nothing", help="One refused row stops all.")] = False,
    deactivate_missing: Annotated[
        bool,
        typer.Option("--deactivate-missing", help="Of the sheets given, who is not in them becomes inactive."),
    ] = False,
    template: Annotated[bool, typer.Option("--template", help="Write a template to PATH instead.")] = False,
    out: Annotated[Path | None, typer.Option(help="Where verdicts go; PATH.result.csv if not given.")] = None,
    url: Url = None,
) -> int:
    """Set up or change the network by file; gives a verdict and a reason per row. 2 if rows were
    refused."""
    from cli.importer.network import run_import, write_template
    from server.settings import load

    if template:
        return write_template(path)
    return run_import(
        path,
        url or load().api_url,
        _somebody(by),
        dry_run=dry_run,
        all_or_nothing=all_or_nothing,
        deactivate_missing=deactivate_missing,
        out=out,
    )


@app.command()
@command
def export(
    path: Annotated[Path, typer.Argument(help="A folder for CSV files, or FILE.xlsx.")],
    by: By = None,
    url: Url = None,
) -> int:
    """Write the network as it is, in the form that import reads."""
    from cli.importer.network import run_export
    from server.settings import load

    return run_export(path, url or load().api_url, _somebody(by))


def _somebody(by: str | None) -> str:
    if by is None:
        raise StartProblem("it is not said who does it", "give --by with the staff code of somebody of head office")
    return by
