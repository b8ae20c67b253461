"""Diagrams in files, and what is shipped beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import typer

import rules
from domain.processes.checking import Catalogue, Checked, read
from domain.processes.contracts import of_decisions
from server.problems import StartProblem
from workflows import bpmn, processes
from workflows.bpmn import Problem, Process


def load(paths: Iterable[Path]) -> dict[Path, Checked]:
    """The files as they can be read. Raises StartProblem."""
    return {path: read(content(path)) for path in paths}


def content(path: Path) -> bytes:
    """A file's bytes. Raises StartProblem."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise StartProblem(f"{path} cannot be read ({error.strerror})") from error


def shipped() -> dict[str, Process]:
    """The processes that come with Baton, by key."""
    return {key: process for xml in processes.shipped().values() for key, process in bpmn.read(xml).processes.items()}


def names_known(files: Iterable[Checked]) -> Catalogue:
    """What diagrams may name as far as this machine's files tell: the shipped tables and processes,
    these files'."""
    decisions = of_decisions(one for path in rules.shipped() for one in rules.read_table(path.read_bytes()))
    own = {process.id: process for file in files for process in file.processes}
    return Catalogue(decisions, shipped() | own)


def lines(path: Path, problems: Iterable[Problem]) -> Iterator[str]:
    """One line a problem, as compilers write them."""
    for one in problems:
        yield line(path, one.line, one.element, one.name, one.message, one.code, one.severity)


def line(path: Path, number: int, element: str, name: str, message: str, code: str, severity: str) -> str:
    """``FILE:LINE: element "name": message [code]``; a warning says that it is one."""
    called = f'{element} "{name}"' if name else element
    about = f"{called}: " if called else ""
    return f"{path}:{number}: {about}{message} [{code}{'' if severity == 'error' else ', ' + severity}]"


def say(texts: Iterable[str]) -> None:
    """On the screen, line by line."""
    for text in texts:
        typer.echo(text)
