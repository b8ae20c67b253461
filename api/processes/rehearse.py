"""``POST /processes/rehearsals``: a diagram is played through, a draft or a deployed one; nothing comes of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, fields
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from pydantic import Field
from pydantic_core import to_jsonable_python

from api.actors import the_person, with_role
from api.context import Call, PersonCall
from api.documented import WRITE, example, problems
from api.forms import Form
from api.problems import MEDIA_TYPE
from api.processes.checking import KEY, Checked, check_deployable, read_aside
from api.processes.deploy import MODELLERS, refusal
from api.processes.script import ScriptForm, strangers
from api.processes.words import DiagramProblem, said
from leads.errors import FieldProblem, Invalid, NotFound
from store import definitions
from store.session import Tx
from workflows import bpmn
from workflows.bpmn import Process, Program
from workflows.bpmn.rehearsal import Rehearsal, rehearse

router = APIRouter(tags=["processes"])


class RehearsalForm(Form):
    """What is played: a draft (``xml``; ``key`` says which process of it), or a deployed version of ``key``.

    What it calls and does not bring itself is taken from the newest deployed versions.
    """

    xml: str | None = Field(default=None, max_length=4_000_000, description="A BPMN 2.0 file")
    key: Annotated[str | None, Field(pattern=KEY.pattern.join("^$"))] = None
    version: Annotated[int | None, Field(ge=1, le=2**31 - 1, description="The newest, if not given")] = None
    script: ScriptForm = Field(default_factory=lambda: ScriptForm.model_validate({}))


@dataclass(frozen=True, slots=True)
class RehearsalView(Rehearsal):
    """What came of it and, of a draft, what its deployment would say: it may be played before all of it exists."""

    problems: tuple[DiagramProblem, ...] = ()


_VISIT = {"at": "2026-11-23T02:00:00Z", "process": "chase", "element": "work", "name": "有人办理"}
_EXAMPLE: dict[str, Any] = {
    "began_at": "2026-11-23T02:00:00Z",
    "stopped_at": "2026-11-24T02:00:00Z",
    "ending": "ended",
    "outcome": "done",
    "variables": {"kind": "recall", "role": "call_centre", "outcome": "raised"},
    "path": [
        _VISIT | {"execution": "5", "what": "entered", "via": "both_to_work"},
        _VISIT | {"execution": "5", "at": "2026-11-24T02:00:00Z", "what": "left", "via": ""},
    ],
    "deadlines": [
        {
            "kind": "due",
            "process": "chase",
            "element": "work",
            "name": "有人办理",
            "since": "2026-11-23T02:00:00Z",
            "due": "2026-11-25T02:00:00Z",
            "fate": "done",
            "settled_at": "2026-11-24T02:00:00Z",
        }
    ],
    "tasks": [
        _VISIT
        | {
            "kind": "recall",
            "role": "call_centre",
            "due": "2026-11-25T02:00:00Z",
            "fate": "done",
            "settled_at": "2026-11-24T02:00:00Z",
        }
    ],
    "sent": [],
    "received": [],
    "incidents": [],
    "places": [],
    "assumed": ["chase/plan_task"],
    "unused": [],
}


@router.post(
    "/processes/rehearsals",
    response_model=RehearsalView,
    responses=problems(*WRITE) | example(_EXAMPLE),
    summary="Try a diagram out",
)
async def rehearse_diagram(body: RehearsalForm, call: PersonCall) -> Response:
    """Plays a diagram through as the script says, with time passing at once: the path, every deadline, the tasks.

    No lead, task or message comes of it. An activity without an answer gives an empty result (``assumed``), a task
    without a deed is left undone. After 10,000 events it is broken off (``too_long``). ``problems`` are those that a
    deployment of the draft would have.
    """
    with_role(the_person(call), MODELLERS)
    refused = (*_choice(body), *body.script.problems())
    if refused:
        raise Invalid("invalid_input", problems=refused)
    file = None if body.xml is None else await read_aside(body.xml.encode())
    if file is not None and file.errors:
        return _refused(call, file)
    drafted = dict(file.definitions.processes) if file is not None and file.definitions else {}
    key = _key(body, drafted)
    program = await call.read(lambda tx: _program(tx, key, body.version, drafted))
    begins = body.script.begins(call.now())
    played = body.script.script(begins)
    if unknown := strangers(program, played):
        raise Invalid("invalid_input", problems=unknown)
    try:
        found = await asyncio.to_thread(rehearse, program, key, played, begins)
    except bpmn.NoSuchStart:
        raise Invalid("invalid_input", problems=(FieldProblem("script/start", "no_such_start"),)) from None
    checked = () if file is None else (await call.read(lambda tx: check_deployable(tx, file, call.now()))).problems
    told = {one.name: getattr(found, one.name) for one in fields(found)}
    listed = tuple(said(one, call.language) for one in checked)
    return JSONResponse(to_jsonable_python(RehearsalView(**told, problems=listed)))


def _choice(body: RehearsalForm) -> tuple[FieldProblem, ...]:
    if body.xml is None and body.key is None:
        return (FieldProblem("", "one_of", {"expected": "xml, key"}),)
    if body.xml is not None and body.version is not None:
        return (FieldProblem("version", "one_of", {"expected": "xml, version"}),)
    return ()


def _refused(call: Call, file: Checked) -> Response:
    return JSONResponse(refusal(call, file), 422, media_type=MEDIA_TYPE)


def _key(body: RehearsalForm, drafted: dict[str, Process]) -> str:
    """Which process is played; of a file with several it has to be said."""
    if body.key is not None and (not drafted or body.key in drafted):
        return body.key
    if body.key is None and len(drafted) == 1:
        return next(iter(drafted))
    expected = ", ".join(sorted(drafted))
    raise Invalid("invalid_input", problems=(FieldProblem("key", "not_in_list", {"expected": expected}),))


async def _program(tx: Tx, key: str, version: int | None, drafted: dict[str, Process]) -> Program:
    """The process with all that it calls: as drafted, else the newest deployed. Raises ``NotFound``."""
    found = dict(drafted)
    if key not in found:
        deployed = await (definitions.latest(tx, key) if version is None else definitions.process(tx, key, version))
        found |= _read(deployed.xml, key)
    waiting = [*found[key].calls]
    while waiting:
        called = waiting.pop()
        if called not in found:
            found |= _read((await definitions.latest(tx, called)).xml, called)
            waiting.extend(found[called].calls)
    return bpmn.closure(found, key)


def _read(xml: bytes, key: str) -> dict[str, Process]:
    try:
        return {key: bpmn.read(xml).processes[key]}
    except bpmn.ModelRefused as refused:  # deployed by a Baton that still ran what this one refuses
        raise NotFound("process_not_found", key=key) from refused
