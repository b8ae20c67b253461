"""``POST /network/imports``: many entries of all kinds at once, as a file has them; a verdict for
each."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field, ValidationError

from api.context import Call, PersonCall, ReadCall
from api.documented import READ, WRITE, example, listed, problems
from api.idempotency import Answer, once
from api.network import views
from api.network.forms import SPOKEN, said
from api.network.leaving import give_on
from api.network.views import FieldChange, LeftBehind, NetworkChangeView
from api.paging import Asked, Page, shown
from api.problems import FieldProblemBody, field_problem
from domain.forms import Code, Form, Line
from domain.malformed import as_field_problem
from domain.reach import HEAD_OFFICE, the_person, with_role
from store.leads import edits
from store.network import people
from store.network.keeping import EntryKind, EntryOutcome, Wanted, history, keep_all
from store.session import Tx

router = APIRouter(tags=["network"])

MOST_ROWS = 50_000


class Row(Form):
    """An entry as a file has it: fields that are not given stay as they are; others may be meant by
    their names."""

    kind: EntryKind
    code: Annotated[Line, Field(min_length=1, max_length=100)]
    values: dict[Annotated[str, Field(max_length=50)], Any]


class ImportBody(Form):
    """``dry_run``: nothing is done. ``all_or_nothing``: nothing is done if a row is refused.
    ``deactivate_missing``: of the kinds that have rows, active dealers, people, channels and models
    without one become inactive."""

    rows: Annotated[list[Row], Field(min_length=1, max_length=MOST_ROWS)]
    dry_run: Annotated[bool, Field(strict=True)] = False
    all_or_nothing: Annotated[bool, Field(strict=True)] = False
    deactivate_missing: Annotated[bool, Field(strict=True)] = False


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
    wanted = await call.aside(_read, [(row.kind, row.code, row.values) for row in body.rows])

    async def work(tx: Tx) -> Answer:
        with_role(the_person(call), HEAD_OFFICE)
        await edits.dated(tx, call.now())
        done = await keep_all(
            tx,
            wanted,
            deactivate_missing=body.deactivate_missing,
            all_or_nothing=body.all_or_nothing,
            dry_run=body.dry_run,
        )
        rows = [await _told(tx, call, done.applied, place, one) for place, one in enumerate(done.outcomes)]
        rows += [await _told(tx, call, done.applied, None, one) for one in done.missing]
        counts = Counter(one.verdict for one in (*done.outcomes, *done.missing))
        return Answer(
            200,
            ImportVerdict(
                applied=done.applied,
                created=counts["created"],
                changed=counts["changed"],
                unchanged=counts["unchanged"],
                refused=counts["refused"],
                rows=rows,
            ),
        )

    answer = await once(call, work)
    call.services.memory.network.forget()
    return answer


def _read(rows: list[tuple[str, str, dict[str, Any]]]) -> list[Wanted]:
    """Each row's fields by its kind's form, with what is wrong with them."""
    return [_wanted(*row) for row in rows]


def _wanted(kind: str, code: str, values: dict[str, Any]) -> Wanted:
    try:
        return Wanted(kind, code, said(SPOKEN[kind].part.model_validate(values)))
    except ValidationError as failure:
        errors = failure.errors(include_url=False, include_input=False)
        return Wanted(kind, code, {}, problems=tuple(as_field_problem(error) for error in errors))


async def _told(tx: Tx, call: Call, applied: bool, place: int | None, outcome: EntryOutcome) -> EntryVerdict:
    """A row's verdict, once the leads of who left with it have found others."""
    outcome, given = await give_on(tx, call, outcome) if applied else (outcome, 0)
    return EntryVerdict(
        row=place,
        kind=EntryKind(outcome.kind),
        code=outcome.code,
        verdict=outcome.verdict,
        changes=views.changes(outcome),
        problems=[FieldProblemBody(**field_problem(one, call.language)) for one in outcome.problems],
        given_on=given,
        left_behind=views.left_behind(outcome),
        going_on=views.going_on(outcome),
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
    with_role(the_person(call), HEAD_OFFICE)
    window = asked.window(history.ORDER)

    async def work(tx: Tx) -> Page[NetworkChangeView]:
        actor = None
        if by is not None:
            somebody = await people.anybody(tx, by)
            actor = str(somebody.actor) if somebody else f"staff:{by}"
        found = await history.lines(tx, window, kind=kind, code=code, by=actor)
        return shown(found, await views.lines(tx, found.items))

    return await call.read(work)
