"""How a process or sub-process begins (BPMN 2.0.2, 10.5.2, 13.2, 13.3.4)."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.bpmn.checks.found import Found, listed
from workflows.bpmn.model import SCOPES, Element, Process


def of_process(process: Process) -> Iterator[Found]:
    """A process may begin in several ways, each by its own event."""
    root = process.root
    begins_by_event = any(element.instantiate for element in process.elements.values())
    if not _starts(process, "") and not begins_by_event:
        yield from _without_start(root)
    names = [
        trigger.ref for start in process.starts("message") for trigger in start.triggers if trigger.kind == "message"
    ]
    if len(names) != len(set(names)):
        yield Found(root, "ambiguous_start", "two start events wait for the same message; keep one")


def of_sub_process(process: Process, element: Element) -> Iterator[Found]:
    """A sub-process begins in exactly one way, an event sub-process by exactly one event."""
    if element.tag not in SCOPES:
        return
    starts = _starts(process, element.id)
    plain = [start for start in starts if not start.triggers]
    if element.by_event:
        if len(starts) != 1:
            yield Found(element, "event_start", "an event sub-process has exactly one start event; draw or keep one")
    elif not starts:
        yield from _without_start(element)
    elif not plain:
        yield Found(element, "no_start", "there is no plain start event; add one")
    elif len(plain) > 1:
        yield Found(element, "ambiguous_start", "there are several plain start events; keep one")
    elif len(starts) > 1:
        message = "a sub-process starts at its plain start event only; remove the others"
        yield Found(element, "ambiguous_start", message)


def _without_start(element: Element) -> Iterator[Found]:
    if not element.body.starts:
        yield Found(element, "no_start", "there is no plain start event; add one")
    else:
        message = f"no start event: it begins at {listed(element.body.starts)}; draw a start event"
        yield Found(element, "implicit_start", message)


def _starts(process: Process, scope: str) -> list[Element]:
    return [e for e in process.elements.values() if e.parent == scope and e.tag == "startEvent"]
