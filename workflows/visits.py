"""The way that a life's tokens took since it last rested, as the store keeps it: a line a visit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from cases.contracts import VisitLine
from workflows.bpmn import State, Visit

Versions = Mapping[str, int]
"""The version that a life runs of each process, by key."""


def lines(trace: Iterable[Visit], state: State, versions: Versions) -> dict[str, VisitLine]:
    """A line for each execution in the trace: what began and ended meanwhile is one visit, over
    already.

    What still stands gets the deadline that it has in ``state``; one that began before says only
    how it ended.
    """
    found: dict[str, VisitLine] = {}
    for visit in trace:
        line = found.get(visit.execution) or VisitLine(
            visit.execution, visit.process, versions[visit.process], visit.element
        )
        if visit.what == "entered":
            standing = state.executions.get(visit.execution)
            due = standing.due if standing else None
            found[visit.execution] = replace(line, entered_at=visit.at, via=visit.via, due=due)
        else:
            found[visit.execution] = replace(line, left_at=visit.at, how=visit.what, due=visit.due)
    return found


def migrated(state: State, versions: Versions) -> dict[str, VisitLine]:
    """What a migration made of the visits that were going on: in ``state`` they go on, maybe at
    another element."""
    return {
        token.id: VisitLine(token.id, process, versions[process], token.element, due=token.due)
        for token in state.executions.values()
        for process in (state.instances[token.home].process,)
    }
