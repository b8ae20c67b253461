"""``baton process …``: check, deploy, compare and try out diagrams. What needs only files works
without a Baton."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.commands.running import command

app = typer.Typer(help="Check, deploy, compare and try out processes.", no_args_is_help=True)

Files = Annotated[list[Path], typer.Argument(help="BPMN files.")]
Url = Annotated[str | None, typer.Option(help="The API; this machine's if not given.")]


@app.command()
@command
def check(files: Files) -> int:
    """Say what is wrong with diagrams, one line a problem; the exit code is 1 if one could not be
    deployed."""
    from cli.commands import checking

    return checking.run(files)


@app.command()
@command
def report(files: Files) -> int:
    """Say what would be run, kept and refused of diagrams from elsewhere, one line an element."""
    from cli.commands import reporting

    return reporting.run(files)


@app.command()
@command
def deploy(
    files: Files,
    by: Annotated[str, typer.Option(help="Staff code of who deploys: head office.")],
    comment: Annotated[str, typer.Option(help="Why, for the list of versions.")] = "",
    url: Url = None,
) -> int:
    """Make diagrams the newest versions of their processes, through the API; refused ones are said
    line by line."""
    from cli.commands import deploying
    from cli.commands.door import Door

    with Door(url, by=by) as door:
        return deploying.run(files, comment, door)


@app.command()
@command
def versions(
    key: Annotated[str | None, typer.Argument(help="A process; all if not given.")] = None,
    url: Url = None,
) -> int:
    """List deployed versions: when, by whom, why, and how many leads run on each."""
    from cli.commands import listing
    from cli.commands.door import Door

    with Door(url) as door:
        return listing.run(key, door)


@app.command()
@command
def diff(
    what: Annotated[list[str], typer.Argument(help="KEY OLD NEW (deployed versions), or OLD.bpmn NEW.bpmn.")],
    url: Url = None,
) -> int:
    """Say what changed from one version to another, element by element."""
    from cli.commands import comparing
    from cli.commands.door import Door

    if len(what) == 2:
        return comparing.files(Path(what[0]), Path(what[1]))
    with Door(url) as door:
        return comparing.versions(what, door)


@app.command()
@command
def play(
    files: Annotated[list[Path], typer.Argument(help="The diagram, and others that it calls if they are not shipped.")],
    script: Annotated[Path | None, typer.Option(help="What happens: a file of JSON or YAML.")] = None,
    process: Annotated[str | None, typer.Option(help="Which process, if the file has several.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
) -> int:
    """Play a diagram through without a Baton: its path, its deadlines, its tasks. Nothing comes of
    it."""
    from cli.commands import playing

    return playing.run(files, script, process, as_json=as_json)
