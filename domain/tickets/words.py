"""The codes of tickets: what they are about, how bad it is, where they stand."""

from __future__ import annotations

from enum import StrEnum


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
