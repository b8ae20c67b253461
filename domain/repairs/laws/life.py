"""A running life as it last came to rest, and what a repair would do to it: tried before anything
is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from cases.errors import Conflict, FieldProblem, Invalid
from domain.coded import meant
from domain.speaker import Speaker
from store.engine import cases, instances
from store.engine.instances import InstanceRow
from store.engine.repairs import Change
from store.session import Tx
from workflows.bpmn import Event, Program, Refused, State, TokenMoved, VariablesCorrected, step

_CONFLICTS: Final = frozenset({"gone", "unknown", "ended", "not_a_token"})


@dataclass(frozen=True, slots=True)
class Life:
    """One life at rest. The lead is locked; its process may still have messages before it that
    nobody has seen."""

    row: InstanceRow
    program: Program
    state: State

    def element_of(self, execution: str) -> str:
        """Where an execution stands. Raises ``Conflict`` when there is no such execution."""
        found = self.state.executions.get(execution)
        if found is None:
            raise Conflict("execution_gone", execution=execution)
        return found.element

    async def corrected(self, tx: Tx, execution: str, variables: Mapping[str, Any], at: datetime) -> dict[str, Change]:
        """Variables as they are and as they shall be. Raises ``Conflict``."""
        self._try(VariablesCorrected(execution, dict(variables)), execution, at)
        before = self.state.instances[self.state.executions[execution].home].variables
        return {name: (before.get(name), after) for name, after in (await meant(tx, variables, before)).items()}

    def moved(self, execution: str, element: str, at: datetime) -> str:
        """The element that a token would leave for another.

        Raises ``Invalid`` for an element that is not in its scope, ``Conflict`` when it is no
        token.
        """
        self._try(TokenMoved(execution, element), execution, at)
        return self.element_of(execution)

    def _try(self, event: Event, execution: str, at: datetime) -> None:
        _, commands = step(self.program, self.state, event, at)
        refused = next((one.reason for one in commands if isinstance(one, Refused)), None)
        if refused == "no_such_element":
            raise Invalid("invalid_input", problems=(FieldProblem("element", refused),))
        if refused in _CONFLICTS:
            code = "execution_gone" if refused in ("gone", "unknown") else f"instance_{refused}"
            raise Conflict(code, execution=execution)


async def life_of(tx: Tx, speaker: Speaker, case_id: UUID, life: int | None = None) -> Life:
    """The latest life of a case, or a certain one, the case locked.

    Raises ``NotFound`` without such a case or life, ``Conflict`` when the life has ended.
    """
    await cases.lock(tx, case_id)
    row = await instances.one(tx, case_id, life)
    if row.ended_at is not None:
        raise Conflict("instance_ended")
    program = await speaker.memory.programs.of(tx, row.refs)
    return Life(row, program, State.from_json(row.snapshot))
