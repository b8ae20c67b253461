"""The shipped processes and tables: checked as a whole, deployed in one transaction, each file only if it is new."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import rules
from activities.registry import ACTIVITIES
from rules.examples import check
from runtime.problems import StartProblem
from store import definitions
from store.definitions import ProcessLine
from store.session import Tx
from workflows import bpmn, processes
from workflows.bpmn import Definitions

BY = "system"


@dataclass(frozen=True, slots=True)
class Deployed:
    """How many processes and tables are deployed now, how many of them are new versions, what is doubtful in them."""

    processes: int
    tables: int
    new: int
    warnings: tuple[str, ...] = ()


async def deploy_shipped(tx: Tx, at: datetime) -> Deployed:
    """Deploy what this version of Baton ships; a file that is already the newest version stays it.

    A process whose newest version was deployed by a person stays theirs: an update must not take it back in silence.

    Raises:
        StartProblem: a file is refused; the line names it, the element and the reason.
    """
    before = {(ref.key, ref.sha256) for ref, _ in (await definitions.newest_refs(tx)).values()}
    before |= {(key, table.sha256) for key, table in (await definitions.effective_tables(tx, at)).items()}
    after: set[tuple[str, str]] = set()
    decisions: set[str] = set()
    for path in rules.shipped():
        xml = path.read_bytes()
        for table in _tables(path, xml):
            stored = await definitions.publish_table(tx, table.key, table.name, xml, at, BY)
            if (stored.key, stored.sha256) not in before:
                _check_examples(path, table)
            after.add((stored.key, stored.sha256))
            decisions.add(table.key)
    files = processes.shipped()
    models = read_all(files, decisions)
    warnings = [*_warnings(models)]
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
    return Deployed(len(after) - len(decisions), len(decisions), len(after - before), tuple(warnings))


def read_all(files: Mapping[str, bytes], decisions: Collection[str]) -> dict[str, Definitions]:
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
    known = {key for model in models.values() for key in model.processes}
    for name, model in models.items():
        problems = bpmn.validate(model, activities=ACTIVITIES.keys(), decisions=decisions, processes=known)
        errors = [problem for problem in problems if problem.severity == "error"]
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


def _check_examples(path: Path, table: rules.Decision) -> None:
    """A table that does not do what its own examples say is not published."""
    for difference in check(table):
        raise StartProblem(f"a table is refused ({path.name})", f"example {difference}")
