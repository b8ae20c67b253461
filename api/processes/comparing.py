"""Two versions of a process compared, and what its elements are called: read in a process beside
the API."""

from __future__ import annotations

from cases.errors import NotFound
from workflows import bpmn
from workflows.bpmn.difference import DiagramChange, difference


def between(key: str, old: bytes, new: bytes) -> tuple[DiagramChange, ...]:
    """What changed. Raises ``NotFound`` for a file that cannot be read any more."""
    try:
        return difference(bpmn.read(old).processes[key], bpmn.read(new).processes[key])
    except bpmn.ModelRefused as refused:  # deployed by a Baton that still ran what this one refuses
        raise NotFound("process_not_found", key=key) from refused


def names_in(xml: bytes) -> dict[str, dict[str, str]]:
    """For each process of a file the names of its elements, by id."""
    try:
        processes = bpmn.read(xml).processes
    except bpmn.ModelRefused:  # deployed by a Baton that read it otherwise: its ids have to do
        return {}
    return {key: {one.id: one.name for one in process.elements.values()} for key, process in processes.items()}
