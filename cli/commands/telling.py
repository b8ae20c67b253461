"""A rehearsal told in lines: the path first, then what was due, what was done, and where it
stands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from workflows.bpmn.rehearsed import Deadline, Moment, Opened, Rehearsal, RehearsalEnding, Trouble

ENDINGS: Final = {
    RehearsalEnding.ENDED: "it has ended",
    RehearsalEnding.WAITS: "it waits for what the script does not bring",
    RehearsalEnding.TIME: "the time is over",
    RehearsalEnding.TOO_LONG: "broken off: too many events",
}


def told(found: Rehearsal) -> Iterator[str]:
    """A rehearsal, line by line."""
    yield from _path(found.path)
    yield from _part("deadlines", map(_deadline, found.deadlines))
    yield from _part(
        "tasks",
        (f"{_when(one.at)}  {one.process}/{one.element} {one.kind} ({one.role}): {one.fate}" for one in found.tasks),
    )
    yield from _part("sent", (f"{_when(one.at)}  {one.kind} {one.name} {_data(one.data)}" for one in found.sent))
    yield from _part("received", (f"{_when(one.at)}  {one.kind} {one.name}: {one.fate}" for one in found.received))
    yield from _part(
        "incidents",
        (f"{_when(one.at)}  {one.process}/{one.element}: {one.message} [{one.kind}]" for one in found.incidents),
    )
    yield from _part("assumed an empty result of", found.assumed)
    yield from _part("never asked for", found.unused)
    yield from _part("waits at", (f"{one.process}/{one.element} {one.name} ({one.waits_for})" for one in found.places))
    yield f"variables: {_data(found.variables)}"
    outcome = f" at {found.outcome}" if found.ending is RehearsalEnding.ENDED and found.outcome else ""
    yield f"{_when(found.stopped_at)}  {ENDINGS[found.ending]}{outcome}"


def _path(path: Sequence[Moment]) -> Iterator[str]:
    left = {one.execution: one for one in path if one.what != "entered"}
    for one in path:
        if one.what == "entered":
            end = left.get(one.execution)
            stay = "" if end is None or end.at == one.at else f" … {_when(end.at)}"
            fate = " cancelled" if end is not None and end.what == "cancelled" else ""
            yield f"{_when(one.at)}  {one.process}/{one.element} {one.name}{stay}{fate}".rstrip()


def _part(title: str, texts: Iterable[str]) -> Iterator[str]:
    found = [f"  {text}" for text in texts]
    if found:
        yield from (f"{title}:", *found)


def _deadline(one: Deadline) -> str:
    settled = f" {_when(one.settled_at)}" if one.settled_at and one.settled_at != one.due else ""
    return f"{_when(one.due)}  {one.kind} {one.process}/{one.element} {one.name}: {one.fate}{settled}"


def _task(one: Opened) -> str:
    return f"{_when(one.at)}  {one.process}/{one.element} {one.kind} ({one.role}): {one.fate}"


def _incident(one: Trouble) -> str:
    return f"{_when(one.at)}  {one.process}/{one.element}: {one.message} [{one.kind}]"


def _when(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def _data(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False)
