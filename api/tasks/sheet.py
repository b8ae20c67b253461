"""``GET /tasks/{id}``: a task with the form that completes it, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from api.context import ReadCall
from api.documented import READ_ONE, example, problems
from api.tasks.lines import TASK
from cases.errors import BatonError, NotFound
from cases.messages import Language, chosen
from cases.messages.named import named
from cases.messages.problems import PROBLEMS
from cases.messages.text import words
from cases.task_kind import OutcomeDeclared, TaskKindDeclared
from domain.completing import may_complete
from domain.kinds import task_kinds
from domain.tasks.form import form
from store.engine import inbox, task_results, tasks
from store.engine.inbox import TaskFilters, TaskLine
from store.engine.task_results import ResultRow
from store.listing import Window
from store.session import Tx

router = APIRouter(tags=["tasks"])


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """A way in which the task may end, with the fields that it needs and those that it takes."""

    code: str
    words: str
    needs: list[str]
    takes: list[str]


@dataclass(frozen=True, slots=True)
class RefusalView:
    """Why the task cannot be completed now, and what to do."""

    code: str
    message: str
    cure: str


@dataclass(frozen=True, slots=True)
class TaskSheet(TaskLine):
    """A task, and how it is completed (`POST /tasks/{id}/complete`).

    `words` are what its kind is called, `form` is the JSON Schema (2020-12) of the body that
    completes it. `refused` says why the reader (`Baton-Actor`) cannot complete it now; null: they
    can, or nobody is named. `result` has ids, codes, numbers and instants; what people wrote stays
    with the case.
    """

    words: str
    may_wait: bool
    urgent: bool
    form: dict[str, Any]
    outcomes: list[OutcomeView]
    refused: RefusalView | None
    result: ResultRow | None


_SHEET: Mapping[str, Any] = {
    **TASK,
    "kind": "confirm_closing",
    "role": "dealer_manager",
    "owner": None,
    "words": "结束确认",
    "may_wait": False,
    "urgent": False,
    "form": {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "结束确认", "type": "object"},
    "outcomes": [
        {"code": "confirmed", "words": "同意", "needs": [], "takes": ["comment"]},
        {"code": "refused", "words": "退回", "needs": [], "takes": ["comment"]},
    ],
    "refused": None,
    "result": None,
}


@router.get("/tasks/{task_id}", responses=problems(*READ_ONE) | example(_SHEET), summary="One task and its form")
async def show_task(task_id: UUID, call: ReadCall) -> TaskSheet:
    """A task, open or closed: its form, how it may end, and why not now, if so."""

    async def read(tx: Tx) -> TaskSheet:
        sought = TaskFilters(status=(), task_id=task_id)
        found = await inbox.tasks(tx, sought, call.now(), Window(1))
        task = await tasks.get(tx, task_id)
        if not found.items or task is None:
            raise NotFound("task_not_found")
        refused: RefusalView | None = None
        try:
            await may_complete(tx, call.person, task)
        except BatonError as refusal:
            refused = _refusal(refusal, call.language)
        result = await task_results.of_task(tx, task_id)
        return _sheet(found.items[0], task_kinds().get(task.kind), refused, result, call.language)

    return await call.read(read)


def _sheet(
    task: TaskLine,
    kind: TaskKindDeclared | None,
    refused: RefusalView | None,
    result: ResultRow | None,
    language: Language,
) -> TaskSheet:
    return TaskSheet(
        **{one.name: getattr(task, one.name) for one in fields(TaskLine)},
        words=task.kind if kind is None else chosen(kind.words, language),
        may_wait=kind is not None and kind.may_wait,
        urgent=kind is not None and kind.urgent,
        form={} if kind is None else form(kind, language),
        outcomes=[] if kind is None else [_outcome(one, language) for one in kind.outcomes],
        refused=refused,
        result=result,
    )


def _outcome(one: OutcomeDeclared, language: Language) -> OutcomeView:
    needs, takes = ([field.name for field in several] for several in (one.needs, one.takes))
    return OutcomeView(code=one.code, words=chosen(one.words, language), needs=needs, takes=takes)


def _refusal(refusal: BatonError, language: Language) -> RefusalView:
    params = {name: named(name, value, language) for name, value in refusal.params.items()}
    message, cure = words(PROBLEMS, refusal.code, language, params)
    return RefusalView(code=refusal.code, message=message, cure=cure)
