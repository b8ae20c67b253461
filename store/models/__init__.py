"""The tables, one module a family. Alembic reads ``Base.metadata`` from here."""

from store.models.base import Base
from store.models.batch import Batch, BatchItem
from store.models.instance import ProcessInstance, Visit
from store.models.lead import Assignment, Contract, Customer, FollowUp, Lead, Submission, TimelineEntry
from store.models.network import (
    Absence,
    CalendarDay,
    CarModel,
    Channel,
    City,
    Closure,
    ContactPoint,
    Dealer,
    Region,
    Snapshot,
    Staff,
)
from store.models.plumbing import AppClock, ExecutedStep, IdempotencyKey, OutboxMessage
from store.models.policy import (
    Backtest,
    BacktestLine,
    BacktestPart,
    DraftComment,
    DraftRevision,
    Shadow,
    ShadowLine,
    TableDraft,
    TableEvent,
)
from store.models.process import DecisionRecord, DecisionTable, Incident, ProcessDefinition
from store.models.work import Delivery, Material, Notification, SlaClock, Task

__all__ = [
    "Absence",
    "AppClock",
    "Assignment",
    "Backtest",
    "BacktestLine",
    "BacktestPart",
    "Base",
    "Batch",
    "BatchItem",
    "CalendarDay",
    "CarModel",
    "Channel",
    "City",
    "Closure",
    "ContactPoint",
    "Contract",
    "Customer",
    "Dealer",
    "DecisionRecord",
    "DecisionTable",
    "Delivery",
    "DraftComment",
    "DraftRevision",
    "ExecutedStep",
    "FollowUp",
    "IdempotencyKey",
    "Incident",
    "Lead",
    "Material",
    "Notification",
    "OutboxMessage",
    "ProcessDefinition",
    "ProcessInstance",
    "Region",
    "Shadow",
    "ShadowLine",
    "SlaClock",
    "Snapshot",
    "Staff",
    "Submission",
    "TableDraft",
    "TableEvent",
    "Task",
    "TimelineEntry",
    "Visit",
]
