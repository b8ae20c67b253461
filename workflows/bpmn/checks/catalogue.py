"""What a diagram calls: activities, decisions and processes that have to exist, and can be
begun."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from cases.near import nearest
from workflows.bpmn.checks.found import Found, short
from workflows.bpmn.model import Definitions, Element, Process


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What is deployed, by name; None: not known, so nothing is said about it."""

    activities: Collection[str] | None = None
    decisions: Collection[str] | None = None
    processes: Collection[str] | None = None


def names(processes: Iterable[Process], catalogue: Catalogue) -> Iterator[Found]:
    """Names that the catalogue does not know."""
    for process in processes:
        for element in process.elements.values():
            work = element.work
            yield from _unknown(element, work.activity, catalogue.activities, "unknown_activity", "activity")
            yield from _unknown(element, work.decision, catalogue.decisions, "unknown_decision", "decision")
            yield from _unknown(element, work.called, catalogue.processes, "unknown_process", "process")


def _unknown(element: Element, name: str, known: Collection[str] | None, code: str, what: str) -> Iterator[Found]:
    if name and known is not None and name not in known:
        near = nearest(name, known)
        cure = f"did you mean {short(near)!r}?" if near else "deploy it first or correct the name"
        yield Found(element, code, f"there is no {what} {short(name)!r}; {cure}", proposal=near)


def calls(definitions: Definitions) -> Iterator[Found]:
    """A called process begins at exactly one plain start event, or has no start event at all (13.2,
    13.3.4)."""
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
