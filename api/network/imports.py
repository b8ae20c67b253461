"""``POST /network/imports``: many entries of all kinds at once, as a file has them; a verdict for
each."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel

from api.context import PersonCall, ReadCall
from api.documented import READ, WRITE, example, listed, problems
from api.idempotency import Answer, once
from api.paging import Asked, Page, page
from api.problems import FieldProblemBody, field_problem
from cases.messages import Language
from domain.forms import Code
from domain.network.reads import changes
from domain.network.reads.changes import NetworkChangeView
from domain.network.statements import entries, importing
from domain.network.statements.entries import FieldChange, LeftBehind
from domain.network.statements.importing import Import, ImportBody, Imported
from store.network.keeping import EntryKind, history
from store.session import Tx

router = APIRouter(tags=["network"])


class EntryVerdict(BaseModel):
    """What became of a row, or would; ``row`` counts from 0 and is None for an entry that had
    none."""

    row: int | None
    kind: EntryKind
    code: str
    verdict: Literal["created", "changed", "unchanged", "refused"]
    changes: dict[str, FieldChange]
    problems: list[FieldProblemBody]
    given_on: int
    left_behind: LeftBehind | None
    going_on: int


class ImportVerdict(BaseModel):
    """``applied``: it was done; not after a dry run, and not where all or nothing was wanted and a
    row was refused."""

    applied: bool
    created: int
    changed: int
    unchanged: int
    refused: int
    rows: list[EntryVerdict]


@router.post(
    "/network/imports",
    response_model=ImportVerdict,
    responses=problems(*WRITE)
    | example(
        {
            "applied": True,
            "created": 0,
            "changed": 1,
            "unchanged": 0,
            "refused": 0,
            "rows": [
                {
                    "row": 0,
                    "kind": "dealers",
                    "code": "BJ01",
                    "verdict": "changed",
                    "changes": {"daily_capacity": {"before": 40, "after": 60}},
                    "problems": [],
                    "given_on": 0,
                    "left_behind": None,
                    "going_on": 0,
                }
            ],
        }
    ),
    summary="Set up or change much of the network",
)
async def import_network(body: ImportBody, call: PersonCall) -> Response:
    """Rows of any kinds in any order: those that others refer to are done first. For head
    office."""
    wanted = await call.aside(importing.read, [(row.kind, row.code, row.values) for row in body.rows])

    async def work(tx: Tx) -> Answer:
        return Answer(200, _told(await importing.import_network(tx, call.speaker, body, wanted), call.language))

    answer = await once(call, work)
    call.services.memory.network.forget()
    return answer


def _told(done: Import, language: Language) -> ImportVerdict:
    return ImportVerdict(
        applied=done.applied,
        created=done.count("created"),
        changed=done.count("changed"),
        unchanged=done.count("unchanged"),
        refused=done.count("refused"),
        rows=[_verdict(one, language) for one in done.rows],
    )


def _verdict(one: Imported, language: Language) -> EntryVerdict:
    outcome = one.outcome
    return EntryVerdict(
        row=one.row,
        kind=EntryKind(outcome.kind),
        code=outcome.code,
        verdict=outcome.verdict,
        changes=entries.changes(outcome),
        problems=[FieldProblemBody(**field_problem(problem, language)) for problem in outcome.problems],
        given_on=one.given_on,
        left_behind=entries.left_behind(outcome),
        going_on=entries.going_on(outcome),
    )


@router.get(
    "/network/changes",
    responses=problems(*READ)
    | example(
        listed(
            {
                "number": 412,
                "at": "2026-11-21T08:00:00Z",
                "by": {"code": "HQ-01", "name": "王伟"},
                "kind": "dealers",
                "code": "BJ01",
                "what": "changed",
                "before": {"daily_capacity": 40},
                "after": {"daily_capacity": 60},
            }
        )
    ),
    summary="What was changed in the network, newest first",
)
async def list_network_changes(
    call: ReadCall,
    asked: Asked,
    kind: Annotated[EntryKind | None, Query()] = None,
    code: Annotated[Code | None, Query(description="Of the entry that was changed")] = None,
    by: Annotated[Code | None, Query(description="Staff code of who changed it")] = None,
) -> Page[NetworkChangeView]:
    """Who, when, what it was before and after. For head office."""
    window = asked.window(history.ORDER)
    return page(await call.read(lambda tx: changes.changes(tx, call, window, kind=kind, code=code, by=by)))
