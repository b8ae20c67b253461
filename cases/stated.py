"""Words of what people state: which statement, by which way they spoke, how a sale is paid and why
it is undone."""

from __future__ import annotations

from enum import StrEnum


class Statement(StrEnum):
    """What a person states about a lead: those that answer a task, and those that move it
    (A5–A17)."""

    FOLLOW_UP = "follow_up"
    INVITE = "invite"
    VISIT = "visit"
    TEST_DRIVE = "test_drive"
    WIN = "win"
    LOSE = "lose"
    INVALIDATE = "invalidate"
    COOL = "cool"
    CONFIRM = "confirm"
    FIRM_UP = "firm_up"
    CALL_RESULT = "call_result"
    INTENT = "intent"
    RECALL_RESULT = "recall_result"
    HQ_DECISION = "hq_decision"
    REASSIGN = "reassign"
    CLAIM = "claim"
    REACTIVATE = "reactivate"
    REGRADE = "regrade"
    CANCEL_ORDER = "cancel_order"
    WRONG_WIN = "wrong_win"


class ContactWay(StrEnum):
    """How somebody spoke with the customer (A8)."""

    PHONE = "phone"
    MAIL = "mail"
    SMS = "sms"
    VISIT = "visit"
    TEST_DRIVE = "test_drive"
    WECHAT = "wechat"


class Counts(StrEnum):
    """What a contact counts as: the answers of the table ``follow-up-rules``."""

    YES = "yes"
    ATTEMPT = "attempt"  # nobody answered
    NO = "no"


class Payment(StrEnum):
    """How a sale is paid (A13)."""

    DEPOSIT = "deposit"
    FULL = "full"
    LATER = "later"  # at an agreed purchase date


class UndoStatement(StrEnum):
    """Why a sale is undone: the customer withdrew (退订), or it never was one (登记错误)."""

    CANCEL_ORDER = Statement.CANCEL_ORDER.value
    WRONG_WIN = Statement.WRONG_WIN.value


class CancelReason(StrEnum):
    """Why a customer who signed withdraws (A13)."""

    CUSTOMER_WITHDREW = "customer_withdrew"
    FINANCE_REFUSED = "finance_refused"
    BOUGHT_RIVAL = "bought_rival"
    DELIVERY_TIME = "delivery_time"
    PRICE = "price"
    OTHER = "other"


class WrongWinReason(StrEnum):
    """Why what was recorded as a sale is none (A13)."""

    WRONG_LEAD = "wrong_lead"
    WRONG_CONTRACT = "wrong_contract"
    NOT_SIGNED = "not_signed"
    TEST_DATA = "test_data"
    OTHER = "other"


UNDO_REASONS: dict[str, type[CancelReason] | type[WrongWinReason]] = {
    UndoStatement.CANCEL_ORDER: CancelReason,
    UndoStatement.WRONG_WIN: WrongWinReason,
}
"""The reasons of each."""


class Gender(StrEnum):
    """As the customer says it, or as the name is addressed."""

    MALE = "male"
    FEMALE = "female"


class IncentiveKind(StrEnum):
    """An entry for a sale: what its consultant gets, or the counter entry when it was undone."""

    ACCRUED = "accrued"
    REVERSED = "reversed"
