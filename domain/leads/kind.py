"""The kind ``lead``: what its diagrams may name and await, and with what it begins."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cases.contact import MATERIAL
from cases.grades import GRADES
from cases.kind import Emptied, Kind, Offered, Texts, offered
from cases.lead_facts import FACTS
from cases.messages import notices, timeline
from cases.parties import Team
from cases.signatures import Field, codes
from cases.states import GRADE_VALIDITY, CaseKind, HqFirst, HqWhy, MessageKind, Outcome, Role, Stage, TaskKind
from domain.leads.process import PROCESS
from domain.leads.tasks import TASKS
from domain.reach import ANYBODY_WHO_WORKS_LEADS

APPROVERS: Final = (Role.DEALER_MANAGER, Role.REGIONAL_MANAGER, Role.HQ)
"""Who may agree that a win is undone."""
CLOSED_AS: Final = ("won", "lost", "invalid")
"""How a lead is closed; the states and stages that come of it are the activity's
(``activities.closing``)."""

_NEEDS_CALL = Field("needs_call", "boolean", required=True)
_MATERIAL_AT = Field("material_at", "instant", required=True)
_CHECK_AT = Field("check_at", "instant", required=True)
_LANES = ("urgent", "dispatch", "nurture")
_LANE = codes("lane", *_LANES)
_WAITED = Field("waited", "number")
_OWNERS = (Field("dealer", "string"), Field("staff", "string"))

_INTAKE: Mapping[str, Offered] = {
    "clean": offered("intake", gives=(_NEEDS_CALL, Field("reason", "string"))),
    "find_duplicates": offered("intake", gives=(Field("suspects", "number", required=True), _NEEDS_CALL)),
    "attach_duplicate": offered("intake"),
    "grade": offered(
        "intake",
        takes=(codes("stated_grade", *GRADES),),
        gives=(codes("grade", *GRADES, required=True), codes("lane", *_LANES, required=True)),
    ),
}

_ROUTING: Mapping[str, Offered] = {
    "dispatch": offered(
        "routing",
        takes=(_LANE, _WAITED),
        gives=(Field("dealer", "string"), codes("why", *HqWhy), Field("until", "instant"), _WAITED),
    ),
    "assign": offered("routing", takes=(_LANE,), gives=(Field("consultant", "string"), codes("why", *HqWhy))),
    "enter_pool": offered("routing", gives=(Field("pool_until", "instant", required=True),)),
    "leave_pool": offered("routing"),
    "expire_pool": offered("routing", gives=(Field("taken", "boolean", required=True),)),
    "keep_choice": offered("routing"),
    "take_over": offered("routing"),
    "hq_first": offered(
        "routing",
        takes=(codes("why", *HqWhy, required=True),),
        gives=(codes("first", *HqFirst, required=True), codes("why", *HqWhy)),
    ),
}

_ENDS: Mapping[str, Offered] = {
    "close": offered(
        "ends",
        takes=(codes("outcome", *CLOSED_AS, required=True),),
        gives=(Field("price_tier", "string"), Field("incentive", "number")),
    ),
    "ask_confirmation": offered("ends", takes=(codes("outcome", *Outcome),)),
    "reopen": offered("ends"),
    "ask_undo": offered("ends", gives=(codes("approver", *APPROVERS, required=True),)),
    "undo_win": offered("ends"),
    "keep_win": offered("ends"),
    "plan_firm_up": offered("ends", gives=(Field("firm_up_at", "instant"),)),
    "relieve_owner": offered("ends"),
    "plan_recall": offered(
        "ends",
        takes=(codes("outcome", *Outcome),),
        gives=(Field("recall_at", "instant"),),
        reaches=(TaskKind.RECALL,),
    ),
    "archive": offered("ends"),
    "reactivate": offered("ends"),
}

_NURTURE: Mapping[str, Offered] = {
    "plan_nurture": offered(
        "nurture",
        takes=(codes("side", "hq", "dealer"),),
        gives=(_MATERIAL_AT, _CHECK_AT, Field("keep_until", "instant", required=True)),
    ),
    "send_material": offered("nurture", gives=(_MATERIAL_AT, Field("code", "string")), reaches=(MATERIAL,)),
    "note_intent": offered("nurture", takes=(codes("outcome", *Outcome),), gives=(_CHECK_AT,)),
    "refresh_customer": offered("nurture"),
    "announce_interest": offered("nurture"),
    "erase": offered("nurture"),
}

_REACTIVATED = (Field("life", "number", required=True),)
_WIN_QUESTIONED = (codes("statement", "cancel_order", "wrong_win", required=True),)

ERASED: Final = (
    Emptied(
        "leads",
        "id",
        {"raw": {}, "utm": {}, "consents": [], "campaign": None, "external_id": None}
        | dict.fromkeys(("province", "city", "district"))
        | {fact.column: None for fact in FACTS if fact.plain and fact.personal},
    ),
    Emptied(
        "submissions",
        "lead_id",
        {"raw": {}, "fingerprint": None, "campaign": None, "external_id": None, "trace": None},
    ),
)
"""What a lead keeps of its customer's words; of places only what is none
(``store.leads.erasure``)."""

LEAD: Final = Kind(
    name=CaseKind.LEAD,
    process=PROCESS,
    zh="线索",
    one="lead",
    many="leads",
    starts=MappingProxyType(
        {
            MessageKind.LEAD_CREATED: (),
            MessageKind.REACTIVATED: _REACTIVATED,
            MessageKind.WIN_QUESTIONED: _WIN_QUESTIONED,
        }
    ),
    hears=MappingProxyType(
        {
            MessageKind.REASSIGNED: _OWNERS,
            MessageKind.CLAIMED: _OWNERS,
            MessageKind.REGRADED: (codes("grade", *GRADES, required=True),),
            MessageKind.CUSTOMER_UPDATED: (Field("fields", "list", required=True),),
            MessageKind.INTEREST_REPEATED: (Field("channel"), Field("lead", "string"), Field("fields", "list")),
            MessageKind.REACTIVATED: _REACTIVATED,
            MessageKind.WIN_QUESTIONED: _WIN_QUESTIONED,
            MessageKind.ERASED: (),
        }
    ),
    tasks=TASKS,
    roles=ANYBODY_WHO_WORKS_LEADS,
    facts=tuple(fact.field for fact in FACTS),
    activities=MappingProxyType({**_INTAKE, **_ROUTING, **_ENDS, **_NURTURE}),
    clocks=MappingProxyType({GRADE_VALIDITY: Team.DEALER}),
    levels=GRADES,
    completed=(
        Field("task_id", "string", required=True),
        codes("stage", *Stage),
        codes("grade", *GRADES),
        Field("reason", "string"),
        Field("duplicate_of", "string"),
    ),
    erased=ERASED,
    texts=Texts(timeline.LINES, notices.NOTICES),
)
