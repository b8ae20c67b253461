"""The shipped processes and tables: checked as a whole, deployed in one transaction, each file only
if it is new."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import rules
from cases.signatures import Signature
from domain.policy.review import review
from domain.policy.signatures import of_decision
from domain.processes.checking import Catalogue, judged
from rules.analysis import Severity
from server.problems import StartProblem
from store.session import Tx
from store.tables import definitions
from store.tables.definitions import ProcessLine, TableLine, TableVersion
from workflows import bpmn, processes
from workflows.bpmn import Definitions

BY = "system"


@dataclass(frozen=True, slots=True)
class Deployed:
    """How many processes and tables are deployed now, how many of them are new versions, what is
    doubtful in them."""

    processes: int
    tables: int
    new: int
    warnings: tuple[str, ...] = ()


async def deploy_shipped(tx: Tx, at: datetime) -> Deployed:
    """Deploy what this version of Baton ships; a file that is already the newest version stays it.

    A process or table whose newest version is a person's stays theirs: an update must not take it
    back in silence.

    Raises:
        StartProblem: a file is refused; the line names it, the element and the reason.
    """
    tables = await _deploy_tables(tx, at)
    before = {(ref.key, ref.sha256) for ref, _ in (await definitions.newest_refs(tx)).values()}
    after: set[tuple[str, str]] = set()
    warnings = [*tables.warnings]
    files = processes.shipped()
    models = read_all(files, tables.signatures)
    warnings.extend(_warnings(models))
    lines = await definitions.process_lines(tx)
    for name, model in models.items():
        for process in model.processes.values():
            history = [line for line in lines if line.key == process.id]
            if history and history[0].deployed_by != BY:
                after.add((process.id, history[0].sha256))
                warnings.extend(_passed_over(name, files[name], history))
                continue
            stored = await definitions.deploy_process(tx, process.id, process.name, files[name], process.calls, at, BY)
            after.add((stored.key, stored.sha256))
    return Deployed(len(after), len(tables.signatures), len(after - before) + tables.new, tuple(warnings))


@dataclass(frozen=True, slots=True)
class _Tables:
    """What each shipped table takes and gives, how many are new versions, what a person should
    know."""

    signatures: Mapping[str, Signature]
    new: int
    warnings: tuple[str, ...]


async def _deploy_tables(tx: Tx, at: datetime) -> _Tables:
    files = [(path, path.read_bytes()) for path in rules.shipped()]
    shipped = [(path, xml, table) for path, xml in files for table in _tables(path, xml)]
    # Without the locks a person's publication in this very moment would be followed by the shipped
    # file.
    for key in sorted(table.key for _, _, table in shipped):
        await definitions.hold_table(tx, key)
    effective = await definitions.effective_tables(tx, at)
    published = await definitions.table_lines(tx)
    signatures: dict[str, Signature] = {}
    warnings: list[str] = []
    new = 0
    for path, xml, table in shipped:
        signatures[table.key] = of_decision(table)
        history = [line for line in published if line.key == table.key]
        in_force = effective.get(table.key)
        if (theirs := _of_a_person(history)) is not None:
            warnings.extend(_table_passed_over(path, table, theirs, history))
            if in_force is not None and in_force.published_by != BY:
                warnings.extend(_outgrown(in_force))
            continue
        if in_force is None or in_force.sha256 != table.sha256:
            _check(path, xml, sampled=bool(history))
            new += 1
        await definitions.publish_table(tx, table.key, table.name, xml, at, BY)
    return _Tables(signatures, new, tuple(warnings))


def read_all(files: Mapping[str, bytes], decisions: Mapping[str, Signature]) -> dict[str, Definitions]:
    """Read and check processes, by file name, that may call one another.

    Raises:
        StartProblem: the first thing that is wrong.
    """
    models: dict[str, Definitions] = {}
    for name, xml in files.items():
        try:
            models[name] = bpmn.read(xml)
        except bpmn.ModelRefused as refused:
            raise _refused(name, refused.problems[0]) from refused
    known = {key: process for model in models.values() for key, process in model.processes.items()}
    for name, model in models.items():
        errors = [problem for problem in judged(model, Catalogue(decisions, known)) if problem.severity == "error"]
        if errors:
            raise _refused(name, errors[0])
    return models


def _passed_over(name: str, xml: bytes, history: Sequence[ProcessLine]) -> Iterator[str]:
    """A shipped file that is news, but that a person's own version stands before."""
    if hashlib.sha256(xml).hexdigest() not in {line.sha256 for line in history}:
        theirs = f"version {history[0].version} was deployed by a person and stays"
        yield f"{name}.bpmn has changed, but {theirs}: compare, and deploy the one you want (baton process)"


def _refused(name: str, problem: bpmn.Problem) -> StartProblem:
    return StartProblem(f"a process is refused ({_where(name, problem)})", problem.message)


def _warnings(models: Mapping[str, Definitions]) -> Iterator[str]:
    for name, model in models.items():
        for problem in bpmn.validate(model):
            yield f"a process is doubtful ({_where(name, problem)}): {problem.message}"


def _where(name: str, problem: bpmn.Problem) -> str:
    return f"{name}.bpmn, line {problem.line}, element {problem.element}"


def _tables(path: Path, xml: bytes) -> tuple[rules.Decision, ...]:
    try:
        return rules.read_table(xml)
    except rules.TableRefused as refused:
        raise StartProblem(f"a table is refused ({path.name})", str(refused)) from refused


@lru_cache(64)
def _check(path: Path, xml: bytes, *, sampled: bool) -> None:
    """A table that a person could not publish is not published by a start either.

    What a database gets first is what Baton's tests have sampled; that would take a start some
    seconds.
    """
    found = review(xml, sampled=sampled)
    for broken in found.differences:
        raise _no_table(path, f"example {broken.difference}")
    for breach in found.contract:
        raise _no_table(path, f"{breach.decision}: {breach.message}", breach.line)
    for one in found.findings:
        if one.finding.severity is Severity.ERROR:
            raise _no_table(path, f"{one.decision}: {one.finding.message}", one.line)
    for problem in (*found.problems, *found.disagreements):
        raise _no_table(path, str(problem))


def _no_table(path: Path, why: str, line: int | None = None) -> StartProblem:
    return StartProblem(f"a table is refused ({path.name}{f', line {line}' if line else ''})", why)


def _of_a_person(history: Sequence[TableLine]) -> TableLine | None:
    """The version of a table that was published last and stands, if somebody published it
    themselves."""
    newest = next((line for line in history if line.withdrawn_at is None), None)
    return newest if newest is not None and newest.published_by != BY else None


def _table_passed_over(
    path: Path, table: rules.Decision, theirs: TableLine, history: Sequence[TableLine]
) -> Iterator[str]:
    """A shipped file that is news, but that a person's own version stands before."""
    if table.sha256 not in {line.sha256 for line in history}:
        stays = f"version {theirs.version} of {table.key} was published by a person and stays"
        yield f"{path.name} has changed, but {stays}: compare, and publish what you want of it as a draft (baton table)"


def _outgrown(theirs: TableVersion) -> Iterator[str]:
    """What this version asks of a table otherwise than the one under which a person published
    it."""
    stays = f"version {theirs.version} of {theirs.key}, which a person has published, does not fit this Baton"
    found = review(theirs.xml, theirs.key, sampled=False)
    said = [*(f"{one.message}. {one.cure}" for one in found.contract), *map(str, found.problems)]
    yield from (f"{stays}: {one}" for one in said[:1])
