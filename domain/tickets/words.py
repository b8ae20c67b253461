"""The codes of tickets: what they are about, how bad it is, where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from cases.messages.words import Words, catalogue


class TicketKind(StrEnum):
    """What a ticket is about; what follows is rows of ``ticket-policy`` and ``ticket-steps``."""

    RISK = "risk"
    WIN_BACK = "win_back"
    OBJECTION = "objection"
    COMPLAINT = "complaint"
    REQUEST = "request"
    PROBLEM = "problem"
    REPORT = "report"
    RECTIFICATION = "rectification"
    APPRAISAL_OBJECTION = "appraisal_objection"


class TicketSeverity(StrEnum):
    """How bad it is, the least first."""

    NORMAL = "normal"
    AMBER = "amber"
    RED = "red"


class TicketStatus(StrEnum):
    """Where a ticket stands."""

    NEW = "new"
    WORKING = "working"
    CONFIRMING = "confirming"
    CLOSED = "closed"


class ClosedAs(StrEnum):
    """What came of a ticket in the end."""

    SOLVED = "solved"
    FALSE_ALARM = "false_alarm"
    MOOT = "moot"  # what it was about has ended
    ERASED = "erased"


LABELS: Final[Mapping[type[StrEnum], Mapping[str, Words]]] = {
    TicketSeverity: catalogue(
        "ticket_severities",
        {
            TicketSeverity.NORMAL: Words("一般", "normal"),
            TicketSeverity.AMBER: Words("黄色", "amber"),
            TicketSeverity.RED: Words("红色", "red"),
        },
    ),
    TicketStatus: catalogue(
        "ticket_statuses",
        {
            TicketStatus.NEW: Words("新工单", "new"),
            TicketStatus.WORKING: Words("处理中", "working"),
            TicketStatus.CONFIRMING: Words("待回访", "confirming"),
            TicketStatus.CLOSED: Words("已关闭", "closed"),
        },
    ),
    ClosedAs: catalogue(
        "tickets_closed_as",
        {
            ClosedAs.SOLVED: Words("已解决", "solved"),
            ClosedAs.FALSE_ALARM: Words("误报", "false alarm"),
            ClosedAs.MOOT: Words("所涉事项已结束", "what it was about has ended"),
            ClosedAs.ERASED: Words("已删除个人信息", "erased"),
        },
    ),
}
"""What screens call the codes of each set; kinds of tickets are in ``cases.spoken``."""
