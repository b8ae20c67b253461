"""What a diagram calls: activities, decisions and processes that have to exist, and can be begun."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from cases.near import nearest
from workflows.bpmn.checks.found import Found, short
from workflows.bpmn.model import Definitions


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What is deployed, by name; None: not known, so nothing is said about it."""

    activities: Collection[str] | None = None
    decisions: Collection[str] | None = None
    processes: Collection[str] | None = None


def names(definitions: Definitions, catalogue: Catalogue) -> Iterator[Found]:
    """Names that the catalogue does not know. The processes of the same file are known anyway."""
    known = None if catalogue.processes is None else {*catalogue.processes, *definitions.processes}
    for process in definitions.processes.values():
        for element in process.elements.values():
            work = element.work
            for name, deployed, code, what in (
                (work.activity, catalogue.activities, "unknown_activity", "activity"),
                (work.decision, catalogue.decisions, "unknown_decision", "decision"),
                (work.called, known, "unknown_process", "process"),
            ):
                if name and deployed is not None and name not in deployed:
                    near = nearest(name, deployed)
                    cure = f"did you mean {short(near)!r}?" if near else "deploy it first or correct the name"
                    message = f"there is no {what} {short(name)!r}; {cure}"
                    yield Found(element, code, message, proposal=near)


def calls(definitions: Definitions) -> Iterator[Found]:
    """A called process begins at exactly one plain start event, or has no start event at all (13.2, 13.3.4)."""
    for process in definitions.processes.values():
        for element in process.elements.values():
            called = definitions.processes.get(element.work.called)
            if called is None:
                continue
            body = called.root.body
            if not body.starts:
                message = f"the called process {short(called.id)} has no plain start event; add one"
                yield Found(element, "called_without_start", message)
            elif len(body.starts) > 1 and not body.implicit:
                message = f"the called process {short(called.id)} has several plain start events; keep one"
                yield Found(element, "called_ambiguous", message)
