"""What people may say about leads, as forms: every door fills in the same ones, and all that they
demand is a law."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.json_schema import WithJsonSchema

from cases.contact import HOURS_FORM, NAMED_HOURS
from cases.lead_facts import PLAIN
from cases.stated import CancelReason, ContactWay, Gender, Payment, WrongWinReason
from cases.states import CLOSING_REASONS, Grade, InvalidReason, LostReason, TaskOutcome
from domain.forms import MOST_YUAN, Code, Form, Long, Moment, Reason, Short, Yuan, refuse
from domain.leads import plain_forms as plain


def _hours(value: str) -> str:
    if not re.fullmatch(HOURS_FORM, value):
        raise refuse("unknown_hours", known=", ".join(sorted(NAMED_HOURS)))
    return value


CallHours = Annotated[str, AfterValidator(_hours), Field(json_schema_extra={"pattern": HOURS_FORM})]
"""Hours in which a customer wants to be called, by name or as a full hour."""


def _budget(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int):
        raise refuse("wrong_type", expected="text / number")
    if not 0 <= value <= MOST_YUAN:
        raise refuse("out_of_range")
    return str(value)


Budget = Annotated[
    Short | None,
    BeforeValidator(_budget),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "maxLength": 100},
                {"type": "integer", "minimum": 0, "maximum": MOST_YUAN},
                {"type": "null"},
            ]
        }
    ),
]


class TaskStatement(Form):
    """A statement that completes a task. Naming the task makes a late answer to an older one
    visible."""

    task_id: UUID | None = Field(
        default=None, description="The task that is answered; the lead's open one if not given"
    )


class FollowUpBody(TaskStatement):
    """One contact with the customer (A8)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"channel": "phone", "content": "介绍了森林人的四驱", "answer": "下周来看车", "grade": "A"}]
        }
    )

    channel: ContactWay = ContactWay.PHONE
    content: Long = ""
    answer: Long = ""
    grade: Grade | None = None
    reached: bool = Field(
        default=True, strict=True, description="False: nobody answered. An attempt is kept, the task stays open"
    )
    next_at: Moment | None = Field(
        default=None, description="When the next contact is agreed: after now, within the cadence of the grade"
    )


class WinBody(TaskStatement):
    """The contract (A13): deposit, full payment, or an agreed later purchase date. Money in
    yuan."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"number": "HT-2026-0001", "price": 269800, "payment": "deposit", "deposit": 5000}]
        }
    )

    number: Annotated[Code, Field(max_length=60)]
    model: Short | None = Field(default=None, description="The car sold; the lead's model if not given")
    price: Annotated[int, Field(gt=0, le=MOST_YUAN, strict=True)]
    payment: Payment = Payment.FULL
    deposit: Yuan = 0
    purchase_on: Moment | None = None
    signed_at: Moment | None = None

    @model_validator(mode="after")
    def _payment_is_possible(self) -> Self:
        if self.deposit > self.price:
            raise refuse("deposit_too_large", at="deposit")
        if self.payment is Payment.DEPOSIT and not self.deposit:
            raise refuse("deposit_required", at="deposit")
        if self.payment is Payment.LATER and self.purchase_on is None:
            raise refuse("purchase_on_required", at="purchase_on")
        return self


class LoseBody(TaskStatement):
    """战败: a reason from the list; a manager has to confirm (A14)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "bought_rival", "content": "订了 CR-V"}]})

    reason: LostReason
    content: Long = ""


class InvalidateBody(TaskStatement):
    """无效: a reason from the list; a manager has to confirm (A14)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "wrong_number"}]})

    reason: InvalidReason
    content: Long = ""


class CoolBody(TaskStatement):
    """The customer wants to wait: back to nurture (A15)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"content": "明年再说", "grade": "N"}]})

    content: Long = ""
    grade: Grade | None = None


class ConfirmBody(TaskStatement):
    """A manager agrees with lost or invalid, or sends the lead back to its consultant (A14)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"approve": True}]})

    approve: Annotated[bool, Field(strict=True)]
    comment: Long = ""


@plain.stated
class CallResultBody(TaskStatement):
    """What the outbound call brought: facts completed, a grade as the customer sees it (A4, A5)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "outcome": "qualified",
                    "model": "森林人",
                    "budget": "25万左右",
                    "purchase_time": "一个月内",
                    "grade": "B",
                }
            ]
        }
    )

    outcome: Literal[TaskOutcome.QUALIFIED, TaskOutcome.UNREACHABLE, TaskOutcome.DUPLICATE, TaskOutcome.INVALID]
    name: Short | None = None
    phone: Short | None = None
    wechat: Short | None = None
    model: Short | None = None
    budget: Budget = None
    purchase_time: Short | None = None
    province: Short | None = None
    city: Short | None = None
    district: Short | None = None
    grade: Grade | None = None
    duplicate_of: UUID | None = Field(default=None, description="For duplicate: the lead that this one repeats")
    reason: InvalidReason | None = Field(default=None, description="For invalid")
    content: Long = ""


class IntentBody(TaskStatement):
    """The two-monthly look at a nurtured customer's intent (A15)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"outcome": "raised", "grade": "A"}]})

    outcome: Literal[TaskOutcome.RAISED, TaskOutcome.UNCHANGED, TaskOutcome.NOT_INTERESTED]
    grade: Grade | None = None
    labels: list[Code] | None = Field(default=None, max_length=20)
    content: Long = ""


class RecallBody(TaskStatement):
    """HQ's call to a lost customer, 回访 (A14)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"outcome": "not_interested"}]})

    outcome: Literal[TaskOutcome.RAISED, TaskOutcome.NOT_INTERESTED]
    grade: Grade | None = None
    content: Long = ""


class HqDecisionBody(TaskStatement):
    """What head office decides about a lead that nobody further down went on with (A10, A15).

    ``lost`` and ``invalid`` need a reason of theirs; nobody has to confirm them.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"decision": "dispatch", "comment": "换一家店"}]})

    decision: Literal[
        TaskOutcome.DISPATCH, TaskOutcome.NURTURE, TaskOutcome.LOST, TaskOutcome.INVALID, TaskOutcome.CALL_AGAIN
    ]
    reason: LostReason | InvalidReason | None = Field(default=None, description="For lost and invalid")
    comment: Long = ""

    @model_validator(mode="after")
    def _reason_fits(self) -> Self:
        known = CLOSING_REASONS.get(self.decision)
        if known is not None and self.reason is None:
            raise refuse("closing_reason_required", at="reason", decision=self.decision, known=", ".join(known))
        if self.reason is not None and self.reason not in (known or ()):
            raise refuse(
                "reason_does_not_fit", at="reason", decision=self.decision, known=", ".join(known or ()) or "—"
            )
        return self


class RegradeBody(Form):
    """A person states a new grade for a nurtured lead (A15)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"grade": "A", "reason": "asked_for_offer"}]})

    grade: Grade
    reason: Short = ""


class ReassignBody(Form):
    """Who gets the lead: a person or a dealer (A11)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"to_staff": "BJ01-C1", "reason": "休假"}]})

    to_staff: Code | None = Field(default=None, description="Staff code of the new owner")
    to_dealer: Code | None = Field(default=None, description="Code of the new dealer, which assigns the lead itself")
    reason: Reason
    insist: bool = Field(default=False, description="Also to somebody who is absent or has a day off, a closed dealer")

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.to_staff is None) == (self.to_dealer is None):
            raise refuse("one_target", at="to_staff")
        return self


class BulkReassignBody(ReassignBody):
    """The same for up to 500 leads; each gets its verdict."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"leads": ["0192f0c1-2b3c-7d4e-8f50-123456789abc"], "to_staff": "BJ01-C1", "reason": "超负荷"}]
        }
    )

    leads: list[UUID] = Field(min_length=1, max_length=500)


class ReactivateBody(Form):
    """A lost, invalid or archived customer shows interest again (A16)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "来电咨询新车"}]})

    reason: Reason


class UndoBody(Form):
    """Why a win is to be undone: a reason from the list, and words."""

    content: Annotated[Long, Field(min_length=2, description="What happened, in words")]


class CancelOrderBody(UndoBody):
    """退订: the customer who signed withdraws (A13)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "finance_refused", "content": "贷款未批，客户退订"}]}
    )

    reason: CancelReason


class FirmUpBody(TaskStatement):
    """临近购车确认: whether a purchase that was agreed for a later day holds (A13)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"outcome": "moved", "purchase_on": "2027-03-06T00:00:00+08:00"}]}
    )

    outcome: Literal["confirmed", "moved", "fallen_through"]
    purchase_on: Moment | None = Field(default=None, description="For moved: the day that is agreed instead")
    reason: CancelReason | None = Field(default=None, description="For fallen_through")
    content: Long = Field(default="", description="What the customer said; needed for fallen_through")

    @model_validator(mode="after")
    def _says_what_follows(self) -> Self:
        if (self.outcome == "moved") != (self.purchase_on is not None):
            raise refuse("purchase_on_if_moved", at="purchase_on")
        if (self.outcome == "fallen_through") != (self.reason is not None):
            raise refuse("reason_if_fallen_through", at="reason", known=", ".join(CancelReason))
        return self


class WrongWinBody(UndoBody):
    """登记错误: it was recorded as a sale and is none (A13)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "wrong_lead", "content": "记错了客户"}]})

    reason: WrongWinReason


@plain.stated
class CustomerBody(Form):
    """What is known of the customer and of the wish; only what is given changes. Source and times
    are locked (A8)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "华女士", "city": "天津", "do_not_call": True}]})

    name: Short | None = None
    phone: Short | None = None
    wechat: Short | None = None
    email: Short | None = None
    gender: Gender | None = None
    company: Short | None = None
    province: Short | None = None
    city: Short | None = None
    district: Short | None = None
    model: Short | None = None
    budget: Budget = None
    purchase_time: Short | None = None
    do_not_call: bool | None = None
    call_hours: list[CallHours] | None = Field(
        default=None,
        max_length=9,
        description="When to call, e.g. evenings, not_weekends, not_before_11; empty: any time",
    )
    reason: Reason | None = Field(default=None, description="Why they may or may not be called")
    labels: list[Code] | None = Field(default=None, max_length=20)

    @model_validator(mode="before")
    @classmethod
    def _nothing_locked(cls, given: Any) -> Any:
        if isinstance(given, dict) and LOCKED & given.keys():
            locked = sorted(LOCKED & given.keys())
            raise refuse("locked_field", at=locked[0], fields=", ".join(locked))
        return given


LOCKED = frozenset(
    {
        *("channel", "stated_at", "created_at", "assigned_at", "dealer", "owner", "grade", "status", "stage"),
        *("campaign", "external_id", "utm", "consent"),
        *(fact.name for fact in PLAIN if not fact.corrected),
    }
)
"""Facts of a lead that nobody edits: the source, the times, and what only the process changes (A8,
F1)."""
