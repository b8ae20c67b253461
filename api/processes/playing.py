"""A rehearsal, in a process beside the API: files come in, the answer's JSON goes out."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final

from pydantic_core import to_json

from api.processes.words import DiagramProblem, said
from cases.errors import FieldProblem, Invalid, NotFound
from cases.messages import Language
from domain.processes.checking import Deployed, catalogue, check, read
from domain.processes.script import ScriptForm, strangers
from workflows import bpmn
from workflows.bpmn import Process
from workflows.bpmn.rehearsal import rehearse
from workflows.bpmn.rehearsed import Rehearsal

SECONDS: Final = 2.0
"""Then a rehearsal is broken off between two events, so that what it has shown so far can be
answered."""


@dataclass(frozen=True, slots=True)
class RehearsalView(Rehearsal):
    """What came of it and, of a draft, what its deployment would say: it may be played before all
    of it exists."""

    problems: tuple[DiagramProblem, ...] = ()


def play(
    key: str,
    xml: bytes | None,
    files: Mapping[str, bytes],
    script: ScriptForm,
    begins: datetime,
    known: Deployed | None = None,
    language: Language = "en",
) -> bytes:
    """Plays process ``key`` of the draft ``xml`` or of the deployed ``files`` (by key); a
    ``RehearsalView`` as JSON.

    A draft is compared with what is ``known``. Raises ``Invalid`` where the script names what is
    not there, ``NotFound`` for a file that cannot be read any more.
    """
    draft = None if xml is None else read(xml)
    found = {} if draft is None or draft.definitions is None else dict(draft.definitions.processes)
    found |= {one: _deployed(one, file) for one, file in files.items()}
    try:
        program = bpmn.closure(found, key)
    except KeyError as missing:
        raise NotFound("process_not_found", key=missing.args[0]) from missing
    played = script.script(begins)
    if unknown := strangers(program, played):
        raise Invalid("invalid_input", problems=unknown)
    until = time.monotonic() + SECONDS
    try:
        shown = rehearse(program, key, played, begins, enough=lambda: time.monotonic() > until)
    except bpmn.NoSuchStart:
        raise Invalid("invalid_input", problems=(FieldProblem("script/start", "no_such_start"),)) from None
    problems = () if draft is None or known is None else check(draft, catalogue(known)).problems
    told = {one.name: getattr(shown, one.name) for one in fields(shown)}
    return to_json(RehearsalView(**told, problems=tuple(said(one, language) for one in problems)))


def _deployed(key: str, xml: bytes) -> Process:
    try:
        return bpmn.read(xml).processes[key]
    except bpmn.ModelRefused as refused:  # deployed by a Baton that still ran what this one refuses
        raise NotFound("process_not_found", key=key) from refused
