"""``baton process deploy``: files through the API's door, what is called before what calls it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx

from cli.commands.door import Door, accepted
from cli.commands.files import line, lines, load, say
from domain.processes.checking import Checked


def run(paths: Sequence[Path], comment: str, door: Door) -> int:
    """Deploys the files, each as a whole; prints versions and warnings. 1 if one was refused: none
    after it is sent."""
    files = load(paths)
    unreadable = {path: file for path, file in files.items() if file.definitions is None}
    for path, file in unreadable.items():
        say(lines(path, file.problems))
    if unreadable:
        return 1
    for path in in_order(files):
        answer = door.post_xml("/processes", files[path].xml, comment=comment)
        say(_said(path, answer))
        if not answer.is_success:
            return 1
    return 0


def in_order(files: Mapping[Path, Checked]) -> list[Path]:
    """Files that others call come first; those that call each other in a circle stay as given."""
    home = {process.id: path for path, file in files.items() for process in file.processes}
    found: list[Path] = []

    def add(path: Path, above: tuple[Path, ...]) -> None:
        for process in files[path].processes:
            for called in process.calls:
                if called in home and home[called] not in above:
                    add(home[called], (*above, home[called]))
        if path not in found:
            found.append(path)

    for path in files:
        add(path, (path,))
    return found


def _said(path: Path, answer: httpx.Response) -> Iterator[str]:
    if answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY and answer.json()["code"] == "process_refused":
        yield from _listed(path, answer.json()["problems"])
        return
    body = accepted(answer)
    yield from _listed(path, body["warnings"])
    for one in body["processes"]:
        news = "deployed" if one["new"] else "is that already"
        yield f"{path}: {one['key']} version {one['version']} {news}"


def _listed(path: Path, problems: list[dict[str, Any]]) -> Iterator[str]:
    for one in problems:
        yield line(path, one["line"], one["element"], one["name"], one["detail"], one["code"], one["severity"])
