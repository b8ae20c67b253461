"""What a lead's process hears: the messages that a diagram can await, and what each brings.

The kinds that are missing here are for the machinery; no message event ever gets them. docs/reference/messages.md says
when each is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cases.grades import GRADES
from cases.signatures import Field, codes
from cases.states import MessageKind, Stage

_OWNERS: Final = (Field("dealer", "string"), Field("staff", "string"))

MESSAGES: Final[Mapping[str, tuple[Field, ...]]] = MappingProxyType(
    {
        MessageKind.REASSIGNED: _OWNERS,
        MessageKind.CLAIMED: _OWNERS,
        MessageKind.REGRADED: (codes("grade", *GRADES, required=True),),
        MessageKind.CUSTOMER_UPDATED: (Field("fields", "list", required=True),),
        MessageKind.INTEREST_REPEATED: (Field("channel"), Field("lead", "string"), Field("fields", "list")),
        MessageKind.REACTIVATED: (Field("life", "number", required=True),),
        MessageKind.WIN_QUESTIONED: (codes("statement", "cancel_order", "wrong_win", required=True),),
        MessageKind.ERASED: (),
    }
)
"""By the names of the BPMN messages."""

COMPLETED: Final[tuple[Field, ...]] = (
    Field("task_id", "string", required=True),
    codes("stage", *Stage),
    codes("grade", *GRADES),
    Field("reason", "string"),
    Field("duplicate_of", "string"),
)
"""What a completed task may bring beside its outcome."""
