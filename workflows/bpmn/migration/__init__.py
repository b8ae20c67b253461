"""A running instance goes on in another version of its process: whether it fits, and what it
becomes.

Tokens keep their executions, variables and open tasks; what they wait for is what the new version
says from then on. Armed timers keep their instants. Only what is new is begun, and only what is
gone is taken back.
"""

from __future__ import annotations

from datetime import datetime

from workflows.bpmn.migration.carrying import carried
from workflows.bpmn.migration.fitting import misfits
from workflows.bpmn.migration.plan import ALIKE, Plan, alike, suggest
from workflows.bpmn.migration.reasons import WORDS, DoesNotFit, Reason
from workflows.bpmn.model import Program
from workflows.bpmn.protocol import Command, Visit
from workflows.bpmn.state import State

__all__ = ["ALIKE", "WORDS", "DoesNotFit", "Plan", "Reason", "alike", "fits", "migrate", "suggest"]


def fits(old: Program, new: Program, state: State, plan: Plan, at: datetime) -> tuple[Reason, ...]:
    """Why the instance could not go on in the new version at instant ``at``; empty: it could."""
    try:
        migrate(old, new, state, plan, at)
    except DoesNotFit as problem:
        return problem.reasons
    return ()


def migrate(
    old: Program, new: Program, state: State, plan: Plan, at: datetime, *, trace: list[Visit] | None = None
) -> tuple[State, tuple[Command, ...]]:
    """The instance in the new version at instant ``at`` (aware, UTC), and what the host has to do
    about it.

    ``old`` and ``new`` are whole programs, the called processes included. What can go on at once
    there does so: a join that has all its tokens now, a condition that is true, a kept message that
    is awaited now; ``trace`` gets their way.

    Raises:
        DoesNotFit: with every reason; nothing has been changed.
    """
    found = misfits(old, new, state, plan)
    if found:
        raise DoesNotFit(found)
    return carried(old, new, state, plan, at, trace)
