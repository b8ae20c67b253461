"""What people are asked to do about a lead (A4–A15). Words of a code are said here and nowhere
else.

What a field means, beyond its form, is the law of the statement behind it; its words go where that
statement keeps them.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import partial
from typing import Final

from cases.lead_facts import FACTS, Reads
from cases.messages.words import Words
from cases.parties import Team
from cases.stated import CancelReason, ContactWay, Payment
from cases.states import Grade, InvalidReason, LostReason, Outcome, Stage, TaskKind
from cases.task_kind import FormField, OutcomeDeclared, Says, TaskKindDeclared
from domain.forms import MOST_YUAN
from domain.reach import DECIDERS, DESK, SELLERS, SUPERVISORS

SHORT = 100


def _text(name: str, zh: str, en: str, most: int | None = None, least: int | None = None) -> FormField:
    return FormField(name, Words(zh, en), Says.TEXT, least=least, most=most)


def _code(
    name: str, zh: str, en: str, codes: type[StrEnum] | tuple[StrEnum, ...], called: Mapping[str, Words] | None = None
) -> FormField:
    return FormField(name, Words(zh, en), Says.CODE, tuple(str(one) for one in codes), called or {})


def _yuan(name: str, zh: str, en: str, least: int) -> FormField:
    return FormField(name, Words(zh, en), Says.WHOLE, least=least, most=MOST_YUAN)


_kind = partial(TaskKindDeclared, own_law=True)
_CONTENT = _text("content", "说明", "What was said or done")
_ANSWER = _text("answer", "客户答复", "The customer's answer")
_COMMENT = _text("comment", "意见", "Comment")
_GRADE = _code("grade", "级别", "Grade", Grade)
_LOST = _code("reason", "战败原因", "Why it is lost", LostReason)
_INVALID = _code("reason", "无效原因", "Why it is no lead", InvalidReason)
_WAYS: Mapping[str, Words] = {
    ContactWay.VISIT: Words("到店", "visit"),
    ContactWay.TEST_DRIVE: Words("试驾", "test drive"),
}
_STAGES: Mapping[Stage, Words] = {
    Stage.INVITED: Words("邀约成功", "has agreed to come"),
    Stage.VISITED: Words("已到店", "came to the showroom"),
    Stage.TEST_DRIVE: Words("试驾", "test drive"),
}
_PAYMENTS: Mapping[str, Words] = {
    Payment.DEPOSIT: Words("定金", "deposit"),
    Payment.FULL: Words("全款", "in full"),
    Payment.LATER: Words("约定日购车", "at an agreed day"),
}
_PURCHASE_ON = FormField("purchase_on", Words("约定购车日", "Agreed day of purchase"), Says.INSTANT)
_LABELS = FormField("labels", Words("标签", "Labels"), Says.TEXTS, least=1)

_FOLLOW_UP: Final = (
    OutcomeDeclared(
        Outcome.CONTINUE,
        Words("继续跟进", "goes on"),
        takes=(
            _code("channel", "联系方式", "By which way", ContactWay, _WAYS),
            _code("stage", "进展", "How far it came", tuple(_STAGES), {**_STAGES}),
            _GRADE,
            FormField("next_at", Words("下次联系时间", "Next contact agreed for"), Says.INSTANT),
            _CONTENT,
            _ANSWER,
        ),
    ),
    OutcomeDeclared(
        Outcome.WON,
        Words("成交", "won"),
        needs=(
            FormField("number", Words("合同编号", "Contract number"), Says.KEY, least=1, most=60),
            _yuan("price", "成交价（元）", "Price in yuan", 1),
        ),
        takes=(
            _text("model", "车型", "Model", SHORT),
            _code("payment", "付款方式", "Payment", Payment, _PAYMENTS),
            _yuan("deposit", "定金（元）", "Deposit in yuan", 0),
            _PURCHASE_ON,
            FormField("signed_at", Words("签约时间", "Signed at"), Says.INSTANT),
        ),
    ),
    OutcomeDeclared(Outcome.LOST, Words("战败", "lost"), needs=(_LOST,), takes=(_CONTENT,)),
    OutcomeDeclared(Outcome.INVALID, Words("无效", "invalid"), needs=(_INVALID,), takes=(_CONTENT,)),
    OutcomeDeclared(Outcome.COOLED, Words("转培育", "wants to wait"), takes=(_CONTENT, _GRADE)),
)
_AGREED: Final = (
    OutcomeDeclared(Outcome.CONFIRMED, Words("同意", "confirmed"), takes=(_COMMENT,)),
    OutcomeDeclared(Outcome.REFUSED, Words("退回", "refused"), takes=(_COMMENT,)),
)
_OWN_FACTS = ("name", "phone", "wechat", "model", "budget", "purchase_time", "province", "city", "district")
"""Facts with readers of their own that the outbound call asks for; the plain ones are declared with
the facts."""


def _asked() -> tuple[FormField, ...]:
    """What the outbound call completes, as it is typed: the statement reads it."""
    return tuple(
        FormField(fact.name, Words(fact.zh, fact.en), Says.FLAG)
        if fact.reads is Reads.FLAG
        else _text(fact.name, fact.zh, fact.en, SHORT)
        for fact in FACTS
        if fact.name in _OWN_FACTS or (fact.plain and fact.corrected)
    )


TASKS: Final = (
    _kind(
        TaskKind.OUTBOUND_CALL,
        Words("外呼", "outbound call"),
        DESK,
        (
            OutcomeDeclared(
                Outcome.QUALIFIED,
                Words("信息完整", "qualified"),
                takes=(
                    *_asked(),
                    _GRADE,
                    _CONTENT,
                ),
            ),
            OutcomeDeclared(Outcome.UNREACHABLE, Words("未接通", "unreachable"), takes=(_CONTENT,)),
            OutcomeDeclared(
                Outcome.DUPLICATE,
                Words("重复", "duplicate"),
                needs=(FormField("duplicate_of", Words("与哪条线索重复", "Repeats the lead"), Says.ID),),
                takes=(_CONTENT,),
            ),
            OutcomeDeclared(Outcome.INVALID, Words("无效", "invalid"), needs=(_INVALID,), takes=(_CONTENT,)),
        ),
        spared=Outcome.QUALIFIED,
        urgent=True,
        team=Team.CALL_CENTRE,
    ),
    _kind(
        TaskKind.FIRST_FOLLOW_UP,
        Words("首次跟进", "first follow-up"),
        SELLERS,
        _FOLLOW_UP,
        spared=Outcome.COOLED,
        urgent=True,
        team=Team.DEALER,
    ),
    _kind(
        TaskKind.NEXT_FOLLOW_UP,
        Words("再次跟进", "next follow-up"),
        SELLERS,
        _FOLLOW_UP,
        spared=Outcome.COOLED,
        team=Team.DEALER,
    ),
    _kind(TaskKind.CONFIRM_CLOSING, Words("结束确认", "confirmation"), SUPERVISORS, _AGREED, team=Team.DEALER),
    _kind(
        TaskKind.CONFIRM_UNDO,
        Words("撤销成交审核", "decision on undoing a win"),
        SUPERVISORS,
        _AGREED,
        team=Team.DEALER,
    ),
    _kind(
        TaskKind.FIRM_UP,
        Words("临近购车确认", "confirmation of an agreed purchase"),
        SELLERS,
        (
            OutcomeDeclared(Outcome.CONFIRMED, Words("同意", "confirmed"), takes=(_CONTENT,)),
            OutcomeDeclared(
                Outcome.MOVED, Words("改期", "moved to another day"), needs=(_PURCHASE_ON,), takes=(_CONTENT,)
            ),
            OutcomeDeclared(
                Outcome.FALLEN_THROUGH,
                Words("不买了", "the customer withdraws"),
                needs=(_code("reason", "退订原因", "Why the customer withdraws", CancelReason), _CONTENT),
            ),
        ),
        spared=Outcome.CONFIRMED,
        team=Team.DEALER,
    ),
    _kind(
        TaskKind.INTENT_CHECK,
        Words("意向复核", "intent check"),
        DESK,
        tuple(
            OutcomeDeclared(outcome, words, takes=(_GRADE, _LABELS, _CONTENT))
            for outcome, words in (
                (Outcome.RAISED, Words("意向上升", "interest has grown")),
                (Outcome.UNCHANGED, Words("意向未变", "unchanged")),
                (Outcome.NOT_INTERESTED, Words("无意向", "not interested")),
            )
        ),
        spared=Outcome.UNCHANGED,
        team=Team.CALL_CENTRE,
    ),
    _kind(
        TaskKind.RECALL,
        Words("战败回访", "recall"),
        DESK,
        (
            OutcomeDeclared(Outcome.RAISED, Words("意向上升", "interest has grown"), takes=(_GRADE, _CONTENT)),
            OutcomeDeclared(Outcome.NOT_INTERESTED, Words("无意向", "not interested"), takes=(_GRADE, _CONTENT)),
        ),
        spared=Outcome.NOT_INTERESTED,
        team=Team.CALL_CENTRE,
    ),
    _kind(
        TaskKind.HQ_DECISION,
        Words("总部定夺", "head office's decision"),
        DECIDERS,
        (
            OutcomeDeclared(Outcome.DISPATCH, Words("重新下发", "dispatch again"), takes=(_COMMENT,)),
            OutcomeDeclared(
                Outcome.ASSIGNED,
                Words("指派", "given to somebody"),
                needs=(_text("reason", "理由", "Reason", 200, least=1),),
                takes=(
                    FormField("to_staff", Words("给谁", "Staff code of the new owner"), Says.KEY, least=1),
                    FormField("to_dealer", Words("给哪家店", "Code of the new dealer"), Says.KEY, least=1),
                    FormField(
                        "insist",
                        Words("不在岗、停业也要", "Also to somebody who is absent, or a closed dealer"),
                        Says.FLAG,
                    ),
                ),
            ),
            OutcomeDeclared(Outcome.NURTURE, Words("转培育", "nurture"), takes=(_COMMENT,)),
            OutcomeDeclared(Outcome.LOST, Words("战败", "lost"), needs=(_LOST,), takes=(_COMMENT,)),
            OutcomeDeclared(Outcome.INVALID, Words("无效", "invalid"), needs=(_INVALID,), takes=(_COMMENT,)),
            OutcomeDeclared(Outcome.CALL_AGAIN, Words("再次外呼", "one more call"), takes=(_COMMENT,)),
        ),
    ),
)
