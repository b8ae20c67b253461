"""Whether Temporal and the store agree on which cases live."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import asyncpg
from temporalio.client import Client, WorkflowExecutionStatus

_LIVES = """
    SELECT DISTINCT ON (c.id) c.kind || '-' || c.id AS workflow_id, i.ended_at IS NULL AND i.life IS NOT NULL AS lives
    FROM cases c LEFT JOIN instances i ON i.case_id = c.id ORDER BY c.id, i.life DESC
"""
_FINE: Final = frozenset({"RUNNING", "COMPLETED", "CONTINUED_AS_NEW"})


@dataclass(frozen=True, slots=True)
class SeenRun:
    """One run of a workflow as Temporal lists it."""

    workflow_id: str
    status: str


async def of_temporal(connection: asyncpg.Connection, temporal: Client) -> set[str]:
    """The facts in which Temporal's list and the store's lives differ."""
    runs = [
        SeenRun(run.id, (run.status or WorkflowExecutionStatus.RUNNING).name)
        async for run in temporal.list_workflows('WorkflowType IN ("CaseWorkflow", "LeadWorkflow")', page_size=500)
    ]
    lives = {str(row["workflow_id"]): bool(row["lives"]) for row in await connection.fetch(_LIVES)}
    return differences(lives, runs)


def differences(lives: dict[str, bool], runs: Iterable[SeenRun]) -> set[str]:
    """``lives``: for each case of the store, by its workflow's id, whether its last life goes
    on."""
    facts: set[str] = set()
    running: dict[str, int] = {}
    for run in runs:
        case = run.workflow_id
        running[case] = running.get(case, 0) + (run.status == "RUNNING")
        if run.status not in _FINE:
            facts.add(f"a workflow did not end by itself: {run.workflow_id} {run.status}")
        if case not in lives:
            facts.add(f"a workflow without a case: {case}")
    for case, count in running.items():
        if count > 1:
            facts.add(f"a case has {count} running workflows: {case}")
        if case in lives and bool(count) is not lives[case]:
            facts.add(
                f"a case that {'lives' if lives[case] else 'has ended'} and whose workflow does not agree: {case}"
            )
    facts.update(f"a case without a workflow: {case}" for case in lives if case not in running)
    return facts
