"""The function behind every activity that a diagram may name, by that name.

What each takes and gives stands below, with the kind of case that it works on (``domain.kinds``),
so that a diagram can be checked without them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Final

from activities import (
    cleaning,
    closing,
    customer,
    escalation,
    grading,
    head_office,
    nurture,
    opening,
    owners,
    planning,
    purchase,
    repair,
    rest,
    rounds,
    routing,
    tickets,
    undoing,
)
from domain import kinds
from domain.work import Result, Work

Activity = Callable[[Work], Awaitable[Result]]

ACTIVITIES: Final[Mapping[str, Activity]] = MappingProxyType(
    {
        "clean": cleaning.clean,
        "find_duplicates": cleaning.find_duplicates,
        "attach_duplicate": cleaning.attach_duplicate,
        "grade": grading.grade,
        "decide": grading.decide,
        "dispatch": routing.dispatch,
        "assign": routing.assign,
        "enter_pool": owners.enter_pool,
        "leave_pool": owners.leave_pool,
        "expire_pool": owners.expire_pool,
        "keep_choice": owners.keep_choice,
        "take_over": owners.take_over,
        "hq_first": head_office.hq_first,
        "plan_task": planning.plan_task,
        "climb": escalation.climb,
        "close": closing.close,
        "ask_confirmation": closing.ask_confirmation,
        "reopen": closing.reopen,
        "ask_undo": undoing.ask_undo,
        "undo_win": undoing.undo_win,
        "keep_win": undoing.keep_win,
        "plan_firm_up": purchase.plan_firm_up,
        "relieve_owner": purchase.relieve_owner,
        "plan_recall": closing.plan_recall,
        "archive": closing.archive,
        "reactivate": closing.reactivate,
        "plan_nurture": nurture.plan_nurture,
        "send_material": nurture.send_material,
        "note_intent": nurture.note_intent,
        "refresh_customer": customer.refresh_customer,
        "announce_interest": customer.announce_interest,
        "erase": customer.erase,
        "classify_ticket": tickets.classify_ticket,
        "await_confirmation": tickets.await_confirmation,
        "reopen_ticket": tickets.reopen_ticket,
        "note_about_ended": tickets.note_about_ended,
        "close_ticket": tickets.close_ticket,
        "open_case": opening.open_case,
        "plan_round": rounds.plan_round,
        "run_round": rounds.run_round,
        "send_message": rest.send_message,
        "throw_signal": rest.throw_signal,
        "record_incident": rest.record_incident,
        "record_migration": repair.record_migration,
    }
)
"""Activities of diagrams, and those that the host sends on a diagram's behalf."""

if ACTIVITIES.keys() != kinds.activities().keys():  # a diagram that was let pass would find nobody to do it
    raise LookupError(f"declared or done, but not both: {sorted(ACTIVITIES.keys() ^ kinds.activities().keys())}")
