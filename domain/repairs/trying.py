"""A migration tried: files and snapshots come in, reasons go out. Heavy work: it is done aside
(``domain.aside``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from cases.contracts import ProcessRef
from cases.errors import NotFound
from workflows import bpmn
from workflows.bpmn import Process, Program, State
from workflows.bpmn.migration import Plan, Reason, fits, suggest

Moves = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class PlannedMigration:
    """By process key what becomes of its elements; ``strange`` are those of a plan that one of the
    two files lacks."""

    moves: Moves
    strange: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """A life at rest: what it runs on, and what it would run on."""

    old: tuple[ProcessRef, ...]
    new: tuple[ProcessRef, ...]
    snapshot: Mapping[str, Any]


def planned(process: str, old: bytes, new: bytes, moves: Moves | None) -> PlannedMigration:
    """The plan that is given, or the one that can be guessed. Raises ``NotFound`` for a file that
    cannot be read."""
    before, after = _process(old, process), _process(new, process)
    if moves is None:
        return PlannedMigration(suggest({process: before}, {process: after}).moves)
    # Of the other processes each lead may run another version: whether their elements exist is said
    # lead by lead.
    strange = (
        source
        for source, target in moves.get(process, {}).items()
        if source not in before.elements or target not in after.elements
    )
    return PlannedMigration(moves, tuple(strange))


def reasons(
    files: Mapping[str, bytes], trials: Sequence[Trial], moves: Moves, at: datetime
) -> list[tuple[Reason, ...]]:
    """Why each could not go on at an instant; nothing: it could. ``files`` are the diagrams by
    their sha256."""
    return [_reasons(files, one, Plan(moves), at) for one in trials]


def _reasons(files: Mapping[str, bytes], trial: Trial, plan: Plan, at: datetime) -> tuple[Reason, ...]:
    try:
        old, new = _program(files, trial.old), _program(files, trial.new)
    except NotFound as missing:
        return (Reason(trial.new[0].key, "", "not_deployed", detail=missing.params["key"]),)
    return fits(old, new, State.from_json(dict(trial.snapshot)), plan, at)


def _program(files: Mapping[str, bytes], refs: Iterable[ProcessRef]) -> Program:
    return {ref.key: _process(files[ref.sha256], ref.key) for ref in refs}


@lru_cache(64)
def _process(xml: bytes, key: str) -> Process:
    try:
        return bpmn.read(xml).processes[key]
    except bpmn.ModelRefused as refused:  # deployed by a Baton that still ran what this one refuses
        raise NotFound("process_not_found", key=key) from refused
