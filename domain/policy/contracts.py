"""What the code gives to the tables that it asks, and what it understands of their answers.

A draft may change every row. It may not ask for what nobody gives, nor answer what nobody
understands: a lead would stand still with an incident. So a draft is asked all that the code may
ask, before it is published (``domain.policy.breaches``).

A table without a row here is asked by diagrams only, which say themselves what they give and want.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from cases.contact import Contactable
from cases.deadlines import Counting, Days, Falls
from cases.grades import GRADES
from cases.messages import NOTIFICATIONS
from cases.parties import ChannelSide
from cases.progress import Event, GradeMove
from cases.stated import ContactWay, Counts
from cases.states import (
    CLOSING_REASONS,
    ENDED,
    HqFirst,
    HqWhy,
    InvalidReason,
    Lamp,
    Leaving,
    LostReason,
    Role,
    Rung,
    Stage,
    Status,
)
from domain import kinds
from domain.cleaning import NameKind, PhoneKind, PlaceKind
from domain.rounds.laws import CatchUp, Every
from domain.rounds.words import Round
from domain.tasks.who import Reminds, Scope, Spread
from domain.tickets.tasks import CONFIRM, TASKS
from domain.tickets.words import TicketKind, TicketSeverity
from rules.feel import Tests, Value, literal, parse_unary_tests


@dataclass(frozen=True, slots=True)
class Given:
    """An input that the code gives: of an enumeration every value, of a number some, the least
    among them.

    ``closed``: a row about any other text would never speak, so it is refused.
    """

    name: str
    kind: str
    values: tuple[Value, ...]
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """An output that the code reads. ``understood`` is a FEEL cell that the answer has to pass.

    Null passes unless it is ``needed``; so does no answer at all, where no row applies. An
    ``optional`` one's column may be missing.
    """

    name: str
    kind: str
    understood: Tests
    needed: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Contract:
    """What one table is given and asked for. ``ends``: an input that is counted up until there is
    no answer."""

    given: tuple[Given, ...]
    read: tuple[Read, ...]
    ends: str | None = None


def _codes(name: str, *values: str) -> Given:
    return Given(name, "string", tuple(str(value) for value in values))


def _all(name: str, *values: str) -> Given:
    """As ``_codes``, where there are no others: names that are declared elsewhere, so that a
    misspelt one is found."""
    return Given(name, "string", tuple(str(value) for value in values), closed=True)


def _flag(name: str) -> Given:
    return Given(name, "boolean", (True, False))


def _number(name: str, *values: int) -> Given:
    return Given(name, "number", tuple(map(Decimal, values)))


def _one_of(name: str, *values: str, needed: bool = False, optional: bool = False) -> Read:
    understood = parse_unary_tests(", ".join(literal(str(value)) for value in values))
    return Read(name, "string", understood, needed, optional)


def _amount(name: str, understood: str, *, needed: bool = False, optional: bool = False) -> Read:
    return Read(name, "number", parse_unary_tests(understood), needed, optional)


_ANYTHING = parse_unary_tests("-")
_TEN_YEARS_IN_HOURS = "[0..87600]"
_A_YEAR_IN_HOURS = "[0..8760]"
_A_YEAR_IN_DAYS = "? = floor(?) and ? in [0..366]"
_TEN_YEARS_IN_DAYS = "[0..3650]"
_ADVANCING = "(0..3650]"
"""Days until the next time: with none the same would be done again at once, for ever."""
_POINTS = "[-1000000..1000000]"
_COUNT = "? = floor(?) and ? in [0..100000000]"

_GRADE = _codes("grade", *GRADES, "")
_LEVEL = _codes("grade", *kinds.levels(), "")
"""Of any kind of case: a lead's grade, a ticket's severity."""
_HORIZON = _number("horizon_days", -1, 0, 7, 15, 30, 60, 90, 180, 365, 3650)
_AUTHOR = _codes("author", *(one for one in Role if one not in (Role.CHANNEL, Role.SYSTEM)), "")
_PHONE = _codes("phone_kind", *PhoneKind)
_LOAD = _number("load_percent", 0, 50, 100, 1000)
_MATERIAL = ("model_comparison", "buying_guide", "test_report", "event_invitation")
_CONTACTS = ("follow_up", "invite", "visit", "test_drive", "cool", "lose", "invalidate")
_STEPS = tuple(one.kind for one in TASKS if one.kind != CONFIRM)
_WAYS = ("edm", "sms", "wechat", "call", "event")

CONTRACTS: Final[Mapping[str, Contract]] = MappingProxyType(
    {
        "assignment": Contract(
            (
                _flag("has_skill"),
                _number("ability", 0, 3, 5, 100),
                _LOAD,
                _number("hours_since_last", 0, 24, 9_999),
                _GRADE,
                _number("today", 0, 3, 6, 1000),
                _number("this_hour", 0, 1, 2, 1000),
                _flag("first_choice"),
            ),
            (_amount("points", _POINTS),),
        ),
        "belonging": Contract(
            (_codes("channel_side", *ChannelSide), _AUTHOR, _flag("dealer_named")),
            (
                Read("keep_dealer", "boolean", _ANYTHING),
                Read("keep_author", "boolean", _ANYTHING),
                Read("call_first", "boolean", _ANYTHING, optional=True),
            ),
        ),
        "cadence": Contract(
            (_all("kind", *kinds.task_kinds()), _LEVEL, _codes("stage", *Stage, "")),
            (
                _amount("due_hours", _TEN_YEARS_IN_HOURS, needed=True),
                _one_of("calendar", *Counting),
                _amount("open_hours", _A_YEAR_IN_HOURS, optional=True),
            ),
        ),
        "cleaning": Contract(
            (
                _flag("model_known"),
                _flag("budget_known"),
                _flag("horizon_known"),
                _number("suspects", 0, 1, 10),
                _PHONE,
                _codes("channel_side", *ChannelSide),
                _number("unread", 0, 1, 10),
                _codes("place", *PlaceKind),
                _AUTHOR,
                _codes("dealer", "known", "unread", ""),
            ),
            (Read("needs_call", "boolean", _ANYTHING), Read("reason", "string", _ANYTHING)),
        ),
        "contact-rules": Contract(
            (
                _all("purpose", *kinds.purposes()),
                _codes("channel", *_WAYS),
                _flag("do_not_call"),
                _flag("in_hours"),
            ),
            (
                _one_of("verdict", *Contactable, needed=True),
                _one_of("use", *_WAYS),
                _amount("due_hours", _TEN_YEARS_IN_HOURS),
                _one_of("instead", *kinds.outcomes()),
            ),
        ),
        "dispatch": Contract(
            (
                _number("distance_km", 0, 20, 100, 300, 5_000),
                _flag("same_city"),
                _flag("same_region"),
                _flag("sells_model"),
                _LOAD,
                _number("performance", 0, 60, 80, 100),
                _GRADE,
            ),
            (_amount("points", _POINTS),),
        ),
        "escalation-ladder": Contract(
            (_all("kind", *kinds.teams()), _LEVEL, _number("rung", 1, 2, 3, 4, 5, 6)),
            (
                _one_of("action", *Rung),
                _amount("offset_hours", "[-87600..87600]"),
                _one_of("lamp", Lamp.GREEN, Lamp.AMBER, Lamp.RED),
                _one_of("hours", *Falls, optional=True),
                _amount("open_hours", _A_YEAR_IN_HOURS, optional=True),
                _amount("repeat_hours", "[1..87600]", optional=True),
            ),
            ends="rung",
        ),
        "follow-up-rules": Contract(
            (
                _codes("statement", *_CONTACTS),
                _codes("channel", *ContactWay),
                _flag("reached"),
                _flag("forward"),
                _number("content", 0, 1, 2, 20),
                _number("answer", 0, 1, 2, 20),
                _flag("repeated"),
                _number("attempts", 0, 1, 3, 10),
                _number("hours_since", 0, 1, 24, 9_999),
            ),
            (
                _one_of("counts", *Counts, needed=True),
                _one_of("why", "empty", "repeated", "too_many_attempts", "attempt_too_soon"),
                _amount("most", _COUNT),
                _amount("gap_hours", _TEN_YEARS_IN_HOURS),
            ),
        ),
        "grade": Contract(
            (_HORIZON, _flag("budget_clear"), _flag("model_known"), _codes("stated_grade", *GRADES, "")),
            (_one_of("grade", *GRADES), Read("reason", "string", _ANYTHING)),
        ),
        "grade-scale": Contract(
            (_codes("scale", "distribution"), _codes("grade", *GRADES)),
            (_amount("validity_days", _ADVANCING), _one_of("lane", "dispatch", "urgent", "nurture")),
        ),
        "hold-limits": Contract(
            (_all("kind", *kinds.task_kinds()),), (_amount("longest_days", _ADVANCING, needed=True),)
        ),
        "hq-first": Contract(
            (_codes("why", *HqWhy), _number("returns", 0, 1, 2, 3, 10), _GRADE, _flag("seen")),
            (_one_of("first", *HqFirst, needed=True),),
        ),
        "later-purchase": Contract(
            (_codes("payment", "deposit", "full", "later"),),
            (
                _amount("ask_days", _A_YEAR_IN_DAYS, needed=True),
                _one_of("days", *Days, needed=True),
                _amount("furthest_days", _TEN_YEARS_IN_DAYS, needed=True),
            ),
        ),
        "material": Contract(
            (_GRADE, _number("number", 1, 2, 3, 4, 5, 12), _HORIZON),
            (_one_of("code", *_MATERIAL), _one_of("channel", *_WAYS)),
        ),
        "notice-hours": Contract(
            (_codes("code", *NOTIFICATIONS), _LEVEL),
            (_one_of("hours", "open", "at_once"),),
        ),
        "nurture-plan": Contract(
            (_GRADE, _HORIZON, _codes("side", "hq", "dealer")),
            (
                _amount("material_every_days", _ADVANCING, needed=True),
                _amount("check_every_days", _ADVANCING, needed=True),
                _amount("keep_days", _ADVANCING, needed=True),
                _one_of("first_material", *_MATERIAL),
                _one_of("channel", *_WAYS),
            ),
        ),
        "overflow": Contract(
            (_GRADE, _flag("urgent"), _flag("room"), _number("farther_km", 0, 50, 300), _number("waited", 0, 1, 2, 5)),
            (_one_of("then", "next", "wait", "hq"),),
        ),
        "pool": Contract(
            (_GRADE,),
            (
                _amount("keep_hours", "(0..87600]", needed=True),
                _amount("claim_limit_per_day", "[0..1000000]"),
                _amount("cool_down_hours", _TEN_YEARS_IN_HOURS),
            ),
        ),
        "price-tier": Contract(
            (_number("price", 0, 1, 100_000, 200_000, 300_000, 100_000_000),),
            (Read("tier", "string", _ANYTHING), _amount("incentive", _COUNT)),
        ),
        "progress": Contract(
            (
                _codes("event", *Event),
                _codes("stage", "later", "same"),
                _codes("grade", *GradeMove),
                _flag("reason_given"),
                _number("rested_days", 0, 1, 30, 365),
            ),
            (Read("progress", "boolean", _ANYTHING),),
        ),
        "recall": Contract(
            (_all("outcome", *CLOSING_REASONS), _all("reason", "", *LostReason, *InvalidReason)),
            (Read("recall", "boolean", _ANYTHING), _amount("after_days", _TEN_YEARS_IN_DAYS)),
        ),
        "reassign": Contract(
            (
                _codes("kind", "reassign", "hand_over", "redistribute"),
                _codes("why", "", *Leaving),
                _codes("to", "person", "dealer"),
                _flag("overdue"),
            ),
            (_one_of("clock", "continues", "restarts"),),
        ),
        "redistribution": Contract(
            (_codes("why", *Leaving), _number("working_hours", 0, 1, 12, 13, 24, 25, 1000), _flag("due_within")),
            (_one_of("action", "move", "keep", "head_office"),),
        ),
        "rounds": Contract(
            (_all("round", *Round),),
            (
                _one_of("every", *Every),
                _amount("on", "? = floor(?) and ? in [1..31]"),
                _amount("at_hour", "? = floor(?) and ? in [0..23]"),
                _one_of("calendar", *Counting),
                _amount("lag_hours", _A_YEAR_IN_HOURS),
                _one_of("catch_up", *CatchUp),
                _amount("older_than_hours", _TEN_YEARS_IN_HOURS, optional=True),
                _amount("ahead_days", "[0..3650]", optional=True),
            ),
        ),
        "routing-limits": Contract(
            (_codes("step", "dispatch", "assignment"), _GRADE, _flag("urgent")),
            (
                _amount("cool_down_hours", _TEN_YEARS_IN_HOURS),
                _amount("fair_margin", _COUNT),
                _amount("fair_margin_hour", _COUNT),
                _amount("most_km", "[0..20000]"),
                Read("ignore_quota", "boolean", _ANYTHING),
            ),
        ),
        "task-priority": Contract(
            (
                _codes("lamp", *Lamp, ""),
                _codes("level", *kinds.levels(), ""),
                _number("minutes_to_due", -525_600, -10, 0, 50, 60, 240, 1_440, 999_990),
                _all("kind", *kinds.task_kinds()),
                _flag("urgent"),
            ),
            (_amount("points", f"? = floor(?) and ? in {_POINTS}"),),
        ),
        "who": Contract(
            (_all("role", *Role), _all("case_kind", *kinds.KINDS)),
            (
                _one_of("scope", *Scope, needed=True),
                _one_of("spread", *Spread, needed=True),
                _one_of("manager_role", *Role, needed=True),
                _one_of("reminds", *Reminds, optional=True),
            ),
        ),
        "visit-elsewhere": Contract(
            (_codes("status", *(one for one in Status if one not in ENDED)),),
            tuple(Read(name, "boolean", _ANYTHING) for name in ("tell_owner", "tell_managers", "tell_visited")),
        ),
        "ticket-policy": Contract(
            (_all("kind", *TicketKind), _all("severity", *TicketSeverity)),
            (
                _amount("confirm_days", "[0..366]"),
                _amount("merge_days", "[0..3650]"),
                Read("moot", "boolean", _ANYTHING),
                _one_of("tell", *Role, ""),
                _amount("report_days", _ADVANCING, optional=True),
                _one_of("report_role", *Role, "", optional=True),
            ),
        ),
        "ticket-severity": Contract(
            (
                _all("kind", *TicketKind),
                _all("severity", *TicketSeverity, ""),
                _codes("level", *GRADES, ""),
                _number("signals", 1, 2, 3, 10),
                _number("round", 1, 2, 3, 10),
            ),
            (_one_of("severity", *TicketSeverity, needed=True),),
        ),
        "ticket-steps": Contract(
            (
                _all("kind", *TicketKind),
                _all("severity", *TicketSeverity),
                _number("number", 1, 2, 3, 4, 5, 6, 7, 8, 9),
            ),
            (
                _one_of("step", *_STEPS),
                _one_of("role", *Role),
                _amount("hours", _TEN_YEARS_IN_HOURS),
                _one_of("calendar", *Counting),
            ),
            ends="number",
        ),
        "validity": Contract(
            (_PHONE, _flag("wechat_present"), _codes("name_kind", *NameKind), _flag("test_number")),
            (_one_of("verdict", "accept", "reject", "call"), Read("reason", "string", _ANYTHING)),
        ),
    }
)
"""By the table's key."""
