"""``GET /decisions/{id}``: why a decision came out as it did, and why not otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from api.context import ReadCall
from api.decisions import candidates, why
from api.decisions.candidates import CandidateView, ElsewhereView
from api.decisions.scores import Scores
from api.decisions.why import WhyView
from api.documented import READ_ONE, example, problems
from cases.errors import NotFound
from cases.messages import EXPLAINED, RULED_OUT, Language, say
from domain.coded import in_codes
from domain.decisions import files
from rules import Decision as Table
from store.session import Tx
from store.tables import decisions
from store.tables.decisions import Decision

router = APIRouter(tags=["decisions"])


@dataclass(frozen=True, slots=True)
class UnexplainedView:
    """Why there are no rows to show: nobody was given points, or the table cannot be run again."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class ExplainedView:
    """A decision as stored, and ``why``: the version that decided, run again on the stored inputs.

    ``agrees`` says whether that came to the stored result and rows. Where ``why`` is null,
    ``unexplained`` says why. A choice is explained for the candidate whose code is ``why_of``: the
    one asked for, else the chosen. ``elsewhere`` are the dealers of other regions.
    """

    id: UUID
    lead_id: UUID
    at: datetime
    element: str | None
    table: str
    name: str
    version: int
    inputs: dict[str, Any]
    matched: tuple[str, ...]
    result: dict[str, Any]
    candidates: tuple[CandidateView, ...]
    elsewhere: ElsewhereView | None
    why_of: str | None
    agrees: bool | None
    why: WhyView | None
    unexplained: UnexplainedView | None


_DAYS: dict[str, Any] = {
    "column": "预计购车天数",
    "input": "horizon_days",
    "cell": "[0..7]",
    "value": 14,
    "verdict": False,
}
_BUDGET: dict[str, Any] = {"column": "预算明确", "input": "budget_clear", "cell": "-", "value": False, "verdict": True}
_MODEL = {"column": "需求（车型）明确", "input": "model_known", "cell": "true", "value": True, "verdict": True}
_STATED = {"column": "人工定级", "input": "stated_grade", "cell": "-", "value": "", "verdict": True}
_FAILED: dict[str, Any] = {
    "number": 6,
    "id": "grade-h-7",
    "note": "7 天内，需求与预算明确",
    "text": "第 6 行不符合：预计购车天数 为 14，要求 [0..7]",
    "applies": False,
    "speaks": False,
    "outputs": {"grade": '"H"', "reason": '"within_7_days"'},
    "cells": [],
    "failed_at": _DAYS,
    "failing": [_DAYS, {**_BUDGET, "cell": "true", "verdict": False}],
}
_MATCHED: dict[str, Any] = {
    "number": 7,
    "id": "grade-a-15",
    "note": "15 天内，需求明确",
    "text": "第 7 行命中",
    "applies": True,
    "speaks": True,
    "outputs": {"grade": '"A"', "reason": '"within_15_days"'},
    "cells": [{**_DAYS, "cell": "[0..15]", "verdict": True}, _BUDGET, _MODEL, _STATED],
    "failed_at": None,
    "failing": [],
}
_RESULT = {"grade": "A", "reason": "within_15_days"}
_EXPLAINED: dict[str, Any] = {
    "id": "0192f0c1-2b3d-7e11-8a00-abcdefabcdef",
    "lead_id": "0192f0c1-2b3c-7d4e-8f50-123456789abc",
    "at": "2026-11-21T08:00:01Z",
    "element": "grade",
    "table": "grade",
    "name": "线索定级",
    "version": 1,
    "inputs": {"horizon_days": 14, "budget_clear": False, "model_known": True, "stated_grade": ""},
    "matched": ["grade-a-15"],
    "result": _RESULT,
    "candidates": [],
    "elsewhere": None,
    "why_of": None,
    "agrees": True,
    "why": {
        "key": "grade",
        "name": "线索定级",
        "version": 1,
        "hit_policy": "FIRST",
        "aggregation": None,
        "matched": ["grade-a-15"],
        "result": _RESULT,
        "rows": [_FAILED, _MATCHED],
        "requires": [],
    },
    "unexplained": None,
}


@router.get(
    "/decisions/{decision_id}",
    responses=problems(*READ_ONE) | example(_EXPLAINED),
    summary="Why a decision came out as it did",
)
async def show_decision(
    decision_id: UUID,
    call: ReadCall,
    candidate: Annotated[
        str | None, Query(max_length=60, description="The code of the candidate whose points are explained")
    ] = None,
) -> ExplainedView:
    """Inputs, the rows that matched, the cells that made the others fail; for routing every
    candidate."""

    async def read(tx: Tx) -> ExplainedView:
        made = await decisions.one(tx, decision_id)
        used = await decisions.table_of(tx, made)
        table = None if used is None else files.decision((made.key, made.version, used.sha256), used.xml)
        scored = Scores(made, table) if table is not None and candidates.routed(made) else None
        line = candidates.line_of(made, candidate)
        if candidate is not None and line is None:
            raise NotFound("candidate_not_found")
        explained = _explained(made, table, scored, line, call.language)
        inputs, result = await in_codes(tx, (made.inputs, made.result))
        return ExplainedView(
            id=made.id,
            lead_id=made.case_id,
            at=made.at,
            element=made.element,
            table=made.key,
            name=used.name if used else made.key,
            version=made.version,
            inputs=inputs,
            matched=made.matched,
            result=result,
            candidates=await candidates.told(tx, made, scored, call.language),
            elsewhere=await candidates.elsewhere(tx, made, call.language),
            why_of=line["code"] if line else None,
            **explained,
        )

    return await call.read(read)


def _explained(
    made: Decision, table: Table | None, scored: Scores | None, line: Mapping[str, Any] | None, language: Language
) -> dict[str, Any]:
    """``agrees``, ``why`` and, without it, ``unexplained``."""
    if candidates.routed(made):
        found = scored.explained(line) if scored and line else None
        agrees = scored.agrees() if scored else None
    else:
        found = None if table is None else why.repeated(made, table)
        agrees = None if found is None else why.agrees(found, made)
    if found is not None:
        return {"agrees": agrees, "why": why.told(found, language), "unexplained": None}
    return {"agrees": agrees, "why": None, "unexplained": _unexplained(made, line, language)}


def _unexplained(made: Decision, line: Mapping[str, Any] | None, language: Language) -> UnexplainedView:
    if line is not None and "reason" in line:
        text = say(EXPLAINED, "ruled_out", language, {"reason": say(RULED_OUT, line["reason"], language)})
        return UnexplainedView("ruled_out", text)
    code = "not_repeatable"
    if candidates.routed(made):
        if line is None:
            code = "nobody_scored"
        elif "inputs" not in line:
            code = "scored_apart"
    return UnexplainedView(code, say(EXPLAINED, code, language))
