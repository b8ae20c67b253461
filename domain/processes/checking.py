"""Whether a diagram may be deployed: it can be run, what it names exists, and what Baton needs of
it is there."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cases.signatures import Signature
from cases.states import BIRTHS
from domain.kinds import KINDS
from domain.processes.contracts import of_process, of_table, parts
from store.session import Tx
from store.tables import definitions
from workflows import bpmn
from workflows.bpmn import Definitions, Problem, Process, Severity
from workflows.bpmn.xml import local, parse

MOST_ELEMENTS: Final = 3_000
"""Elements, flows and definitions (what has an id) in one file, its drawing apart; 200 nodes have
some 500."""

KEY: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}")
"""What the id of a process may be: it becomes part of addresses and of file names."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a diagram may ask and call, by name: the tables with what each takes and gives, the
    processes as drawn."""

    decisions: Mapping[str, Signature]
    processes: Mapping[str, Process]


@dataclass(frozen=True, slots=True)
class Deployed:
    """The files that a catalogue is read from: unlike what is read, they go from one process to
    another."""

    tables: tuple[bytes, ...]
    processes: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Checked:
    """A file and all that was found; without ``definitions`` it cannot even be read."""

    xml: bytes
    definitions: Definitions | None
    problems: tuple[Problem, ...]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.xml).hexdigest()

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(one for one in self.problems if one.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(one for one in self.problems if one.severity is Severity.WARNING)

    @property
    def processes(self) -> tuple[Process, ...]:
        return tuple(self.definitions.processes.values()) if self.definitions else ()


def read(xml: bytes) -> Checked:
    """Reads a file; what is wrong with it by itself is in ``problems``. Never raises."""
    try:
        size = sum(1 for node in parse(xml).iter("*") if local(node) and node.get("id", ""))
        if size > MOST_ELEMENTS:
            message = (
                f"the model has {size} elements, more than {MOST_ELEMENTS}; split it into processes that call others"
            )
            return Checked(xml, None, (Problem("", "", 1, "too_many_elements", message),))
        return Checked(xml, bpmn.read(xml), ())
    except bpmn.ModelRefused as refused:
        return Checked(xml, None, refused.problems)


@dataclass(frozen=True, slots=True)
class Held:
    """A process of a file, and what it calls."""

    id: str
    name: str
    calls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What a process beside the API found about a file; ``deployed`` is what it was compared with,
    if it was."""

    sha256: str
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    processes: tuple[Held, ...]
    deployed: Deployed | None = None


def judge(xml: bytes, known: Deployed | None = None) -> Judged:
    """A file read, and compared with what is deployed if that is given. Never raises."""
    found = read(xml)
    if known is not None and found.definitions is not None:
        found = check(found, catalogue(known))
    held = tuple(Held(one.id, one.name, tuple(one.calls)) for one in found.processes)
    return Judged(found.sha256, found.errors, found.warnings, held)


def check(found: Checked, catalogue: Catalogue) -> Checked:
    """What was read, compared with the catalogue and with what Baton needs."""
    if found.definitions is None:
        return found
    problems = judged(found.definitions, catalogue)
    own = [problem for process in found.processes for problem in (*_key(process), *_beginnings(process))]
    return Checked(found.xml, found.definitions, (*problems, *own))


def judged(definitions: Definitions, catalogue: Catalogue) -> tuple[Problem, ...]:
    """What is wrong with a file by itself, and with what it and others owe each other."""
    problems = bpmn.validate(definitions)
    known = {**catalogue.processes, **definitions.processes}
    for part in parts(definitions.processes, catalogue.decisions, catalogue.processes):
        problems += bpmn.agreed(part.processes, part.contracts, activities=part.activities, processes=known)
    return problems


async def deployed(tx: Tx, at: datetime) -> Deployed:
    """The tables in force, the newest version of every process."""
    tables, processes = await definitions.effective_tables(tx, at), await definitions.newest(tx)
    return Deployed(tuple(one.xml for one in tables.values()), {one.key: one.xml for one in processes})


def catalogue(known: Deployed) -> Catalogue:
    """What is deployed, read. A process that worked before has most of it read already."""
    decisions = {key: signature for xml in known.tables for key, signature in of_table(xml).items()}
    read = ((key, of_process(xml).get(key)) for key, xml in known.processes.items())
    return Catalogue(decisions, {key: process for key, process in read if process is not None})


def _key(process: Process) -> Iterator[Problem]:
    if not KEY.fullmatch(process.id):
        message = "the id of a process has up to 100 letters, digits, and . _ -; choose another id"
        yield Problem(process.id, process.name, process.line, "bad_key", message)


def _beginnings(process: Process) -> Iterator[Problem]:
    """A kind of case begins with one process, in the ways that the store knows; without such a
    start it never would."""
    heard = {start.trigger.ref for start in process.starts("message") if start.trigger is not None}
    for kind in KINDS.values():
        if process.id != kind.process:
            continue
        if not any(process.starts("")):
            message = f"new {kind.many} begin here; draw a plain start event"
            yield Problem(process.id, process.name, process.line, "lead_start", message)
        for returns in sorted(kind.starts.keys() - BIRTHS - heard):
            message = f"{kind.many} that come back begin here; draw a start event for the message {returns}"
            yield Problem(process.id, process.name, process.line, "lead_start", message)
