"""The statements that answer a task: which tasks each can answer. This is the one table of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cases.stated import Statement
from cases.states import Role, TaskKind
from domain.kinds import task_kinds

FOLLOW_UP: Final = frozenset({TaskKind.FIRST_FOLLOW_UP, TaskKind.NEXT_FOLLOW_UP})
CONFIRMATIONS: Final = frozenset({TaskKind.CONFIRM_CLOSING, TaskKind.CONFIRM_UNDO})


@dataclass(frozen=True, slots=True)
class StatementKind:
    """A statement: the tasks it can answer, the line it leaves in the timeline, and what it is
    called among the things that are possible (the name of its address under a lead)."""

    name: Statement
    answers: frozenset[TaskKind]
    line: str
    called: str

    @property
    def roles(self) -> frozenset[Role]:
        """The roles that may make it: those that may do its tasks."""
        return frozenset[Role]().union(*(task_kinds()[kind].roles for kind in self.answers))


KINDS: Final[Mapping[str, StatementKind]] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            StatementKind(Statement.FOLLOW_UP, FOLLOW_UP, "followed_up", "follow-ups"),
            StatementKind(Statement.INVITE, FOLLOW_UP, "invited", "invite"),
            StatementKind(Statement.VISIT, FOLLOW_UP, "visited", "visit"),
            StatementKind(Statement.TEST_DRIVE, FOLLOW_UP, "test_driven", "test-drive"),
            StatementKind(Statement.WIN, FOLLOW_UP, "won_stated", "win"),
            StatementKind(Statement.LOSE, FOLLOW_UP, "lost_stated", "lose"),
            StatementKind(Statement.INVALIDATE, FOLLOW_UP, "invalid_stated", "invalidate"),
            StatementKind(Statement.COOL, FOLLOW_UP, "cooled_stated", "cool"),
            StatementKind(Statement.CONFIRM, CONFIRMATIONS, "closing_decided", "confirm"),
            StatementKind(Statement.FIRM_UP, frozenset({TaskKind.FIRM_UP}), "purchase_firmed", "firm-up"),
            StatementKind(Statement.CALL_RESULT, frozenset({TaskKind.OUTBOUND_CALL}), "called", "call-result"),
            StatementKind(Statement.INTENT, frozenset({TaskKind.INTENT_CHECK}), "intent_checked", "intent"),
            StatementKind(Statement.RECALL_RESULT, frozenset({TaskKind.RECALL}), "recalled", "recall-result"),
            StatementKind(Statement.HQ_DECISION, frozenset({TaskKind.HQ_DECISION}), "hq_decided", "hq-decision"),
        )
    }
)
"""By name, in the order in which what is possible is told."""


def answering(task: str) -> tuple[str, ...]:
    """What the statements are called that an open task of a kind allows."""
    return tuple(kind.called for kind in KINDS.values() if task in kind.answers)
