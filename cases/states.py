"""States of a lead and of what hangs on it, as tables (requirements A9, A12, A14, A16, words)."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

Word = TypeVar("Word", bound=StrEnum)


def word(kind: type[Word], said: str) -> Word:
    """A stored word as one of the set that it is of.

    One that only a newer Baton knows goes through as it is: a list is not refused for one of its
    rows.
    """
    try:
        return kind(said)
    except ValueError:
        return said  # pyright: ignore[reportReturnType]


def word_if_any(kind: type[Word], said: str | None) -> Word | None:
    """As ``word``; None for nothing."""
    return None if said is None else word(kind, said)


class LeadStatus(StrEnum):
    """Where the lead is in its life. The last four are ends; WON comes back (激) when it is
    undone."""

    NEW = "new"
    QUALIFYING = "qualifying"  # cleaning, outbound call, grading
    NURTURE = "nurture"  # kept warm by HQ or by the dealer
    POOL = "pool"  # in a public pool, to be claimed (抢)
    WORKING = "working"  # with a dealer
    CONFIRMING = "confirming"  # lost or invalid stated, or a win questioned: somebody else has to confirm
    WON = "won"
    LOST = "lost"
    INVALID = "invalid"
    ARCHIVED = "archived"
    ATTACHED = "attached"  # settled as a duplicate of another lead
    ERASED = "erased"


Status = LeadStatus
"""Its name where only leads are spoken of."""

ENDED = frozenset({Status.WON, Status.LOST, Status.INVALID, Status.ARCHIVED, Status.ATTACHED, Status.ERASED})
RETURNABLE = frozenset({Status.LOST, Status.INVALID, Status.ARCHIVED})


class CaseKind(StrEnum):
    """The kinds of case that the rooms below the domain have to name; ``domain.kinds`` is the
    registry of all."""

    LEAD = "lead"
    ROUND = "round"


class Grade(StrEnum):
    """How soon the customer will buy, from now to no plan yet (A5). What makes a grade is a
    decision table."""

    H = "H"
    A = "A"
    B = "B"
    C = "C"
    N = "N"


class LostReason(StrEnum):
    """Why a customer will not buy here (A14)."""

    BOUGHT_RIVAL = "bought_rival"
    PRICE = "price"
    MODEL_UNAVAILABLE = "model_unavailable"
    DELIVERY_TIME = "delivery_time"
    FINANCE_REFUSED = "finance_refused"
    GAVE_UP = "gave_up"
    UNREACHABLE = "unreachable"
    OTHER = "other"


class InvalidReason(StrEnum):
    """Why it never was a lead (A14)."""

    WRONG_NUMBER = "wrong_number"
    NOT_A_BUYER = "not_a_buyer"
    TEST_DATA = "test_data"
    COMPETITOR = "competitor"
    DUPLICATE = "duplicate"
    ALREADY_BOUGHT = "already_bought"
    OTHER = "other"


CLOSING_REASONS: dict[str, tuple[LostReason, ...] | tuple[InvalidReason, ...]] = {
    "lost": tuple(LostReason),
    "invalid": tuple(InvalidReason),
}
"""The reasons of each way to close a lead; some are in both."""


class Stage(StrEnum):
    """How far the sale has come (A12)."""

    FIRST_FOLLOW_UP_DUE = "first_follow_up_due"  # 首次待跟进
    NEXT_FOLLOW_UP_DUE = "next_follow_up_due"  # 再次待跟进
    INVITED = "invited"  # 邀约成功
    VISITED = "visited"  # 已到店
    TEST_DRIVE = "test_drive"  # 试驾
    WON = "won"
    LOST = "lost"
    INVALID = "invalid"


STAGES_ON_THE_WAY = tuple(stage for stage in Stage if stage not in (Stage.WON, Stage.LOST, Stage.INVALID))
STAGE_ORDER = {stage: order for order, stage in enumerate(Stage)}
"""A later stage is progress: it restarts the grade's validity (A9)."""


class Badge(StrEnum):
    """Marks on a lead that people look for (words)."""

    DUPLICATE = "duplicate"  # 重: a duplicate of this lead came in later
    CLAIMED = "claimed"  # 抢: claimed from the public pool
    REACTIVATED = "reactivated"  # 激: was lost, invalid or archived, active again


class Lamp(StrEnum):
    """How urgent the lead's oldest running clock is; thresholds are rows of the escalation ladder
    (A10)."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    GREY = "grey"  # every deadline stands still until an agreed day


class Verdict(StrEnum):
    """What intake says of one submission."""

    CREATED = "created"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


class TaskKind(StrEnum):
    """What a person is asked to do about a lead: names for the code. What is declared of each, and
    of the kinds of other cases, says ``domain.kinds.task_kinds``."""

    OUTBOUND_CALL = "outbound_call"  # 外呼: complete, clean, grade (A4, A5)
    FIRST_FOLLOW_UP = "first_follow_up"  # within 24 h of assignment (A7)
    NEXT_FOLLOW_UP = "next_follow_up"  # by cadence (A9)
    CONFIRM_CLOSING = "confirm_closing"  # a manager confirms lost or invalid (A14)
    CONFIRM_UNDO = "confirm_undo"  # somebody else agrees that a win is undone (A13)
    FIRM_UP = "firm_up"  # 临近购车确认: does the purchase that was agreed for later hold? (A13)
    INTENT_CHECK = "intent_check"  # every two months of nurture (A15)
    RECALL = "recall"  # 回访: HQ calls a lost customer back (A14)
    HQ_DECISION = "hq_decision"  # 总部定夺: a person of head office says what becomes of the lead


CASE_OPENED = "case_opened"
"""The code of a case's first line."""

OPENED_ABOUT = "case_opened_about"
"""The code of a line that says which other case was ``opened`` about this one."""

GRADE_VALIDITY = "grade_validity"
"""The kind of the clock that runs beside follow-ups and escalates a grade that ran out without
progress (A9)."""


class TaskStatus(StrEnum):
    """A task's status is the one winner when a deadline and a completion meet: only OPEN may become
    anything else."""

    OPEN = "open"
    DONE = "done"
    HANDED_OVER = "handed_over"  # the ladder gave it to somebody else
    REASSIGNED = "reassigned"  # a supervisor gave it to somebody else
    WITHDRAWN = "withdrawn"  # the process moved on


class TaskOutcome(StrEnum):
    """How a person ends a task about a lead; the process routes on it. Which kind can end how:
    ``domain.kinds``."""

    CONTINUE = "continue"  # followed up, goes on (also invited, visited, test drive: those are stages)
    WON = "won"
    LOST = "lost"
    INVALID = "invalid"
    COOLED = "cooled"  # wants to wait: back to nurture
    QUALIFIED = "qualified"  # outbound call: facts complete
    UNREACHABLE = "unreachable"  # outbound call: nobody answered
    DUPLICATE = "duplicate"  # outbound call: is the same as another lead
    CONFIRMED = "confirmed"  # manager agrees with lost / invalid; a later purchase holds
    REFUSED = "refused"  # manager sends it back to the consultant
    MOVED = "moved"  # a later purchase: agreed for another day
    FALLEN_THROUGH = "fallen_through"  # a later purchase: the customer withdraws
    RAISED = "raised"  # intent check or recall: interest has grown
    UNCHANGED = "unchanged"  # intent check: as before
    NOT_INTERESTED = "not_interested"  # intent check or recall: no interest
    DISPATCH = "dispatch"  # head office: to another dealer, by the tables
    ASSIGNED = "assigned"  # head office: to the dealer or consultant that it named
    NURTURE = "nurture"  # head office: keep it warm
    CALL_AGAIN = "call_again"  # head office: the call centre calls once more


Outcome = TaskOutcome
"""Its name where only tasks are spoken of."""


class HqWhy(StrEnum):
    """Why head office has to look at a lead (the inputs of the table ``hq-first``, kept with the
    task)."""

    RETURNED = "returned"  # a dealer lost it by its deadlines
    RETURNED_TWICE = "returned_twice"  # … and not for the first time
    NO_DEALER_NEAR = "no_dealer_near"  # no dealer within the limit can take it
    ALL_FULL = "all_full"  # those near have no room
    PLACE_UNKNOWN = "place_unknown"  # nobody knows where the customer is
    DEALER_GONE = "dealer_gone"  # its dealer left or is closed, and none near can take it over
    NOBODY_CLAIMED = "nobody_claimed"  # its time in the pool is over
    CONFIRMATION_MISSED = "confirmation_missed"  # no manager has confirmed or refused a loss
    CALL_MISSED = "call_missed"  # nobody made the outbound call
    INTENT_MISSED = "intent_missed"  # nobody asked for the intent
    NURTURE_OVER = "nurture_over"  # its time in nurture is over


class HqFirst(StrEnum):
    """Who goes on with such a lead: what the table ``hq-first`` answers."""

    PERSON = "person"  # a person of head office decides first
    DISPATCH = "dispatch"  # at once to another dealer; head office is told
    LET_GO = "let_go"  # the process goes on without anybody


class Role(StrEnum):
    """Who people are (words). A task is opened for a role; the owner is looked up from the lead."""

    HQ = "hq"
    REGIONAL_MANAGER = "regional_manager"
    CALL_CENTRE = "call_centre"
    DEALER_MANAGER = "dealer_manager"
    CONSULTANT = "consultant"
    FINANCE = "finance"
    AFTER_SALES = "after_sales"
    MARKETING = "marketing"
    AUDITOR = "auditor"
    CHANNEL = "channel"
    SYSTEM = "system"


class Rung(StrEnum):
    """Steps of the escalation ladder (A10). What happens when, per kind of clock, is a decision
    table."""

    REMIND = "remind"
    TELL_MANAGER = "tell_manager"
    HAND_OVER = "hand_over"
    BACK_TO_HQ = "back_to_hq"
    ASK_HQ = "ask_hq"  # nobody did it: a person of head office decides


class Leaving(StrEnum):
    """Why leads go to somebody else: their owner, or their whole dealer, is not there any more or
    for a time (A11)."""

    LEFT = "left"
    ABSENT = "absent"
    DEALER_LEFT = "dealer_left"
    DEALER_CLOSED = "dealer_closed"


class MessageKind(StrEnum):
    """What the store tells a case's workflow. The values are the BPMN message names.

    A kind may hear more, under names of its own (``cases.kind``).
    """

    CASE_OPENED = "case_opened"
    LEAD_CREATED = "lead_created"
    TASK_COMPLETED = "task_completed"
    REASSIGNED = "reassigned"
    CLAIMED = "claimed"
    REGRADED = "regraded"
    CUSTOMER_UPDATED = "customer_updated"
    INTEREST_REPEATED = "interest_repeated"
    REACTIVATED = "reactivated"
    WIN_QUESTIONED = "win_questioned"
    ERASED = "erased"
    CLOCK_MOVED = "clock_moved"  # task_id: its deadline stands still, or goes on; diagrams hear it as a signal
    ABOUT_ENDED = "about_ended"  # about, life, ended_as: the case that this one came from has ended
    # for the machinery, not for diagrams; ``life`` is the number in the keys of steps
    # (lead:life:execution)
    INCIDENT_RETRIED = "incident_retried"  # key; variables, if they are corrected before
    VARIABLES_CORRECTED = "variables_corrected"  # life, execution, variables
    TOKEN_MOVED = "token_moved"  # life, execution, element
    MIGRATED = "migrated"  # batch, from and process (key, version, sha256 each), called (a list of such), plan


BIRTHS = frozenset({MessageKind.CASE_OPENED, MessageKind.LEAD_CREATED})
"""Messages that begin a case's first life, at its process's plain start event. A lead's has a name
of its own: it is in the histories of all leads."""

STARTING = BIRTHS | {MessageKind.REACTIVATED, MessageKind.WIN_QUESTIONED}
"""Messages that bring a workflow to life when none runs; which of them a kind of case gets, its
``Kind`` says."""
