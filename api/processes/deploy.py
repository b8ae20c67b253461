"""``POST /processes``: a diagram becomes the newest version of its processes, all of them or none;
and its rehearsal, ``POST /processes/checks``, which says the same and changes nothing."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from api.context import Call, PersonCall
from api.documented import WRITE, XML_FILE, example, problems
from api.idempotency import Answer, once
from api.problems import problem_body, problem_response
from api.processes.show import diagram_path
from api.processes.words import DiagramProblem, said
from domain.forms import Line
from domain.processes import deploying
from domain.processes.checking import Judged, deployed
from domain.processes.deploying import Deployment, ProcessRefused, Version
from store.session import Tx

router = APIRouter(tags=["processes"])

XML_TYPES: Final = ("application/xml", "application/bpmn+xml", "text/xml")

Comment = Annotated[Line, Query(max_length=200, description="Why, for whoever reads the list of versions")]


class DeployedProcess(BaseModel):
    """A process of the file. ``new`` is false where the file was the newest version already, and
    stays it."""

    key: str
    version: int
    name: str
    sha256: str
    new: bool
    diagram: str


class DeploymentView(BaseModel):
    """What the file is now, and what in it is doubtful."""

    processes: list[DeployedProcess]
    warnings: list[DiagramProblem]


_PROCESS = {
    "key": "lead",
    "version": 2,
    "name": "销售线索",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "new": True,
    "diagram": "/api/v1/processes/lead/2.bpmn",
}
_WARNING = {
    "field": "call_result",
    "code": "no_default",
    "message": "没有默认连线：条件都不成立时会停在此处",
    "cure": "请画出默认连线",
    "element": "call_result",
    "name": "外呼结果？",
    "line": 62,
    "severity": "warning",
    "detail": "if no condition is true, the token is stuck here; draw a default flow",
}
_DEPLOYMENT = {"processes": [_PROCESS], "warnings": [_WARNING]}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The BPMN 2.0 file",
        "content": {media: {"schema": XML_FILE} for media in XML_TYPES},
    }
}


@router.post(
    "/processes",
    response_model=DeploymentView,
    status_code=201,
    responses=problems(*WRITE) | example(_DEPLOYMENT, 201) | {200: {"model": DeploymentView}},
    openapi_extra=_BODY,
    summary="Deploy a diagram",
)
async def deploy(call: PersonCall, comment: Comment = "") -> Response:
    """The file becomes the newest version of each of its processes (201): leads that begin from now
    on run on it, the others go on with theirs. A file that is the newest already stays that version
    (200). What cannot be run is refused with every problem found, and nothing is deployed."""
    seen = await _read(call)
    if isinstance(seen, Response):
        return seen
    xml, judged = seen

    async def work(tx: Tx) -> Answer:
        try:
            made = await deploying.deploy(tx, call.speaker, xml, judged, comment)
        except ProcessRefused as refused:
            return Answer(422, refusal(call, refused.found))
        return Answer(201 if any(one.new for one in made.processes) else 200, _view(call, made))

    return await once(call, work)


@router.post(
    "/processes/checks",
    response_model=DeploymentView,
    responses=problems(*WRITE) | example(_DEPLOYMENT),
    openapi_extra=_BODY,
    summary="Check a diagram",
)
async def check_diagram(call: PersonCall) -> Response:
    """What deploying the file would answer, with the versions it would get. Nothing is changed."""
    seen = await _read(call)
    if isinstance(seen, Response):
        return seen
    xml, judged = seen

    async def work(tx: Tx) -> Answer:
        try:
            made = await deploying.would_be(tx, call.speaker, xml, judged)
        except ProcessRefused as refused:
            return Answer(422, refusal(call, refused.found))
        return Answer(200, _view(call, made))

    return await once(call, work)


async def _read(call: Call) -> tuple[bytes, Judged] | Response:
    """The file of a request, and what is found about it beside what is deployed now."""
    deploying.models(call)
    if not is_xml(call):
        return problem_response(415, "not_bpmn", call.language)
    xml = await call.request.body()
    now = await call.read(lambda tx: deployed(tx, call.now()))
    return xml, await deploying.judged(call.speaker, xml, now)


def is_xml(call: Call) -> bool:
    """Whether the request says that its body is XML."""
    return call.request.headers.get("content-type", "").partition(";")[0].strip().lower() in XML_TYPES


def refusal(call: Call, found: Judged) -> dict[str, Any]:
    """The body of a 422 that lists every problem of a diagram, warnings too."""
    listed = [to_jsonable_python(said(one, call.language)) for one in (*found.errors, *found.warnings)]
    params = {"count": str(len(found.errors))}
    return problem_body(422, "process_refused", call.language, params=params, more={"problems": listed})


def _process(one: Version) -> DeployedProcess:
    return DeployedProcess(
        key=one.key,
        version=one.version,
        name=one.name,
        sha256=one.sha256,
        new=one.new,
        diagram=diagram_path(one.key, one.version),
    )


def _view(call: Call, made: Deployment) -> DeploymentView:
    warnings = [said(one, call.language) for one in made.found.warnings]
    return DeploymentView(processes=[_process(one) for one in made.processes], warnings=warnings)
