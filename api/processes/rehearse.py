"""``POST /processes/rehearsals``: a diagram is played through, a draft or a deployed one; nothing
comes of it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from api.context import PersonCall
from api.documented import WRITE, example, problems
from api.problems import MEDIA_TYPE
from api.processes.deploy import refusal
from api.processes.playing import RehearsalView, play
from domain.processes import rehearsing
from domain.processes.deploying import ProcessRefused
from domain.processes.rehearsing import RehearsalForm

router = APIRouter(tags=["processes"])


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
    try:
        draft = await rehearsing.read(call.speaker, body)
    except ProcessRefused as refused:
        return JSONResponse(refusal(call, refused.found), 422, media_type=MEDIA_TYPE)
    found = await call.read(lambda tx: rehearsing.to_play(tx, call.speaker, body, draft))
    begins = body.script.begins(call.now())
    played = await call.aside(play, found.key, body.draft, found.files, body.script, begins, found.known, call.language)
    return Response(played, media_type="application/json")
