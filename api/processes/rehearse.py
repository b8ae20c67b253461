"""``POST /processes/rehearsals``: a diagram is played through, a draft or a deployed one; nothing
comes of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from api.context import Call, PersonCall
from api.documented import WRITE, example, problems
from api.problems import MEDIA_TYPE
from api.processes.deploy import refusal
from api.processes.playing import RehearsalView, look, play
from cases.errors import FieldProblem, Invalid
from domain.forms import Form
from domain.processes.checking import KEY, Judged, deployed
from domain.processes.deploying import models
from domain.processes.script import ScriptForm
from store.session import Tx
from store.tables import definitions

router = APIRouter(tags=["processes"])


class RehearsalForm(Form):
    """What is played: a draft (``xml``; ``key`` says which process of it), or a deployed version of
    ``key``.

    What it calls and does not bring itself is taken from the newest deployed versions.
    """

    xml: str | None = Field(default=None, max_length=4_000_000, description="A BPMN 2.0 file")
    key: Annotated[str | None, Field(pattern=KEY.pattern.join("^$"))] = None
    version: Annotated[int | None, Field(ge=1, le=2**31 - 1, description="The newest, if not given")] = None
    script: ScriptForm = Field(default_factory=lambda: ScriptForm.model_validate({}))


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
    """Plays a diagram through as the script says, with time passing at once: the path, every
    deadline, the tasks.

    No lead, task or message comes of it. An activity without an answer gives an empty result
    (``assumed``), a task without a deed is left undone. What goes on too long is broken off
    (``too_long``). ``problems`` are those that a deployment of the draft would have.
    """
    models(call)
    if refused := _choice(body):
        raise Invalid("invalid_input", problems=refused)
    xml = None if body.xml is None else body.xml.encode()
    found = await call.aside(look, xml, body.script)
    if found.script:
        raise Invalid("invalid_input", problems=found.script)
    if found.file is not None and found.file.errors:
        return _refused(call, found.file)
    drafted = {one.id: one.calls for one in found.file.processes} if found.file is not None else {}
    key = _key(body, drafted)
    files = await call.read(lambda tx: _called(tx, key, body.version, drafted))
    known = None if xml is None else await call.read(lambda tx: deployed(tx, call.now()))
    begins = body.script.begins(call.now())
    played = await call.aside(play, key, xml, files, body.script, begins, known, call.language)
    return Response(played, media_type="application/json")


def _choice(body: RehearsalForm) -> tuple[FieldProblem, ...]:
    if body.xml is None and body.key is None:
        return (FieldProblem("", "one_of", {"expected": "xml, key"}),)
    if body.xml is not None and body.version is not None:
        return (FieldProblem("version", "one_of", {"expected": "xml, version"}),)
    return ()


def _refused(call: Call, file: Judged) -> Response:
    return JSONResponse(refusal(call, file), 422, media_type=MEDIA_TYPE)


def _key(body: RehearsalForm, drafted: Collection[str]) -> str:
    """Which process is played; of a file with several it has to be said."""
    if body.key is not None and (not drafted or body.key in drafted):
        return body.key
    if body.key is None and len(drafted) == 1:
        return next(iter(drafted))
    expected = ", ".join(sorted(drafted))
    raise Invalid("invalid_input", problems=(FieldProblem("key", "not_in_list", {"expected": expected}),))


async def _called(tx: Tx, key: str, version: int | None, drafted: Mapping[str, tuple[str, ...]]) -> dict[str, bytes]:
    """What is deployed of a process and all that it calls, where no draft brings it. Raises
    ``NotFound``."""
    found: dict[str, bytes] = {}
    waiting, seen = [key], set[str]()
    while waiting:
        called = waiting.pop()
        if called in seen:
            continue
        calls = drafted.get(called)
        if calls is None:
            asked = version if called == key else None
            stored = await (definitions.latest(tx, called) if asked is None else definitions.process(tx, key, asked))
            found[called], calls = stored.xml, stored.calls
        seen.add(called)
        waiting.extend(one for one in calls if one not in seen)
    return found
