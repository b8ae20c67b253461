"""``baton process check``: what is wrong with diagrams, before anybody deploys them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cli.commands.files import lines, load, names_known, say
from domain.processes.checking import check


def run(paths: Sequence[Path]) -> int:
    """Prints every problem; 1 if a file could not be deployed. The files may call each other."""
    files = load(paths)
    known = names_known(files.values())
    code = 0
    for path, file in files.items():
        found = check(file, known)
        say(lines(path, found.problems))
        if found.errors:
            code = 1
        else:
            say([f"{path}: {', '.join(process.id for process in found.processes)} can be deployed"])
    return code
