"""``POST /processes``: a diagram becomes the newest version of its processes, all of them or none;
and its rehearsal, ``POST /processes/checks``, which says the same and changes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from api.context import Call, PersonCall
from api.documented import WRITE, XML_FILE, example, problems
from api.idempotency import Answer, once
from api.problems import problem_body, problem_response
from api.processes.judging import judged, still_judged
from api.processes.show import diagram_path
from api.processes.words import DiagramProblem, said
from cases.states import Role
from domain.forms import Line
from domain.processes.checking import Judged
from domain.reach import the_person, with_role
from store.session import Tx
from store.tables import definitions

router = APIRouter(tags=["processes"])

MODELLERS: Final = frozenset({Role.HQ})
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
    with_role(the_person(call), MODELLERS)
    if not is_xml(call):
        return problem_response(415, "not_bpmn", call.language)
    xml = await call.request.body()
    seen = await judged(call, xml)

    async def work(tx: Tx) -> Answer:
        at = call.now()
        found = await still_judged(tx, call, xml, seen, at)
        if found.errors:
            return Answer(422, refusal(call, found))
        processes = await _deployed(tx, found, xml, at, comment)
        return Answer(201 if any(one.new for one in processes) else 200, _view(call, found, processes))

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
    with_role(the_person(call), MODELLERS)
    if not is_xml(call):
        return problem_response(415, "not_bpmn", call.language)
    xml = await call.request.body()
    seen = await judged(call, xml)

    async def work(tx: Tx) -> Answer:
        found = await still_judged(tx, call, xml, seen, call.now())
        if found.errors:
            return Answer(422, refusal(call, found))
        return Answer(200, _view(call, found, await _would_be(tx, found)))

    return await once(call, work)


def is_xml(call: Call) -> bool:
    """Whether the request says that its body is XML."""
    return call.request.headers.get("content-type", "").partition(";")[0].strip().lower() in XML_TYPES


def refusal(call: Call, found: Judged) -> dict[str, Any]:
    """The body of a 422 that lists every problem of a diagram, warnings too."""
    listed = [to_jsonable_python(said(one, call.language)) for one in (*found.errors, *found.warnings)]
    params = {"count": str(len(found.errors))}
    return problem_body(422, "process_refused", call.language, params=params, more={"problems": listed})


async def _deployed(tx: Tx, found: Judged, xml: bytes, at: datetime, comment: str) -> list[DeployedProcess]:
    await definitions.hold_processes(tx, [process.id for process in found.processes])
    before = {ref for ref, _ in (await definitions.newest_refs(tx)).values()}
    deployed: list[DeployedProcess] = []
    for process in found.processes:
        stored = await definitions.deploy_process(
            tx, process.id, process.name, xml, process.calls, at, str(tx.actor), comment
        )
        deployed.append(_process(stored.key, stored.version, process.name, stored.sha256, stored.ref not in before))
    return deployed


async def _would_be(tx: Tx, found: Judged) -> list[DeployedProcess]:
    newest = await definitions.newest_refs(tx)
    would_be: list[DeployedProcess] = []
    for process in found.processes:
        ref = newest[process.id][0] if process.id in newest else None
        if ref is not None and ref.sha256 == found.sha256:
            would_be.append(_process(ref.key, ref.version, process.name, ref.sha256, False))
        else:
            version = ref.version + 1 if ref else 1
            would_be.append(_process(process.id, version, process.name, found.sha256, True))
    return would_be


def _process(key: str, version: int, name: str, sha256: str, new: bool) -> DeployedProcess:
    diagram = diagram_path(key, version)
    return DeployedProcess(key=key, version=version, name=name, sha256=sha256, new=new, diagram=diagram)


def _view(call: Call, found: Judged, processes: list[DeployedProcess]) -> DeploymentView:
    warnings = [said(one, call.language) for one in found.warnings]
    return DeploymentView(processes=processes, warnings=warnings)
