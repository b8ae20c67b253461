"""What screens call the codes of sets that are shown as they are: labels, not sentences.

Other codes that screens show are in catalogues of sentences: statuses and roles in ``named``,
reasons in ``cases.spoken``; kinds of tasks and their outcomes are declared with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from cases.messages.words import Words, catalogue
from cases.stated import ContactWay, Gender, Payment, Statement
from cases.states import Badge, Grade, Lamp, Leaving, Rung, Stage, TaskStatus, Verdict

_STAGES: Mapping[str, Words] = {
    Stage.FIRST_FOLLOW_UP_DUE: Words("首次待跟进", "first follow-up due"),
    Stage.NEXT_FOLLOW_UP_DUE: Words("再次待跟进", "next follow-up due"),
    Stage.INVITED: Words("邀约成功", "invited"),
    Stage.VISITED: Words("已到店", "visited"),
    Stage.TEST_DRIVE: Words("试驾", "test drive"),
    Stage.WON: Words("成交", "won"),
    Stage.LOST: Words("战败", "lost"),
    Stage.INVALID: Words("无效", "invalid"),
}
_GRADES: Mapping[str, Words] = {
    Grade.H: Words("H 级：7 天内", "H: within 7 days"),
    Grade.A: Words("A 级：15 天内", "A: within 15 days"),
    Grade.B: Words("B 级：30 天内", "B: within 30 days"),
    Grade.C: Words("C 级：90 天内", "C: within 90 days"),
    Grade.N: Words("N 级：暂无计划", "N: no plan yet"),
}
_LAMPS: Mapping[str, Words] = {
    Lamp.GREEN: Words("绿", "green"),
    Lamp.AMBER: Words("黄", "amber"),
    Lamp.RED: Words("红", "red"),
    Lamp.GREY: Words("灰：暂缓", "grey: on hold"),
}
_BADGES: Mapping[str, Words] = {
    Badge.DUPLICATE: Words("重", "came in again"),
    Badge.CLAIMED: Words("抢", "claimed"),
    Badge.REACTIVATED: Words("激", "reactivated"),
}
_TASK_STATUSES: Mapping[str, Words] = {
    TaskStatus.OPEN: Words("待办", "open"),
    TaskStatus.DONE: Words("已办", "done"),
    TaskStatus.HANDED_OVER: Words("已转交", "handed over"),
    TaskStatus.REASSIGNED: Words("已改派", "reassigned"),
    TaskStatus.WITHDRAWN: Words("已撤回", "withdrawn"),
}
_VERDICTS: Mapping[str, Words] = {
    Verdict.CREATED: Words("新线索", "a new lead"),
    Verdict.DUPLICATE: Words("重复", "a duplicate"),
    Verdict.REJECTED: Words("未接收", "rejected"),
}
_WAYS: Mapping[str, Words] = {
    ContactWay.PHONE: Words("电话", "phone"),
    ContactWay.MAIL: Words("邮件", "mail"),
    ContactWay.SMS: Words("短信", "SMS"),
    ContactWay.VISIT: Words("到店", "visit"),
    ContactWay.TEST_DRIVE: Words("试驾", "test drive"),
    ContactWay.WECHAT: Words("微信", "WeChat"),
}
_PAYMENTS: Mapping[str, Words] = {
    Payment.DEPOSIT: Words("订金", "deposit"),
    Payment.FULL: Words("全款", "in full"),
    Payment.LATER: Words("约定日购车", "at an agreed day"),
}
_GENDERS: Mapping[str, Words] = {Gender.MALE: Words("男", "male"), Gender.FEMALE: Words("女", "female")}
_RUNGS: Mapping[str, Words] = {
    Rung.REMIND: Words("提醒", "reminder"),
    Rung.TELL_MANAGER: Words("通知主管", "the manager is told"),
    Rung.HAND_OVER: Words("转交", "hand-over"),
    Rung.BACK_TO_HQ: Words("退回总部", "back to head office"),
    Rung.ASK_HQ: Words("请总部定夺", "head office decides"),
}
_LEAVING: Mapping[str, Words] = {
    Leaving.LEFT: Words("离职", "has left"),
    Leaving.ABSENT: Words("休假", "is away"),
    Leaving.DEALER_LEFT: Words("经销商退出", "the dealer has left"),
    Leaving.DEALER_CLOSED: Words("经销商停业", "the dealer is closed"),
}
_STATED: Mapping[str, Words] = {
    Statement.FOLLOW_UP: Words("跟进", "follow-up"),
    Statement.INVITE: Words("邀约", "invitation"),
    Statement.VISIT: Words("到店", "visit"),
    Statement.TEST_DRIVE: Words("试驾", "test drive"),
    Statement.WIN: Words("报成交", "win"),
    Statement.LOSE: Words("报战败", "loss"),
    Statement.INVALIDATE: Words("报无效", "no lead"),
    Statement.COOL: Words("转培育", "wants to wait"),
    Statement.CONFIRM: Words("审核", "confirmation"),
    Statement.FIRM_UP: Words("临近购车确认", "confirmation of an agreed purchase"),
    Statement.CALL_RESULT: Words("外呼结果", "outbound call"),
    Statement.INTENT: Words("意向复核", "intent check"),
    Statement.RECALL_RESULT: Words("回访结果", "recall"),
    Statement.HQ_DECISION: Words("总部定夺", "head office's decision"),
    Statement.REASSIGN: Words("改派", "reassignment"),
    Statement.CLAIM: Words("抢线索", "claim"),
    Statement.REACTIVATE: Words("重新激活", "reactivation"),
    Statement.REGRADE: Words("改级", "new grade"),
    Statement.CANCEL_ORDER: Words("报退订", "order cancelled"),
    Statement.WRONG_WIN: Words("报登记错误", "recorded by mistake"),
}

LABELS: Final[Mapping[type[StrEnum], Mapping[str, Words]]] = {
    Stage: catalogue("stages", _STAGES),
    Grade: catalogue("grades", _GRADES),
    Lamp: catalogue("lamps", _LAMPS),
    Badge: catalogue("badges", _BADGES),
    TaskStatus: catalogue("task_statuses", _TASK_STATUSES),
    Verdict: catalogue("verdicts", _VERDICTS),
    ContactWay: catalogue("contact_ways", _WAYS),
    Payment: catalogue("payments", _PAYMENTS),
    Gender: catalogue("genders", _GENDERS),
    Rung: catalogue("rungs", _RUNGS),
    Leaving: catalogue("leaving", _LEAVING),
    Statement: catalogue("stated", _STATED),
}
"""By the set that the codes are of."""
