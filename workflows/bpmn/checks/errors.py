"""Errors that end events throw: somebody around them, or in a process of the file that calls,
should catch them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workflows.bpmn.checks.found import Found, short
from workflows.bpmn.model import Element, Process


def uncaught(processes: Mapping[str, Process]) -> Iterator[Found]:
    """An error that nobody catches becomes an incident (10.5.6). Only what the file says is known
    here."""
    for process in processes.values():
        for element in process.elements.values():
            if element.tag == "endEvent":
                for trigger in element.triggers:
                    if trigger.kind == "error" and not _caught(processes, process, element, trigger.ref, set()):
                        message = (
                            f"nothing in this file catches the error {short(trigger.ref or '')!r}: an incident opens; "
                            "catch it by a boundary event or event sub-process"
                        )
                        yield Found(element, "uncaught_error", message)


def _caught(
    processes: Mapping[str, Process], process: Process, thrower: Element, code: str | None, asked: set[str]
) -> bool:
    """Whether a scope around the thrower catches it, or else any call of its process does."""
    inner, scope = thrower, process.elements.get(thrower.parent)
    while scope is not None:
        if _catches(process, (*scope.body.events, *scope.boundary), code, inside=inner.id):
            return True
        inner, scope = scope, process.elements.get(scope.parent)
    if _catches(process, process.root.body.events, code, inside=inner.id):
        return True
    if process.id in asked:
        return False
    asked.add(process.id)
    return any(
        _catches(caller, element.boundary, code, inside=element.id) or _caught(processes, caller, element, code, asked)
        for caller in processes.values()
        for element in caller.elements.values()
        if element.work.called == process.id
    )


def _catches(process: Process, catchers: tuple[str, ...], code: str | None, *, inside: str) -> bool:
    """Whether one of the events catches the code; an event sub-process does not catch what it
    throws itself."""
    return any(
        trigger.kind == "error" and trigger.ref in (None, code)
        for catcher in map(process.elements.__getitem__, catchers)
        if catcher.parent != inside
        for trigger in catcher.triggers
    )
