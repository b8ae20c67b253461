"""Everything that a diagram may name, gathered from where each is declared, for the check of diagrams."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

import rules
from cases.heard import COMPLETED, MESSAGES
from cases.signatures import Signature
from cases.states import Role
from domain.kinds import task_kinds
from domain.leads.process import PROCESS
from domain.policy.signatures import of_decision
from rules.model import Decision
from workflows import bpmn
from workflows.bpmn import Process
from workflows.bpmn.contracts import Contracts

BEGINS = {PROCESS: MESSAGES["reactivated"]}
"""Processes that the store begins by itself, and with what: a new lead brings nothing, one that comes back its life."""


def contracts(
    activities: Mapping[str, Signature], decisions: Mapping[str, Signature], processes: Mapping[str, Process]
) -> Contracts:
    """``decisions`` are the tables in force, ``processes`` the deployed ones."""
    return Contracts(
        activities=activities,
        decisions=decisions,
        messages=MESSAGES,
        tasks={one.kind: frozenset(one.codes()) for one in task_kinds().values()},
        roles=frozenset(map(str, Role)),
        completed=COMPLETED,
        begins=BEGINS,
        processes=processes,
    )


def of_decisions(decisions: Iterable[Decision]) -> dict[str, Signature]:
    """What each takes and gives, by its key."""
    return {one.key: of_decision(one) for one in decisions}


@lru_cache(256)
def of_table(xml: bytes) -> Mapping[str, Signature]:
    """The decisions of a stored table; of one that can no longer be read nothing is known."""
    try:
        return of_decisions(rules.read_table(xml))
    except rules.TableRefused:
        return {}


@lru_cache(64)
def of_process(xml: bytes) -> Mapping[str, Process]:
    """The processes of a stored diagram; one that can no longer be read says nothing."""
    try:
        return bpmn.read(xml).processes
    except bpmn.ModelRefused:
        return {}
