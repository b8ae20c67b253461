"""``baton process play``: a diagram played through on the screen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer
import yaml
from pydantic import ValidationError
from pydantic_core import to_json

from cases.errors import FieldProblem
from cases.messages.fields import FIELDS
from cases.messages.text import words
from cli.commands.files import content, lines, load, names_known, say, shipped
from cli.commands.telling import told
from domain.malformed import as_field_problem
from domain.processes.checking import check
from domain.processes.script import ScriptForm, strangers
from server.problems import StartProblem
from workflows import bpmn
from workflows.bpmn.rehearsal import rehearse


def run(paths: Sequence[Path], script: Path | None, key: str | None, *, as_json: bool = False) -> int:
    """Plays the process of the first file, which may call those of the others and shipped ones; 1
    if it cannot."""
    files = load(paths)
    unreadable = {path: file for path, file in files.items() if file.definitions is None}
    for path, file in unreadable.items():
        say(lines(path, file.problems))
    if unreadable:
        return 1
    own = {process.id: process for file in reversed(files.values()) for process in file.processes}
    wanted = key or _only([process.id for process in files[paths[0]].processes])
    try:
        program = bpmn.closure(shipped() | own, wanted)
    except KeyError as missing:
        raise StartProblem(f"there is no process {missing}", "give its file, too") from missing
    form = read_script(script)
    begins = form.begins(datetime.now(UTC))
    played = form.script(begins)
    _refuse(script, strangers(program, played))
    try:
        found = rehearse(program, wanted, played, begins)
    except bpmn.NoSuchStart as problem:
        raise StartProblem(str(problem), "see start in the script") from problem
    known = names_known(files.values())
    for path, file in files.items():
        for text in lines(path, check(file, known).problems):
            typer.echo(text, err=True)  # what a deployment would say; the play goes on all the same
    say([to_json(found, indent=2).decode()] if as_json else told(found))
    return 0


def read_script(path: Path | None) -> ScriptForm:
    """The script of a file; the empty one without a file. Raises StartProblem."""
    if path is None:
        return ScriptForm.model_validate({})
    try:
        text = content(path).decode()
        told: Any = json.loads(text) if path.suffix == ".json" else yaml.load(text, _Plain)
        form = ScriptForm.model_validate({} if told is None else told)
    except (UnicodeDecodeError, json.JSONDecodeError, yaml.YAMLError, RecursionError) as error:
        raise StartProblem(f"{path} is no JSON or YAML", str(error)) from error
    except ValidationError as error:
        _refuse(path, tuple(as_field_problem(dict(one)) for one in error.errors()))
        raise
    _refuse(path, tuple(form.problems()))
    return form


class _Plain(yaml.SafeLoader):
    """Instants stay texts, as they are in JSON."""


_Plain.yaml_implicit_resolvers = {
    sign: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for sign, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _refuse(path: Path | None, problems: tuple[FieldProblem, ...]) -> None:
    for problem in problems:
        message, cure = words(FIELDS, problem.code, "en", problem.params)
        raise StartProblem(f"{path}: {problem.field.removeprefix('script/')}: {message}", cure)


def _only(keys: list[str]) -> str:
    if len(keys) == 1:
        return keys[0]
    raise StartProblem(f"the file has the processes {', '.join(keys)}", "say which one with --process")
