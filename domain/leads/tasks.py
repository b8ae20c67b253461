"""What people are asked to do about a lead (A4–A15). Words of a code are said here and nowhere else.

What a field means, beyond its form, is the law of the statement behind it; its words go where that statement keeps
them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from cases.messages.words import Words
from cases.stated import CancelReason, ContactWay, Payment
from cases.states import Grade, InvalidReason, LostReason, Outcome, Role, Stage, TaskKind
from cases.task_kind import FormField, OutcomeDeclared, Says, TaskKindDeclared

SELLERS: Final = frozenset({Role.CONSULTANT, Role.DEALER_MANAGER, Role.REGIONAL_MANAGER, Role.HQ})
SUPERVISORS: Final = frozenset({Role.HQ, Role.REGIONAL_MANAGER, Role.DEALER_MANAGER})
DESK: Final = frozenset({Role.CALL_CENTRE, Role.HQ})
DECIDERS: Final = frozenset({Role.HQ, Role.REGIONAL_MANAGER})

SHORT = 100
MOST_YUAN = 100_000_000


def _text(name: str, zh: str, en: str, most: int | None = None, least: int | None = None) -> FormField:
    return FormField(name, Words(zh, en), Says.TEXT, least=least, most=most)


def _code(name: str, zh: str, en: str, codes: type[StrEnum] | tuple[StrEnum, ...]) -> FormField:
    return FormField(name, Words(zh, en), Says.CODE, tuple(str(one) for one in codes))


def _yuan(name: str, zh: str, en: str, least: int) -> FormField:
    return FormField(name, Words(zh, en), Says.WHOLE, least=least, most=MOST_YUAN)


_CONTENT = _text("content", "说明", "What was said or done")
_ANSWER = _text("answer", "客户答复", "The customer's answer")
_COMMENT = _text("comment", "意见", "Comment")
_GRADE = _code("grade", "级别", "Grade", Grade)
_LOST = _code("reason", "战败原因", "Why it is lost", LostReason)
_INVALID = _code("reason", "无效原因", "Why it is no lead", InvalidReason)
_PURCHASE_ON = FormField("purchase_on", Words("约定购车日", "Agreed day of purchase"), Says.INSTANT)
_LABELS = FormField("labels", Words("标签", "Labels"), Says.TEXTS, least=1)

_FOLLOW_UP: Final = (
    OutcomeDeclared(
        Outcome.CONTINUE,
        Words("继续跟进", "goes on"),
        takes=(
            _code("channel", "联系方式", "By which way", ContactWay),
            _code("stage", "进展", "How far it came", (Stage.INVITED, Stage.VISITED, Stage.TEST_DRIVE)),
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
            _code("payment", "付款方式", "Payment", Payment),
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
_NAMED: Final = (
    ("name", "姓名", "Name"),
    ("phone", "手机", "Phone"),
    ("wechat", "微信", "WeChat"),
    ("model", "车型", "Model"),
    ("budget", "预算", "Budget"),
    ("purchase_time", "购车时间", "Purchase time"),
    ("province", "省份", "Province"),
    ("city", "城市", "City"),
    ("district", "区县", "District"),
)

TASKS: Final = (
    TaskKindDeclared(
        TaskKind.OUTBOUND_CALL,
        Words("外呼", "outbound call"),
        DESK,
        (
            OutcomeDeclared(
                Outcome.QUALIFIED,
                Words("信息完整", "qualified"),
                takes=(
                    *(_text(name, zh, en, SHORT) for name, zh, en in _NAMED),
                    FormField("test_drive", Words("试驾意愿", "Wants a test drive"), Says.FLAG),
                    FormField("trade_in", Words("置换", "Trades a car in"), Says.FLAG),
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
    ),
    TaskKindDeclared(
        TaskKind.FIRST_FOLLOW_UP,
        Words("首次跟进", "first follow-up"),
        SELLERS,
        _FOLLOW_UP,
        spared=Outcome.COOLED,
        urgent=True,
    ),
    TaskKindDeclared(
        TaskKind.NEXT_FOLLOW_UP,
        Words("再次跟进", "next follow-up"),
        SELLERS,
        _FOLLOW_UP,
        spared=Outcome.COOLED,
    ),
    TaskKindDeclared(TaskKind.CONFIRM_CLOSING, Words("结束确认", "confirmation"), SUPERVISORS, _AGREED),
    TaskKindDeclared(TaskKind.CONFIRM_UNDO, Words("撤销成交审核", "decision on undoing a win"), SUPERVISORS, _AGREED),
    TaskKindDeclared(
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
    ),
    TaskKindDeclared(
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
    ),
    TaskKindDeclared(
        TaskKind.RECALL,
        Words("战败回访", "recall"),
        DESK,
        (
            OutcomeDeclared(Outcome.RAISED, Words("意向上升", "interest has grown"), takes=(_GRADE, _CONTENT)),
            OutcomeDeclared(Outcome.NOT_INTERESTED, Words("无意向", "not interested"), takes=(_GRADE, _CONTENT)),
        ),
        spared=Outcome.NOT_INTERESTED,
    ),
    TaskKindDeclared(
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
