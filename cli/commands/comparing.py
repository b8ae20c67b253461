"""``baton process diff``: what changed, one line an element, one more a property."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic_core import to_jsonable_python

from cli.commands.door import Door
from cli.commands.files import lines, load, say
from server.problems import StartProblem
from workflows.bpmn import Process
from workflows.bpmn.difference import difference

_SIGNS = {"added": "+", "removed": "-", "changed": "~"}


def files(old: Path, new: Path) -> int:
    """Compares two files, process by process; 1 if one cannot be read."""
    found = load((old, new))
    unreadable = [path for path, file in found.items() if file.definitions is None]
    for path in unreadable:
        say(lines(path, found[path].problems))
    if unreadable:
        return 1
    before, after = ({process.id: process for process in found[path].processes} for path in (old, new))
    for key in dict.fromkeys((*after, *before)):
        if key in before and key in after:
            say(_between(before[key], after[key]))
        else:
            say([f"{_SIGNS['added' if key in after else 'removed']} process {key}"])
    return 0


def versions(what: Sequence[str], door: Door) -> int:
    """Compares two deployed versions: ``what`` is the key and their numbers."""
    if len(what) != 3:
        raise StartProblem("what shall be compared?", "give KEY OLD NEW, or two files")
    key, old, new = what
    found = door.get(f"/processes/{key}/difference", **{"from": old, "to": new})
    say(_changes(key, found["changes"]))
    return 0


def _between(old: Process, new: Process) -> Iterator[str]:
    return _changes(new.id, to_jsonable_python(difference(old, new)))


def _changes(key: str, changes: list[dict[str, Any]]) -> Iterator[str]:
    if not changes:
        yield f"{key}: nothing differs but the picture"
    for change in changes:
        name = f' "{change["name"]}"' if change["name"] else ""
        yield f"{_SIGNS[change['kind']]} {change['tag']} {change['id']}{name}"
        for one in change["properties"]:
            yield f"    {one['name']}: {one['old'] or '(nothing)'} → {one['new'] or '(nothing)'}"
