"""Every activity under the name that the diagrams use, with what it takes and gives: a new one is a function and a row.

A row is binding. The check of a diagram compares what the diagram maps with it (``workflows.bpmn.contracts``), the
registry refuses a step whose input does not fit it, and docs/reference/activities.md is made from it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from activities import (
    cleaning,
    closing,
    customer,
    escalation,
    grading,
    head_office,
    nurture,
    owners,
    planning,
    purchase,
    repair,
    rest,
    routing,
    undoing,
)
from activities.work import Result, Work
from cases.contact import MATERIAL
from cases.deadlines import Counting
from cases.grades import GRADES
from cases.signatures import Field, Signature, codes
from cases.states import HqFirst, HqWhy, Outcome, Role, Rung, TaskKind
from domain.kinds import purposes, task_kinds

Activity = Callable[[Work], Awaitable[Result]]


class Declared(NamedTuple):
    """One activity: where the reference lists it, its function, what it takes and gives."""

    group: str
    run: Activity
    signature: Signature


def _row(
    group: str,
    run: Activity,
    takes: tuple[Field, ...] = (),
    gives: tuple[Field, ...] = (),
    *,
    open_ended: bool = False,
) -> Declared:
    return Declared(group, run, Signature(takes, gives, takes_more=open_ended, gives_more=open_ended))


_NEEDS_CALL = Field("needs_call", "boolean", required=True)
_RUNG_AT = Field("rung_at", "instant")
_MATERIAL_AT = Field("material_at", "instant", required=True)
_CHECK_AT = Field("check_at", "instant", required=True)
_LANES = ("urgent", "dispatch", "nurture")
_LANE = codes("lane", *_LANES)
_WAITED = Field("waited", "number")
_ROLE = codes("role", *Role)
_ABOUT = Field("about", "string")
_CHASED = codes("kind", *task_kinds(), planning.FOLLOW_UP, required=True)

CATALOGUE: Final[Mapping[str, Declared]] = MappingProxyType(
    {
        "clean": _row("intake", cleaning.clean, gives=(_NEEDS_CALL, Field("reason", "string"))),
        "find_duplicates": _row(
            "intake", cleaning.find_duplicates, gives=(Field("suspects", "number", required=True), _NEEDS_CALL)
        ),
        "attach_duplicate": _row("intake", cleaning.attach_duplicate),
        "grade": _row(
            "intake",
            grading.grade,
            takes=(codes("stated_grade", *GRADES),),
            gives=(codes("grade", *GRADES, required=True), codes("lane", *_LANES, required=True)),
        ),
        "decide": _row("intake", grading.decide, takes=(Field("decision", "string", required=True),), open_ended=True),
        "dispatch": _row(
            "routing",
            routing.dispatch,
            takes=(_LANE, _WAITED),
            gives=(Field("dealer", "string"), codes("why", *HqWhy), Field("until", "instant"), _WAITED),
        ),
        "assign": _row(
            "routing", routing.assign, takes=(_LANE,), gives=(Field("consultant", "string"), codes("why", *HqWhy))
        ),
        "enter_pool": _row("routing", owners.enter_pool, gives=(Field("pool_until", "instant", required=True),)),
        "leave_pool": _row("routing", owners.leave_pool),
        "expire_pool": _row("routing", owners.expire_pool, gives=(Field("taken", "boolean", required=True),)),
        "keep_choice": _row("routing", owners.keep_choice),
        "take_over": _row("routing", owners.take_over),
        "hq_first": _row(
            "routing",
            head_office.hq_first,
            takes=(codes("why", *HqWhy, required=True),),
            gives=(codes("first", *HqFirst, required=True), codes("why", *HqWhy)),
        ),
        "plan_task": _row(
            "tasks",
            planning.plan_task,
            takes=(
                _CHASED,
                _ROLE,
                codes("why", *HqWhy),
                _ABOUT,
                Field("hours", "number"),
                codes("calendar", *Counting),
                Field("due", "instant"),
            ),
            gives=(
                codes("kind", *task_kinds(), required=True),
                Field("due", "instant", required=True),
                _ABOUT,
                _RUNG_AT,
                codes("outcome", *Outcome),
            ),
        ),
        "climb": _row(
            "tasks",
            escalation.climb,
            takes=(_CHASED, _ROLE, _ABOUT, Field("asks_hq", "boolean")),
            gives=(codes("action", *Rung, escalation.SUPERSEDED, escalation.NONE, required=True), _RUNG_AT),
        ),
        "close": _row(
            "ends",
            closing.close,
            takes=(codes("outcome", *closing.FINAL, required=True),),
            gives=(Field("price_tier", "string"), Field("incentive", "number")),
        ),
        "ask_confirmation": _row("ends", closing.ask_confirmation, takes=(codes("outcome", *Outcome),)),
        "reopen": _row("ends", closing.reopen),
        "ask_undo": _row("ends", undoing.ask_undo, gives=(codes("approver", *undoing.APPROVERS, required=True),)),
        "undo_win": _row("ends", undoing.undo_win),
        "keep_win": _row("ends", undoing.keep_win),
        "plan_firm_up": _row("ends", purchase.plan_firm_up, gives=(Field("firm_up_at", "instant"),)),
        "relieve_owner": _row("ends", purchase.relieve_owner),
        "plan_recall": _row(
            "ends", closing.plan_recall, takes=(codes("outcome", *Outcome),), gives=(Field("recall_at", "instant"),)
        ),
        "archive": _row("ends", closing.archive),
        "reactivate": _row("ends", closing.reactivate),
        "plan_nurture": _row(
            "nurture",
            nurture.plan_nurture,
            takes=(codes("side", "hq", "dealer"),),
            gives=(_MATERIAL_AT, _CHECK_AT, Field("keep_until", "instant", required=True)),
        ),
        "send_material": _row("nurture", nurture.send_material, gives=(_MATERIAL_AT, Field("code", "string"))),
        "note_intent": _row("nurture", nurture.note_intent, takes=(codes("outcome", *Outcome),), gives=(_CHECK_AT,)),
        "refresh_customer": _row("nurture", customer.refresh_customer),
        "announce_interest": _row("nurture", customer.announce_interest),
        "erase": _row("nurture", customer.erase),
        "send_message": _row(
            "machinery",
            rest.send_message,
            takes=(Field("message"), codes("role", *Role)),
        ),
        "throw_signal": _row("machinery", rest.throw_signal, takes=(Field("signal"),)),
        "record_incident": _row(
            "machinery",
            rest.record_incident,
            takes=(
                *(Field(name, "string", required=True) for name in ("element", "kind", "failed")),
                Field("message", "string"),
            ),
        ),
        "record_migration": _row(
            "machinery",
            repair.record_migration,
            takes=(Field("batch", "string", required=True), Field("reasons", "list")),
        ),
    }
)
"""Activities of diagrams, and those that the host sends on a diagram's behalf."""

REACHES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "plan_task": tuple(one for one in purposes() if one != MATERIAL),
        "plan_recall": (TaskKind.RECALL,),
        "send_material": (MATERIAL,),
    }
)
"""The activities that reach a customer, or have somebody reach them, and for which purposes: each of these is a purpose
of the table ``contact-rules``, which they ask (``activities.contact``). Any other activity that asks is refused."""

SIGNATURES: Final[Mapping[str, Signature]] = MappingProxyType({name: row.signature for name, row in CATALOGUE.items()})
"""What each takes and gives, by name."""
