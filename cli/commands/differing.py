"""``baton table diff``: what changed, one line a cell, row, column or example."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic_core import to_jsonable_python

from cli.commands.door import Door
from cli.commands.files import content, say
from rules import Decision, TableRefused, read_table
from rules.difference import difference
from rules.feel import FeelError
from server.problems import StartProblem

_SIGNS = {"added": "+", "removed": "-", "changed": "~", "moved": "~", "renamed": "~"}


def files(old: Path, new: Path) -> int:
    """Compares two files, decision by decision; 1 if one cannot be read."""
    found = [_read(path) for path in (old, new)]
    if None in found:
        return 1
    before, after = ({one.key: one for one in decisions or ()} for decisions in found)
    for key in dict.fromkeys((*after, *before)):
        if key in before and key in after:
            say(_changes(key, to_jsonable_python(difference(before[key], after[key]))))
        else:
            say([f"{'+' if key in after else '-'} decision {key}"])
    return 0


def versions(what: Sequence[str], door: Door) -> int:
    """Compares two published versions: ``what`` is the key and their numbers."""
    if len(what) != 3:
        raise StartProblem("what shall be compared?", "give KEY OLD NEW, or two files")
    key, old, new = what
    found = door.get(f"/tables/{key}/difference", **{"from": old, "to": new})
    say(_changes(key, found["difference"]))
    return 0


def _read(path: Path) -> tuple[Decision, ...] | None:
    try:
        return read_table(content(path))
    except TableRefused as refused:
        say(f"{path}: {problem}" for problem in refused.problems)
        return None
    except FeelError as problem:  # an output that cannot be computed
        say((f"{path}: {problem}",))
        return None


def _changes(key: str, found: dict[str, Any]) -> Iterator[str]:
    lines = list(_lines(found))
    yield from (f"{key}: {line}" for line in lines or ["nothing differs"])


def _lines(found: dict[str, Any]) -> Iterator[str]:
    yield from (f"~ {_property(one)}" for one in found["properties"])
    for one in found["columns"]:
        said = "; ".join(map(_property, one["properties"])) if one["kind"] == "changed" else ""
        yield f"{_SIGNS[one['kind']]} {one['side']} {one['name']}{': ' if said else ''}{said}"
    yield from map(_row, found["rows"])
    for one in found["cells"]:
        yield f"~ row {one['row']} ({one['new_row']}), {one['column'] or 'note'}: {_both(one)}"
    for one in found["examples"]:
        said = "; ".join(map(_property, one["properties"])) if one["kind"] == "changed" else ""
        yield f'{_SIGNS[one["kind"]]} example "{one["name"]}"{": " if said else ""}{said}'
    for one in found["within"]:
        within = [f"{one['element']} {one['name']}: {line}" for line in _lines(one)]
        yield from within or [f"{_SIGNS[one['kind']]} {one['element']} {one['name']}"]


def _row(one: dict[str, Any]) -> str:
    match one["kind"]:
        case "moved":
            return f"~ row {one['id']}: moved from {one['old']} to {one['new']}"
        case "renamed":
            return f"~ row {one['id']} ({one['new']}): was called {one['old_id']}"
        case _:
            cells = ", ".join(f"{cell['column']} {cell['text'] or '-'}" for cell in one["cells"])
            return f"{_SIGNS[one['kind']]} row {one['id']} ({one['new'] or one['old']}): {cells}"


def _property(one: dict[str, Any]) -> str:
    return f"{one['name']} {_both(one)}"


def _both(one: dict[str, Any]) -> str:
    return f"{one['old'] or '(nothing)'} → {one['new'] or '(nothing)'}"
