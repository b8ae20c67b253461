"""Whether Temporal and the store agree on which leads live."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import asyncpg
from temporalio.client import Client, WorkflowExecutionStatus

_LIVES = """
    SELECT DISTINCT ON (l.id) l.id::text AS lead_id, i.ended_at IS NULL AND i.life IS NOT NULL AS lives
    FROM whole_leads l LEFT JOIN instances i ON i.case_id = l.id ORDER BY l.id, i.life DESC
"""
_PREFIX: Final = "lead-"
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
        async for run in temporal.list_workflows('WorkflowType = "LeadWorkflow"', page_size=500)
    ]
    lives = {str(row["lead_id"]): bool(row["lives"]) for row in await connection.fetch(_LIVES)}
    return differences(lives, runs)


def differences(lives: dict[str, bool], runs: Iterable[SeenRun]) -> set[str]:
    """``lives``: for each lead of the store whether its last life goes on."""
    facts: set[str] = set()
    running: dict[str, int] = {}
    for run in runs:
        lead = run.workflow_id.removeprefix(_PREFIX)
        running[lead] = running.get(lead, 0) + (run.status == "RUNNING")
        if run.status not in _FINE:
            facts.add(f"a workflow did not end by itself: {run.workflow_id} {run.status}")
        if lead not in lives:
            facts.add(f"a workflow without a lead: {run.workflow_id}")
    for lead, count in running.items():
        if count > 1:
            facts.add(f"a lead has {count} running workflows: {lead}")
        if lead in lives and bool(count) is not lives[lead]:
            facts.add(
                f"a lead that {'lives' if lives[lead] else 'has ended'} and whose workflow does not agree: {lead}"
            )
    facts.update(f"a lead without a workflow: {lead}" for lead in lives if lead not in running)
    return facts
