"""The pure core: BPMN 2.0 diagrams as programs. Only ``read`` needs lxml, and loads it when it is
first called."""

from __future__ import annotations

from workflows.bpmn.interpreter import NoSuchStart, begin, can_move, outstanding, step
from workflows.bpmn.model import Definitions, Element, ModelRefused, Problem, Process, Program, Severity, closure
from workflows.bpmn.protocol import (
    ActivityDone,
    ActivityFailed,
    ArmTimer,
    CancelActivity,
    Command,
    DisarmTimer,
    Ended,
    ErrorThrown,
    Event,
    MessageArrived,
    OpenTask,
    RaiseIncident,
    Refused,
    Retry,
    RunActivity,
    SendMessage,
    SignalArrived,
    TaskDone,
    ThrowSignal,
    TimerFired,
    TokenMoved,
    VariablesCorrected,
    Visit,
    WithdrawTask,
)
from workflows.bpmn.state import SnapshotRefused, State
from workflows.bpmn.validate import agreed, validate

__all__ = [
    "ActivityDone",
    "ActivityFailed",
    "ArmTimer",
    "CancelActivity",
    "Command",
    "Definitions",
    "DisarmTimer",
    "Element",
    "Ended",
    "ErrorThrown",
    "Event",
    "MessageArrived",
    "ModelRefused",
    "NoSuchStart",
    "OpenTask",
    "Problem",
    "Process",
    "Program",
    "RaiseIncident",
    "Refused",
    "Retry",
    "RunActivity",
    "SendMessage",
    "Severity",
    "SignalArrived",
    "SnapshotRefused",
    "State",
    "TaskDone",
    "ThrowSignal",
    "TimerFired",
    "TokenMoved",
    "VariablesCorrected",
    "Visit",
    "WithdrawTask",
    "agreed",
    "begin",
    "can_move",
    "closure",
    "outstanding",
    "read",
    "step",
    "validate",
]


def read(xml: bytes) -> Definitions:
    """Reads a BPMN file; see ``workflows.bpmn.reading.read``.

    Raises:
        ModelRefused: it is no BPMN, or says something that cannot be run; every problem found is
        listed.
    """
    # A workflow imports this package per instance; lxml would cost it dearly and is never needed
    # there.
    from workflows.bpmn import reading

    return reading.read(xml)
